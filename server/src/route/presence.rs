//! `/api/officer/dossiers/{id}/presence`: who else has the same dossier open right now.

use crate::api::NoContent;
use crate::identity::Officer;
use crate::problem::Answer;
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::presence::{Presence, SEEN_MS};
use contract::right::Action;
use contract::value::Timestamp;
use uuid::Uuid;

/// Who did not say after this that they are there is gone.
pub(crate) const fn gone(now: Timestamp) -> Timestamp {
    Timestamp(now.0.saturating_sub(SEEN_MS))
}

/// Who asks has it open. Not noted in the journal: opening it was, and this is said three times a minute.
pub async fn beat(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Presence>> {
    let Path(id) = id?;
    rights::dossier(&portal, &account, Action::View, id).await?;
    let now = now();
    let others = portal
        .database
        .be_present(id, account.id, now, gone(now))
        .await?;
    Ok(Json(Presence { others }))
}

/// Who asks closed it.
pub async fn leave(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<NoContent> {
    let Path(id) = id?;
    rights::dossier(&portal, &account, Action::View, id).await?;
    portal.database.leave(id, account.id).await?;
    Ok(NoContent)
}
