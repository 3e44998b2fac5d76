//! Annotations without an appearance of their own (ISO 32000-2, 12.5.5): other viewers draw them by their kind, so that a person who
//! saw nothing here would sign what others see there. What has an appearance is drawn by hayro.

mod field;
mod letters;
mod shape;

use crate::limits::{ANNOTATIONS_MAX, MARK_AREA_MAX, MARK_STEPS_MAX};
use crate::link::is_seen;
use crate::open::PageError;
use hayro::kurbo::{Affine, BezPath, Cap, Join, Rect, Shape as _, Stroke};
use hayro::vello_cpu::RenderContext;
use hayro::vello_cpu::color::{AlphaColor, Srgb};
use hayro::vello_cpu::peniko::{BlendMode, Compose, Mix};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro_syntax::page::Page;
use letters::Faces;

/// How many plain pixels one that is mixed with the page costs: 7.9 against 0.37 ns, measured.
const MIXING: f64 = 20.0;

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

/// Marks, as many as the limits allow.
#[derive(Default)]
pub(crate) struct Marks {
    list: Vec<Mark>,
    steps: usize,
}

impl Marks {
    fn push(&mut self, mark: Mark) {
        self.steps = self.steps.saturating_add(mark.path.elements().len());
        if !self.is_full() {
            self.list.push(mark);
        }
    }

    /// Whether more was asked for than is ever painted: a few bytes may name the same long stroke thousands of times.
    const fn is_full(&self) -> bool {
        self.steps > MARK_STEPS_MAX
    }

    /// Pixels that are painted on a picture, counted as often as each is; text markers many times, since they mix with what is below.
    fn area(&self, transform: Affine, picture: Rect) -> f64 {
        self.list
            .iter()
            .map(|mark| {
                let wide = match mark.ink {
                    Ink::Fill => 0.0,
                    Ink::Line { width, .. } => width,
                };
                let seen = transform
                    .transform_rect_bbox(mark.path.bounding_box().inflate(wide, wide))
                    .intersect(picture);
                let times = if mark.multiplied { MIXING } else { 1.0 };
                seen.area().max(0.0) * times
            })
            .sum()
    }
}

/// What the annotations of a page look like that do not say so themselves, in their order.
///
/// # Errors
/// [`PageError::TooComplex`]: they ask for more than is ever painted, and a part of them would not be what others see.
pub(crate) fn marks(page: &Page<'_>, settings: &InterpreterSettings) -> Result<Marks, PageError> {
    let mut marks = Marks::default();
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else {
        return Ok(marks);
    };
    let faces = Faces::new(settings);
    for annotation in annotations.iter::<Dict<'_>>().take(ANNOTATIONS_MAX) {
        if !is_seen(&annotation) || has_appearance(&annotation) {
            continue;
        }
        let from = marks.list.len();
        draw(&annotation, page, &faces, &mut marks);
        if marks.is_full() {
            return Err(PageError::TooComplex);
        }
        let opacity = annotation
            .get::<f32>(b"CA")
            .filter(|share| share.is_finite())
            .map_or(1.0, |share| share.clamp(0.0, 1.0));
        for mark in marks.list.iter_mut().skip(from) {
            mark.opacity *= opacity;
        }
    }
    Ok(marks)
}

fn draw(annotation: &Dict<'_>, page: &Page<'_>, faces: &Faces<'_>, marks: &mut Marks) {
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
///
/// # Errors
/// [`PageError::TooComplex`]: they cover the picture too often.
pub(crate) fn paint(
    context: &mut RenderContext,
    transform: Affine,
    marks: &Marks,
) -> Result<(), PageError> {
    if marks.list.is_empty() {
        return Ok(());
    }
    let (width, height) = (context.width(), context.height());
    let picture = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    if marks.area(transform, picture) > MARK_AREA_MAX {
        return Err(PageError::TooComplex);
    }
    let before = context.save_current_state();
    context.set_transform(transform);
    for mark in &marks.list {
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
    Ok(())
}

/// The box of an annotation in user space, its lower left corner first.
fn rect(annotation: &Dict<'_>) -> Option<Rect> {
    let rect = annotation.get::<PdfRect>(b"Rect")?;
    let rect = Rect::new(
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
