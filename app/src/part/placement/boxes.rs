//! The boxes over one page: seen, grabbed, pulled, dropped; and the page's own button, where the keyboard begins.

use super::arrangement::{Arrangement, Which};
use super::geometry::{self, Handle};
use super::history::Stroke;
use super::picture::Picture;
use super::snap::{self, Guides};
use super::spoken::REST;
use super::{Placed, Placement, keys};
use crate::part::viewer::point_on;
use crate::text::{fill, t};
use contract::geometry::{Point, Rect};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent, PointerEvent};

/// How near the edge of the window a dragged box makes the pages scroll, and by how much each time, in CSS pixels.
const SCROLL: (f64, i32) = (36.0, 14);

/// Everything of the placement over one page.
#[component]
pub fn PageBoxes(
    placement: Placement,
    page: u32,
    /// CSS pixels per point.
    scale: Signal<f64>,
    picture: Picture,
) -> impl IntoView {
    let here = Memo::new(move |_| placement.arrangement.with(|all| all.on(page)));
    let guides = move || {
        placement
            .guides
            .get()
            .filter(|(on, _)| *on == page)
            .map(|(_, guides)| guides)
            .unwrap_or_default()
    };
    Effect::new(move |_| {
        let scale = scale.get();
        if (placement.scale.get_untracked() - scale).abs() > f64::EPSILON {
            placement.scale.set(scale);
        }
    });
    view! {
        <div class="boxes">
            <Spot placement page/>
            <For each=move || here.get() key=|which| *which let:which>
                <Standing placement which page scale picture/>
            </For>
            {move || guides().across.map(|at| view! { <span class="guide across" style:left=format!("{}px", at * scale.get())></span> })}
            {move || guides().down.map(|at| view! { <span class="guide down" style:top=format!("{}px", at * scale.get())></span> })}
        </div>
    }
}

