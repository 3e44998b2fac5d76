//! Whether the server is reached. What the browser says of the network (`navigator.onLine`) is a hint; requests that arrive or fail
//! are the truth, and while they fail the server is asked now and then.

use crate::api;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::OnceCell;

/// How long to wait before the server is asked again, in milliseconds; the last repeats.
const PAUSES: [i32; 4] = [2_000, 5_000, 10_000, 20_000];

/// What is known of the line to the server.
#[derive(Clone, Copy)]
pub struct Line {
    /// The last request arrived.
    pub reached: RwSignal<bool>,
    /// How often the server said that nobody is signed in.
    pub refused: RwSignal<u32>,
    asking: StoredValue<bool>,
}

thread_local! {
    static LINE: OnceCell<Line> = const { OnceCell::new() };
}

/// Makes the line; it lives as long as the page.
pub fn provide() {
    let line = Line {
        reached: RwSignal::new(window().navigator().on_line()),
        refused: RwSignal::new(0),
        asking: StoredValue::new(false),
    };
    if LINE.with(|cell| cell.set(line)).is_err() {
        return;
    }
    // The browser noticed a change: found out by asking.
    for name in ["online", "offline"] {
        let _ = window_event_listener_untyped(name, move |_| {
            if window().navigator().on_line() {
                spawn_local(async { api::health().await });
            } else {
                lost();
            }
        });
    }
    if !line.reached.get_untracked() {
        line.ask();
    }
}

/// The line.
///
/// It is there as soon as the page is: screens and the session come after it.
pub fn line() -> Line {
    LINE.with(|cell| {
        *cell.get_or_init(|| Line {
            reached: RwSignal::new(true),
            refused: RwSignal::new(0),
            asking: StoredValue::new(false),
        })
    })
}

/// A request arrived.
pub fn reached() {
    LINE.with(|cell| {
        if let Some(line) = cell.get()
            && !line.reached.get_untracked()
        {
            line.reached.set(true);
        }
    });
}

/// A request did not arrive.
pub fn lost() {
    LINE.with(|cell| {
        if let Some(line) = cell.get() {
            if line.reached.get_untracked() {
                line.reached.set(false);
            }
            line.ask();
        }
    });
}

/// The server said that nobody is signed in.
pub fn refused() {
    LINE.with(|cell| {
        if let Some(line) = cell.get() {
            line.refused.update(|count| *count += 1);
        }
    });
}

impl Line {
    /// Asks until the server answers.
    fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            let mut pauses = PAUSES.iter();
            let mut pause = 0;
            while !self.reached.get_untracked() {
                pause = pauses.next().copied().unwrap_or(pause);
                crate::signing::pause(pause).await;
                if !self.reached.get_untracked() {
                    api::health().await;
                }
            }
            self.asking.set_value(false);
        });
    }
}
