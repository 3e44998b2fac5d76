//! The box where the signature will stand: moved and resized by mouse, touch, pen and keyboard, with the very appearance inside.

use crate::engine;
use crate::part::viewer::{Target, show};
use contract::appearance::Appearance;
use contract::geometry::{PageGeometry, Rect, Size};
use contract::worker::{Answer, Ask};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{KeyboardEvent, PointerEvent};

/// One millimetre in points.
const MM: f64 = 72.0 / 25.4;
/// Smallest box, in points: 30 × 10 mm.
const SMALLEST: Size = Size {
    width: 30.0 * MM,
    height: 10.0 * MM,
};

/// Where the box stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Page, from 0.
    pub page: u32,
    /// Box in view space.
    pub rect: Rect,
}

/// The box, its history, and the pages it may stand on.
#[derive(Clone, Copy)]
pub struct Placement {
    /// Where it stands now.
    pub placed: RwSignal<Option<Placed>>,
    /// Where to look, when the box went somewhere else by itself.
    pub follow: RwSignal<Option<Target>>,
    /// The box moved to another page under the keyboard: it keeps the focus there.
    refocus: RwSignal<bool>,
    undo: RwSignal<Vec<Option<Placed>>>,
    redo: RwSignal<Vec<Option<Placed>>>,
    pages: StoredValue<Vec<PageGeometry>>,
}

impl Placement {
    /// Nothing placed yet.
    pub fn new(pages: Vec<PageGeometry>) -> Self {
        Self {
            placed: RwSignal::new(None),
            follow: RwSignal::new(None),
            refocus: RwSignal::new(false),
            undo: RwSignal::new(Vec::new()),
            redo: RwSignal::new(Vec::new()),
            pages: StoredValue::new(pages),
        }
    }

    fn bounds(self, page: u32) -> Rect {
        let index = usize::try_from(page).unwrap_or(0);
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

    fn last_page(self) -> u32 {
        self.pages
            .with_value(|pages| u32::try_from(pages.len().saturating_sub(1)).unwrap_or(0))
    }

    /// Puts the box somewhere, inside the page and not too small; `remember` makes a step for undo.
    pub fn put(self, placed: Placed, remember: bool) {
        let page = placed.page.min(self.last_page());
        let bounds = self.bounds(page);
        let size = Rect {
            width: placed.rect.width.max(SMALLEST.width).min(bounds.width),
            height: placed.rect.height.max(SMALLEST.height).min(bounds.height),
            ..placed.rect
        };
        if remember {
            self.remember();
        }
        self.placed.set(Some(Placed {
            page,
            rect: size.moved_into(&bounds),
        }));
    }

    /// Puts the box around a point somebody pointed at, as large as it was, or as `fresh`.
    pub fn put_around(self, page: u32, x: f64, y: f64, fresh: Size) {
        let (width, height) = self
            .placed
            .get_untracked()
            .map_or((fresh.width, fresh.height), |placed| {
                (placed.rect.width, placed.rect.height)
            });
        let rect = Rect {
            x: x - width / 2.0,
            y: y - height / 2.0,
            width,
            height,
        };
        self.put(Placed { page, rect }, true);
    }

    /// Brings the box into sight.
    pub fn show(self) {
        self.follow
            .set(self.placed.get_untracked().map(|placed| Target {
                page: placed.page,
                y: placed.rect.y + placed.rect.height / 2.0,
            }));
    }

    fn remember(self) {
        self.undo
            .update(|steps| steps.push(self.placed.get_untracked()));
        self.redo.update(Vec::clear);
    }

    /// Takes the last step back.
    pub fn undo(self) {
        if let Some(before) = self.undo.try_update(Vec::pop).flatten() {
            self.redo
                .update(|steps| steps.push(self.placed.get_untracked()));
            self.placed.set(before);
            self.show();
        }
    }

    /// Makes it again.
    pub fn redo(self) {
        if let Some(after) = self.redo.try_update(Vec::pop).flatten() {
            self.undo
                .update(|steps| steps.push(self.placed.get_untracked()));
            self.placed.set(after);
            self.show();
        }
    }

    /// Whether the person has put the box somewhere.
    pub fn is_chosen(self) -> bool {
        self.undo.with_untracked(|steps| !steps.is_empty())
    }

    /// Whether there is something to take back.
    pub fn can_undo(self) -> bool {
        self.undo.with(|steps| !steps.is_empty())
    }

    /// Whether there is something to make again.
    pub fn can_redo(self) -> bool {
        self.redo.with(|steps| !steps.is_empty())
    }

    fn by(self, dx: f64, dy: f64, dw: f64, dh: f64) {
        if let Some(Placed { page, rect }) = self.placed.get_untracked() {
            let rect = Rect {
                x: rect.x + dx,
                y: rect.y + dy,
                width: rect.width + dw,
                height: rect.height + dh,
            };
            self.put(Placed { page, rect }, true);
        }
    }

    fn to_page(self, page: u32) {
        if let Some(Placed { rect, .. }) = self.placed.get_untracked() {
            self.put(Placed { page, rect }, true);
            self.show();
        }
    }

    /// To another page with the focus.
    fn turn_to(self, page: u32) {
        self.refocus.set(true);
        self.to_page(page);
    }

    /// The keyboard map of the box; true when the key was for it.
    fn key(self, event: &KeyboardEvent) -> bool {
        let step = if event.ctrl_key() {
            0.1
        } else if event.shift_key() {
            5.0
        } else {
            1.0
        } * MM;
        let page = self.placed.get_untracked().map_or(0, |placed| placed.page);
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            "PageUp" => {
                self.turn_to(page.saturating_sub(1));
                return true;
            }
            "PageDown" => {
                self.turn_to(page + 1);
                return true;
            }
            "Home" => {
                self.turn_to(0);
                return true;
            }
            "End" => {
                self.turn_to(self.last_page());
                return true;
            }
            "Delete" | "Backspace" => {
                self.remember();
                self.placed.set(None);
                return true;
            }
            "z" | "Z" if event.ctrl_key() && event.shift_key() => {
                self.refocus.set(true);
                self.redo();
                return true;
            }
            "z" if event.ctrl_key() => {
                self.refocus.set(true);
                self.undo();
                return true;
            }
            "y" if event.ctrl_key() => {
                self.refocus.set(true);
                self.redo();
                return true;
            }
            _ => return false,
        };
        if event.alt_key() {
            self.by(0.0, 0.0, x, y);
        } else {
            self.by(x, y, 0.0, 0.0);
        }
        true
    }
}

