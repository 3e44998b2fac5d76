//! `/api/officer/dossiers`: a dossier and its files. What officers do to a dossier stands in `life`.

use crate::api::{Kept, Told};
use crate::identity::Officer;
use crate::problem::Answer;
use crate::rights;
use crate::route::dossier::{file, whole};
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::audit::AuditAction;
use contract::dossier::Dossier;
use contract::problem::ProblemCode;
use contract::right::Action;
use uuid::Uuid;

/// One dossier.
pub async fn show(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let Path(id) = id?;
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    rights::looked(
        &portal,
        &account,
        AuditAction::DossierViewed,
        Some(id),
        None,
    )
    .await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

/// A file.
pub async fn download(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Kept>> {
    let Path((id, attachment)) = path?;
    let dossier = rights::dossier(&portal, &account, Action::View, id).await?;
    let action = AuditAction::FileDownloaded;
    rights::looked(&portal, &account, action, Some(id), Some(attachment)).await?;
    file(&portal, &dossier, attachment).await
}
