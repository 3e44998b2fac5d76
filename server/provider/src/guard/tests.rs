use super::*;
use crate::clock::Hands;
use std::collections::VecDeque;
use tokio::sync::Notify;

/// Answers what it is told to, in order; then `Pending`. Calls wait while its gate is shut.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Status, ProviderError>>>,
    made: AtomicUsize,
    gate: Option<Arc<Notify>>,
    start_waits: bool,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Result<Status, ProviderError>>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Self::default()
        }
    }

    async fn next(&self) -> Result<Status, ProviderError> {
        self.made.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        let next = self.answers.lock().expect("unpoisoned").pop_front();
        next.unwrap_or(Ok(Status::Pending))
    }
}

impl RemoteSigner for Script {
    fn certificates<'a>(&'a self, _account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>> {
        Box::pin(async { self.next().await.map(|_| Vec::new()) })
    }
    fn start<'a>(&'a self, _request: &'a Request) -> Answer<'a, Started> {
        Box::pin(async { self.next().await.map(|_| Started::default()) })
    }
    fn status<'a>(&'a self, _handles: &'a Handles) -> Answer<'a, Status> {
        Box::pin(self.next())
    }
    fn abilities(&self) -> Abilities {
        Abilities {
            start_waits: self.start_waits,
            ..Abilities::default()
        }
    }
}

fn entry(more: &str) -> ProviderEntry {
    let text = format!(
        "[[provider]]\ncode='x-1'\nname='X'\napp_name='X'\nbreaker={{failures=3,pause_seconds=10}}\nqueue_seconds=0\n{more}\n"
    );
    crate::read_entries(&text).expect("valid").remove(0)
}

fn guarded(script: Script, more: &str) -> (Arc<Guard>, Arc<Script>, Hands) {
    let script = Arc::new(script);
    let (hands, clock) = Hands::new();
    let inner: Arc<dyn RemoteSigner> = Arc::<Script>::clone(&script);
    (
        Arc::new(Guard::with_clock(inner, &entry(more), clock)),
        script,
        hands,
    )
}

fn handles() -> Handles {
    Handles {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "1".parse().expect("valid"),
        provider_code: None,
        doc_ids: vec![],
    }
}

fn request() -> Request {
    Request {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "1".parse().expect("valid"),
        description: String::new(),
        time_stamp: String::new(),
        items: vec![],
    }
}

#[tokio::test]
async fn after_failures_in_a_row_nothing_is_asked_until_one_try_succeeds() {
    let failures = [
        Err(ProviderError::Down(503)),
        Err(ProviderError::NoAnswer),
        Err(ProviderError::Unreachable),
    ];
    let (guard, script, hands) = guarded(Script::of(failures), "");
    for _ in 0..3 {
        assert_eq!(guard.state().phase, Phase::Closed);
        assert!(guard.status(&handles()).await.is_err());
    }
    assert_eq!(guard.state().phase, Phase::Open);
    assert_eq!(guard.start(&request()).await, Err(ProviderError::Busy));
    assert_eq!(script.made.load(Ordering::SeqCst), 3);
    hands.forward(10);
    assert_eq!(guard.state().phase, Phase::HalfOpen);
    // A status is as good a try as any other call.
    assert_eq!(guard.status(&handles()).await, Ok(Status::Pending));
    let state = guard.guard().expect("watched");
    assert_eq!(state.phase, Phase::Closed);
    assert_eq!(
        (state.opened, state.answered, state.failed, state.refused),
        (1, 1, 3, 1)
    );
}

