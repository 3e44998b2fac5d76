//! Supplement requests, and the answer to an open one before its files are here.

use super::{StoredAttachment, attachment};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use contract::supplement::{Supplement, SupplementAnswer, SupplementState};
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// A dossier's supplement requests, oldest first, and the announced answer to the open one.
    pub(super) async fn supplements(
        &self,
        dossier: Uuid,
    ) -> Result<(Vec<Supplement>, Option<SupplementAnswer>), StoreError> {
        let rows =
            sqlx::query("SELECT * FROM supplement WHERE dossier_id = $1 ORDER BY asked_at, id")
                .bind(dossier.to_string())
                .fetch_all(&self.pool)
                .await?;
        let mut announced = None;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let request = Supplement {
                id: uuid(&row.try_get::<String, _>("id")?)?,
                items: serde_json::from_str(&row.try_get::<String, _>("items")?)?,
                asked_at: Timestamp(row.try_get("asked_at")?),
                asked_by: row.try_get("asked_by")?,
                due_at: Timestamp(row.try_get("due_at")?),
                state: word(row.try_get("state")?)?,
                answered_at: row.try_get::<Option<i64>, _>("answered_at")?.map(Timestamp),
                before: word(row.try_get("before_status")?)?,
            };
            if request.state == SupplementState::Open {
                announced = row
                    .try_get::<Option<String>, _>("answer")?
                    .map(|text| serde_json::from_str(&text))
                    .transpose()?;
            }
            list.push(request);
        }
        Ok((list, announced))
    }

    /// Announces the answer to the open request, or announces it anew; what is there already of it. Files of an earlier
    /// announcement that are not in this one any more are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the request is not open any more.
    pub async fn announce_supplement(
        &self,
        dossier: Uuid,
        answer: &SupplementAnswer,
        before: Option<&SupplementAnswer>,
    ) -> Result<Vec<StoredAttachment>, StoreError> {
        let mut write = self.write().await?;
        // The row is taken first, as by whoever notes a file that arrived: none of an earlier announcement comes in between.
        sqlx::query("UPDATE dossier SET files = files WHERE id = $1")
            .bind(dossier.to_string())
            .execute(&mut *write)
            .await?;
        let done = sqlx::query(
            "UPDATE supplement SET answer = $1 WHERE id = $2 AND dossier_id = $3 AND state = $4",
        )
        .bind(serde_json::to_string(answer)?)
        .bind(answer.request.to_string())
        .bind(dossier.to_string())
        .bind(as_word(&SupplementState::Open)?)
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        let rows = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
            .bind(dossier.to_string())
            .fetch_all(&mut *write)
            .await?;
        let mut here = Vec::with_capacity(rows.len());
        for row in &rows {
            let arrived = attachment(row)?;
            let of_before = before.is_some_and(|before| {
                let mut files = before.attachments.iter();
                files.any(|file| file.id == arrived.id)
            });
            if of_before && !answer.attachments.iter().any(|file| arrived.is(file)) {
                sqlx::query("DELETE FROM attachment WHERE dossier_id = $1 AND id = $2")
                    .bind(dossier.to_string())
                    .bind(arrived.id.to_string())
                    .execute(&mut *write)
                    .await?;
            } else {
                here.push(arrived);
            }
        }
        write.commit().await?;
        Ok(here)
    }
}
