//! The inbox's row of a dossier, and its words: made at submission, kept up with every change in the change's own transaction.

use crate::database::{StoreError, as_word, word};
use crate::rows::{self, Cell};
use contract::dossier::{Applicant, DossierManifest, DossierStatus};
use contract::inbox::{Channel, Found, clock_runs};
use contract::life::is_over;
use contract::value::Timestamp;
use sqlx::{Any, Row as _, Transaction};
use std::collections::BTreeSet;
use uuid::Uuid;

type Write = Transaction<'static, Any>;

/// Behind every date: added to the time of submission where no clock runs.
const NO_CLOCK: i64 = 1_000_000_000_000_000;

/// Everything the inbox holds of a dossier; also what loads many dossiers at once writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEntry {
    /// State.
    pub status: DossierStatus,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When the result is due.
    pub due_at: Option<Timestamp>,
    /// Name, words and order of names.
    pub found: Found,
    /// How it came in.
    pub channel: Channel,
}

impl InboxEntry {
    /// 1 when somebody still has to do something.
    #[must_use]
    pub fn on_desk(&self) -> i64 {
        i64::from(!is_over(self.status))
    }

    /// The column the deadline is sorted and counted by.
    #[must_use]
    pub fn due_key(&self) -> i64 {
        due_key(self.status, self.submitted_at, self.due_at)
    }
}

fn due_key(status: DossierStatus, submitted_at: Timestamp, due_at: Option<Timestamp>) -> i64 {
    match due_at {
        Some(due) if clock_runs(status) => due.0,
        _ => NO_CLOCK.saturating_add(submitted_at.0),
    }
}

fn found(applicant: &Applicant, row: &sqlx::any::AnyRow) -> Result<Found, StoreError> {
    let code: String = row.try_get("code")?;
    let procedure: String = row.try_get("procedure")?;
    let name: String = row.try_get("procedure_name")?;
    Ok(Found::of(applicant, &code, (&procedure, &name)))
}

/// A dossier that comes into the inbox.
pub(crate) struct Entering {
    dossier: Uuid,
    agency: String,
    procedure: String,
    procedure_name: String,
    is_signed: bool,
    assignee: Option<String>,
    entry: InboxEntry,
}

impl Entering {
    /// By its row, which has a code.
    pub(crate) fn of(
        row: &sqlx::any::AnyRow,
        manifest: &DossierManifest,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            dossier: crate::database::uuid(&row.try_get::<String, _>("id")?)?,
            agency: row.try_get("agency")?,
            procedure: row.try_get("procedure")?,
            procedure_name: row.try_get("procedure_name")?,
            is_signed: row.try_get::<i64, _>("signed_files")? > 0,
            assignee: row.try_get("assignee")?,
            entry: InboxEntry {
                status: word(row.try_get("status")?)?,
                submitted_at: Timestamp(row.try_get("submitted_at")?),
                due_at: row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp),
                found: found(&manifest.form.applicant, row)?,
                channel: word(row.try_get("channel")?)?,
            },
        })
    }
}

/// Gives a dossier that has a code its row and its words.
pub(crate) async fn enter(write: &mut Write, dossier: Uuid) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT * FROM dossier WHERE id = $1 AND code IS NOT NULL")
        .bind(dossier.to_string())
        .fetch_optional(&mut **write)
        .await?
        .ok_or(StoreError::NotFound)?;
    let manifest: DossierManifest = serde_json::from_str(&row.try_get::<String, _>("manifest")?)?;
    enter_all(write, &[&Entering::of(&row, &manifest)?]).await
}

