//! A draft on screen. Every keystroke is kept on the device at once, and windows that show the same draft see each other's changes.

use super::merge::{bring, same};
use crate::draft::{self, Draft, DraftError};
use crate::session::SessionState;
use contract::date::Date;
use contract::value::Timestamp;
use futures_util::lock::Mutex;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use uuid::Uuid;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// Windows of this site tell each other which draft they wrote.
const CHANNEL: &str = "draft-written";

/// The line to other windows; it is hung up when the screen goes.
struct Line {
    channel: BroadcastChannel,
    _hear: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// A draft on screen.
#[derive(Clone, Copy)]
pub struct Open {
    /// Newest state.
    pub draft: RwSignal<Draft>,
    /// What the device said when it could not keep a change.
    pub trouble: RwSignal<Option<DraftError>>,
    /// When the last change was kept; none before the first.
    pub saved: RwSignal<Option<Timestamp>>,
    /// Whether another window changed something that is shown here now.
    pub elsewhere: RwSignal<bool>,
    /// The draft as it is stored, as far as this window knows.
    base: StoredValue<Draft>,
    /// What is being written.
    writing: StoredValue<Option<Draft>>,
    /// Whose turn it is to write.
    turn: StoredValue<Arc<Mutex<()>>>,
    state: SessionState,
    line: StoredValue<Option<Line>, LocalStorage>,
}

impl Open {
    /// Opens a draft that was just read; until the screen goes it listens to other windows.
    pub fn new(draft: Draft, state: SessionState) -> Self {
        let open = Self {
            base: StoredValue::new(draft.clone()),
            draft: RwSignal::new(draft),
            trouble: RwSignal::new(None),
            saved: RwSignal::new(None),
            elsewhere: RwSignal::new(false),
            writing: StoredValue::new(None),
            turn: StoredValue::new(Arc::default()),
            state,
            line: StoredValue::new_local(None),
        };
        open.listen();
        open
    }

    /// Today in Vietnam, by the server's clock.
    pub fn today(self) -> Date {
        Date::in_vietnam(self.state.now())
    }

    /// Now, by the server's clock; also when the screen was left.
    pub fn now(self) -> Timestamp {
        self.state.now()
    }

    /// Changes the draft here and begins to keep it at once. What is typed while it is being written goes into the next writing.
    pub fn change(self, edit: impl FnOnce(&mut Draft) + 'static) {
        self.draft.update(edit);
        if self.writing.with_value(Option::is_none) {
            spawn_local(async move { self.save().await });
        }
    }

    /// Whether something on screen is not stored yet.
    fn is_dirty(self) -> bool {
        self.draft
            .try_with_untracked(|draft| self.base.try_with_value(|base| !same(draft, base)))
            .flatten()
            .unwrap_or(false)
    }

    /// Writes what is on screen, until all of it is stored. One writing after the other: each brings what changed since the one
    /// before it, and one that did not know of that would undo it (a file taken away and brought back at once was lost).
    pub async fn save(self) {
        let Some(turn) = self.turn.try_get_value() else {
            return;
        };
        let _turn = turn.lock().await;
        while self.is_dirty() {
            let (Some(mine), Some(base)) =
                (self.draft.try_get_untracked(), self.base.try_get_value())
            else {
                return;
            };
            let _ = self.writing.try_set_value(Some(mine.clone()));
            let written = {
                let (mine, base) = (mine.clone(), base);
                draft::change(mine.account, mine.id, self.state.now(), move |stored| {
                    bring(&base, &mine, stored);
                })
                .await
            };
            let _ = self.writing.try_set_value(None);
            match written {
                Err(error) => {
                    let _ = self.trouble.try_set(Some(error));
                    return;
                }
                Ok(stored) => {
                    let _ = self.trouble.try_set(None);
                    let _ = self.saved.try_set(Some(self.state.now()));
                    self.tell(stored.id);
                    self.adopt(&mine, stored);
                }
            }
        }
    }

    /// The screen goes: what was typed while the last writing was under way, and would have gone into the next, is written now.
    fn leave(self) {
        let (Some(mine), Some(base), Some(turn)) = (
            self.draft.try_get_untracked(),
            self.base.try_get_value(),
            self.turn.try_get_value(),
        ) else {
            return;
        };
        // What is being written now will be stored by then.
        let base = self.writing.try_get_value().flatten().unwrap_or(base);
        if same(&mine, &base) {
            return;
        }
        let now = self.state.now();
        spawn_local(async move {
            let _turn = turn.lock().await;
            let _ = draft::change(mine.account, mine.id, now, |stored| {
                bring(&base, &mine, stored);
            })
            .await;
        });
    }

    /// Takes over a stored state: what stands on screen and is not stored yet (`seen` → screen) stays.
    fn adopt(self, seen: &Draft, stored: Draft) {
        let Some(screen) = self.draft.try_get_untracked() else {
            return;
        };
        let mut next = stored.clone();
        bring(seen, &screen, &mut next);
        let _ = self.base.try_set_value(stored);
        if next != screen {
            let foreign = !same(&next, &screen);
            let _ = self.draft.try_set(next);
            if foreign {
                let _ = self.elsewhere.try_set(true);
            }
        }
    }

    fn tell(self, id: Uuid) {
        let _ = self.line.try_with_value(|line| {
            if let Some(line) = line {
                let _ = line
                    .channel
                    .post_message(&JsValue::from_str(&id.to_string()));
            }
        });
    }

    fn listen(self) {
        let id = self.draft.with_untracked(|draft| draft.id);
        // Closing a window or leaving the page writes what is left, should a writing be under way.
        let flush = move |_| {
            if self.is_dirty() {
                spawn_local(async move { self.save().await });
            }
        };
        let hidden = window_event_listener_untyped("pagehide", flush);
        let away = window_event_listener_untyped("visibilitychange", flush);
        // Sealing takes a moment that a page which is loaded anew does not give: where something is not written yet, the browser asks.
        let asking = window_event_listener(leptos::ev::beforeunload, move |event| {
            flush(event.clone().into());
            if self.is_dirty() {
                event.prevent_default();
            }
        });
        if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
            let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if event.data().as_string().as_deref() == Some(&id.to_string()) {
                    spawn_local(async move { self.look_again().await });
                }
            });
            channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
            self.line.set_value(Some(Line {
                channel,
                _hear: hear,
            }));
        }
        on_cleanup(move || {
            hidden.remove();
            away.remove();
            asking.remove();
            self.leave();
        });
    }

    /// Somebody else wrote the draft: another window, or a signing that finished.
    pub async fn look_again(self) {
        let Some((account, id)) = self
            .draft
            .try_with_untracked(|draft| (draft.account, draft.id))
        else {
            return;
        };
        match draft::load(account, id).await {
            Ok(stored) => {
                if let Some(base) = self.base.try_get_value()
                    && stored.version > base.version
                {
                    self.adopt(&base, stored);
                }
            }
            // Deleted or submitted there.
            Err(error) => {
                let _ = self.trouble.try_set(Some(error));
            }
        }
    }
}
