//! `/api/units` and `/api/events`: what catalogue and addresses are sorted by.

use crate::api::{Lasting, Told};
use crate::state::Portal;
use axum::extract::State;
use axum::http::HeaderMap;
use contract::procedure::LifeEvent;
use contract::unit::Units;

/// Administrative units.
pub async fn units(State(portal): State<Portal>, asked: HeaderMap) -> Told<Lasting<Units>> {
    portal.current().units_answer.answer(&asked).into()
}

/// Events of life, in order.
pub async fn events(
    State(portal): State<Portal>,
    asked: HeaderMap,
) -> Told<Lasting<Vec<LifeEvent>>> {
    portal.current().catalogue.events().answer(&asked).into()
}
