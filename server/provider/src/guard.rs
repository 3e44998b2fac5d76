//! A provider is neither flooded nor asked for ever in vain: bounded calls at a time, and a circuit breaker.
//!
//! The breaker is closed while calls get answers, whatever they say: a refusal of the person or of the provider is an answer.
//! It opens after failures in a row or a share of failures, and nothing is asked for a while; then one call tries (half open),
//! and its success closes it again. Calls that are not made are answered with [`ProviderError::Busy`].

mod breaker;
mod open;

use crate::clock::Clock;
use crate::{
    Abilities, Answer, Callback, Handles, ProviderCertificate, ProviderEntry, ProviderError,
    RemoteSigner, Request, Started, Status, Withdrawal,
};
use breaker::{Breaker, Outcome, Pass};
use contract::value::CitizenId;
use open::Open;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How a provider stands, for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GuardState {
    /// The breaker.
    pub phase: Phase,
    /// Failures one after the other until now.
    pub failures_in_a_row: u32,
    /// How often the breaker opened since the portal started.
    pub opened: u64,
    /// Calls that are being made; requests that wait for a person within one call are not among them.
    pub calls: usize,
    /// Calls that wait for their turn.
    pub queued: usize,
    /// Requests of this process that wait for a person.
    pub waiting: usize,
    /// Calls that got an answer since the portal started.
    pub answered: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Calls that were not made.
    pub refused: u64,
}

/// The breaker's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Calls go through.
    Closed,
    /// No call is made.
    Open,
    /// The next call tries whether the provider is back.
    HalfOpen,
}

/// A provider's client with the guard around it.
pub struct Guard {
    inner: Arc<dyn RemoteSigner>,
    /// Places for calls.
    calls: Semaphore,
    calls_max: usize,
    queued: AtomicUsize,
    queue_max: usize,
    queue: Duration,
    /// Places for starts that last until the person decided.
    waits: Semaphore,
    waits_max: usize,
    /// Requests that wait without a call.
    open: Mutex<Open>,
    lifetime: Duration,
    breaker: Mutex<Breaker>,
    clock: Clock,
    answered: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
}

/// Counts a caller in the queue for as long as it lives.
struct Queued<'a>(&'a AtomicUsize);

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A call on its way: dropped without an outcome (its task ended), it gives the half-open breaker's one try back.
struct OnItsWay<'a> {
    guard: &'a Guard,
    pass: Option<Pass>,
}

impl OnItsWay<'_> {
    fn ended(mut self, outcome: Outcome) {
        if let Some(pass) = self.pass.take() {
            self.guard.note(pass, outcome);
        }
    }
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.guard.note(pass, Outcome::Nothing);
        }
    }
}

impl Guard {
    /// Guards a client by its entry's limits.
    #[must_use]
    pub fn new(inner: Arc<dyn RemoteSigner>, entry: &ProviderEntry) -> Self {
        Self::with_clock(inner, entry, Clock::default())
    }

    pub(crate) fn with_clock(
        inner: Arc<dyn RemoteSigner>,
        entry: &ProviderEntry,
        clock: Clock,
    ) -> Self {
        let limits = entry.limits;
        let calls_max = limits.calls_max.min(Semaphore::MAX_PERMITS);
        let waits_max = limits.waiting_max.min(Semaphore::MAX_PERMITS);
        Self {
            inner,
            calls: Semaphore::new(calls_max),
            calls_max,
            queued: AtomicUsize::new(0),
            queue_max: limits.queue_max,
            queue: limits.queue,
            waits: Semaphore::new(waits_max),
            waits_max,
            open: Mutex::new(Open::new(limits.waiting_max)),
            lifetime: limits.lifetime,
            breaker: Mutex::new(Breaker::new(entry.breaker)),
            clock,
            answered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// How the provider stands.
    #[must_use]
    pub fn state(&self) -> GuardState {
        let now = self.clock.now();
        let breaker = self.breaker();
        GuardState {
            phase: breaker.phase(now),
            failures_in_a_row: breaker.failures_in_a_row(),
            opened: breaker.opened(),
            calls: self.calls_max - self.calls.available_permits(),
            queued: self.queued.load(Ordering::Relaxed),
            waiting: self.waits_max - self.waits.available_permits() + self.open().count(now),
            answered: self.answered.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, pass: Pass, outcome: Outcome) {
        match outcome {
            Outcome::Answer => self.answered.fetch_add(1, Ordering::Relaxed),
            Outcome::Failure => self.failed.fetch_add(1, Ordering::Relaxed),
            Outcome::Nothing => 0,
        };
        self.breaker().note(pass, outcome, self.clock.now());
    }

    fn busy(&self) -> ProviderError {
        self.refused.fetch_add(1, Ordering::Relaxed);
        ProviderError::Busy
    }

    /// A place for a call, after a wait in a queue that is bounded in length and time.
    async fn place(&self) -> Result<SemaphorePermit<'_>, ProviderError> {
        if let Ok(permit) = self.calls.try_acquire() {
            return Ok(permit);
        }
        let queued = Queued(&self.queued);
        if self.queued.fetch_add(1, Ordering::Relaxed) >= self.queue_max {
            return Err(self.busy());
        }
        let permit = tokio::time::timeout(self.queue, self.calls.acquire()).await;
        drop(queued);
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(self.busy()),
        }
    }

    fn pass(&self) -> Result<OnItsWay<'_>, ProviderError> {
        let pass = self.breaker().admit(self.clock.now());
        match pass {
            Some(pass) => Ok(OnItsWay {
                guard: self,
                pass: Some(pass),
            }),
            None => Err(self.busy()),
        }
    }

