//! The requests that wait for people at a provider, as far as this process sent them: counted to bound them.

use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A request is counted for this long after its time is over: its end may be told late or never.
const GRACE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Open {
    /// Until when each counts.
    until: HashMap<Uuid, Instant>,
    most: usize,
}

impl Open {
    pub(super) fn new(most: usize) -> Self {
        Self {
            until: HashMap::new(),
            most,
        }
    }

    /// Counts a request; false when there are too many.
    pub(super) fn enter(&mut self, id: Uuid, now: Instant, lifetime: Duration) -> bool {
        if self.until.len() >= self.most {
            self.until.retain(|_, until| *until > now);
        }
        if self.until.len() >= self.most && !self.until.contains_key(&id) {
            return false;
        }
        self.until.insert(id, now + lifetime + GRACE);
        true
    }

    /// It ended, or was never sent.
    pub(super) fn leave(&mut self, id: Uuid) {
        self.until.remove(&id);
    }

    pub(super) fn count(&self, now: Instant) -> usize {
        self.until.values().filter(|until| **until > now).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_free_when_a_request_ends_or_its_time_is_over() {
        let mut open = Open::new(2);
        let now = Instant::now();
        let life = Duration::from_secs(60);
        let ids: Vec<Uuid> = (0..4).map(Uuid::from_u128).collect();
        assert!(open.enter(ids[0], now, life) && open.enter(ids[1], now, life));
        assert!(open.enter(ids[1], now, life), "the same one again");
        assert!(!open.enter(ids[2], now, life));
        open.leave(ids[0]);
        assert!(open.enter(ids[2], now, life));
        let later = now + life + GRACE;
        assert_eq!((open.count(now), open.count(later)), (2, 0));
        assert!(open.enter(ids[3], later, life));
    }
}
