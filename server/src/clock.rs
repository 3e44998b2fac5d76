//! The machine's clock, noted now and then in the database, so that a jump harms nothing (see `store/src/clock.rs`).

use crate::state::{Portal, now};
use std::time::Duration;
use store::Clock;

/// How often it is noted.
const NOTE: Duration = Duration::from_secs(15);

/// Notes it until aborted.
pub async fn watch(portal: Portal) {
    loop {
        match portal.database.note_clock(now()).await {
            Ok(Clock::Even) => {}
            Ok(Clock::Back(by)) => {
                tracing::error!(
                    seconds = by / 1000,
                    "the clock went back, or is behind another instance's; what was due later is due that much earlier"
                );
            }
            Ok(Clock::Ahead(by)) => {
                tracing::warn!(
                    seconds = by / 1000,
                    "the clock went ahead, or the portal was down: nothing is erased because of its age for a day"
                );
            }
            Err(error) => tracing::warn!(%error, "the clock cannot be noted"),
        }
        tokio::time::sleep(NOTE).await;
    }
}

/// Whether what is too old may be erased. When nobody can tell, it may not.
pub async fn is_steady(portal: &Portal) -> bool {
    portal
        .database
        .is_clock_steady(now())
        .await
        .inspect_err(|error| tracing::warn!(%error, "the clock's notes cannot be read"))
        .unwrap_or(false)
}
