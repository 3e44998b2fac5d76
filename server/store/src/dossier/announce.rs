//! A dossier before it has a code: what it says and which files arrived. Those that are announced in the same moment are written together
//! (see [`crate::together`]).

use super::{NewDossier, StoredAttachment, attachment};
use crate::database::{Database, StoreError, as_word, uuid};
use crate::rows::{self, Cell, Dialect};
use contract::dossier::DossierManifest;
use contract::signing::SigningEventKind;
use contract::supplement::{SupplementAnswer, SupplementState};
use contract::value::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most dossiers a person may have announced and not submitted.
pub(super) const ANNOUNCED_MAX: i64 = 100;

/// One that is announced once more and says the same is not written again, if it was written within so many milliseconds: the page
/// announces before every try to submit. Its time to be submitted is counted in days.
const FRESH_MS: i64 = 3_600_000;

/// What a row says, in the order of [`INSERT`].
const COLUMNS: usize = 14;

/// A row as it is announced.
const INSERT: &str = "INSERT INTO dossier (id, account_id, manifest, definition, applicant, procedure, procedure_name, agency, search, fee_total,
     signed_files, files, announced_at, version)";

/// Announced anew. A definition is long and mostly the same: one that did not change is not written again.
const ANEW: &str = "ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest,
     definition = CASE WHEN dossier.definition = excluded.definition THEN dossier.definition ELSE excluded.definition END,
     applicant = excluded.applicant, procedure = excluded.procedure, procedure_name = excluded.procedure_name, agency = excluded.agency,
     search = excluded.search, fee_total = excluded.fee_total, signed_files = excluded.signed_files, files = excluded.files,
     announced_at = excluded.announced_at
     WHERE dossier.account_id = excluded.account_id AND dossier.code IS NULL";

/// A dossier that is announced, and when.
pub(crate) type Announcing = (NewDossier, Timestamp);

/// What arrived of it already, or why it is refused.
type Announced = Result<Vec<StoredAttachment>, StoreError>;

/// What it says, and the procedure, as they are kept.
fn texts(new: &NewDossier) -> Result<[String; 2], StoreError> {
    Ok([
        serde_json::to_string(&new.manifest)?,
        serde_json::to_string(&new.definition)?,
    ])
}

fn row((new, now): &Announcing, [says, procedure]: [String; 2]) -> [Cell; COLUMNS] {
    let (manifest, summary) = (&new.manifest, &new.definition.summary);
    let signed = manifest
        .attachments
        .iter()
        .filter(|file| !file.signings.is_empty())
        .count();
    [
        new.id.into(),
        new.account.into(),
        says.into(),
        procedure.into(),
        manifest.form.applicant.name.as_str().into(),
        summary.code.as_str().into(),
        summary.name.as_str().into(),
        summary.agency.as_str().into(),
        "".into(),
        new.fee_total.0.into(),
        i64::try_from(signed).unwrap_or(0).into(),
        i64::try_from(manifest.attachments.len())
            .unwrap_or(0)
            .into(),
        now.0.into(),
        1.into(),
    ]
}

/// Announces several in one transaction.
async fn announce_all(
    database: Database,
    all: Vec<Announcing>,
) -> Result<Vec<Announced>, StoreError> {
    if let [one] = all.as_slice()
        && !database.is_sqlite()
        && announce_new(&database, one).await?
    {
        return Ok(vec![Ok(Vec::new())]);
    }
    let mut write = database.write().await?;
    let mut done: BTreeMap<usize, Announced> = BTreeMap::new();
    let mut left: Vec<usize> = (0..all.len()).collect();
    while !left.is_empty() {
        // By their names: two instances that write the same ones take them in one order. One that is announced twice in the same moment
        // is written behind itself.
        let mut turn: BTreeMap<Uuid, (usize, &Announcing)> = BTreeMap::new();
        left.retain(|place| match all.get(*place) {
            Some(one) if !turn.contains_key(&one.0.id) => {
                turn.insert(one.0.id, (*place, one));
                false
            }
            Some(_) => true,
            None => false,
        });
        let jobs: Vec<&Announcing> = turn.values().map(|(_, one)| *one).collect();
        let answers = announce_each(&mut write, &jobs).await?;
        let places = turn.values().map(|(place, _)| *place);
        done.extend(places.zip(answers));
    }
    write.commit().await?;
    Ok(done.into_values().collect())
}

/// One that is new has nothing to be forgotten, and most are: one statement, which is its own transaction. Whether it was new.
async fn announce_new(database: &Database, one: &Announcing) -> Result<bool, StoreError> {
    let few = format!(
        "(SELECT COUNT(*) FROM dossier AS other WHERE other.account_id = given.column2 AND other.submitted_at IS NULL) < {ANNOUNCED_MAX}"
    );
    let rows = [row(one, texts(&one.0)?)];
    let given = Dialect::spoken(database).rows(&rows);
    let text = format!(
        "{INSERT} SELECT * FROM ({given}) AS given WHERE {few} ON CONFLICT (id) DO NOTHING"
    );
    let done = rows::query(text, &rows)?.execute(&database.pool).await?;
    Ok(done.rows_affected() == 1)
}

