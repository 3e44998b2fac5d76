//! How a transaction changes: its row, its history and its hold on files in one database transaction, and only from the states allowed.

use super::{NEVER, StoredSigning, history, signing};
use crate::database::{Database, StoreError, as_word};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::{Base64, Timestamp};
use uuid::Uuid;

/// How often a change is tried again when somebody else changed the row in between.
const TRIES: usize = 5;
/// How long a file is held after its value came: the browser embeds it in seconds. After that the file may be signed anew.
const EMBEDDING_MS: i64 = 10 * 60_000;

/// A change of a transaction: applied only while its state is one of `from`.
#[derive(Debug, Clone)]
pub struct Change {
    /// States it may be made in.
    pub from: &'static [SigningState],
    /// The version it was decided on; none when any will do.
    pub version: Option<i64>,
    /// New state.
    pub to: SigningState,
    /// More about a failure.
    pub failure: Option<SigningFailure>,
    /// The provider's number, when it became known.
    pub provider_code: Option<String>,
    /// A better known end of waiting.
    pub expires_at: Option<Timestamp>,
    /// Verified values in the order of the request; none leaves what is there.
    pub values: Option<Vec<Option<Base64>>>,
    /// Since when only some values are here; none leaves what is there.
    pub partial_since: Option<Timestamp>,
    /// When to look next; none = never again.
    pub next_poll_at: Option<Timestamp>,
    /// What the history says.
    pub events: Vec<SigningEventKind>,
    /// Who caused it; empty for provider and portal.
    pub actor: String,
    /// Now.
    pub now: Timestamp,
}

/// Whether a state keeps the values: an attempt that is over without a signature has none that somebody could use.
const fn keeps_values(state: SigningState) -> bool {
    matches!(
        state,
        SigningState::Sending
            | SigningState::Unknown
            | SigningState::Waiting
            | SigningState::Confirmed
            | SigningState::Done
            | SigningState::Partial
    )
}

impl Database {
    /// Applies a change when state and version still allow it; the transaction as it is then, or none when it was not applied.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database fails.
    pub async fn change_signing(
        &self,
        id: Uuid,
        change: &Change,
    ) -> Result<Option<StoredSigning>, StoreError> {
        for _ in 0..TRIES {
            match self.try_change(id, change).await {
                Err(StoreError::Conflict) => {}
                other => return other,
            }
        }
        Err(StoreError::Conflict)
    }

    /// [`StoreError::Conflict`] when somebody else changed the row in between.
    async fn try_change(
        &self,
        id: Uuid,
        change: &Change,
    ) -> Result<Option<StoredSigning>, StoreError> {
        let mut write = self.write().await?;
        let row = sqlx::query("SELECT * FROM signing WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *write)
            .await?;
        let mut stored = signing(&row.ok_or(StoreError::NotFound)?)?;
        let expected = change
            .version
            .is_none_or(|version| version == stored.version);
        if !expected || !change.from.contains(&stored.state) {
            return Ok(None);
        }
        let before = stored.version;
        stored.state = change.to;
        stored.failure = change.failure;
        stored.provider_code = change.provider_code.clone().or(stored.provider_code);
        stored.expires_at = change.expires_at.unwrap_or(stored.expires_at);
        if !keeps_values(change.to) {
            stored.values = Vec::new();
        } else if let Some(values) = &change.values {
            stored.values.clone_from(values);
        }
        stored.partial_since = change.partial_since.or(stored.partial_since);
        stored.version += 1;
        // Never backwards, so that who reads "since" misses nothing when a clock is set.
        stored.changed_at = change.now.max(stored.changed_at);
        let values = (!stored.values.is_empty())
            .then(|| serde_json::to_string(&stored.values))
            .transpose()?;
        let done = sqlx::query(
            "UPDATE signing SET state = $1, failure = $2, provider_code = $3, expires_at = $4, signatures = $5, next_poll_at = $6,
             attempts = 0, partial_since = $7, changed_at = $8, version = $9 WHERE id = $10 AND version = $11",
        )
        .bind(as_word(&stored.state)?)
        .bind(stored.failure.as_ref().map(as_word).transpose()?)
        .bind(&stored.provider_code)
        .bind(stored.expires_at.0)
        .bind(values)
        .bind(change.next_poll_at.map_or(NEVER, |at| at.0))
        .bind(stored.partial_since.map_or(0, |at| at.0))
        .bind(stored.changed_at.0)
        .bind(stored.version)
        .bind(id.to_string())
        .bind(before)
        .execute(&mut *write)
        .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        if change.to.is_final() {
            sqlx::query("DELETE FROM signing_file WHERE signing_id = $1")
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        } else if change.to == SigningState::Confirmed {
            sqlx::query("UPDATE signing_file SET held_until = $1 WHERE signing_id = $2")
                .bind(change.now.0 + EMBEDDING_MS)
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        for event in &change.events {
            let number = stored.provider_code.as_deref();
            history::note(&mut write, id, change.now, *event, &change.actor, number).await?;
        }
        write.commit().await?;
        Ok(Some(stored))
    }
}
