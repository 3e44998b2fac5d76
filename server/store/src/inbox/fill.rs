//! What the inbox needs when a database is opened: an order of letters that both databases agree on, and rows of dossiers that were
//! submitted before there was an inbox.

use super::row::enter;
use crate::database::{Database, StoreError, uuid};
use sqlx::Row as _;

/// Dossiers of one transaction.
const AT_ONCE: i64 = 200;

/// Brings an opened database up to date.
pub(crate) async fn fill(database: &Database) -> Result<(), StoreError> {
    if !database.is_sqlite() {
        order_by_bytes(database).await?;
    }
    let to_fill = "SELECT last FROM code_counter WHERE unit = '' AND day = 'inbox-to-fill'";
    if sqlx::query(to_fill)
        .fetch_optional(&database.pool)
        .await?
        .is_none()
    {
        return Ok(());
    }
    loop {
        let mut write = database.write().await?;
        let rows = sqlx::query(
            "SELECT id FROM dossier WHERE code IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.dossier_id = dossier.id)
             ORDER BY submitted_at, id LIMIT $1",
        )
        .bind(AT_ONCE)
        .fetch_all(&mut *write)
        .await?;
        if rows.is_empty() {
            sqlx::query("DELETE FROM code_counter WHERE unit = '' AND day = 'inbox-to-fill'")
                .execute(&mut *write)
                .await?;
            return Ok(write.commit().await?);
        }
        for row in &rows {
            enter(&mut write, uuid(&row.try_get::<String, _>("id")?)?).await?;
        }
        write.commit().await?;
    }
}

/// Words are looked up by their beginning, which needs the order of bytes; PostgreSQL sorts by the database's language unless told.
async fn order_by_bytes(database: &Database) -> Result<(), StoreError> {
    let other = sqlx::query(
        "SELECT 1 AS one FROM information_schema.columns WHERE table_schema = current_schema() AND collation_name IS DISTINCT FROM 'C'
         AND ((table_name = 'inbox_word' AND column_name = 'word') OR (table_name = 'inbox' AND column_name = 'name_key'))",
    )
    .fetch_optional(&database.pool)
    .await?;
    if other.is_some() {
        let mut write = database.write().await?;
        for change in [
            "ALTER TABLE inbox_word ALTER COLUMN word TYPE TEXT COLLATE \"C\"",
            "ALTER TABLE inbox ALTER COLUMN name_key TYPE TEXT COLLATE \"C\"",
        ] {
            sqlx::query(change).execute(&mut *write).await?;
        }
        write.commit().await?;
    }
    Ok(())
}
