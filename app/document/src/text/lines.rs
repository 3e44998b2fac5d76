//! From letters to lines: letters of one direction and one baseline belong together, in the order of their places.

use super::letters::{Content, Letter};
use super::order::{self, Item};
use contract::geometry::Point;
use contract::text::TextLine;

/// Depth below the baseline and height above it, in parts of the em: hayro tells no ascent.
const DESCENT: f64 = 0.21;
const ASCENT: f64 = 0.79;
/// A gap wider than this part of the em is a blank.
const BLANK: f64 = 0.17;
/// A gap wider than this many ems begins another line, a column or a cell: where the file paints blanks, and where it only moves on.
const COLUMN_PAINTED: f64 = 2.5;
const COLUMN_MOVED: f64 = 1.2;
/// Directions that differ by less than this many degrees are one.
const ONE_DIRECTION: f64 = 0.3;
/// The same letter again so near, along and across in parts of the em, is painted twice: fill and stroke, false bold, a shadow.
const TWICE: (f64, f64) = (0.12, 0.2);

#[derive(Debug, Clone)]
struct Placed {
    content: Content,
    size: f64,
    /// Place along and across the line, in points.
    start: f64,
    end: f64,
    across: f64,
    /// Whether a blank is painted before it.
    after_blank: bool,
}

/// Letters between two wide gaps.
#[derive(Debug)]
struct Piece {
    letters: Vec<Placed>,
    /// Size of the largest letters, and their baseline.
    size: f64,
    across: f64,
    start: f64,
    end: f64,
}

impl Piece {
    fn new(letters: Vec<Placed>) -> Option<Self> {
        let mut largest = letters.first()?;
        let (mut start, mut end) = (f64::MAX, f64::MIN);
        for letter in &letters {
            if letter.size > largest.size * 1.02 {
                largest = letter;
            }
            start = start.min(letter.start);
            end = end.max(letter.end);
        }
        let (size, across) = (largest.size, largest.across);
        Some(Self {
            letters,
            size,
            across,
            start,
            end,
        })
    }
}

/// Lines in reading order; upright ones first, then turned ones.
pub(crate) fn assemble(letters: Vec<Letter>) -> Vec<TextLine> {
    let mut lines = Vec::new();
    for (along, letters) in directions(letters) {
        let mut pieces = Vec::new();
        for row in rows(letters) {
            cut(row, &mut pieces);
        }
        let pieces = with_scripts(pieces);
        let items = pieces.iter().map(item).collect();
        for place in order::reading(items) {
            if let Some(piece) = pieces.get(place) {
                lines.extend(line(piece, along));
            }
        }
    }
    lines
}

/// Letters by the direction of their lines, nearly upright directions first.
fn directions(letters: Vec<Letter>) -> Vec<(Point, Vec<Placed>)> {
    let mut turned: Vec<(f64, f64, Letter)> = Vec::with_capacity(letters.len());
    for letter in letters {
        let size = letter.up.x.hypot(letter.up.y);
        if size.is_nan() || size <= 0.05 {
            continue;
        }
        let (dx, dy) = (letter.to.x - letter.from.x, letter.to.y - letter.from.y);
        // A letter without width still has a direction: at right angles to its height.
        let (x, y) = if dx.hypot(dy) > 1e-6 {
            (dx, dy)
        } else {
            (-letter.up.y, letter.up.x)
        };
        let mut angle = y.atan2(x).to_degrees();
        let quarter = (angle / 90.0).round() * 90.0;
        if (angle - quarter).abs() < 0.05 {
            angle = quarter;
        }
        if angle <= -179.9 {
            angle += 360.0;
        }
        turned.push((angle, size, letter));
    }
    let one = |a: f64, b: f64| (a - b).abs() <= ONE_DIRECTION;
    if let Some(first) = turned.first().map(|turn| turn.0)
        && !turned.iter().all(|turn| one(turn.0, first))
    {
        turned.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()).then(a.0.total_cmp(&b.0)));
    }
    let mut directions: Vec<(f64, Point, Vec<Placed>)> = Vec::new();
    for (angle, size, letter) in turned {
        let same = directions.last().is_some_and(|last| one(last.0, angle));
        if !same {
            let (y, x) = angle.to_radians().sin_cos();
            // A quarter turn is exact.
            let exact = |part: f64| if part.abs() < 1e-12 { 0.0 } else { part };
            let along = Point {
                x: exact(x),
                y: exact(y),
            };
            directions.push((angle, along, Vec::new()));
        }
        if let Some((_, along, placed)) = directions.last_mut() {
            let length = (letter.to.x - letter.from.x).hypot(letter.to.y - letter.from.y);
            let start = letter.from.x * along.x + letter.from.y * along.y;
            placed.push(Placed {
                size,
                start,
                end: start + length,
                across: letter.from.y * along.x - letter.from.x * along.y,
                after_blank: false,
                content: letter.content,
            });
        }
    }
    directions
        .into_iter()
        .map(|(_, along, placed)| (along, placed))
        .collect()
}

