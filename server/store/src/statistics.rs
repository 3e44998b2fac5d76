//! Numbers of dossiers by agency, procedure and day. The rule that judges them is `contract::statistics::ON_TIME`: the database only tells
//! what happened.

#[cfg(test)]
mod tests;

use crate::database::{Database, StoreError, word};
use contract::dossier::DossierStatus;
use contract::inbox::{Channel, clock_runs};
use contract::statistics::{Course, Figures, ON_TIME, Outcome, reason};
use contract::value::Timestamp;
use futures_util::TryStreamExt as _;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

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
    /// How many minutes each one took that was done, without waiting for the citizen.
    pub minutes: Vec<u32>,
    /// Why some were refused, and how often.
    pub refusals: BTreeMap<&'static str, u64>,
}

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
const VIETNAM_MS: i64 = 7 * 3_600_000;

/// What is read of a dossier.
struct Read {
    submitted_at: Timestamp,
    status: DossierStatus,
    course: Course,
    waited: i64,
    signed: bool,
    online: bool,
    has_result: bool,
    refusal: Option<String>,
}

impl Read {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        let time = |column: &str| -> Result<Option<Timestamp>, StoreError> {
            Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
        };
        let status: DossierStatus = word(row.try_get("status")?)?;
        let mut reached = Vec::new();
        for (state, column) in [
            (DossierStatus::Done, "done_at"),
            (DossierStatus::Returned, "returned_at"),
            (DossierStatus::Stopped, "stopped_at"),
            (DossierStatus::Refused, "refused_at"),
        ] {
            if let Some(at) = time(column)? {
                reached.push((state, at));
            }
        }
        Ok(Self {
            submitted_at: Timestamp(row.try_get("submitted_at")?),
            course: Course {
                due_at: time("due_at")?,
                reached,
                requests: u64::try_from(row.try_get::<i64, _>("asked")?).unwrap_or(0),
            },
            waited: row.try_get("waited")?,
            signed: row.try_get::<i64, _>("signed_files")? > 0,
            online: word::<Channel>(row.try_get("channel")?)? == Channel::Online,
            has_result: row.try_get::<i64, _>("results")? > 0,
            refusal: match status {
                DossierStatus::Refused => row.try_get("refusal")?,
                _ => None,
            },
            status,
        })
    }

    fn count(&self, into: &mut DayFigures, now: Timestamp) {
        let one = |is: bool| u64::from(is);
        let outcome = ON_TIME.outcome(&self.course);
        let done = self
            .course
            .reached
            .iter()
            .any(|(state, _)| matches!(state, DossierStatus::Done | DossierStatus::Returned));
        let past = self.course.due_at.is_some_and(|due| due < now);
        let ended = ON_TIME.ended(&self.course);
        into.figures.add(&Figures {
            received: 1,
            on_time: one(outcome == Outcome::OnTime),
            late: one(outcome == Outcome::Late),
            overdue: one(ended.is_none() && past && clock_runs(self.status)),
            refused: one(self.status == DossierStatus::Refused),
            supplemented: one(self.course.requests > 0),
            signed: one(self.signed),
            online: one(self.online),
            whole_online: one(self.online && done && self.has_result),
        });
        if let (true, Some(end)) = (done, ended) {
            let took = end.0 - self.submitted_at.0 - self.waited;
            let minutes = u32::try_from(took.max(0) / MINUTE_MS).unwrap_or(u32::MAX);
            into.minutes.push(minutes);
        }
        if let Some(note) = &self.refusal {
            *into.refusals.entry(reason(note)).or_default() += 1;
        }
    }
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
        // Each table is gone through once: looked up dossier by dossier it took 17 s of 200,000. What happened to a dossier happened after
        // it was submitted. `SUM` of BIGINT is a decimal on PostgreSQL.
        let mut rows = sqlx::query(
            "SELECT dossier.agency, dossier.procedure, dossier.submitted_at, dossier.status, dossier.due_at, dossier.signed_files, dossier.channel,
             happened.done_at, happened.returned_at, happened.stopped_at, happened.refused_at, happened.refusal,
             COALESCE(requests.asked, 0) AS asked, COALESCE(requests.waited, 0) AS waited, COALESCE(files.results, 0) AS results
             FROM dossier
             LEFT JOIN (SELECT dossier_id, MIN(CASE WHEN status = 'done' THEN at END) AS done_at,
                        MIN(CASE WHEN status = 'returned' THEN at END) AS returned_at, MIN(CASE WHEN status = 'stopped' THEN at END) AS stopped_at,
                        MIN(CASE WHEN status = 'refused' THEN at END) AS refused_at, MAX(CASE WHEN status = 'refused' THEN note END) AS refusal
                        FROM dossier_event WHERE at >= $1 AND status IN ('done', 'returned', 'stopped', 'refused') GROUP BY dossier_id) AS happened
             ON happened.dossier_id = dossier.id
             LEFT JOIN (SELECT dossier_id, COUNT(CASE WHEN state <> 'taken-back' THEN 1 END) AS asked,
                        CAST(COALESCE(SUM(answered_at - asked_at), 0) AS BIGINT) AS waited
                        FROM supplement WHERE asked_at >= $1 GROUP BY dossier_id) AS requests ON requests.dossier_id = dossier.id
             LEFT JOIN (SELECT dossier_id, COUNT(*) AS results FROM result_file WHERE added_at >= $1 GROUP BY dossier_id) AS files
             ON files.dossier_id = dossier.id
             WHERE dossier.code IS NOT NULL AND dossier.submitted_at >= $1",
        )
        .bind(since.0)
        .fetch(&self.pool);
        let mut days: BTreeMap<(String, String, i64), DayFigures> = BTreeMap::new();
        while let Some(row) = rows.try_next().await? {
            let read = Read::of(&row)?;
            let (agency, procedure): (String, String) =
                (row.try_get("agency")?, row.try_get("procedure")?);
            let day = (read.submitted_at.0 + VIETNAM_MS).div_euclid(DAY_MS);
            let of_day = days.entry((agency, procedure, day)).or_insert_with_key(
                |(agency, procedure, day)| DayFigures {
                    agency: agency.clone(),
                    procedure: procedure.clone(),
                    day: *day,
                    figures: Figures::default(),
                    minutes: Vec::new(),
                    refusals: BTreeMap::new(),
                },
            );
            read.count(of_day, now);
        }
        Ok(days.into_values().collect())
    }
}
