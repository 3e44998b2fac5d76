//! Where frame, image and lines stand in the box, and how large the letters are.

use super::font::{Faces, Weight};
use super::text::{Line, LineKind};
use crate::error::SignError;
use contract::geometry::{Rect, Size};

/// Smallest side of a box, in points.
const SIDE_MIN: f64 = 12.0;
/// Largest side of a box, in points: as large as a page may be (Annex C).
const SIDE_MAX: f64 = 14_400.0;
/// Largest letters, in points.
const SIZE_MAX: f64 = 12.0;
/// Smallest letters while more than one line is shown; below, the last line is given up instead.
const SIZE_MIN: f64 = 6.0;
/// Smallest letters that are read without effort.
const SIZE_GOOD: f64 = 7.0;
/// Smallest letters of the signer's name alone.
const SIZE_LAST: f64 = 3.5;
/// Step between the sizes that are tried.
const SIZE_STEP: f64 = 0.25;
/// Distance of baselines in sizes: stacked Vietnamese marks need the room.
const LEADING: f64 = 1.24;
/// Height above the first baseline in sizes.
const ASCENT: f64 = 0.93;
/// Depth below the last baseline in sizes.
const DESCENT: f64 = 0.24;

/// A finished arrangement, in points from the lower left corner of the box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// The box, when it is framed.
    pub frame: Option<Rect>,
    /// The image.
    pub image: Option<Rect>,
    /// Lines of text.
    pub rows: Vec<Row>,
    /// Size of the letters.
    pub size: f64,
}

/// One set line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Left end of the baseline.
    pub x: f64,
    /// Height of the baseline.
    pub y: f64,
    /// Pieces from left to right, blanks included.
    pub spans: Vec<(Weight, String)>,
}

/// Arranges lines and an image of the ratio width / height in a box.
///
/// # Errors
/// [`SignError::BoxUnusable`] when not even the first line fits.
pub(crate) fn arrange(
    faces: &Faces,
    lines: &[Line],
    image: Option<f64>,
    size: Size,
) -> Result<Layout, SignError> {
    let usable = |side: f64| (SIDE_MIN..=SIDE_MAX).contains(&side);
    if !usable(size.width) || !usable(size.height) {
        return Err(SignError::BoxUnusable);
    }
    let whole = Rect {
        x: 0.0,
        y: 0.0,
        width: size.width,
        height: size.height,
    };
    if lines.is_empty() {
        return Ok(Layout {
            frame: None,
            image: image.map(|ratio| fitted(ratio, &whole)),
            rows: Vec::new(),
            size: 0.0,
        });
    }
    let padding = (size.width.min(size.height) * 0.08).clamp(1.5, 5.0);
    let inner = Rect {
        x: padding + RULE + 1.0,
        y: padding,
        width: (size.width - 2.0 * padding - RULE - 1.0).max(0.0),
        height: (size.height - 2.0 * padding).max(0.0),
    };
    let (picture, text) = match image {
        None => (None, inner),
        Some(ratio) => {
            let (picture, text) = split(ratio, &inner);
            (Some(fitted(ratio, &picture)), text)
        }
    };
    let (letters, rows) = fit(faces, lines, &text).ok_or(SignError::BoxUnusable)?;
    Ok(Layout {
        frame: Some(whole),
        image: picture,
        rows: placed(rows, letters, &text),
        size: letters,
    })
}

/// Width of the rule at the left edge, in points.
pub(crate) const RULE: f64 = 2.0;

/// Image to the left in a wide box, above in a high one; the rest is the text's.
fn split(ratio: f64, inner: &Rect) -> (Rect, Rect) {
    const GAP: f64 = 4.0;
    if inner.width >= 1.5 * inner.height {
        let width = (inner.height * ratio).clamp(inner.width * 0.2, inner.width * 0.36);
        let picture = Rect { width, ..*inner };
        let text = Rect {
            x: inner.x + width + GAP,
            width: (inner.width - width - GAP).max(0.0),
            ..*inner
        };
        (picture, text)
    } else {
        let height = (inner.width / ratio).clamp(inner.height * 0.2, inner.height * 0.45);
        let picture = Rect {
            y: inner.far() - height,
            height,
            ..*inner
        };
        let text = Rect {
            height: (inner.height - height - GAP / 2.0).max(0.0),
            ..*inner
        };
        (picture, text)
    }
}

/// The largest rectangle of this ratio in the middle of an area.
fn fitted(ratio: f64, area: &Rect) -> Rect {
    let width = area.width.min(area.height * ratio);
    let height = area.height.min(area.width / ratio);
    Rect {
        x: area.x + (area.width - width) / 2.0,
        y: area.y + (area.height - height) / 2.0,
        width,
        height,
    }
}

