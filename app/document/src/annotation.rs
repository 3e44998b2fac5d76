//! Annotations without an appearance of their own (ISO 32000-2, 12.5.5): other viewers draw them by their kind, so that a person who
//! saw nothing here would sign what others see there. What has an appearance is drawn by hayro.

mod field;
mod letters;
mod shape;

use crate::limits::{ANNOTATIONS_MAX, MARK_STEPS_MAX};
use hayro::kurbo::{Affine, BezPath, Cap, Join, Stroke};
use hayro::vello_cpu::RenderContext;
use hayro::vello_cpu::color::{AlphaColor, Srgb};
use hayro::vello_cpu::peniko::{BlendMode, Compose, Mix};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro_syntax::page::Page;
use letters::Faces;

/// `Hidden` and `NoView` (table 167): not there for people.
const UNSEEN: i32 = 1 << 1 | 1 << 5;

/// Something to be painted over a page, in user space.
pub(crate) struct Mark {
    path: BezPath,
    ink: Ink,
    color: [f32; 3],
    opacity: f32,
    /// As a text marker: what is below shows through.
    multiplied: bool,
}

/// How a path is painted.
enum Ink {
    Fill,
    Line { width: f64, dashes: Vec<f64> },
}

impl Mark {
    const fn fill(path: BezPath, color: [f32; 3]) -> Self {
        Self {
            path,
            ink: Ink::Fill,
            color,
            opacity: 1.0,
            multiplied: false,
        }
    }

    const fn line(path: BezPath, color: [f32; 3], width: f64) -> Self {
        Self {
            path,
            ink: Ink::Line {
                width,
                dashes: Vec::new(),
            },
            color,
            opacity: 1.0,
            multiplied: false,
        }
    }
}

/// What the annotations of a page look like that do not say so themselves, in their order.
pub(crate) fn marks(page: &Page<'_>, settings: &InterpreterSettings) -> Vec<Mark> {
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else {
        return Vec::new();
    };
    let faces = Faces::new(settings);
    let mut marks = Vec::new();
    let mut steps = 0_usize;
    for annotation in annotations.iter::<Dict<'_>>().take(ANNOTATIONS_MAX) {
        if annotation.get::<i32>(b"F").unwrap_or(0) & UNSEEN != 0 || has_appearance(&annotation) {
            continue;
        }
        let from = marks.len();
        draw(&annotation, page, &faces, &mut marks);
        let opacity = annotation
            .get::<f32>(b"CA")
            .filter(|share| share.is_finite())
            .map_or(1.0, |share| share.clamp(0.0, 1.0));
        for mark in marks.iter_mut().skip(from) {
            mark.opacity *= opacity;
            steps = steps.saturating_add(mark.path.elements().len());
        }
        if steps > MARK_STEPS_MAX {
            break;
        }
    }
    marks
}

fn draw(annotation: &Dict<'_>, page: &Page<'_>, faces: &Faces<'_>, marks: &mut Vec<Mark>) {
    let Some(kind) = annotation.get::<Name<'_>>(b"Subtype") else {
        return;
    };
    match kind.as_ref() {
        b"Highlight" => shape::highlight(annotation, marks),
        b"Underline" => shape::underline(annotation, marks),
        b"StrikeOut" => shape::strike_out(annotation, marks),
        b"Squiggly" => shape::squiggly(annotation, marks),
        b"Square" => shape::square(annotation, marks),
        b"Circle" => shape::circle(annotation, marks),
        b"Line" => shape::line(annotation, marks),
        b"Polygon" => shape::polygon(annotation, true, marks),
        b"PolyLine" => shape::polygon(annotation, false, marks),
        b"Ink" => shape::ink(annotation, marks),
        b"Text" | b"FileAttachment" => shape::note(annotation, marks),
        b"FreeText" => field::free_text(annotation, faces, marks),
        b"Widget" => field::widget(annotation, page, faces, marks),
        _ => {}
    }
}

/// Whether hayro draws it: the same look at `/AP` as its own.
fn has_appearance(annotation: &Dict<'_>) -> bool {
    let normal = annotation
        .get::<Dict<'_>>(b"AP")
        .and_then(|appearances| appearances.get::<Object<'_>>(b"N"));
    match normal {
        Some(Object::Stream(_)) => true,
        Some(Object::Dict(states)) => {
            // A state without a picture is a picture of nothing: a box that is not ticked.
            annotation
                .get::<Name<'_>>(b"AS")
                .is_some_and(|state| state.as_ref() == b"Off" || states.contains_key(state))
                || states.get::<Stream<'_>>(b"Off").is_some()
        }
        _ => false,
    }
}

/// Paints marks; `transform` leads from user space to pixels.
pub(crate) fn paint(context: &mut RenderContext, transform: Affine, marks: &[Mark]) {
    if marks.is_empty() {
        return;
    }
    let before = context.save_current_state();
    context.set_transform(transform);
    for mark in marks {
        let [red, green, blue] = mark.color;
        context.set_paint(AlphaColor::<Srgb>::new([red, green, blue, mark.opacity]));
        let mix = if mark.multiplied {
            Mix::Multiply
        } else {
            Mix::Normal
        };
        context.set_blend_mode(BlendMode::new(mix, Compose::SrcOver));
        match &mark.ink {
            Ink::Fill => context.fill_path(&mark.path),
            Ink::Line { width, dashes } => {
                let stroke = Stroke::new(*width)
                    .with_join(Join::Miter)
                    .with_caps(Cap::Butt)
                    .with_dashes(0.0, dashes.iter().copied());
                context.set_stroke(stroke);
                context.stroke_path(&mark.path);
            }
        }
    }
    context.restore_state(before);
}

/// The box of an annotation in user space, its lower left corner first.
fn rect(annotation: &Dict<'_>) -> Option<hayro::kurbo::Rect> {
    let rect = annotation.get::<PdfRect>(b"Rect")?;
    let rect = hayro::kurbo::Rect::new(
        rect.x0.min(rect.x1),
        rect.y0.min(rect.y1),
        rect.x0.max(rect.x1),
        rect.y0.max(rect.y1),
    );
    let sane = [rect.x0, rect.y0, rect.x1, rect.y1]
        .iter()
        .all(|number| number.is_finite() && number.abs() < 1e6);
    (sane && rect.width() > 0.0 && rect.height() > 0.0).then_some(rect)
}

/// Finite numbers of an array, as many as fit a limit.
fn numbers(array: &Array<'_>) -> Vec<f64> {
    array
        .iter::<f32>()
        .take(MARK_STEPS_MAX)
        .map(f64::from)
        .filter(|number| number.is_finite() && number.abs() < 1e6)
        .collect()
}

/// A colour of one, three or four numbers (table 166); none of no numbers, which is no colour at all.
fn color(annotation: &Dict<'_>, key: &[u8]) -> Option<Option<[f32; 3]>> {
    let array = annotation.get::<Array<'_>>(key)?;
    let parts: Vec<f32> = array.iter::<f32>().take(4).collect();
    Some(color_of(&parts))
}

/// Gray, RGB or CMYK as RGB.
fn color_of(parts: &[f32]) -> Option<[f32; 3]> {
    let share = |part: &f32| {
        if part.is_finite() {
            part.clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    match parts {
        [gray] => Some([share(gray); 3]),
        [red, green, blue] => Some([share(red), share(green), share(blue)]),
        [cyan, magenta, yellow, black] => {
            let rest = 1.0 - share(black);
            Some([
                (1.0 - share(cyan)) * rest,
                (1.0 - share(magenta)) * rest,
                (1.0 - share(yellow)) * rest,
            ])
        }
        _ => None,
    }
}
