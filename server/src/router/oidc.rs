//! Addresses of signing in and out at identity providers.

use crate::route;
use crate::state::Portal;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::time::Duration;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// Longest message of a provider, in bytes.
const LOGOUT_BYTES_MAX: usize = 128 * 1024;

/// All of them.
pub(super) fn routes() -> Router<Portal> {
    Router::new()
        .route("/oidc", get(route::oidc::list))
        .route("/oidc/{code}/start", get(route::oidc::start))
        .route("/oidc/{code}/callback", get(route::oidc::callback))
        .route("/oidc/{code}/logout", post(route::oidc::logout))
        .route("/oidc/{code}/front-logout", get(route::oidc::front_logout))
        .layer(RequestBodyLimitLayer::new(LOGOUT_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(60),
        ))
}
