//! Signing transactions and their history.

use crate::database::{Database, StoreError, as_word, is_duplicate, one, uuid, word};
use contract::provider::{CertificateInfo, ProviderCode};
use contract::signing::{
    SigningEvent, SigningEventKind, SigningFailure, SigningState, StartSigning,
};
use contract::value::{Base64, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A certificate as it was shown.
pub type StoredCertificate = CertificateInfo;

/// Never polled again.
const NEVER: i64 = i64::MAX;

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
    /// Now.
    pub now: Timestamp,
    /// Until when the provider is expected to wait.
    pub expires_at: Timestamp,
    /// When somebody should look whether the request got lost.
    pub look_at: Timestamp,
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
    /// Verified values, in the order of the request.
    pub signatures: Vec<Base64>,
    /// How often the provider was asked.
    pub attempts: i64,
    /// Grows with every change.
    pub version: i64,
}

/// A change of a transaction: applied only while its state is one of `from`.
#[derive(Debug, Clone)]
pub struct Change {
    /// States it may be made in.
    pub from: &'static [SigningState],
    /// New state.
    pub to: SigningState,
    /// More about a failure.
    pub failure: Option<SigningFailure>,
    /// The provider's number, when it became known.
    pub provider_code: Option<String>,
    /// A better known end of waiting.
    pub expires_at: Option<Timestamp>,
    /// Verified values.
    pub signatures: Option<Vec<Base64>>,
    /// When to ask the provider next; none = never again.
    pub next_poll_at: Option<Timestamp>,
    /// What the history says; none when only the schedule changes.
    pub event: Option<SigningEventKind>,
    /// Who caused it; empty for provider and portal.
    pub actor: String,
    /// Now.
    pub now: Timestamp,
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
        signatures: signatures.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text))?,
        attempts: row.try_get("attempts")?,
        version: row.try_get("version")?,
    })
}

type Write = sqlx::Transaction<'static, sqlx::Any>;

async fn note(
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
    Ok(())
}

