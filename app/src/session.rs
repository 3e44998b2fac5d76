//! Who is signed in, also when the server cannot be asked, and the server's clock.

use crate::api;
use crate::chunk;
use crate::network;
use contract::session::{Account, Role, Session};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use uuid::Uuid;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{BroadcastChannel, MessageEvent};

/// Other windows hear over it that somebody signed in or out.
const CHANNEL: &str = "ho-so-ky-so/session";
/// The name under which the browser keeps that this device is used by several people.
const SHARED: &str = "shared-device";

/// The screen where codes of an authenticator app are set up.
pub const SECURITY: &str = "/bao-mat";

/// That somebody signed out here and the server does not know yet.
const SIGNED_OUT: &str = "signed-out";

/// That somebody went to an identity provider to sign in: the other windows hear of it once they are back.
const AWAY: &str = "signing-in";

/// That somebody's data may lie open here: who never signed in needs nothing of what locks it.
const OPENED: &str = "opened";

/// What is known about the person.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // there is one, in one signal
pub enum Who {
    /// Being asked.
    Asking,
    /// Nobody.
    Nobody,
    /// Somebody.
    Somebody(Account),
}

/// What the server says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The session holds.
    Live,
    /// The server could not be asked yet: known from this device.
    Kept,
    /// The session ended while the page was open. What is on screen stays, nothing can be sent until the person signs in again.
    Lapsed,
}

/// Signal of who is signed in, and how far the device's clock is off.
#[derive(Clone, Copy)]
pub struct SessionState {
    /// Who.
    pub who: RwSignal<Who>,
    /// Whether the server agrees.
    pub standing: RwSignal<Standing>,
    offset: RwSignal<i64>,
}

/// Whose data may be opened in this window.
#[derive(Clone, Copy)]
enum Opens {
    Nobody,
    One(Uuid),
    /// Tests that are about something else.
    #[cfg(test)]
    Anybody,
}

#[cfg(not(test))]
const FIRST: Opens = Opens::Nobody;
#[cfg(test)]
const FIRST: Opens = Opens::Anybody;

