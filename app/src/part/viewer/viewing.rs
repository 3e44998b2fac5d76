//! How a document is being looked at: zoom, turn, place. Screens and placements read it and change it through its methods.

use super::find::Find;
use super::layout::{self, GAP, Layout, Look, TALLEST};
use super::{Tab, Target};
use contract::geometry::{PageGeometry, Point, Rotation};
use contract::text::PageText;
use contract::worker::DocumentId;
use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// CSS pixels per point at 100 %.
pub const FULL: f64 = 96.0 / 72.0;
/// Zoom steps of the buttons and keys, in per cent.
const STEPS: [f64; 16] = [
    25.0, 33.0, 50.0, 67.0, 75.0, 80.0, 90.0, 100.0, 110.0, 125.0, 150.0, 175.0, 200.0, 250.0,
    300.0, 400.0,
];
/// Smallest and largest zoom that is asked for by number, in CSS pixels per point.
const BOUNDS: (f64, f64) = (0.25 * FULL, 4.0 * FULL);
/// Pages whose text is kept.
const TEXTS: usize = 60;
/// How long the pages lie still before the scroll bar of a shortened sheet is put right.
const STILL: Duration = Duration::from_millis(250);

/// What the zoom follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    /// The width of the window, but no larger than is comfortable on a wide one.
    Auto,
    /// The width of the window.
    Width,
    /// The whole page.
    Page,
    /// CSS pixels per point.
    Scale(f64),
}

/// A point of the document that stays where it is while something changes.
#[derive(Debug, Clone, Copy)]
pub struct Anchor {
    page: u32,
    /// Below the upper edge of the page, in points as turned.
    y: f64,
    /// Below the lower edge of the page, in CSS pixels: the gap does not grow.
    gap: f64,
    /// From the middle of the sheet, in points.
    x: f64,
}

/// A document that is being looked at.
#[derive(Clone, Copy)]
pub struct Viewing {
    /// The open document.
    pub document: DocumentId,
    /// CSS pixels per point.
    pub scale: Memo<f64>,
    /// Turned by the reader.
    pub turn: RwSignal<Rotation>,
    /// What the zoom follows.
    pub zoom: RwSignal<Zoom>,
    /// The page in the middle of the window, from 0.
    pub current: Memo<u32>,
    /// First and last page that is seen.
    pub seen: Memo<(u32, u32)>,
    /// First and last page near the window.
    pub near: Memo<(u32, u32)>,
    /// Text of pages that were near, for snapping too.
    pub texts: RwSignal<BTreeMap<u32, Arc<PageText>>>,
    /// What is searched for.
    pub find: Find,
    /// The side panel.
    pub panel: RwSignal<Option<Tab>>,
    pub(super) layout: StoredValue<Layout>,
    pub(super) frame: NodeRef<html::Div>,
    pub(super) sheet: NodeRef<html::Div>,
    /// Size of the window, in CSS pixels.
    pub(super) room: RwSignal<(f64, f64)>,
    /// The corner of the window on the sheet, in CSS pixels.
    pub(super) corner: RwSignal<(f64, f64)>,
    /// How far the sheet is pushed up beside the scroll bar: 0 unless it is too high for a browser.
    pub(super) shift: RwSignal<f64>,
    /// The page the zoom fits.
    fitted: RwSignal<u32>,
    settling: StoredValue<u32>,
}

/// The window without a scroll bar, and whole pixels.
#[allow(clippy::cast_possible_truncation)] // pixels of a scroll position
fn pixels(value: f64) -> i32 {
    value.round() as i32
}

