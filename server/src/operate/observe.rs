//! Each request gets a number, a span, a line in the log and a place in the numbers.

use crate::state::Portal;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

/// The header that tells a request's number to whoever asks about it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What is no route of the API: the page's files.
const SITE: &str = "site";

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The number of the request that is being answered, as the log has it; none outside of one.
#[must_use]
pub fn request_id() -> Option<Uuid> {
    CURRENT.try_with(|id| *id).ok()
}

/// Numbers, counts and logs a request. Of its address only the route's pattern is told: what stands in it may name a person's dossier.
pub async fn observe(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = Uuid::new_v4();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(SITE, MatchedPath::as_str)
        .to_owned();
    let span = if is_told(&route) {
        tracing::info_span!(
            "request",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = tracing::field::Empty,
            request_id = %id.simple(),
            tenant = portal.tenant(),
            http.request.method = %method,
            http.route = route,
            http.response.status_code = tracing::field::Empty,
        )
    } else {
        Span::none()
    };
    super::trace::continue_from(&span, request.headers());
    let mut response = CURRENT
        .scope(id, next.run(request).instrument(span.clone()))
        .await;
    let (status, took) = (response.status(), began.elapsed());
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    // Methods that nobody knows are as many as somebody likes: each would be a row of its own for ever.
    let counted = if is_usual(&method) {
        method.as_str()
    } else {
        "other"
    };
    portal
        .metrics
        .request(counted, &route, status.as_u16(), took);
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if route == SITE {
            tracing::debug!(status = status.as_u16(), milliseconds, "answered");
        } else {
            tracing::info!(status = status.as_u16(), milliseconds, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id.simple().to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Whether a request has a span: files of the site are asked for by the dozen with every visit, and are told of in a log that tells
/// everything. Their numbers are counted in any case.
fn is_told(route: &str) -> bool {
    route != SITE || tracing::enabled!(tracing::Level::DEBUG)
}

fn is_usual(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ]
    .contains(method)
}
