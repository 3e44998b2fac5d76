//! The signing history: rows that are only ever added.

use super::Write;
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, uuid};
use contract::audit::AuditAction;
use contract::signing::SigningEventKind;
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

/// Adds a line.
pub(crate) async fn note(
    write: &mut Write,
    id: Uuid,
    at: Timestamp,
    what: SigningEventKind,
    actor: &str,
    provider_transaction: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO signing_event (id, signing_id, at, what, actor, provider_transaction) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(id.to_string())
    .bind(at.0)
    .bind(as_word(&what)?)
    .bind(actor)
    .bind(provider_transaction)
    .execute(&mut **write)
    .await?;
    if what == SigningEventKind::Completed {
        crate::hook::signing(write, id, at).await?;
    }
    let owner = if actor.is_empty() {
        None
    } else {
        let row = sqlx::query("SELECT account_id FROM signing WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(&mut **write)
            .await?;
        Some(uuid(&row.try_get::<String, _>("account_id")?)?)
    };
    let record = NewRecord {
        at,
        actor: owner,
        action: AuditAction::Signing,
        dossier: None,
        subject: Some(id),
        detail: &as_word(&what)?,
    };
    append(write, &record).await
}

impl Database {
    /// Adds a line to the history without a change of state (a received file).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_signing(
        &self,
        id: Uuid,
        what: SigningEventKind,
        actor: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        note(&mut write, id, now, what, actor, None).await?;
        Ok(write.commit().await?)
    }

    /// The same for what is told once however often it is seen (a late signature, a request taken back); true when it is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_signing_once(
        &self,
        id: Uuid,
        what: SigningEventKind,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        // One after the other, so that two who see it at once write it once.
        sqlx::query("UPDATE signing SET version = version WHERE id = $1")
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        let there = sqlx::query("SELECT id FROM signing_event WHERE signing_id = $1 AND what = $2")
            .bind(id.to_string())
            .bind(as_word(&what)?)
            .fetch_optional(&mut *write)
            .await?;
        if there.is_some() {
            return Ok(false);
        }
        note(&mut write, id, now, what, "", None).await?;
        write.commit().await?;
        Ok(true)
    }
}
