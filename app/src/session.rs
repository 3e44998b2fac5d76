//! Who is signed in, and the server's clock.

use crate::api::{self, ApiError};
use contract::problem::ProblemCode;
use contract::session::{Account, Role, Session};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is known about the person.
#[derive(Debug, Clone, PartialEq)]
pub enum Who {
    /// Being asked.
    Asking,
    /// Nobody.
    Nobody,
    /// Somebody.
    Somebody(Account),
}

/// Signal of who is signed in, and how far the device's clock is off.
#[derive(Clone, Copy)]
pub struct SessionState {
    /// Who.
    pub who: RwSignal<Who>,
    offset: RwSignal<i64>,
}

/// Makes the state and asks the server.
pub fn provide() {
    let state = SessionState {
        who: RwSignal::new(Who::Asking),
        offset: RwSignal::new(0),
    };
    provide_context(state);
    spawn_local(async move { state.refresh().await });
}

/// The state.
pub fn session() -> SessionState {
    expect_context::<SessionState>()
}

impl SessionState {
    /// Asks the server again. Without a network nothing changes but the first answer.
    pub async fn refresh(self) {
        match api::session().await {
            Ok(Some(session)) => self.begin(session),
            Ok(None) => self.who.set(Who::Nobody),
            Err(ApiError {
                code: ProblemCode::Offline,
                ..
            }) if self.who.get_untracked() != Who::Asking => {}
            Err(_) => self.who.set(Who::Nobody),
        }
    }

    /// Somebody signed in.
    pub fn begin(self, session: Session) {
        self.offset.set(session.server_time.0 - device_time());
        self.who.set(Who::Somebody(session.account));
    }

    /// The server said what time it is.
    pub fn hear(self, server_time: Timestamp) {
        self.offset.set(server_time.0 - device_time());
    }

    /// Nobody is signed in any more.
    pub fn end(self) {
        self.who.set(Who::Nobody);
    }

    /// The account, tracked.
    pub fn account(self) -> Option<Account> {
        match self.who.get() {
            Who::Somebody(account) => Some(account),
            Who::Asking | Who::Nobody => None,
        }
    }

    /// The account, not tracked.
    pub fn account_now(self) -> Option<Account> {
        match self.who.get_untracked() {
            Who::Somebody(account) => Some(account),
            Who::Asking | Who::Nobody => None,
        }
    }

    /// Whether an officer is signed in, tracked.
    pub fn is_officer(self) -> bool {
        self.account()
            .is_some_and(|account| account.role == Role::Officer)
    }

    /// Now, by the server's clock.
    pub fn now(self) -> Timestamp {
        Timestamp(device_time() + self.offset.get_untracked())
    }
}

#[allow(clippy::cast_possible_truncation)] // milliseconds since 1970 fit by far
fn device_time() -> i64 {
    js_sys::Date::now() as i64
}
