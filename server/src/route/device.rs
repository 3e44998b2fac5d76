//! `/api/device-key`: what opens an account's data on its own devices.

use crate::api::{Secret, Told};
use crate::identity::SignedIn;
use crate::problem::Answer;
use crate::state::{Portal, now};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;

/// Thirty-two bytes for the sessions of the account, made when first asked for. Never logged, never kept by a cache.
pub async fn show(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
) -> Answer<Told<Secret>> {
    let secret = portal
        .database
        .device_secret(account.id, &rand::random(), now())
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, secret.to_vec()).into_response().into())
}
