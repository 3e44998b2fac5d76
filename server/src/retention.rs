//! Dossiers are kept as long as their procedure says (`[retention]`), and erased then. A procedure that says nothing keeps them.

use crate::problem::Answer;
use crate::state::{Portal, now};
use anyhow::Result;
use contract::date::Date;
use contract::dossier::DossierStatus;
use contract::procedure::Retention;
use contract::value::Timestamp;
use std::process::ExitCode;
use store::{OverDossier, StoreError};

/// Most that are erased at a time.
const AT_ONCE: u32 = 100;
/// Most that are listed.
const LISTED: u32 = 10_000;
/// How a dossier ends that ran to its end.
const ENDED: &[DossierStatus] = &[
    DossierStatus::Refused,
    DossierStatus::Done,
    DossierStatus::Returned,
];
/// How one ends before.
const WITHDRAWN: &[DossierStatus] = &[DossierStatus::Withdrawn, DossierStatus::Stopped];

/// States, and before which moment a dossier has to have come into one of them.
fn terms(retention: &Retention, now: Timestamp) -> Vec<(&'static [DossierStatus], Timestamp)> {
    let today = Date::in_vietnam(now);
    let ago = |months: i32| today.plus_months(-months).noon();
    let years = retention.ended_years.map(|years| i32::from(years) * 12);
    let months = retention.withdrawn_months.map(i32::from);
    [(ENDED, years), (WITHDRAWN, months)]
        .into_iter()
        .filter_map(|(states, months)| Some((states, ago(months?))))
        .collect()
}

async fn over(portal: &Portal, now: Timestamp, most: u32) -> Result<Vec<OverDossier>, StoreError> {
    let mut found = Vec::new();
    let current = portal.current();
    for procedure in current.catalogue.all() {
        let Some(retention) = &procedure.retention else {
            continue;
        };
        for (states, before) in terms(retention, now) {
            let code = &procedure.summary.code;
            let some = portal.database.over_dossiers(code, states, before, most);
            found.extend(some.await?);
        }
    }
    Ok(found)
}

/// Erases some dossiers whose term is over; how many.
///
/// # Errors
/// When the database fails.
pub async fn erase(portal: &Portal, now: Timestamp) -> Answer<u32> {
    let mut erased = 0;
    for dossier in over(portal, now, AT_ONCE).await? {
        erased += u32::from(portal.database.erase_dossier(&dossier, now).await?);
    }
    Ok(erased)
}

/// `server retention`: tells which they are, and erases them unless it is a try.
///
/// # Errors
/// When the database fails.
pub async fn run(portal: &Portal, dry_run: bool) -> Result<ExitCode> {
    let now = now();
    let found = over(portal, now, LISTED).await?;
    for dossier in &found {
        let ended = Date::in_vietnam(dossier.ended_at);
        println!(
            "{} {} {:?} {:04}-{:02}-{:02}",
            dossier.code,
            dossier.procedure,
            dossier.status,
            ended.year(),
            ended.month(),
            ended.day()
        );
    }
    let mut erased = 0_u32;
    if !dry_run {
        for dossier in &found {
            erased += u32::from(portal.database.erase_dossier(dossier, now).await?);
        }
    }
    println!("{} are over their term, {erased} were erased", found.len());
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_counted_by_the_calendar_and_what_is_not_said_is_for_ever() {
        let day = |year, month, day| Date::new(year, month, day).expect("a day").noon();
        let today = day(2026, 11, 26);
        assert_eq!(terms(&Retention::default(), today), []);
        let both = Retention {
            ended_years: Some(10),
            withdrawn_months: Some(9),
        };
        let found = terms(&both, today);
        assert_eq!(
            found,
            [(ENDED, day(2016, 11, 26)), (WITHDRAWN, day(2026, 2, 26))]
        );
    }

    #[test]
    fn a_procedure_says_it_in_its_file() {
        let text = "ended_years = 10\nwithdrawn_months = 6";
        let read: Retention = toml::from_str(text).expect("read");
        assert_eq!(read.ended_years, Some(10));
        assert!(toml::from_str::<Retention>("years = 10").is_err());
    }
}
