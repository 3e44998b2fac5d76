//! The picture of a page: asked of the engine when the page comes near, stretched while a sharper one is on its way, and where the whole
//! page would need too many pixels, a sharp piece over a coarse whole.

use super::layout::{self, Look};
use super::pause;
use super::viewing::{FULL, Viewing};
use crate::engine;
use crate::text::{self, t};
use contract::geometry::{Rect, Size};
use contract::worker::{Answer, Ask, DocumentId, Urgency, WorkerProblem};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation as spawn;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlCanvasElement, ImageBitmap, ImageBitmapRenderingContext};

/// Pixels of one page drawn whole, on a small screen and on a large one: three of them are seen or near at most when they are that big.
const WHOLE: (f64, f64) = (8e6, 16e6);
/// Pixels of the coarse whole below a sharp piece.
const COARSE: f64 = 2e6;
/// Pixels of a page that is only near: what is bigger is drawn when it is seen.
const NEAR: f64 = 4e6;
/// Times that a drawing which was dropped for another one is asked for again.
const AGAIN: u32 = 5;

/// What is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Plan {
    /// Device pixels per point of the whole page.
    whole: f64,
    /// Device pixels per point of the sharp piece, where the whole is coarse.
    piece: Option<f64>,
    /// Somebody looks at it.
    seen: bool,
}

/// Device pixels per CSS pixel: two are enough until somebody zooms in.
pub fn density(scale: f64) -> f64 {
    let most = if scale > FULL { 3.0 } else { 2.0 };
    window().device_pixel_ratio().clamp(1.0, most)
}

fn plan(size: Size, scale: f64, seen: bool, small: bool) -> Plan {
    let wanted = scale * density(scale);
    let points = (size.width * size.height).max(1.0);
    let within = |pixels: f64| (pixels / points).sqrt().min(wanted);
    let most = if small { WHOLE.0 } else { WHOLE.1 };
    if points * wanted * wanted > most {
        Plan {
            whole: within(COARSE),
            piece: seen.then_some(wanted),
            seen,
        }
    } else {
        Plan {
            whole: if seen { wanted } else { within(NEAR) },
            piece: None,
            seen,
        }
    }
}

/// The part of an upright page that is in the window and a little around it, in points; steps are coarse, so that scrolling asks seldom.
fn part(viewing: Viewing, page: u32, size: Size, look: Look) -> Option<Rect> {
    let ((left, top), (width, height)) = (viewing.corner.get(), viewing.room.get());
    let lying = layout::turned(size, look.turn);
    let above = viewing.layout.with_value(|layout| layout.top(page, look));
    let beside = (viewing.width(look, width) - lying.width * look.scale) / 2.0;
    let (around, step) = (width.min(height) / 4.0, 128.0);
    let down = |value: f64| ((value / step).floor() * step / look.scale).max(0.0);
    let up = |value: f64, most: f64| ((value / step).ceil() * step / look.scale).min(most);
    let seen = Rect {
        x: down(left - beside - around),
        y: down(top - above - around),
        width: 0.0,
        height: 0.0,
    };
    let (right, far) = (
        up(left - beside + width + around, lying.width),
        up(top - above + height + around, lying.height),
    );
    (right > seen.x && far > seen.y).then(|| {
        let rect = Rect {
            width: right - seen.x,
            height: far - seen.y,
            ..seen
        };
        layout::rect_back(size, look.turn, rect)
    })
}

/// Asks for a picture until there is one or a reason why not; a drawing that was dropped for another one is asked for again.
pub async fn draw(
    document: DocumentId,
    page: u32,
    scale: f64,
    clip: Option<Rect>,
    urgency: Urgency,
) -> Result<ImageBitmap, WorkerProblem> {
    for _ in 0..AGAIN {
        let ask = Ask::Render {
            document,
            page,
            scale,
            clip,
            urgency,
        };
        match engine::ask(ask, Vec::new()).await {
            Ok((Answer::Rendered { .. }, parcels)) => {
                return parcels.picture.ok_or(WorkerProblem::PageUnreadable);
            }
            Ok(_) => return Err(WorkerProblem::PageUnreadable),
            Err(WorkerProblem::Cancelled) => pause(150).await,
            Err(problem) => return Err(problem),
        }
    }
    Err(WorkerProblem::Cancelled)
}

/// Puts a picture onto a canvas without copying it.
pub fn show(canvas: &HtmlCanvasElement, picture: &ImageBitmap) {
    canvas.set_width(picture.width());
    canvas.set_height(picture.height());
    if let Some(context) = canvas
        .get_context("bitmaprenderer")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<ImageBitmapRenderingContext>().ok())
    {
        context.transfer_from_image_bitmap(picture);
    }
}

