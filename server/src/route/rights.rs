//! `/api/officer/rights`: who may what, for administrators. They see no dossiers.

use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::fold::fold;
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::{
    Action, GRANTS_MAX, GiveRights, Grant, OfficerPage, OfficerQuery, OfficerRights, may_at_desk,
};
use contract::session::Account;
use contract::value::ValueError;
use uuid::Uuid;

/// Longest list of a grant, and longest name in it.
const LIST_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 300;

/// Officers of one answer.
const PAGE: usize = 50;
/// Officers that are looked at at once for a search.
const LOOKED_AT: i64 = 500;

fn shown((user_name, account): (String, Account)) -> OfficerRights {
    OfficerRights {
        id: account.id,
        user_name,
        name: account.name.to_string(),
        agency: account.agency.unwrap_or_default(),
        grants: account.grants,
        second_factor: false,
    }
}

/// Notes who has codes of an authenticator app.
async fn with_codes(portal: &Portal, officers: &mut [OfficerRights]) -> Answer<()> {
    let ids: Vec<Uuid> = officers.iter().map(|officer| officer.id).collect();
    let with = portal.database.with_second_factor(&ids).await?;
    for officer in officers {
        officer.second_factor = with.contains(&officer.id);
    }
    Ok(())
}

/// Officers with their rights, those who match.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<OfficerQuery>, JsonRejection>,
) -> Answer<Json<OfficerPage>> {
    rights::desk(&account, Action::Rights)?;
    let Json(query) = body?;
    if query.word.chars().count() > NAME_CHARS_MAX {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/word".into(),
            error: ValueError::TooLong,
        }]));
    }
    let word = fold(&query.word);
    let fits = |officer: &OfficerRights| {
        (!query.without || officer.grants.is_empty())
            && [&officer.name, &officer.user_name, &officer.agency]
                .iter()
                .any(|text| fold(text).contains(&word))
    };
    let (mut after, mut officers) = (query.after, Vec::new());
    let next = loop {
        let page = portal.database.officers_after(after, LOOKED_AT).await?;
        let whole = i64::try_from(page.len()).is_ok_and(|length| length == LOOKED_AT);
        after = page.last().map(|(_, account)| account.id);
        officers.extend(page.into_iter().map(shown).filter(fits));
        if officers.len() > PAGE {
            officers.truncate(PAGE);
            break officers.last().map(|last| last.id);
        }
        if !whole {
            break None;
        }
    };
    with_codes(&portal, &mut officers).await?;
    Ok(Json(OfficerPage {
        officers,
        next,
        without: portal.database.officers_without_rights().await?,
    }))
}

fn is_sound(grant: &Grant) -> bool {
    [&grant.agencies, &grant.procedures].iter().all(|list| {
        list.len() <= LIST_MAX
            && list
                .iter()
                .all(|name| !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX)
    })
}

/// Gives an officer rights in place of those there are.
pub async fn give(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<GiveRights>, JsonRejection>,
) -> Answer<Json<OfficerRights>> {
    rights::desk(&account, Action::Rights)?;
    let (Path(id), Json(given)) = (id?, body?);
    if given.grants.len() > GRANTS_MAX || !given.grants.iter().all(is_sound) {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/grants".into(),
            error: ValueError::Malformed,
        }]));
    }
    // Nobody shuts themselves, and with that everybody, out.
    if id == account.id && !may_at_desk(&given.grants, Action::Rights) {
        return Err(ProblemCode::Conflict.into());
    }
    portal
        .database
        .change_grants(
            id,
            &given.grants,
            given.before.as_deref(),
            Some(account.id),
            now(),
        )
        .await?;
    let mut officer = shown(portal.database.officer(id).await?);
    with_codes(&portal, std::slice::from_mut(&mut officer)).await?;
    Ok(Json(officer))
}
