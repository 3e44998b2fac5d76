//! Signing transactions: making and reading them. How they change, who looks at them when, and their history stand beside.

mod change;
pub(crate) mod history;
mod recorded;
mod schedule;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use recorded::Attempt;
pub use schedule::{ChangedSigning, DueSigning, Looked};

use crate::database::{Database, StoreError, uuid, word};
use contract::provider::CertificateInfo;
use contract::signing::{SigningEventKind, SigningFailure, SigningState, StartSigning};
use contract::value::{Base64, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A certificate as it was shown.
pub type StoredCertificate = CertificateInfo;

/// Never looked at again; a file that is held while its transaction is open.
pub(crate) const NEVER: i64 = i64::MAX;

type Write = sqlx::Transaction<'static, sqlx::Any>;

/// A transaction to be made; its state is `sending`.
#[derive(Debug, Clone)]
pub struct NewSigning {
    /// Owner.
    pub account: Uuid,
    /// Owner's name, for the history.
    pub actor: String,
    /// As asked.
    pub request: StartSigning,
    /// The certificate it is bound to.
    pub certificate: CertificateInfo,
    /// Shown on page and phone.
    pub comparison_code: String,
    /// The provider answers the request itself only after the person decided.
    pub start_waits: bool,
    /// Now.
    pub now: Timestamp,
    /// Until when the provider is expected to wait.
    pub expires_at: Timestamp,
    /// When somebody should look whether the request got lost.
    pub look_at: Timestamp,
    /// Most transactions this person may have started in the minute before now.
    pub starts_per_minute: i64,
}

/// A stored transaction.
#[derive(Debug, Clone)]
pub struct StoredSigning {
    /// Owner.
    pub account: Uuid,
    /// As asked.
    pub request: StartSigning,
    /// The certificate it is bound to.
    pub certificate: CertificateInfo,
    /// State.
    pub state: SigningState,
    /// More about a failure.
    pub failure: Option<SigningFailure>,
    /// The provider's number.
    pub provider_code: Option<String>,
    /// Shown on page and phone.
    pub comparison_code: String,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When the provider stops waiting.
    pub expires_at: Timestamp,
    /// Verified values, in the order of the request, none where no value came; empty before the first.
    pub values: Vec<Option<Base64>>,
    /// Since when values of some files only are here.
    pub partial_since: Option<Timestamp>,
    /// See [`NewSigning::start_waits`].
    pub start_waits: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was changed last; 0 in rows of the first release.
    pub changed_at: Timestamp,
}

impl StoredSigning {
    /// The verified value of the file at a position of the request.
    #[must_use]
    pub fn value(&self, position: usize) -> Option<&Base64> {
        self.values.get(position).and_then(Option::as_ref)
    }
}

/// A column that is 0 when there is no such moment.
fn moment(row: &AnyRow, column: &str) -> Result<Option<Timestamp>, StoreError> {
    let at: i64 = row.try_get(column)?;
    Ok((at != 0).then_some(Timestamp(at)))
}

fn signing(row: &AnyRow) -> Result<StoredSigning, StoreError> {
    let signatures: Option<String> = row.try_get("signatures")?;
    let failure: Option<String> = row.try_get("failure")?;
    Ok(StoredSigning {
        account: uuid(&row.try_get::<String, _>("account_id")?)?,
        request: serde_json::from_str(&row.try_get::<String, _>("request")?)?,
        certificate: serde_json::from_str(&row.try_get::<String, _>("certificate")?)?,
        state: word(row.try_get("state")?)?,
        failure: failure.map(word).transpose()?,
        provider_code: row.try_get("provider_code")?,
        comparison_code: row.try_get("comparison_code")?,
        started_at: Timestamp(row.try_get("started_at")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
        values: signatures.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text))?,
        partial_since: moment(row, "partial_since")?,
        start_waits: row.try_get::<i64, _>("start_waits")? == 1,
        version: row.try_get("version")?,
        changed_at: Timestamp(row.try_get("changed_at")?),
    })
}

