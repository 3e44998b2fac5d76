//! Numbers of dossiers by agency, procedure and day.

use crate::database::{Database, StoreError};
use contract::statistics::Figures;
use contract::value::Timestamp;
use sqlx::Row as _;

/// Figures of one agency, procedure and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFigures {
    /// Agency.
    pub agency: String,
    /// Code of the procedure.
    pub procedure: String,
    /// Day of submission since 1970 in Vietnam.
    pub day: i64,
    /// Figures.
    pub figures: Figures,
}

impl Database {
    /// Counts what was submitted since a moment, as it stands now. Reads every such dossier: not for every request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<DayFigures>, StoreError> {
        // Ends are looked for in the order of the national rule. `COUNT` and not `SUM`, which PostgreSQL gives as a decimal.
        let rows = sqlx::query(
            "SELECT agency, procedure, day, COUNT(*) AS received,
             COUNT(CASE WHEN done_at <= due_at AND asked <= 1 THEN 1 END) AS on_time,
             COUNT(CASE WHEN done_at IS NOT NULL AND (done_at > due_at OR asked > 1) THEN 1 END) AS late,
             COUNT(CASE WHEN done_at IS NULL AND due_at < $1 AND status IN ('received', 'processing', 'payment-requested') THEN 1 END) AS overdue,
             COUNT(CASE WHEN status = 'refused' THEN 1 END) AS refused,
             COUNT(CASE WHEN asked > 0 THEN 1 END) AS supplemented,
             COUNT(CASE WHEN signed_files > 0 THEN 1 END) AS signed
             FROM (SELECT agency, procedure, (submitted_at + 25200000) / 86400000 AS day, status, due_at, signed_files,
                   (SELECT MIN(at) FROM dossier_event WHERE dossier_id = dossier.id AND dossier_event.status IN ('done', 'returned')) AS done_at,
                   (SELECT COUNT(*) FROM supplement WHERE dossier_id = dossier.id AND supplement.state <> 'taken-back') AS asked
                   FROM dossier WHERE code IS NOT NULL AND submitted_at >= $2) AS counted
             GROUP BY agency, procedure, day",
        )
        .bind(now.0)
        .bind(since.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let number = |column: &str| -> Result<u64, StoreError> {
                    u64::try_from(row.try_get::<i64, _>(column)?)
                        .map_err(|_| StoreError::Malformed("count"))
                };
                Ok(DayFigures {
                    agency: row.try_get("agency")?,
                    procedure: row.try_get("procedure")?,
                    day: row.try_get("day")?,
                    figures: Figures {
                        received: number("received")?,
                        on_time: number("on_time")?,
                        late: number("late")?,
                        overdue: number("overdue")?,
                        refused: number("refused")?,
                        supplemented: number("supplemented")?,
                        signed: number("signed")?,
                    },
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::{changed, submitted};
    use crate::testing::{account, on_each};
    use contract::dossier::DossierStatus as S;

    #[tokio::test]
    async fn what_was_done_by_its_day_is_on_time_and_what_waits_beyond_it_overdue() {
        on_each(|database| async move {
            let owner = account(&database).await;
            for (due, states) in [
                (99, &[S::Received, S::Processing, S::Done][..]),
                (10, &[S::Received, S::Processing, S::Done][..]),
                (10, &[S::Received][..]),
                (0, &[S::Refused][..]),
            ] {
                let id = submitted(&database, owner).await;
                for state in states {
                    let due = (*state == S::Received).then_some(Timestamp(due));
                    changed(&database, id, *state, due).await;
                }
            }
            let found = database
                .figures(Timestamp(0), Timestamp(1000))
                .await
                .expect("counted");
            let mut total = Figures::default();
            found.iter().for_each(|day| total.add(&day.figures));
            let wanted = Figures {
                received: 4,
                on_time: 1,
                late: 1,
                overdue: 1,
                refused: 1,
                ..Figures::default()
            };
            assert_eq!(total, wanted);
            let none = database.figures(Timestamp(i64::MAX), Timestamp(0)).await;
            assert!(none.expect("counted").is_empty());
        })
        .await;
    }
}
