//! What the machine can do: a page by primary key and nothing else. Only measurements ask it, to stand beside the inbox.

use crate::database::{Database, StoreError};
use sqlx::Row as _;

impl Database {
    /// The numbers of so many rows of the inbox from one on, by primary key.
    ///
    /// # Errors
    /// When the database fails.
    #[doc(hidden)]
    pub async fn plain_page(&self, from: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
        sqlx::query("SELECT number, dossier_id, agency, status, due_key, name_key FROM inbox WHERE number >= $1 ORDER BY number LIMIT $2")
            .bind(from)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| Ok(row.try_get("number")?))
            .collect()
    }
}
