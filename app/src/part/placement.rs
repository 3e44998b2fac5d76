//! The boxes of a document that is being signed: what stands where, what can be taken back, what is said aloud.
//! Mouse, touch, pen and keyboard all come through here; the drawing of the boxes is in `boxes`.

pub mod arrangement;
mod boxes;
pub mod geometry;
mod history;
mod keys;
mod list;
pub mod memory;
mod numbers;
mod picture;
mod snap;
pub mod warning;

pub use boxes::PageBoxes;
pub(crate) use keys::on_screen;
pub use list::Marks;
pub use numbers::Numbers;
pub use picture::{Look, Picture};

use crate::engine;
use crate::part::viewer::Target;
use crate::text::{fill, n, t};
use arrangement::{Arrangement, Which};
use contract::geometry::{PageGeometry, Point, Rect, Size};
use contract::text::{Place, Quad};
use contract::worker::{Answer, Ask, DocumentId};
use geometry::{Handle, MM};
use history::{History, Stroke};
use leptos::prelude::*;
use leptos::task::spawn_local;
use snap::{Guides, Magnets};
use std::collections::BTreeMap;
use std::time::Duration;
use warning::{Surroundings, Warning};

/// How long a box rests before its new place is said aloud.
const REST: Duration = Duration::from_millis(400);
/// How long a removed box can be brought back from the message about it.
const TOAST: Duration = Duration::from_secs(10);
/// Why there are no marks.
pub const NO_MARKS: &str = n(
    "Tài liệu đã có chữ ký số nên không thêm được hình chữ ký ở trang khác: chữ ký cũ sẽ bị báo là tài liệu bị sửa.",
);

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

/// Whether marks may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarksRule {
    /// They may.
    Allowed,
    /// A signature is there that they would hurt.
    Refused,
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

    /// Changes the boxes and keeps what was before; nothing is kept where nothing changed.
    fn change(self, stroke: Stroke, repeat: bool, edit: impl FnOnce(&mut Arrangement)) {
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

    /// Marks as the engine wants them.
    pub fn copies(self) -> Vec<(u32, Rect)> {
        self.arrangement.with_untracked(|all| {
            all.marks
                .iter()
                .map(|mark| (mark.placed.page, mark.placed.rect))
                .collect()
        })
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

    /// What stands around a box on a page.
    fn around<T>(self, page: u32, look: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let bounds = self.bounds(page);
        let signatures = self.signatures.with_value(|all| {
            all.iter()
                .filter(|(on, _)| *on == page)
                .map(|(_, rect)| *rect)
                .collect::<Vec<_>>()
        });
        self.text.with(|text| {
            let text = text.get(&page).map(Vec::as_slice).unwrap_or_default();
            look(&Surroundings {
                bounds: &bounds,
                text,
                signatures: &signatures,
            })
        })
    }

    /// What is wrong with the place of the signature.
    pub fn warnings(self) -> Vec<Warning> {
        // Where a field stands is its author's matter.
        if self.fixed.get() {
            return Vec::new();
        }
        self.placed().map_or_else(Vec::new, |placed| {
            self.around(placed.page, |surroundings| {
                surroundings.warnings(&placed.rect)
            })
        })
    }

    fn warnings_now(self) -> Vec<Warning> {
        untrack(|| self.warnings())
    }

    /// Reads the lines of a page once.
    async fn read(self, page: u32) {
        let known = self
            .text
            .try_with_untracked(|text| text.contains_key(&page))
            .unwrap_or(true);
        if known {
            return;
        }
        let ask = Ask::Text {
            document: self.document,
            page,
        };
        if let Ok((Answer::Text { text }, _)) = engine::ask(ask, Vec::new()).await {
            // Dots and blanks to write on are no letters.
            let lines = text
                .lines
                .iter()
                .filter(|line| line.text.chars().any(char::is_alphanumeric))
                .map(|line| around_quad(&line.quad))
                .collect();
            let _ = self.text.try_update(|text| text.insert(page, lines));
        }
    }

    /// Reads the lines of a page, in time for warnings and snapping.
    fn want_text(self, page: u32) {
        spawn_local(self.read(page));
    }

    /// What attracts a box on its page.
    fn magnets(self, page: u32, which: Which) -> Magnets {
        let mut others = self
            .arrangement
            .with_untracked(|all| all.others(page, which));
        self.signatures.with_value(|all| {
            let here = all.iter().filter(|(on, _)| *on == page);
            others.extend(here.map(|(_, rect)| *rect));
        });
        let bounds = self.bounds(page);
        self.text.with_untracked(|text| {
            let lines = text.get(&page).map(Vec::as_slice).unwrap_or_default();
            snap::magnets(&bounds, lines, &others)
        })
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
    fn paste(self, placed: Placed) {
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
    fn shifted(placed: Placed) -> Placed {
        let rect = Rect {
            x: placed.rect.x + 5.0 * MM,
            y: placed.rect.y + 5.0 * MM,
            ..placed.rect
        };
        Placed { rect, ..placed }
    }

    fn turn(self) -> u32 {
        self.happened.update_value(|count| *count += 1);
        self.happened.get_value()
    }

    /// What a box is, in words.
    fn words(self, which: Which) -> String {
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
    fn say_later(self, which: Which) {
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

/// The upright rectangle around four corners.
fn around_quad(quad: &Quad) -> Rect {
    let [first, second, third, fourth] = *quad;
    let span = |one: Point, other: Point| Rect::from_corners(one, other);
    let (one, other) = (span(first, third), span(second, fourth));
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    Rect {
        x,
        y,
        width: one.right().max(other.right()) - x,
        height: one.far().max(other.far()) - y,
    }
}

/// Milliseconds of a clock that never goes back.
fn now() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