impl Viewing {
    /// A freshly opened document.
    pub fn new(document: DocumentId, pages: &[PageGeometry]) -> Self {
        let layout = StoredValue::new(Layout::new(pages));
        let turn = RwSignal::new(Rotation::Upright);
        let zoom = RwSignal::new(Zoom::Auto);
        let room = RwSignal::new((0.0_f64, 0.0_f64));
        let corner = RwSignal::new((0.0_f64, 0.0_f64));
        let fitted = RwSignal::new(0_u32);
        let scale = Memo::new(move |_| {
            let (width, height) = room.get();
            let size = layout.with_value(|layout| layout.size(fitted.get()));
            let size = layout::turned(size, turn.get());
            let (wide, high) = (
                ((width - 2.0 * side(width)) / size.width.max(1.0)).max(0.02),
                ((height - GAP) / size.height.max(1.0)).max(0.02),
            );
            match zoom.get() {
                Zoom::Auto => wide.min(1.25 * FULL),
                Zoom::Width => wide.min(BOUNDS.1),
                Zoom::Page => wide.min(high).min(BOUNDS.1),
                Zoom::Scale(scale) => scale,
            }
        });
        let look = move || Look {
            scale: scale.get(),
            turn: turn.get(),
        };
        let span = move |around: f64, from: f64, to: f64| {
            let look = look();
            layout.with_value(|layout| layout.between(from - around, to + around, look))
        };
        let seen = Memo::new(move |_| {
            let ((_, height), (_, top)) = (room.get(), corner.get());
            span(0.0, top, top + height)
        });
        let near = Memo::new(move |_| {
            let ((_, height), (_, top)) = (room.get(), corner.get());
            span(height.max(400.0), top, top + height)
        });
        let current = Memo::new(move |_| {
            let ((_, height), (_, top)) = (room.get(), corner.get());
            span(0.0, top + height * 0.4, top + height * 0.4).0
        });
        Self {
            document,
            scale,
            turn,
            zoom,
            current,
            seen,
            near,
            texts: RwSignal::new(BTreeMap::new()),
            find: Find::new(),
            panel: RwSignal::new(None),
            layout,
            frame: NodeRef::new(),
            sheet: NodeRef::new(),
            room,
            corner,
            shift: RwSignal::new(0.0),
            fitted,
            settling: StoredValue::new(0),
        }
    }

    /// How many pages there are.
    pub fn count(self) -> u32 {
        self.layout.with_value(Layout::count)
    }

    pub(super) fn look(self) -> Look {
        Look {
            scale: self.scale.get(),
            turn: self.turn.get(),
        }
    }

    pub(super) fn look_now(self) -> Look {
        Look {
            scale: self.scale.get_untracked(),
            turn: self.turn.get_untracked(),
        }
    }

    fn height(self, look: Look) -> f64 {
        self.layout.with_value(|layout| layout.height(look))
    }

    /// Width of the sheet, in CSS pixels.
    pub(super) fn width(self, look: Look, room: f64) -> f64 {
        let widest = self
            .layout
            .with_value(|layout| layout.widest(look.turn) * look.scale);
        (widest + 2.0 * side(room)).max(room)
    }

    /// Gives the sheet its size at once, so that the window can be moved on it.
    pub(super) fn stretch(self) {
        let look = self.look_now();
        let (room, _) = self.room.get_untracked();
        if let Some(sheet) = self.sheet.get_untracked() {
            let style = web_sys::HtmlElement::style(&sheet);
            let height = self.height(look).min(TALLEST).ceil();
            let _ = style.set_property("height", &(height.to_string() + "px"));
            let width = self.width(look, room).floor();
            let _ = style.set_property("width", &(width.to_string() + "px"));
        }
    }

    /// The window was moved by the person.
    pub(super) fn scrolled(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let bar = f64::from(frame.scroll_top());
        let left = f64::from(frame.scroll_left());
        let height = self.height(self.look_now());
        if height <= TALLEST {
            self.shift.set(0.0);
            self.corner.set((left, bar));
            return;
        }
        let (_, before) = self.corner.get_untracked();
        let moved = bar - (before - self.shift.get_untracked());
        // A long way at once: somebody pulls the scroll bar.
        if moved.abs() > 4.0 * self.room.get_untracked().1 {
            let place = layout::from_bar(bar, height);
            self.shift.set(place - bar);
            self.corner.set((left, place));
        } else {
            self.corner.set((left, before + moved));
        }
        self.settle();
    }

