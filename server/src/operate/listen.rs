//! What operators' machines ask, on an address of its own (`metrics_listen`): nobody outside sees the numbers.

use super::{ready, together};
use crate::state::Portal;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::join_all;
use std::net::SocketAddr;
use std::sync::Arc;

/// Media type of the OpenMetrics text format, version 1.0.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All portals of the process.
type Portals = Arc<[Portal]>;

async fn metrics(State(portals): State<Portals>) -> Response {
    let texts = portals.iter().map(|portal| async {
        let text = portal.metrics.text(portal).await?;
        Ok::<_, std::fmt::Error>((portal.tenant().map(str::to_owned), text))
    });
    let texts: Result<Vec<_>, _> = join_all(texts).await.into_iter().collect();
    match texts.and_then(|texts| together::text(&texts)) {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn readiness(State(portals): State<Portals>) -> Response {
    let all = join_all(portals.iter().map(ready)).await;
    let why: Vec<String> = portals
        .iter()
        .zip(all)
        .filter_map(|(portal, ready)| {
            let why = ready.err()?;
            Some(match portal.tenant() {
                Some(tenant) => format!("{tenant}: {why}"),
                None => why.to_string(),
            })
        })
        .collect();
    if why.is_empty() {
        "ready".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, why.join("\n")).into_response()
    }
}

/// Serves `/metrics`, `/live` and `/ready` of all portals of the process until aborted; the address it listens at.
///
/// # Errors
/// When the address cannot be had.
pub async fn serve(
    portals: Vec<Portal>,
    address: SocketAddr,
) -> std::io::Result<(SocketAddr, tokio::task::JoinHandle<()>)> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/live", get(|| async { "live" }))
        .route("/ready", get(readiness))
        .with_state(Portals::from(portals));
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "numbers are no longer served");
        }
    });
    Ok((address, task))
}
