//! Switches for tests: faults, waiting time, locks. JSON only.

use crate::Sandbox;
use crate::desk::Fault;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/admin/settings", post(settings))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// How long new requests wait, in seconds.
    lifetime_seconds: Option<u64>,
    /// What goes wrong from now on.
    fault: Option<Fault>,
    /// Account to unlock with every provider.
    unlock: Option<String>,
}

async fn settings(State(sandbox): State<Arc<Sandbox>>, Json(change): Json<Change>) -> StatusCode {
    let mut desk = sandbox.desk();
    if let Some(seconds) = change.lifetime_seconds {
        desk.lifetime_seconds = seconds;
    }
    if let Some(fault) = change.fault {
        desk.fault = fault;
    }
    if let Some(account) = change.unlock {
        for (provider, _) in crate::PROVIDERS {
            desk.unlock(provider, &account);
        }
    }
    StatusCode::NO_CONTENT
}
