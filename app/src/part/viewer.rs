//! The pages of a document: drawn by the engine when they come near, with their text for readers and screen readers.

use crate::engine;
use contract::geometry::{PageGeometry, Size};
use contract::text::TextLine;
use contract::worker::{Answer, Ask, DocumentId, Urgency};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlCanvasElement, ImageBitmap, ImageBitmapRenderingContext};

/// Zoom steps, in per cent of the fitted width.
const ZOOMS: [f64; 9] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0];
/// Distance between two pages, in CSS pixels.
const GAP: f64 = 16.0;

/// What is drawn over a page.
pub type Overlay = Arc<dyn Fn(u32, Signal<f64>) -> AnyView + Send + Sync>;

/// Somebody pointed at a page: the page, and the point in points as seen, from the upper left.
pub type OnTap = Arc<dyn Fn(u32, f64, f64) + Send + Sync>;

/// A place to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Page, from 0.
    pub page: u32,
    /// Its middle below the page's upper edge, in points as seen.
    pub y: f64,
}

/// A document as continuous pages.
#[component]
pub fn Viewer(
    /// The open document.
    document: DocumentId,
    /// Boxes of its pages.
    pages: Vec<PageGeometry>,
    /// Something over each page; gets the page and CSS pixels per point.
    #[prop(optional)]
    overlay: Option<Overlay>,
    /// Called when a page is clicked or tapped, not when text is selected.
    #[prop(optional)]
    on_tap: Option<OnTap>,
    /// Scroll there.
    #[prop(optional, into)]
    go_to: MaybeProp<Target>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let (width, height, top) = (
        RwSignal::new(0.0_f64),
        RwSignal::new(0.0_f64),
        RwSignal::new(0.0_f64),
    );
    let zoom = RwSignal::new(1.0_f64);
    let sizes: StoredValue<Vec<Size>> =
        StoredValue::new(pages.iter().map(PageGeometry::view_size).collect());
    let widest = sizes.with_value(|sizes| {
        sizes
            .iter()
            .fold(1.0_f64, |widest, size| widest.max(size.width))
    });
    let scale = Memo::new(move |_| {
        let room = (width.get() - 2.0 * GAP).max(200.0);
        (room / widest).min(1.6) * zoom.get()
    });
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            width.set(f64::from(frame.client_width()));
            height.set(f64::from(frame.client_height()));
            top.set(f64::from(frame.scroll_top()));
        }
    };
    Effect::new(move |_| {
        if frame.get().is_some() {
            measure();
        }
    });
    let resized = window_event_listener_untyped("resize", move |_| measure());
    on_cleanup(move || resized.remove());
    // First and last page near the window.
    let near = Memo::new(move |_| {
        let (from, to) = (
            top.get() - height.get(),
            top.get() + 2.0 * height.get().max(400.0),
        );
        let scale = scale.get();
        sizes.with_value(|sizes| {
            let (mut offset, mut first, mut last) = (GAP, 0_u32, 0_u32);
            for (page, size) in (0_u32..).zip(sizes) {
                let end = offset + size.height * scale;
                if end < from {
                    first = page + 1;
                }
                if offset <= to {
                    last = page;
                }
                offset = end + GAP;
            }
            (first, last)
        })
    });
    let current = Memo::new(move |_| {
        let middle = top.get() + height.get() / 3.0;
        let scale = scale.get();
        sizes.with_value(|sizes| {
            let (mut offset, mut here) = (GAP, 0_u32);
            for (page, size) in (0_u32..).zip(sizes) {
                if offset <= middle {
                    here = page;
                }
                offset += size.height * scale + GAP;
            }
            here
        })
    });
    Effect::new(move |_| {
        let (Some(target), Some(frame)) = (go_to.get(), frame.get()) else {
            return;
        };
        let scale = scale.get_untracked();
        let above = sizes.with_value(|sizes| {
            let before = usize::try_from(target.page).unwrap_or(0);
            sizes
                .iter()
                .take(before)
                .fold(GAP, |sum, size| sum + size.height * scale + GAP)
        });
        // In the middle of the window, so that what stands around it is seen too.
        let offset = above + target.y * scale - f64::from(frame.client_height()) / 2.0;
        #[allow(clippy::cast_possible_truncation)] // pixels of a scroll position
        frame.set_scroll_top(offset as i32);
    });
    let step = move |up: bool| {
        let now = zoom.get_untracked();
        let next = if up {
            ZOOMS
                .iter()
                .copied()
                .find(|candidate| *candidate > now + 0.01)
        } else {
            ZOOMS
                .iter()
                .rev()
                .copied()
                .find(|candidate| *candidate < now - 0.01)
        };
        if let Some(next) = next {
            zoom.set(next);
        }
    };
    let wheel = move |event: web_sys::WheelEvent| {
        if event.ctrl_key() {
            event.prevent_default();
            step(event.delta_y() < 0.0);
        }
    };
    let total = pages.len();
    view! {
        <div class="viewer">
            <div class="toolbar" role="toolbar" aria-label="Xem tài liệu">
                <span role="status">"Trang "{move || current.get() + 1}"/"{total}</span>
                <button type="button" aria-label="Thu nhỏ" on:click=move |_| step(false)>"−"</button>
                <span class="zoom">{move || format!("{:.0}%", zoom.get() * 100.0)}</span>
                <button type="button" aria-label="Phóng to" on:click=move |_| step(true)>"+"</button>
                <button type="button" on:click=move |_| zoom.set(1.0)>"Vừa chiều ngang"</button>
            </div>
            <div class="pages" node_ref=frame tabindex="0" role="region" aria-label="Các trang của tài liệu" on:scroll=move |_| measure() on:wheel=wheel>
                {(0_u32..)
                    .zip(pages)
                    .map(|(page, geometry)| {
                        let shown = Memo::new(move |_| {
                            let (first, last) = near.get();
                            (first..=last).contains(&page)
                        });
                        view! { <Page document page size=geometry.view_size() scale shown overlay=overlay.clone() on_tap=on_tap.clone()/> }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

#[component]
fn Page(
    document: DocumentId,
    page: u32,
    size: Size,
    scale: Memo<f64>,
    shown: Memo<bool>,
    overlay: Option<Overlay>,
    on_tap: Option<OnTap>,
) -> impl IntoView {
    let tapped = move |event: web_sys::MouseEvent| {
        let selecting = window()
            .get_selection()
            .ok()
            .flatten()
            .is_some_and(|selection| !selection.is_collapsed());
        let node = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let (Some(tap), Some(node), false) = (&on_tap, node, selecting) {
            let (corner, scale) = (node.get_bounding_client_rect(), scale.get_untracked());
            tap(
                page,
                (f64::from(event.client_x()) - corner.left()) / scale,
                (f64::from(event.client_y()) - corner.top()) / scale,
            );
        }
    };
    let canvas = NodeRef::<html::Canvas>::new();
    let lines = RwSignal::new(Vec::<TextLine>::new());
    let failed = RwSignal::new(false);
    Effect::new(move |_| {
        let (Some(canvas), true) = (canvas.get(), shown.get()) else {
            return;
        };
        let density = window().device_pixel_ratio().clamp(1.0, 2.0);
        let pixels = scale.get() * density;
        spawn_local(async move {
            match engine::ask(
                Ask::Render {
                    document,
                    page,
                    scale: pixels,
                    clip: None,
                    urgency: Urgency::Seen,
                },
                Vec::new(),
            )
            .await
            {
                Ok((Answer::Rendered { .. }, parcels)) => {
                    let newest = scale
                        .try_get_untracked()
                        .is_some_and(|now| (now * density - pixels).abs() < 1e-9);
                    if let (Some(picture), true) = (parcels.picture, newest) {
                        show(&canvas, picture);
                        let _ = failed.try_set(false);
                    }
                }
                _ => {
                    let _ = failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move |_| {
        if shown.get() && lines.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Ok((Answer::Text { text }, _)) =
                    engine::ask(Ask::Text { document, page }, Vec::new()).await
                {
                    let _ = lines.try_set(text.lines);
                }
            });
        }
    });
    let over = overlay.map(|overlay| overlay(page, scale.into()));
    view! {
        <div
            class="page"
            role="group"
            aria-label=format!("Trang {}", page + 1)
            data-page=page.to_string()
            on:click=tapped
            style:width=move || format!("{}px", size.width * scale.get())
            style:height=move || format!("{}px", size.height * scale.get())
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <Show when=move || shown.get()>
                <div class="text">
                    {move || lines.get().into_iter().map(|line| text_line(line, scale.get())).collect_view()}
                </div>
            </Show>
            <Show when=move || failed.get()>
                <p class="unreadable">"Trang này không hiển thị được."</p>
            </Show>
            {over}
        </div>
    }
}

/// A line over its picture: transparent, there to be selected, found and read aloud.
fn text_line(line: TextLine, scale: f64) -> impl IntoView {
    let [lower_left, lower_right, upper_right, upper_left] = line.quad;
    let left = lower_left
        .x
        .min(upper_left.x)
        .min(lower_right.x)
        .min(upper_right.x)
        * scale;
    let top = lower_left
        .y
        .min(upper_left.y)
        .min(lower_right.y)
        .min(upper_right.y)
        * scale;
    let height = (lower_left.x - upper_left.x).hypot(lower_left.y - upper_left.y) * scale;
    view! {
        <span
            style:left=format!("{left:.1}px")
            style:top=format!("{top:.1}px")
            style:font-size=format!("{:.1}px", height * 0.86)
        >
            {line.text}
        </span>
    }
}

/// Puts a picture onto a canvas without copying it.
pub fn show(canvas: &HtmlCanvasElement, picture: ImageBitmap) {
    canvas.set_width(picture.width());
    canvas.set_height(picture.height());
    if let Some(context) = canvas
        .get_context("bitmaprenderer")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<ImageBitmapRenderingContext>().ok())
    {
        context.transfer_from_image_bitmap(&picture);
    }
}
