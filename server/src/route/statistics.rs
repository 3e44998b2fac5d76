//! `/api/statistics` for everybody and `/api/officer/statistics` for who leads, administers or audits: the last twelve months.

use crate::identity::Officer;
use crate::problem::Answer;
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::State;
use contract::date::Date;
use contract::right::{Action, Grant, duties};
use contract::statistics::{Figures, FiguresOf, PublicStatistics, Reason, Spread, Statistics};
use contract::value::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::DayFigures;

const DAY_MS: i64 = 86_400_000;
/// Everybody is told the same numbers for so long: counting reads every dossier.
const FRESH_MS: i64 = 5 * 60_000;

/// What was counted last.
#[derive(Default)]
pub struct Counted(tokio::sync::Mutex<Option<Arc<Count>>>);

/// The figures of the last twelve months, and what everybody may know of them.
struct Count {
    days: Vec<DayFigures>,
    public: PublicStatistics,
}

/// The numbers, counted at most once in five minutes; who comes meanwhile waits for the same count.
async fn counted(portal: &Portal) -> Answer<Arc<Count>> {
    let now = now();
    let mut last = portal.counted.0.lock().await;
    if let Some(count) = last
        .as_ref()
        .filter(|count| now.0 - count.public.at.0 < FRESH_MS)
    {
        return Ok(count.clone());
    }
    let first = Date::in_vietnam(now).plus_months(-11);
    let first = Date::new(first.year(), first.month(), 1).unwrap_or(first);
    let since = Timestamp(first.noon().0 - DAY_MS / 2);
    let days = portal.database.figures(since, now).await?;
    let all: Vec<&DayFigures> = days.iter().collect();
    let public = PublicStatistics {
        at: now,
        total: total(&all),
        spread: spread(&all),
        months: by(&all, |day| month(day.day)),
    };
    let count = Arc::new(Count { days, public });
    *last = Some(count.clone());
    Ok(count)
}

fn month(day: i64) -> String {
    let date = Date::in_vietnam(Timestamp(day * DAY_MS));
    format!("{:04}-{:02}", date.year(), date.month())
}

/// Sums by a name.
fn by(days: &[&DayFigures], name: impl Fn(&DayFigures) -> String) -> Vec<FiguresOf> {
    let mut groups: BTreeMap<String, Vec<&DayFigures>> = BTreeMap::new();
    for day in days {
        groups.entry(name(day)).or_default().push(day);
    }
    groups
        .into_iter()
        .map(|(name, days)| FiguresOf {
            name,
            figures: total(&days),
            spread: spread(&days),
        })
        .collect()
}

/// How long those took that were done.
fn spread(days: &[&DayFigures]) -> Option<Spread> {
    Spread::of(
        days.iter()
            .flat_map(|day| day.minutes.iter().copied())
            .collect(),
    )
}

/// Why dossiers were refused, the most frequent reason first.
fn refusals(days: &[&DayFigures]) -> Vec<Reason> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, number) in days.iter().flat_map(|day| &day.refusals) {
        *sums.entry(name).or_default() += number;
    }
    let mut list: Vec<Reason> = sums
        .into_iter()
        .map(|(name, number)| Reason {
            name: name.to_owned(),
            number,
        })
        .collect();
    list.sort_by_key(|reason| std::cmp::Reverse(reason.number));
    list
}

fn total(days: &[&DayFigures]) -> Figures {
    let mut total = Figures::default();
    for day in days {
        total.add(&day.figures);
    }
    total
}

/// What everybody may know.
pub async fn everybody(State(portal): State<Portal>) -> Answer<Json<PublicStatistics>> {
    Ok(Json(counted(&portal).await?.public.clone()))
}

/// Of the agencies whose statistics somebody may read.
pub async fn show(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Statistics>> {
    rights::desk(&account, Action::Statistics)?;
    let count = counted(&portal).await?;
    let at = count.public.at;
    let reads = |grant: &Grant| duties(Action::Statistics, None).contains(&grant.duty);
    let grants: Vec<&Grant> = account.grants.iter().filter(|grant| reads(grant)).collect();
    let days: Vec<&DayFigures> = count
        .days
        .iter()
        .filter(|day| {
            grants
                .iter()
                .any(|grant| grant.covers(&day.agency, &day.procedure))
        })
        .collect();
    let most_first = |mut list: Vec<FiguresOf>| {
        list.sort_by_key(|of| std::cmp::Reverse(of.figures.received));
        list
    };
    let current = portal.current();
    let field = |day: &DayFigures| {
        current.catalogue.find(&day.procedure).map_or_else(
            || day.procedure.clone(),
            |known| known.summary.field.clone(),
        )
    };
    Ok(Json(Statistics {
        at,
        total: total(&days),
        spread: spread(&days),
        refusals: refusals(&days),
        agencies: most_first(by(&days, |day| day.agency.clone())),
        fields: most_first(by(&days, field)),
        months: by(&days, |day| month(day.day)),
    }))
}