thread_local! {
    static OPENS: Cell<Opens> = const { Cell::new(FIRST) };
    /// Grows when somebody signs in or out.
    static TURN: Cell<u32> = const { Cell::new(0) };
    static TOLD: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// The account that is signed in, for what has no access to the page's context.
pub fn signed_in() -> Option<Uuid> {
    match OPENS.get() {
        Opens::Nobody => None,
        Opens::One(account) => Some(account),
        #[cfg(test)]
        Opens::Anybody => Some(Uuid::from_u128(7)),
    }
}

/// Whether an account's data may be opened.
pub fn opens(account: Uuid) -> bool {
    match OPENS.get() {
        Opens::Nobody => false,
        Opens::One(own) => own == account,
        #[cfg(test)]
        Opens::Anybody => true,
    }
}

/// Whether something of somebody may lie open on this device.
pub fn device_is_open() -> bool {
    is_noted(OPENED)
}

/// Signs somebody in or out, for tests.
#[cfg(test)]
pub fn pretend(account: Option<Uuid>) {
    OPENS.set(account.map_or(Opens::Nobody, Opens::One));
}

/// Lets tests open anybody's data again.
#[cfg(test)]
pub fn pretend_anybody() {
    OPENS.set(Opens::Anybody);
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// `Máy dùng chung`: nothing that opens data is kept on this device, and signing out offers to take everything away.
pub fn on_shared_device() -> bool {
    is_noted(SHARED)
}

/// Keeps the choice.
pub fn share_device(shared: bool) {
    note(SHARED, shared);
}

/// Somebody goes to an identity provider to sign in.
pub fn go_away_to_sign_in(shared: bool) {
    share_device(shared);
    note(AWAY, true);
}

fn note(name: &str, set: bool) {
    if let Some(storage) = storage() {
        let _ = if set {
            storage.set_item(name, "1")
        } else {
            storage.remove_item(name)
        };
    }
}

fn is_noted(name: &str) -> bool {
    storage().is_some_and(|storage| matches!(storage.get_item(name), Ok(Some(_))))
}

/// Makes the state and asks the server.
pub fn provide() {
    let state = SessionState {
        who: RwSignal::new(Who::Asking),
        standing: RwSignal::new(Standing::Live),
        offset: RwSignal::new(0),
    };
    provide_context(state);
    state.listen();
    spawn_local(async move { state.refresh().await });
}

/// The state.
pub fn session() -> SessionState {
    expect_context::<SessionState>()
}

impl SessionState {
    /// Asks the server again. Without a network it stays as it is, and the first time it is as this device knows it.
    pub async fn refresh(self) {
        self.end_what_was_left().await;
        let turn = TURN.get();
        let answer = api::session().await;
        if TURN.get() != turn {
            // Somebody signed in or out meanwhile: this is about before.
            return;
        }
        match answer {
            Ok(Some(session)) => {
                lead_to_codes(&session);
                self.begin(session);
                if is_noted(AWAY) {
                    note(AWAY, false);
                    self.tell();
                }
            }
            Ok(None) => match self.account_now() {
                // Work on screen is not thrown away because a session ended.
                Some(_) => self.standing.set(Standing::Lapsed),
                None => {
                    self.who.set(Who::Nobody);
                    lock(None).await;
                }
            },
            Err(_) if self.who.get_untracked() != Who::Asking => {}
            Err(_) => self.recall().await,
        }
    }

    /// Who was signed in when the server was last heard.
    async fn recall(self) {
        if !is_noted(OPENED) {
            self.who.set(Who::Nobody);
            return;
        }
        let known = match chunk::vault().await {
            Ok(vault) => (vault.recall)().await,
            Err(_) => None,
        };
        if self.who.get_untracked() != Who::Asking {
            return;
        }
        match known {
            Some(account) => {
                OPENS.set(Opens::One(account.id));
                self.standing.set(Standing::Kept);
                self.who.set(Who::Somebody(account));
            }
            None => self.who.set(Who::Nobody),
        }
    }

    /// Somebody signed in.
    pub fn begin(self, session: Session) {
        TURN.set(TURN.get().wrapping_add(1));
        self.offset.set(session.server_time.0 - device_time());
        let account = session.account;
        OPENS.set(Opens::One(account.id));
        self.standing.set(Standing::Live);
        note(SIGNED_OUT, false);
        let kept = account.clone();
        let citizen = kept.role == Role::Citizen;
        if !citizen && !is_noted(OPENED) {
            // Nothing of an officer is kept, and nobody else was here.
            self.who.set(Who::Somebody(account));
            return;
        }
        note(OPENED, true);
        if self.account_now().as_ref() != Some(&account) {
            self.who.set(Who::Somebody(account));
        }
        spawn_local(async move {
            if let Ok(vault) = chunk::vault().await {
                let shared = on_shared_device() || !citizen;
                (vault.enter)(kept, shared).await;
            }
        });
    }

    /// Opens the device's storage for whoever is signed in: an officer keeps nothing here until something is to be signed.
    pub async fn open_device(self) {
        let Some(account) = self.account_now() else {
            return;
        };
        if is_noted(OPENED) {
            return;
        }
        note(OPENED, true);
        if let Ok(vault) = chunk::vault().await {
            let shared = on_shared_device() || account.role != Role::Citizen;
            (vault.enter)(account, shared).await;
        }
    }

    /// Tells the other windows that somebody signed in here.
    pub fn tell(self) {
        say("in");
    }

    /// Hears the network and the other windows.
    fn listen(self) {
        let line = network::line();
        Effect::new(move |before: Option<bool>| {
            let reached = line.reached.get();
            if reached && before == Some(false) {
                spawn_local(async move { self.refresh().await });
            }
            reached
        });
        Effect::new(move |_| {
            if line.refused.get() > 0 && matches!(self.who.get_untracked(), Who::Somebody(_)) {
                self.standing.set(Standing::Lapsed);
            }
        });
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
            return;
        };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some("out") {
                let here = self.account_now().is_some();
                self.forget();
                spawn_local(async move {
                    // What lies on the device was locked there; what this window has in memory goes here.
                    if here && let Ok(vault) = chunk::vault().await {
                        (vault.forget)();
                    }
                    lock(None).await;
                });
            } else {
                spawn_local(async move { self.refresh().await });
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // Both live as long as the page.
        hear.forget();
        TOLD.set(Some(channel));
    }

    /// The server said what time it is.
    pub fn hear(self, server_time: Timestamp) {
        self.offset.set(server_time.0 - device_time());
    }

    /// Signs out: what lies on the device is locked until the same person signs in again, or taken away for good. Without a network
    /// it is so on this side at once; the server hears it before anything else when it is reached again.
    pub async fn sign_out(self, wipe: bool) {
        let account = self.account_now().map(|account| account.id);
        // Nothing more is written; shown once it is so.
        OPENS.set(Opens::Nobody);
        lock(account.filter(|_| wipe)).await;
        self.forget();
        say("out");
        note(SIGNED_OUT, true);
        self.end_what_was_left().await;
    }

    /// A session that ended on this side only is ended on the server's. One that began at an identity provider is ended there too: the
    /// browser goes there, and nothing more happens on this page.
    async fn end_what_was_left(self) {
        if !is_noted(SIGNED_OUT) {
            return;
        }
        let Ok(there) = api::sign_out().await else {
            return;
        };
        note(SIGNED_OUT, false);
        if let (Some(there), Some(window)) = (there, web_sys::window())
            && window.location().assign(&there.continue_at).is_ok()
        {
            std::future::pending::<()>().await;
        }
    }

    fn forget(self) {
        TURN.set(TURN.get().wrapping_add(1));
        OPENS.set(Opens::Nobody);
        self.who.set(Who::Nobody);
        self.standing.set(Standing::Live);
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

    /// The same, not tracked.
    pub fn is_officer_now(self) -> bool {
        self.account_now()
            .is_some_and(|account| account.role == Role::Officer)
    }

    /// Now, by the server's clock.
    pub fn now(self) -> Timestamp {
        Timestamp(device_time() + self.offset.get_untracked())
    }
}

/// Where codes have to be set up before anything else, nothing else is shown.
fn lead_to_codes(session: &Session) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let elsewhere = window.location().pathname().ok().as_deref() != Some(SECURITY);
    if session.needs_second_factor && elsewhere {
        let _ = window.location().assign(SECURITY);
    }
}

fn say(word: &str) {
    TOLD.with_borrow(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&word.into());
        }
    });
}

/// Takes the keys away, and with an account everything it has here.
async fn lock(wiped: Option<Uuid>) {
    if !is_noted(OPENED) {
        return;
    }
    if let Ok(vault) = chunk::vault().await {
        (vault.leave)(wiped).await;
        note(OPENED, false);
    }
}

#[allow(clippy::cast_possible_truncation)] // milliseconds since 1970 fit by far
fn device_time() -> i64 {
    js_sys::Date::now() as i64
}
