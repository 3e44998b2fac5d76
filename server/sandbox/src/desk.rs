//! The requests that wait for somebody's PIN, and how they end. Everything is found by hash: tens of thousands may wait.

use crate::key::Hash;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// The PIN of everybody.
pub(crate) const PIN: &str = "123456";
/// Wrong PINs until the account is locked.
const PIN_TRIES: u32 = 5;

/// All requests and accounts.
pub(crate) struct Desk {
    requests: Vec<Request>,
    /// By provider and either number.
    by_number: HashMap<(&'static str, String), usize>,
    /// What waits, by provider and account.
    waiting: HashMap<(&'static str, String), BTreeSet<usize>>,
    wrong_pins: HashMap<(String, String), u32>,
    pub(crate) lifetime_seconds: u64,
}

/// One thing to sign.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) doc_id: String,
    pub(crate) digest: Vec<u8>,
}

/// A value for one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) doc_id: String,
    pub(crate) value: Vec<u8>,
}

/// What somebody asks to be signed.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) provider: &'static str,
    /// The caller's number; empty where the protocol has none.
    pub(crate) transaction: String,
    /// Whether the caller's number finds the request again.
    pub(crate) known_by_callers_number: bool,
    pub(crate) account: String,
    pub(crate) serial: String,
    pub(crate) description: String,
    pub(crate) hash: Hash,
    pub(crate) items: Vec<Item>,
    /// The person only permits; values are made by a later call (CSC).
    pub(crate) permission_only: bool,
    /// Where the result is posted, as the request says.
    pub(crate) webhook: Option<String>,
}

/// One request to sign.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) asked: Asked,
    /// Our own number.
    pub(crate) code: String,
    /// Seconds since 1970.
    pub(crate) created_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) state: State,
    pub(crate) count: Count,
    /// No status call finds it any more (a fault).
    forgotten: bool,
    /// Tells those who wait inside a call.
    pub(crate) changed: Arc<Notify>,
}

/// How often things happened to a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Count {
    /// The key was used: once for all items counts one.
    pub(crate) signed: u32,
    /// The same number came again and was refused.
    pub(crate) refused_again: u32,
    /// Its status was asked.
    pub(crate) asked: u32,
    /// Values were handed out.
    pub(crate) handed_out: u32,
    /// Its result was posted.
    pub(crate) called_back: u32,
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    /// Confirmed; the key is at work.
    Signing,
    /// Confirmed; values follow by another call.
    Permitted,
    /// Values in the order they are given.
    Signed(Vec<Value>),
    Rejected,
    PinLocked,
    Expired,
    Failed,
}

impl State {
    /// As the admin interface says it.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Signing => "signing",
            Self::Permitted => "permitted",
            Self::Signed(_) => "signed",
            Self::Rejected => "rejected",
            Self::PinLocked => "pin-locked",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }
}

/// What entering a PIN led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PinResult {
    Right,
    Wrong { left: u32 },
    Locked,
}

/// The caller's number was used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberUsed;

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

impl Desk {
    pub(crate) fn new(lifetime_seconds: u64) -> Self {
        Self {
            requests: Vec::new(),
            by_number: HashMap::new(),
            waiting: HashMap::new(),
            wrong_pins: HashMap::new(),
            lifetime_seconds,
        }
    }

    /// Takes a request and gives it our number.
    pub(crate) fn add(&mut self, asked: Asked) -> Result<Request, NumberUsed> {
        let provider = asked.provider;
        let callers = (provider, asked.transaction.clone());
        let by_callers = asked.known_by_callers_number && !asked.transaction.is_empty();
        if by_callers && let Some(&position) = self.by_number.get(&callers) {
            if let Some(first) = self.requests.get_mut(position) {
                first.count.refused_again += 1;
            }
            return Err(NumberUsed);
        }
        let position = self.requests.len();
        let now = now();
        let request = Request {
            code: uuid::Uuid::new_v4().to_string(),
            created_at: now,
            expires_at: now.saturating_add(self.lifetime_seconds),
            state: State::Waiting,
            count: Count::default(),
            forgotten: false,
            changed: Arc::new(Notify::new()),
            asked,
        };
        if by_callers {
            self.by_number.insert(callers, position);
        }
        self.by_number
            .insert((provider, request.code.clone()), position);
        self.waiting
            .entry((provider, request.asked.account.clone()))
            .or_default()
            .insert(position);
        self.requests.push(request.clone());
        Ok(request)
    }

    fn position(&self, provider: &'static str, number: &str) -> Option<usize> {
        self.by_number.get(&(provider, number.to_owned())).copied()
    }

    /// By either number, unless forgotten.
    pub(crate) fn find(&mut self, provider: &'static str, number: &str) -> Option<&mut Request> {
        let position = self.position(provider, number)?;
        self.expire(position);
        self.requests
            .get_mut(position)
            .filter(|request| !request.forgotten)
    }

    fn expire(&mut self, position: usize) {
        if let Some(request) = self.requests.get(position)
            && request.state == State::Waiting
            && request.expires_at <= now()
        {
            self.end(position, State::Expired);
        }
    }

    /// Sets a state, tells who waits, and keeps the list of waiting ones.
    fn end(&mut self, position: usize, state: State) {
        let Some(request) = self.requests.get_mut(position) else {
            return;
        };
        request.state = state;
        request.changed.notify_waiters();
        let key = (request.asked.provider, request.asked.account.clone());
        if request.state != State::Waiting
            && let Some(list) = self.waiting.get_mut(&key)
        {
            list.remove(&position);
        }
    }

