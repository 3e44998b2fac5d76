//! Uploads in pieces: how far each came. Two who send the same file at the same time do not disturb each other: a piece counts only
//! where the row says that it is awaited.

use crate::database::{Database, StoreError, uuid};
use contract::value::{Sha256, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// An upload that is not a file of the portal yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Whose.
    pub account: Uuid,
    /// Digest of the whole, as announced.
    pub sha256: Sha256,
    /// Length of the whole in bytes, as announced.
    pub size: u64,
    /// Bytes that are here.
    pub received: u64,
    /// The pieces were joined and their digest is right.
    pub whole: bool,
}

/// How much one account may have under way.
#[derive(Debug, Clone, Copy)]
pub struct UploadBounds {
    /// Files.
    pub files: u64,
    /// Bytes, as announced.
    pub bytes: u64,
}

fn number(row: &AnyRow, column: &str) -> Result<u64, StoreError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Malformed("size"))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn upload(row: &AnyRow) -> Result<Upload, StoreError> {
    Ok(Upload {
        account: uuid(&row.try_get::<String, _>("account_id")?)?,
        sha256: Sha256::try_from(row.try_get::<String, _>("sha256")?)
            .map_err(|_| StoreError::Malformed("digest"))?,
        size: number(row, "size")?,
        received: number(row, "received")?,
        whole: row.try_get::<i64, _>("whole")? == 1,
    })
}

impl Database {
    /// Begins an upload, or finds it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was announced with another size, [`StoreError::TooMany`] beyond the bounds.
    pub async fn begin_upload(
        &self,
        account: Uuid,
        sha256: Sha256,
        size: u64,
        bounds: UploadBounds,
        now: Timestamp,
    ) -> Result<Upload, StoreError> {
        let mut write = self.write().await?;
        let known = sqlx::query("SELECT * FROM upload WHERE account_id = $1")
            .bind(account.to_string())
            .fetch_all(&mut *write)
            .await?
            .iter()
            .map(upload)
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(found) = known.iter().find(|upload| upload.sha256 == sha256) {
            return if found.size == size {
                Ok(*found)
            } else {
                Err(StoreError::Conflict)
            };
        }
        let files = u64::try_from(known.len()).unwrap_or(u64::MAX);
        let bytes: u64 = known.iter().map(|upload| upload.size).sum();
        if files >= bounds.files || bytes.saturating_add(size) > bounds.bytes {
            return Err(StoreError::TooMany);
        }
        sqlx::query(
            "INSERT INTO upload (account_id, sha256, size, received, whole, updated_at) VALUES ($1, $2, $3, 0, 0, $4)
             ON CONFLICT (account_id, sha256) DO NOTHING",
        )
        .bind(account.to_string())
        .bind(sha256.to_string())
        .bind(signed(size))
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        self.upload(account, sha256).await
    }