/// The page for the keyboard: seen while it has the focus; Enter puts the box where it fits best.
#[component]
fn Spot(placement: Placement, page: u32) -> impl IntoView {
    let node = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let (Some(node), Some(wanted)) = (node.get(), placement.focus_page.get())
            && wanted == page
        {
            placement.focus_page.set(None);
            let _ = node.focus();
        }
    });
    let key = move |event: KeyboardEvent| {
        if keys::on_page(placement, page, &event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let click = move |event: web_sys::MouseEvent| {
        event.stop_propagation();
        placement.put_on(page);
    };
    view! {
        <button type="button" class="page-spot" node_ref=node on:click=click on:keydown=key>
            {fill("Trang {}: đặt ô ký tại đây", &[&(page + 1)])}
        </button>
    }
}

/// What a pointer is doing with a box.
#[derive(Clone)]
struct Drag {
    /// The edge that is pulled; the whole box without it.
    handle: Option<Handle>,
    /// Where the pointer went down, in points of the page.
    start: Point,
    /// The box then.
    from: Rect,
    /// All boxes then.
    before: Arrangement,
    /// Whether the step is kept already: a drag without movement makes none.
    kept: bool,
}

/// One box.
#[component]
fn Standing(
    placement: Placement,
    which: Which,
    page: u32,
    scale: Signal<f64>,
    picture: Picture,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let drag: RwSignal<Option<Drag>> = RwSignal::new(None);
    placement.want_text(page);
    picture.show_on(canvas);
    Effect::new(move |_| {
        if let (Some(node), Some(wanted)) = (node.get(), placement.focus.get())
            && wanted == which
            // The box that goes to another page is still here while this runs.
            && placement
                .arrangement
                .with_untracked(|all| all.get(which))
                .is_some_and(|placed| placed.page == page)
        {
            placement.focus.set(None);
            let _ = node.focus();
        }
    });
    let rect = Memo::new(move |_| {
        placement
            .arrangement
            .with(|all| all.get(which))
            .map_or(NOWHERE, |placed| placed.rect)
    });
    // The name follows once the box rests: a name that changes with every key is read out with every key.
    let label = RwSignal::new(placement.words(which));
    let changes = StoredValue::new(0_u32);
    Effect::new(move |first: Option<()>| {
        rect.track();
        if first.is_none() {
            return;
        }
        changes.update_value(|count| *count += 1);
        let this = changes.get_value();
        set_timeout(
            move || {
                if changes.try_get_value() == Some(this) {
                    let _ = label.try_set(placement.words(which));
                }
            },
            REST,
        );
    });
    let down = move |event: PointerEvent, handle: Option<Handle>| {
        if event.button() != 0 || placement.fixed.get_untracked() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let (Some(node), Some(from)) = (
            node.get_untracked(),
            placement
                .arrangement
                .with_untracked(|all| all.get(which))
                .map(|placed| placed.rect),
        ) else {
            return;
        };
        let Some(start) = on_sheet(&node, &event, scale.get_untracked()) else {
            return;
        };
        // The pages stay where they are: the pointer has the box.
        let still = web_sys::FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = node.focus_with_options(&still);
        let _ = node.set_pointer_capture(event.pointer_id());
        drag.set(Some(Drag {
            handle,
            start,
            from,
            before: placement.arrangement.get_untracked(),
            kept: false,
        }));
    };
    let moved = move |event: PointerEvent| {
        let (Some(now), Some(node)) = (drag.get_untracked(), node.get_untracked()) else {
            return;
        };
        // First the pages, then the box: it stays under the pointer.
        if now.kept && now.handle.is_none() {
            scroll_along(&node, &event);
        }
        let Some(point) = on_sheet(&node, &event, scale.get_untracked()) else {
            return;
        };
        let by = Point {
            x: point.x - now.start.x,
            y: point.y - now.start.y,
        };
        let snapping = !event.alt_key();
        let (rect, guides) = dragged(placement, which, page, &now, by, snapping);
        let placed = Placed { page, rect };
        let present = placement.arrangement.with_untracked(|all| all.get(which));
        placement.guides.set(Some((page, guides)));
        if present == Some(placed) {
            return;
        }
        if !now.kept {
            placement
                .history
                .update(|history| history.record(now.before.clone(), Stroke::Once, false, 0.0));
            drag.update(|drag| {
                if let Some(drag) = drag {
                    drag.kept = true;
                }
            });
        }
        placement.arrangement.update(|all| {
            all.set(which, placed);
            if now.handle.is_some() {
                all.same_size(|page| placement.bounds(page));
            }
        });
    };
    let up = move |event: PointerEvent| {
        let Some(ended) = drag.get_untracked() else {
            return;
        };
        drag.set(None);
        placement.guides.set(None);
        if !ended.kept {
            return;
        }
        if ended.handle.is_none()
            && let Some((other, point)) = sheet_under(&event, scale.get_untracked())
            && other != page
        {
            let rect = Rect {
                x: point.x - (ended.start.x - ended.from.x),
                y: point.y - (ended.start.y - ended.from.y),
                ..ended.from
            };
            let placed = placement.fitting(Placed { page: other, rect });
            placement.focus.set(Some(which));
            placement.arrangement.update(|all| all.set(which, placed));
        }
        placement.say_later(which);
    };
    let give_up = move || {
        if let Some(ended) = drag.get_untracked() {
            drag.set(None);
            placement.guides.set(None);
            if ended.kept {
                placement
                    .history
                    .update(super::history::History::forget_last);
                placement.arrangement.set(ended.before);
            }
        }
    };
    let key = move |event: KeyboardEvent| {
        let used = if drag.with_untracked(Option::is_some) && event.key() == "Escape" {
            give_up();
            true
        } else {
            keys::on_box(placement, which, &event)
        };
        if used {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let is_mark = which != Which::Signature;
    view! {
        <div
            node_ref=node
            class="signature-box"
            class:mark=is_mark
            class:fixed=move || placement.fixed.get()
            class:dragging=move || drag.with(Option::is_some)
            role="group"
            tabindex="0"
            aria-label=move || label.get()
            aria-describedby=if is_mark { "mark-keys" } else { "box-keys" }
            style:left=move || format!("{}px", rect.get().x * scale.get())
            style:top=move || format!("{}px", rect.get().y * scale.get())
            style:width=move || format!("{}px", rect.get().width * scale.get())
            style:height=move || format!("{}px", rect.get().height * scale.get())
            on:pointerdown=move |event| down(event, None)
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |_| give_up()
            on:click=|event| event.stop_propagation()
            on:keydown=key
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            {move || (!is_mark && !placement.fixed.get()).then(|| Handle::ALL.into_iter().map(|(handle, name)| view! {
                <span class=format!("handle {name}") aria-hidden="true" on:pointerdown=move |event| down(event, Some(handle))></span>
            }).collect_view())}
            {is_mark.then(|| view! { <span class="mark-name" aria-hidden="true">{t("minh họa")}</span> })}
        </div>
    }
}

const NOWHERE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
};

/// The box after the pointer went so far, snapped where it is near something.
fn dragged(
    placement: Placement,
    which: Which,
    page: u32,
    drag: &Drag,
    by: Point,
    snapping: bool,
) -> (Rect, Guides) {
    let bounds = placement.bounds(page);
    let reach = snap::REACH / placement.scale.get_untracked().max(0.01);
    let Some(handle) = drag.handle else {
        let there = Rect {
            x: drag.from.x + by.x,
            y: drag.from.y + by.y,
            ..drag.from
        }
        .moved_into(&bounds);
        if !snapping {
            return (there, Guides::default());
        }
        let (rect, guides) = snap::moved(&there, &placement.magnets(page, which), reach);
        return (rect.moved_into(&bounds), guides);
    };
    let ratio = placement.ratio.get_untracked();
    let free = geometry::resized(&drag.from, handle, by, ratio, &bounds);
    if !snapping || ratio.is_some() {
        return (free, Guides::default());
    }
    let magnets = placement.magnets(page, which);
    let (dx, dy, guides) = snap::pulled(&free, handle, &magnets, reach);
    let by = Point {
        x: by.x + dx,
        y: by.y + dy,
    };
    (
        geometry::resized(&drag.from, handle, by, None, &bounds),
        guides,
    )
}

/// Where the pointer is on the page of a box, in points.
fn on_sheet(node: &Element, event: &PointerEvent, scale: f64) -> Option<Point> {
    point_on(
        node,
        f64::from(event.client_x()),
        f64::from(event.client_y()),
        scale,
    )
}

/// The page under the pointer, and where on it.
fn sheet_under(event: &PointerEvent, scale: f64) -> Option<(u32, Point)> {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let sheets = document().query_selector_all(".page[data-page]").ok()?;
    (0..sheets.length()).find_map(|index| {
        let sheet = sheets.item(index)?.dyn_into::<Element>().ok()?;
        let frame = sheet.get_bounding_client_rect();
        let inside = (frame.left()..frame.right()).contains(&x)
            && (frame.top()..frame.bottom()).contains(&y);
        let page = sheet.get_attribute("data-page")?.parse().ok()?;
        inside
            .then(|| point_on(&sheet, x, y, scale))
            .flatten()
            .map(|point| (page, point))
    })
}

/// Scrolls the pages when the pointer drags a box to their edge.
fn scroll_along(node: &Element, event: &PointerEvent) {
    let Some(pages) = node.closest(".pages").ok().flatten() else {
        return;
    };
    let frame = pages.get_bounding_client_rect();
    let y = f64::from(event.client_y());
    let (near, by) = SCROLL;
    if y < frame.top() + near {
        pages.set_scroll_top(pages.scroll_top() - by);
    } else if y > frame.bottom() - near {
        pages.set_scroll_top(pages.scroll_top() + by);
    }
}
