//! The picture in the boxes: drawn once by the engine, from the very stream that would be embedded, and shown in every box.

use super::Placement;
use crate::engine;
use contract::appearance::Appearance;
use contract::geometry::Size;
use contract::worker::{Answer, Ask, WorkerProblem};
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, ImageBitmap};

/// CSS pixels per point below which nobody could tell anything.
const LEAST: f64 = 0.05;

/// An appearance and the image it shows.
pub type Look = (Appearance, Option<Vec<u8>>);

/// The picture, and why there is none.
#[derive(Clone, Copy)]
pub struct Picture {
    bitmap: RwSignal<Option<ImageBitmap>, LocalStorage>,
    /// Why the engine drew none: the box is too small for the name, the image is unreadable.
    pub problem: RwSignal<Option<WorkerProblem>>,
}

#[derive(Clone, PartialEq)]
struct Wanted {
    look: Look,
    size: Size,
    scale: f64,
}

impl Picture {
    /// Follows what is shown, the size of the box and the zoom; one drawing at a time, the newest last.
    pub fn of(placement: Placement, look: Signal<Option<Look>>) -> Self {
        let picture = Self {
            bitmap: RwSignal::new_local(None),
            problem: RwSignal::new(None),
        };
        let wanted = Memo::new(move |_| {
            let size = placement.arrangement.with(|all| {
                let rect = all
                    .signature
                    .or(all.marks.first().map(|mark| mark.placed))?
                    .rect;
                Some(Size {
                    width: rect.width,
                    height: rect.height,
                })
            })?;
            // A window that is being laid out has no size for a moment.
            let scale = placement.scale.get();
            if scale < LEAST {
                return None;
            }
            Some(Wanted {
                look: look.get()?,
                size,
                scale,
            })
        });
        let busy = StoredValue::new(false);
        Effect::new(move |_| {
            if wanted.with(Option::is_none) || busy.get_value() {
                return;
            }
            busy.set_value(true);
            spawn_local(async move {
                let mut drawn: Option<Wanted> = None;
                while let Some(Some(next)) = wanted.try_get_untracked() {
                    if drawn.as_ref() == Some(&next) {
                        break;
                    }
                    picture.draw(&next).await;
                    drawn = Some(next);
                }
                let _ = busy.try_update_value(|busy| *busy = false);
            });
        });
        picture
    }

    async fn draw(self, wanted: &Wanted) {
        let density = window().device_pixel_ratio().clamp(1.0, 2.0);
        let (appearance, image) = wanted.look.clone();
        let ask = Ask::Preview {
            appearance,
            size: wanted.size,
            scale: wanted.scale * density,
        };
        match engine::ask(ask, image.into_iter().collect()).await {
            Ok((Answer::Rendered { .. }, parcels)) => {
                let _ = self.bitmap.try_set(parcels.picture);
                let _ = self.problem.try_set(None);
            }
            Ok(_) | Err(WorkerProblem::Cancelled | WorkerProblem::Crashed) => {}
            Err(problem) => {
                let _ = self.bitmap.try_set(None);
                let _ = self.problem.try_set(Some(problem));
            }
        }
    }

    /// Shows it on a canvas, now and whenever it changes.
    pub(super) fn show_on(self, canvas: NodeRef<Canvas>) {
        Effect::new(move |_| {
            let Some(canvas) = canvas.get() else { return };
            self.bitmap.with(|bitmap| match bitmap {
                Some(bitmap) => {
                    canvas.set_width(bitmap.width());
                    canvas.set_height(bitmap.height());
                    let context =
                        canvas.get_context("2d").ok().flatten().and_then(|context| {
                            context.dyn_into::<CanvasRenderingContext2d>().ok()
                        });
                    if let Some(context) = context {
                        let _ = context.draw_image_with_image_bitmap(bitmap, 0.0, 0.0);
                    }
                }
                None => canvas.set_width(canvas.width()),
            });
        });
    }
}
