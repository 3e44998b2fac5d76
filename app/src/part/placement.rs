//! The boxes of a document that is being signed, and what moves them. Mouse, touch, pen and keyboard all come through here; the boxes
//! are drawn in `boxes`, what can be taken back is in `steps`, what is said aloud in `spoken`.

mod around;
pub mod arrangement;
mod boxes;
pub mod geometry;
mod history;
mod keys;
mod list;
mod marks;
pub mod memory;
mod numbers;
mod picture;
mod snap;
mod spoken;
mod steps;
pub mod warning;

pub use boxes::PageBoxes;
pub(crate) use keys::on_screen;
pub use list::Marks;
pub use marks::{MarksRule, NO_MARKS};
pub use numbers::Numbers;
pub use picture::{Look, Picture};

use crate::part::viewer::Target;
use crate::text::{fill, t};
use arrangement::{Arrangement, Which};
use contract::geometry::{PageGeometry, Point, Rect, Size};
use contract::text::Place;
use contract::worker::DocumentId;
use geometry::Handle;
use history::{History, Stroke};
use leptos::prelude::*;
use leptos::task::spawn_local;
use snap::Guides;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a removed box can be brought back from the message about it.
const TOAST: Duration = Duration::from_secs(10);

/// Where a box stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Page, from 0.
    pub page: u32,
    /// Box in view space.
    pub rect: Rect,
}

/// What a placement starts from.
pub struct Sheet {
    /// The open document.
    pub document: DocumentId,
    /// Its pages.
    pub pages: Vec<PageGeometry>,
    /// Signatures that are there: page and box in view space.
    pub signatures: Vec<(u32, Rect)>,
    /// Whether marks may be added.
    pub marks: MarksRule,
    /// Size of a fresh box.
    pub fresh: Size,
}

/// The boxes, their history, and the pages they stand on.
#[derive(Clone, Copy)]
pub struct Placement {
    /// All boxes.
    pub arrangement: RwSignal<Arrangement>,
    /// Where to look, when a box went somewhere else by itself.
    pub follow: RwSignal<Option<Target>>,
    /// Places that were proposed, best first.
    pub places: RwSignal<Vec<Place>>,
    /// Width / height that resizing keeps.
    pub ratio: RwSignal<Option<f64>>,
    /// CSS pixels per point, as the pages are shown.
    pub scale: RwSignal<f64>,
    /// What is said aloud: one polite live region of the screen shows it.
    pub said: RwSignal<String>,
    /// What was just removed, in words; offered for bringing back.
    pub removed: RwSignal<Option<String>>,
    /// Whether marks may be added.
    pub marks: MarksRule,
    /// The box stands in a field of the document and cannot be moved.
    pub fixed: RwSignal<bool>,
    /// The box that takes the focus as soon as it stands.
    focus: RwSignal<Option<Which>>,
    /// The page that takes the focus.
    focus_page: RwSignal<Option<u32>>,
    /// Lines that a dragged box snapped to.
    guides: RwSignal<Option<(u32, Guides)>>,
    history: RwSignal<History<Arrangement>>,
    /// Boxes of lines with letters, by page, as far as they were asked for.
    text: RwSignal<BTreeMap<u32, Vec<Rect>>>,
    copied: RwSignal<Option<Placed>>,
    pages: StoredValue<Vec<PageGeometry>>,
    signatures: StoredValue<Vec<(u32, Rect)>>,
    document: DocumentId,
    fresh: Size,
    /// Counts what happened, so that only the last of several waits is followed.
    happened: StoredValue<u32>,
    /// Counts removals.
    toasts: StoredValue<u32>,
}

impl Placement {
    /// Nothing placed yet.
    pub fn new(sheet: Sheet) -> Self {
        Self {
            arrangement: RwSignal::new(Arrangement::default()),
            follow: RwSignal::new(None),
            places: RwSignal::new(Vec::new()),
            ratio: RwSignal::new(None),
            scale: RwSignal::new(1.0),
            said: RwSignal::new(String::new()),
            removed: RwSignal::new(None),
            marks: sheet.marks,
            fixed: RwSignal::new(false),
            focus: RwSignal::new(None),
            focus_page: RwSignal::new(None),
            guides: RwSignal::new(None),
            history: RwSignal::new(History::default()),
            text: RwSignal::new(BTreeMap::new()),
            copied: RwSignal::new(None),
            pages: StoredValue::new(sheet.pages),
            signatures: StoredValue::new(sheet.signatures),
            document: sheet.document,
            fresh: sheet.fresh,
            happened: StoredValue::new(0),
            toasts: StoredValue::new(0),
        }
    }

