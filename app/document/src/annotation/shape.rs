//! Markers, lines and figures (ISO 32000-2, 12.5.6.4 to 12.5.6.13).

use super::{Ink, Mark, Marks, color, numbers, rect};
use crate::limits::MARK_STEPS_MAX;
use hayro::kurbo::{BezPath, Circle, Ellipse, Point, Rect, Shape as _, Vec2};
use hayro_syntax::object::{Array, Dict, Name};

const BLACK: [f32; 3] = [0.0; 3];
/// A marker without a colour, as other viewers show it.
const YELLOW: [f32; 3] = [1.0, 1.0, 0.0];
/// How exactly round figures are approximated, in points.
const ROUND: f64 = 0.1;
/// Most kinks of one wavy line.
const WAVES_MAX: usize = 2_000;

/// Four corners of marked text: upper left, upper right, lower left, lower right, as all producers write them.
type Quad = [Point; 4];

/// `/QuadPoints`, else the box.
fn quads(annotation: &Dict<'_>) -> Vec<Quad> {
    let given: Vec<Quad> = annotation
        .get::<Array<'_>>(b"QuadPoints")
        .map(|array| numbers(&array))
        .unwrap_or_default()
        .chunks_exact(8)
        .filter_map(|corner| {
            let [a, b, c, d, e, f, g, h] = <[f64; 8]>::try_from(corner).ok()?;
            Some([
                Point::new(a, b),
                Point::new(c, d),
                Point::new(e, f),
                Point::new(g, h),
            ])
        })
        .collect();
    if !given.is_empty() {
        return given;
    }
    rect(annotation)
        .map(|area| {
            [
                Point::new(area.x0, area.y1),
                Point::new(area.x1, area.y1),
                Point::new(area.x0, area.y0),
                Point::new(area.x1, area.y0),
            ]
        })
        .into_iter()
        .collect()
}

fn polyline(points: impl IntoIterator<Item = Point>) -> BezPath {
    let mut path = BezPath::new();
    for point in points {
        // `is_empty` counts a path that only began as empty.
        if path.elements().is_empty() {
            path.move_to(point);
        } else {
            path.line_to(point);
        }
    }
    path
}

/// The colour of a line: black when none is given, no line when it has no numbers.
fn line_color(annotation: &Dict<'_>, otherwise: [f32; 3]) -> Option<[f32; 3]> {
    color(annotation, b"C").unwrap_or(Some(otherwise))
}

pub(super) fn highlight(annotation: &Dict<'_>, marks: &mut Marks) {
    let Some(color) = line_color(annotation, YELLOW) else {
        return;
    };
    for [upper_left, upper_right, lower_left, lower_right] in quads(annotation) {
        let mut path = polyline([upper_left, upper_right, lower_right, lower_left]);
        path.close_path();
        marks.push(Mark {
            multiplied: true,
            ..Mark::fill(path, color)
        });
    }
}

/// A line at some height of the marked text, 0 at its foot and 1 at its head.
fn across(annotation: &Dict<'_>, height: f64, marks: &mut Marks) {
    let Some(color) = line_color(annotation, BLACK) else {
        return;
    };
    for [upper_left, upper_right, lower_left, lower_right] in quads(annotation) {
        let path = polyline([
            lower_left.lerp(upper_left, height),
            lower_right.lerp(upper_right, height),
        ]);
        let tall = (upper_left - lower_left).hypot();
        marks.push(Mark::line(path, color, (tall / 16.0).clamp(0.4, 4.0)));
    }
}

pub(super) fn underline(annotation: &Dict<'_>, marks: &mut Marks) {
    across(annotation, 0.08, marks);
}

pub(super) fn strike_out(annotation: &Dict<'_>, marks: &mut Marks) {
    across(annotation, 0.45, marks);
}