/// Announces dossiers of different names; the answers in their order.
async fn announce_each(
    write: &mut Transaction<'static, Any>,
    jobs: &[&Announcing],
) -> Result<Vec<Announced>, StoreError> {
    let stored = stored(write, jobs).await?;
    let fresh = jobs.iter().filter(|(new, _)| !stored.contains_key(&new.id));
    let mut open = open(write, &fresh.map(|(new, _)| new.account).collect()).await?;
    let mut refused: BTreeMap<Uuid, StoreError> = BTreeMap::new();
    let (mut cells, mut same) = (Vec::with_capacity(jobs.len()), BTreeSet::new());
    for job in jobs {
        let new = &job.0;
        let (account, texts) = (new.account.to_string(), texts(new)?);
        let wrong = match stored.get(&new.id) {
            Some(before) if before.owner != account => Some(StoreError::NotFound),
            Some(before) if before.has_code => Some(StoreError::Conflict),
            Some(before) => {
                if before.is(job, &texts) {
                    same.insert(new.id);
                }
                None
            }
            None => {
                let number = open.entry(account).or_default();
                *number += 1;
                (*number > ANNOUNCED_MAX).then_some(StoreError::TooMany)
            }
        };
        match wrong {
            Some(wrong) => {
                refused.insert(new.id, wrong);
            }
            None if same.contains(&new.id) => {}
            None => cells.push(row(job, texts)),
        }
    }
    let mut written = upsert(write, &cells).await?;
    written.append(&mut same);
    let mut kept = kept(write, jobs, &stored, &written).await?;
    let answer = |(new, _): &&Announcing| match refused.remove(&new.id) {
        Some(wrong) => Err(wrong),
        // Asked once more by the statement itself: on PostgreSQL it may have been submitted since.
        None if !written.contains(&new.id) => Err(StoreError::Conflict),
        None => Ok(kept.remove(&new.id).unwrap_or_default()),
    };
    Ok(jobs.iter().map(answer).collect())
}

/// One that is there.
struct Stored {
    owner: String,
    has_code: bool,
    manifest: String,
    definition: String,
    fee_total: i64,
    announced_at: Option<i64>,
}

impl Stored {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            owner: row.try_get("account_id")?,
            has_code: row.try_get::<Option<String>, _>("code")?.is_some(),
            manifest: row.try_get("manifest")?,
            definition: row.try_get("definition")?,
            fee_total: row.try_get("fee_total")?,
            announced_at: row.try_get("announced_at")?,
        })
    }

    /// Whether it says what is announced, and was written lately.
    fn is(&self, (new, now): &Announcing, [says, procedure]: &[String; 2]) -> bool {
        let is_fresh = self
            .announced_at
            .is_some_and(|at| (at..at.saturating_add(FRESH_MS)).contains(&now.0));
        is_fresh
            && self.fee_total == new.fee_total.0
            && self.manifest == *says
            && self.definition == *procedure
    }
}

/// Those that are there.
async fn stored(
    write: &mut Transaction<'static, Any>,
    jobs: &[&Announcing],
) -> Result<BTreeMap<Uuid, Stored>, StoreError> {
    let ids = rows::names(jobs.iter().map(|(new, _)| new.id))?;
    let among = Dialect::of(write).among(1);
    let text = format!(
        "SELECT id, account_id, code, manifest, definition, fee_total, announced_at FROM dossier WHERE id {among}"
    );
    let mut stored = BTreeMap::new();
    for row in rows::about(text, &ids).fetch_all(&mut **write).await? {
        let id = uuid(&row.try_get::<String, _>("id")?)?;
        stored.insert(id, Stored::of(&row)?);
    }
    Ok(stored)
}

/// How many each has announced and not submitted.
async fn open(
    write: &mut Transaction<'static, Any>,
    accounts: &BTreeSet<Uuid>,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut open = BTreeMap::new();
    if accounts.is_empty() {
        return Ok(open);
    }
    let among = Dialect::of(write).among(1);
    let text = format!(
        "SELECT account_id, COUNT(*) AS number FROM dossier WHERE account_id {among} AND submitted_at IS NULL GROUP BY account_id"
    );
    let accounts = rows::names(accounts)?;
    for row in rows::about(text, &accounts).fetch_all(&mut **write).await? {
        open.insert(row.try_get("account_id")?, row.try_get("number")?);
    }
    Ok(open)
}

