//! Which occurrences of a keyword are the title of a signature block, and which are only words in a sentence.

use crate::locate::{Span, quad_of, shown, spans};
use contract::fold::fold;
use contract::geometry::Rect;
use contract::text::{Hit, PageText, Quad, TextLine};

/// What an occurrence is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A line by itself, or with a note in brackets.
    Title,
    /// A label with dots or nothing behind it: "Người khai: ........".
    Label,
    /// The greater part of a line in capitals.
    Heading,
    /// Words in a sentence: no place to sign.
    Sentence,
}

/// An occurrence.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    pub(crate) hit: Hit,
    pub(crate) kind: Kind,
    /// The upright rectangle around it.
    pub(crate) rect: Rect,
    /// Dots or a line to write on, right behind it.
    pub(crate) leader: Option<Rect>,
    /// Lines of the page that it covers.
    pub(crate) lines: Vec<usize>,
}

/// Occurrences of a keyword on a page.
pub(crate) fn anchors(page: u32, text: &PageText, keyword: &str) -> Vec<Anchor> {
    spans(text, keyword)
        .iter()
        .filter_map(|spans| anchor(page, text, spans))
        .collect()
}

fn anchor(page: u32, text: &PageText, spans: &[Span]) -> Option<Anchor> {
    let (quads, found) = shown(&text.lines, spans);
    let rect = quads.iter().map(around).reduce(|a, b| union(&a, &b))?;
    let mut kind = Kind::Title;
    let mut leader = None;
    for span in spans {
        let line = text.lines.get(span.line)?;
        let (own, dots) = judge(line, span);
        kind = kind.max(own);
        leader = dots.or(leader);
    }
    // The last line of a paragraph may hold nothing but these words.
    let begins_small = found.chars().next().is_some_and(char::is_lowercase);
    if begins_small && kind != Kind::Label {
        kind = Kind::Sentence;
    }
    Some(Anchor {
        hit: Hit {
            page,
            quads,
            text: found,
        },
        kind,
        rect,
        leader,
        lines: spans.iter().map(|span| span.line).collect(),
    })
}

/// Dots, underscores and what else makes a line to write on.
pub(crate) const fn is_leader(letter: char) -> bool {
    matches!(letter, '.' | '…' | '_' | '‥' | '·' | '․' | '⋯' | '-')
}

/// Whether a line is nothing but a line to write on.
pub(crate) fn is_leader_line(line: &TextLine) -> bool {
    let dots = line.text.chars().filter(|letter| is_leader(*letter));
    dots.count() >= 3
        && line
            .text
            .chars()
            .all(|letter| is_leader(letter) || letter == ' ' || letter == ':')
}

fn letters(text: &str) -> usize {
    fold(text)
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
}

fn judge(line: &TextLine, span: &Span) -> (Kind, Option<Rect>) {
    let all: Vec<char> = line.text.chars().collect();
    let before: String = all.iter().take(span.letters.start).collect();
    let here: String = all
        .iter()
        .skip(span.letters.start)
        .take(span.letters.len())
        .collect();
    let after: String = all.iter().skip(span.letters.end).collect();
    // A number, a dash or a bracket in front belongs to the title.
    let bare_before =
        letters(&before) == 0 || before.trim_end().ends_with(['.', ')']) && letters(&before) <= 2;
    let behind = after.trim_start_matches([' ', ':']);
    let dots = behind
        .chars()
        .take_while(|letter| is_leader(*letter) || *letter == ' ');
    let is_dotted =
        dots.clone().filter(|letter| is_leader(*letter)).count() >= 3 || behind.starts_with('…');
    if is_dotted {
        let skipped = after.chars().count() - behind.chars().count();
        let start = span.letters.end + skipped;
        let mut end = start + dots.count();
        while end > start && all.get(end - 1) == Some(&' ') {
            end -= 1;
        }
        let leader = quad_of(line, &(start..end)).map(|quad| around(&quad));
        let kind = if bare_before || letters(&before) < 40 {
            Kind::Label
        } else {
            Kind::Sentence
        };
        return (kind, leader);
    }
    let behind = behind.trim_start_matches(['.', ',', ';', '*']);
    let is_note = behind.starts_with('(') || letters(behind) == 0;
    if bare_before && is_note {
        let is_label = after.trim_start().starts_with(':') && letters(behind) == 0;
        return (if is_label { Kind::Label } else { Kind::Title }, None);
    }
    let is_capital = |text: &str| !text.chars().any(char::is_lowercase);
    let share = letters(&here) * 2 >= letters(&line.text);
    if share && is_capital(&here) && is_capital(&before) && (is_capital(&after) || is_note) {
        return (Kind::Heading, None);
    }
    (Kind::Sentence, None)
}

/// The upright rectangle around a quad.
pub(crate) fn around(quad: &Quad) -> Rect {
    let [a, b, c, d] = quad;
    union(&Rect::from_corners(*a, *c), &Rect::from_corners(*b, *d))
}

/// The rectangle around two.
pub(crate) fn union(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect {
        x,
        y,
        width: a.right().max(b.right()) - x,
        height: a.far().max(b.far()) - y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::geometry::Point;

    fn kind_of(line: &str, keyword: &str) -> Kind {
        let count = u16::try_from(line.chars().count()).expect("short");
        let at = |x: f64, y: f64| Point { x, y };
        let end = f64::from(count) * 5.0;
        let text = PageText {
            lines: vec![TextLine {
                text: line.into(),
                quad: [at(0.0, 12.0), at(end, 12.0), at(end, 0.0), at(0.0, 0.0)],
                advances: (0..count)
                    .map(|n| (f32::from(n) * 5.0, f32::from(n) * 5.0 + 5.0))
                    .collect(),
            }],
            unknown_letters: 0,
        };
        anchors(0, &text, keyword)[0].kind
    }

    #[test]
    fn titles_labels_headings_and_sentences() {
        for (line, kind) in [
            ("NGƯỜI LÀM ĐƠN", Kind::Title),
            ("Người làm đơn", Kind::Title),
            ("NGƯỜI LÀM ĐƠN (Ký, ghi rõ họ tên)", Kind::Title),
            ("2. Người làm đơn", Kind::Title),
            ("Người làm đơn:", Kind::Label),
            ("Người làm đơn: ..............", Kind::Label),
            ("Người làm đơn ______ ngày", Kind::Label),
            ("NGƯỜI LÀM ĐƠN KÝ TÊN", Kind::Heading),
            ("Người làm đơn phải ký tên vào đơn này.", Kind::Sentence),
            ("quyền của người làm đơn.", Kind::Sentence),
            ("người làm đơn.", Kind::Sentence),
            ("TÔI LÀ NGƯỜI LÀM ĐƠN XIN CAM ĐOAN MỌI ĐIỀU", Kind::Sentence),
        ] {
            assert_eq!(kind_of(line, "NGƯỜI LÀM ĐƠN"), kind, "{line}");
        }
    }
}
