//! Codes of an authenticator app: the sealed secret, which step was used last, recovery codes, and sign-ins that wait for a code.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, one, uuid};
use contract::audit::AuditAction;
use contract::value::Timestamp;
use sqlx::{Any, Row as _, Transaction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub secret: String,
    /// Whether a code of it was given: before that it does not count.
    pub confirmed: bool,
    /// Recovery codes that were not used yet.
    pub recovery_left: u64,
}

async fn end_sessions(
    write: &mut Transaction<'static, Any>,
    account: Uuid,
    but: Option<Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    sqlx::query("DELETE FROM half_session WHERE account_id = $1")
        .bind(account.to_string())
        .execute(&mut **write)
        .await?;
    let rows = sqlx::query(
        "DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id AS session_id",
    )
    .bind(account.to_string())
    .bind(but.unwrap_or_default().to_string())
    .fetch_all(&mut **write)
    .await?;
    crate::session::names(&rows)
}

impl Database {
    /// An account's second factor, confirmed or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn second_factor(&self, account: Uuid) -> Result<Option<SecondFactor>, StoreError> {
        let row = sqlx::query(
            "SELECT secret, confirmed_at,
                (SELECT COUNT(*) FROM recovery_code WHERE recovery_code.account_id = second_factor.account_id AND used_at IS NULL) AS codes
             FROM second_factor WHERE account_id = $1",
        )
        .bind(account.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(SecondFactor {
                secret: row.try_get("secret")?,
                confirmed: row.try_get::<Option<i64>, _>("confirmed_at")?.is_some(),
                recovery_left: u64::try_from(row.try_get::<i64, _>("codes")?).unwrap_or(0),
            })
        })
        .transpose()
    }

    /// Those of some accounts that have one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn with_second_factor(
        &self,
        accounts: &[Uuid],
    ) -> Result<BTreeSet<Uuid>, StoreError> {
        if accounts.is_empty() {
            return Ok(BTreeSet::new());
        }
        let places: Vec<String> = (1..=accounts.len())
            .map(|place| format!("${place}"))
            .collect();
        let text = format!(
            "SELECT account_id FROM second_factor WHERE confirmed_at IS NOT NULL AND account_id IN ({})",
            places.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text));
        for account in accounts {
            query = query.bind(account.to_string());
        }
        query
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| uuid(&row.try_get::<String, _>("account_id")?))
            .collect()
    }

    /// Keeps a secret that is yet to be confirmed, in place of one that never was.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the account has one that counts.
    pub async fn offer_second_factor(
        &self,
        account: Uuid,
        sealed: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO second_factor (account_id, secret, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (account_id) DO UPDATE SET secret = $2, created_at = $3, last_step = 0
             WHERE second_factor.confirmed_at IS NULL",
        )
        .bind(account.to_string())
        .bind(sealed)
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        one(&done, StoreError::Conflict)
    }

    /// From now on the secret counts. Every session but `but` ends; those that ended.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another secret was offered meanwhile, or one counts already.
    pub async fn confirm_second_factor(
        &self,
        account: Uuid,
        sealed: &str,
        step: i64,
        codes_sha256: &[String],
        but: Uuid,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE second_factor SET confirmed_at = $1, last_step = $2
             WHERE account_id = $3 AND secret = $4 AND confirmed_at IS NULL",
        )
        .bind(now.0)
        .bind(step)
        .bind(account.to_string())
        .bind(sealed)
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
            .bind(account.to_string())
            .execute(&mut *write)
            .await?;
        for code in codes_sha256 {
            sqlx::query("INSERT INTO recovery_code (account_id, code_sha256) VALUES ($1, $2)")
                .bind(account.to_string())
                .bind(code)
                .execute(&mut *write)
                .await?;
        }
        let ended = end_sessions(&mut write, account, Some(but)).await?;
        let record = NewRecord::of(now, account, AuditAction::SecondFactorAdded);
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(ended)
    }

    /// Uses up a step and all before it; whether it was still to be used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_step(&self, account: Uuid, step: i64) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE second_factor SET last_step = $1
             WHERE account_id = $2 AND confirmed_at IS NOT NULL AND last_step < $1",
        )
        .bind(step)
        .bind(account.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Uses up a recovery code; whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_recovery_code(
        &self,
        account: Uuid,
        code_sha256: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_sha256 = $3 AND used_at IS NULL",
        )
        .bind(now.0)
        .bind(account.to_string())
        .bind(code_sha256)
        .execute(&mut *write)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let record = NewRecord::of(now, account, AuditAction::RecoveryCodeUsed);
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Takes a second factor away. Every session but `but` ends; those that ended. `by` is who does it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn remove_second_factor(
        &self,
        account: Uuid,
        by: Uuid,
        but: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "DELETE FROM second_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL",
        )
        .bind(account.to_string())
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::NotFound)?;
        sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
            .bind(account.to_string())
            .execute(&mut *write)
            .await?;
        let ended = end_sessions(&mut write, account, but).await?;
        let record = NewRecord {
            subject: Some(account),
            ..NewRecord::of(now, by, AuditAction::SecondFactorRemoved)
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(ended)
    }

    /// Begins a sign-in that waits for a code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_half_session(
        &self,
        token_sha256: &str,
        account: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO half_session (token_sha256, account_id, created_at) VALUES ($1, $2, $3)",
        )
        .bind(token_sha256)
        .bind(account.to_string())
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whose sign-in a token stands for, if it began not before `since`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn half_session(
        &self,
        token_sha256: &str,
        since: Timestamp,
    ) -> Result<Uuid, StoreError> {
        let row = sqlx::query(
            "SELECT account_id FROM half_session WHERE token_sha256 = $1 AND created_at >= $2",
        )
        .bind(token_sha256)
        .bind(since.0)
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        uuid(&row.try_get::<String, _>("account_id")?)
    }

    /// Ends it; whether it was there, so that it becomes a session once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_half_session(&self, token_sha256: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM half_session WHERE token_sha256 = $1")
            .bind(token_sha256)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets sign-ins that began before a moment and never got their code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_half_sessions(&self, since: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM half_session WHERE created_at < $1")
            .bind(since.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};

    const NOW: Timestamp = Timestamp(1000);

    async fn confirmed(database: &Database, owner: Uuid, codes: &[String]) {
        database
            .offer_second_factor(owner, "sealed", NOW)
            .await
            .expect("offered");
        database
            .confirm_second_factor(owner, "sealed", 7, codes, Uuid::nil(), NOW)
            .await
            .expect("confirmed");
    }

    #[tokio::test]
    async fn a_secret_counts_once_it_is_confirmed_and_is_then_replaced_by_nothing() {
        on_each(|database| async move {
            let owner = account(&database).await;
            for sealed in ["first", "second"] {
                let offered = database.offer_second_factor(owner, sealed, NOW).await;
                offered.expect("offered");
            }
            assert!(
                !database.use_step(owner, 9).await.expect("asked"),
                "not yet"
            );
            let none = database.remove_second_factor(owner, owner, None, NOW).await;
            assert!(
                matches!(none, Err(StoreError::NotFound)),
                "it does not count"
            );
            let known = database.second_factor(owner).await.expect("read");
            assert_eq!(
                known.map(|known| (known.secret, known.confirmed)),
                Some(("second".into(), false))
            );
            let old = database
                .confirm_second_factor(owner, "first", 7, &[], Uuid::nil(), NOW)
                .await;
            assert!(
                matches!(old, Err(StoreError::Conflict)),
                "another window began anew"
            );
            let done = database
                .confirm_second_factor(owner, "second", 7, &["a".into()], Uuid::nil(), NOW)
                .await;
            done.expect("confirmed");
            let again = database.offer_second_factor(owner, "third", NOW).await;
            assert!(matches!(again, Err(StoreError::Conflict)));
            let with = database.with_second_factor(&[owner, Uuid::now_v7()]).await;
            assert_eq!(with.expect("read"), BTreeSet::from([owner]));
        })
        .await;
    }

    #[tokio::test]
    async fn a_step_and_those_before_it_are_used_once() {
        on_each(|database| async move {
            let owner = account(&database).await;
            confirmed(&database, owner, &[]).await;
            let used = |step: i64| {
                let database = database.clone();
                async move { database.use_step(owner, step).await.expect("asked") }
            };
            assert!(!used(7).await, "it confirmed");
            assert!(used(9).await);
            assert!(!used(9).await);
            assert!(!used(8).await, "an older one");
            assert!(used(10).await);
            // Of many at the same time one is taken.
            let tries: Vec<_> = (0..10)
                .map(|_| {
                    let database = database.clone();
                    tokio::spawn(async move { database.use_step(owner, 11).await.expect("asked") })
                })
                .collect();
            let mut taken = 0;
            for one in tries {
                taken += usize::from(one.await.expect("done"));
            }
            assert_eq!(taken, 1);
        })
        .await;
    }

    #[tokio::test]
    async fn recovery_codes_are_used_once_counted_and_go_with_the_factor() {
        on_each(|database| async move {
            let (owner, other) = (account(&database).await, account(&database).await);
            confirmed(&database, owner, &["a".into(), "b".into()]).await;
            let left = || {
                let database = database.clone();
                async move {
                    let known = database.second_factor(owner).await.expect("read");
                    known.map(|known| known.recovery_left)
                }
            };
            assert_eq!(left().await, Some(2));
            let used = |who: Uuid, code: &'static str| {
                let database = database.clone();
                async move {
                    database
                        .use_recovery_code(who, code, NOW)
                        .await
                        .expect("asked")
                }
            };
            assert!(!used(other, "a").await);
            assert!(used(owner, "a").await);
            assert!(!used(owner, "a").await);
            assert_eq!(left().await, Some(1));
            database
                .remove_second_factor(owner, other, None, NOW)
                .await
                .expect("removed");
            assert!(!used(owner, "b").await);
            assert_eq!(left().await, None);
            let again = database.remove_second_factor(owner, other, None, NOW).await;
            assert!(matches!(again, Err(StoreError::NotFound)));
        })
        .await;
    }

    #[tokio::test]
    async fn half_a_sign_in_is_short_and_becomes_a_session_once() {
        on_each(|database| async move {
            let owner = account(&database).await;
            database
                .begin_half_session("half", owner, NOW)
                .await
                .expect("begun");
            assert_eq!(
                database.half_session("half", NOW).await.expect("there"),
                owner
            );
            let late = database.half_session("half", Timestamp(1001)).await;
            assert!(matches!(late, Err(StoreError::NotFound)));
            // It is no session.
            let zero = Timestamp(0);
            let session = database.session("half", zero, zero, zero).await;
            assert!(matches!(session, Err(StoreError::NotFound)));
            assert!(database.end_half_session("half").await.expect("ended"));
            assert!(!database.end_half_session("half").await.expect("nothing"));
        })
        .await;
    }
}
