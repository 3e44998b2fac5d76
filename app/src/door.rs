//! What the first download has of something that waits for a citizen, a signing or a dossier that was handed in: what the bar says,
//! and where the rest comes from once somebody is signed in.

use crate::chunk::Missing;
use crate::session::{SessionState, device_is_open, session};
use crate::signing::pause;
use contract::session::{Account, Role};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::marker::PhantomData;
use std::pin::Pin;
use uuid::Uuid;

/// A chunk that did not arrive is asked for again after so long, in milliseconds.
const AGAIN: i32 = 10_000;

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

/// Takes up what waits for an account.
pub type Resume<T> = fn(Door<T>, Uuid);

/// [`Resume`] on its way.
type Fetch<T> = fn() -> Pin<Box<dyn Future<Output = Result<Resume<T>, Missing>>>>;

/// The door to a `T` that comes later.
pub struct Door<T> {
    /// For the bar.
    pub note: RwSignal<Option<Note>>,
    /// Who is signed in.
    pub session: SessionState,
    owner: Option<Owner>,
    leads_to: PhantomData<fn() -> T>,
}

impl<T> Clone for Door<T> {
    fn clone(&self) -> Self {
        Self {
            note: self.note,
            session: self.session,
            owner: self.owner.clone(),
            leads_to: PhantomData,
        }
    }
}

impl<T: 'static> Door<T> {
    /// Makes the door, and takes up what waits as soon as somebody is signed in who keeps something on this device.
    pub fn provide(fetch: Fetch<T>) {
        let door = Self {
            note: RwSignal::new(None),
            session: session(),
            owner: Owner::current(),
            leads_to: PhantomData,
        };
        provide_context(door.clone());
        Effect::new(move |_| {
            let door = door.clone();
            // An officer has something here only once something was to be signed.
            let keeps = |account: &Account| account.role == Role::Citizen || device_is_open();
            let Some(account) = door.session.account().filter(keeps) else {
                door.note.set(None);
                return;
            };
            spawn_local(async move {
                loop {
                    if let Ok(resume) = fetch().await {
                        resume(door, account.id);
                        break;
                    }
                    pause(AGAIN).await;
                }
            });
        });
    }

    /// Makes what is behind it. It lives as long as the page, not as long as whichever screen came first.
    pub fn make(&self, make: impl FnOnce() -> T) -> T {
        match &self.owner {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }
}
