//! One's own dossiers, and one by its code.

use super::summary;
use crate::database::{Database, StoreError};
use contract::dossier::{DOSSIERS_PAGE, DossierSummary};
use contract::value::DossierCode;
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// An account's submitted dossiers, newest first: a page of [`DOSSIERS_PAGE`], the first or what comes behind one of them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the account has no such dossier to go on behind.
    pub async fn dossiers_of(
        &self,
        owner: Uuid,
        behind: Option<Uuid>,
    ) -> Result<Vec<DossierSummary>, StoreError> {
        self.at_most_of(owner, behind, DOSSIERS_PAGE).await
    }

    pub(super) async fn at_most_of(
        &self,
        owner: Uuid,
        behind: Option<Uuid>,
        most: usize,
    ) -> Result<Vec<DossierSummary>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let query = match behind {
            None => sqlx::query("SELECT * FROM dossier WHERE account_id = $1 AND code IS NOT NULL ORDER BY submitted_at DESC, id DESC LIMIT $2")
                .bind(owner.to_string())
                .bind(most),
            Some(id) => {
                let at: i64 = sqlx::query("SELECT submitted_at FROM dossier WHERE id = $1 AND account_id = $2 AND code IS NOT NULL")
                    .bind(id.to_string())
                    .bind(owner.to_string())
                    .fetch_optional(&self.pool)
                    .await?
                    .ok_or(StoreError::NotFound)?
                    .try_get("submitted_at")?;
                sqlx::query("SELECT * FROM dossier WHERE account_id = $1 AND code IS NOT NULL AND (submitted_at, id) < ($3, $4) ORDER BY submitted_at DESC, id DESC LIMIT $2")
                    .bind(owner.to_string())
                    .bind(most)
                    .bind(at)
                    .bind(id.to_string())
            }
        };
        let rows = query.fetch_all(&self.pool).await?;
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
