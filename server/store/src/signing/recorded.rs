//! Attempts to sign files, as officers may read them: whatever came of them, with their events.

use super::{StoredSigning, signing};
use crate::database::{Database, StoreError, uuid, word};
use contract::history::{Origin, RecordedEvent};
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

/// Most of a person's signings that are looked through for attempts at some files, newest first.
const LOOKED_THROUGH: i64 = 300;

/// A signing with what it went through.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The transaction.
    pub signing: StoredSigning,
    /// From where it was asked for.
    pub origin: Origin,
    /// What happened, oldest first.
    pub events: Vec<RecordedEvent>,
}

impl Database {
    /// Notes once from which kind of network a signing was asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_origin(&self, id: Uuid, origin: &Origin) -> Result<(), StoreError> {
        sqlx::query("UPDATE signing SET origin = $1 WHERE id = $2 AND origin = ''")
            .bind(serde_json::to_string(origin)?)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Attempts of an account to sign any of these files, and the named ones whatever their files are; oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attempts(
        &self,
        account: Uuid,
        files: &[Uuid],
        named: &[Uuid],
    ) -> Result<Vec<Attempt>, StoreError> {
        let account = account.to_string();
        let mut rows = sqlx::query(
            "SELECT * FROM signing WHERE account_id = $1 ORDER BY started_at DESC LIMIT $2",
        )
        .bind(&account)
        .bind(LOOKED_THROUGH)
        .fetch_all(&self.pool)
        .await?;
        let newest: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("id"))
            .collect::<Result<_, _>>()?;
        for id in named.iter().map(Uuid::to_string) {
            if !newest.contains(&id) {
                let older = sqlx::query("SELECT * FROM signing WHERE id = $1 AND account_id = $2")
                    .bind(id)
                    .bind(&account)
                    .fetch_optional(&self.pool)
                    .await?;
                rows.extend(older);
            }
        }
        let mut attempts = Vec::new();
        for row in &rows {
            let stored = signing(row)?;
            let concerns = named.contains(&stored.request.id)
                || stored
                    .request
                    .items
                    .iter()
                    .any(|item| files.contains(&item.attachment));
            if concerns {
                let origin: String = row.try_get("origin")?;
                attempts.push(Attempt {
                    // A row of before has none; nothing else is ever written.
                    origin: serde_json::from_str(&origin).unwrap_or_default(),
                    events: self.recorded_events(stored.request.id).await?,
                    signing: stored,
                });
            }
        }
        attempts.sort_by_key(|attempt| attempt.signing.started_at);
        Ok(attempts)
    }

    /// Whose these transactions are, each account once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signers(&self, named: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        let mut signers = Vec::new();
        for id in named {
            let row = sqlx::query("SELECT account_id FROM signing WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&self.pool)
                .await?;
            if let Some(row) = row {
                let signer = uuid(&row.try_get::<String, _>("account_id")?)?;
                if !signers.contains(&signer) {
                    signers.push(signer);
                }
            }
        }
        Ok(signers)
    }

    /// What happened to a transaction, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recorded_events(&self, id: Uuid) -> Result<Vec<RecordedEvent>, StoreError> {
        sqlx::query(
            "SELECT at, what, actor FROM signing_event WHERE signing_id = $1 ORDER BY at, id",
        )
        .bind(id.to_string())
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok(RecordedEvent {
                at: Timestamp(row.try_get("at")?),
                what: word(row.try_get("what")?)?,
                actor: row.try_get("actor")?,
            })
        })
        .collect()
    }
}
