//! What opens the data on this device, and whether the server is there.

use super::{Answer, Body, answered, send};
use contract::problem::ProblemCode;
use gloo_net::http::{Method, RequestBuilder};

/// The secret of the account that is signed in, for the key of its data on this device. Never logged, never kept.
pub async fn device_key() -> Answer<js_sys::Uint8Array> {
    let response = send(Method::GET, "/device-key", Body::Nothing).await?;
    let bytes = response.binary().await.map_err(|_| ProblemCode::Offline)?;
    Ok(js_sys::Uint8Array::from(bytes.as_slice()))
}

/// Asks whether the server is there; the line hears the answer.
pub async fn health() {
    let _ = answered(RequestBuilder::new("/api/health").send().await).await;
}
