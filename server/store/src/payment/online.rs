//! Tries at the gateway: begun, asked about under a lease, ended once.

use super::{PaymentChange, apply, journal, owner};
use crate::database::{Database, StoreError, uuid};
use contract::dossier::FeePayment;
use contract::payment::PaymentAct;
use contract::value::{Dong, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A try at the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlineTry {
    /// Our reference.
    pub id: Uuid,
    /// Dossier.
    pub dossier: Uuid,
    /// How much.
    pub amount: Dong,
    /// The gateway's reference; empty until it answered.
    pub reference: String,
    /// Where the person pays; empty until the gateway answered.
    pub address: String,
    /// When the gateway's page ends.
    pub expires_at: Timestamp,
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnlineOutcome {
    /// The money came.
    Paid,
    /// It was declined.
    Declined,
    /// Nobody paid in time.
    Expired,
}

impl OnlineOutcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    const fn act(self) -> PaymentAct {
        match self {
            Self::Paid => PaymentAct::PaidOnline,
            Self::Declined => PaymentAct::Declined,
            Self::Expired => PaymentAct::Expired,
        }
    }
}

/// A try the gateway is to be asked about, taken under a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTry {
    /// The try.
    pub attempt: OnlineTry,
    /// How often it was asked about by itself, with this time.
    pub looks: i64,
    /// Until when whoever took it has it to itself.
    pub leased_until: Timestamp,
}

fn online(row: &AnyRow) -> Result<OnlineTry, StoreError> {
    Ok(OnlineTry {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        dossier: uuid(&row.try_get::<String, _>("dossier_id")?)?,
        amount: Dong(row.try_get("amount")?),
        reference: row.try_get("reference")?,
        address: row.try_get("address")?,
        expires_at: Timestamp(row.try_get("expires_at")?),
    })
}

impl Database {
    /// Notes that somebody goes to the gateway, before the gateway is asked; when it is asked about by itself first.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when nothing is to be paid, or the payment is not as it was seen.
    pub async fn start_online(
        &self,
        new: &OnlineTry,
        actor: &str,
        now: Timestamp,
        first_look: Timestamp,
        version: i64,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let change = PaymentChange {
            act: PaymentAct::Started,
            money: Dong(0),
            method: Some(FeePayment::Online),
            actor,
            by: Some(owner(&mut write, new.dossier).await?),
            reference: "",
            note: "",
            // Two windows that begin at the same time would have two pages to pay at.
            version: Some(version),
            now,
        };
        apply(&mut write, new.dossier, &change).await?;
        sqlx::query(
            "INSERT INTO online_payment (id, dossier_id, amount, state, reference, address, started_at, expires_at, asked_at, next_at)
             VALUES ($1, $2, $3, 'open', '', '', $4, $5, $4, $6)",
        )
        .bind(new.id.to_string())
        .bind(new.dossier.to_string())
        .bind(new.amount.0)
        .bind(now.0)
        .bind(new.expires_at.0)
        .bind(first_look.0)
        .execute(&mut *write)
        .await?;
        journal(&mut write, new.dossier, &change).await?;
        write.commit().await?;
        Ok(())
    }

    /// Keeps what the gateway answered to the start, and when its page ends if it said so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_online(
        &self,
        id: Uuid,
        reference: &str,
        address: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE online_payment SET reference = $1, address = $2, expires_at = COALESCE($3, expires_at) WHERE id = $4",
        )
        .bind(reference)
        .bind(address)
        .bind(expires_at.map(|at| at.0))
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A try by our reference.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn online_try(&self, id: Uuid) -> Result<OnlineTry, StoreError> {
        let row = sqlx::query("SELECT * FROM online_payment WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        online(&row)
    }

    /// A dossier's tries that have not ended, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_tries(&self, dossier: Uuid) -> Result<Vec<OnlineTry>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM online_payment WHERE dossier_id = $1 AND state = 'open' ORDER BY started_at DESC, id DESC LIMIT 5",
        )
        .bind(dossier.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(online).collect()
    }

    /// Whether the gateway may be asked about a try now: nobody asked since `before`. Notes that it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may_ask_online(
        &self,
        id: Uuid,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE online_payment SET asked_at = $1 WHERE id = $2 AND asked_at < $3")
                .bind(now.0)
                .bind(id.to_string())
                .bind(before.0)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes how a try ended. Telling it again changes nothing; money that comes after a try was given up is taken all the same.
    /// Gives whether anything changed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn settle_online(
        &self,
        id: Uuid,
        outcome: OnlineOutcome,
        actor: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let known = self.online_try(id).await?;
        let mut write = self.write().await?;
        let condition = match outcome {
            OnlineOutcome::Paid => {
                "UPDATE online_payment SET state = $1 WHERE id = $2 AND state <> 'paid'"
            }
            _ => "UPDATE online_payment SET state = $1 WHERE id = $2 AND state = 'open'",
        };
        let done = sqlx::query(condition)
            .bind(outcome.word())
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        if done.rows_affected() == 0 {
            write.rollback().await?;
            return Ok(false);
        }
        let change = PaymentChange {
            act: outcome.act(),
            money: match outcome {
                OnlineOutcome::Paid => known.amount,
                _ => Dong(0),
            },
            method: None,
            actor,
            by: None,
            reference: &known.reference,
            note: "",
            version: None,
            now,
        };
        apply(&mut write, known.dossier, &change).await?;
        journal(&mut write, known.dossier, &change).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Tries that are to be asked about now, the longest due first; nobody else gets them for `lease_ms`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_online(
        &self,
        now: Timestamp,
        lease_ms: i64,
        most: i64,
    ) -> Result<Vec<DueTry>, StoreError> {
        let mut write = self.write().await?;
        let rows = sqlx::query(
            "SELECT * FROM online_payment WHERE state = 'open' AND next_at <= $1 ORDER BY next_at, id LIMIT $2",
        )
        .bind(now.0)
        .bind(most)
        .fetch_all(&mut *write)
        .await?;
        let leased_until = Timestamp(now.0.saturating_add(lease_ms));
        let mut taken = Vec::with_capacity(rows.len());
        for row in &rows {
            let attempt = online(row)?;
            let done = sqlx::query(
                "UPDATE online_payment SET next_at = $1, looks = looks + 1 WHERE id = $2 AND next_at = $3 AND state = 'open'",
            )
            .bind(leased_until.0)
            .bind(attempt.id.to_string())
            .bind(row.try_get::<i64, _>("next_at")?)
            .execute(&mut *write)
            .await?;
            // Another instance was faster.
            if done.rows_affected() == 1 {
                taken.push(DueTry {
                    attempt,
                    looks: row.try_get::<i64, _>("looks")? + 1,
                    leased_until,
                });
            }
        }
        write.commit().await?;
        Ok(taken)
    }

    /// When a try is asked about again; none for not by itself. Whose lease is over changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_online(
        &self,
        due: &DueTry,
        next: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE online_payment SET next_at = $1 WHERE id = $2 AND next_at = $3")
            .bind(next.map(|at| at.0))
            .bind(due.attempt.id.to_string())
            .bind(due.leased_until.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
