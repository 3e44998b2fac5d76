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
use crate::door;
use crate::session::SessionState;
use leptos::prelude::*;
pub use pulse::pause;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use uuid::Uuid;
pub use watched::{Trouble, Watched};

/// What the first download knows of signings.
pub type Door = door::Door<Signings>;

/// Makes the door.
pub fn provide() {
    Door::provide(|| Box::pin(chunk::resume()));
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
    Signings::of_door(&expect_context::<Door>())
}

/// Takes up the signings of an account that wait on this device.
pub fn resume(door: Door, account: Uuid) {
    Signings::of_door(&door).resume(account);
}

impl Signings {
    fn of_door(door: &Door) -> Self {
        SIGNINGS.with(|cell| {
            *cell.get_or_init(|| {
                door.make(|| {
                    let signings = Self {
                        all: RwSignal::new(BTreeMap::new()),
                        line: RwSignal::new(Line::Open),
                        session: door.session,
                    };
                    bar::keep_told(signings, door.note);
                    tabs::listen(signings);
                    signings
                })
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