/// What a pointer is doing with the box.
#[derive(Clone, Copy)]
struct Drag {
    x: f64,
    y: f64,
    from: Placed,
    resize: bool,
}

/// The box on one page; empty on the others.
#[component]
pub fn SignatureBox(
    placement: Placement,
    page: u32,
    /// CSS pixels per point.
    scale: Signal<f64>,
    /// What it will show.
    appearance: Signal<Option<(Appearance, Option<Vec<u8>>)>>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        placement
            .placed
            .get()
            .filter(|placed| placed.page == page)
            .map(|placed| placed.rect)
    });
    view! {
        <Show when=move || here.get().is_some()>
            <Standing placement page scale appearance/>
        </Show>
    }
}

#[component]
fn Standing(
    placement: Placement,
    page: u32,
    scale: Signal<f64>,
    appearance: Signal<Option<(Appearance, Option<Vec<u8>>)>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let drag: RwSignal<Option<Drag>> = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(node) = node.get()
            && placement.refocus.get_untracked()
        {
            placement.refocus.set(false);
            let _ = node.focus();
        }
    });
    let rect = move || {
        placement.placed.get().map_or(
            Rect {
                x: 0.0,
                y: 0.0,
                width: 0.0,
                height: 0.0,
            },
            |placed| placed.rect,
        )
    };
    // The preview follows size and content, not the place.
    let look = Memo::new(move |_| {
        let rect = rect();
        (appearance.get(), rect.width, rect.height, scale.get())
    });
    Effect::new(move |_| {
        let (Some(canvas), (Some((appearance, image)), width, height, scale)) =
            (canvas.get(), look.get())
        else {
            return;
        };
        let asked = look.get_untracked();
        spawn_local(async move {
            let density = window().device_pixel_ratio().clamp(1.0, 2.0);
            let ask = Ask::Preview {
                appearance,
                size: Size { width, height },
                scale: scale * density,
            };
            if let Ok((Answer::Rendered { .. }, parcels)) =
                engine::ask(ask, image.into_iter().collect()).await
                && look.try_get_untracked().as_ref() == Some(&asked)
                && let Some(picture) = parcels.picture
            {
                show(&canvas, picture);
            }
        });
    });
    let down = move |event: PointerEvent, resize: bool| {
        event.prevent_default();
        event.stop_propagation();
        let (Some(from), Some(node)) = (placement.placed.get_untracked(), node.get_untracked())
        else {
            return;
        };
        let _ = node.focus();
        let _ = node.set_pointer_capture(event.pointer_id());
        placement.remember();
        drag.set(Some(Drag {
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
            from,
            resize,
        }));
    };
    let moved = move |event: PointerEvent| {
        let Some(Drag { x, y, from, resize }) = drag.get_untracked() else {
            return;
        };
        let scale = scale.get_untracked();
        let (dx, dy) = (
            (f64::from(event.client_x()) - x) / scale,
            (f64::from(event.client_y()) - y) / scale,
        );
        let rect = if resize {
            Rect {
                width: from.rect.width + dx,
                height: from.rect.height + dy,
                ..from.rect
            }
        } else {
            Rect {
                x: from.rect.x + dx,
                y: from.rect.y + dy,
                ..from.rect
            }
        };
        placement.put(
            Placed {
                page: from.page,
                rect,
            },
            false,
        );
    };
    let up = move |_: PointerEvent| drag.set(None);
    let key = move |event: KeyboardEvent| {
        if placement.key(&event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let spoken = move || {
        let rect = rect();
        format!(
            "Ô ký trang {}, cách trái {:.0} mm, cách trên {:.0} mm, {:.0} × {:.0} mm. Dùng phím mũi tên để dời, Alt và mũi tên để đổi cỡ.",
            page + 1,
            rect.x / MM,
            rect.y / MM,
            rect.width / MM,
            rect.height / MM
        )
    };
    view! {
        <div
            node_ref=node
            class="signature-box"
            class:dragging=move || drag.get().is_some()
            role="group"
            tabindex="0"
            aria-label=spoken
            style:left=move || format!("{}px", rect().x * scale.get())
            style:top=move || format!("{}px", rect().y * scale.get())
            style:width=move || format!("{}px", rect().width * scale.get())
            style:height=move || format!("{}px", rect().height * scale.get())
            on:pointerdown=move |event| down(event, false)
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=up
            on:click=|event| event.stop_propagation()
            on:keydown=key
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <span class="handle" aria-hidden="true" on:pointerdown=move |event| down(event, true)></span>
        </div>
    }
}

/// Place and size as numbers: for everybody who cannot or does not want to drag.
#[component]
pub fn Numbers(placement: Placement) -> impl IntoView {
    let number = move |id: &'static str,
                       label: &'static str,
                       read: fn(&Rect) -> f64,
                       write: fn(Rect, f64) -> Rect| {
        let value = move || {
            placement.placed.get().map_or(String::new(), |placed| {
                format!("{:.0}", read(&placed.rect) / MM)
            })
        };
        let change = move |event: web_sys::Event| {
            if let (Ok(mm), Some(Placed { page, rect })) = (
                event_target_value(&event).parse::<f64>(),
                placement.placed.get_untracked(),
            ) {
                placement.put(
                    Placed {
                        page,
                        rect: write(rect, mm.clamp(0.0, 10_000.0) * MM),
                    },
                    true,
                );
            }
        };
        view! {
            <label for=id>{label}</label>
            <input id=id type="number" inputmode="numeric" min="0" prop:value=value on:change=change/>
        }
    };
    let page = move || {
        placement
            .placed
            .get()
            .map_or(String::new(), |placed| (placed.page + 1).to_string())
    };
    let change_page = move |event: web_sys::Event| {
        if let Ok(page) = event_target_value(&event).parse::<u32>() {
            placement.to_page(page.saturating_sub(1));
        }
    };
    view! {
        <details class="numbers">
            <summary>"Vị trí và cỡ ô ký bằng số (mm)"</summary>
            <div class="grid">
                <label for="box-page">"Trang"</label>
                <input id="box-page" type="number" inputmode="numeric" min="1" prop:value=page on:change=change_page/>
                {number("box-x", "Cách trái", |rect| rect.x, |rect, x| Rect { x, ..rect })}
                {number("box-y", "Cách trên", |rect| rect.y, |rect, y| Rect { y, ..rect })}
                {number("box-w", "Rộng", |rect| rect.width, |rect, width| Rect { width, ..rect })}
                {number("box-h", "Cao", |rect| rect.height, |rect, height| Rect { height, ..rect })}
            </div>
        </details>
    }
}
