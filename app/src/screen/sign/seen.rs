//! Which pages were looked at: those that stood in the window for a while.

use crate::part::viewer::Viewing;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a page has to stand in the window to count: scrolling past is not looking.
const WHILE: Duration = Duration::from_millis(500);

/// Follows the window and gathers the pages that stood in it, from 0.
pub fn gather(viewing: Viewing, pages: RwSignal<BTreeSet<u32>>) {
    Effect::new(move |_| {
        let here = viewing.seen.get();
        set_timeout(
            move || {
                if viewing.seen.try_get_untracked() == Some(here) {
                    let _ = pages.try_update(|pages| pages.extend(here.0..=here.1));
                }
            },
            WHILE,
        );
    });
}
