//! Who looks at which transaction when. A lease moves `next_poll_at` into the future, so that its index holds exactly what is due,
//! a look whose process died comes round again by itself, and the lease's end is the token that tells whose word still counts.

use super::{NEVER, moment};
use crate::database::{Database, StoreError, uuid, word};
use contract::signing::{SigningState, StartSigning};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A transaction somebody has to look at: what asking the provider needs, without certificates and values.
#[derive(Debug, Clone)]
pub struct DueSigning {
    /// Owner.
    pub account: Uuid,
    /// As asked.
    pub request: StartSigning,
    /// State.
    pub state: SigningState,
    /// The provider's number.
    pub provider_code: Option<String>,
    /// When the provider stops waiting.
    pub expires_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Since when values of some files only are here.
    pub partial_since: Option<Timestamp>,
    /// See [`crate::NewSigning::start_waits`].
    pub start_waits: bool,
    /// Looks since the last change.
    pub attempts: i64,
    /// Until when it is ours.
    pub leased_until: Timestamp,
}

/// A look that changed nothing people see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Transaction.
    pub id: Uuid,
    /// [`DueSigning::leased_until`]: when it was taken or woken by somebody else meanwhile, this look does not count.
    pub leased_until: Timestamp,
    /// When to look next; none = never again.
    pub next_poll_at: Option<Timestamp>,
}

/// A transaction that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedSigning {
    /// Transaction.
    pub id: Uuid,
    /// Owner.
    pub account: Uuid,
    /// Its version then.
    pub version: i64,
    /// When.
    pub at: Timestamp,
}

macro_rules! lease {
    ($skip:literal) => {
        concat!(
            "UPDATE signing SET next_poll_at = $1 WHERE id IN
             (SELECT id FROM signing WHERE next_poll_at <= $2 ORDER BY next_poll_at LIMIT $3",
            $skip,
            ") AND next_poll_at <= $2
             RETURNING account_id, request, state, provider_code, expires_at, changed_at, partial_since, start_waits, attempts, next_poll_at"
        )
    };
}

fn due(row: &AnyRow) -> Result<DueSigning, StoreError> {
    Ok(DueSigning {
        account: uuid(&row.try_get::<String, _>("account_id")?)?,
        request: serde_json::from_str(&row.try_get::<String, _>("request")?)?,
        state: word(row.try_get("state")?)?,
        provider_code: row.try_get("provider_code")?,
        expires_at: Timestamp(row.try_get("expires_at")?),
        changed_at: Timestamp(row.try_get("changed_at")?),
        partial_since: moment(row, "partial_since")?,
        start_waits: row.try_get::<i64, _>("start_waits")? == 1,
        attempts: row.try_get("attempts")?,
        leased_until: Timestamp(row.try_get("next_poll_at")?),
    })
}

impl Database {
    /// Takes at most `most` transactions that are due, for `lease` milliseconds; no other instance gets them meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_signings(
        &self,
        now: Timestamp,
        lease: i64,
        most: i64,
    ) -> Result<Vec<DueSigning>, StoreError> {
        // The one place where the two databases are told apart: on PostgreSQL two pollers would wait for each other's rows;
        // SQLite has one writer anyway and does not know the words.
        let text = if self.is_sqlite() {
            lease!("")
        } else {
            lease!(" FOR UPDATE SKIP LOCKED")
        };
        sqlx::query(text)
            .bind(now.0 + lease)
            .bind(now.0)
            .bind(most)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(due)
            .collect()
    }

    /// Writes many looks that changed nothing in one database transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looked_at(&self, looks: &mut [Looked]) -> Result<(), StoreError> {
        // In one order, so that two instances do not wait for each other in a circle.
        looks.sort_by_key(|look| look.id);
        let mut write = self.write().await?;
        for look in looks.iter() {
            sqlx::query(
                "UPDATE signing SET next_poll_at = $1, attempts = attempts + 1 WHERE id = $2 AND next_poll_at = $3",
            )
            .bind(look.next_poll_at.map_or(NEVER, |at| at.0))
            .bind(look.id.to_string())
            .bind(look.leased_until.0)
            .execute(&mut *write)
            .await?;
        }
        Ok(write.commit().await?)
    }

    /// Keeps a transaction whose request is a call that still runs away from the pollers; false when it is over or taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_signing(&self, id: Uuid, until: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE signing SET next_poll_at = $1 WHERE id = $2 AND state = 'waiting' AND start_waits = 1",
        )
        .bind(until.0)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Makes a waiting transaction due now; true when it was not due already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wake_signing(&self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE signing SET next_poll_at = $1 WHERE id = $2 AND next_poll_at > $1 AND start_waits = 0
             AND state IN ('unknown', 'waiting')",
        )
        .bind(now.0)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes the provider's number of a request that was cancelled while it was sent, and makes it due: it has to be taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sent_though_cancelled(
        &self,
        id: Uuid,
        provider_code: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE signing SET provider_code = COALESCE($1, provider_code), next_poll_at = $2, attempts = 0
             WHERE id = $3 AND state = 'cancelled'",
        )
        .bind(provider_code)
        .bind(now.0)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// What changed since a moment, in that order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_signings(
        &self,
        since: Timestamp,
        most: i64,
    ) -> Result<Vec<ChangedSigning>, StoreError> {
        sqlx::query(
            "SELECT id, account_id, version, changed_at FROM signing WHERE changed_at >= $1 ORDER BY changed_at, id LIMIT $2",
        )
        .bind(since.0)
        .bind(most)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok(ChangedSigning {
                id: uuid(&row.try_get::<String, _>("id")?)?,
                account: uuid(&row.try_get::<String, _>("account_id")?)?,
                version: row.try_get("version")?,
                at: Timestamp(row.try_get("changed_at")?),
            })
        })
        .collect()
    }
}
