//! `/api/units` and `/api/events`: what catalogue and addresses are sorted by.

use crate::state::Portal;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

/// Administrative units.
pub async fn units(State(portal): State<Portal>, asked: HeaderMap) -> Response {
    portal.current().units_answer.answer(&asked)
}

/// Events of life, in order.
pub async fn events(State(portal): State<Portal>, asked: HeaderMap) -> Response {
    portal.current().catalogue.events().answer(&asked)
}
