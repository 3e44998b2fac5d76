//! What the inbox needs when a database is opened: an order of letters that both databases agree on, and rows of dossiers that were
//! submitted before there was an inbox.

use super::row::{enter, settle};
use crate::database::{Database, StoreError, uuid};
use contract::value::Timestamp;
use sqlx::Row as _;

/// Dossiers of one transaction.
const AT_ONCE: usize = if cfg!(test) { 7 } else { 200 };
/// Dossiers looked up at once, by their identifiers alone.
const LOOKED_UP: i64 = if cfg!(test) { 25 } else { 200_000 };

/// How long ago an instance of an earlier release may have been running beside this one, in milliseconds: a week.
const ROLLING_MS: i64 = 7 * 24 * 3_600_000;

impl Database {
    /// Mends what an instance that knows nothing of the inbox did during an upgrade: dossiers it took in get their rows, and rows of
    /// open dossiers whose state it changed are settled. How many there were of both.
    ///
    /// # Errors
    /// When the database fails; what was mended before stays.
    pub async fn mend_inbox(&self, now: Timestamp) -> Result<(usize, usize), StoreError> {
        let rows = sqlx::query(
            "SELECT id FROM dossier WHERE code IS NOT NULL AND submitted_at >= $1
             AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.dossier_id = dossier.id) ORDER BY submitted_at, id LIMIT $2",
        )
        .bind(now.0.saturating_sub(ROLLING_MS))
        .bind(LOOKED_UP)
        .fetch_all(&self.pool)
        .await?;
        for rows in rows.chunks(AT_ONCE) {
            let mut write = self.write().await?;
            for row in rows {
                enter(&mut write, uuid(&row.try_get::<String, _>("id")?)?).await?;
            }
            write.commit().await?;
        }
        let stale = sqlx::query(
            "SELECT inbox.dossier_id FROM inbox JOIN dossier ON dossier.id = inbox.dossier_id
             WHERE inbox.on_desk = 1 AND inbox.status <> dossier.status LIMIT $1",
        )
        .bind(LOOKED_UP)
        .fetch_all(&self.pool)
        .await?;
        for rows in stale.chunks(AT_ONCE) {
            let mut write = self.write().await?;
            for row in rows {
                settle(&mut write, uuid(&row.try_get::<String, _>("dossier_id")?)?).await?;
            }
            write.commit().await?;
        }
        Ok((rows.len(), stale.len()))
    }
}

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
        // Many at a time: no index has this order, so that each look reads all dossiers.
        let rows = sqlx::query(
            "SELECT id FROM dossier WHERE code IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.dossier_id = dossier.id)
             ORDER BY submitted_at, id LIMIT $1",
        )
        .bind(LOOKED_UP)
        .fetch_all(&database.pool)
        .await?;
        if rows.is_empty() {
            sqlx::query("DELETE FROM code_counter WHERE unit = '' AND day = 'inbox-to-fill'")
                .execute(&database.pool)
                .await?;
            return Ok(());
        }
        for rows in rows.chunks(AT_ONCE) {
            let mut write = database.write().await?;
            for row in rows {
                enter(&mut write, uuid(&row.try_get::<String, _>("id")?)?).await?;
            }
            write.commit().await?;
        }
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
