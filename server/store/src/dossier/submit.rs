//! Submission: the code and the first status. Those who submit in the same moment are written together (see [`crate::together`]).

use super::{Submission, add_events, attachment, summary};
use crate::audit::{NewRecord, append_all};
use crate::database::{Database, StoreError, uuid};
use crate::inbox::{Entering, enter_all};
use crate::payment::NewPayment;
use crate::rows::{self, Cell, Dialect};
use contract::audit::AuditAction;
use contract::dossier::{DossierEvent, DossierManifest, DossierStatus, DossierSummary, FeePayment};
use contract::message::{Author, Message};
use contract::notice::NoticeAbout;
use contract::procedure::Procedure;
use contract::value::{Dong, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A dossier that was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its line.
    pub line: DossierSummary,
    /// Who receives it.
    pub agency: String,
    /// Sum of the fees.
    pub fee_total: Dong,
    /// How they are paid, as announced.
    pub payment: FeePayment,
}

/// Somebody who submits.
#[derive(Debug, Clone)]
pub(crate) struct Submitting {
    owner: Uuid,
    id: Uuid,
    unit: String,
    day: String,
    actor: String,
    now: Timestamp,
}

/// A dossier as it was announced, with all its files.
struct Announced {
    text: String,
    at: Option<i64>,
    manifest: DossierManifest,
    definition: Procedure,
}

/// What is found out of a dossier before anything is written.
enum Standing {
    Complete(Box<Announced>),
    Done(Box<Submitted>),
    Incomplete,
    Missing,
}

impl Database {
    /// Gives a complete dossier its code and its first status, and opens its bill; asking again gives the same line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] when files it was announced with are not here.
    pub async fn submit_dossier(
        &self,
        owner: Uuid,
        id: Uuid,
        submission: &Submission<'_>,
    ) -> Result<Submitted, StoreError> {
        let job = Submitting {
            owner,
            id,
            unit: submission.unit.to_owned(),
            day: submission.day.to_owned(),
            actor: submission.actor.to_owned(),
            now: submission.now,
        };
        self.submitting.add(self, job, submit_all).await
    }
}

/// Submits all that can be; tried again when one was announced anew meanwhile.
async fn submit_all(
    database: Database,
    jobs: Vec<Submitting>,
) -> Result<Vec<Result<Submitted, StoreError>>, StoreError> {
    for _ in 0..3 {
        let mut write = database.write().await?;
        let done = write_all(&mut write, &jobs).await?;
        if let Some(done) = done {
            write.commit().await?;
            return Ok(done);
        }
        write.rollback().await?;
    }
    Err(StoreError::Conflict)
}

/// None when one of them is not any more as it was read: then nothing counts.
async fn write_all(
    write: &mut Transaction<'static, Any>,
    jobs: &[Submitting],
) -> Result<Option<Vec<Result<Submitted, StoreError>>>, StoreError> {
    let standing = look(write, jobs).await?;
    let mut complete: Vec<(&Submitting, &Announced)> = Vec::new();
    for (job, standing) in jobs.iter().zip(&standing) {
        // Pressed twice: the second press is answered with the first one's line.
        let is_first = complete.iter().all(|(other, _)| other.id != job.id);
        if let (Standing::Complete(announced), true) = (standing, is_first) {
            complete.push((job, announced));
        }
    }
    begin(write, &complete).await?;
    let rows = take(write, &complete).await?;
    let Some(lines) = rows_of(&complete, &rows)? else {
        return Ok(None);
    };
    tell(write, &complete, &lines).await?;
    let find = |id| lines.iter().find(|(line, _)| line.line.id == id);
    let answer = |(job, standing): (&Submitting, Standing)| match standing {
        Standing::Complete(_) => find(job.id)
            .map(|(line, _)| line.clone())
            .ok_or(StoreError::NotFound),
        Standing::Done(line) => Ok(*line),
        Standing::Incomplete => Err(StoreError::Conflict),
        Standing::Missing => Err(StoreError::NotFound),
    };
    Ok(Some(jobs.iter().zip(standing).map(answer).collect()))
}

