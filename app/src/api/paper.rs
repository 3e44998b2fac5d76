//! `…/slips` and the signed forms of what an agency issues.

use super::{Answer, Body, get, read, send};
use contract::dossier::Dossier;
use contract::paper::{PreviewSlip, Slip};
use contract::problem::ProblemCode;
use gloo_net::http::{Method, Response};
use uuid::Uuid;

const fn side(officer: bool) -> &'static str {
    if officer { "/officer" } else { "" }
}

async fn bytes(response: Response) -> Answer<Vec<u8>> {
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// Slips that were issued.
pub async fn slips(officer: bool, dossier: Uuid) -> Answer<Vec<Slip>> {
    get(&format!("{}/dossiers/{dossier}/slips", side(officer))).await
}

/// One of them.
pub async fn slip(officer: bool, dossier: Uuid, slip: Uuid) -> Answer<Vec<u8>> {
    let path = format!("{}/dossiers/{dossier}/slips/{slip}", side(officer));
    bytes(send(Method::GET, &path, Body::Nothing).await?).await
}

/// One as it was drawn, to be signed.
pub async fn unsealed(dossier: Uuid, slip: Uuid) -> Answer<Vec<u8>> {
    let path = format!("/officer/dossiers/{dossier}/slips/{slip}/unsealed");
    bytes(send(Method::GET, &path, Body::Nothing).await?).await
}

/// Form 05 as things stand.
pub async fn control(dossier: Uuid) -> Answer<Vec<u8>> {
    let path = format!("/officer/dossiers/{dossier}/slips/control");
    bytes(send(Method::GET, &path, Body::Nothing).await?).await
}

/// What an act would issue.
pub async fn preview(dossier: Uuid, asked: &PreviewSlip) -> Answer<Vec<u8>> {
    let body = serde_json::to_string(asked).map_err(|_| ProblemCode::Internal)?;
    let path = format!("/officer/dossiers/{dossier}/slips/preview");
    bytes(send(Method::POST, &path, Body::Json(body)).await?).await
}

/// Puts a signed file of the result in its place.
pub async fn sign_result(
    dossier: Uuid,
    result: Uuid,
    signing: Uuid,
    file: &[u8],
) -> Answer<Dossier> {
    let body = Body::Signed(signing, js_sys::Uint8Array::from(file));
    let path = format!("/officer/dossiers/{dossier}/results/{result}/signed");
    read(send(Method::PUT, &path, body).await?).await
}

/// The organisation's seal on a file of the result.
pub async fn seal_result(dossier: Uuid, result: Uuid) -> Answer<Dossier> {
    let path = format!("/officer/dossiers/{dossier}/results/{result}/seal");
    read(send(Method::POST, &path, Body::Nothing).await?).await
}

/// Puts a signed slip in its place.
pub async fn sign_slip(dossier: Uuid, slip: Uuid, signing: Uuid, file: &[u8]) -> Answer<Vec<Slip>> {
    let body = Body::Signed(signing, js_sys::Uint8Array::from(file));
    let path = format!("/officer/dossiers/{dossier}/slips/{slip}/signed");
    read(send(Method::PUT, &path, body).await?).await
}
