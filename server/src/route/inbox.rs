//! `/api/officer/inbox`: the list, its numbers, saved filters, and one act on many. Questions travel in bodies: what is searched for is
//! personal, and addresses are logged.

use crate::api::NoContent;
use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::route::{life, work};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::dossier::Decide;
use contract::inbox::{
    ActOnMany, ActedOnMany, AskInbox, BULK_ACTS, BULK_MAX, InboxCounts, InboxFilter, InboxPage,
    NAME_CHARS_MAX, PAGE, SEARCH_CHARS_MAX, SaveFilter, SavedFilter,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::{Action, EVERY, Grant, duties, works_on_dossiers};
use contract::session::Account;
use contract::value::ValueError;
use contract::work::{Colleague, DoWork, HandOver, WorkAct};
use store::{InboxQuery, Scope, ScopePart, StoreError};
use uuid::Uuid;

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

/// What an officer sees: the dossiers of every grant with which they may look at one.
fn scope(grants: &[Grant]) -> Scope {
    let named = |list: &[String]| (!list.iter().any(|one| one == EVERY)).then(|| list.to_vec());
    Scope {
        parts: grants
            .iter()
            .filter(|grant| duties(Action::View, None).contains(&grant.duty))
            .map(|grant| ScopePart {
                agencies: named(&grant.agencies),
                procedures: named(&grant.procedures),
            })
            .collect(),
    }
}

/// Bounds on what a filter may say, so that no question is a burden.
fn check(filter: &InboxFilter) -> Answer<()> {
    if filter.search.chars().count() > SEARCH_CHARS_MAX {
        return Err(wrong("/filter/search", ValueError::TooLong));
    }
    for (pointer, text) in [
        ("/filter/procedure", &filter.procedure),
        ("/filter/agency", &filter.agency),
    ] {
        if text
            .as_ref()
            .is_some_and(|text| text.chars().count() > SEARCH_CHARS_MAX)
        {
            return Err(wrong(pointer, ValueError::TooLong));
        }
    }
    Ok(())
}

/// A page of the list.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<AskInbox>, JsonRejection>,
) -> Answer<Json<InboxPage>> {
    let Json(asked) = body?;
    check(&asked.filter)?;
    crate::rights::looked(
        &portal,
        &account,
        contract::audit::AuditAction::DossiersSearched,
        None,
        None,
    )
    .await?;
    let rows = portal
        .database
        .inbox(InboxQuery {
            scope: &scope(&account.grants),
            officer: account.id,
            filter: &asked.filter,
            now: now(),
            after: asked.after.as_deref(),
            limit: PAGE,
        })
        .await
        .map_err(|error| match error {
            StoreError::Malformed("place") => wrong("/after", ValueError::Malformed),
            other => other.into(),
        })?;
    Ok(Json(InboxPage {
        lines: rows.lines,
        next: rows.next,
    }))
}