/// How each of them stands.
async fn look(
    write: &mut Transaction<'static, Any>,
    jobs: &[Submitting],
) -> Result<Vec<Standing>, StoreError> {
    let ids: BTreeSet<Uuid> = jobs.iter().map(|job| job.id).collect();
    let (ids, among) = (rows::names(ids)?, Dialect::of(write).among(1));
    let dossiers = format!("SELECT * FROM dossier WHERE id {among}");
    let found = rows::about(dossiers, &ids).fetch_all(&mut **write).await?;
    let files = format!("SELECT * FROM attachment WHERE dossier_id {among}");
    let mut arrived = Vec::new();
    for row in rows::about(files, &ids).fetch_all(&mut **write).await? {
        arrived.push((row.try_get::<String, _>("dossier_id")?, attachment(&row)?));
    }
    let mut by_id: BTreeMap<Uuid, &AnyRow> = BTreeMap::new();
    for row in &found {
        by_id.insert(uuid(&row.try_get::<String, _>("id")?)?, row);
    }
    jobs.iter()
        .map(|job| {
            let Some(row) = by_id.get(&job.id) else {
                return Ok(Standing::Missing);
            };
            if row.try_get::<String, _>("account_id")? != job.owner.to_string() {
                return Ok(Standing::Missing);
            }
            if let Some(line) = submitted(row)? {
                return Ok(Standing::Done(Box::new(line)));
            }
            let text: String = row.try_get("manifest")?;
            let manifest: DossierManifest = serde_json::from_str(&text)?;
            let id = job.id.to_string();
            let is_here = |file| arrived.iter().any(|(of, one)| *of == id && one.is(file));
            if !manifest.attachments.iter().all(is_here) {
                return Ok(Standing::Incomplete);
            }
            Ok(Standing::Complete(Box::new(Announced {
                text,
                at: row.try_get("announced_at")?,
                manifest,
                definition: serde_json::from_str(&row.try_get::<String, _>("definition")?)?,
            })))
        })
        .collect()
}

/// What is told of a row that has a code.
fn submitted(row: &AnyRow) -> Result<Option<Submitted>, StoreError> {
    let Some(line) = summary(row)? else {
        return Ok(None);
    };
    let manifest: DossierManifest = serde_json::from_str(&row.try_get::<String, _>("manifest")?)?;
    Ok(Some(Submitted {
        line,
        agency: row.try_get("agency")?,
        fee_total: Dong(row.try_get("fee_total")?),
        payment: manifest.payment,
    }))
}

/// Event, thread and bill: what does not name the code is written before the counters are taken, for which others wait until the commit.
async fn begin(
    write: &mut Transaction<'static, Any>,
    complete: &[(&Submitting, &Announced)],
) -> Result<(), StoreError> {
    if complete.is_empty() {
        return Ok(());
    }
    let events: Vec<DossierEvent> = complete
        .iter()
        .map(|(job, _)| DossierEvent {
            at: job.now,
            actor: job.actor.clone(),
            status: DossierStatus::New,
            note: String::new(),
        })
        .collect();
    let ids = complete.iter().map(|(job, _)| job.id);
    let of_each: Vec<_> = ids.clone().zip(&events).collect();
    add_events(write, &of_each).await?;
    let messages: Vec<Message> = events.iter().map(in_thread).collect();
    let of_each: Vec<_> = ids.zip(&messages).collect();
    crate::message::add_all(write, &of_each).await?;
    // In one order: two instances at which the same dossiers are submitted wait for each other here.
    let mut sorted = complete.to_vec();
    sorted.sort_by_key(|(job, _)| job.id);
    let bills: Vec<NewPayment> = sorted
        .iter()
        .map(|(job, known)| NewPayment::of(job.id, &known.manifest, &known.definition, job.now))
        .collect();
    crate::payment::open_all(write, &bills).await
}

