//! `/api/officer/rights`: who may what, for administrators. They see no dossiers.

use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::{Action, GRANTS_MAX, GiveRights, Grant, OfficerRights, may_at_desk};
use contract::value::ValueError;
use uuid::Uuid;

/// Longest list of a grant, and longest name in it.
const LIST_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 300;

async fn all(portal: &Portal) -> Answer<Vec<OfficerRights>> {
    let officers = portal.database.officers().await?;
    Ok(officers
        .into_iter()
        .map(|(user_name, account)| OfficerRights {
            id: account.id,
            user_name,
            name: account.name.to_string(),
            agency: account.agency.unwrap_or_default(),
            grants: account.grants,
        })
        .collect())
}

/// All officers with their rights.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Vec<OfficerRights>>> {
    rights::desk(&account, Action::Rights)?;
    Ok(Json(all(&portal).await?))
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
) -> Answer<Json<Vec<OfficerRights>>> {
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
        .set_grants(id, &given.grants, Some(account.id), now())
        .await?;
    Ok(Json(all(&portal).await?))
}