/// Writes the rows; the names of those that were.
async fn upsert(
    write: &mut Transaction<'static, Any>,
    cells: &[[Cell; COLUMNS]],
) -> Result<BTreeSet<Uuid>, StoreError> {
    let mut written = BTreeSet::new();
    if cells.is_empty() {
        return Ok(written);
    }
    let given = Dialect::of(write).rows(cells);
    let text = format!("{INSERT} {given} {ANEW} RETURNING id");
    for row in rows::query(text, cells)?.fetch_all(&mut **write).await? {
        written.insert(uuid(&row.try_get::<String, _>("id")?)?);
    }
    Ok(written)
}

/// What arrived of those that were there before; what is not announced any more as it arrived is forgotten.
async fn kept(
    write: &mut Transaction<'static, Any>,
    jobs: &[&Announcing],
    stored: &BTreeMap<Uuid, Stored>,
    written: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, Vec<StoredAttachment>>, StoreError> {
    let mut kept: BTreeMap<Uuid, Vec<StoredAttachment>> = BTreeMap::new();
    let before = |id: &Uuid| stored.contains_key(id) && written.contains(id);
    let again: Vec<&NewDossier> = jobs
        .iter()
        .map(|(new, _)| new)
        .filter(|new| before(&new.id))
        .collect();
    if again.is_empty() {
        return Ok(kept);
    }
    let among = Dialect::of(write).among(1);
    let text = format!("SELECT * FROM attachment WHERE dossier_id {among}");
    let ids = rows::names(again.iter().map(|new| new.id))?;
    for row in rows::about(text, &ids).fetch_all(&mut **write).await? {
        let dossier = uuid(&row.try_get::<String, _>("dossier_id")?)?;
        let arrived = attachment(&row)?;
        let announced = again.iter().find(|new| new.id == dossier);
        if announced.is_some_and(|new| new.manifest.attachments.iter().any(|new| arrived.is(new))) {
            kept.entry(dossier).or_default().push(arrived);
        } else {
            sqlx::query("DELETE FROM attachment WHERE dossier_id = $1 AND id = $2")
                .bind(dossier.to_string())
                .bind(arrived.id.to_string())
                .execute(&mut **write)
                .await?;
        }
    }
    Ok(kept)
}

impl Database {
    /// Announces a dossier, or announces it anew while it has no code; attachments that are no longer announced as they arrived are forgotten.
    /// From now on it has its time to be submitted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was submitted already, [`StoreError::NotFound`] when it is somebody else's,
    /// [`StoreError::TooMany`] when the person announced many and submitted none of them.
    pub async fn announce_dossier(
        &self,
        new: &NewDossier,
        now: Timestamp,
    ) -> Result<Vec<StoredAttachment>, StoreError> {
        self.announcing
            .add(self, (new.clone(), now), announce_all)
            .await
    }

    /// Notes a file that arrived and was accepted, if it still is the one that is awaited: while it was validated another may have been
    /// announced in its place, and the dossier submitted with that one. In the same step the history of its signings says that it
    /// was received.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is not awaited any more, [`StoreError::NotFound`].
    pub async fn add_attachment(
        &self,
        dossier: Uuid,
        arrived: &StoredAttachment,
        signings: &[Uuid],
        (actor, at): (&str, Timestamp),
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        // The row is taken first: neither an announcement nor the submission comes between.
        let row =
            sqlx::query("UPDATE dossier SET files = files WHERE id = $1 RETURNING code, manifest")
                .bind(dossier.to_string())
                .fetch_optional(&mut *write)
                .await?
                .ok_or(StoreError::NotFound)?;
        let awaited = if row.try_get::<Option<String>, _>("code")?.is_none() {
            let manifest: DossierManifest =
                serde_json::from_str(&row.try_get::<String, _>("manifest")?)?;
            manifest.attachments
        } else {
            sqlx::query("SELECT answer FROM supplement WHERE dossier_id = $1 AND state = $2 AND answer IS NOT NULL")
                .bind(dossier.to_string())
                .bind(as_word(&SupplementState::Open)?)
                .fetch_optional(&mut *write)
                .await?
                .map(|row| serde_json::from_str::<SupplementAnswer>(&row.try_get::<String, _>("answer")?).map_err(StoreError::from))
                .transpose()?
                .map_or_else(Vec::new, |answer| answer.attachments)
        };
        if !awaited.iter().any(|file| arrived.is(file)) {
            return Err(StoreError::Conflict);
        }
        sqlx::query(
            "INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (dossier_id, id) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, verdict = excluded.verdict",
        )
        .bind(dossier.to_string())
        .bind(arrived.id.to_string())
        .bind(arrived.sha256.to_string())
        .bind(i64::try_from(arrived.size).unwrap_or(i64::MAX))
        .bind(as_word(&arrived.verdict)?)
        .execute(&mut *write)
        .await?;
        for signing in signings {
            let received = SigningEventKind::Received;
            crate::signing::history::note(&mut write, *signing, at, received, actor, None).await?;
        }
        Ok(write.commit().await?)
    }
}

#[cfg(test)]
mod tests;
