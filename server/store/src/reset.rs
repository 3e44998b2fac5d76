//! New passwords by e-mail. The token is made when the e-mail is sent and only its hash is kept: neither the database nor a copy of it
//! opens an account.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, one, uuid};
use crate::mail::{AccountMail, MailAbout};
use contract::audit::AuditAction;
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// Queues an e-mail with a link for an account, unless one was asked for less than `pause_ms` ago; whether it was queued.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_reset(
        &self,
        account: Uuid,
        address: &str,
        name: &str,
        pause_ms: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "INSERT INTO password_reset (account_id, asked_at) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET asked_at = $2 WHERE password_reset.asked_at <= $3",
        )
        .bind(account.to_string())
        .bind(now.0)
        .bind(now.0 - pause_ms)
        .execute(&mut *write)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let about = serde_json::to_string(&MailAbout::Account(AccountMail::PasswordReset))?;
        crate::mail::queue(&mut write, account, address, name, &about, now).await?;
        // Whoever it was: the account is what it was asked for.
        let record = NewRecord {
            actor: None,
            subject: Some(account),
            ..NewRecord::of(now, account, AuditAction::PasswordResetAsked)
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Keeps the hash of the token that is being sent, in place of one that was sent before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the account asked for none.
    pub async fn set_reset_token(
        &self,
        account: Uuid,
        token_sha256: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE password_reset SET token_sha256 = $1, expires_at = $2 WHERE account_id = $3",
        )
        .bind(token_sha256)
        .bind(expires_at.0)
        .bind(account.to_string())
        .execute(&self.pool)
        .await?;
        one(&done, StoreError::NotFound)
    }

    /// Whose token it is, while it holds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn reset_of(&self, token_sha256: &str, now: Timestamp) -> Result<Uuid, StoreError> {
        let row = sqlx::query(
            "SELECT account_id FROM password_reset WHERE token_sha256 = $1 AND expires_at > $2",
        )
        .bind(token_sha256)
        .bind(now.0)
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        uuid(&row.try_get::<String, _>("account_id")?)
    }

    /// Sets a new password by a token, which is used up by that. All sessions of the account end; those that ended. A second factor
    /// stays, and with it the lock: a mailbox alone must not open more tries at its codes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the token does not hold (any more).
    pub async fn reset_password(
        &self,
        token_sha256: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let row = sqlx::query(
            "UPDATE password_reset SET token_sha256 = NULL WHERE token_sha256 = $1 AND expires_at > $2 RETURNING account_id",
        )
        .bind(token_sha256)
        .bind(now.0)
        .fetch_optional(&mut *write)
        .await?
        .ok_or(StoreError::NotFound)?;
        let text: String = row.try_get("account_id")?;
        let account = uuid(&text)?;
        let done = sqlx::query("UPDATE account SET password = $1 WHERE id = $2")
            .bind(password)
            .bind(&text)
            .execute(&mut *write)
            .await?;
        one(&done, StoreError::NotFound)?;
        sqlx::query(
            "UPDATE account SET failures = 0, locked_until = 0 WHERE id = $1
             AND NOT EXISTS (SELECT 1 FROM second_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL)",
        )
        .bind(&text)
        .execute(&mut *write)
        .await?;
        sqlx::query("DELETE FROM half_session WHERE account_id = $1")
            .bind(&text)
            .execute(&mut *write)
            .await?;
        let rows =
            sqlx::query("DELETE FROM session WHERE account_id = $1 RETURNING id AS session_id")
                .bind(&text)
                .fetch_all(&mut *write)
                .await?;
        let record = NewRecord {
            subject: Some(account),
            ..NewRecord::of(now, account, AuditAction::PasswordReset)
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        crate::session::names(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};

    const MINUTE: i64 = 60_000;

    #[tokio::test]
    async fn a_link_is_sent_once_a_pause_and_its_token_holds_once_and_for_its_time() {
        on_each(|database| async move {
            let (owner, other) = (account(&database).await, account(&database).await);
            let ask = |who: Uuid, at: i64| {
                let database = database.clone();
                async move {
                    database
                        .ask_reset(who, "mau@example.vn", "Mẫu", 5 * MINUTE, Timestamp(at))
                        .await
                        .expect("asked")
                }
            };
            assert!(ask(owner, MINUTE).await);
            assert!(!ask(owner, 2 * MINUTE).await, "too soon");
            assert!(ask(other, 2 * MINUTE).await, "somebody else");
            assert!(ask(owner, 6 * MINUTE).await);
            let mails = database.due_mails(Timestamp(6 * MINUTE), MINUTE, 10).await;
            let mails = mails.expect("read");
            assert_eq!(mails.len(), 3);
            assert_eq!(
                (mails[0].account, &mails[0].about),
                (owner, &MailAbout::Account(AccountMail::PasswordReset))
            );

            let set = |token: &'static str, until: i64| {
                let database = database.clone();
                async move {
                    let set = database.set_reset_token(owner, token, Timestamp(until));
                    set.await.expect("set");
                }
            };
            set("first", 40 * MINUTE).await;
            set("second", 41 * MINUTE).await;
            let reset = |token: &'static str, at: i64| {
                let database = database.clone();
                async move { database.reset_password(token, "fresh", Timestamp(at)).await }
            };
            let lost = |result| matches!(result, Err(StoreError::NotFound));
            assert!(
                lost(reset("first", 7 * MINUTE).await),
                "a newer one was sent"
            );
            assert!(lost(reset("second", 41 * MINUTE).await), "too late");
            assert_eq!(
                database
                    .reset_of("second", Timestamp(0))
                    .await
                    .expect("whose"),
                owner
            );
            reset("second", 40 * MINUTE).await.expect("set");
            assert!(lost(reset("second", 40 * MINUTE).await), "used");
            let changed = database.stored_account(owner).await.expect("there");
            assert_eq!(changed.password, "fresh");
            let kept = database.stored_account(other).await.expect("there");
            assert_ne!(kept.password, "fresh");
        })
        .await;
    }

    #[tokio::test]
    async fn a_new_password_opens_a_locked_account_only_where_no_codes_are_asked_for() {
        on_each(|database| async move {
            for with_codes in [false, true] {
                let owner = account(&database).await;
                let (now, until) = (Timestamp(10), Timestamp(1_000_000));
                if with_codes {
                    database
                        .offer_second_factor(owner, "sealed", now)
                        .await
                        .expect("offered");
                    database
                        .confirm_second_factor(owner, "sealed", 1, &[], Uuid::nil(), now)
                        .await
                        .expect("confirmed");
                }
                for _ in 0..5 {
                    database
                        .begin_try(owner, until, now)
                        .await
                        .expect("counted");
                }
                database
                    .ask_reset(owner, "mau@example.vn", "Mẫu", 0, now)
                    .await
                    .expect("asked");
                let token = format!("token {with_codes}");
                database
                    .set_reset_token(owner, &token, until)
                    .await
                    .expect("set");
                database
                    .reset_password(&token, "fresh", now)
                    .await
                    .expect("set");
                let open = database.begin_try(owner, until, now).await.is_ok();
                assert_eq!(open, !with_codes);
                let factor = database.second_factor(owner).await.expect("read");
                assert_eq!(factor.is_some(), with_codes, "it stays");
            }
        })
        .await;
    }
}