    /// Makes a call when there is a place for it and the breaker lets it through.
    async fn through<T>(
        &self,
        call: impl Future<Output = Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        // An open breaker answers at once: nobody queues in vain.
        if self.breaker().phase(self.clock.now()) == Phase::Open {
            return Err(self.busy());
        }
        let _place = self.place().await?;
        let on_its_way = self.pass()?;
        let answer = call.await;
        on_its_way.ended(outcome(answer.as_ref().err()));
        answer
    }

    /// Asks for signatures where the call comes back at once and the request then waits for the person.
    async fn start_counted(&self, request: &Request) -> Result<Started, ProviderError> {
        let id = request.transaction;
        if !self.open().enter(id, self.clock.now(), self.lifetime) {
            return Err(self.busy());
        }
        let answer = self.through(self.inner.start(request)).await;
        match &answer {
            Ok(Started {
                signed: None,
                ended: None,
                expires_in,
                ..
            }) => {
                if let Some(seconds) = expires_in {
                    let told = Duration::from_secs((*seconds).min(3600));
                    self.open().enter(id, self.clock.now(), told);
                }
            }
            // It may have arrived.
            Err(ProviderError::NoAnswer | ProviderError::Down(_) | ProviderError::Malformed(_)) => {
            }
            _ => self.open().leave(id),
        }
        answer
    }

    async fn status_counted(&self, handles: &Handles) -> Result<Status, ProviderError> {
        let call = self.inner.status(handles);
        let answer = if self.inner.abilities().asks_status {
            self.through(call).await
        } else {
            call.await
        };
        if answer
            .as_ref()
            .is_ok_and(|status| *status != Status::Pending)
        {
            self.open().leave(handles.transaction);
        }
        answer
    }

    /// Makes a call that lasts until the person has decided: it takes a place among those that wait, not among the calls.
    async fn through_waiting(&self, request: &Request) -> Result<Started, ProviderError> {
        let Ok(_place) = self.waits.try_acquire() else {
            return Err(self.busy());
        };
        let on_its_way = self.pass()?;
        let answer = self.inner.start(request).await;
        on_its_way.ended(match &answer {
            // Most likely nobody looked at the phone: that is not the provider's fault.
            Err(ProviderError::NoAnswer) => Outcome::Nothing,
            other => outcome(other.as_ref().err()),
        });
        answer
    }
}

/// What an answer tells about the provider's health.
const fn outcome(error: Option<&ProviderError>) -> Outcome {
    match error {
        None => Outcome::Answer,
        Some(
            ProviderError::Unreachable
            | ProviderError::NoAnswer
            | ProviderError::Down(_)
            | ProviderError::Malformed(_),
        ) => Outcome::Failure,
        // "Too many requests": it lives, but is no better than before.
        Some(ProviderError::Busy) => Outcome::Nothing,
        Some(
            ProviderError::Credentials
            | ProviderError::NoCertificate
            | ProviderError::CertificateUnusable
            | ProviderError::QuotaUsedUp
            | ProviderError::ModeUnsupported
            | ProviderError::Refused(_),
        ) => Outcome::Answer,
    }
}

impl RemoteSigner for Guard {
    fn certificates<'a>(&'a self, account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>> {
        Box::pin(self.through(self.inner.certificates(account)))
    }

    fn start<'a>(&'a self, request: &'a Request) -> Answer<'a, Started> {
        if self.inner.abilities().start_waits {
            Box::pin(self.through_waiting(request))
        } else {
            Box::pin(self.start_counted(request))
        }
    }

    fn status<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Status> {
        Box::pin(self.status_counted(handles))
    }

    fn cancel<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Withdrawal> {
        let call = self.inner.cancel(handles);
        if self.inner.abilities().cancels {
            Box::pin(self.through(call))
        } else {
            call
        }
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn callback(&self, body: &serde_json::Value) -> Option<Callback> {
        self.inner.callback(body)
    }

    fn guard(&self) -> Option<GuardState> {
        Some(self.state())
    }
}

#[cfg(test)]
mod tests;