    /// Where the signature stands.
    pub fn placed(self) -> Option<Placed> {
        self.arrangement.with(|all| all.signature)
    }

    /// The same without following it.
    pub fn placed_now(self) -> Option<Placed> {
        self.arrangement.with_untracked(|all| all.signature)
    }

    /// A page as a rectangle.
    pub fn bounds(self, page: u32) -> Rect {
        let index = usize::try_from(page).unwrap_or(usize::MAX);
        self.pages.with_value(|pages| {
            pages.get(index).map_or(
                Rect {
                    x: 0.0,
                    y: 0.0,
                    width: 1.0,
                    height: 1.0,
                },
                PageGeometry::view_bounds,
            )
        })
    }

    /// How many pages there are.
    pub fn count(self) -> u32 {
        self.pages
            .with_value(|pages| u32::try_from(pages.len()).unwrap_or(u32::MAX))
    }

    fn last_page(self) -> u32 {
        self.count().saturating_sub(1)
    }

    /// A place inside an existing page.
    fn fitting(self, placed: Placed) -> Placed {
        let page = placed.page.min(self.last_page());
        Placed {
            page,
            rect: geometry::inside(placed.rect, &self.bounds(page)),
        }
    }

    /// Puts the signature somewhere as a step that can be taken back.
    pub fn put(self, placed: Placed) {
        let placed = self.fitting(placed);
        self.change(Stroke::Once, false, |all| all.signature = Some(placed));
        self.say_later(Which::Signature);
    }

    /// Puts the signature where it is proposed: no step, so that a better proposal may follow.
    pub fn propose(self, placed: Placed) {
        if self.fixed.get_untracked() {
            return;
        }
        let placed = self.fitting(placed);
        self.arrangement.update(|all| all.signature = Some(placed));
    }

    /// Puts the signature into a field of the document: there it stays, and nowhere else.
    pub fn fix(self, placed: Placed) {
        self.arrangement.set(Arrangement {
            signature: Some(placed),
            ..Arrangement::default()
        });
        self.fixed.set(true);
        self.show(Which::Signature);
    }

    /// Takes it out of the field; where it goes then has to be proposed.
    pub fn release(self) {
        self.fixed.set(false);
        self.arrangement.set(Arrangement::default());
    }

    /// Keeps a ratio from now on, or none; the box takes it at once.
    pub fn keep_ratio(self, ratio: Option<f64>) {
        self.ratio.set(ratio);
        let (Some(ratio), Some(placed)) = (ratio, self.placed_now()) else {
            return;
        };
        let rect = geometry::with_ratio(&placed.rect, ratio, &self.bounds(placed.page));
        let there = Placed { rect, ..placed };
        if self.is_chosen() {
            self.change(Stroke::Once, false, |all| all.signature = Some(there));
        } else {
            self.propose(there);
        }
    }

    /// Puts back what an earlier try had.
    pub fn restore(self, placed: Placed, marks: &[(u32, Rect)]) {
        let placed = self.fitting(placed);
        self.change(Stroke::Once, false, |all| {
            all.signature = Some(placed);
            for (page, rect) in marks {
                all.add(Placed {
                    page: *page,
                    rect: *rect,
                });
            }
        });
    }

    /// The size a new box gets: as large as it was, or fresh, in the ratio that is kept.
    fn size(self) -> Size {
        let size = self.placed_now().map_or(self.fresh, |placed| Size {
            width: placed.rect.width,
            height: placed.rect.height,
        });
        match self.ratio.get_untracked() {
            Some(ratio) if ratio > 0.0 => Size {
                width: size.width.min(size.height * ratio),
                height: (size.width / ratio).min(size.height),
            },
            _ => size,
        }
    }

