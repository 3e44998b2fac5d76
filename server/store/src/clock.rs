//! What happens to work and to terms when the machine's clock jumps. All instances note what their clocks say in one row, so that a jump
//! is seen also when it happened while the portal was down.
//!
//! *Back*: what is due at a moment, and leases, would wait until the clock has caught up; they are moved back as far as the clock
//! went. Being looked at too early harms nothing, since a moved lease is one that does not count any more. *Ahead*: terms that
//! seem to be over are not: nothing is erased because of its age before the clock has gone on evenly for a day.

use crate::database::{Database, StoreError};
use contract::value::Timestamp;
use sqlx::Row as _;

/// Clocks of instances may be apart so far, in milliseconds, and a note may come so late.
const APART_MS: i64 = 60_000;
/// A clock that went on by more than this between two notes jumped, or the portal was down; in milliseconds.
const AHEAD_MS: i64 = 3_600_000;
/// For how long it has to go on evenly before anything is erased, in milliseconds.
const STEADY_MS: i64 = 24 * 3_600_000;

/// Work that is due at a moment: a table and its column, whose largest value says "never".
const DUE: [(&str, &str); 4] = [
    ("signing", "next_poll_at"),
    ("mail", "next_at"),
    ("hook_message", "next_at"),
    ("online_payment", "next_at"),
];

/// What the clock did since it was noted last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// It went on.
    Even,
    /// It went back so far, in milliseconds; what was due was moved.
    Back(i64),
    /// It went ahead so far, in milliseconds, or nobody noted it for so long.
    Ahead(i64),
}

impl Database {
    /// Notes what the clock says, and mends what a jump did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_clock(&self, now: Timestamp) -> Result<Clock, StoreError> {
        let mut write = self.write().await?;
        // The row is held from here on: two instances do not move the same twice.
        sqlx::query(
            "INSERT INTO clock (id, latest, steady_since) VALUES (1, $1, $1) ON CONFLICT (id) DO UPDATE SET id = 1",
        )
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        let latest: i64 = sqlx::query("SELECT latest FROM clock WHERE id = 1")
            .fetch_one(&mut *write)
            .await?
            .try_get("latest")?;
        let clock = match now.0.saturating_sub(latest) {
            apart if apart < -APART_MS => Clock::Back(apart.saturating_neg()),
            apart if apart > AHEAD_MS => Clock::Ahead(apart),
            _ => Clock::Even,
        };
        if let Clock::Back(by) = clock {
            for (table, column) in DUE {
                // Names of our own, no one's words.
                let move_back = sqlx::AssertSqlSafe(format!(
                    "UPDATE {table} SET {column} = {column} - $1 WHERE {column} > $2 AND {column} < $3"
                ));
                sqlx::query(move_back)
                    .bind(by)
                    .bind(now.0)
                    .bind(crate::signing::NEVER)
                    .execute(&mut *write)
                    .await?;
            }
        }
        let text = match clock {
            // Behind another instance by what clocks may be apart: the later one stands.
            Clock::Even => {
                "UPDATE clock SET latest = CASE WHEN latest > $1 THEN latest ELSE $1 END WHERE id = 1"
            }
            Clock::Back(_) | Clock::Ahead(_) => {
                "UPDATE clock SET latest = $1, steady_since = $1 WHERE id = 1"
            }
        };
        sqlx::query(text).bind(now.0).execute(&mut *write).await?;
        write.commit().await?;
        Ok(clock)
    }

    /// Whether the clock has gone on evenly for long enough that what is too old may be erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_clock_steady(&self, now: Timestamp) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT latest, steady_since FROM clock WHERE id = 1")
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(false) };
        let (latest, since): (i64, i64) = (row.try_get("latest")?, row.try_get("steady_since")?);
        // A jump that nobody has noted yet is none that can be relied on either.
        let noted = now.0.saturating_sub(latest).saturating_abs() <= AHEAD_MS;
        Ok(noted && now.0.saturating_sub(since) >= STEADY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};
    use crate::{AccountMail, MailAbout};

    const BEGUN: i64 = 1_800_000_000_000;
    const HOUR: i64 = 3_600_000;

    #[tokio::test]
    async fn work_that_is_due_later_is_moved_back_as_far_as_the_clock_went() {
        on_each(|database| async move {
            let note = async |at| database.note_clock(Timestamp(at)).await.expect("noted");
            assert_eq!(note(BEGUN).await, Clock::Even);
            let account = account(&database).await;
            let about = serde_json::to_string(&MailAbout::Account(AccountMail::PasswordReset))
                .expect("json");
            let mut write = database.write().await.expect("write");
            let queued = crate::mail::queue(
                &mut write,
                account,
                "mau@example.vn",
                "Nguyễn Văn Mẫu",
                &about,
                Timestamp(BEGUN),
            );
            queued.await.expect("queued");
            write.commit().await.expect("committed");
            // Somebody has it, and ends without a word.
            let due = async |at| {
                let due = database.due_mails(Timestamp(at), 40_000, 9).await;
                due.expect("read").len()
            };
            assert_eq!((due(BEGUN).await, due(BEGUN + 1).await), (1, 0));
            // Ten hours back: the lease would be over in ten hours and forty seconds.
            let back = BEGUN - 10 * HOUR;
            assert_eq!(due(back + 50_000).await, 0);
            assert_eq!(note(back).await, Clock::Back(10 * HOUR));
            assert_eq!((due(back).await, due(back + 40_000).await), (0, 1));
            // What is a little behind another instance moves nothing.
            assert_eq!(note(back - 30_000).await, Clock::Even);
            assert_eq!(note(back - APART_MS - 1).await, Clock::Back(APART_MS + 1));
        })
        .await;
    }

    #[tokio::test]
    async fn a_look_that_never_comes_is_not_moved() {
        on_each(|database| async move {
            database.note_clock(Timestamp(BEGUN)).await.expect("noted");
            let before = database.backlog(Timestamp(BEGUN)).await.expect("counted");
            let back = Timestamp(BEGUN - HOUR);
            database.note_clock(back).await.expect("noted");
            assert_eq!(database.backlog(back).await.expect("counted"), before);
        })
        .await;
    }

    #[tokio::test]
    async fn nothing_is_erased_before_the_clock_went_on_evenly_for_a_day() {
        on_each(|database| async move {
            let steady = async |at| {
                let is = database.is_clock_steady(Timestamp(at)).await;
                is.expect("read")
            };
            assert!(!steady(BEGUN).await, "never noted");
            let mut at = BEGUN;
            for _ in 0..24 {
                database.note_clock(Timestamp(at)).await.expect("noted");
                assert!(!steady(at).await);
                at += HOUR;
            }
            database.note_clock(Timestamp(at)).await.expect("noted");
            assert!(steady(at).await);
            // A year ahead, noted or not.
            let year = at + 365 * 24 * HOUR;
            assert!(!steady(year).await);
            let jumped = database.note_clock(Timestamp(year)).await;
            assert_eq!(jumped.expect("noted"), Clock::Ahead(365 * 24 * HOUR));
            assert!(!steady(year).await);
            // And back again: that is a jump too.
            database.note_clock(Timestamp(at)).await.expect("noted");
            assert!(!steady(at).await);
        })
        .await;
    }
}
