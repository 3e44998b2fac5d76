//! Files in pieces. What became of a piece whose answer was lost is found out by [`begin`].

use super::{Answer, Body, answered, put, read, send};
use contract::problem::ProblemCode;
use contract::upload::{BeginUpload, OFFSET_HEADER, UploadState};
use contract::value::Sha256;
use gloo_net::http::{Method, RequestBuilder};
use uuid::Uuid;

/// Begins an upload, or asks how far it came.
pub async fn begin(file: Sha256, size: u64) -> Answer<UploadState> {
    put(
        Method::PUT,
        &format!("/uploads/{file}"),
        &BeginUpload { size },
    )
    .await
}

/// Sends a piece.
pub async fn piece(file: Sha256, begins_at: u64, bytes: &[u8]) -> Answer<UploadState> {
    let request = RequestBuilder::new(&format!("/api/uploads/{file}"))
        .method(Method::PATCH)
        .header(OFFSET_HEADER, &begins_at.to_string())
        .header("content-type", "application/octet-stream")
        .body(js_sys::Uint8Array::from(bytes))
        .map_err(|_| ProblemCode::Internal)?;
    read(answered(request.send().await).await?).await
}

/// Gives an upload up.
pub async fn cancel(file: Sha256) -> Answer<()> {
    send(Method::DELETE, &format!("/uploads/{file}"), Body::Nothing)
        .await
        .map(|_| ())
}

/// Makes an upload that is whole the attachment it was announced to be.
pub async fn attach(dossier: Uuid, attachment: Uuid) -> Answer<()> {
    send(
        Method::POST,
        &format!("/dossiers/{dossier}/attachments/{attachment}"),
        Body::Nothing,
    )
    .await
    .map(|_| ())
}