/// The same of dossiers that have just got their codes.
pub(crate) async fn enter_all(write: &mut Write, all: &[&Entering]) -> Result<(), StoreError> {
    let count = i64::try_from(all.len()).map_err(|_| StoreError::Malformed("count"))?;
    let last: i64 = sqlx::query(
        "UPDATE code_counter SET last = last + $1 WHERE unit = '' AND day = 'inbox' RETURNING last",
    )
    .bind(count)
    .fetch_one(&mut **write)
    .await?
    .try_get("last")?;
    let mut rows: Vec<[Cell; 13]> = Vec::with_capacity(all.len());
    let mut words: Vec<[Cell; 2]> = Vec::new();
    let mut procedures = BTreeSet::new();
    for (number, one) in (last - count + 1..).zip(all) {
        let entry = &one.entry;
        rows.push([
            number.into(),
            one.dossier.into(),
            one.agency.as_str().into(),
            one.procedure.as_str().into(),
            as_word(&entry.status)?.into(),
            entry.on_desk().into(),
            entry.submitted_at.0.into(),
            entry.due_key().into(),
            entry.found.name_key.as_str().into(),
            i64::from(one.is_signed).into(),
            as_word(&entry.channel)?.into(),
            one.assignee.clone().into(),
            entry.found.text.as_str().into(),
        ]);
        words.extend(word_rows(number, &entry.found.index));
        procedures.insert((one.procedure.as_str(), one.procedure_name.as_str()));
    }
    let inserted = rows::insert(
        write,
        "INSERT INTO inbox (number, dossier_id, agency, procedure, status, on_desk, submitted_at, due_key, name_key, signed, channel, assignee, search)",
        &rows,
        "ON CONFLICT (dossier_id) DO NOTHING",
    )
    .await?;
    // Another instance mended it in the same moment.
    if inserted == 0 {
        return Ok(());
    }
    // Nobody had these numbers before: there is nothing they could meet.
    add_words(write, &words, "").await?;
    let names: Vec<[Cell; 2]> = procedures
        .into_iter()
        .map(|(code, name)| [code.into(), name.into()])
        .collect();
    rows::insert(
        write,
        "INSERT INTO inbox_procedure (procedure, name)",
        &names,
        "ON CONFLICT (procedure, name) DO NOTHING",
    )
    .await?;
    Ok(())
}

fn word_rows(number: i64, words: &BTreeSet<String>) -> impl Iterator<Item = [Cell; 2]> {
    words
        .iter()
        .map(move |word| [word.as_str().into(), number.into()])
}

async fn add_words(write: &mut Write, words: &[[Cell; 2]], tail: &str) -> Result<(), StoreError> {
    rows::insert(write, "INSERT INTO inbox_word (word, number)", words, tail).await?;
    Ok(())
}

/// Copies what changes in a dossier's life. Whatever writes `status`, `due_at`, `signed_files` or `assignee` of a dossier calls it behind it;
/// changes of state do through their event.
pub(crate) async fn settle(write: &mut Write, dossier: Uuid) -> Result<(), StoreError> {
    let id = dossier.to_string();
    let row = sqlx::query("SELECT status, submitted_at, due_at, signed_files, assignee FROM dossier WHERE id = $1 AND code IS NOT NULL")
        .bind(&id)
        .fetch_optional(&mut **write)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let status_word: String = row.try_get("status")?;
    let status: DossierStatus = word(status_word.clone())?;
    let submitted_at = Timestamp(row.try_get("submitted_at")?);
    let due_at = row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp);
    sqlx::query("UPDATE inbox SET status = $1, on_desk = $2, due_key = $3, signed = $4, assignee = $5 WHERE dossier_id = $6")
        .bind(status_word)
        .bind(i64::from(!is_over(status)))
        .bind(due_key(status, submitted_at, due_at))
        .bind(i64::from(row.try_get::<i64, _>("signed_files")? > 0))
        .bind(row.try_get::<Option<String>, _>("assignee")?)
        .bind(&id)
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Finds a dossier by other words: the citizen corrected what it says. `before` is what it said.
pub(crate) async fn rename(
    write: &mut Write,
    dossier: Uuid,
    before: &Applicant,
    after: &Applicant,
) -> Result<(), StoreError> {
    let id = dossier.to_string();
    let row = sqlx::query(
        "SELECT dossier.code, dossier.procedure, dossier.procedure_name, inbox.number FROM dossier JOIN inbox ON inbox.dossier_id = dossier.id
         WHERE dossier.id = $1 AND code IS NOT NULL",
    )
    .bind(&id)
    .fetch_optional(&mut **write)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let number: i64 = row.try_get("number")?;
    let (old, new) = (found(before, &row)?, found(after, &row)?);
    for gone in old.index.difference(&new.index) {
        sqlx::query("DELETE FROM inbox_word WHERE word = $1 AND number = $2")
            .bind(gone)
            .bind(number)
            .execute(&mut **write)
            .await?;
    }
    let words: Vec<_> = word_rows(number, &new.index).collect();
    add_words(write, &words, "ON CONFLICT (word, number) DO NOTHING").await?;
    sqlx::query("UPDATE inbox SET search = $1, name_key = $2 WHERE number = $3")
        .bind(&new.text)
        .bind(&new.name_key)
        .bind(number)
        .execute(&mut **write)
        .await?;
    Ok(())
}
