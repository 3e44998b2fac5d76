//! `Bộ lọc của tôi`: filters an officer saved.

use crate::database::{Database, StoreError, one, uuid};
use contract::inbox::{InboxFilter, SAVED_MAX, SavedFilter};
use contract::value::Timestamp;
use sqlx::Row as _;
use uuid::Uuid;

impl Database {
    /// An officer's saved filters, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inbox_filters(&self, officer: Uuid) -> Result<Vec<SavedFilter>, StoreError> {
        sqlx::query(
            "SELECT id, name, filter FROM inbox_filter WHERE account_id = $1 ORDER BY name, id",
        )
        .bind(officer.to_string())
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok(SavedFilter {
                id: uuid(&row.try_get::<String, _>("id")?)?,
                name: row.try_get("name")?,
                filter: serde_json::from_str(&row.try_get::<String, _>("filter")?)?,
            })
        })
        .collect()
    }

    /// Saves a filter; one of the same name is replaced.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] when there are [`SAVED_MAX`] others.
    pub async fn save_inbox_filter(
        &self,
        officer: Uuid,
        name: &str,
        filter: &InboxFilter,
        now: Timestamp,
    ) -> Result<SavedFilter, StoreError> {
        let mut write = self.write().await?;
        // The account's row is taken first: two windows do not save beyond the limit together.
        sqlx::query("UPDATE account SET failures = failures WHERE id = $1")
            .bind(officer.to_string())
            .execute(&mut *write)
            .await?;
        let others: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM inbox_filter WHERE account_id = $1 AND name <> $2",
        )
        .bind(officer.to_string())
        .bind(name)
        .fetch_one(&mut *write)
        .await?
        .try_get("number")?;
        if usize::try_from(others).unwrap_or(usize::MAX) >= SAVED_MAX {
            return Err(StoreError::TooMany);
        }
        let id: String = sqlx::query(
            "INSERT INTO inbox_filter (id, account_id, name, filter, saved_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (account_id, name) DO UPDATE SET filter = excluded.filter, saved_at = excluded.saved_at RETURNING id",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(officer.to_string())
        .bind(name)
        .bind(serde_json::to_string(filter)?)
        .bind(now.0)
        .fetch_one(&mut *write)
        .await?
        .try_get("id")?;
        write.commit().await?;
        Ok(SavedFilter {
            id: uuid(&id)?,
            name: name.to_owned(),
            filter: filter.clone(),
        })
    }

    /// Forgets a saved filter.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not this officer's.
    pub async fn remove_inbox_filter(&self, officer: Uuid, id: Uuid) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM inbox_filter WHERE id = $1 AND account_id = $2")
            .bind(id.to_string())
            .bind(officer.to_string())
            .execute(&self.pool)
            .await?;
        one(&done, StoreError::NotFound)
    }
}
