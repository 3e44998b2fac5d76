//! Word files to PDF.

use super::{Answer, Body, get, send};
use contract::conversion::ConversionOffer;
use contract::problem::ProblemCode;
use gloo_net::http::Method;

/// Whether this portal converts.
pub async fn offer() -> Answer<ConversionOffer> {
    get("/conversions").await
}

/// The PDF of a Word file; only after the person agreed that it goes to the portal.
pub async fn convert(bytes: &[u8]) -> Answer<Vec<u8>> {
    let body = Body::Bytes("application/octet-stream", js_sys::Uint8Array::from(bytes));
    let response = send(Method::POST, "/conversions", body).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}
