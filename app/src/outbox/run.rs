//! Who sends and when: one window at a time, as soon as the portal can be reached, and again when it could not.

use super::send::{Ended, send};
use super::{Outbox, Rest, Step};
use crate::draft::DraftError;
use crate::draft::outbox::{self as store, Standing};
use crate::network;
use crate::session::Standing as SessionStanding;
use crate::signing::{pause, tabs};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use uuid::Uuid;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "ho-so-ky-so/nop";
/// Who has this lock sends.
const SENDER: &str = "ho-so-ky-so/nop";
/// Pauses after the portal was busy, in milliseconds; the last repeats.
const PAUSES: [i32; 4] = [3_000, 10_000, 30_000, 60_000];
/// How often a window that does not send looks whether the one that does is still there.
const LOOK_AGAIN: i32 = 5_000;

thread_local! {
    static TOLD: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
    static WORKING: Cell<bool> = const { Cell::new(false) };
}

fn post(message: &str) {
    TOLD.with(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&message.into());
        }
    });
}

/// Tells the other windows that the outbox changed.
pub(super) fn tell() {
    post("changed");
}

/// Hears the other windows, the network and the session.
pub(super) fn listen(outbox: Outbox) {
    TOLD.with(|channel| {
        let Some(channel) = channel else { return };
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let message = event.data().as_string().unwrap_or_default();
            match progress(&message) {
                Some((dossier, step)) => outbox.step(dossier, step),
                None => spawn_local(async move {
                    outbox.read_again().await;
                    outbox.work();
                }),
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // Lives as long as the page.
        hear.forget();
    });
    let line = network::line();
    Effect::new(move |_| {
        let reached = line.reached.get();
        let live = outbox.session.standing.get() == SessionStanding::Live;
        if reached && live {
            outbox.work();
        }
    });
}

/// How far another window came: `ID NUMBER OF SENT TOTAL`.
fn progress(message: &str) -> Option<(Uuid, Step)> {
    let mut words = message.split(' ');
    let dossier = words.next()?.parse().ok()?;
    let step = Step::Files {
        number: words.next()?.parse().ok()?,
        of: words.next()?.parse().ok()?,
        sent: words.next()?.parse().ok()?,
        total: words.next()?.parse().ok()?,
    };
    Some((dossier, step))
}

impl Outbox {
    /// Takes up what waits in an account's outbox; nobody else's any more.
    pub(super) fn resume(self, account: Uuid) {
        self.all
            .update(|all| all.retain(|_, entry| entry.posted.account == account));
        spawn_local(async move {
            self.read_again().await;
            self.work();
        });
    }

    /// Takes over what lies on the device.
    async fn read_again(self) {
        let Some(account) = self.session.account_now() else {
            return;
        };
        let Ok(lying) = store::all(account.id).await else {
            return;
        };
        self.all.update(|all| {
            all.retain(|id, _| lying.iter().any(|posted| posted.draft == *id));
        });
        for posted in lying {
            self.put(posted);
        }
    }

    fn queued(self) -> Vec<Uuid> {
        self.all.with_untracked(|all| {
            let mut queued: Vec<_> = all.values().filter(|entry| entry.is_queued()).collect();
            queued.sort_by_key(|entry| entry.posted.at);
            queued.iter().map(|entry| entry.posted.draft).collect()
        })
    }

    fn rest(self, why: Rest) {
        for dossier in self.queued() {
            self.step(dossier, Step::Rest(why));
        }
    }

    /// Sends what waits, unless this window does so already. A window that waits for another takes over when that one is closed.
    pub(super) fn work(self) {
        if WORKING.replace(true) {
            return;
        }
        spawn_local(async move {
            let mut pauses = PAUSES.iter();
            let mut busy = 0;
            while !self.queued().is_empty() && self.session.account_now().is_some() {
                if !network::line().reached.get_untracked() {
                    // The line says when it is worth trying.
                    self.rest(Rest::Network);
                    break;
                }
                if self.session.standing.get_untracked() == SessionStanding::Lapsed {
                    self.rest(Rest::SignIn);
                    break;
                }
                let Some(lock) = tabs::lock(SENDER, true).await else {
                    pause(LOOK_AGAIN).await;
                    self.read_again().await;
                    continue;
                };
                let ended = self.send_all().await;
                drop(lock);
                match ended {
                    Ended::Network => self.rest(Rest::Network),
                    Ended::SignIn => self.rest(Rest::SignIn),
                    Ended::Busy => {
                        self.rest(Rest::Busy);
                        busy = pauses.next().copied().unwrap_or(busy);
                        pause(busy).await;
                        continue;
                    }
                    Ended::Over => continue,
                }
                break;
            }
            WORKING.set(false);
        });
    }

    /// Sends one parcel after the other until one cannot be sent now.
    async fn send_all(self) -> Ended {
        self.read_again().await;
        for dossier in self.queued() {
            let posted = match store::find(dossier).await {
                Ok(Some(posted)) => posted,
                Ok(None) => continue,
                Err(DraftError::Locked) => return Ended::SignIn,
                // It stays in the queue: asked again after a while, not at once for ever.
                Err(_) => return Ended::Busy,
            };
            if posted.standing != Standing::Queued {
                continue;
            }
            let told = move |step: Step| {
                self.step(dossier, step);
                if let Step::Files {
                    number,
                    of,
                    sent,
                    total,
                } = step
                {
                    post(&format!("{dossier} {number} {of} {sent} {total}"));
                }
            };
            match send(&posted, &told).await {
                Ended::Over => {
                    self.read_again().await;
                    tell();
                }
                other => return other,
            }
        }
        Ended::Over
    }
}