pub(super) fn squiggly(annotation: &Dict<'_>, marks: &mut Marks) {
    let Some(color) = line_color(annotation, BLACK) else {
        return;
    };
    for [upper_left, _, lower_left, lower_right] in quads(annotation) {
        let (along, up) = (lower_right - lower_left, upper_left - lower_left);
        let (length, tall) = (along.hypot(), up.hypot());
        let wave = (tall / 8.0).clamp(0.8, 4.0);
        if marks.is_full() {
            return;
        }
        if !(length > 0.0 && tall > 0.0) {
            continue;
        }
        let (along, up) = (along / length, up / tall);
        let mut path = BezPath::new();
        path.move_to(lower_left);
        let mut at = 0.0;
        for kink in 1..WAVES_MAX {
            at += wave;
            let rise = if kink % 2 == 1 { wave } else { 0.0 };
            path.line_to(lower_left + along * at.min(length) + up * rise);
            if at >= length {
                break;
            }
        }
        marks.push(Mark::line(path, color, (tall / 20.0).clamp(0.4, 2.0)));
    }
}

/// Width and dashes of a border (table 168, or `/Border`).
pub(super) fn border(annotation: &Dict<'_>) -> (f64, Vec<f64>) {
    let sane =
        |width: f32| f64::from(if width.is_finite() { width } else { 1.0 }).clamp(0.0, 100.0);
    if let Some(style) = annotation.get::<Dict<'_>>(b"BS") {
        let width = style.get::<f32>(b"W").map_or(1.0, sane);
        let is_dashed = style
            .get::<Name<'_>>(b"S")
            .is_some_and(|kind| kind.as_ref() == b"D");
        let dashes = if is_dashed {
            style
                .get::<Array<'_>>(b"D")
                .map_or_else(|| vec![3.0], |array| numbers(&array))
        } else {
            Vec::new()
        };
        return (width, sane_dashes(dashes));
    }
    if let Some(border) = annotation.get::<Array<'_>>(b"Border") {
        let width = border.iter::<f32>().nth(2).map_or(1.0, sane);
        let dashes = border
            .iter::<Array<'_>>()
            .next()
            .map(|array| numbers(&array));
        return (width, sane_dashes(dashes.unwrap_or_default()));
    }
    (1.0, Vec::new())
}

/// Dashes that can be drawn: a line of countless tiny ones takes for ever.
fn sane_dashes(dashes: Vec<f64>) -> Vec<f64> {
    let even = |list: &[f64]| list.iter().all(|length| (0.0..=1000.0).contains(length));
    if dashes.len() <= 8 && even(&dashes) && dashes.iter().sum::<f64>() >= 1.0 {
        dashes
    } else {
        Vec::new()
    }
}

/// A figure, filled with `/IC` and drawn round with `/C`.
fn figure(annotation: &Dict<'_>, path: BezPath, is_closed: bool, marks: &mut Marks) {
    if is_closed && let Some(Some(inside)) = color(annotation, b"IC") {
        marks.push(Mark::fill(path.clone(), inside));
    }
    let (width, dashes) = border(annotation);
    if width > 0.0
        && let Some(color) = line_color(annotation, BLACK)
    {
        marks.push(Mark {
            ink: Ink::Line { width, dashes },
            ..Mark::line(path, color, width)
        });
    }
}

/// The box less `/RD` and half the border, in which a figure is drawn.
fn inner(annotation: &Dict<'_>) -> Option<Rect> {
    let area = rect(annotation)?;
    let (width, _) = border(annotation);
    let differences = annotation
        .get::<Array<'_>>(b"RD")
        .map(|array| numbers(&array))
        .unwrap_or_default();
    let [left, top, right, bottom] = match differences.as_slice() {
        [left, top, right, bottom] => [*left, *top, *right, *bottom],
        _ => [0.0; 4],
    };
    let half = width / 2.0;
    let inner = Rect::new(
        area.x0 + left.max(0.0) + half,
        area.y0 + bottom.max(0.0) + half,
        area.x1 - right.max(0.0) - half,
        area.y1 - top.max(0.0) - half,
    );
    Some(if inner.width() > 0.0 && inner.height() > 0.0 {
        inner
    } else {
        area
    })
}

pub(super) fn square(annotation: &Dict<'_>, marks: &mut Marks) {
    if let Some(area) = inner(annotation) {
        figure(annotation, area.to_path(ROUND), true, marks);
    }
}

pub(super) fn circle(annotation: &Dict<'_>, marks: &mut Marks) {
    if let Some(area) = inner(annotation) {
        let ellipse = Ellipse::from_rect(area);
        figure(annotation, ellipse.to_path(ROUND), true, marks);
    }
}

