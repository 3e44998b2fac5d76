//! What is said aloud of a box once it rests.

use super::arrangement::Which;
use super::warning::Warning;
use super::{Placement, geometry};
use crate::text::{fill, t};
use leptos::prelude::*;
use std::time::Duration;

/// How long a box rests before its new place is said aloud.
pub(super) const REST: Duration = Duration::from_millis(400);

impl Placement {
    fn turn(self) -> u32 {
        self.happened.update_value(|count| *count += 1);
        self.happened.get_value()
    }

    /// What a box is, in words.
    pub(super) fn words(self, which: Which) -> String {
        self.arrangement.with_untracked(|all| {
            all.get(which).map_or_else(String::new, |placed| {
                let what = match which {
                    Which::Signature => t("Ô ký"),
                    Which::Mark(_) => t("Hình minh họa chữ ký"),
                };
                let place = geometry::spoken(&placed.rect);
                fill("{} trang {}, {}", &[&what, &(placed.page + 1), &place])
            })
        })
    }

    /// Says where a box stands once it rests.
    pub(super) fn say_later(self, which: Which) {
        let turn = self.turn();
        set_timeout(
            move || {
                if self.happened.try_get_value() == Some(turn) {
                    let mut words = self.words(which);
                    let warning = self.warnings_now().first().map(Warning::sentence);
                    if let (Which::Signature, Some(warning)) = (which, warning) {
                        words = format!("{words}. {warning}");
                    }
                    let _ = self.said.try_set(words);
                }
            },
            REST,
        );
    }
}
