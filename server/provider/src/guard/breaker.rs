//! The circuit breaker: pure state, the time is an argument.

use super::Phase;
use crate::entry::BreakerSettings;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The pause doubles with each try that failed, up to this many times the first one.
const PAUSE_GROWTH_MAX: u32 = 8;

/// Permission for one call; its outcome has to be noted.
#[derive(Debug)]
#[must_use]
pub(super) struct Pass {
    /// It is the one try of the half-open breaker.
    is_try: bool,
    /// Which opening it belongs to: what a call begun before an opening tells comes too late.
    era: u64,
}

/// What a call told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The provider answered.
    Answer,
    /// It did not, or with an error of its own.
    Failure,
    /// Neither can be said.
    Nothing,
}

#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    in_a_row: u32,
    /// The last outcomes: true for a failure.
    last: VecDeque<bool>,
    /// While open: when one call may try again.
    until: Option<Instant>,
    trying: bool,
    growth: u32,
    opened: u64,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            in_a_row: 0,
            last: VecDeque::new(),
            until: None,
            trying: false,
            growth: 1,
            opened: 0,
        }
    }

    pub(super) fn phase(&self, now: Instant) -> Phase {
        match self.until {
            None => Phase::Closed,
            Some(until) if until > now => Phase::Open,
            Some(_) => Phase::HalfOpen,
        }
    }

    pub(super) const fn failures_in_a_row(&self) -> u32 {
        self.in_a_row
    }

    pub(super) const fn opened(&self) -> u64 {
        self.opened
    }

    /// Whether a call may be made now.
    pub(super) fn admit(&mut self, now: Instant) -> Option<Pass> {
        let is_try = match self.phase(now) {
            Phase::Closed => false,
            Phase::HalfOpen if !self.trying => {
                self.trying = true;
                true
            }
            Phase::Open | Phase::HalfOpen => return None,
        };
        Some(Pass {
            is_try,
            era: self.opened,
        })
    }

    pub(super) fn note(&mut self, pass: Pass, outcome: Outcome, now: Instant) {
        if pass.is_try {
            self.trying = false;
            match outcome {
                Outcome::Answer => self.close(),
                Outcome::Failure => {
                    self.in_a_row = self.in_a_row.saturating_add(1);
                    self.growth = (self.growth * 2).min(PAUSE_GROWTH_MAX);
                    self.open(now);
                }
                Outcome::Nothing => {}
            }
            return;
        }
        if pass.era != self.opened || self.until.is_some() || outcome == Outcome::Nothing {
            return;
        }
        let failed = outcome == Outcome::Failure;
        self.in_a_row = if failed {
            self.in_a_row.saturating_add(1)
        } else {
            0
        };
        if self.last.len() >= self.settings.window {
            self.last.pop_front();
        }
        self.last.push_back(failed);
        if failed && (self.in_a_row >= self.settings.failures || self.share_is_reached()) {
            self.open(now);
        }
    }

    /// Only a full window tells a share.
    fn share_is_reached(&self) -> bool {
        let failures = self.last.iter().filter(|failed| **failed).count();
        self.last.len() >= self.settings.window
            && failures * 100 >= self.last.len() * self.settings.percent as usize
    }

    fn open(&mut self, now: Instant) {
        let pause = Duration::from_secs(self.settings.pause_seconds) * self.growth;
        self.until = Some(now + pause);
        self.opened += 1;
        self.last.clear();
    }

    fn close(&mut self) {
        self.until = None;
        self.in_a_row = 0;
        self.growth = 1;
        self.last.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Breaker {
        Breaker::new(BreakerSettings {
            failures: 3,
            percent: 50,
            window: 10,
            pause_seconds: 10,
        })
    }

    fn tell(breaker: &mut Breaker, outcome: Outcome, now: Instant) -> bool {
        breaker
            .admit(now)
            .map(|pass| breaker.note(pass, outcome, now))
            .is_some()
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_closes_after_one_success() {
        let mut breaker = breaker();
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(breaker.phase(start), Phase::Closed);
            assert!(tell(&mut breaker, Outcome::Failure, start));
        }
        assert_eq!(breaker.phase(start), Phase::Open);
        assert!(!tell(&mut breaker, Outcome::Answer, start));
        let later = start + Duration::from_secs(10);
        assert_eq!(breaker.phase(later), Phase::HalfOpen);
        let pass = breaker.admit(later).expect("one try");
        assert!(breaker.admit(later).is_none(), "only one");
        breaker.note(pass, Outcome::Answer, later);
        assert_eq!(breaker.phase(later), Phase::Closed);
        assert_eq!((breaker.failures_in_a_row(), breaker.opened()), (0, 1));
    }

    #[test]
    fn an_answer_between_failures_starts_the_count_anew() {
        let mut breaker = breaker();
        let now = Instant::now();
        for outcome in [
            Outcome::Failure,
            Outcome::Failure,
            Outcome::Answer,
            Outcome::Failure,
            Outcome::Nothing,
            Outcome::Failure,
        ] {
            assert!(tell(&mut breaker, outcome, now));
        }
        assert_eq!(breaker.phase(now), Phase::Closed);
        assert_eq!(breaker.failures_in_a_row(), 2);
    }

    #[test]
    fn it_opens_when_half_of_the_last_calls_failed() {
        let mut breaker = breaker();
        let now = Instant::now();
        for position in 0..10 {
            assert_eq!(breaker.phase(now), Phase::Closed);
            let outcome = if position % 2 == 1 {
                Outcome::Failure
            } else {
                Outcome::Answer
            };
            assert!(tell(&mut breaker, outcome, now));
        }
        assert_eq!(breaker.phase(now), Phase::Open);
    }

    #[test]
    fn an_answer_never_opens_it() {
        let mut breaker = breaker();
        let now = Instant::now();
        for position in 0..9 {
            let outcome = if position % 2 == 0 {
                Outcome::Failure
            } else {
                Outcome::Answer
            };
            tell(&mut breaker, outcome, now);
        }
        // The tenth fills the window: five of ten failed, but this one did not.
        assert!(tell(&mut breaker, Outcome::Answer, now));
        assert_eq!(breaker.phase(now), Phase::Closed);
    }

    #[test]
    fn each_failed_try_doubles_the_pause_up_to_a_bound() {
        let mut breaker = breaker();
        let mut now = Instant::now();
        for _ in 0..3 {
            tell(&mut breaker, Outcome::Failure, now);
        }
        for seconds in [10, 20, 40, 80, 80, 80] {
            let just_before = now + Duration::from_secs(seconds - 1);
            assert_eq!(breaker.phase(just_before), Phase::Open, "{seconds}");
            now += Duration::from_secs(seconds);
            assert_eq!(breaker.phase(now), Phase::HalfOpen, "{seconds}");
            assert!(tell(&mut breaker, Outcome::Failure, now));
        }
        now += Duration::from_secs(80);
        assert!(tell(&mut breaker, Outcome::Answer, now));
        assert_eq!(breaker.phase(now), Phase::Closed);
    }

    #[test]
    fn a_try_that_was_given_up_gives_its_place_back() {
        let mut breaker = breaker();
        let now = Instant::now();
        for _ in 0..3 {
            tell(&mut breaker, Outcome::Failure, now);
        }
        let later = now + Duration::from_secs(10);
        assert!(tell(&mut breaker, Outcome::Nothing, later));
        assert_eq!(breaker.phase(later), Phase::HalfOpen);
        assert!(tell(&mut breaker, Outcome::Answer, later));
    }

    #[test]
    fn what_an_old_call_tells_neither_opens_nor_closes_it() {
        let mut breaker = breaker();
        let now = Instant::now();
        let old = [breaker.admit(now), breaker.admit(now)];
        for _ in 0..3 {
            tell(&mut breaker, Outcome::Failure, now);
        }
        for pass in old.into_iter().flatten() {
            breaker.note(pass, Outcome::Answer, now);
        }
        assert_eq!(breaker.phase(now), Phase::Open);
    }

    proptest::proptest! {
        #[test]
        fn it_always_lets_a_call_through_again(steps in proptest::collection::vec((0_u8..3, 0_u64..30), 0..200)) {
            let mut breaker = breaker();
            let mut now = Instant::now();
            for (outcome, seconds) in steps {
                now += Duration::from_secs(seconds);
                let outcome = [Outcome::Answer, Outcome::Failure, Outcome::Nothing][usize::from(outcome)];
                tell(&mut breaker, outcome, now);
            }
            now += Duration::from_secs(10 * u64::from(PAUSE_GROWTH_MAX));
            proptest::prop_assert!(tell(&mut breaker, Outcome::Answer, now));
            proptest::prop_assert_eq!(breaker.phase(now), Phase::Closed);
        }
    }
}
