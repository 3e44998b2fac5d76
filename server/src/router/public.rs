//! What everybody may read and say without signing in, and whether the portal can work.

use super::JSON;
use crate::api::{Routes, get, post};
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/procedures", get(route::procedure::list))
        .route("/procedures/{code}", get(route::procedure::show))
        .route(
            "/procedures/{code}/forms/{name}",
            get(route::procedure::form),
        )
        .route("/units", get(route::unit::units))
        .route("/events", get(route::unit::events))
        .route("/statistics", get(route::statistics::everybody))
        .route("/news", get(route::news::list))
        .route("/news/{slug}", get(route::news::show))
        .route("/feedback", post(route::feedback::send))
        .route("/feedback/{code}", get(route::feedback::show))
        .route(
            "/surveys",
            get(route::feedback::survey_totals).post(route::feedback::send_survey),
        )
        .route("/tracking/{code}", get(route::tracking::show))
        .route("/health", get(route::session::health))
        .route("/health/ready", get(route::session::ready))
        .route("/openapi.json", get(route::reference::openapi))
        .route("/docs", get(route::reference::docs))
        .route("/docs.css", get(route::reference::style))
        .route("/docs.js", get(route::reference::script))
        .within(JSON)
}
