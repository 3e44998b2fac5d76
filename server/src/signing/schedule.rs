//! When to look next: growing pauses, varied, and no more looks a second than a provider bears.

use crate::pace::{Pace, milliseconds};
use contract::provider::ProviderCode;
use contract::value::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A provider whose last call came no longer ago is one that calls back: known by what it does, not by what an entry claims.
const CALLS_BACK_MS: i64 = 600_000;

/// What this instance knows about its looks.
#[derive(Debug, Default)]
pub struct Schedule {
    providers: Mutex<HashMap<ProviderCode, Provider>>,
    due: Notify,
}

#[derive(Debug, Default)]
struct Provider {
    /// The next free place in the row of looks, in microseconds.
    free: i64,
    /// Looks that run.
    running: usize,
    /// The second that is counted, and how many looks began in it.
    second: (i64, u32),
    /// When it called by itself last, in milliseconds.
    called: Option<i64>,
    /// The second that is counted, and its calls.
    calls: (i64, u32),
}

/// Whether a look may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Now; it has to be told when it is over.
    Now,
    /// Not before.
    Later(Timestamp),
}

impl Schedule {
    fn providers(&self) -> MutexGuard<'_, HashMap<ProviderCode, Provider>> {
        self.providers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// When to look at a transaction after `attempts` looks since its last change. Each look takes a place in its provider's row, so
    /// that with many waiting all of them are asked less often instead of some not at all.
    pub fn next(
        &self,
        pace: &Pace,
        provider: &ProviderCode,
        attempts: i64,
        now: Timestamp,
    ) -> Timestamp {
        let mut providers = self.providers();
        let provider = providers.entry(provider.clone()).or_default();
        let calls_back = provider
            .called
            .is_some_and(|called| called + CALLS_BACK_MS > now.0);
        let pauses = if calls_back {
            &pace.looks_beside_callbacks
        } else {
            &pace.looks
        };
        let position = usize::try_from(attempts).unwrap_or(0);
        let pause = pauses
            .get(position)
            .or(pauses.last())
            .map_or(1000, |pause| milliseconds(*pause));
        let jitter = i64::from(rand::random::<u16>()) * pause * 2 / 5 / i64::from(u16::MAX);
        let place = provider.place(pace, now);
        Timestamp((now.0 + pause * 4 / 5 + jitter).max(place.0))
    }

    /// Whether a look may begin now. After a pause of the whole portal everything is due at once: what is too much takes a place.
    pub fn admit(&self, pace: &Pace, provider: &ProviderCode, now: Timestamp) -> Admission {
        let mut providers = self.providers();
        let provider = providers.entry(provider.clone()).or_default();
        // Twice the rate in a single second is chance, since looks are placed evenly; more is a queue that built up.
        let most = pace.looks_per_second.saturating_mul(2).max(1);
        if provider.running >= pace.looks_at_once || !count(&mut provider.second, now, most) {
            let place = provider.place(pace, now);
            return Admission::Later(Timestamp(place.0.max(now.0 + 1000)));
        }
        provider.running += 1;
        Admission::Now
    }

    /// A look that was admitted is over.
    pub fn done(&self, provider: &ProviderCode) {
        if let Some(provider) = self.providers().get_mut(provider) {
            provider.running = provider.running.saturating_sub(1);
        }
    }

    /// Counts a call of a provider; false when there are too many of them.
    pub fn may_call(&self, pace: &Pace, provider: &ProviderCode, now: Timestamp) -> bool {
        let mut providers = self.providers();
        let provider = providers.entry(provider.clone()).or_default();
        count(&mut provider.calls, now, pace.callbacks_per_second)
    }

    /// A provider called about a transaction of ours.
    pub fn called(&self, provider: &ProviderCode, now: Timestamp) {
        let mut providers = self.providers();
        providers.entry(provider.clone()).or_default().called = Some(now.0);
    }

    /// Something is due now.
    pub fn poke(&self) {
        self.due.notify_one();
    }

    /// Until something is due.
    pub async fn poked(&self) {
        self.due.notified().await;
    }
}

impl Provider {
    /// Takes the next free place in the row of looks.
    fn place(&mut self, pace: &Pace, now: Timestamp) -> Timestamp {
        let place = self.free.max(now.0 * 1000);
        self.free = place + 1_000_000 / i64::from(pace.looks_per_second.max(1));
        Timestamp(place / 1000)
    }
}

/// Counts one more in this second; false when there were `most`.
fn count(counted: &mut (i64, u32), now: Timestamp, most: u32) -> bool {
    let second = now.0 / 1000;
    if counted.0 != second {
        *counted = (second, 0);
    }
    let allowed = counted.1 < most;
    if allowed {
        counted.1 += 1;
    }
    allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> ProviderCode {
        "vnpt-ca".to_owned().try_into().expect("valid")
    }

    #[test]
    fn looks_come_at_growing_pauses() {
        let (schedule, pace) = (Schedule::default(), Pace::default());
        for (attempts, most) in [(0, 2400), (1, 2400), (2, 3600), (4, 6000), (40, 6000)] {
            let pause = schedule
                .next(&pace, &code(), attempts, Timestamp(1_000_000))
                .0
                - 1_000_000;
            assert!(
                (most * 2 / 3..=most).contains(&pause),
                "{attempts}: {pause}"
            );
        }
    }

    #[test]
    fn a_provider_that_calls_back_is_asked_less_often_until_it_stops_calling() {
        let (schedule, pace) = (Schedule::default(), Pace::default());
        let pause = |at: i64| schedule.next(&pace, &code(), 2, Timestamp(at)).0 - at;
        assert!(pause(1_000_000) <= 3600);
        schedule.called(&code(), Timestamp(2_000_000));
        assert!(pause(2_000_000) >= 12_000);
        assert!(pause(2_000_000 + CALLS_BACK_MS) <= 3600);
    }

    #[test]
    fn twenty_thousand_who_wait_are_asked_evenly_and_no_faster_than_allowed() {
        let (schedule, pace) = (Schedule::default(), Pace::default());
        let mut seconds = HashMap::new();
        for _ in 0..20_000 {
            let at = schedule.next(&pace, &code(), 9, Timestamp(0)).0;
            *seconds.entry(at / 1000).or_insert(0_u32) += 1;
        }
        assert!(seconds.keys().max().is_some_and(|last| *last <= 40));
        // The first seconds are also filled by pauses; after them there are exactly as many as allowed.
        assert!((7..40).all(|second| seconds.get(&second) == Some(&500)));
    }

    #[test]
    fn what_is_due_all_at_once_is_spread() {
        let (schedule, pace) = (Schedule::default(), Pace::default());
        let now = Timestamp(5000);
        let mut later = Vec::new();
        for _ in 0..1000 {
            match schedule.admit(&pace, &code(), now) {
                Admission::Now => {}
                Admission::Later(at) => later.push(at.0),
            }
        }
        assert_eq!(later.len(), 1000 - pace.looks_at_once);
        assert!(later.iter().all(|at| *at >= 6000));
        schedule.done(&code());
        assert_eq!(schedule.admit(&pace, &code(), now), Admission::Now);
    }
}
