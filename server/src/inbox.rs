//! Keeps the inbox whole while instances of an earlier release run beside this one: they know nothing of it.

use crate::state::{Portal, now};
use std::time::Duration;

/// How often it is looked at.
const TURN: Duration = Duration::from_secs(10 * 60);

/// Looks until aborted.
pub async fn mend(portal: Portal) {
    loop {
        match portal.database.mend_inbox(now()).await {
            Ok((0, 0)) => {}
            Ok((entered, settled)) => {
                tracing::info!(entered, settled, "the inbox was mended");
            }
            Err(error) => tracing::warn!(%error, "the inbox cannot be mended"),
        }
        tokio::time::sleep(TURN).await;
    }
}
