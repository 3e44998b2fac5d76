//! What the bar at the top of every page says of signings that are looked at nowhere: one waits, one is done, one ended.

use super::Signings;
use super::watched::{Phase, Watched};
use crate::door::Note;
use crate::format::clock;
use crate::text::signing as text;
use crate::text::t;
use contract::signing::SigningState;
use contract::value::Timestamp;
use leptos::prelude::*;

/// Keeps the note in step with the signings.
pub(super) fn keep_told(signings: Signings, note: RwSignal<Option<Note>>) {
    Effect::new(move |_| {
        let account = signings.session.account().map(|account| account.id);
        let newest = signings.all.with(|all| {
            let own = || {
                all.values()
                    .filter(|watched| !watched.seen && Some(watched.pending.account) == account)
            };
            own()
                .max_by_key(|watched| (rank(watched.phase()), watched.sent_at()))
                .map(|watched| told(watched, count(own())))
        });
        if note.with_untracked(|note| *note != newest) {
            note.set(newest);
        }
    });
}

/// What waits is told first.
const fn rank(phase: Phase) -> u8 {
    match phase {
        Phase::Sending | Phase::Unknown | Phase::Waiting => 2,
        Phase::Embedding => 1,
        _ => 0,
    }
}

fn count<'a>(all: impl Iterator<Item = &'a Watched>) -> usize {
    all.filter(|watched| rank(watched.phase()) == 2).count()
}

fn told(watched: &Watched, waiting: usize) -> Note {
    let pending = &watched.pending;
    let address = pending.files.first().map_or_else(String::new, |file| {
        format!("/ho-so/{}/ky/{}", pending.draft, file.attachment)
    });
    let ends: Option<Timestamp> = watched.view.as_ref().map(|view| view.expires_at);
    let phase = watched.phase();
    let (text, action) = match phase {
        Phase::Sending | Phase::Unknown | Phase::Waiting => (text::bar_waiting(waiting), t("Xem")),
        Phase::Embedding => (t(text::BAR_EMBEDDING).to_owned(), t("Xem")),
        Phase::Done => (text::bar_done(watched.stored.len()), t("Xem")),
        Phase::Partial => (
            text::partly(watched.stored.len(), pending.files.len()),
            t("Xem"),
        ),
        Phase::Ended(SigningState::Expired) => (
            text::bar_expired(&ends.map(clock).unwrap_or_default()),
            t("Gửi lại"),
        ),
        Phase::Refused | Phase::NeverArrived | Phase::Ended(_) => {
            (t(text::BAR_ENDED).to_owned(), t("Xem"))
        }
    };
    Note {
        text,
        until: ends.filter(|_| phase == Phase::Waiting),
        action,
        address,
        tone: match phase {
            Phase::Done => "good",
            Phase::Partial | Phase::Refused | Phase::NeverArrived | Phase::Ended(_) => "over",
            Phase::Sending | Phase::Unknown | Phase::Waiting | Phase::Embedding => "",
        },
    }
}
