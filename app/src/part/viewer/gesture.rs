//! Zooming with wheel and fingers: the point under them stays under them.

use super::viewing::{Anchor, Viewing};
use leptos::prelude::*;
use std::cell::Cell;
use web_sys::{Touch, TouchEvent, WheelEvent};

/// What one step of a wheel zooms by, as the exponent of e for a pixel of scrolling.
const WHEEL: f64 = 0.0022;
/// Pixels that one line of a wheel means.
const LINE: f64 = 18.0;

/// Two fingers on the pages.
#[derive(Clone, Copy)]
struct Pinch {
    /// What was between them at first.
    anchor: Anchor,
    /// Their distance then.
    apart: f64,
    /// Their middle then, in the window.
    middle: (f64, f64),
    /// The zoom then.
    scale: f64,
    /// What came of it so far: factor and middle.
    now: (f64, (f64, f64)),
}

thread_local! {
    static PINCH: Cell<Option<Pinch>> = const { Cell::new(None) };
}

/// Ctrl and wheel, which is also what a touch pad sends for two fingers.
pub fn wheel(viewing: Viewing, event: &WheelEvent) {
    if !event.ctrl_key() {
        return;
    }
    event.prevent_default();
    let Some(frame) = viewing.frame.get_untracked() else {
        return;
    };
    let corner = frame.get_bounding_client_rect();
    let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
        LINE
    } else {
        1.0
    };
    let by = (-event.delta_y() * lines).clamp(-160.0, 160.0) * WHEEL;
    let at = (
        f64::from(event.client_x()) - corner.left(),
        f64::from(event.client_y()) - corner.top(),
    );
    viewing.zoom_by(by.exp(), Some(at));
}

fn place(touch: &Touch) -> (f64, f64) {
    (f64::from(touch.client_x()), f64::from(touch.client_y()))
}

/// Distance and middle of two fingers, the middle in the window with the pages.
fn fingers(viewing: Viewing, event: &TouchEvent) -> Option<(f64, (f64, f64))> {
    let touches = event.touches();
    if touches.length() != 2 {
        return None;
    }
    let (first, second) = (place(&touches.item(0)?), place(&touches.item(1)?));
    let corner = viewing.frame.get_untracked()?.get_bounding_client_rect();
    let middle = (
        f64::midpoint(first.0, second.0) - corner.left(),
        f64::midpoint(first.1, second.1) - corner.top(),
    );
    Some((
        (first.0 - second.0).hypot(first.1 - second.1).max(1.0),
        middle,
    ))
}

/// A second finger begins a pinch.
pub fn touch_start(viewing: Viewing, event: &TouchEvent) {
    let Some((apart, middle)) = fingers(viewing, event) else {
        return;
    };
    event.prevent_default();
    PINCH.set(Some(Pinch {
        anchor: viewing.anchor(middle.0, middle.1),
        apart,
        middle,
        scale: viewing.scale.get_untracked(),
        now: (1.0, middle),
    }));
}

/// The pages follow the fingers as a picture; they are drawn anew when the fingers leave.
pub fn touch_move(viewing: Viewing, event: &TouchEvent) {
    let (Some(mut pinch), Some((apart, middle))) = (PINCH.get(), fingers(viewing, event)) else {
        return;
    };
    event.prevent_default();
    let scale = Viewing::bounded(pinch.scale, pinch.scale * apart / pinch.apart);
    pinch.now = (scale / pinch.scale, middle);
    PINCH.set(Some(pinch));
    let (left, top) = viewing.corner.get_untracked();
    let shift = viewing.shift.get_untracked();
    if let Some(sheet) = viewing.sheet.get_untracked() {
        let style = web_sys::HtmlElement::style(&sheet);
        let (x, y) = (left + pinch.middle.0, top - shift + pinch.middle.1);
        let origin = x.to_string() + "px " + &y.to_string() + "px";
        let (dx, dy) = (middle.0 - pinch.middle.0, middle.1 - pinch.middle.1);
        let transform = "translate(".to_owned()
            + &dx.to_string()
            + "px,"
            + &dy.to_string()
            + "px) scale("
            + &pinch.now.0.to_string()
            + ")";
        let _ = style.set_property("transform-origin", &origin);
        let _ = style.set_property("transform", &transform);
    }
}

/// A finger left: what was seen becomes the zoom.
pub fn touch_end(viewing: Viewing, event: &TouchEvent) {
    if event.touches().length() >= 2 {
        return;
    }
    let Some(pinch) = PINCH.take() else { return };
    if let Some(sheet) = viewing.sheet.get_untracked() {
        let _ = web_sys::HtmlElement::style(&sheet).remove_property("transform");
    }
    let (factor, (x, y)) = pinch.now;
    if (factor - 1.0).abs() > 0.005 {
        viewing.zoom_to(super::Zoom::Scale(pinch.scale * factor), Some((x, y)));
    }
    viewing.hold(pinch.anchor, x, y);
}
