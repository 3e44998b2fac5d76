//! Remote signing: transactions from their start to their end (spec `peers.md` D.3). The database is the truth; whoever holds a lease
//! moves a transaction on, a browser only looks at it.
//!
//! `start` writes the row and `send` asks the provider, once and only once: after a lost answer the state is `unknown`, and only the
//! status is asked then. `poller` takes what is due and `look` asks how it stands, `callback` takes what a provider says by itself;
//! both end in `believe`, which keeps only values that verify. `late` looks after attempts that are over. `hub` tells the browsers.

mod believe;
mod callback;
mod certificate;
mod change;
mod decide;
mod doorman;
mod hub;
mod late;
mod look;
mod person;
mod poller;
mod request;
mod schedule;
mod send;
mod start;
mod stream;

pub use callback::{Heard, hear};
pub use certificate::check;
pub use doorman::{admits, sign_in};
pub use hub::Hub;
pub use person::{cancel, complete, shown, view, view_after};
pub use poller::poll;
pub use schedule::Schedule;
pub use send::InFlight;
pub use start::start;
pub use stream::{all_events, events};

use contract::signing::SigningState;

/// States in which the provider may still answer.
const OPEN: &[SigningState] = &[
    SigningState::Sending,
    SigningState::Unknown,
    SigningState::Waiting,
];
