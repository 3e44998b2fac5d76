//! The requests that wait for somebody's PIN, and how they end.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// The PIN of everybody.
pub(crate) const PIN: &str = "123456";
/// Wrong PINs until the account is locked.
const PIN_TRIES: u32 = 5;

/// All requests and accounts.
pub(crate) struct Desk {
    requests: Vec<Request>,
    wrong_pins: HashMap<(String, String), u32>,
    pub(crate) lifetime_seconds: u64,
    pub(crate) fault: Fault,
}

/// What goes wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Every protocol call answers 503.
    Down,
    /// Requests to sign are taken, but their answer never comes.
    LostAnswer,
    /// Values are returned that verify with nothing.
    WrongValue,
}

/// One request to sign.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) provider: String,
    pub(crate) transaction: String,
    pub(crate) code: String,
    pub(crate) account: String,
    pub(crate) serial: String,
    pub(crate) description: String,
    pub(crate) items: Vec<(String, [u8; 32])>,
    pub(crate) expires_at: u64,
    pub(crate) state: State,
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    /// `doc_id` and value of each item.
    Signed(Vec<(String, Vec<u8>)>),
    Rejected,
    PinLocked,
}

/// What entering a PIN led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PinResult {
    Right,
    Wrong { left: u32 },
    Locked,
}

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
            wrong_pins: HashMap::new(),
            lifetime_seconds,
            fault: Fault::None,
        }
    }

    /// Takes a request; false when its transaction number was used before.
    pub(crate) fn add(&mut self, request: Request) -> bool {
        if self.find(&request.provider, &request.transaction).is_some() {
            return false;
        }
        self.requests.push(request);
        true
    }

    /// By either number.
    pub(crate) fn find(&mut self, provider: &str, number: &str) -> Option<&mut Request> {
        self.requests.iter_mut().find(|request| {
            request.provider == provider
                && (request.transaction == number || request.code == number)
        })
    }

    /// What an account has to decide.
    pub(crate) fn waiting(&self, provider: &str, account: &str) -> Vec<Request> {
        let now = now();
        self.requests
            .iter()
            .filter(|request| {
                request.provider == provider
                    && request.account == account
                    && request.state == State::Waiting
                    && request.expires_at > now
            })
            .cloned()
            .collect()
    }

    pub(crate) fn is_locked(&self, provider: &str, account: &str) -> bool {
        self.wrong_pins
            .get(&(provider.to_owned(), account.to_owned()))
            .is_some_and(|wrong| *wrong >= PIN_TRIES)
    }

    /// Counts wrong PINs; the fifth locks the account and ends what waits.
    pub(crate) fn enter_pin(&mut self, provider: &str, account: &str, pin: &str) -> PinResult {
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
        for request in &mut self.requests {
            if request.provider == provider
                && request.account == account
                && request.state == State::Waiting
            {
                request.state = State::PinLocked;
            }
        }
        PinResult::Locked
    }

    /// `Kích hoạt lại`.
    pub(crate) fn unlock(&mut self, provider: &str, account: &str) {
        self.wrong_pins
            .remove(&(provider.to_owned(), account.to_owned()));
    }
}
