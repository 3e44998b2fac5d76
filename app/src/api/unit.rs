//! Administrative units and events of life.

use super::{Answer, get};
use contract::procedure::LifeEvent;
use contract::unit::Units;

/// Administrative units, with the names of their levels.
pub async fn units() -> Answer<Units> {
    get("/units").await
}

/// Events of life, in the order in which they are shown.
pub async fn events() -> Answer<Vec<LifeEvent>> {
    get("/events").await
}