#[tokio::test]
async fn refusals_are_answers_and_open_nothing() {
    let refusals = [
        Ok(Status::Rejected),
        Err(ProviderError::Credentials),
        Err(ProviderError::NoCertificate),
        Err(ProviderError::CertificateUnusable),
        Err(ProviderError::QuotaUsedUp),
        Err(ProviderError::ModeUnsupported),
        Err(ProviderError::Refused(400)),
        Err(ProviderError::Busy),
        Err(ProviderError::Busy),
        Err(ProviderError::Busy),
    ];
    let (guard, script, _hands) = guarded(Script::of(refusals), "");
    for _ in 0..10 {
        let _ = guard.status(&handles()).await;
    }
    assert_eq!(script.made.load(Ordering::SeqCst), 10);
    assert_eq!(guard.state().phase, Phase::Closed);
    assert_eq!(guard.state().failures_in_a_row, 0);
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_beyond_their_places_wait_and_beyond_the_queue_are_refused() {
    let gate = Arc::new(Notify::new());
    let script = Script {
        gate: Some(Arc::clone(&gate)),
        ..Script::default()
    };
    let (guard, script, _hands) = guarded(script, "calls_max=2\nqueue_max=1\n");
    // The queue's wait is 0 seconds in these entries: let this one wait.
    let mut long = entry("calls_max=2\nqueue_max=1\n");
    long.limits.queue = Duration::from_secs(600);
    let inner: Arc<dyn RemoteSigner> = Arc::<Script>::clone(&script);
    let waiting = Arc::new(Guard::with_clock(inner, &long, Clock::default()));
    drop(guard);
    let ask = || {
        let guard = Arc::clone(&waiting);
        tokio::spawn(async move { guard.status(&handles()).await })
    };
    let asks = [ask(), ask(), ask()];
    until(|| waiting.state().queued == 1).await;
    assert_eq!(waiting.state().calls, 2);
    assert_eq!(waiting.status(&handles()).await, Err(ProviderError::Busy));
    assert_eq!(script.made.load(Ordering::SeqCst), 2);
    for _ in 0..3 {
        gate.notify_one();
        tokio::task::yield_now().await;
    }
    until(|| {
        gate.notify_one();
        asks.iter().all(tokio::task::JoinHandle::is_finished)
    })
    .await;
    for ask in asks {
        assert_eq!(ask.await.expect("ended"), Ok(Status::Pending));
    }
    let state = waiting.state();
    assert_eq!(
        (state.calls, state.queued, state.answered, state.refused),
        (0, 0, 3, 1)
    );
}

#[tokio::test]
async fn a_call_that_waited_too_long_for_its_turn_is_refused() {
    let script = Script {
        gate: Some(Arc::new(Notify::new())),
        ..Script::default()
    };
    let (guard, _script, _hands) = guarded(script, "calls_max=1\n");
    let first = {
        let guard = Arc::clone(&guard);
        tokio::spawn(async move { guard.status(&handles()).await })
    };
    until(|| guard.state().calls == 1).await;
    assert_eq!(guard.status(&handles()).await, Err(ProviderError::Busy));
    assert_eq!(guard.state().queued, 0);
    first.abort();
}

#[tokio::test]
async fn starts_that_wait_for_people_take_places_of_their_own() {
    let gate = Arc::new(Notify::new());
    let script = Script {
        gate: Some(Arc::clone(&gate)),
        start_waits: true,
        ..Script::default()
    };
    let (guard, _script, _hands) = guarded(script, "waiting_max=2\ncalls_max=1\n");
    let start = || {
        let guard = Arc::clone(&guard);
        tokio::spawn(async move { guard.start(&request()).await })
    };
    let starts = [start(), start()];
    until(|| guard.state().waiting == 2).await;
    assert_eq!(guard.state().calls, 0);
    assert_eq!(guard.start(&request()).await, Err(ProviderError::Busy));
    until(|| {
        gate.notify_one();
        starts.iter().all(tokio::task::JoinHandle::is_finished)
    })
    .await;
    assert_eq!(guard.state().waiting, 0);
}

#[tokio::test]
async fn people_who_do_not_look_at_their_phones_do_not_open_the_breaker() {
    let lost = [
        Err(ProviderError::NoAnswer),
        Err(ProviderError::NoAnswer),
        Err(ProviderError::NoAnswer),
        Err(ProviderError::NoAnswer),
    ];
    let script = Script {
        start_waits: true,
        ..Script::of(lost)
    };
    let (guard, _script, _hands) = guarded(script, "");
    for _ in 0..4 {
        assert_eq!(guard.start(&request()).await, Err(ProviderError::NoAnswer));
    }
    assert_eq!(guard.state().phase, Phase::Closed);
}

#[tokio::test]
async fn a_try_whose_caller_went_away_gives_its_place_back() {
    let gate = Arc::new(Notify::new());
    let script = Script {
        gate: Some(Arc::clone(&gate)),
        answers: Mutex::new(
            [
                Err(ProviderError::Down(500)),
                Err(ProviderError::Down(500)),
                Err(ProviderError::Down(500)),
            ]
            .into(),
        ),
        ..Script::default()
    };
    let (guard, script, hands) = guarded(script, "");
    for _ in 0..3 {
        gate.notify_one();
        assert!(guard.status(&handles()).await.is_err());
    }
    hands.forward(10);
    let tried = {
        let guard = Arc::clone(&guard);
        tokio::spawn(async move { guard.status(&handles()).await })
    };
    until(|| script.made.load(Ordering::SeqCst) == 4).await;
    assert_eq!(guard.status(&handles()).await, Err(ProviderError::Busy));
    tried.abort();
    assert!(tried.await.is_err());
    gate.notify_one();
    assert_eq!(guard.status(&handles()).await, Ok(Status::Pending));
    assert_eq!(guard.state().phase, Phase::Closed);
}

#[tokio::test]
async fn no_more_requests_wait_for_people_than_the_entry_allows() {
    let answers = [
        Ok(Status::Pending),
        Err(ProviderError::NoAnswer),
        Ok(Status::Pending),
        Ok(Status::Rejected),
        Err(ProviderError::Refused(400)),
    ];
    let (guard, script, hands) = guarded(Script::of(answers), "waiting_max=2\n");
    let numbered = |number| Request {
        transaction: uuid::Uuid::from_u128(number),
        ..request()
    };
    assert!(guard.start(&numbered(1)).await.is_ok());
    // Its answer was lost: it may wait on a phone.
    assert!(guard.start(&numbered(2)).await.is_err());
    assert_eq!(guard.start(&numbered(3)).await, Err(ProviderError::Busy));
    assert_eq!(script.made.load(Ordering::SeqCst), 2);
    let first = Handles {
        transaction: uuid::Uuid::from_u128(1),
        ..handles()
    };
    assert_eq!(guard.status(&first).await, Ok(Status::Pending));
    assert_eq!(guard.state().waiting, 2);
    assert_eq!(guard.status(&first).await, Ok(Status::Rejected));
    assert_eq!(guard.state().waiting, 1);
    // One that was refused does not wait.
    assert!(guard.start(&numbered(4)).await.is_err());
    assert_eq!(guard.state().waiting, 1);
    hands.forward(330);
    assert_eq!(guard.state().waiting, 0);
}
