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
    let head = sqlx::query(
        "UPDATE audit_head SET number = number + 1 WHERE id = 1 RETURNING number, hash",
    )
    .fetch_one(&mut **write)
    .await?;
    let (actor, dossier, subject) = (text(new.actor), text(new.dossier), text(new.subject));
    let action = as_word(&new.action)?;
    let fields = Fields {
        number: head.try_get("number")?,
        at: new.at.0,
        actor: &actor,
        action: &action,
        dossier: &dossier,
        subject: &subject,
        detail: new.detail,
    };
    let hash = fields.hash(&head.try_get::<String, _>("hash")?)?;
    sqlx::query(
        "INSERT INTO audit (number, at, actor, action, dossier, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(fields.number)
    .bind(fields.at)
    .bind(fields.actor)
    .bind(fields.action)
    .bind(fields.dossier)
    .bind(fields.subject)
    .bind(fields.detail)
    .bind(&hash)
    .execute(&mut **write)
    .await?;
    sqlx::query("UPDATE audit_head SET hash = $1 WHERE id = 1")
        .bind(&hash)
        .execute(&mut **write)
        .await?;
    Ok(())
}

impl Database {
    /// Adds a record about something that changes nothing else: looking, searching, fetching.
    ///
    /// # Errors
    /// When the database fails: then what was asked for is not shown.
    pub async fn journal(&self, new: &NewRecord<'_>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        append(&mut write, new).await?;
        Ok(write.commit().await?)
    }
}