type Spans = Vec<(Weight, String)>;

/// Whether a number may stand on a row of its own below its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Beside,
    Below,
}

/// The largest letters at which as many lines as possible fit. Lines are given up whole, the last first.
/// A time below its label looks broken, so smaller letters are preferred to it while they stay readable.
fn fit(faces: &Faces, lines: &[Line], area: &Rect) -> Option<(f64, Vec<Spans>)> {
    // A number that is wider than the box at the smallest size is given up by itself, not with all that comes after it.
    let lines: Vec<Line> = lines
        .iter()
        .enumerate()
        .filter(|(position, line)| {
            *position == 0
                || line.kind != LineKind::Whole
                || wrap(faces, line, area.width / SIZE_MIN).is_some()
        })
        .map(|(_, line)| line.clone())
        .collect();
    for count in (1..=lines.len()).rev() {
        let shown = lines.get(..count)?;
        let least = if count == 1 { SIZE_LAST } else { SIZE_MIN };
        let found = largest(faces, shown, area, SIZE_GOOD, Numbers::Beside)
            .or_else(|| largest(faces, shown, area, least, Numbers::Below));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn largest(
    faces: &Faces,
    lines: &[Line],
    area: &Rect,
    least: f64,
    numbers: Numbers,
) -> Option<(f64, Vec<Spans>)> {
    let mut size = SIZE_MAX;
    while size >= least {
        if let Some(rows) = wrapped(faces, lines, size, area, numbers) {
            return Some((size, rows));
        }
        size -= SIZE_STEP;
    }
    None
}

/// All lines wrapped at a size; `None` when they do not fit the area.
fn wrapped(
    faces: &Faces,
    lines: &[Line],
    size: f64,
    area: &Rect,
    numbers: Numbers,
) -> Option<Vec<Spans>> {
    let mut rows = Vec::new();
    for line in lines {
        let set = wrap(faces, line, area.width / size)?;
        if line.kind == LineKind::Whole && numbers == Numbers::Beside && set.len() > 1 {
            return None;
        }
        rows.extend(set);
        #[allow(clippy::cast_precision_loss)] // a handful of rows
        let height = (rows.len() as f64 - 1.0) * LEADING + ASCENT + DESCENT;
        if height * size > area.height {
            return None;
        }
    }
    Some(rows)
}

/// One line wrapped to a width given in sizes; `None` when a word that must stay whole is wider.
fn wrap(faces: &Faces, line: &Line, width: f64) -> Option<Vec<Spans>> {
    let weight = if line.kind == LineKind::Signer {
        Weight::Bold
    } else {
        Weight::Regular
    };
    // The label is one word: it is never broken.
    let label = (Weight::Regular, line.label.to_owned());
    let value: Vec<(Weight, String)> = match line.kind {
        LineKind::Whole => vec![(weight, line.value.clone())],
        LineKind::Signer | LineKind::Words => line
            .value
            .split(' ')
            .map(|word| (weight, word.to_owned()))
            .collect(),
    };
    let mut rows: Vec<Spans> = Vec::new();
    let mut row: Spans = Vec::new();
    let mut used = 0.0;
    for (weight, word) in std::iter::once(label).chain(value) {
        let face = faces.face(weight);
        let (word_width, blank) = (face.width(&word), face.width(" "));
        if word_width > width {
            return None;
        }
        let needed = if row.is_empty() {
            word_width
        } else {
            blank + word_width
        };
        if used + needed > width {
            rows.push(std::mem::take(&mut row));
            used = word_width;
            row.push((weight, word));
            continue;
        }
        used += needed;
        if row.is_empty() {
            row.push((weight, word));
        } else {
            row.push((weight, format!(" {word}")));
        }
    }
    rows.push(row);
    Some(rows)
}

/// Rows from the top down, the block centred in the height of the area.
fn placed(rows: Vec<Spans>, size: f64, area: &Rect) -> Vec<Row> {
    #[allow(clippy::cast_precision_loss)] // a handful of rows
    let height = ((rows.len() as f64 - 1.0) * LEADING + ASCENT + DESCENT) * size;
    let mut baseline = area.far() - (area.height - height) / 2.0 - ASCENT * size;
    rows.into_iter()
        .map(|spans| {
            let row = Row {
                x: area.x,
                y: baseline,
                spans: merged(spans),
            };
            baseline -= LEADING * size;
            row
        })
        .collect()
}

/// Neighbouring pieces of one weight as one, so that the text is copied out of the file as it reads.
fn merged(spans: Spans) -> Spans {
    let mut out: Spans = Vec::new();
    for (weight, piece) in spans {
        match out.last_mut() {
            Some((known, text)) if *known == weight => text.push_str(&piece),
            _ => out.push((weight, piece)),
        }
    }
    out
}
