//! Erasing a dossier whose term is over. Everything that belongs to it goes in one transaction, found by the schema itself, so that a
//! table that comes later is not forgotten; its files are nobody's then, and are swept (`unused`). The journal keeps that it was
//! there, by number alone, and that it was erased; its chain holds.

use crate::audit::{NewRecord, append};
use crate::backup::schema::{self, Table};
use crate::database::{Database, StoreError, as_word, uuid, word};
use contract::audit::AuditAction;
use contract::dossier::{DossierManifest, DossierStatus};
use contract::value::Timestamp;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};
use uuid::Uuid;

/// A dossier whose term is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverDossier {
    /// Identifier.
    pub id: Uuid,
    /// Code.
    pub code: String,
    /// Code of its procedure.
    pub procedure: String,
    /// How it ended.
    pub status: DossierStatus,
    /// When the last thing happened to it.
    pub ended_at: Timestamp,
}

impl Database {
    /// Dossiers of a procedure that stand in one of these states, and to which nothing happened since `before`; oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn over_dossiers(
        &self,
        procedure: &str,
        statuses: &[DossierStatus],
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<OverDossier>, StoreError> {
        let places: Vec<String> = (0..statuses.len())
            .map(|place| format!("${}", place + 4))
            .collect();
        let asked = format!(
            "SELECT d.id, d.code, d.status, (SELECT MAX(e.at) FROM dossier_event e WHERE e.dossier_id = d.id) AS ended_at
             FROM inbox i JOIN dossier d ON d.id = i.dossier_id
             WHERE i.procedure = $1 AND i.submitted_at < $2 AND d.status IN ({})
               AND (SELECT MAX(e.at) FROM dossier_event e WHERE e.dossier_id = d.id) < $2
             ORDER BY i.submitted_at LIMIT $3",
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(asked))
            .bind(procedure)
            .bind(before.0)
            .bind(i64::from(most));
        for status in statuses {
            query = query.bind(as_word(status)?);
        }
        query
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                Ok(OverDossier {
                    id: uuid(&row.try_get::<String, _>("id")?)?,
                    code: row.try_get("code")?,
                    procedure: procedure.to_owned(),
                    status: word(row.try_get("status")?)?,
                    ended_at: Timestamp(row.try_get("ended_at")?),
                })
            })
            .collect()
    }

    /// Erases a dossier, if it still is as it was found; whether it did.
    ///
    /// # Errors
    /// When the database fails: then nothing of it is erased.
    pub async fn erase_dossier(
        &self,
        over: &OverDossier,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = over.id.to_string();
        let mut write = self.write().await?;
        // Held from here on: nothing happens to it in between.
        let held = sqlx::query(
            "UPDATE dossier SET files = files WHERE id = $1 AND status = $2
             AND (SELECT MAX(e.at) FROM dossier_event e WHERE e.dossier_id = dossier.id) = $3",
        )
        .bind(&id)
        .bind(as_word(&over.status)?)
        .bind(over.ended_at.0)
        .execute(&mut *write)
        .await?;
        if held.rows_affected() != 1 {
            write.rollback().await?;
            return Ok(false);
        }
        let tables = schema::tables(&mut write, self.is_sqlite()).await?;
        erase_signings(&mut write, &tables, &id).await?;
        sqlx::query(
            "DELETE FROM inbox_word WHERE number IN (SELECT number FROM inbox WHERE dossier_id = $1)",
        )
        .bind(&id)
        .execute(&mut *write)
        .await?;
        erase_rows(&mut write, &tables, "dossier_id", &id).await?;
        sqlx::query("DELETE FROM dossier WHERE id = $1")
            .bind(&id)
            .execute(&mut *write)
            .await?;
        let record = NewRecord {
            at: now,
            actor: None,
            action: AuditAction::DataErased,
            dossier: Some(over.id),
            subject: None,
            detail: &format!("procedure {}", over.procedure),
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(true)
    }
}

/// Deletes the rows of every table that has this column, those that refer to others first.
async fn erase_rows(
    write: &mut Transaction<'static, Any>,
    tables: &[Table],
    column: &str,
    value: &str,
) -> Result<(), StoreError> {
    for table in tables.iter().rev() {
        if table.columns.iter().any(|known| known.name == column) {
            let delete = format!("DELETE FROM \"{}\" WHERE {column} = $1", table.name);
            sqlx::query(AssertSqlSafe(delete))
                .bind(value)
                .execute(&mut **write)
                .await?;
        }
    }
    Ok(())
}

