//! A whole dossier.

use super::{StoredDossier, attachment, summary};
use crate::database::{Database, StoreError, uuid, word};
use contract::dossier::DossierEvent;
use contract::life::After;
use contract::value::{Dong, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// A whole dossier; `owner` limits it to that account's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn dossier(
        &self,
        owner: Option<Uuid>,
        id: Uuid,
    ) -> Result<StoredDossier, StoreError> {
        let row = sqlx::query("SELECT * FROM dossier WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        let account = uuid(&row.try_get::<String, _>("account_id")?)?;
        if owner.is_some_and(|owner| owner != account) {
            return Err(StoreError::NotFound);
        }
        let attachments = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
            .bind(id.to_string())
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(attachment)
            .collect::<Result<_, _>>()?;
        let events =
            sqlx::query("SELECT * FROM dossier_event WHERE dossier_id = $1 ORDER BY at, id")
                .bind(id.to_string())
                .fetch_all(&self.pool)
                .await?
                .iter()
                .map(|row| {
                    Ok(DossierEvent {
                        at: Timestamp(row.try_get("at")?),
                        actor: row.try_get("actor")?,
                        status: word(row.try_get("status")?)?,
                        note: row.try_get("note")?,
                    })
                })
                .collect::<Result<_, StoreError>>()?;
        let (supplements, answer) = self.supplements(id).await?;
        let results = self.results(id).await?;
        Ok(StoredDossier {
            after: After {
                supplements,
                former: serde_json::from_str(&row.try_get::<String, _>("former")?)?,
                results: results.iter().map(|result| result.file.clone()).collect(),
            },
            answer,
            results,
            id,
            account,
            manifest: serde_json::from_str(&row.try_get::<String, _>("manifest")?)?,
            definition: serde_json::from_str(&row.try_get::<String, _>("definition")?)?,
            summary: summary(&row)?,
            fee_total: Dong(row.try_get("fee_total")?),
            attachments,
            events,
            version: row.try_get("version")?,
            step: row
                .try_get::<Option<i64>, _>("step")?
                .and_then(|step| usize::try_from(step).ok()),
            step_due_at: row.try_get::<Option<i64>, _>("step_due_at")?.map(Timestamp),
            assignee: row
                .try_get::<Option<String>, _>("assignee")?
                .map(|text| uuid(&text))
                .transpose()?,
        })
    }
}
