//! Files of the result that an agency returns.

use super::StoredResult;
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use contract::audit::AuditAction;
use contract::dossier::DossierStatus;
use contract::life::{RESULTS_MAX, ResultFile};
use contract::value::{FileName, Sha256, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// The files of a dossier's result, oldest first.
    pub(super) async fn results(&self, dossier: Uuid) -> Result<Vec<StoredResult>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM result_file WHERE dossier_id = $1 ORDER BY added_at, id")
                .bind(dossier.to_string())
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredResult {
                    file: ResultFile {
                        id: uuid(&row.try_get::<String, _>("id")?)?,
                        file_name: FileName::try_from(row.try_get::<String, _>("file_name")?)
                            .map_err(|_| StoreError::Malformed("file name"))?,
                        size: u64::try_from(row.try_get::<i64, _>("size")?)
                            .map_err(|_| StoreError::Malformed("size"))?,
                        verdict: word(row.try_get("verdict")?)?,
                        added_at: Timestamp(row.try_get("added_at")?),
                        hands: serde_json::from_str(&row.try_get::<String, _>("hands")?)?,
                    },
                    sha256: Sha256::try_from(row.try_get::<String, _>("sha256")?)
                        .map_err(|_| StoreError::Malformed("digest"))?,
                })
            })
            .collect()
    }

    /// Adds a file to the result while it is prepared; the same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the dossier is not being worked on any more, [`StoreError::TooMany`] when it has [`RESULTS_MAX`]
    /// others.
    pub async fn add_result(
        &self,
        dossier: Uuid,
        result: &StoredResult,
        (by, actor): (Uuid, &str),
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        prepared(&mut write, dossier).await?;
        // Counted while the dossier's row is held: of two that arrive together the second one counts the first.
        let others: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM result_file WHERE dossier_id = $1 AND id <> $2",
        )
        .bind(dossier.to_string())
        .bind(result.file.id.to_string())
        .fetch_one(&mut *write)
        .await?
        .try_get("number")?;
        if usize::try_from(others).unwrap_or(usize::MAX) >= RESULTS_MAX {
            return Err(StoreError::TooMany);
        }
        sqlx::query(
            "INSERT INTO result_file (dossier_id, id, file_name, sha256, size, verdict, added_at, added_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dossier_id, id) DO NOTHING",
        )
        .bind(dossier.to_string())
        .bind(result.file.id.to_string())
        .bind(result.file.file_name.as_str())
        .bind(result.sha256.to_string())
        .bind(i64::try_from(result.file.size).unwrap_or(i64::MAX))
        .bind(as_word(&result.file.verdict)?)
        .bind(result.file.added_at.0)
        .bind(actor)
        .execute(&mut *write)
        .await?;
        let record = NewRecord {
            dossier: Some(dossier),
            subject: Some(result.file.id),
            ..NewRecord::of(result.file.added_at, by, AuditAction::ResultAdded)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }

    /// Puts another form of a file of the result, signed or sealed, in its place, if it is still the one that was signed or sealed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is another file by now, or the dossier is not being worked on any more.
    pub async fn replace_result(
        &self,
        dossier: Uuid,
        before: &Sha256,
        result: &StoredResult,
        (by, action): (Uuid, AuditAction),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        prepared(&mut write, dossier).await?;
        let done = sqlx::query(
            "UPDATE result_file SET file_name = $1, sha256 = $2, size = $3, verdict = $4, hands = $5
             WHERE dossier_id = $6 AND id = $7 AND sha256 = $8",
        )
        .bind(result.file.file_name.as_str())
        .bind(result.sha256.to_string())
        .bind(i64::try_from(result.file.size).unwrap_or(i64::MAX))
        .bind(as_word(&result.file.verdict)?)
        .bind(serde_json::to_string(&result.file.hands)?)
        .bind(dossier.to_string())
        .bind(result.file.id.to_string())
        .bind(before.to_string())
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        let record = NewRecord {
            dossier: Some(dossier),
            subject: Some(result.file.id),
            ..NewRecord::of(now, by, action)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }

    /// Takes a file out of the result while it is prepared.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was returned already, [`StoreError::NotFound`].
    pub async fn remove_result(
        &self,
        dossier: Uuid,
        result: Uuid,
        by: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        prepared(&mut write, dossier).await?;
        let done = sqlx::query("DELETE FROM result_file WHERE dossier_id = $1 AND id = $2")
            .bind(dossier.to_string())
            .bind(result.to_string())
            .execute(&mut *write)
            .await?;
        one(&done, StoreError::NotFound)?;
        let record = NewRecord {
            dossier: Some(dossier),
            subject: Some(result),
            ..NewRecord::of(now, by, AuditAction::ResultRemoved)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }
}

/// Only a dossier that is worked on has a result to prepare. Its version grows: who saw another result does not return this one.
async fn prepared(
    write: &mut sqlx::Transaction<'static, sqlx::Any>,
    dossier: Uuid,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE dossier SET version = version + 1 WHERE id = $1 AND (status = $2 OR status = $3)",
    )
    .bind(dossier.to_string())
    .bind(as_word(&DossierStatus::Processing)?)
    .bind(as_word(&DossierStatus::Done)?)
    .execute(&mut **write)
    .await?;
    one(&done, StoreError::Conflict)
}
