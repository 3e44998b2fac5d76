//! The personal document store.

use super::{Answer, Body, get, put, send};
use contract::kept::{KeepAccepted, KeepFile, Kept};
use contract::problem::ProblemCode;
use contract::value::Sha256;
use gloo_net::http::Method;

/// Everything in it.
pub async fn list() -> Answer<Kept> {
    get("/kept").await
}

/// Keeps a file, or changes what is noted of it; whether its bytes have to be sent.
pub async fn keep(file: &Sha256, keep: &KeepFile) -> Answer<KeepAccepted> {
    put(Method::PUT, &format!("/kept/{file}"), keep).await
}

/// Makes an upload that is whole the file that was announced.
pub async fn take_up(file: &Sha256) -> Answer<()> {
    send(
        Method::POST,
        &format!("/kept/{file}/content"),
        Body::Nothing,
    )
    .await
    .map(|_| ())
}

/// The bytes of a file.
pub async fn read(file: &Sha256) -> Answer<Vec<u8>> {
    let response = send(Method::GET, &format!("/kept/{file}/content"), Body::Nothing).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// Takes a file out of the store; dossiers keep theirs.
pub async fn forget(file: &Sha256) -> Answer<()> {
    send(Method::DELETE, &format!("/kept/{file}"), Body::Nothing)
        .await
        .map(|_| ())
}
