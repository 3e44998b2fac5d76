//! Addresses of signing in and out at identity providers.

use crate::api::{Bounds, Routes, get, post};
use crate::route;
use std::time::Duration;

/// A message of a provider; it is asked in turn for keys and tokens.
const MESSAGES: Bounds = Bounds {
    bytes: 128 * 1024,
    time: Some(Duration::from_secs(60)),
};

/// All of them.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/oidc", get(route::oidc::list))
        .route("/oidc/{code}/start", get(route::oidc::start))
        .route("/oidc/{code}/callback", get(route::oidc::callback))
        .route("/oidc/{code}/logout", post(route::oidc::logout))
        .route("/oidc/{code}/front-logout", get(route::oidc::front_logout))
        .within(MESSAGES)
}
