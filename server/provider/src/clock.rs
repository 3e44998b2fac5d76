//! The clock of token caches and circuit breakers: the machine's, or one that a test moves.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// Tells what time it is; never goes back.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(Instant::now))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// A clock that stands still until a test moves it.
#[cfg(test)]
pub(crate) struct Hands(Arc<std::sync::Mutex<Instant>>);

#[cfg(test)]
impl Hands {
    pub(crate) fn new() -> (Self, Clock) {
        let moment = Arc::new(std::sync::Mutex::new(Instant::now()));
        let seen = Arc::clone(&moment);
        let clock = Clock(Arc::new(move || *seen.lock().expect("unpoisoned")));
        (Self(moment), clock)
    }

    pub(crate) fn forward(&self, seconds: u64) {
        *self.0.lock().expect("unpoisoned") += std::time::Duration::from_secs(seconds);
    }
}
