//! Files that nothing refers to, and how one is deleted although somebody may put the same bytes again in that moment.
//!
//! A file is named by its digest, so that it may be announced anew at any time. Whoever puts one claims it first
//! ([`Database::claim_file`]); whoever deletes one holds the row of the claim until the file is gone ([`Database::delete_unused`]). So
//! a claim either comes first and the file stays, or waits and the bytes are written after the deletion.

use crate::backup::schema::{self, Table};
use crate::database::{Database, StoreError};
use crate::files::{FileError, Files};
use contract::value::{Sha256, Timestamp};
use sqlx::Row as _;
use std::collections::BTreeSet;

/// Every place that refers to a file, as a condition on a row with a `sha256`. What was only announced refers to nothing: else who
/// knows a digest could keep somebody else's file from being deleted.
const REFERENCES: [(&str, &str); 6] = [
    // Files of dossiers, also replaced ones, and of answers to supplement requests.
    ("attachment", ""),
    ("kept", " AND verdict IS NOT NULL"),
    ("result_file", ""),
    ("receipt", ""),
    ("slip", ""),
    // One that is whole and was moved into place a moment ago.
    ("upload", " AND whole = 1"),
];
/// Asks for the digests of all files that rows name and that are in their place (of an upload that is whole the file may not be there
/// yet), in a database that has these tables: one that is copied may be older than this program.
pub(crate) fn named_files(tables: &[Table]) -> String {
    let there = |name: &str| name != "upload" && tables.iter().any(|table| table.name == name);
    let asked: Vec<String> = REFERENCES
        .iter()
        .filter(|(table, _)| there(table))
        .map(|(table, condition)| format!("SELECT sha256 FROM {table} WHERE 1 = 1{condition}"))
        .collect();
    asked.join(" UNION ")
}

/// Most files that are looked up in one question.
pub const LOOKED_UP_MAX: usize = 200;

impl Database {
    /// Claims a file before its bytes are put: it is not deleted until its claim is old and nothing refers to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_file(&self, digest: &Sha256, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO file_claim (sha256, claimed_at) VALUES ($1, $2)
             ON CONFLICT (sha256) DO UPDATE SET claimed_at = excluded.claimed_at",
        )
        .bind(digest.to_string())
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Claims every file that rows name, so that all of them stay while they are copied.
    pub(crate) async fn claim_all(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        let tables = schema::tables(&mut connection, self.is_sqlite()).await?;
        // Before there were claims nothing was swept.
        if !tables.iter().any(|table| table.name == "file_claim") {
            return Ok(());
        }
        let claim = format!(
            "INSERT INTO file_claim (sha256, claimed_at) SELECT sha256, $1 FROM ({}) AS named WHERE 1 = 1
             ON CONFLICT (sha256) DO UPDATE SET claimed_at = excluded.claimed_at",
            named_files(&tables)
        );
        sqlx::query(sqlx::AssertSqlSafe(claim))
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Those of at most [`LOOKED_UP_MAX`] files that nothing refers to at this moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unused_files(&self, files: &[Sha256]) -> Result<Vec<Sha256>, StoreError> {
        let files = files.get(..LOOKED_UP_MAX).unwrap_or(files);
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=files.len()).map(|place| format!("${place}")).collect();
        let places = places.join(", ");
        let asked: Vec<String> = REFERENCES
            .iter()
            .map(|(table, condition)| {
                format!("SELECT sha256 FROM {table} WHERE sha256 IN ({places}){condition}")
            })
            .collect();
        let text = sqlx::AssertSqlSafe(asked.join(" UNION "));
        let mut query = sqlx::query(text);
        for digest in files {
            query = query.bind(digest.to_string());
        }
        let used = query
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                Sha256::try_from(row.try_get::<String, _>("sha256")?)
                    .map_err(|_| StoreError::Malformed("digest"))
            })
            .collect::<Result<BTreeSet<_>, _>>()?;
        let unused = files.iter().filter(|digest| !used.contains(digest));
        Ok(unused.copied().collect())
    }

    /// Deletes a file that nothing refers to and nobody claimed since `before`; whether it did.
    ///
    /// # Errors
    /// When the database or the file store fails.
    pub async fn delete_unused(
        &self,
        files: &Files,
        digest: &Sha256,
        before: Timestamp,
    ) -> Result<bool, FileError> {
        let name = digest.to_string();
        let mut write = self.write().await?;
        // A file from before claims has no row; a row has to be there to be held.
        sqlx::query("INSERT INTO file_claim (sha256, claimed_at) VALUES ($1, 0) ON CONFLICT (sha256) DO NOTHING")
            .bind(&name)
            .execute(&mut *write)
            .await
            .map_err(StoreError::from)?;
        let nobody: Vec<String> = REFERENCES
            .iter()
            .map(|(table, condition)| {
                format!("NOT EXISTS (SELECT 1 FROM {table} WHERE sha256 = $1{condition})")
            })
            .collect();
        let delete = format!(
            "DELETE FROM file_claim WHERE sha256 = $1 AND claimed_at < $2 AND {}",
            nobody.join(" AND ")
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(delete))
            .bind(&name)
            .bind(before.0)
            .execute(&mut *write)
            .await
            .map_err(StoreError::from)?;
        if done.rows_affected() != 1 {
            write.rollback().await.map_err(StoreError::from)?;
            return Ok(false);
        }
        // While the row is held: a claim of the same file waits here, and its bytes are written afterwards.
        files.delete(digest).await?;
        write.commit().await.map_err(StoreError::from)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
