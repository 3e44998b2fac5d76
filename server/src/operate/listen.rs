//! What operators' machines ask, on an address of its own (`metrics_listen`): nobody outside sees the numbers.

use super::ready;
use crate::state::Portal;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::SocketAddr;

/// Media type of the OpenMetrics text format, version 1.0.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

async fn metrics(State(portal): State<Portal>) -> Response {
    match portal.metrics.text(&portal).await {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn readiness(State(portal): State<Portal>) -> Response {
    match ready(&portal).await {
        Ok(()) => "ready".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, why.to_string()).into_response(),
    }
}

/// Serves `/metrics`, `/live` and `/ready` until aborted; the address it listens at.
///
/// # Errors
/// When the address cannot be had.
pub async fn serve(
    portal: Portal,
    address: SocketAddr,
) -> std::io::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/live", get(|| async { "live" }))
        .route("/ready", get(readiness))
        .with_state(portal);
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "numbers are no longer served");
        }
    });
    Ok((address, task))
}