/// The numbers beside the filters.
pub async fn counts(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<InboxCounts>> {
    let scope = scope(&account.grants);
    Ok(Json(portal.database.inbox_counts(&scope, now()).await?))
}

/// `Bộ lọc của tôi`.
pub async fn filters(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Vec<SavedFilter>>> {
    Ok(Json(portal.database.inbox_filters(account.id).await?))
}

/// Saves a filter.
pub async fn save_filter(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<SaveFilter>, JsonRejection>,
) -> Answer<Json<SavedFilter>> {
    let Json(asked) = body?;
    check(&asked.filter)?;
    let name = asked.name.trim();
    if name.is_empty() {
        return Err(wrong("/name", ValueError::Required));
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(wrong("/name", ValueError::TooLong));
    }
    let saved = portal
        .database
        .save_inbox_filter(account.id, name, &asked.filter, now())
        .await?;
    Ok(Json(saved))
}

/// Forgets one.
pub async fn remove_filter(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<NoContent> {
    let Path(id) = id?;
    portal.database.remove_inbox_filter(account.id, id).await?;
    Ok(NoContent)
}

/// One act on many dossiers. Each goes the way a single one goes: its right, its state and its version are looked at by itself.
pub async fn act(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<ActOnMany>, JsonRejection>,
) -> Answer<Json<ActedOnMany>> {
    let Json(asked) = body?;
    if !BULK_ACTS.contains(&asked.act) {
        return Err(wrong("/act", ValueError::Malformed));
    }
    if asked.dossiers.is_empty() {
        return Err(wrong("/dossiers", ValueError::Required));
    }
    if asked.dossiers.len() > BULK_MAX {
        return Err(wrong("/dossiers", ValueError::TooLong));
    }
    let mut report = ActedOnMany::default();
    for (id, version) in &asked.dossiers {
        let decide = Decide {
            decision: asked.act,
            note: asked.note.clone(),
            version: *version,
        };
        match one(&portal, &account, *id, decide).await {
            Ok(()) => report.done.push(*id),
            Err(failure) => report.refused.push((*id, failure.code)),
        }
    }
    Ok(Json(report))
}

async fn one(portal: &Portal, account: &Account, id: Uuid, decide: Decide) -> Answer<()> {
    life::decide(
        State(portal.clone()),
        Officer(account.clone()),
        Ok(Path(id)),
        Ok(Json(decide)),
    )
    .await
    .map(|_| ())
}

/// Gives dossiers to somebody else. Each goes the way a single one goes, so that what was changed meanwhile is left out and told.
pub async fn hand_over(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<HandOver>, JsonRejection>,
) -> Answer<Json<ActedOnMany>> {
    let Json(asked) = body?;
    if asked.dossiers.is_empty() {
        return Err(wrong("/dossiers", ValueError::Required));
    }
    if asked.dossiers.len() > BULK_MAX {
        return Err(wrong("/dossiers", ValueError::TooLong));
    }
    let mut report = ActedOnMany::default();
    for (id, version) in asked.dossiers {
        let give = DoWork {
            act: WorkAct::Assign,
            note: asked.note.clone(),
            to: Some(asked.to),
            working_days: 0,
            version,
        };
        match work::perform(&portal, &account, id, &give).await {
            Ok(()) => report.done.push(id),
            Err(failure) => report.refused.push((id, failure.code)),
        }
    }
    Ok(Json(report))
}

/// Whom an officer may give work to: those who work on dossiers of an agency the officer works for.
pub async fn colleagues(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Vec<Colleague>>> {
    if !works_on_dossiers(&account.grants) {
        return Err(ProblemCode::Forbidden.into());
    }
    let officers = portal.database.officers().await?;
    Ok(Json(
        officers
            .into_iter()
            .map(|(_, officer)| officer)
            .filter(|officer| officer.id != account.id && share(&account.grants, &officer.grants))
            .map(|officer| Colleague {
                id: officer.id,
                name: officer.name.to_string(),
            })
            .collect(),
    ))
}

/// Whether two officers work on dossiers of one agency.
fn share(mine: &[Grant], theirs: &[Grant]) -> bool {
    let works = |grant: &&Grant| duties(Action::View, None).contains(&grant.duty);
    let meet = |one: &[String], other: &[String]| {
        let every = |list: &[String]| list.iter().any(|name| name == EVERY);
        every(one) && !other.is_empty()
            || every(other) && !one.is_empty()
            || one.iter().any(|name| other.contains(name))
    };
    mine.iter().filter(works).any(|one| {
        theirs
            .iter()
            .filter(works)
            .any(|other| meet(&one.agencies, &other.agencies))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::right::Duty;

    fn grant(duty: Duty, agencies: &[&str], procedures: &[&str]) -> Grant {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        Grant {
            duty,
            agencies: owned(agencies),
            procedures: owned(procedures),
        }
    }

    #[test]
    fn who_only_administers_or_audits_sees_no_dossiers() {
        let none = scope(&[
            grant(Duty::Administrator, &[EVERY], &[EVERY]),
            grant(Duty::Auditor, &[EVERY], &[EVERY]),
        ]);
        assert_eq!(none, Scope::default());
        assert!(scope(&[grant(Duty::Reception, &[EVERY], &[EVERY])]).is_everything());
    }

    #[test]
    fn work_is_given_within_an_agency() {
        let of = |duty, agencies: &[&str]| vec![grant(duty, agencies, &[EVERY])];
        let health = of(Duty::Processing, &["Sở Y tế"]);
        assert!(share(
            &health,
            &of(Duty::Leader, &["Sở Y tế", "Sở Tư pháp"])
        ));
        assert!(share(&health, &of(Duty::Reception, &[EVERY])));
        assert!(!share(&health, &of(Duty::Processing, &["Sở Tư pháp"])));
        assert!(!share(&health, &of(Duty::Auditor, &[EVERY])));
    }

    #[test]
    fn a_list_of_names_limits_and_an_empty_one_leaves_nothing() {
        let some = scope(&[grant(Duty::Processing, &["Sở Y tế"], &[])]);
        assert!(!some.is_everything());
        assert_eq!(some.parts[0].agencies, Some(vec!["Sở Y tế".to_owned()]));
        assert_eq!(some.parts[0].procedures, Some(Vec::new()));
    }
}
