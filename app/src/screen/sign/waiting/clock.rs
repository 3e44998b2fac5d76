//! The time left, by the server's clock, second by second.

use crate::session::session;
use crate::signing::watched::Watched;
use leptos::prelude::*;
use std::time::Duration;

/// Milliseconds left; none until the server has told.
pub(super) fn left(watched: Memo<Option<Watched>>) -> Memo<Option<i64>> {
    let state = session();
    let tick = RwSignal::new(0_u32);
    let timer = set_interval_with_handle(
        move || tick.update(|tick| *tick = tick.wrapping_add(1)),
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    Memo::new(move |_| {
        tick.track();
        watched.with(|watched| {
            let view = watched.as_ref()?.view.as_ref()?;
            Some((view.expires_at.0 - state.now().0).max(0))
        })
    })
}
