//! Following signings until they are over: the server pushes; where it cannot be heard, it is asked.

use super::pending::Kept;
use super::watched::{Phase, Trouble, Watched, newest};
use super::{Line, Signings, pulse, tabs};
use crate::api::{self, ApiError};
use crate::draft;
use contract::problem::ProblemCode;
use contract::signing::{SigningState, SigningView};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use uuid::Uuid;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{EventSource, MessageEvent};

/// How long an answer may take before the network counts as gone, milliseconds.
const PATIENCE: i32 = 15_000;
/// Between two questions while the server pushes, and while it does not.
const QUIET: i32 = 30_000;
const ASKING: i32 = 4_000;
/// A request that did not arrive is sent again by itself no longer than this: nobody expects a phone to ring an hour later.
const FRESH: i64 = 120_000;
/// How long an ended signing waits for being looked at.
const REMEMBERED: i64 = 24 * 3_600_000;

thread_local! {
    static FOLLOWING: Cell<bool> = const { Cell::new(false) };
}

impl Signings {
    /// Watches everything of an account that waits on this device; nobody else's any more.
    pub(super) fn resume(self, account: Uuid) {
        self.all
            .update(|all| all.retain(|_, watched| watched.pending.account == account));
        self.line.set(Line::Open);
        spawn_local(async move {
            let now = self.session.now();
            for kept in draft::list_signings(account).await.unwrap_or_default() {
                let view = kept.progress.view.as_ref();
                let old = view.is_some_and(|view| {
                    view.state.is_final()
                        && !has_values(view)
                        && view.expires_at.0 + REMEMBERED < now.0
                });
                if old {
                    let _ = draft::end_signing(&kept.pending, None, now).await;
                } else {
                    self.watch(kept);
                }
            }
            // What was watched before somebody signed out goes on.
            self.follow();
        });
    }

    /// Follows a signing until it is over; once only.
    pub(super) fn watch(self, kept: Kept) {
        let id = kept.pending.start.id;
        if self.get(id).is_some() {
            return;
        }
        let watched = Watched::from(kept);
        // With the values on the device, the network is not needed.
        let ready = watched.view.as_ref().is_some_and(has_values);
        self.all.update(|all| {
            all.insert(id, watched);
        });
        if ready {
            self.try_to_finish(id);
        }
        self.follow();
    }

    fn unsettled(self) -> Vec<Uuid> {
        self.all.with_untracked(|all| {
            all.iter()
                .filter(|(_, watched)| !watched.is_settled())
                .map(|(id, _)| *id)
                .collect()
        })
    }

    fn follow(self) {
        if FOLLOWING.replace(true) {
            return;
        }
        spawn_local(async move {
            let mut stream: Option<Stream> = None;
            loop {
                let open = self.unsettled();
                if open.is_empty() || self.session.account_now().is_none() {
                    break;
                }
                if stream.as_ref().is_none_or(Stream::is_closed) {
                    stream = Stream::open(self);
                }
                for id in open {
                    self.look(id).await;
                }
                let heard = self.line.get_untracked() == Line::Open
                    && stream.as_ref().is_some_and(Stream::is_alive);
                let calm = heard && self.all.with_untracked(|all| all.values().all(is_calm));
                pulse::doze(if calm { QUIET } else { ASKING }).await;
            }
            FOLLOWING.set(false);
        });
    }

    /// Asks the server once; sends the request again when it never arrived (the same id is the same transaction).
    async fn look(self, id: Uuid) {
        let asked = pulse::within(PATIENCE, api::signing(id)).await;
        let mut view = asked.unwrap_or_else(|| Err(ProblemCode::Offline.into()));
        if matches!(&view, Err(error) if error.code == ProblemCode::NotFound) {
            let Some(watched) = self.get(id) else { return };
            let Ok(Some(session)) = api::session().await else {
                return;
            };
            if session.account.id != watched.pending.account {
                // Somebody else signed in, in another tab.
                self.session.begin(session);
                return;
            }
            let age = watched
                .sent_at()
                .map_or(0, |at| self.session.now().0 - at.0);
            if watched.view.is_some() || age > FRESH {
                self.change(id, |watched| watched.never_arrived = true);
                let _ = draft::end_signing(&watched.pending, None, self.session.now()).await;
                return;
            }
            view = api::start_signing(&watched.pending.start).await;
        }
        match view {
            Ok(view) => {
                self.session.hear(view.server_time);
                self.set_line(Line::Open);
                self.take(id, view);
            }
            Err(error) => self.unheard(id, error),
        }
    }

    fn unheard(self, id: Uuid, error: ApiError) {
        match error.code {
            ProblemCode::Offline => self.set_line(Line::Offline),
            ProblemCode::SignInRequired => self.set_line(Line::SignedOut),
            _ => {
                self.set_line(Line::Open);
                self.change(id, |watched| watched.trouble = Some(error.into()));
            }
        }
    }

    fn set_line(self, line: Line) {
        if self.line.get_untracked() != line {
            self.line.set(line);
        }
    }

    /// Takes a view; an older one never replaces a newer one. What is finished needs no other.
    pub(super) fn take(self, id: Uuid, view: SigningView) {
        let Some(watched) = self.get(id) else { return };
        let newer = watched
            .view
            .as_ref()
            .is_none_or(|known| known.version < view.version);
        let (ended, ready) = (Phase::of_view(&view), has_values(&view));
        if newer || watched.trouble.is_some() {
            self.change(id, |watched| {
                // The server answers again.
                watched
                    .trouble
                    .take_if(|trouble| matches!(trouble, Trouble::Api(_)));
                if newer {
                    watched.told |=
                        matches!(view.state, SigningState::Done | SigningState::Partial);
                    watched.view = Some(view.clone());
                }
            });
        }
        spawn_local(async move {
            if newer {
                let now = self.session.now();
                let _ = if ended.is_over() {
                    draft::end_signing(&watched.pending, Some(&view), now).await
                } else {
                    draft::note_progress(id, |progress| {
                        progress.view = newest(Some(view), progress.view.take());
                    })
                    .await
                };
                tabs::tell(id);
            }
            if ready {
                self.try_to_finish(id);
            }
        });
    }
}

/// Whether values came that have to be embedded.
pub(super) fn has_values(view: &SigningView) -> bool {
    matches!(
        view.state,
        SigningState::Confirmed | SigningState::Done | SigningState::Partial
    )
}

/// Whether the push alone is enough for now.
fn is_calm(watched: &Watched) -> bool {
    watched.is_settled()
        || (watched.view.is_some() && watched.trouble.is_none() && watched.stage.is_none())
}

/// What the server pushes, for all signings of the account. The browser connects again by itself and says what it heard last.
struct Stream {
    source: EventSource,
    _receive: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut()>,
}

impl Stream {
    fn open(signings: Signings) -> Option<Self> {
        let source = EventSource::new(api::SIGNINGS_EVENTS).ok()?;
        let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let view = event
                .data()
                .as_string()
                .and_then(|text| serde_json::from_str::<SigningView>(&text).ok());
            if let Some(view) = view {
                signings.take(view.id, view);
            }
        });
        // It may be the network or the login: asking tells.
        let fail = Closure::<dyn FnMut()>::new(pulse::wake);
        source.set_onmessage(Some(receive.as_ref().unchecked_ref()));
        source.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Some(Self {
            source,
            _receive: receive,
            _fail: fail,
        })
    }

    fn is_alive(&self) -> bool {
        self.source.ready_state() == EventSource::OPEN
    }

    fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