impl Database {
    /// Makes a transaction in state `sending`; true when it is new, false when the very same one exists.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id exists with another owner or other content, or when one of its files stands in another
    /// open transaction; [`StoreError::TooMany`] when the person started too many lately.
    pub async fn add_signing(&self, new: &NewSigning) -> Result<bool, StoreError> {
        let id = new.request.id.to_string();
        let account = new.account.to_string();
        let mut write = self.write().await?;
        // Starts of one person come one after the other, so that counting them counts all.
        sqlx::query("UPDATE account SET failures = failures WHERE id = $1")
            .bind(&account)
            .execute(&mut *write)
            .await?;
        let added = sqlx::query(
            "INSERT INTO signing (id, account_id, request, provider, certificate, state, comparison_code, started_at, expires_at,
             next_poll_at, version, changed_at, start_waits)
             VALUES ($1, $2, $3, $4, $5, 'sending', $6, $7, $8, $9, 1, $7, $10) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&id)
        .bind(&account)
        .bind(serde_json::to_string(&new.request)?)
        .bind(new.request.provider.as_str())
        .bind(serde_json::to_string(&new.certificate)?)
        .bind(&new.comparison_code)
        .bind(new.now.0)
        .bind(new.expires_at.0)
        .bind(new.look_at.0)
        .bind(i64::from(new.start_waits))
        .execute(&mut *write)
        .await?;
        if added.rows_affected() == 0 {
            drop(write);
            return match self.signing(new.account, new.request.id).await {
                Ok(stored) if stored.request == new.request => Ok(false),
                Ok(_) | Err(StoreError::NotFound) => Err(StoreError::Conflict),
                Err(error) => Err(error),
            };
        }
        let row = sqlx::query(
            "SELECT COUNT(*) AS n FROM signing WHERE account_id = $1 AND started_at > $2",
        )
        .bind(&account)
        .bind(new.now.0 - 60_000)
        .fetch_one(&mut *write)
        .await?;
        if row.try_get::<i64, _>("n")? > new.starts_per_minute {
            return Err(StoreError::TooMany);
        }
        hold(&mut write, new).await?;
        let event = SigningEventKind::Requested;
        history::note(&mut write, new.request.id, new.now, event, &new.actor, None).await?;
        write.commit().await?;
        Ok(true)
    }

    /// A transaction of its owner.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn signing(&self, account: Uuid, id: Uuid) -> Result<StoredSigning, StoreError> {
        let stored = self.any_signing(id).await?;
        if stored.account == account {
            Ok(stored)
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// A transaction, whoever owns it: never for what a person asks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn any_signing(&self, id: Uuid) -> Result<StoredSigning, StoreError> {
        let row = sqlx::query("SELECT * FROM signing WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        signing(&row.ok_or(StoreError::NotFound)?)
    }

    /// Transactions of an account that are not over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_signings(&self, account: Uuid) -> Result<Vec<StoredSigning>, StoreError> {
        sqlx::query(
            "SELECT * FROM signing WHERE account_id = $1 AND state IN ('sending', 'unknown', 'waiting', 'confirmed')
             ORDER BY started_at DESC LIMIT 50",
        )
        .bind(account.to_string())
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(signing)
        .collect()
    }

    /// Transactions of an account that changed since a moment, over or not, the latest change last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signings_since(
        &self,
        account: Uuid,
        since: Timestamp,
    ) -> Result<Vec<StoredSigning>, StoreError> {
        // Of the last day of starts, so that the index by account and start serves it.
        let mut found: Vec<StoredSigning> = sqlx::query(
            "SELECT * FROM signing WHERE account_id = $1 AND started_at > $2 AND changed_at >= $3
             ORDER BY changed_at DESC LIMIT 50",
        )
        .bind(account.to_string())
        .bind(since.0 - 86_400_000)
        .bind(since.0)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(signing)
        .collect::<Result<_, _>>()?;
        found.reverse();
        Ok(found)
    }

    /// The transaction a provider's message is about: by our number, or by the provider's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn signing_at_provider(
        &self,
        provider: &str,
        number: &str,
    ) -> Result<StoredSigning, StoreError> {
        // Our number as uuid, so that its spelling does not matter.
        let ours = number.parse::<Uuid>().unwrap_or_default().to_string();
        let row = sqlx::query(
            "SELECT * FROM signing WHERE provider = $1 AND id = $2
             UNION ALL SELECT * FROM signing WHERE provider = $1 AND provider_code = $3 LIMIT 1",
        )
        .bind(provider)
        .bind(ours)
        .bind(number)
        .fetch_optional(&self.pool)
        .await?;
        signing(&row.ok_or(StoreError::NotFound)?)
    }
}

/// Takes the files of a new transaction; none of them may stand in another open one.
async fn hold(write: &mut Write, new: &NewSigning) -> Result<(), StoreError> {
    // "Ký lại" of one whose values are here gives those up.
    if let Some(earlier) = new.request.follows {
        sqlx::query(
            "UPDATE signing_file SET held_until = 0 WHERE signing_id = $1 AND account_id = $2
             AND EXISTS (SELECT 1 FROM signing WHERE id = $1 AND state = 'confirmed')",
        )
        .bind(earlier.to_string())
        .bind(new.account.to_string())
        .execute(&mut **write)
        .await?;
    }
    for item in &new.request.items {
        let held = sqlx::query(
            "INSERT INTO signing_file (account_id, attachment, signing_id, held_until) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id, attachment) DO UPDATE SET signing_id = excluded.signing_id, held_until = excluded.held_until
             WHERE signing_file.held_until < $5",
        )
        .bind(new.account.to_string())
        .bind(item.attachment.to_string())
        .bind(new.request.id.to_string())
        .bind(NEVER)
        .bind(new.now.0)
        .execute(&mut **write)
        .await?;
        if held.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}
