//! Searching the journal: filters that combine, keyset pages by number.

use crate::database::{Database, StoreError, as_word, uuid, word};
use contract::audit::{AuditAction, AuditRecord};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only by this account.
    pub actor: Option<Uuid>,
    /// Only to this dossier.
    pub dossier: Option<Uuid>,
    /// Only this.
    pub action: Option<AuditAction>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only smaller numbers.
    pub before: Option<i64>,
}

fn optional(row: &AnyRow, column: &str) -> Result<Option<Uuid>, StoreError> {
    match row.try_get::<String, _>(column)?.as_str() {
        "" => Ok(None),
        text => uuid(text).map(Some),
    }
}

impl Database {
    /// Records, newest first, with the names that officers bear now. Citizens stay without one: auditors look at what was done, and not
    /// at who turns to the administration.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        limit: i64,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        // Only the conditions that are asked for, so that each search has its index.
        let mut text = String::from(
            "SELECT audit.*, account.name AS actor_name, dossier.code AS dossier_code FROM audit
             LEFT JOIN account ON account.id = audit.actor AND account.role = 'officer' LEFT JOIN dossier ON dossier.id = audit.dossier
             WHERE audit.number < $1",
        );
        let (mut words, mut numbers) = (Vec::new(), Vec::new());
        let mut place = 1;
        for (column, value) in [
            ("actor", filter.actor.map(|id| id.to_string())),
            ("dossier", filter.dossier.map(|id| id.to_string())),
            ("action", filter.action.as_ref().map(as_word).transpose()?),
        ] {
            if let Some(value) = value {
                place += 1;
                text.push_str(&format!(" AND audit.{column} = ${place}"));
                words.push(value);
            }
        }
        for (comparison, at) in [(">=", filter.from), ("<", filter.until)] {
            if let Some(at) = at {
                place += 1;
                text.push_str(&format!(" AND audit.at {comparison} ${place}"));
                numbers.push(at.0);
            }
        }
        text.push_str(&format!(" ORDER BY audit.number DESC LIMIT ${}", place + 1));
        let mut query =
            sqlx::query(sqlx::AssertSqlSafe(text)).bind(filter.before.unwrap_or(i64::MAX));
        for value in words {
            query = query.bind(value);
        }
        for value in numbers {
            query = query.bind(value);
        }
        query
            .bind(limit)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                Ok(AuditRecord {
                    number: row.try_get("number")?,
                    at: Timestamp(row.try_get("at")?),
                    actor: optional(row, "actor")?,
                    action: word(row.try_get("action")?)?,
                    dossier: optional(row, "dossier")?,
                    subject: optional(row, "subject")?,
                    detail: row.try_get("detail")?,
                    hash: row.try_get("hash")?,
                    name: row
                        .try_get::<Option<String>, _>("actor_name")?
                        .unwrap_or_default(),
                    code: row
                        .try_get::<Option<String>, _>("dossier_code")?
                        .unwrap_or_default(),
                })
            })
            .collect()
    }
}
