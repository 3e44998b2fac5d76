//! A dossier before it has a code: what it says and which files arrived.

use super::{NewDossier, StoredAttachment, attachment};
use crate::database::{Database, StoreError, as_word, one};
use crate::rows::Query;
use contract::dossier::DossierManifest;
use contract::signing::SigningEventKind;
use contract::supplement::{SupplementAnswer, SupplementState};
use contract::value::Timestamp;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// Most dossiers a person may have announced and not submitted.
pub(super) const ANNOUNCED_MAX: i64 = 100;

/// A row as it is announced; what has to hold for it stands behind it.
const INSERT: &str = "INSERT INTO dossier (id, account_id, manifest, definition, applicant, procedure, procedure_name, agency, search, fee_total,
     signed_files, files, announced_at, version)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1";

fn row(text: String, new: &NewDossier, now: Timestamp) -> Result<Query, StoreError> {
    let (manifest, summary) = (&new.manifest, &new.definition.summary);
    let signed = manifest
        .attachments
        .iter()
        .filter(|file| !file.signings.is_empty())
        .count();
    Ok(sqlx::query(sqlx::AssertSqlSafe(text))
        .bind(new.id.to_string())
        .bind(new.account.to_string())
        .bind(serde_json::to_string(manifest)?)
        .bind(serde_json::to_string(&new.definition)?)
        .bind(manifest.form.applicant.name.clone())
        .bind(summary.code.clone())
        .bind(summary.name.clone())
        .bind(summary.agency.clone())
        .bind(String::new())
        .bind(new.fee_total.0)
        .bind(i64::try_from(signed).unwrap_or(0))
        .bind(i64::try_from(manifest.attachments.len()).unwrap_or(0))
        .bind(now.0))
}

/// Announces several in one transaction.
async fn announce_all(
    database: Database,
    all: Vec<(NewDossier, Timestamp)>,
) -> Result<Vec<Result<Vec<StoredAttachment>, StoreError>>, StoreError> {
    let mut write = database.write().await?;
    let mut done = Vec::with_capacity(all.len());
    for (new, now) in &all {
        let announced = announce(&mut write, new, *now).await;
        match announced {
            // Found before anything was written.
            Ok(_) | Err(StoreError::NotFound | StoreError::Conflict | StoreError::TooMany) => {
                done.push(announced);
            }
            Err(error) => return Err(error),
        }
    }
    write.commit().await?;
    Ok(done)
}

async fn announce(
    write: &mut Transaction<'static, Any>,
    new: &NewDossier,
    now: Timestamp,
) -> Result<Vec<StoredAttachment>, StoreError> {
    let stored = sqlx::query("SELECT account_id, code FROM dossier WHERE id = $1")
        .bind(new.id.to_string())
        .fetch_optional(&mut **write)
        .await?;
    if let Some(row) = &stored {
        if row.try_get::<String, _>("account_id")? != new.account.to_string() {
            return Err(StoreError::NotFound);
        }
        if row.try_get::<Option<String>, _>("code")?.is_some() {
            return Err(StoreError::Conflict);
        }
    }
    if stored.is_none() {
        let open: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM dossier WHERE account_id = $1 AND submitted_at IS NULL",
        )
        .bind(new.account.to_string())
        .fetch_one(&mut **write)
        .await?
        .try_get("number")?;
        if open >= ANNOUNCED_MAX {
            return Err(StoreError::TooMany);
        }
    }
    // Asked once more by the statement itself: on PostgreSQL it may have been submitted since.
    let upsert = format!(
        "{INSERT} WHERE 1 = 1
         ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest, definition = excluded.definition, applicant = excluded.applicant,
         procedure = excluded.procedure, procedure_name = excluded.procedure_name, agency = excluded.agency, search = excluded.search,
         fee_total = excluded.fee_total, signed_files = excluded.signed_files, files = excluded.files, announced_at = excluded.announced_at
         WHERE dossier.account_id = excluded.account_id AND dossier.code IS NULL"
    );
    let done = row(upsert, new, now)?.execute(&mut **write).await?;
    one(&done, StoreError::Conflict)?;
    let rows = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
        .bind(new.id.to_string())
        .fetch_all(&mut **write)
        .await?;
    let mut kept = Vec::new();
    for row in &rows {
        let arrived = attachment(row)?;
        if new.manifest.attachments.iter().any(|new| arrived.is(new)) {
            kept.push(arrived);
        } else {
            sqlx::query("DELETE FROM attachment WHERE dossier_id = $1 AND id = $2")
                .bind(new.id.to_string())
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
        if self.is_sqlite() {
            // It has one writer: those who come while one writes would wait in turns that grow longer.
            return self
                .announcing
                .add(self, (new.clone(), now), announce_all)
                .await;
        }
        // One that is new has nothing to be forgotten, and most are: one statement, which is its own transaction.
        let few = "(SELECT COUNT(*) FROM dossier AS other WHERE other.account_id = $2 AND other.submitted_at IS NULL) < $14";
        let insert = format!("{INSERT} WHERE {few} ON CONFLICT (id) DO NOTHING");
        let insert = row(insert, new, now)?.bind(ANNOUNCED_MAX);
        if insert.execute(&self.pool).await?.rows_affected() == 1 {
            return Ok(Vec::new());
        }
        let mut write = self.write().await?;
        let kept = announce(&mut write, new, now).await?;
        write.commit().await?;
        Ok(kept)
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
