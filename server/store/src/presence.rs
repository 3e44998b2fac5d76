//! Officers who have the same dossier open right now. Kept in the database, because several instances share it.

use crate::database::{Database, StoreError};
use contract::presence::PresentOfficer;
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

/// Most others that are told: more would be no row of names any more.
const OTHERS_MAX: i64 = 20;

impl Database {
    /// Somebody has a dossier open; the others who said so after `gone`, who came first before the rest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn be_present(
        &self,
        dossier: Uuid,
        account: Uuid,
        now: Timestamp,
        gone: Timestamp,
    ) -> Result<Vec<PresentOfficer>, StoreError> {
        // Who was gone comes anew.
        sqlx::query(
            "INSERT INTO presence (dossier_id, account_id, since, seen_at) VALUES ($1, $2, $3, $3)
             ON CONFLICT (dossier_id, account_id) DO UPDATE SET
             since = CASE WHEN presence.seen_at > $4 THEN presence.since ELSE excluded.since END,
             seen_at = excluded.seen_at",
        )
        .bind(dossier.to_string())
        .bind(account.to_string())
        .bind(now.0)
        .bind(gone.0)
        .execute(&self.pool)
        .await?;
        let rows = sqlx::query(
            "SELECT account.name AS name, presence.since AS since
             FROM presence JOIN account ON account.id = presence.account_id
             WHERE presence.dossier_id = $1 AND presence.account_id <> $2 AND presence.seen_at > $3
             ORDER BY presence.since, presence.account_id LIMIT $4",
        )
        .bind(dossier.to_string())
        .bind(account.to_string())
        .bind(gone.0)
        .bind(OTHERS_MAX)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(PresentOfficer {
                    name: row.try_get("name")?,
                    since: Timestamp(row.try_get("since")?),
                })
            })
            .collect()
    }

    /// Somebody closed a dossier; nothing when they did not have it open.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leave(&self, dossier: Uuid, account: Uuid) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM presence WHERE dossier_id = $1 AND account_id = $2")
            .bind(dossier.to_string())
            .bind(account.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets everybody who did not say after `gone` that they are there; how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_gone(&self, gone: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM presence WHERE seen_at <= $1")
            .bind(gone.0)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::submitted;
    use crate::testing::{account, on_each};

    /// What one asks; who is silent for 60 is gone.
    async fn others(database: &Database, dossier: Uuid, account: Uuid, now: i64) -> Vec<i64> {
        let found = database
            .be_present(dossier, account, Timestamp(now), Timestamp(now - 60))
            .await
            .expect("there");
        assert!(found.iter().all(|one| one.name == "Nguyễn Văn Mẫu"));
        found.iter().map(|one| one.since.0).collect()
    }

    #[tokio::test]
    async fn who_has_the_same_dossier_open_sees_the_others_until_they_leave_or_fall_silent() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let (one, other) = (
                submitted(&database, owner).await,
                submitted(&database, owner).await,
            );
            let (an, binh, chi) = (
                account(&database).await,
                account(&database).await,
                account(&database).await,
            );
            let none: [i64; 0] = [];
            assert_eq!(others(&database, one, an, 100).await, none, "not oneself");
            assert_eq!(others(&database, other, chi, 101).await, none, "elsewhere");
            assert_eq!(others(&database, one, binh, 110).await, [100]);
            assert_eq!(others(&database, one, an, 120).await, [110]);
            assert_eq!(others(&database, one, chi, 130).await, [100, 110]);

            database.leave(one, binh).await.expect("left");
            database.leave(one, binh).await.expect("left already");
            assert_eq!(others(&database, one, an, 140).await, [130]);
            // Chi falls silent here, and comes back later: since then.
            assert_eq!(others(&database, one, an, 189).await, [130]);
            assert_eq!(others(&database, one, an, 190).await, none);
            assert_eq!(others(&database, one, chi, 200).await, [100]);
            assert_eq!(others(&database, one, an, 210).await, [200]);
        })
        .await;
    }

    #[tokio::test]
    async fn who_is_gone_is_forgotten_and_nobody_else() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let dossier = submitted(&database, owner).await;
            let (an, binh) = (account(&database).await, account(&database).await);
            others(&database, dossier, an, 100).await;
            others(&database, dossier, binh, 150).await;
            let forget = |gone| database.forget_gone(Timestamp(gone));
            assert_eq!(forget(99).await.expect("none"), 0);
            assert_eq!(forget(100).await.expect("one"), 1);
            assert_eq!(others(&database, dossier, an, 151).await, [150]);
            assert_eq!(forget(151).await.expect("both"), 2);
        })
        .await;
    }
}
