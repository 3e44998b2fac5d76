//! From letters to lines: letters of one direction and one baseline belong together, in the order of their places.

use super::letters::Letter;
use contract::geometry::Point;
use contract::text::TextLine;

/// Depth below the baseline and height above it, in parts of the em: hayro tells no ascent.
const DESCENT: f64 = 0.21;
const ASCENT: f64 = 0.79;
/// A gap wider than this part of the em is a blank.
const BLANK: f64 = 0.17;
/// A gap wider than this many ems begins another line: a column or a cell.
const COLUMN: f64 = 2.5;

struct Placed {
    letter: Letter,
    /// Unit vector along the line.
    along: Point,
    size: f64,
    /// Place along and across the line.
    start: f64,
    end: f64,
    across: f64,
    /// Direction in degrees, rounded.
    angle: i64,
}

fn place(letter: Letter) -> Option<Placed> {
    let size = letter.up.x.hypot(letter.up.y);
    if size.is_nan() || size <= 0.05 {
        return None;
    }
    let (dx, dy) = (letter.to.x - letter.from.x, letter.to.y - letter.from.y);
    let length = dx.hypot(dy);
    // A letter without width still has a direction: at right angles to its height.
    let along = if length > 1e-6 {
        Point {
            x: dx / length,
            y: dy / length,
        }
    } else {
        Point {
            x: -letter.up.y / size,
            y: letter.up.x / size,
        }
    };
    let start = letter.from.x * along.x + letter.from.y * along.y;
    let across = letter.from.y * along.x - letter.from.x * along.y;
    #[allow(clippy::cast_possible_truncation)] // an angle in degrees
    let angle = along.y.atan2(along.x).to_degrees().round() as i64;
    Some(Placed {
        along,
        size,
        start,
        end: start + length,
        across,
        angle: if angle == -180 { 180 } else { angle },
        letter,
    })
}

/// Lines from top to bottom; turned lines after upright ones.
pub(crate) fn assemble(letters: Vec<Letter>) -> Vec<TextLine> {
    let mut placed: Vec<Placed> = letters.into_iter().filter_map(place).collect();
    placed.sort_by(|a, b| {
        a.angle
            .abs()
            .cmp(&b.angle.abs())
            .then(a.angle.cmp(&b.angle))
            .then(a.across.total_cmp(&b.across))
    });
    let mut lines = Vec::new();
    let mut row: Vec<Placed> = Vec::new();
    let mut baseline = 0.0;
    for next in placed {
        let same = row.last().is_some_and(|last| {
            last.angle == next.angle
                && (next.across - baseline).abs() <= 0.35 * next.size.min(last.size).max(0.1)
        });
        if !same {
            finish_row(&mut row, &mut lines);
            baseline = next.across;
        }
        row.push(next);
    }
    finish_row(&mut row, &mut lines);
    lines
}

/// Sorts one baseline's letters, cuts it at wide gaps, and makes lines of the pieces.
fn finish_row(row: &mut Vec<Placed>, lines: &mut Vec<TextLine>) {
    let mut letters = std::mem::take(row);
    letters.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut piece: Vec<Placed> = Vec::new();
    let mut reached = f64::MIN;
    for letter in letters {
        let gap = letter.start - reached;
        if !piece.is_empty() && gap > COLUMN * letter.size {
            lines.extend(line(&piece));
            piece.clear();
            reached = f64::MIN;
        }
        reached = reached.max(letter.end);
        piece.push(letter);
    }
    lines.extend(line(&piece));
}

fn line(piece: &[Placed]) -> Option<TextLine> {
    let first = piece.first()?;
    let size = piece.iter().map(|letter| letter.size).fold(0.0, f64::max);
    let origin = first.start;
    let (mut text, mut advances) = (String::new(), Vec::new());
    let mut reached: Option<f64> = None;
    #[allow(clippy::cast_possible_truncation)] // positions on a page
    let mut push = |letter: char, from: f64, to: f64| {
        text.push(letter);
        advances.push(((from - origin) as f32, (to - origin) as f32));
    };
    let mut ends_blank = true;
    for placed in piece {
        if let Some(reached) = reached
            && placed.start - reached > BLANK * placed.size
            && !ends_blank
            && !placed.letter.text.starts_with(char::is_whitespace)
        {
            push(' ', reached, placed.start);
        }
        let count = placed.letter.text.chars().count().max(1);
        #[allow(clippy::cast_precision_loss)] // a handful of letters
        let width = (placed.end - placed.start) / count as f64;
        for (position, letter) in placed.letter.text.chars().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            let from = placed.start + width * position as f64;
            let letter = if letter.is_whitespace() { ' ' } else { letter };
            push(letter, from, from + width);
        }
        ends_blank = placed.letter.text.ends_with(char::is_whitespace);
        reached = Some(reached.map_or(placed.end, |reached| reached.max(placed.end)));
    }
    if text.trim().is_empty() {
        return None;
    }
    let end = reached.unwrap_or(first.end);
    let along = first.along;
    // In view space y grows downward: up is along turned by a quarter to the left.
    let up = Point {
        x: along.y,
        y: -along.x,
    };
    let corner = |distance: f64, height: f64| Point {
        x: first.letter.from.x + along.x * (distance - origin) + up.x * height,
        y: first.letter.from.y + along.y * (distance - origin) + up.y * height,
    };
    let quad = [
        corner(origin, -DESCENT * size),
        corner(end, -DESCENT * size),
        corner(end, ASCENT * size),
        corner(origin, ASCENT * size),
    ];
    Some(TextLine {
        text,
        quad,
        advances,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str, x: f64, y: f64, width: f64) -> Letter {
        Letter {
            text: text.into(),
            from: Point { x, y },
            to: Point { x: x + width, y },
            up: Point { x: 0.0, y: -10.0 },
        }
    }

    fn texts(letters: Vec<Letter>) -> Vec<String> {
        assemble(letters)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn a_line_painted_font_by_font_reads_in_order() {
        let painted = vec![
            letter("H", 0.0, 100.0, 7.0),
            letter("n", 14.0, 100.0, 5.0),
            letter("g", 19.0, 100.0, 5.0),
            letter("ư", 7.0, 100.2, 7.0),
        ];
        assert_eq!(texts(painted), ["Hưng"]);
    }

    #[test]
    fn gaps_are_blanks_and_wide_gaps_are_columns() {
        let painted = vec![
            letter("a", 0.0, 50.0, 5.0),
            letter("b", 8.0, 50.0, 5.0),
            letter("c", 200.0, 50.0, 5.0),
            letter("d", 0.0, 20.0, 5.0),
        ];
        assert_eq!(texts(painted), ["d", "a b", "c"]);
    }

    #[test]
    fn turned_text_is_a_line_too() {
        let mut turned: Vec<Letter> = Vec::new();
        for (position, text) in ["N", "g", "ư"].into_iter().enumerate() {
            let y = 100.0 - 8.0 * f64::from(u8::try_from(position).expect("small"));
            turned.push(Letter {
                text: text.into(),
                from: Point { x: 30.0, y },
                to: Point {
                    x: 30.0,
                    y: y - 8.0,
                },
                up: Point { x: -10.0, y: 0.0 },
            });
        }
        assert_eq!(texts(turned), ["Ngư"]);
    }
}
