//! One's own dossiers, and one by its code.

use super::summary;
use crate::database::{Database, StoreError};
use contract::dossier::DossierSummary;
use contract::value::DossierCode;
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// An account's submitted dossiers, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dossiers_of(&self, owner: Uuid) -> Result<Vec<DossierSummary>, StoreError> {
        let rows = sqlx::query("SELECT * FROM dossier WHERE account_id = $1 AND code IS NOT NULL ORDER BY submitted_at DESC, id DESC LIMIT 500")
            .bind(owner.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .filter_map(|row| summary(row).transpose())
            .collect()
    }

    /// A dossier by its code.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn dossier_by_code(
        &self,
        code: &DossierCode,
    ) -> Result<(DossierSummary, String), StoreError> {
        let row = sqlx::query("SELECT * FROM dossier WHERE code = $1")
            .bind(code.as_str())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok((
            summary(&row)?.ok_or(StoreError::NotFound)?,
            row.try_get("agency")?,
        ))
    }
}
