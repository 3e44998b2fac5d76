//! The signing flow after the box is placed: send, wait, finish, each step resumable.
//!
//! The server's transaction is the truth, the page is a view of it. What waits is kept on the device, so that any page of the
//! same person can finish it; finishing twice gives the same file. Only [`Door`] is in the first download.

mod bar;
mod evidence;
mod finish;
pub mod known;
pub mod pending;
pub(crate) mod pulse;
mod send;
pub mod tabs;
mod watch;
pub mod watched;

use crate::chunk;
use crate::session::{SessionState, session};
use contract::session::Role;
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
pub use pulse::pause;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use uuid::Uuid;
pub use watched::{Trouble, Watched};

/// What the bar at the top of every page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Counted down to, where time is short.
    pub until: Option<Timestamp>,
    /// What the link says.
    pub action: &'static str,
    /// Where it leads.
    pub address: String,
    /// How it looks: a class of the bar, empty while something waits.
    pub tone: &'static str,
}

/// What the first download knows of signings: that there is something to say, and where to ask for the rest.
#[derive(Clone)]
pub struct Door {
    /// For the bar.
    pub note: RwSignal<Option<Note>>,
    session: SessionState,
    owner: Option<Owner>,
}

/// Makes the door and takes up what waits as soon as a citizen is signed in.
pub fn provide() {
    let door = Door {
        note: RwSignal::new(None),
        session: session(),
        owner: Owner::current(),
    };
    provide_context(door.clone());
    Effect::new(move |_| {
        let door = door.clone();
        let citizen = door
            .session
            .account()
            .filter(|account| account.role == Role::Citizen);
        let Some(account) = citizen else {
            door.note.set(None);
            return;
        };
        spawn_local(async move {
            loop {
                if let Ok(resume) = chunk::resume().await {
                    resume(door, account.id);
                    break;
                }
                pulse::pause(10_000).await;
            }
        });
    });
}

/// Whether the page hears the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// It does.
    Open,
    /// There is no network.
    Offline,
    /// The login ended; the signing goes on without this page.
    SignedOut,
}

/// All signings of this page.
#[derive(Clone, Copy)]
pub struct Signings {
    /// By transaction.
    pub all: RwSignal<BTreeMap<Uuid, Watched>>,
    /// Whether the server is heard.
    pub line: RwSignal<Line>,
    session: SessionState,
}

thread_local! {
    static SIGNINGS: OnceCell<Signings> = const { OnceCell::new() };
}

/// The state.
pub fn signings() -> Signings {
    Signings::of_door(expect_context::<Door>())
}

/// Takes up the signings of an account that wait on this device.
pub fn resume(door: Door, account: Uuid) {
    Signings::of_door(door).resume(account);
}

impl Signings {
    fn of_door(door: Door) -> Self {
        SIGNINGS.with(|cell| {
            *cell.get_or_init(|| {
                // Not the owner of whichever screen came first: it lives as long as the page.
                let make = || {
                    let signings = Self {
                        all: RwSignal::new(BTreeMap::new()),
                        line: RwSignal::new(Line::Open),
                        session: door.session,
                    };
                    bar::keep_told(signings, door.note);
                    tabs::listen(signings);
                    signings
                };
                match &door.owner {
                    Some(owner) => owner.with(make),
                    None => make(),
                }
            })
        })
    }

    /// The newest signing of an attachment that was not put away. Tracked.
    pub fn of(self, attachment: Uuid) -> Option<Watched> {
        self.all.with(|all| {
            all.values()
                .filter(|watched| !watched.seen && watched.pending.file(attachment).is_some())
                .max_by_key(|watched| watched.sent_at())
                .cloned()
        })
    }

    /// Asks the server now.
    pub fn hurry(self) {
        pulse::wake();
    }

    fn get(self, id: Uuid) -> Option<Watched> {
        self.all.with_untracked(|all| all.get(&id).cloned())
    }

    fn change(self, id: Uuid, edit: impl FnOnce(&mut Watched)) {
        self.all.update(|all| {
            if let Some(watched) = all.get_mut(&id) {
                edit(watched);
            }
        });
    }
}
