//! Marks: pictures of the signature on other pages, as large as its box.

use super::arrangement::Which;
use super::geometry::MM;
use super::history::Stroke;
use super::{Placed, Placement};
use crate::text::{fill, n, t};
use contract::geometry::Rect;
use leptos::prelude::*;

/// Why there are no marks.
pub const NO_MARKS: &str = n(
    "Tài liệu đã có chữ ký số nên không thêm được hình chữ ký ở trang khác: chữ ký cũ sẽ bị báo là tài liệu bị sửa.",
);

/// Whether marks may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarksRule {
    /// They may.
    Allowed,
    /// A signature is there that they would hurt.
    Refused,
}

impl Placement {
    /// Marks as the engine wants them.
    pub fn copies(self) -> Vec<(u32, Rect)> {
        self.arrangement.with_untracked(|all| {
            all.marks
                .iter()
                .map(|mark| (mark.placed.page, mark.placed.rect))
                .collect()
        })
    }

    /// Takes every mark away.
    pub fn remove_marks(self) {
        self.change(Stroke::Once, false, |all| all.marks.clear());
        self.said.set(t("Đã xóa các hình minh họa.").to_owned());
    }

    /// Makes a mark the signature.
    pub fn promote(self, id: u32) {
        self.change(Stroke::Once, false, |all| all.promote(id));
        self.focus.set(Some(Which::Signature));
        self.show(Which::Signature);
        self.say_later(Which::Signature);
    }

    /// Repeats the signature's box on pages; those that have it already, or are too small for it, are left out.
    pub fn copy_to(self, pages: impl IntoIterator<Item = u32>) {
        if self.marks == MarksRule::Refused {
            self.said.set(t(NO_MARKS).to_owned());
            return;
        }
        let Some(placed) = self.placed_now() else {
            return;
        };
        let mut added = 0;
        self.change(Stroke::Once, false, |all| {
            for page in pages {
                let bounds = self.bounds(page);
                let fits = placed.rect.width <= bounds.width && placed.rect.height <= bounds.height;
                let there = Placed {
                    page,
                    rect: placed.rect.moved_into(&bounds),
                };
                let known = all.marks.iter().any(|mark| mark.placed == there);
                if page != placed.page && fits && !known {
                    all.add(there);
                    added += 1;
                }
            }
        });
        self.said
            .set(fill("Đã sao chép ô ký sang {} trang.", &[&added]));
    }

    /// Adds a mark; it takes the focus. Where there is no signature yet, it becomes it.
    pub(super) fn paste(self, placed: Placed) {
        if self.placed_now().is_none() {
            self.put(placed);
            self.focus.set(Some(Which::Signature));
            return;
        }
        if self.marks == MarksRule::Refused {
            self.said.set(t(NO_MARKS).to_owned());
            return;
        }
        let placed = self.fitting(placed);
        let mut added = Which::Signature;
        self.change(Stroke::Once, false, |all| added = all.add(placed));
        self.focus.set(Some(added));
        self.say_later(added);
    }

    /// Beside where it stands, so that both are seen.
    pub(super) fn shifted(placed: Placed) -> Placed {
        let rect = Rect {
            x: placed.rect.x + 5.0 * MM,
            y: placed.rect.y + 5.0 * MM,
            ..placed.rect
        };
        Placed { rect, ..placed }
    }
}
