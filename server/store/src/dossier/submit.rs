//! Submission: the code and the first status.

use super::life::tell;
use super::{Submission, summary};
use crate::database::{Database, StoreError};
use contract::dossier::{DossierEvent, DossierStatus, DossierSummary};
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// Gives a complete dossier its code and its first status; asking again gives the same line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn submit_dossier(
        &self,
        owner: Uuid,
        id: Uuid,
        submission: &Submission<'_>,
    ) -> Result<DossierSummary, StoreError> {
        let mut write = self.write().await?;
        // The counter first: it is the row that two submissions of one unit and day wait for.
        let number: i64 = sqlx::query(
            "INSERT INTO code_counter (unit, day, last) VALUES ($1, $2, 1)
             ON CONFLICT (unit, day) DO UPDATE SET last = code_counter.last + 1 RETURNING last",
        )
        .bind(submission.unit)
        .bind(submission.day)
        .fetch_one(&mut *write)
        .await?
        .try_get("last")?;
        let code = format!("{}-{}-{number:04}", submission.unit, submission.day);
        let done = sqlx::query(
            "UPDATE dossier SET code = $1, status = 'new', submitted_at = $2, search = search || ' ' || $3, version = version + 1
             WHERE id = $4 AND account_id = $5 AND code IS NULL",
        )
        .bind(&code)
        .bind(submission.now.0)
        .bind(contract::fold::fold(&code))
        .bind(id.to_string())
        .bind(owner.to_string())
        .execute(&mut *write)
        .await?;
        if done.rows_affected() == 1 {
            tell(
                &mut write,
                id,
                &DossierEvent {
                    at: submission.now,
                    actor: submission.actor.to_owned(),
                    status: DossierStatus::New,
                    note: String::new(),
                },
                true,
            )
            .await?;
            write.commit().await?;
        } else {
            // Submitted before: the number that was just drawn is given back.
            write.rollback().await?;
        }
        let row = sqlx::query("SELECT * FROM dossier WHERE id = $1 AND account_id = $2")
            .bind(id.to_string())
            .bind(owner.to_string())
            .fetch_optional(&self.pool)
            .await?;
        summary(&row.ok_or(StoreError::NotFound)?)?.ok_or(StoreError::NotFound)
    }
}