    /// An upload under way.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn upload(&self, account: Uuid, sha256: Sha256) -> Result<Upload, StoreError> {
        let row = sqlx::query("SELECT * FROM upload WHERE account_id = $1 AND sha256 = $2")
            .bind(account.to_string())
            .bind(sha256.to_string())
            .fetch_optional(&self.pool)
            .await?;
        upload(&row.ok_or(StoreError::NotFound)?)
    }

    /// Counts a piece that is in the object store under `name`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another piece is awaited: this one does not count.
    pub async fn add_part(
        &self,
        of: &Upload,
        begins_at: u64,
        size: u64,
        name: Uuid,
        now: Timestamp,
    ) -> Result<Upload, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE upload SET received = received + $1, updated_at = $2
             WHERE account_id = $3 AND sha256 = $4 AND received = $5 AND received + $1 <= size AND whole = 0",
        )
        .bind(signed(size))
        .bind(now.0)
        .bind(of.account.to_string())
        .bind(of.sha256.to_string())
        .bind(signed(begins_at))
        .execute(&mut *write)
        .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        sqlx::query(
            "INSERT INTO upload_part (account_id, sha256, begins_at, name) VALUES ($1, $2, $3, $4)",
        )
        .bind(of.account.to_string())
        .bind(of.sha256.to_string())
        .bind(signed(begins_at))
        .bind(name.to_string())
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(Upload {
            received: begins_at + size,
            ..*of
        })
    }

    /// The pieces of an upload in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts(&self, of: &Upload) -> Result<Vec<Uuid>, StoreError> {
        sqlx::query(
            "SELECT name FROM upload_part WHERE account_id = $1 AND sha256 = $2 ORDER BY begins_at",
        )
        .bind(of.account.to_string())
        .bind(of.sha256.to_string())
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| uuid(&row.try_get::<String, _>("name")?))
        .collect()
    }

    /// Notes that the pieces were joined; they are not needed any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn joined(&self, of: &Upload) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("UPDATE upload SET whole = 1 WHERE account_id = $1 AND sha256 = $2")
            .bind(of.account.to_string())
            .bind(of.sha256.to_string())
            .execute(&mut *write)
            .await?;
        sqlx::query("DELETE FROM upload_part WHERE account_id = $1 AND sha256 = $2")
            .bind(of.account.to_string())
            .bind(of.sha256.to_string())
            .execute(&mut *write)
            .await?;
        Ok(write.commit().await?)
    }

    /// Forgets an upload: it was kept, given up or wrong.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_upload(&self, account: Uuid, sha256: Sha256) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        for table in ["upload_part", "upload"] {
            let delete = format!("DELETE FROM {table} WHERE account_id = $1 AND sha256 = $2");
            sqlx::query(sqlx::AssertSqlSafe(delete))
                .bind(account.to_string())
                .bind(sha256.to_string())
                .execute(&mut *write)
                .await?;
        }
        Ok(write.commit().await?)
    }

    /// Uploads that nobody went on with since `before`; a hundred at a time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn abandoned_uploads(&self, before: Timestamp) -> Result<Vec<Upload>, StoreError> {
        sqlx::query("SELECT * FROM upload WHERE updated_at < $1 ORDER BY updated_at LIMIT 100")
            .bind(before.0)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(upload)
            .collect()
    }

    /// What opens an account's data on its devices; `fresh` becomes it when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn device_secret(
        &self,
        account: Uuid,
        fresh: &[u8; 32],
        now: Timestamp,
    ) -> Result<[u8; 32], StoreError> {
        sqlx::query(
            "INSERT INTO device_secret (account_id, secret, made_at) VALUES ($1, $2, $3) ON CONFLICT (account_id) DO NOTHING",
        )
        .bind(account.to_string())
        .bind(hex::encode(fresh))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        let row = sqlx::query("SELECT secret FROM device_secret WHERE account_id = $1")
            .bind(account.to_string())
            .fetch_one(&self.pool)
            .await?;
        let mut secret = [0; 32];
        hex::decode_to_slice(row.try_get::<String, _>("secret")?, &mut secret)
            .map_err(|_| StoreError::Malformed("secret"))?;
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};

    const BOUNDS: UploadBounds = UploadBounds {
        files: 2,
        bytes: 100,
    };
    const NOW: Timestamp = Timestamp(1000);

    #[tokio::test]
    async fn a_piece_counts_where_it_is_awaited_and_nowhere_else() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let digest = Sha256([7; 32]);
            let begun = database
                .begin_upload(owner, digest, 10, BOUNDS, NOW)
                .await
                .expect("begun");
            let add = |at, size| {
                let database = database.clone();
                async move {
                    database
                        .add_part(&begun, at, size, Uuid::new_v4(), NOW)
                        .await
                }
            };
            assert_eq!(add(0, 4).await.expect("counted").received, 4);
            for (at, size) in [(0, 4), (5, 1), (4, 7)] {
                assert!(
                    matches!(add(at, size).await, Err(StoreError::Conflict)),
                    "{at} {size}"
                );
            }
            // Two at the same time: one counts.
            let (one, other) = tokio::join!(add(4, 6), add(4, 6));
            assert!(one.is_ok() != other.is_ok());
            let found = database
                .begin_upload(owner, digest, 10, BOUNDS, NOW)
                .await
                .expect("found");
            assert_eq!((found.received, found.whole), (10, false));
            assert_eq!(database.parts(&found).await.expect("parts").len(), 2);
            database.joined(&found).await.expect("joined");
            assert!(database.upload(owner, digest).await.expect("there").whole);
            assert!(matches!(add(10, 0).await, Err(StoreError::Conflict)));
            let stranger = account(&database).await;
            let theirs = database.upload(stranger, digest).await;
            assert!(matches!(theirs, Err(StoreError::NotFound)));
            database.end_upload(owner, digest).await.expect("ended");
            let gone = database.upload(owner, digest).await;
            assert!(matches!(gone, Err(StoreError::NotFound)));
        })
        .await;
    }

    #[tokio::test]
    async fn an_account_has_so_much_under_way_and_no_more() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let begin = |name: u8, size| {
                let database = database.clone();
                async move {
                    database
                        .begin_upload(owner, Sha256([name; 32]), size, BOUNDS, NOW)
                        .await
                }
            };
            begin(1, 60).await.expect("begun");
            assert!(matches!(begin(2, 41).await, Err(StoreError::TooMany)));
            assert!(matches!(begin(1, 61).await, Err(StoreError::Conflict)));
            begin(2, 40).await.expect("begun");
            begin(2, 40).await.expect("the same again");
            assert!(matches!(begin(3, 0).await, Err(StoreError::TooMany)));
            let old = database.abandoned_uploads(Timestamp(1001)).await;
            assert_eq!(old.expect("asked").len(), 2);
            let none = database.abandoned_uploads(NOW).await.expect("asked");
            assert_eq!(none, []);
        })
        .await;
    }

    #[tokio::test]
    async fn an_account_keeps_its_device_secret() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let first = database.device_secret(owner, &[1; 32], NOW).await;
            let again = database.device_secret(owner, &[2; 32], NOW).await;
            assert_eq!(first.expect("made"), [1; 32]);
            assert_eq!(again.expect("kept"), [1; 32]);
        })
        .await;
    }
}
