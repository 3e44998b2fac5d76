//! Submission: the code and the first status.

use super::life::tell;
use super::{Submission, attachment, summary};
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError};
use contract::audit::AuditAction;
use contract::dossier::{DossierEvent, DossierManifest, DossierStatus, DossierSummary};
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// Gives a complete dossier its code and its first status; asking again gives the same line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Conflict`] when it was announced anew meanwhile with files that are not here.
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
            "UPDATE dossier SET code = $1, status = 'new', submitted_at = $2, version = version + 1
             WHERE id = $3 AND account_id = $4 AND code IS NULL RETURNING manifest",
        )
        .bind(&code)
        .bind(submission.now.0)
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(&mut *write)
        .await?;
        if let Some(row) = done {
            let manifest: DossierManifest =
                serde_json::from_str(&row.try_get::<String, _>("manifest")?)?;
            let arrived = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
                .bind(id.to_string())
                .fetch_all(&mut *write)
                .await?
                .iter()
                .map(attachment)
                .collect::<Result<Vec<_>, _>>()?;
            let is_here = |file| arrived.iter().any(|one| one.is(file));
            if !manifest.attachments.iter().all(is_here) {
                return Err(StoreError::Conflict);
            }
            crate::inbox::enter(&mut write, id).await?;
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
            let record = NewRecord {
                dossier: Some(id),
                ..NewRecord::of(submission.now, owner, AuditAction::DossierSubmitted)
            };
            append(&mut write, &record).await?;
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
