//! Finding text: case, accents, blanks, composed or not, line ends and hyphens there make no difference.

use crate::limits::{HITS_MAX, QUERY_MAX};
use crate::open::Document;
use contract::fold::{fold, fold_letter};
use contract::geometry::Point;
use contract::text::{Hit, PageText, Quad, TextLine};
use std::ops::Range;
use std::rc::Rc;

/// Stands between lines that do not go on: no query has it.
const BREAK: char = '\n';

/// What a search in some pages found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Places in reading order.
    pub hits: Vec<Hit>,
    /// Pages that were looked at and have letters nobody can read, or could not be read at all.
    pub unsure: Vec<u32>,
}

/// The text of a page as it is searched: folded, without blanks, one line after the other.
pub(crate) struct Folded {
    text: String,
    /// Where each line begins in `text`.
    lines: Vec<usize>,
    /// Where a hyphen at the end of a line was left out.
    hyphens: Vec<usize>,
    unsure: bool,
}

impl Folded {
    pub(crate) fn new(page: &PageText) -> Self {
        let mut folded = Self {
            text: String::new(),
            lines: Vec::with_capacity(page.lines.len()),
            hyphens: Vec::new(),
            unsure: page.unknown_letters > 0,
        };
        for (place, line) in page.lines.iter().enumerate() {
            folded.lines.push(folded.text.len());
            let start = folded.text.len();
            for letter in line.text.chars() {
                folded.text.extend(searched(letter));
            }
            let goes_on = page
                .lines
                .get(place + 1)
                .is_some_and(|next| goes_on(line, next));
            if !goes_on {
                folded.text.push(BREAK);
            } else if folded.text.len() > start + 1 && folded.text.ends_with('-') {
                folded.text.pop();
                folded.hyphens.push(folded.text.len());
            }
        }
        folded.text.shrink_to_fit();
        folded
    }

    /// Memory it takes, nearly.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + (self.lines.len() + self.hyphens.len()) * 8 + size_of::<Self>()
    }

    /// Where a folded query occurs, in bytes of `text`.
    fn places(&self, wanted: &str) -> Vec<Range<usize>> {
        let found = |text: &str| -> Vec<Range<usize>> {
            text.match_indices(wanted)
                .take(HITS_MAX)
                .map(|(at, part)| at..at + part.len())
                .collect()
        };
        let mut places = found(&self.text);
        if !wanted.contains('-') || self.hyphens.is_empty() {
            return places;
        }
        // Who types the hyphen means it, also where it ends a line.
        let mut whole = String::with_capacity(self.text.len() + self.hyphens.len());
        let mut from = 0;
        for at in &self.hyphens {
            whole.push_str(self.text.get(from..*at).unwrap_or_default());
            whole.push('-');
            from = *at;
        }
        whole.push_str(self.text.get(from..).unwrap_or_default());
        // Hyphens before a place in `whole` are not in `text`.
        let back = |at: usize| {
            let mut before = 0;
            for (count, hyphen) in self.hyphens.iter().enumerate() {
                if hyphen + count < at {
                    before = count + 1;
                }
            }
            at - before
        };
        for range in found(&whole) {
            let range = back(range.start)..back(range.end);
            if !places
                .iter()
                .any(|other| other.start < range.end && range.start < other.end)
            {
                places.push(range);
            }
        }
        places.sort_by_key(|range| range.start);
        places
    }

    /// The line that a byte of `text` belongs to.
    fn line_at(&self, at: usize) -> usize {
        self.lines
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }
}

/// A letter as it is searched: folded, nothing for blanks and what is never seen.
fn searched(letter: char) -> impl Iterator<Item = char> {
    fold_letter(letter).filter(|folded| {
        !(folded.is_whitespace()
            || folded.is_control()
            || matches!(folded, '\u{ad}' | '\u{200b}' | '\u{feff}'))
    })
}

/// A query as it is searched.
fn wanted(query: &str) -> String {
    let letters = fold(query);
    letters
        .chars()
        .filter(|letter| *letter != ' ')
        .take(QUERY_MAX)
        .collect()
}

/// Whether text goes on from one line to the next: beside it in the same line, or right below it.
fn goes_on(line: &TextLine, next: &TextLine) -> bool {
    let [from, to, _, top] = line.quad;
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy);
    let size = (top.x - from.x).hypot(top.y - from.y);
    let [begins, ends, _, next_top] = next.quad;
    let next_size = (next_top.x - begins.x).hypot(next_top.y - begins.y);
    if length <= 0.0 || size <= 0.0 || next_size <= 0.0 {
        return false;
    }
    let (x, y) = (dx / length, dy / length);
    let along = |point: Point| (point.x - from.x) * x + (point.y - from.y) * y;
    let below = |point: Point| (point.y - from.y) * x - (point.x - from.x) * y;
    let (start, end, down) = (along(begins), along(ends), below(begins));
    if below(ends) - down > 0.1 * size || (end - start) <= 0.0 {
        return false;
    }
    let large = size.max(next_size);
    if down.abs() <= 0.4 * large {
        return start >= length - 0.2 * size && start - length <= 3.0 * large;
    }
    (0.5 * size.min(next_size)..=2.5 * large).contains(&down) && start < length && end > 0.0
}