    /// Puts the signature around a point somebody pointed at.
    pub fn put_around(self, page: u32, x: f64, y: f64) {
        let Size { width, height } = self.size();
        let rect = Rect {
            x: x - width / 2.0,
            y: y - height / 2.0,
            width,
            height,
        };
        self.put(Placed { page, rect });
    }

    /// Puts the signature on a page where it fits best: where it was proposed there, else on white paper. It takes the focus.
    pub fn put_on(self, page: u32) {
        spawn_local(async move {
            self.read(page).await;
            let proposed = self.places.with_untracked(|places| {
                places
                    .iter()
                    .find(|place| place.page == page)
                    .map(|place| place.rect)
            });
            let Size { width, height } = self.size();
            let rect = proposed.unwrap_or_else(|| {
                self.around(page, |surroundings| surroundings.white(width, height))
            });
            self.put(Placed { page, rect });
            self.focus.set(Some(Which::Signature));
            self.show(Which::Signature);
        });
    }

    /// Brings a box into sight.
    pub fn show(self, which: Which) {
        let target = self.arrangement.with_untracked(|all| {
            all.get(which).map(|placed| Target {
                page: placed.page,
                y: placed.rect.y + placed.rect.height / 2.0,
            })
        });
        if target.is_some() {
            self.follow.set(target);
        }
    }

    /// Brings the signature into sight and puts the focus on it.
    pub fn go_to_box(self) {
        self.show(Which::Signature);
        self.focus.set(Some(Which::Signature));
    }

    /// Moves a box by a distance in points.
    fn by(self, which: Which, by: Point, repeat: bool) {
        let Some(Placed { page, rect }) = self.arrangement.with_untracked(|all| all.get(which))
        else {
            return;
        };
        let rect = Rect {
            x: rect.x + by.x,
            y: rect.y + by.y,
            ..rect
        };
        let placed = self.fitting(Placed { page, rect });
        self.change(Stroke::Move(which.number()), repeat, |all| {
            all.set(which, placed);
        });
        self.say_later(which);
    }

    /// Pulls the lower right corner of the signature; marks are as large as it is.
    fn pull(self, by: Point, repeat: bool) {
        let Some(Placed { page, rect }) = self.placed_now() else {
            return;
        };
        let rect = geometry::resized(
            &rect,
            if by.x == 0.0 {
                Handle { x: 0, y: 1 }
            } else {
                Handle { x: 1, y: 0 }
            },
            by,
            self.ratio.get_untracked(),
            &self.bounds(page),
        );
        self.change(Stroke::Resize(0), repeat, |all| {
            all.signature = Some(Placed { page, rect });
        });
        self.say_later(Which::Signature);
    }

    /// Moves a box to another page; it keeps the focus.
    fn turn_to(self, which: Which, page: u32) {
        if let Some(placed) = self.arrangement.with_untracked(|all| all.get(which)) {
            let placed = self.fitting(Placed { page, ..placed });
            self.focus.set(Some(which));
            self.change(Stroke::Once, false, |all| all.set(which, placed));
            self.show(which);
            self.say_later(which);
        }
    }

    /// Moves the signature to another page, by its number field.
    fn to_page(self, page: u32) {
        if let Some(placed) = self.placed_now() {
            self.put(Placed { page, ..placed });
            self.show(Which::Signature);
        }
    }

    /// Takes a box away; for some seconds a message offers to bring it back.
    pub fn remove(self, which: Which) {
        let Some(placed) = self.arrangement.with_untracked(|all| all.get(which)) else {
            return;
        };
        self.change(Stroke::Once, false, |all| all.remove(which));
        let name = match which {
            Which::Signature => t("ô ký"),
            Which::Mark(_) => t("hình minh họa"),
        };
        let sentence = fill("Đã xóa {} ở trang {}.", &[&name, &(placed.page + 1)]);
        self.removed.set(Some(sentence));
        self.focus_page.set(Some(placed.page));
        self.toasts.update_value(|count| *count += 1);
        let this = self.toasts.get_value();
        set_timeout(
            move || {
                if self.toasts.try_get_value() == Some(this) {
                    let _ = self.removed.try_set(None);
                }
            },
            TOAST,
        );
    }
}
