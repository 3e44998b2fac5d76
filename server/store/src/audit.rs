//! The journal: an append-only chain of records, one for the whole database, safe with any number of instances.
//!
//! A record's hash is SHA-256 over the hash before it, a line feed and the record as a JSON list in a fixed order. Whoever adds one
//! holds the row of the chain's end until its transaction is over; SQLite has one writer anyway. A record is added last in its
//! transaction, so that nobody waits for a lock while holding that row.

mod read;
#[cfg(test)]
mod tests;
mod verify;

pub use read::AuditFilter;
pub use verify::{Broken, Chain};

use crate::database::{Database, StoreError, as_word};
use crate::rows::{self, Cell};
use contract::audit::AuditAction;
use contract::value::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// A record to be added.
#[derive(Debug, Clone)]
pub struct NewRecord<'a> {
    /// When.
    pub at: Timestamp,
    /// Account of who did it; none: the portal itself.
    pub actor: Option<Uuid>,
    /// What.
    pub action: AuditAction,
    /// The dossier it was done to.
    pub dossier: Option<Uuid>,
    /// What else: a file, a signing, a message, an account.
    pub subject: Option<Uuid>,
    /// More, in the portal's own words; never what somebody wrote, never a name.
    pub detail: &'a str,
}

impl NewRecord<'static> {
    /// The plainest record.
    #[must_use]
    pub const fn of(at: Timestamp, actor: Uuid, action: AuditAction) -> Self {
        Self {
            at,
            actor: Some(actor),
            action,
            dossier: None,
            subject: None,
            detail: "",
        }
    }
}

/// A row as it is hashed.
struct Fields<'a> {
    number: i64,
    at: i64,
    actor: &'a str,
    action: &'a str,
    dossier: &'a str,
    subject: &'a str,
    detail: &'a str,
}

impl Fields<'_> {
    fn hash(&self, before: &str) -> Result<String, StoreError> {
        let record = serde_json::to_string(&(
            self.number,
            self.at,
            self.actor,
            self.action,
            self.dossier,
            self.subject,
            self.detail,
        ))?;
        Ok(hex::encode(Sha256::digest(format!("{before}\n{record}"))))
    }
}

fn text(id: Option<Uuid>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// Adds a record to the chain, as the last thing of a transaction.
pub(crate) async fn append(
    write: &mut Transaction<'static, Any>,
    new: &NewRecord<'_>,
) -> Result<(), StoreError> {
    append_all(write, std::slice::from_ref(new)).await
}

/// Adds records in their order.
pub(crate) async fn append_all(
    write: &mut Transaction<'static, Any>,
    all: &[NewRecord<'_>],
) -> Result<(), StoreError> {
    let count = i64::try_from(all.len()).map_err(|_| StoreError::Malformed("count"))?;
    let head = sqlx::query(
        "UPDATE audit_head SET number = number + $1 WHERE id = 1 RETURNING number, hash",
    )
    .bind(count)
    .fetch_one(&mut **write)
    .await?;
    let last: i64 = head.try_get("number")?;
    let mut hash: String = head.try_get("hash")?;
    let mut rows: Vec<[Cell; 8]> = Vec::with_capacity(all.len());
    for (number, new) in (last - count + 1..).zip(all) {
        let (actor, dossier, subject) = (text(new.actor), text(new.dossier), text(new.subject));
        let action = as_word(&new.action)?;
        let fields = Fields {
            number,
            at: new.at.0,
            actor: &actor,
            action: &action,
            dossier: &dossier,
            subject: &subject,
            detail: new.detail,
        };
        hash = fields.hash(&hash)?;
        rows.push([
            number.into(),
            new.at.0.into(),
            actor.into(),
            action.into(),
            dossier.into(),
            subject.into(),
            new.detail.into(),
            hash.clone().into(),
        ]);
    }
    rows::insert(
        write,
        "INSERT INTO audit (number, at, actor, action, dossier, subject, detail, hash)",
        &rows,
        "",
    )
    .await?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE id = 1")
        .bind(&hash)
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// A record that waits to be written with others.
#[derive(Debug, Clone)]
pub(crate) struct Noted {
    record: NewRecord<'static>,
    detail: String,
}

impl Noted {
    fn record(&self) -> NewRecord<'_> {
        NewRecord {
            detail: &self.detail,
            ..self.record.clone()
        }
    }
}

async fn note_all(
    database: Database,
    noted: Vec<Noted>,
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut write = database.write().await?;
    let records: Vec<NewRecord<'_>> = noted.iter().map(Noted::record).collect();
    append_all(&mut write, &records).await?;
    write.commit().await?;
    Ok(noted.iter().map(|_| Ok(())).collect())
}

impl Database {
    /// Adds a record about something that changes nothing else: looking, searching, fetching.
    ///
    /// # Errors
    /// When the database fails: then what was asked for is not shown.
    pub async fn journal(&self, new: &NewRecord<'_>) -> Result<(), StoreError> {
        let noted = Noted {
            record: NewRecord {
                at: new.at,
                actor: new.actor,
                action: new.action,
                dossier: new.dossier,
                subject: new.subject,
                detail: "",
            },
            detail: new.detail.to_owned(),
        };
        self.noting.add(self, noted, note_all).await
    }
}
