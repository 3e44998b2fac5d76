//! The keyboard map of a box and of its page: arrows move, Alt with arrows resizes, page keys turn, letters copy and take back.

use super::Placement;
use super::arrangement::Which;
use super::geometry::MM;
use crate::text::t;
use contract::geometry::Point;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// How far an arrow goes, in points: 1 mm, with Shift 5 mm, with Ctrl 0.1 mm.
fn step(event: &KeyboardEvent) -> f64 {
    if event.ctrl_key() || event.meta_key() {
        0.1 * MM
    } else if event.shift_key() {
        5.0 * MM
    } else {
        MM
    }
}

fn arrow(event: &KeyboardEvent) -> Option<Point> {
    let by = step(event);
    let (x, y) = match event.key().as_str() {
        "ArrowLeft" => (-by, 0.0),
        "ArrowRight" => (by, 0.0),
        "ArrowUp" => (0.0, -by),
        "ArrowDown" => (0.0, by),
        _ => return None,
    };
    Some(Point { x, y })
}

/// A key on a box; true when it was for it. Tab is never taken.
pub(super) fn on_box(placement: Placement, which: Which, event: &KeyboardEvent) -> bool {
    let Some(placed) = placement.arrangement.with_untracked(|all| all.get(which)) else {
        return false;
    };
    if let Some(by) = arrow(event) {
        match (event.alt_key(), which) {
            (false, _) => placement.by(which, by, event.repeat()),
            (true, Which::Signature) => placement.pull(by, event.repeat()),
            (true, Which::Mark(_)) => placement
                .said
                .set(t("Hình minh họa luôn cùng cỡ với ô chữ ký số.").to_owned()),
        }
        return true;
    }
    if event.alt_key() {
        return false;
    }
    let control = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "PageUp" => placement.turn_to(which, placed.page.saturating_sub(1)),
        "PageDown" => placement.turn_to(which, placed.page.saturating_add(1)),
        "Home" => placement.turn_to(which, 0),
        "End" => placement.turn_to(which, placement.last_page()),
        "Delete" | "Backspace" => placement.remove(which),
        "Escape" => placement.focus_page.set(Some(placed.page)),
        "Enter" => match which {
            Which::Mark(id) => placement.promote(id),
            Which::Signature => return false,
        },
        "c" | "C" if control => {
            placement.copied.set(Some(placed));
            placement.said.set(t("Đã sao chép ô ký.").to_owned());
        }
        "d" | "D" if control => placement.paste(Placement::shifted(placed)),
        "v" | "V" if control => return paste(placement, placed.page),
        _ => return false,
    }
    true
}

/// A key on a page.
pub(super) fn on_page(placement: Placement, page: u32, event: &KeyboardEvent) -> bool {
    let control = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        "v" | "V" if control => paste(placement, page),
        _ => false,
    }
}

fn paste(placement: Placement, page: u32) -> bool {
    let Some(copied) = placement.copied.get_untracked() else {
        return false;
    };
    let taken = placement.arrangement.with_untracked(|all| {
        all.on(page)
            .into_iter()
            .filter_map(|which| all.get(which))
            .any(|other| other.rect == copied.rect)
    });
    let here = super::Placed { page, ..copied };
    placement.paste(if taken {
        Placement::shifted(here)
    } else {
        here
    });
    true
}

/// Keys that work wherever the focus is on the screen, but in fields: undo and redo.
pub(crate) fn on_screen(placement: Placement, event: &KeyboardEvent) -> bool {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return false;
    }
    let page = || placement.placed_now().map(|placed| placed.page);
    let before = page();
    match (event.key().as_str(), event.shift_key()) {
        ("z" | "Z", false) => placement.undo(),
        ("z" | "Z", true) | ("y" | "Y", false) => placement.redo(),
        _ => return false,
    }
    // The box went to another page or came back: the focus must not be lost with the place it left.
    if page().is_some() && page() != before {
        placement.focus.set(Some(Which::Signature));
    }
    true
}
