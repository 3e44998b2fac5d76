//! Lists of dossiers: one's own, the officers' inbox, and one by its code.

use super::summary;
use crate::database::{Database, StoreError, as_word, word};
use contract::dossier::{DossierStatus, DossierSummary};
use contract::value::{DossierCode, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// What an officer asks the inbox for.
#[derive(Debug, Clone, Default)]
pub struct InboxQuery {
    /// Only this status.
    pub status: Option<DossierStatus>,
    /// Folded words; all of them must occur.
    pub search: String,
    /// Only what was submitted before this moment and id (keyset).
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

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

    /// One page of submitted dossiers, newest first, and how many there are by status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inbox(
        &self,
        query: &InboxQuery,
    ) -> Result<(Vec<DossierSummary>, Vec<(DossierStatus, u64)>), StoreError> {
        let status = query
            .status
            .as_ref()
            .map(as_word)
            .transpose()?
            .unwrap_or_default();
        let escaped = query
            .search
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = format!("%{}%", escaped.split(' ').collect::<Vec<_>>().join("%"));
        let (before, before_id) = query
            .before
            .map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id));
        let rows = sqlx::query(
            "SELECT * FROM dossier WHERE code IS NOT NULL AND ($1 = '' OR status = $1) AND search LIKE $2 ESCAPE '\\'
             AND (submitted_at < $3 OR (submitted_at = $3 AND id < $4)) ORDER BY submitted_at DESC, id DESC LIMIT $5",
        )
        .bind(status)
        .bind(pattern)
        .bind(before)
        .bind(before_id.to_string())
        .bind(query.limit)
        .fetch_all(&self.pool)
        .await?;
        let list = rows
            .iter()
            .filter_map(|row| summary(row).transpose())
            .collect::<Result<_, _>>()?;
        let counts = sqlx::query(
            "SELECT status, COUNT(*) AS number FROM dossier WHERE code IS NOT NULL GROUP BY status",
        )
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok((
                word(row.try_get("status")?)?,
                u64::try_from(row.try_get::<i64, _>("number")?).unwrap_or(0),
            ))
        })
        .collect::<Result<_, StoreError>>()?;
        Ok((list, counts))
    }
}
