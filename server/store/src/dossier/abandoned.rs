//! Dossiers that were announced and never submitted: what was sent for them is nobody's to keep.

use crate::database::{Database, StoreError};
use contract::value::Timestamp;
use sqlx::Row as _;

impl Database {
    /// Forgets at most `most` dossiers that were announced before a moment and not submitted; how many. Those of which nobody knows when
    /// they were announced were announced now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_announced(
        &self,
        before: Timestamp,
        now: Timestamp,
        most: u32,
    ) -> Result<u32, StoreError> {
        sqlx::query(
            "UPDATE dossier SET announced_at = $1 WHERE announced_at IS NULL AND code IS NULL",
        )
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        let old = sqlx::query(
            "SELECT id FROM dossier WHERE code IS NULL AND announced_at < $1 ORDER BY announced_at LIMIT $2",
        )
        .bind(before.0)
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await?;
        let mut forgotten = 0;
        for row in &old {
            let id: String = row.try_get("id")?;
            let mut write = self.write().await?;
            // Taken first, and asked once more: it may be submitted or announced anew in this moment.
            let taken = sqlx::query(
                "UPDATE dossier SET files = files WHERE id = $1 AND code IS NULL AND announced_at < $2",
            )
            .bind(&id)
            .bind(before.0)
            .execute(&mut *write)
            .await?;
            if taken.rows_affected() != 1 {
                continue;
            }
            for delete in [
                "DELETE FROM attachment WHERE dossier_id = $1",
                "DELETE FROM dossier WHERE id = $1",
            ] {
                sqlx::query(delete).bind(&id).execute(&mut *write).await?;
            }
            write.commit().await?;
            forgotten += 1;
        }
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::super::announce::ANNOUNCED_MAX;
    use super::super::tests::{TODAY, announced};
    use super::*;
    use crate::testing::{account, on_each};
    use contract::value::Sha256;

    #[tokio::test]
    async fn what_was_never_submitted_is_forgotten_in_its_time_and_nothing_else() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let (old, young, sent) = (announced(owner, "A"), announced(owner, "B"), announced(owner, "C"));
            for (new, at) in [(&old, 10), (&young, 20), (&sent, 10)] {
                let done = database.announce_dossier(new, Timestamp(at)).await;
                done.expect("announced");
                sqlx::query("INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($1, $1, $2, 1, 'valid')")
                    .bind(new.id.to_string())
                    .bind(Sha256([1; 32]).to_string())
                    .execute(&database.pool)
                    .await
                    .expect("a file");
            }
            let submitted = database.submit_dossier(owner, sent.id, &TODAY).await;
            submitted.expect("submitted");
            let forget = |before, now| {
                let database = database.clone();
                async move {
                    let done = database.forget_announced(Timestamp(before), Timestamp(now), 9).await;
                    done.expect("forgotten")
                }
            };
            assert_eq!(forget(10, 30).await, 0);
            assert_eq!(forget(20, 30).await, 1);
            let gone = database.dossier(None, old.id).await;
            assert!(matches!(gone, Err(StoreError::NotFound)));
            database.dossier(None, young.id).await.expect("young");
            database.dossier(None, sent.id).await.expect("submitted");
            // Of before anybody noted it: its time begins now.
            let unknown = announced(owner, "D");
            let done = database.announce_dossier(&unknown, Timestamp(1)).await;
            done.expect("announced");
            sqlx::query("UPDATE dossier SET announced_at = NULL WHERE id = $1")
                .bind(unknown.id.to_string())
                .execute(&database.pool)
                .await
                .expect("unknown");
            assert_eq!(forget(15, 40).await, 0);
            assert_eq!(forget(41, 50).await, 2);
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_announces_without_end() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let mut last = announced(owner, "A");
            for _ in 0..ANNOUNCED_MAX {
                last = announced(owner, "A");
                database
                    .announce_dossier(&last, Timestamp(5))
                    .await
                    .expect("announced");
            }
            let more = announced(owner, "A");
            let refused = database.announce_dossier(&more, Timestamp(5)).await;
            assert!(matches!(refused, Err(StoreError::TooMany)));
            database
                .announce_dossier(&last, Timestamp(5))
                .await
                .expect("the same again");
            database
                .submit_dossier(owner, last.id, &TODAY)
                .await
                .expect("submitted");
            database
                .announce_dossier(&more, Timestamp(5))
                .await
                .expect("there is room");
        })
        .await;
    }
}