    /// Sets how a request stands.
    pub(crate) fn set(&mut self, provider: &'static str, number: &str, state: State) {
        if let Some(position) = self.position(provider, number) {
            self.end(position, state);
        }
    }

    /// Changes `from` to `to`; none when it stands otherwise, so that nothing is signed twice.
    pub(crate) fn claim(
        &mut self,
        provider: &'static str,
        number: &str,
        from: &State,
        to: State,
    ) -> Option<Request> {
        let position = self.position(provider, number)?;
        self.expire(position);
        if self.requests.get(position)?.state != *from {
            return None;
        }
        self.end(position, to);
        self.requests.get(position).cloned()
    }

    /// Counts something that happened, also to what is forgotten.
    pub(crate) fn count(
        &mut self,
        provider: &'static str,
        number: &str,
        happened: impl FnOnce(&mut Count),
    ) {
        if let Some(position) = self.position(provider, number)
            && let Some(request) = self.requests.get_mut(position)
        {
            happened(&mut request.count);
        }
    }

    /// No status call finds it from now on.
    pub(crate) fn forget(&mut self, provider: &'static str, number: &str) {
        if let Some(position) = self.position(provider, number)
            && let Some(request) = self.requests.get_mut(position)
        {
            request.forgotten = true;
        }
    }

    /// What an account has to decide, oldest first, at most `most`.
    pub(crate) fn waiting(
        &self,
        provider: &'static str,
        account: &str,
        most: usize,
    ) -> Vec<Request> {
        let now = now();
        self.waiting
            .get(&(provider, account.to_owned()))
            .into_iter()
            .flatten()
            .filter_map(|position| self.requests.get(*position))
            .filter(|request| request.expires_at > now)
            .take(most)
            .cloned()
            .collect()
    }

    /// All requests, oldest first.
    pub(crate) fn requests(&mut self) -> &[Request] {
        for position in 0..self.requests.len() {
            self.expire(position);
        }
        &self.requests
    }

    /// Forgets all requests, for the next test.
    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.by_number.clear();
        self.waiting.clear();
    }

    pub(crate) fn is_locked(&self, provider: &str, account: &str) -> bool {
        self.wrong_pins
            .get(&(provider.to_owned(), account.to_owned()))
            .is_some_and(|wrong| *wrong >= PIN_TRIES)
    }

    /// Counts wrong PINs; the fifth locks the account and ends what waits.
    pub(crate) fn enter_pin(
        &mut self,
        provider: &'static str,
        account: &str,
        pin: &str,
    ) -> PinResult {
        if self.is_locked(provider, account) {
            return PinResult::Locked;
        }
        let key = (provider.to_owned(), account.to_owned());
        if pin == PIN {
            self.wrong_pins.remove(&key);
            return PinResult::Right;
        }
        let wrong = self.wrong_pins.entry(key).or_insert(0);
        *wrong += 1;
        if *wrong < PIN_TRIES {
            return PinResult::Wrong {
                left: PIN_TRIES - *wrong,
            };
        }
        let ended = self
            .waiting
            .remove(&(provider, account.to_owned()))
            .unwrap_or_default();
        for position in ended {
            self.end(position, State::PinLocked);
        }
        PinResult::Locked
    }

    /// `Kích hoạt lại`.
    pub(crate) fn unlock(&mut self, provider: &str, account: &str) {
        self.wrong_pins
            .remove(&(provider.to_owned(), account.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(transaction: &str) -> Asked {
        Asked {
            provider: "vnpt-ca",
            transaction: transaction.into(),
            known_by_callers_number: true,
            account: "062099000011".into(),
            serial: "01".into(),
            description: String::new(),
            hash: Hash::Sha256,
            items: Vec::new(),
            permission_only: false,
            webhook: None,
        }
    }

    #[test]
    fn a_request_is_claimed_once() {
        let mut desk = Desk::new(60);
        desk.add(asked("a")).expect("new");
        let claim = |desk: &mut Desk| desk.claim("vnpt-ca", "a", &State::Waiting, State::Signing);
        assert!(claim(&mut desk).is_some());
        assert!(claim(&mut desk).is_none());
        assert!(desk.waiting("vnpt-ca", "062099000011", 9).is_empty());
    }

    #[test]
    fn a_number_that_comes_again_is_counted_and_refused() {
        let mut desk = Desk::new(60);
        desk.add(asked("a")).expect("new");
        assert_eq!(desk.add(asked("a")).err(), Some(NumberUsed));
        assert_eq!(desk.requests()[0].count.refused_again, 1);
        assert_eq!(desk.requests().len(), 1);
    }

    #[test]
    fn a_forgotten_request_is_still_listed() {
        let mut desk = Desk::new(60);
        desk.add(asked("a")).expect("new");
        desk.forget("vnpt-ca", "a");
        assert!(desk.find("vnpt-ca", "a").is_none());
        assert_eq!(desk.requests().len(), 1);
    }

    #[test]
    fn what_nobody_decides_expires() {
        let mut desk = Desk::new(0);
        desk.add(asked("a")).expect("new");
        let found = desk.find("vnpt-ca", "a").expect("there");
        assert_eq!(found.state, State::Expired);
    }
}