impl Document {
    /// Every place a text occurs, page by page in reading order, at most [`HITS_MAX`].
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Hit> {
        self.find_in_pages(query, 0, u32::MAX).hits
    }

    /// The same in `count` pages from the page `first` on; pages past the last one are left out.
    #[must_use]
    pub fn find_in_pages(&self, query: &str, first: u32, count: u32) -> Found {
        let mut found = Found::default();
        let wanted = wanted(query);
        if wanted.is_empty() {
            return found;
        }
        let end = first.saturating_add(count).min(self.page_count());
        for page in first..end {
            let Some(folded) = self.folded(page) else {
                found.unsure.push(page);
                continue;
            };
            if folded.unsure {
                found.unsure.push(page);
            }
            let places = folded.places(&wanted);
            if !places.is_empty()
                && let Ok(text) = self.page_text(page)
            {
                for place in places {
                    let (quads, text) = part_of(&text.lines, &folded, &place);
                    found.hits.push(Hit { page, quads, text });
                }
            }
            if found.hits.len() >= HITS_MAX {
                found.hits.truncate(HITS_MAX);
                break;
            }
        }
        found
    }

    fn folded(&self, page: u32) -> Option<Rc<Folded>> {
        if let Some(folded) = self.texts.folded(page, self.came()) {
            return Some(folded);
        }
        let text = self.page_text(page).ok()?;
        let folded = Rc::new(Folded::new(&text));
        self.texts.keep_folded(page, &folded);
        Some(folded)
    }
}

/// One piece of a line.
pub(crate) struct Span {
    /// Which line.
    pub(crate) line: usize,
    /// Which of its `char`s.
    pub(crate) letters: Range<usize>,
}

/// Places of a text in the lines of one page, each as pieces of lines.
pub(crate) fn spans(page: &PageText, query: &str) -> Vec<Vec<Span>> {
    let wanted = wanted(query);
    if wanted.is_empty() {
        return Vec::new();
    }
    let folded = Folded::new(page);
    let places = folded.places(&wanted);
    places
        .iter()
        .map(|place| pieces(&page.lines, &folded, place))
        .collect()
}

/// The pieces of lines that a place in the folded text covers.
fn pieces(lines: &[TextLine], folded: &Folded, place: &Range<usize>) -> Vec<Span> {
    let mut spans = Vec::new();
    let first = folded.line_at(place.start);
    let last = folded.line_at(place.end.saturating_sub(1));
    for number in first..=last {
        let (Some(line), Some(start)) = (lines.get(number), folded.lines.get(number)) else {
            continue;
        };
        let mut at = *start;
        let mut covered: Option<Range<usize>> = None;
        for (position, letter) in line.text.chars().enumerate() {
            let length: usize = searched(letter).map(char::len_utf8).sum();
            let is_mark = contract::fold::is_mark(letter);
            if length > 0 && at < place.end && at + length > place.start {
                let from = covered.as_ref().map_or(position, |range| range.start);
                covered = Some(from..position + 1);
            } else if is_mark && covered.as_ref().is_some_and(|range| range.end == position) {
                // A mark that no letter could take belongs to the letter before it.
                covered = covered.map(|range| range.start..position + 1);
            }
            at += length;
        }
        spans.extend(covered.map(|letters| Span {
            line: number,
            letters,
        }));
    }
    spans
}

/// Quads, one a line, and the text as it stands there.
fn part_of(lines: &[TextLine], folded: &Folded, place: &Range<usize>) -> (Vec<Quad>, String) {
    shown(lines, &pieces(lines, folded, place))
}

/// Quads and text of pieces of lines.
pub(crate) fn shown(lines: &[TextLine], spans: &[Span]) -> (Vec<Quad>, String) {
    let (mut quads, mut text) = (Vec::new(), String::new());
    for span in spans {
        let Some(line) = lines.get(span.line) else {
            continue;
        };
        if !text.is_empty() {
            text.push(' ');
        }
        let Range { start, end } = span.letters;
        text.extend(line.text.chars().skip(start).take(end - start));
        quads.extend(quad_of(line, &span.letters));
    }
    (quads, text)
}

/// The quad of some letters of a line.
pub(crate) fn quad_of(line: &TextLine, letters: &Range<usize>) -> Option<Quad> {
    let covered = line.advances.get(letters.clone())?;
    let from = covered.iter().map(|part| part.0).reduce(f32::min)?;
    let to = covered.iter().map(|part| part.1).reduce(f32::max)?;
    let (from, to) = (f64::from(from), f64::from(to));
    let [lower_left, lower_right, _, upper_left] = line.quad;
    let length = (lower_right.x - lower_left.x).hypot(lower_right.y - lower_left.y);
    if length <= 0.0 {
        return Some(line.quad);
    }
    let along = Point {
        x: (lower_right.x - lower_left.x) / length,
        y: (lower_right.y - lower_left.y) / length,
    };
    let corner = |base: Point, distance: f64| Point {
        x: base.x + along.x * distance,
        y: base.y + along.y * distance,
    };
    Some([
        corner(lower_left, from),
        corner(lower_left, to),
        corner(upper_left, to),
        corner(upper_left, from),
    ])
}

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;