/// The signings of its files, except those of files that the person also keeps or handed in elsewhere.
async fn erase_signings(
    write: &mut Transaction<'static, Any>,
    tables: &[Table],
    id: &str,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT account_id, manifest FROM dossier WHERE id = $1")
        .bind(id)
        .fetch_one(&mut **write)
        .await?;
    let owner: String = row.try_get("account_id")?;
    let manifest: DossierManifest = serde_json::from_str(&row.try_get::<String, _>("manifest")?)?;
    for attachment in &manifest.attachments {
        for signing in &attachment.signings {
            let signing = signing.to_string();
            let elsewhere = sqlx::query(
                "SELECT 1 FROM dossier WHERE account_id = $1 AND id <> $2 AND (manifest LIKE $3 OR former LIKE $3)
                 UNION ALL SELECT 1 FROM kept WHERE account_id = $1 AND signings LIKE $3",
            )
            .bind(&owner)
            .bind(id)
            .bind(format!("%{signing}%"))
            .fetch_optional(&mut **write)
            .await?;
            if elsewhere.is_some() {
                continue;
            }
            erase_rows(write, tables, "signing_id", &signing).await?;
            sqlx::query("DELETE FROM signing WHERE id = $1 AND account_id = $2")
                .bind(&signing)
                .bind(&owner)
                .execute(&mut **write)
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::submitted;
    use crate::testing::{account, on_each};
    use contract::value::Sha256;

    const NOW: Timestamp = Timestamp(9_000_000_000_000);
    const ENDED: [DossierStatus; 2] = [DossierStatus::Returned, DossierStatus::Done];

    /// How many rows there are of a dossier, in all tables.
    async fn rows_of(database: &Database, id: Uuid) -> i64 {
        let mut connection = database.pool.acquire().await.expect("connection");
        let tables = schema::tables(&mut connection, database.is_sqlite()).await;
        let mut rows = 0;
        for table in tables.expect("asked") {
            if table
                .columns
                .iter()
                .any(|column| column.name == "dossier_id")
            {
                let count = format!(
                    "SELECT COUNT(*) AS n FROM \"{}\" WHERE dossier_id = $1",
                    table.name
                );
                let found = sqlx::query(AssertSqlSafe(count))
                    .bind(id.to_string())
                    .fetch_one(&mut *connection)
                    .await
                    .expect("counted");
                rows += found.get::<i64, _>("n");
            }
        }
        rows
    }

    #[tokio::test]
    async fn a_dossier_whose_term_is_over_is_erased_with_all_that_is_its_own_and_no_other() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let (gone, open) = (
                submitted(&database, owner).await,
                submitted(&database, owner).await,
            );
            let file = Sha256([5; 32]);
            for insert in [
                "INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($1, 'a', $2, 1, 'valid')",
                "INSERT INTO message (id, dossier_id, at, author, name, body) VALUES ('m', $1, 1, 'citizen', $2, 'x')",
                "INSERT INTO reminder (id, account_id, about, dossier_id, title, days_before) SELECT 'r', account_id, $2, id, '', 1 FROM dossier WHERE id = $1",
            ] {
                let done = sqlx::query(insert)
                    .bind(gone.to_string())
                    .bind(file.to_string())
                    .execute(&database.pool)
                    .await;
                done.unwrap_or_else(|error| panic!("{insert}: {error}"));
            }
            let over = async |before: i64| {
                let found = database.over_dossiers("1.001193", &ENDED, Timestamp(before), 9).await;
                found.expect("asked")
            };
            assert_eq!(over(i64::MAX).await, [], "nothing has ended");
            sqlx::query("UPDATE dossier SET status = 'returned' WHERE id = $1")
                .bind(gone.to_string())
                .execute(&database.pool)
                .await
                .expect("ended");
            let found = over(i64::MAX).await;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].id, gone);
            assert_eq!(over(found[0].ended_at.0).await, [], "its term is not over");
            // Something happens to it in between: it is not erased.
            let seen = OverDossier {
                ended_at: Timestamp(1),
                ..found[0].clone()
            };
            assert!(!database.erase_dossier(&seen, NOW).await.expect("asked"));
            let others = rows_of(&database, open).await;
            assert!(rows_of(&database, gone).await > 4 && others > 1);

            assert!(database.erase_dossier(&found[0], NOW).await.expect("erased"));
            assert_eq!(rows_of(&database, gone).await, 0);
            assert_eq!(rows_of(&database, open).await, others);
            let read = database.dossier(None, gone).await;
            assert!(matches!(read, Err(StoreError::NotFound)));
            database.dossier(None, open).await.expect("there");
            let unused = database.unused_files(&[file]).await.expect("asked");
            assert_eq!(unused, [file], "its file is nobody's");
            assert!(!database.erase_dossier(&found[0], NOW).await.expect("asked"));
            let chain = database.verify_audit(None).await.expect("followed");
            assert!(chain.broken.is_none());
            let told = sqlx::query("SELECT dossier, detail FROM audit WHERE action = 'data-erased'")
                .fetch_one(&database.pool)
                .await
                .expect("one record");
            assert_eq!(told.get::<String, _>("dossier"), gone.to_string());
            assert_eq!(told.get::<String, _>("detail"), "procedure 1.001193");
        })
        .await;
    }
}
