//! One page on the long sheet: its picture, its words, and what a screen puts over it.

use super::layout;
use super::picture;
use super::viewing::Viewing;
use super::words;
use super::{OnTap, Overlay};
use crate::text::fill;
use contract::geometry::{Point, Rotation, Size};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// The page something is in.
pub fn page_of(element: Option<Element>) -> Option<u32> {
    let page = element?.closest(".page").ok()??;
    page.get_attribute("data-page")?.parse().ok()
}

/// Where a place of the window is on the page that holds an element, in points as the upright page has it: the reader may have turned it.
pub fn point_on(inside: &Element, x: f64, y: f64, scale: f64) -> Option<Point> {
    let page = inside.closest(".page").ok()??;
    let degrees = page.get_attribute("data-turn")?.parse().ok()?;
    let (turn, frame) = (
        Rotation::from_degrees(degrees),
        page.get_bounding_client_rect(),
    );
    let lying = Size {
        width: frame.width() / scale,
        height: frame.height() / scale,
    };
    let point = Point {
        x: (x - frame.left()) / scale,
        y: (y - frame.top()) / scale,
    };
    (scale > 0.0).then(|| layout::turn_back(layout::turned(lying, turn), turn, point))
}

fn px(value: f64) -> String {
    value.to_string() + "px"
}

/// A page.
pub fn sheet(
    viewing: Viewing,
    page: u32,
    overlay: Option<&Overlay>,
    on_tap: Option<OnTap>,
) -> AnyView {
    let size = viewing.layout.with_value(|layout| layout.size(page));
    let place = Memo::new(move |_| {
        let look = viewing.look();
        let (room, _) = viewing.room.get();
        let lying = layout::turned(size, look.turn);
        let (width, height) = (lying.width * look.scale, lying.height * look.scale);
        let top = viewing.layout.with_value(|layout| layout.top(page, look));
        let left = (viewing.width(look, room) - width) / 2.0;
        (left, top - viewing.shift.get(), width, height)
    });
    let turning = move || {
        let (_, _, width, height) = place.get();
        match viewing.turn.get() {
            Rotation::Upright => String::new(),
            Rotation::Quarter => "translateX(".to_owned() + &px(width) + ") rotate(90deg)",
            Rotation::Half => {
                "translate(".to_owned() + &px(width) + "," + &px(height) + ") rotate(180deg)"
            }
            Rotation::ThreeQuarter => "translateY(".to_owned() + &px(height) + ") rotate(270deg)",
        }
    };
    let tapped = move |event: web_sys::MouseEvent| {
        let selecting = window()
            .get_selection()
            .ok()
            .flatten()
            .is_some_and(|selection| !selection.is_collapsed());
        let node = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (Some(tap), Some(node), false) = (&on_tap, node, selecting) {
            let scale = viewing.scale.get_untracked();
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            if let Some(point) = point_on(&node, x, y, scale) {
                tap(page, point.x, point.y);
            }
        }
    };
    let scale = viewing.scale;
    let number = (page + 1).to_string();
    view! {
        <div
            class="page"
            role="listitem"
            aria-posinset=number.clone()
            aria-setsize=viewing.count().to_string()
            data-page=page.to_string()
            data-turn=move || viewing.turn.get().degrees().to_string()
            on:click=tapped
            style:left=move || px(place.get().0)
            style:top=move || px(place.get().1)
            style:width=move || px(place.get().2)
            style:height=move || px(place.get().3)
        >
            <div
                class="turned"
                role="group"
                aria-label=fill("Trang {}", &[&number])
                style:width=move || px(size.width * scale.get())
                style:height=move || px(size.height * scale.get())
                style:transform=turning
            >
                {picture::picture(viewing, page)}
                <div
                    class="letters"
                    style:width=px(size.width)
                    style:height=px(size.height)
                    style:transform=move || "scale(".to_owned() + &scale.get().to_string() + ")"
                >
                    {words::words(viewing, page)}
                </div>
                {overlay.map(|overlay| overlay(page, scale.into()))}
            </div>
        </div>
    }
    .into_any()
}