    /// Puts the scroll bar of a shortened sheet where it belongs once the pages lie still; nobody sees it.
    fn settle(self) {
        let number = self.settling.get_value().wrapping_add(1);
        self.settling.set_value(number);
        set_timeout(
            move || {
                if self.settling.try_get_value() == Some(number) {
                    let (left, top) = self.corner.get_untracked();
                    let bar = layout::to_bar(top, self.height(self.look_now()));
                    if (bar - (top - self.shift.get_untracked())).abs() > 2.0 {
                        self.move_to(left, top);
                    }
                }
            },
            STILL,
        );
    }

    /// Moves the window on the sheet.
    pub(super) fn move_to(self, left: f64, top: f64) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        self.stretch();
        let height = self.height(self.look_now());
        let (_, room) = self.room.get_untracked();
        let top = top.clamp(0.0, (height - room).max(0.0));
        let bar = layout::to_bar(top, height).round();
        frame.set_scroll_top(pixels(bar));
        frame.set_scroll_left(pixels(left));
        let shift = if height <= TALLEST { 0.0 } else { top - bar };
        self.shift.set(shift);
        self.corner.set((
            f64::from(frame.scroll_left()),
            f64::from(frame.scroll_top()) + shift,
        ));
    }

    /// The size of the window changed; the point in its middle stays in the middle.
    pub(super) fn measured(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let now = (
            f64::from(frame.client_width()),
            f64::from(frame.client_height()),
        );
        let before = self.room.get_untracked();
        if before == now || now.0 < 1.0 {
            return;
        }
        let top_seen = self.corner.get_untracked().1 < 1.0;
        // A turned device keeps what is in the middle. A bar that comes or goes beneath the pages moves nothing: a box
        // would slip away from the finger that holds it.
        let middle = if (before.0 - now.0).abs() < 1.0 {
            0.0
        } else {
            0.5
        };
        let anchor = self.anchor(before.0 / 2.0, before.1 * middle);
        self.room.set(now);
        if before.0 < 1.0 || top_seen {
            self.move_to(0.0, 0.0);
            self.center();
        } else {
            self.hold(anchor, now.0 / 2.0, now.1 * middle);
        }
    }

    /// Puts the middle of the sheet in the middle of the window.
    fn center(self) {
        let (room, _) = self.room.get_untracked();
        let width = self.width(self.look_now(), room);
        let (_, top) = self.corner.get_untracked();
        self.move_to((width - room) / 2.0, top);
    }

    /// What is at a place of the window.
    pub(super) fn anchor(self, x: f64, y: f64) -> Anchor {
        let look = self.look_now();
        let ((left, top), (room, _)) = (self.corner.get_untracked(), self.room.get_untracked());
        let page = self.layout.with_value(|layout| layout.at(top + y, look));
        let size = self.layout.with_value(|layout| layout.size(page));
        let below = top + y - self.layout.with_value(|layout| layout.top(page, look));
        let high = layout::turned(size, look.turn).height * look.scale;
        Anchor {
            page,
            y: below.min(high) / look.scale,
            gap: (below - high).max(0.0),
            x: (left + x - self.width(look, room) / 2.0) / look.scale,
        }
    }

    /// Moves the window so that a point of the document is at a place of it.
    pub(super) fn hold(self, anchor: Anchor, x: f64, y: f64) {
        let look = self.look_now();
        let (room, _) = self.room.get_untracked();
        let top = self
            .layout
            .with_value(|layout| layout.top(anchor.page, look))
            + anchor.y * look.scale
            + anchor.gap;
        let left = anchor.x * look.scale + self.width(look, room) / 2.0;
        self.move_to(left - x, top - y);
    }

    /// Changes the zoom; the point at a place of the window stays there, the middle where none is given.
    pub fn zoom_to(self, zoom: Zoom, at: Option<(f64, f64)>) {
        let (width, height) = self.room.get_untracked();
        let (x, y) = at.unwrap_or((width / 2.0, height / 2.0));
        let anchor = self.anchor(x, y);
        self.fitted.set(self.current.get_untracked());
        self.zoom.set(zoom);
        self.hold(anchor, x, y);
    }

    /// Zooms by a factor.
    pub fn zoom_by(self, factor: f64, at: Option<(f64, f64)>) {
        let now = self.scale.get_untracked();
        self.zoom_to(Zoom::Scale(Self::bounded(now, now * factor)), at);
    }

    /// A zoom inside the bounds; a fitted page may be smaller.
    pub(super) fn bounded(now: f64, wanted: f64) -> f64 {
        wanted.clamp(BOUNDS.0.min(now), BOUNDS.1)
    }

    /// The next zoom step.
    pub fn step(self, larger: bool) {
        let now = self.scale.get_untracked() / FULL * 100.0;
        let next = if larger {
            STEPS.iter().find(|step| **step > now + 0.5)
        } else {
            STEPS.iter().rev().find(|step| **step < now - 0.5)
        };
        if let Some(next) = next {
            self.zoom_to(Zoom::Scale(next / 100.0 * FULL), None);
        }
    }

    /// Turns the pages, by quarters clockwise.
    pub fn turn_by(self, quarters: i64) {
        let page = self.current.get_untracked();
        let degrees = i64::from(self.turn.get_untracked().degrees()) + 90 * quarters;
        self.turn.set(Rotation::from_degrees(degrees));
        self.fitted.set(page);
        self.center();
        self.go(page);
    }

    /// Shows a page from its top.
    pub fn go(self, page: u32) {
        let page = page.min(self.count().saturating_sub(1));
        let look = self.look_now();
        let top = self.layout.with_value(|layout| layout.top(page, look));
        let (left, _) = self.corner.get_untracked();
        self.move_to(left, top - GAP / 2.0);
    }

    /// Shows a place of a page in the middle of the window, with what stands around it.
    pub fn show(self, target: Target) {
        self.bring(target, 0.5);
    }

    /// Shows a place of a page in the upper part of the window.
    pub fn read_from(self, target: Target) {
        if target.y < 1.0 {
            self.go(target.page);
        } else {
            self.bring(target, 0.1);
        }
    }

    fn bring(self, target: Target, part: f64) {
        let look = self.look_now();
        let size = self.layout.with_value(|layout| layout.size(target.page));
        let point = Point {
            x: size.width / 2.0,
            y: target.y,
        };
        let y = layout::turn_point(size, look.turn, point).y * look.scale;
        let top = self
            .layout
            .with_value(|layout| layout.top(target.page, look));
        let (left, _) = self.corner.get_untracked();
        let (_, room) = self.room.get_untracked();
        self.move_to(left, top + y - room * part);
    }

    /// Whether a place of a page is well inside the window.
    pub(super) fn is_seen(self, page: u32, y: f64) -> bool {
        let look = self.look_now();
        let size = self.layout.with_value(|layout| layout.size(page));
        let point = Point {
            x: size.width / 2.0,
            y,
        };
        let y = self.layout.with_value(|layout| layout.top(page, look))
            + layout::turn_point(size, look.turn, point).y * look.scale;
        let ((_, top), (_, height)) = (self.corner.get_untracked(), self.room.get_untracked());
        (top + 40.0..top + height - 60.0).contains(&y)
    }

    /// Keeps the text of a page.
    pub(super) fn keep_text(self, page: u32, text: PageText) {
        let _ = self.texts.try_update(|texts| {
            texts.insert(page, Arc::new(text));
            // The farthest page goes first.
            while texts.len() > TEXTS {
                let (first, last) = (
                    texts.keys().next().copied().unwrap_or_default(),
                    texts.keys().next_back().copied().unwrap_or_default(),
                );
                let far = if page.abs_diff(first) > page.abs_diff(last) {
                    first
                } else {
                    last
                };
                texts.remove(&far);
            }
        });
    }
}

/// Room beside the pages, in CSS pixels: little where there is little.
fn side(room: f64) -> f64 {
    if room < 640.0 { 4.0 } else { GAP }
}