pub(super) fn polygon(annotation: &Dict<'_>, is_closed: bool, marks: &mut Marks) {
    let Some(vertices) = annotation.get::<Array<'_>>(b"Vertices") else {
        return;
    };
    let mut path = polyline(points(&numbers(&vertices)));
    if is_closed && !path.is_empty() {
        path.close_path();
    }
    figure(annotation, path, is_closed, marks);
}

fn points(numbers: &[f64]) -> Vec<Point> {
    numbers
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [x, y] => Some(Point::new(*x, *y)),
            _ => None,
        })
        .collect()
}

pub(super) fn ink(annotation: &Dict<'_>, marks: &mut Marks) {
    let Some(list) = annotation.get::<Array<'_>>(b"InkList") else {
        return;
    };
    let mut path = BezPath::new();
    for stroke in list.iter::<Array<'_>>() {
        // It will be refused; no need to put all of it together.
        if path.elements().len() > MARK_STEPS_MAX {
            break;
        }
        path.extend(
            polyline(points(&numbers(&stroke)))
                .elements()
                .iter()
                .copied(),
        );
    }
    figure(annotation, path, false, marks);
}

pub(super) fn line(annotation: &Dict<'_>, marks: &mut Marks) {
    let ends = annotation
        .get::<Array<'_>>(b"L")
        .map(|array| points(&numbers(&array)))
        .unwrap_or_default();
    let [from, to] = ends.as_slice() else { return };
    figure(annotation, polyline([*from, *to]), false, marks);
    let (width, _) = border(annotation);
    let Some(drawn) = line_color(annotation, BLACK) else {
        return;
    };
    let styles: Vec<Vec<u8>> = annotation
        .get::<Array<'_>>(b"LE")
        .map(|array| {
            array
                .iter::<Name<'_>>()
                .take(2)
                .map(|name| name.to_vec())
                .collect()
        })
        .unwrap_or_default();
    for (style, tip, tail) in [(styles.first(), *from, *to), (styles.get(1), *to, *from)] {
        let Some(style) = style else { continue };
        ending(annotation, style, tip, tail, width, drawn, marks);
    }
}

/// The end of a line (table 179): arrows, circles and squares; others are left as the bare line.
fn ending(
    annotation: &Dict<'_>,
    style: &[u8],
    tip: Point,
    tail: Point,
    width: f64,
    drawn: [f32; 3],
    marks: &mut Marks,
) {
    let back = tail - tip;
    let length = back.hypot();
    if length <= 0.0 {
        return;
    }
    let back = back / length;
    let side = Vec2::new(-back.y, back.x);
    let size = (width * 7.0).clamp(5.0, 40.0);
    let path = match style {
        b"OpenArrow" | b"ClosedArrow" => {
            let foot = tip + back * size;
            let mut path = polyline([foot + side * (size / 2.0), tip, foot - side * (size / 2.0)]);
            if style == b"ClosedArrow" {
                path.close_path();
            }
            path
        }
        b"Circle" => Circle::new(tip, size / 2.0).to_path(ROUND),
        b"Square" => Rect::from_center_size(tip, (size, size)).to_path(ROUND),
        _ => return,
    };
    if style != b"OpenArrow"
        && let Some(Some(inside)) = color(annotation, b"IC")
    {
        marks.push(Mark::fill(path.clone(), inside));
    }
    marks.push(Mark::line(path, drawn, width.max(0.5)));
}

/// A slip of paper where a note or a file is attached: at the upper left corner of its box, as large as others show it.
pub(super) fn note(annotation: &Dict<'_>, marks: &mut Marks) {
    const SIDE: f64 = 18.0;
    let Some(area) = rect(annotation) else { return };
    let slip = Rect::new(area.x0, area.y1 - SIDE, area.x0 + SIDE, area.y1);
    let paper = color(annotation, b"C")
        .flatten()
        .unwrap_or([1.0, 0.93, 0.55]);
    let path = slip.inset(-1.0).to_rounded_rect(2.0).to_path(ROUND);
    marks.push(Mark::fill(path.clone(), paper));
    let ink = [0.25, 0.22, 0.1];
    marks.push(Mark::line(path, ink, 0.8));
    for share in [0.3, 0.5, 0.7] {
        let y = slip.y0 + SIDE * share;
        let path = polyline([Point::new(slip.x0 + 4.0, y), Point::new(slip.x1 - 4.0, y)]);
        marks.push(Mark::line(path, ink, 0.8));
    }
}
