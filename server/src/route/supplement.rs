//! `/api/dossiers/{id}/supplement`: the citizen's answer to an open request, checked as at receipt.

use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::route::dossier::own;
use crate::state::{Portal, now};
use crate::workflow::{Deed, answered, change, check_answer};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::date::Date;
use contract::dossier::{Dossier, ManifestAccepted};
use contract::life::Act;
use contract::problem::ProblemCode;
use contract::supplement::{SupplementAnswer, SupplementState};
use store::{LifeChange, With};
use uuid::Uuid;

/// Announces the answer: which files will come, which fields are corrected. Files that are here already are not asked for again.
pub async fn announce(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<SupplementAnswer>, JsonRejection>,
) -> Answer<Json<ManifestAccepted>> {
    let (Path(id), Json(answer)) = (id?, body?);
    let stored = portal.database.dossier(Some(account.id), id).await?;
    let open = stored.after.open().ok_or(ProblemCode::Conflict)?;
    if open.id != answer.request {
        return Err(ProblemCode::Conflict.into());
    }
    let wrong = check_answer(&answer, open, &stored, Date::in_vietnam(now()));
    if !wrong.is_empty() {
        return Err(Failure::invalid(wrong));
    }
    let here = portal
        .database
        .announce_supplement(id, &answer, stored.answer.as_ref())
        .await?;
    let missing = answer
        .attachments
        .iter()
        .filter(|file| !here.iter().any(|one| one.is(file)))
        .map(|file| file.id)
        .collect();
    Ok(Json(ManifestAccepted { missing }))
}

/// `Tôi đã bổ sung xong`: the new files take the place of the old ones, which stay readable. Asking again changes nothing.
pub async fn submit(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let Path(id) = id?;
    let stored = portal.database.dossier(Some(account.id), id).await?;
    let Some(open) = stored.after.open() else {
        let last = stored.after.supplements.last();
        if last.is_some_and(|last| last.state == SupplementState::Answered) {
            return Ok(Json(own(stored).ok_or(ProblemCode::NotFound)?));
        }
        return Err(ProblemCode::Conflict.into());
    };
    let answer = stored
        .answer
        .as_ref()
        .filter(|answer| answer.request == open.id)
        .ok_or(ProblemCode::ComponentMissing)?;
    let all_here = answer
        .attachments
        .iter()
        .all(|announced| stored.attachments.iter().any(|here| here.is(announced)));
    if !all_here {
        return Err(ProblemCode::ComponentMissing.into());
    }
    let now = now();
    let (manifest, former) = answered(&stored, open, answer, now).ok_or(ProblemCode::Invalid)?;
    let deed = Deed {
        act: Act::Supplement,
        actor: account.name.as_str(),
        note: "",
        now,
    };
    let changed = change(&stored, &deed, &portal.office)?;
    portal
        .database
        .change_life(&LifeChange {
            id,
            version: stored.version,
            from: changed.from,
            due_at: changed.due_at,
            event: &changed.event,
            tells: false,
            by: account.id,
            step: Some(changed.moved.written()),
            with: With::Answer {
                request: open.id,
                manifest: &manifest,
                former: &former,
            },
        })
        .await?;
    let stored = portal.database.dossier(Some(account.id), id).await?;
    Ok(Json(own(stored).ok_or(ProblemCode::NotFound)?))
}