/// Letters by baseline; within one in the order of their places.
fn rows(mut letters: Vec<Placed>) -> Vec<Vec<Placed>> {
    letters.sort_by(|a, b| a.across.total_cmp(&b.across));
    let mut rows: Vec<Vec<Placed>> = Vec::new();
    let (mut baseline, mut size) = (0.0, 0.0);
    for next in letters {
        let near = 0.35 * next.size.min(size).max(0.1);
        match rows.last_mut() {
            Some(row) if (next.across - baseline).abs() <= near => {
                size = size.max(next.size);
                row.push(next);
            }
            _ => {
                (baseline, size) = (next.across, next.size);
                rows.push(vec![next]);
            }
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.start.total_cmp(&b.start));
    }
    rows
}

/// Takes blanks, marks and repeated letters out of a row, and cuts it at wide gaps.
fn cut(row: Vec<Placed>, pieces: &mut Vec<Piece>) {
    let (mut letters, mut marks): (Vec<Placed>, Vec<Placed>) = (Vec::new(), Vec::new());
    let mut blank = false;
    for mut next in row {
        if next.content.is_blank() {
            blank = true;
        } else if next.content.is_mark() {
            marks.push(next);
        } else if !is_twice(&letters, &next) {
            next.after_blank = std::mem::take(&mut blank);
            letters.push(next);
        }
    }
    for mark in marks {
        attach(&mut letters, &mark);
    }
    let mut piece: Vec<Placed> = Vec::new();
    let mut reached = f64::MIN;
    for letter in letters {
        let most = if letter.after_blank {
            COLUMN_PAINTED
        } else {
            COLUMN_MOVED
        };
        let wide = letter.start - reached > most * letter.size;
        if wide && !piece.is_empty() {
            pieces.extend(Piece::new(std::mem::take(&mut piece)));
        }
        reached = if wide {
            letter.end
        } else {
            reached.max(letter.end)
        };
        piece.push(letter);
    }
    pieces.extend(Piece::new(piece));
}

/// Whether the same letter stands (nearly) there already.
fn is_twice(letters: &[Placed], next: &Placed) -> bool {
    letters
        .iter()
        .rev()
        .take_while(|before| next.start - before.start <= TWICE.0 * next.size)
        .take(16)
        .any(|before| {
            before.content == next.content
                && (before.across - next.across).abs() <= TWICE.1 * next.size
                && (before.size - next.size).abs() <= 0.1 * next.size
                // Letters without width do stand on one another.
                && next.end - next.start > TWICE.0 * next.size
        })
}

/// Gives a combining mark to the letter it stands on. A mark without width is painted to the left of its place, one with width over it.
fn attach(letters: &mut [Placed], mark: &Placed) {
    let width = mark.end - mark.start;
    let place = if width > 0.2 * mark.size {
        mark.start + width / 2.0
    } else {
        mark.start - 0.1 * mark.size
    };
    let distance = |letter: &Placed| {
        if place < letter.start {
            letter.start - place
        } else {
            (place - letter.end).max(0.0)
        }
    };
    let nearest = letters
        .iter_mut()
        .filter(|letter| distance(letter) <= 0.5 * mark.size)
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    if let Some(base) = nearest {
        base.content.append(&mark.content);
    }
}

/// Puts raised and lowered small letters into the line they belong to.
fn with_scripts(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.sort_by(|a, b| a.across.total_cmp(&b.across));
    let mut home: Vec<Option<usize>> = vec![None; pieces.len()];
    let largest = pieces.iter().map(|piece| piece.size).fold(0.0, f64::max);
    for (place, small) in pieces.iter().enumerate() {
        if small.letters.len() > 12 {
            continue;
        }
        let near =
            |other: &&(usize, &Piece)| (other.1.across - small.across).abs() <= 0.6 * largest;
        let (before, after) = pieces.split_at(place);
        let above = before.iter().enumerate().rev();
        let below = after
            .iter()
            .enumerate()
            .skip(1)
            .map(|(at, piece)| (at + place, piece));
        let candidates = above
            .take_while(|other| near(&other))
            .take(64)
            .chain(below.take_while(|other| near(&other)).take(64));
        let found = candidates
            .filter(|(_, line)| takes_script(line, small))
            .min_by(|(_, a), (_, b)| {
                let far = |line: &Piece| (line.across - small.across).abs();
                far(a).total_cmp(&far(b))
            });
        if let (Some((line, _)), Some(slot)) = (found, home.get_mut(place)) {
            *slot = Some(line);
        }
    }
    if home.iter().all(Option::is_none) {
        return pieces;
    }
    let mut kept: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
    // Smaller sizes never take larger ones, so a home is never given away twice: follow it to its end.
    for place in 0..kept.len() {
        let mut line = match home.get(place).copied().flatten() {
            Some(line) => line,
            None => continue,
        };
        while let Some(further) = home.get(line).copied().flatten() {
            line = further;
        }
        let Some(small) = kept.get_mut(place).and_then(Option::take) else {
            continue;
        };
        if let Some(Some(line)) = kept.get_mut(line) {
            line.start = line.start.min(small.start);
            line.end = line.end.max(small.end);
            line.letters.extend(small.letters);
        }
    }
    let mut pieces: Vec<Piece> = kept.into_iter().flatten().collect();
    for piece in &mut pieces {
        piece.letters.sort_by(|a, b| a.start.total_cmp(&b.start));
    }
    pieces
}