/// Gives codes; the rows as they are then. Some are missing when somebody else was faster.
async fn take(
    write: &mut Transaction<'static, Any>,
    complete: &[(&Submitting, &Announced)],
) -> Result<Vec<AnyRow>, StoreError> {
    let mut days: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (job, _) in complete {
        *days.entry((&job.unit, &job.day)).or_default() += 1;
    }
    // The counters first, in one order: they are the rows that two instances wait for.
    for ((unit, day), count) in &mut days {
        let last: i64 = sqlx::query(
            "INSERT INTO code_counter (unit, day, last) VALUES ($1, $2, $3)
             ON CONFLICT (unit, day) DO UPDATE SET last = code_counter.last + excluded.last RETURNING last",
        )
        .bind(*unit)
        .bind(*day)
        .bind(*count)
        .fetch_one(&mut **write)
        .await?
        .try_get("last")?;
        // The last number that was given before.
        *count = last - *count;
    }
    let mut cells: Vec<[Cell; 4]> = Vec::with_capacity(complete.len());
    for (job, _) in complete {
        let number = days
            .get_mut(&(job.unit.as_str(), job.day.as_str()))
            .ok_or(StoreError::Malformed("counter"))?;
        *number += 1;
        cells.push([
            job.id.into(),
            job.owner.into(),
            format!("{}-{}-{number:04}", job.unit, job.day).into(),
            job.now.0.into(),
        ]);
    }
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    // The names once more: PostgreSQL does not know how many rows are given, and would look through all dossiers for some hundred.
    let among = Dialect::of(write).among(2);
    let text = format!(
        "UPDATE dossier SET code = given.column3, status = 'new', submitted_at = given.column4, version = version + 1
         FROM ({}) AS given
         WHERE dossier.id {among} AND dossier.id = given.column1 AND dossier.account_id = given.column2 AND dossier.code IS NULL
         RETURNING id, code, procedure, procedure_name, applicant, status, submitted_at, due_at, files, signed_files, agency, fee_total, manifest,
             channel, assignee, announced_at",
        Dialect::of(write).rows(&cells)
    );
    let ids = rows::names(complete.iter().map(|(job, _)| job.id))?;
    let taken = rows::query(text, &cells)?.bind(ids);
    Ok(taken.fetch_all(&mut **write).await?)
}

/// What was written, in the order of who asked; none when one is missing or was announced anew after it was read.
fn rows_of(
    complete: &[(&Submitting, &Announced)],
    rows: &[AnyRow],
) -> Result<Option<Vec<(Submitted, Entering)>>, StoreError> {
    let mut by_id: BTreeMap<String, &AnyRow> = BTreeMap::new();
    for row in rows {
        by_id.insert(row.try_get("id")?, row);
    }
    let mut lines = Vec::with_capacity(complete.len());
    for (job, announced) in complete {
        let Some(row) = by_id.get(&job.id.to_string()) else {
            return Ok(None);
        };
        // By its time too: the same words may have been announced for another edition of the procedure, with other fees.
        let is_as_read = row.try_get::<String, _>("manifest")? == announced.text
            && row.try_get::<Option<i64>, _>("announced_at")? == announced.at;
        if !is_as_read {
            return Ok(None);
        }
        let line = submitted(row)?.ok_or(StoreError::Malformed("code"))?;
        lines.push((line, Entering::of(row, &announced.manifest)?));
    }
    Ok(Some(lines))
}

/// Inbox, other systems, notice and, last, the journal.
async fn tell(
    write: &mut Transaction<'static, Any>,
    complete: &[(&Submitting, &Announced)],
    lines: &[(Submitted, Entering)],
) -> Result<(), StoreError> {
    if complete.is_empty() {
        return Ok(());
    }
    let entering: Vec<&Entering> = lines.iter().map(|(_, entering)| entering).collect();
    enter_all(write, &entering).await?;
    let changed: Vec<_> = lines
        .iter()
        .zip(complete)
        .map(|((done, _), (job, _))| {
            let line = &done.line;
            (
                job.id,
                Some(line.code.as_str()),
                line.procedure.as_str(),
                job.now,
            )
        })
        .collect();
    crate::hook::dossiers(write, DossierStatus::New, &changed).await?;
    let abouts: Vec<NoticeAbout> = lines
        .iter()
        .map(|(done, _)| NoticeAbout::Status {
            dossier: done.line.id,
            code: done.line.code.clone(),
            procedure_name: done.line.procedure_name.clone(),
            status: DossierStatus::New,
        })
        .collect();
    let notices: Vec<_> = complete
        .iter()
        .zip(&abouts)
        .map(|((job, _), about)| (job.owner, job.now, about))
        .collect();
    crate::notice::notify_all(write, &notices).await?;
    let records: Vec<NewRecord<'_>> = complete
        .iter()
        .map(|(job, _)| NewRecord {
            dossier: Some(job.id),
            ..NewRecord::of(job.now, job.owner, AuditAction::DossierSubmitted)
        })
        .collect();
    append_all(write, &records).await
}

/// An event as it stands in the thread.
pub(super) fn in_thread(event: &DossierEvent) -> Message {
    Message {
        id: Uuid::now_v7(),
        at: event.at,
        author: Author::Portal,
        name: event.actor.clone(),
        body: event.note.clone(),
        status: Some(event.status),
    }
}

#[cfg(test)]
mod tests;
