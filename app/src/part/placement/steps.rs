//! What was done can be taken back: every change goes through here.

use super::Placement;
use super::arrangement::{Arrangement, Which};
use super::history::{History, Stroke};
use crate::text::t;
use leptos::prelude::*;

impl Placement {
    /// Changes the boxes and keeps what was before; nothing is kept where nothing changed.
    pub(super) fn change(self, stroke: Stroke, repeat: bool, edit: impl FnOnce(&mut Arrangement)) {
        if self.fixed.get_untracked() {
            return;
        }
        let before = self.arrangement.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        after.same_size(|page| self.bounds(page));
        if before != after {
            self.history
                .update(|history| history.record(before, stroke, repeat, now()));
            self.arrangement.set(after);
        }
    }

    /// Takes the last step back.
    pub fn undo(self) {
        let present = self.arrangement.get_untracked();
        let before = self
            .history
            .try_update(|history| history.undo(present))
            .flatten();
        self.go_back_to(before, t("Đã hoàn tác."));
    }

    /// Makes it again.
    pub fn redo(self) {
        let present = self.arrangement.get_untracked();
        let after = self
            .history
            .try_update(|history| history.redo(present))
            .flatten();
        self.go_back_to(after, t("Đã làm lại."));
    }

    fn go_back_to(self, state: Option<Arrangement>, said: &str) {
        if self.fixed.get_untracked() {
            return;
        }
        let Some(state) = state else { return };
        let moved = self.arrangement.with_untracked(|now| {
            now.signature.map(|placed| placed.page) != state.signature.map(|placed| placed.page)
        });
        self.removed.set(None);
        self.arrangement.set(state);
        self.said.set(said.to_owned());
        if moved {
            self.show(Which::Signature);
        }
    }

    /// Whether the person has put the box somewhere.
    pub fn is_chosen(self) -> bool {
        self.history.with_untracked(History::can_undo)
    }

    /// Whether there is something to take back.
    pub fn can_undo(self) -> bool {
        self.history.with(History::can_undo)
    }

    /// Whether there is something to make again.
    pub fn can_redo(self) -> bool {
        self.history.with(History::can_redo)
    }
}

/// Milliseconds of a clock that never goes back.
fn now() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