/// Whether small letters stand in a gap or at the end of a line of larger ones.
fn takes_script(line: &Piece, small: &Piece) -> bool {
    let size = line.size;
    // Across grows downward.
    let raised = line.across - small.across;
    if small.size > 0.85 * size || !(-0.35 * size..=0.6 * size).contains(&raised) {
        return false;
    }
    if small.start < line.start - 0.1 * size || small.start > line.end + 0.3 * size {
        return false;
    }
    let slack = 0.1 * size;
    let mut before = f64::MIN;
    for letter in &line.letters {
        if letter.start < small.end - slack && small.start + slack < letter.end {
            return false;
        }
        if letter.end <= small.start + slack {
            before = before.max(letter.end);
        }
    }
    small.start - before <= 0.4 * size
}

fn item(piece: &Piece) -> Item {
    let last = piece.letters.last().map(|letter| &letter.content);
    Item {
        left: piece.start,
        right: piece.end,
        top: piece.across - 0.6 * piece.size,
        bottom: piece.across + 0.05 * piece.size,
        size: piece.size,
        is_label: matches!(last, Some(Content::One(':'))),
    }
}

/// The gap from which on letters are apart, in parts of the em: more where all letters of a line are spaced out.
fn blank_gap(piece: &Piece) -> f64 {
    let mut gaps: Vec<f64> = piece
        .letters
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if !b.after_blank => Some((b.start - a.end) / a.size.max(b.size)),
            _ => None,
        })
        .collect();
    if gaps.len() < 4 {
        return BLANK;
    }
    gaps.sort_by(f64::total_cmp);
    let median = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
    if median > 0.1 { median * 1.6 } else { BLANK }
}

fn line(piece: &Piece, along: Point) -> Option<TextLine> {
    piece.letters.first()?;
    let origin = piece.start;
    let gap = blank_gap(piece);
    let count = piece.letters.len();
    let (mut text, mut advances) = (
        String::with_capacity(count * 2),
        Vec::with_capacity(count + count / 4),
    );
    let mut reached: Option<f64> = None;
    let mut before = 0.0_f64;
    #[allow(clippy::cast_possible_truncation)] // positions on a page
    let mut push = |letter: char, from: f64, to: f64| {
        text.push(letter);
        advances.push(((from - origin) as f32, (to - origin) as f32));
    };
    for placed in &piece.letters {
        if let Some(reached) = reached
            && (placed.after_blank || placed.start - reached > gap * placed.size.max(before))
        {
            push(' ', reached.min(placed.start), placed.start);
        }
        match &placed.content {
            Content::One(letter) => push(*letter, placed.start, placed.end),
            Content::Many(letters) => {
                let count = u32::try_from(letters.chars().count()).unwrap_or(1).max(1);
                let width = (placed.end - placed.start) / f64::from(count);
                let mut from = placed.start;
                for letter in letters.chars() {
                    push(letter, from, from + width);
                    from += width;
                }
            }
        }
        before = placed.size;
        reached = Some(reached.map_or(placed.end, |reached| reached.max(placed.end)));
    }
    if text.trim().is_empty() {
        return None;
    }
    // From places along and across to the page.
    let corner = |distance: f64, below: f64| Point {
        x: along.x * distance - along.y * (piece.across + below),
        y: along.y * distance + along.x * (piece.across + below),
    };
    let (down, up) = (DESCENT * piece.size, -ASCENT * piece.size);
    let quad = [
        corner(origin, down),
        corner(piece.end, down),
        corner(piece.end, up),
        corner(origin, up),
    ];
    Some(TextLine {
        text,
        quad,
        advances,
    })
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