/// Gives the memory of a canvas back at once, not when the browser gets round to it.
pub fn release(canvas: &HtmlCanvasElement) {
    canvas.set_width(0);
    canvas.set_height(0);
}

/// Whether this is a small device with little memory.
fn small_device() -> bool {
    window()
        .match_media("(pointer: coarse)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// The picture of a page.
pub fn picture(viewing: Viewing, page: u32) -> AnyView {
    let document = viewing.document;
    let size = viewing.layout.with_value(|layout| layout.size(page));
    let (whole, piece) = (
        NodeRef::<html::Canvas>::new(),
        NodeRef::<html::Canvas>::new(),
    );
    let problem: RwSignal<Option<WorkerProblem>> = RwSignal::new(None);
    let drawn = RwSignal::new(0.0_f64);
    let small = small_device();
    let plan = Memo::new(move |_| {
        let (first, last) = viewing.seen.get();
        let seen = (first..=last).contains(&page);
        plan(size, viewing.scale.get(), seen, small)
    });
    Effect::new(move |_| {
        let (Some(canvas), Plan { whole, seen, .. }) = (whole.get(), plan.get()) else {
            return;
        };
        let before = drawn.get_untracked();
        let enough = (before - whole).abs() < 1e-9 || (!seen && before > 0.0);
        if enough || problem.with(Option::is_some) {
            return;
        }
        spawn(async move {
            // A stretched picture is there: the zoom may go on. What is only near waits for what is seen.
            match (before > 0.0, seen) {
                (true, _) => pause(120).await,
                (false, false) => pause(60).await,
                (false, true) => {}
            }
            let urgency = if seen { Urgency::Seen } else { Urgency::Near };
            match draw(document, page, whole, None, urgency).await {
                Ok(picture) => {
                    show(&canvas, &picture);
                    let _ = drawn.try_set(whole);
                }
                Err(WorkerProblem::Cancelled) => {}
                Err(why) => {
                    let _ = problem.try_set(Some(why));
                }
            }
        });
    });
    sharp(viewing, page, size, piece, plan, drawn);
    on_cleanup(move || {
        for canvas in [whole, piece] {
            if let Some(canvas) = canvas.try_get_untracked().flatten() {
                release(&canvas);
            }
        }
    });
    view! {
        <canvas node_ref=whole aria-hidden="true" class="whole" data-drawn=move || drawn.get().to_string()></canvas>
        <canvas node_ref=piece aria-hidden="true" class="piece" width="0" height="0"></canvas>
        {move || problem.get().map(|why| view! {
            <div class="unreadable">
                <p role="status">{text::worker(&why)}</p>
                <button type="button" class="button" on:click=move |event| {
                    event.stop_propagation();
                    problem.set(None);
                }>{t("Thử lại")}</button>
            </div>
        })}
    }
    .into_any()
}

/// The sharp piece over a coarse whole.
fn sharp(
    viewing: Viewing,
    page: u32,
    size: Size,
    canvas: NodeRef<html::Canvas>,
    plan: Memo<Plan>,
    drawn: RwSignal<f64>,
) {
    let wanted = Memo::new(move |_| {
        let Plan { piece, whole, .. } = plan.get();
        let scale = piece?;
        // First the coarse whole: the engine drops one of two scales.
        if (drawn.get() - whole).abs() > 1e-9 {
            return None;
        }
        part(viewing, page, size, viewing.look()).map(|rect| (scale, rect))
    });
    let shown = StoredValue::new(None::<(f64, Rect)>);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let Some((scale, rect)) = wanted.get() else {
            if plan.with(|plan| plan.piece.is_none()) && shown.get_value().is_some() {
                shown.set_value(None);
                release(&canvas);
            }
            return;
        };
        if shown.get_value() == Some((scale, rect)) {
            return;
        }
        spawn(async move {
            pause(80).await;
            let clip = Some(rect);
            let Ok(picture) = draw(viewing.document, page, scale, clip, Urgency::Seen).await else {
                return;
            };
            if shown.try_set_value(Some((scale, rect))).is_some() {
                return;
            }
            show(&canvas, &picture);
            let style = web_sys::HtmlElement::style(&canvas);
            for (name, value) in [
                ("left", rect.x / size.width),
                ("top", rect.y / size.height),
                ("width", rect.width / size.width),
                ("height", rect.height / size.height),
            ] {
                let _ = style.set_property(name, &((value * 100.0).to_string() + "%"));
            }
        });
    });
}
