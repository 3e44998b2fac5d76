//! The numbers beside the filters: one statement, each number read from an index and not counted beyond a bound.

use super::Scope;
use super::query::scope;
use super::sql::Sql;
use crate::database::{Database, StoreError, as_word};
use contract::dossier::DossierStatus;
use contract::inbox::{COUNT_MAX, Count, Deadline, InboxCounts, ON_DESK};
use contract::value::Timestamp;
use sqlx::Row as _;

/// States behind the desk.
const OVER: [DossierStatus; 4] = [
    DossierStatus::Returned,
    DossierStatus::Refused,
    DossierStatus::Withdrawn,
    DossierStatus::Stopped,
];
/// Rows that are looked at for one number. Where the scope leaves out most of them the number is "so many or more".
const LOOKED_AT: i64 = 1001;

impl Database {
    /// How much there is, by state and deadline, of what the scope sees.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inbox_counts(
        &self,
        within: &Scope,
        now: Timestamp,
    ) -> Result<InboxCounts, StoreError> {
        let mut counts = InboxCounts::default();
        if within.parts.is_empty() {
            counts.states = ON_DESK
                .into_iter()
                .chain(OVER)
                .map(|status| (status, Count::default()))
                .collect();
            counts.deadlines = Deadline::ALL.map(|class| (class, Count::default())).into();
            return Ok(counts);
        }
        let mut sql = Sql::default();
        let mut wanted = Vec::new();
        let mut part = |sql: &mut Sql, condition: &mut dyn FnMut(&mut Sql)| {
            if !wanted.is_empty() {
                sql.push(" UNION ALL ");
            }
            wanted.push(());
            let at = i64::try_from(wanted.len()).unwrap_or(0);
            // Looked at is what the index gives for the agencies; the procedures are compared on these.
            sql.push("SELECT CAST(")
                .number(at)
                .push(" AS BIGINT) AS part, COUNT(*) AS looked_at, COALESCE(SUM(CASE WHEN 1 = 1");
            scope(sql, within);
            sql.push(" THEN 1 ELSE 0 END), 0) AS number FROM (SELECT agency, procedure FROM inbox WHERE ");
            condition(sql);
            if let Some(agencies) = within.agencies() {
                sql.push(" AND agency IN ").list(agencies);
            }
            sql.push(" LIMIT ").number(LOOKED_AT).push(") AS looked");
        };
        for status in ON_DESK.into_iter().chain(OVER) {
            let word = as_word(&status)?;
            part(&mut sql, &mut |sql| {
                sql.push("status = ").text(word.clone());
            });
        }
        for class in Deadline::ALL {
            let (from, before) = class.bounds(now);
            part(&mut sql, &mut |sql| {
                sql.push("on_desk = 1 AND due_key >= ")
                    .number(from.0)
                    .push(" AND due_key < ")
                    .number(before.0);
            });
        }
        part(&mut sql, &mut |sql| {
            sql.push("on_desk = 1");
        });
        let rows = sql.all(&self.pool).await?;
        let mut numbers = vec![Count::default(); wanted.len()];
        for row in &rows {
            let at = usize::try_from(row.try_get::<i64, _>("part")?).unwrap_or(0);
            let looked: i64 = row.try_get("looked_at")?;
            // SUM is BIGINT of BIGINT on SQLite and of INT on PostgreSQL.
            let number: i64 = row.try_get("number")?;
            if let Some(slot) = at.checked_sub(1).and_then(|at| numbers.get_mut(at)) {
                *slot = Count {
                    number: u64::try_from(number).unwrap_or(0).min(COUNT_MAX),
                    more: looked >= LOOKED_AT,
                };
            }
        }
        let mut numbers = numbers.into_iter();
        let mut next = || numbers.next().unwrap_or_default();
        for status in ON_DESK.into_iter().chain(OVER) {
            counts.states.push((status, next()));
        }
        for class in Deadline::ALL {
            counts.deadlines.push((class, next()));
        }
        counts.open = next();
        Ok(counts)
    }
}
