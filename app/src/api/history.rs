//! `Xem lịch sử ký số`: the portal's record, and the protocol it makes of it.

use super::{Answer, Body, get, send};
use contract::history::DossierSignings;
use contract::problem::ProblemCode;
use gloo_net::http::Method;
use uuid::Uuid;

/// What the portal recorded of every file of a dossier.
pub async fn signings(dossier: Uuid) -> Answer<DossierSignings> {
    get(&format!("/officer/dossiers/{dossier}/signings")).await
}

/// The protocol of one file, or of all: on paper with the portal's seal, or with the evidence as JSON.
pub async fn protocol(dossier: Uuid, file: Option<Uuid>, evidence: bool) -> Answer<Vec<u8>> {
    let kind = if evidence { "evidence" } else { "protocol" };
    let which = file.map_or_else(String::new, |file| format!("?file={file}"));
    let path = format!("/officer/dossiers/{dossier}/signings/{kind}{which}");
    let response = send(Method::GET, &path, Body::Nothing).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}
