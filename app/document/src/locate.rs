//! Finding text: case, accents, blanks, composed or not, and line ends make no difference.

use crate::limits::HITS_MAX;
use crate::open::Document;
use contract::fold::{fold, fold_letter};
use contract::geometry::Point;
use contract::text::{Hit, Quad, TextLine};

/// A folded letter and where it came from.
struct Folded {
    letter: char,
    line: usize,
    position: usize,
}

impl Document {
    /// Every place a text occurs, page by page in reading order.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        for page in 0..self.page_count() {
            if let Ok(text) = self.text(page) {
                hits.extend(
                    find_in(&text.lines, query)
                        .into_iter()
                        .map(|(quads, text)| Hit { page, quads, text }),
                );
            }
            if hits.len() >= HITS_MAX {
                hits.truncate(HITS_MAX);
                break;
            }
        }
        hits
    }
}

/// Places of a text in the lines of one page: quads, one a line, and the text as it stands there.
pub(crate) fn find_in(lines: &[TextLine], query: &str) -> Vec<(Vec<Quad>, String)> {
    let wanted: Vec<char> = fold(query)
        .chars()
        .filter(|letter| *letter != ' ')
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut folded = Vec::new();
    for (line, content) in lines.iter().enumerate() {
        for (position, letter) in content.text.chars().enumerate() {
            for folded_letter in fold_letter(letter) {
                let joins = folded_letter.is_whitespace()
                    || folded_letter.is_control()
                    || folded_letter == '\u{ad}';
                if !joins {
                    folded.push(Folded {
                        letter: folded_letter,
                        line,
                        position,
                    });
                }
            }
        }
        // A hyphen at the end of a line joins it to the next.
        if content.text.trim_end().ends_with('-') && line + 1 < lines.len() {
            folded.pop();
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at + wanted.len() <= folded.len() {
        let Some(window) = folded.get(at..at + wanted.len()) else {
            break;
        };
        if window
            .iter()
            .map(|folded| folded.letter)
            .eq(wanted.iter().copied())
        {
            found.push(place(lines, window));
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    found
}

fn place(lines: &[TextLine], window: &[Folded]) -> (Vec<Quad>, String) {
    let (mut quads, mut text) = (Vec::new(), String::new());
    let mut rest = window;
    while let Some(first) = rest.first() {
        let length = rest
            .iter()
            .take_while(|folded| folded.line == first.line)
            .count();
        let (here, after) = rest.split_at(length);
        rest = after;
        let (Some(line), Some(last)) = (lines.get(first.line), here.last()) else {
            continue;
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(
            line.text
                .chars()
                .skip(first.position)
                .take(last.position + 1 - first.position),
        );
        quads.extend(part(line, first.position, last.position));
    }
    (quads, text)
}

/// The quad of some letters of a line.
fn part(line: &TextLine, first: usize, last: usize) -> Option<Quad> {
    let from = f64::from(line.advances.get(first)?.0);
    let to = f64::from(line.advances.get(last)?.1);
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
mod tests {
    use super::*;

    fn line(text: &str, y: f64) -> TextLine {
        let count = text.chars().count();
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let advances: Vec<(f32, f32)> = (0..count)
            .map(|n| (n as f32 * 5.0, n as f32 * 5.0 + 5.0))
            .collect();
        let end = f64::from(advances.last().map_or(0.0, |last| last.1));
        let at = |x, y| Point { x, y };
        TextLine {
            text: text.into(),
            quad: [
                at(0.0, y + 2.0),
                at(end, y + 2.0),
                at(end, y - 8.0),
                at(0.0, y - 8.0),
            ],
            advances,
        }
    }

    #[test]
    fn spellings_blanks_and_line_ends_make_no_difference() {
        let lines = [line("Kính gửi: NGƯỜI LÀM", 20.0), line("ĐƠN ký tên", 40.0)];
        for query in [
            "người làm đơn",
            "nguoi lam don",
            "NGU\u{31b}O\u{31b}\u{300}I  LA\u{300}M ĐƠN",
        ] {
            let found = find_in(&lines, query);
            assert_eq!(found.len(), 1, "{query}");
            assert_eq!(found[0].1, "NGƯỜI LÀM ĐƠN");
            assert_eq!(found[0].0.len(), 2, "a quad a line");
        }
        let (quads, _) = &find_in(&lines, "NGƯỜI")[0];
        assert!((quads[0][0].x - 50.0).abs() < 0.01 && (quads[0][1].x - 75.0).abs() < 0.01);
        assert!(find_in(&lines, "  ").is_empty());
    }

    #[test]
    fn a_hyphen_joins_lines() {
        assert_eq!(
            find_in(&[line("chứng thu-", 20.0), line("ận", 40.0)], "thuận").len(),
            1
        );
    }
}