impl Database {
    /// Makes a transaction in state `sending`; true when it is new, false when the very same one exists.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id exists with another owner or other content.
    pub async fn add_signing(&self, new: &NewSigning) -> Result<bool, StoreError> {
        let request = serde_json::to_string(&new.request)?;
        let mut write = self.write().await?;
        let added = sqlx::query(
            "INSERT INTO signing (id, account_id, request, provider, certificate, state, comparison_code, started_at, expires_at, next_poll_at, version)
             VALUES ($1, $2, $3, $4, $5, 'sending', $6, $7, $8, $9, 1)",
        )
        .bind(new.request.id.to_string())
        .bind(new.account.to_string())
        .bind(&request)
        .bind(new.request.provider.as_str())
        .bind(serde_json::to_string(&new.certificate)?)
        .bind(&new.comparison_code)
        .bind(new.now.0)
        .bind(new.expires_at.0)
        .bind(new.look_at.0)
        .execute(&mut *write)
        .await;
        match added {
            Ok(_) => {
                note(
                    &mut write,
                    new.request.id,
                    new.now,
                    SigningEventKind::Requested,
                    &new.actor,
                    None,
                )
                .await?;
                write.commit().await?;
                Ok(true)
            }
            Err(error) if is_duplicate(&error) => {
                drop(write);
                let stored = self.signing(new.account, new.request.id).await;
                match stored {
                    Ok(stored) if stored.request == new.request => Ok(false),
                    Ok(_) | Err(StoreError::NotFound) => Err(StoreError::Conflict),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A transaction of its owner.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn signing(&self, account: Uuid, id: Uuid) -> Result<StoredSigning, StoreError> {
        let row = sqlx::query("SELECT * FROM signing WHERE id = $1 AND account_id = $2")
            .bind(id.to_string())
            .bind(account.to_string())
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

    /// Applies a change when the state still allows it; true when it was applied.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_signing(&self, id: Uuid, change: &Change) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let Some(row) = sqlx::query("SELECT * FROM signing WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *write)
            .await?
        else {
            return Err(StoreError::NotFound);
        };
        let stored = signing(&row)?;
        if !change.from.contains(&stored.state) {
            return Ok(false);
        }
        let signatures = match &change.signatures {
            Some(values) => Some(serde_json::to_string(values)?),
            None => row.try_get("signatures")?,
        };
        let provider_code = change.provider_code.clone().or(stored.provider_code);
        let failure = change.failure.as_ref().map(as_word).transpose()?;
        let done = sqlx::query(
            "UPDATE signing SET state = $1, failure = $2, provider_code = $3, expires_at = $4, signatures = $5,
             next_poll_at = $6, lease_until = 0, attempts = attempts + 1, version = version + 1 WHERE id = $7 AND version = $8",
        )
        .bind(as_word(&change.to)?)
        .bind(failure)
        .bind(&provider_code)
        .bind(change.expires_at.unwrap_or(stored.expires_at).0)
        .bind(signatures)
        .bind(change.next_poll_at.map_or(NEVER, |at| at.0))
        .bind(id.to_string())
        .bind(stored.version)
        .execute(&mut *write)
        .await?;
        if one(&done, StoreError::Conflict).is_err() {
            return Ok(false);
        }
        if let Some(event) = change.event {
            note(
                &mut write,
                id,
                change.now,
                event,
                &change.actor,
                provider_code.as_deref(),
            )
            .await?;
        }
        write.commit().await?;
        Ok(true)
    }

    /// Adds a line to the history without a change of state (a late signature, a received file).
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

    /// Takes transactions whose provider should be asked, for `lease` milliseconds; no other instance gets them meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_signings(
        &self,
        now: Timestamp,
        lease: i64,
    ) -> Result<Vec<StoredSigning>, StoreError> {
        sqlx::query(
            "UPDATE signing SET lease_until = $1 WHERE id IN
             (SELECT id FROM signing WHERE next_poll_at <= $2 AND lease_until <= $2 ORDER BY next_poll_at LIMIT 50)
             AND lease_until <= $2 RETURNING *",
        )
        .bind(now.0 + lease)
        .bind(now.0)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(signing)
        .collect()
    }

    /// Asks again later without any change that people see.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn postpone_signing(
        &self,
        id: Uuid,
        next_poll_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE signing SET next_poll_at = $1, lease_until = 0, attempts = attempts + 1 WHERE id = $2")
            .bind(next_poll_at.map_or(NEVER, |at| at.0))
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The history of transactions, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_history(&self, ids: &[Uuid]) -> Result<Vec<SigningEvent>, StoreError> {
        let mut events = Vec::new();
        for id in ids {
            let rows = sqlx::query(
                "SELECT signing_event.at, what, actor, provider_transaction, request FROM signing_event
                 JOIN signing ON signing.id = signing_event.signing_id WHERE signing_id = $1 ORDER BY at, signing_event.id",
            )
            .bind(id.to_string())
            .fetch_all(&self.pool)
            .await?;
            for row in rows {
                let request: StartSigning =
                    serde_json::from_str(&row.try_get::<String, _>("request")?)?;
                events.push(event(&row, request)?);
            }
        }
        events.sort_by_key(|event| event.at);
        Ok(events)
    }
}

fn event(row: &AnyRow, request: StartSigning) -> Result<SigningEvent, StoreError> {
    let provider: ProviderCode = request.provider;
    Ok(SigningEvent {
        at: Timestamp(row.try_get("at")?),
        signing: request.id,
        what: word(row.try_get("what")?)?,
        actor: row.try_get("actor")?,
        provider,
        account: request.citizen_id.masked(),
        serial: request.serial,
        provider_transaction: row.try_get("provider_transaction")?,
        digest: match request.items.as_slice() {
            [only] => Some(only.digest),
            _ => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_each;
    use contract::provider::Usability;
    use contract::session::{Person, Role};
    use contract::signing::SigningItem;
    use contract::value::Sha256;

    async fn account(database: &Database) -> Uuid {
        let new = crate::NewAccount {
            user_name: Uuid::new_v4().to_string(),
            password: String::new(),
            role: Role::Citizen,
            name: "Nguyễn Văn Mẫu".into(),
            agency: None,
            person: Person::default(),
        };
        database.add_account(&new).await.expect("added");
        database
            .account_by_name(&new.user_name)
            .await
            .expect("there")
            .account
            .id
    }

    fn new(account: Uuid) -> NewSigning {
        NewSigning {
            account,
            actor: "Nguyễn Văn Mẫu".into(),
            request: StartSigning {
                follows: None,
                id: Uuid::new_v4(),
                profile: Uuid::nil(),
                provider: "vnpt-ca".to_owned().try_into().expect("valid"),
                citizen_id: "062099000011".parse().expect("valid"),
                serial: "5401".parse().expect("valid"),
                items: vec![SigningItem {
                    attachment: Uuid::nil(),
                    file_name: "to-khai.pdf".parse().expect("valid"),
                    digest: Sha256([1; 32]),
                    document_sha256: Sha256([2; 32]),
                }],
            },
            certificate: CertificateInfo {
                serial: "5401".parse().expect("valid"),
                owner: String::new(),
                issuer: String::new(),
                citizen_id: None,
                valid_from: Timestamp(0),
                valid_to: Timestamp(0),
                usability: Usability::Usable,
                der: Base64(vec![]),
                chain: vec![],
            },
            comparison_code: "4821".into(),
            now: Timestamp(1000),
            expires_at: Timestamp(301_000),
            look_at: Timestamp(2000),
        }
    }

    fn to(state: SigningState, from: &'static [SigningState], event: SigningEventKind) -> Change {
        Change {
            from,
            to: state,
            failure: None,
            provider_code: Some("tran".into()),
            expires_at: None,
            signatures: None,
            next_poll_at: None,
            event: Some(event),
            actor: String::new(),
            now: Timestamp(1500),
        }
    }

    #[tokio::test]
    async fn the_same_request_twice_is_one_transaction() {
        on_each(|database| async move {
            let (owner, other) = (account(&database).await, account(&database).await);
            let first = new(owner);
            assert!(database.add_signing(&first).await.expect("added"));
            assert!(!database.add_signing(&first).await.expect("the same"));
            let mut changed = first.clone();
            changed.request.items[0].digest = Sha256([9; 32]);
            assert!(matches!(
                database.add_signing(&changed).await,
                Err(StoreError::Conflict)
            ));
            let foreign = NewSigning {
                account: other,
                ..first
            };
            assert!(matches!(
                database.add_signing(&foreign).await,
                Err(StoreError::Conflict)
            ));
        })
        .await;
    }

    #[tokio::test]
    async fn final_states_absorb_and_every_change_is_in_the_history() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let first = new(owner);
            let id = first.request.id;
            database.add_signing(&first).await.expect("added");
            let waiting = to(
                SigningState::Waiting,
                &[SigningState::Sending],
                SigningEventKind::Sent,
            );
            assert!(
                database
                    .change_signing(id, &waiting)
                    .await
                    .expect("changed")
            );
            let cancelled = to(
                SigningState::Cancelled,
                &[SigningState::Waiting],
                SigningEventKind::Cancelled,
            );
            assert!(
                database
                    .change_signing(id, &cancelled)
                    .await
                    .expect("changed")
            );
            let late = to(
                SigningState::Confirmed,
                &[SigningState::Waiting],
                SigningEventKind::Confirmed,
            );
            assert!(!database.change_signing(id, &late).await.expect("refused"));
            let stored = database.signing(owner, id).await.expect("there");
            assert_eq!(stored.state, SigningState::Cancelled);
            assert_eq!(stored.provider_code.as_deref(), Some("tran"));
            let history: Vec<_> = database
                .signing_history(&[id])
                .await
                .expect("history")
                .into_iter()
                .map(|e| e.what)
                .collect();
            assert_eq!(
                history,
                [
                    SigningEventKind::Requested,
                    SigningEventKind::Sent,
                    SigningEventKind::Cancelled
                ]
            );
            assert!(
                database
                    .open_signings(owner)
                    .await
                    .expect("list")
                    .is_empty()
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_due_transaction_is_leased_to_one() {
        on_each(|database| async move {
            let owner = account(&database).await;
            database.add_signing(&new(owner)).await.expect("added");
            assert!(
                database
                    .due_signings(Timestamp(1999), 1000)
                    .await
                    .expect("none")
                    .is_empty()
            );
            assert_eq!(
                database
                    .due_signings(Timestamp(2000), 1000)
                    .await
                    .expect("one")
                    .len(),
                1
            );
            assert!(
                database
                    .due_signings(Timestamp(2500), 1000)
                    .await
                    .expect("leased")
                    .is_empty()
            );
            assert_eq!(
                database
                    .due_signings(Timestamp(3000), 1000)
                    .await
                    .expect("lease over")
                    .len(),
                1
            );
        })
        .await;
    }
}
