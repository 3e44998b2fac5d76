//! Providers, evidence, the signing transactions, and what providers tell by themselves.

use super::{HOOK, JSON, STREAM};
use crate::api::{Routes, get, post};
use crate::evidence::QUERY_BYTES_MAX;
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/providers", get(route::provider::list))
        .route(
            "/providers/{code}/certificates",
            post(route::provider::certificates),
        )
        .route("/trust", get(route::provider::trust))
        .route(
            "/evidence",
            get(route::evidence::offer).post(route::evidence::collect),
        )
        .route(
            "/timestamps",
            post(route::evidence::stamp).at_most(QUERY_BYTES_MAX),
        )
        .route(
            "/signings",
            get(route::signing::list).post(route::signing::start),
        )
        .route("/signings/{id}", get(route::signing::show))
        .route("/signings/{id}/cancellation", post(route::signing::cancel))
        .route("/signings/{id}/completion", post(route::signing::complete))
        .within(JSON)
        .merge(
            Routes::new()
                .route("/signings/events", get(route::signing::all_events))
                .route("/signings/{id}/events", get(route::signing::events))
                .within(STREAM),
        )
        .merge(
            Routes::new()
                .route("/webhooks/{provider}", post(route::signing::webhook))
                .route(
                    "/webhooks/{provider}/token",
                    post(route::signing::webhook_token),
                )
                .within(HOOK),
        )
}
