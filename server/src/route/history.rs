//! `/api/officer/dossiers/{id}/signings`: `Xem lịch sử ký số`, as data, on paper and with its evidence. Each look is journalled.

use crate::api::{JsonFile, Pdf, Told};
use crate::history;
use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use contract::audit::AuditAction;
use contract::history::{DossierSignings, Protocol};
use contract::right::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// Which file a protocol is wanted of; all of the dossier without.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Which {
    /// The file.
    file: Option<Uuid>,
}

/// What the portal recorded of every file.
pub async fn show(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<DossierSignings>> {
    let Path(id) = id?;
    let dossier = rights::dossier(&portal, &account, Action::View, id).await?;
    let action = AuditAction::SigningHistoryViewed;
    rights::looked(&portal, &account, action, Some(id), None).await?;
    Ok(Json(history::signings(&portal, &dossier).await?))
}

/// The same beside what the files prove, on paper with the portal's seal.
pub async fn paper(
    State(portal): State<Portal>,
    officer: Officer,
    id: Result<Path<Uuid>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Answer<Told<Pdf>> {
    let protocol = made(&portal, officer, id?.0, which?.0.file).await?;
    let bytes = history::paper(&portal, protocol).await?;
    Ok(saved("application/pdf", bytes).into())
}

/// The same with certificates, revocation data and timestamps.
pub async fn evidence(
    State(portal): State<Portal>,
    officer: Officer,
    id: Result<Path<Uuid>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Answer<Told<JsonFile<Protocol>>> {
    let protocol = made(&portal, officer, id?.0, which?.0.file).await?;
    let bytes = serde_json::to_vec_pretty(&protocol).map_err(|error| Failure::internal(&error))?;
    Ok(saved("application/json", bytes).into())
}

async fn made(
    portal: &Portal,
    Officer(account): Officer,
    id: Uuid,
    file: Option<Uuid>,
) -> Answer<Protocol> {
    let dossier = rights::dossier(portal, &account, Action::View, id).await?;
    let action = AuditAction::SigningHistoryViewed;
    rights::looked(portal, &account, action, Some(id), file).await?;
    history::protocol(portal, &dossier, &account, file).await
}

fn saved(kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, bytes).into_response()
}
