//! Who else has the dossier open right now: a row of names. Neither does it hold anything up nor say that it failed: without it the
//! screen is only poorer, and what the network does is told elsewhere.

use super::Shown;
use crate::part::shell::initials;
use crate::session::{SessionState, Standing, session};
use crate::text::{fill, t};
use crate::{api, format};
use contract::presence::{BEAT_MS, PresentOfficer, SEEN_MS};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;

/// After so many beats without an answer nobody knows who is there.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small constant
const MISSED_MAX: u32 = SEEN_MS as u32 / BEAT_MS;

/// The others at one dossier.
#[derive(Clone, Copy)]
pub struct Others {
    dossier: Uuid,
    here: RwSignal<Vec<PresentOfficer>>,
    missed: StoredValue<u32>,
    session: SessionState,
}

impl Others {
    /// Of a dossier that is not here yet; it begins with [`Self::follow`].
    pub fn of(dossier: Uuid) -> Self {
        Self {
            dossier,
            here: RwSignal::new(Vec::new()),
            missed: StoredValue::new(0),
            session: session(),
        }
    }

    /// Tells that one is here while an officer sees the dossier; leaving the screen, or signing out, ends it.
    pub fn follow(self, shown: Shown) {
        let open = Memo::new(move |_| {
            self.session.is_officer() && shown.with(|shown| matches!(shown, Some(Ok(_))))
        });
        Effect::new(move |_| {
            if open.get() {
                self.begin();
            }
        });
    }

    fn begin(self) {
        self.beat();
        let timer =
            set_interval_with_handle(move || self.beat(), Duration::from_millis(BEAT_MS.into()));
        // Back from another tab, or from the browser's memory of pages that were left.
        let back = ["visibilitychange", "pageshow"]
            .map(|name| window_event_listener_untyped(name, move |_| self.beat()));
        let dossier = self.dossier;
        let away = window_event_listener_untyped("pagehide", move |_| api::desk::leave(dossier));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
            back.into_iter().for_each(WindowListenerHandle::remove);
            away.remove();
            api::desk::leave(dossier);
        });
    }

    /// Who does not look at the page is not said to be there; nor who has to sign in again.
    fn beat(self) {
        let lapsed = self.session.standing.get_untracked() == Standing::Lapsed;
        if document().hidden() || lapsed {
            return;
        }
        spawn_local(async move {
            let answer = api::desk::be_present(self.dossier).await;
            let Some(missed) = self.missed.try_get_value() else {
                // The screen was closed meanwhile, and the farewell may have been faster than this.
                api::desk::leave(self.dossier);
                return;
            };
            match answer {
                Ok(presence) => {
                    self.missed.set_value(0);
                    self.show(presence.others);
                }
                Err(_) => {
                    let missed = missed.saturating_add(1);
                    self.missed.set_value(missed);
                    if missed >= MISSED_MAX {
                        self.show(Vec::new());
                    }
                }
            }
        });
    }

    /// Only what is new is put on the screen: everything put there is read out.
    fn show(self, others: Vec<PresentOfficer>) {
        if self.here.try_with_untracked(|known| *known != others) == Some(true) {
            let _ = self.here.try_set(others);
        }
    }
}

/// The row; empty when nobody else is there.
#[component]
pub fn OthersRow(others: Others) -> impl IntoView {
    view! {
        <div class="presence" aria-live="polite">
            {move || {
                let here = others.here.get();
                (!here.is_empty()).then(|| view! {
                    <p>
                        <span>{t("Đang cùng xem:")}</span>
                        {here.into_iter().map(|one| view! {
                            " "
                            <span class="present">
                                <span class="initials" aria-hidden="true">{initials(&one.name)}</span>
                                <span>{fill("{} (từ {})", &[&one.name, &format::clock(one.since)])}</span>
                            </span>
                        }).collect_view()}
                    </p>
                })
            }}
        </div>
    }
}
