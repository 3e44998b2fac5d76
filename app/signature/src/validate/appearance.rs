//! The text that a field's appearance shows, as far as it can be read without its fonts, and what it paints besides.

use crate::pdf::file::File;
use crate::pdf::filter;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::parse::Parser;

/// Most bytes of an appearance that are read.
const LENGTH_MAX: usize = 1 << 20;

/// Widest line that frames something and covers nothing, in points.
const LINE_MAX: f64 = 3.0;

/// What an appearance paints, counted by its operators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Paint {
    /// Areas that are filled, wide lines among them.
    pub(crate) fills: usize,
    /// Thin lines.
    pub(crate) lines: usize,
    /// Strings that are shown.
    pub(crate) strings: usize,
    /// Pictures, forms and shadings.
    pub(crate) pictures: usize,
}

/// What `/AP /N` of a widget paints; `None` when it cannot be read. A choice of states counts as a picture: which is shown is not asked.
pub(crate) fn paint(file: &File<'_>, widget: &Dictionary) -> Option<Paint> {
    let Some(looks) = file.dictionary(widget, "AP") else {
        return Some(Paint::default());
    };
    let id = match looks.get("N") {
        None | Some(Object::Null) => return Some(Paint::default()),
        Some(normal) => normal.as_reference()?,
    };
    let Some(Object::Dictionary(dictionary)) = file.object(id) else {
        return Some(Paint::default());
    };
    let content = filter::decode(&dictionary, &file.stream(id)?)?;
    if content.len() > LENGTH_MAX {
        return None;
    }
    let mut parser = Parser::new(&content, 0);
    let (mut found, mut shown) = (Paint::default(), false);
    let (mut number, mut width) = (0.0, 1.0);
    while let Some(token) = parser.token() {
        match token {
            crate::pdf::parse::Token::Object(object) => {
                shown |= is_shown(&object);
                number = object.as_number().unwrap_or(number);
            }
            crate::pdf::parse::Token::Operator(name) => {
                match name {
                    b"w" => width = number,
                    // A turned or stretched page makes any line wide.
                    b"cm" | b"gs" => width = f64::INFINITY,
                    b"S" | b"s" if width <= LINE_MAX => found.lines += 1,
                    b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" => {
                        found.fills += 1;
                    }
                    b"Tj" | b"TJ" | b"'" | b"\"" if shown => found.strings += 1,
                    b"Do" | b"sh" | b"BI" => found.pictures += 1,
                    _ => {}
                }
                shown = false;
            }
        }
    }
    // What cannot be read to its end may paint anything.
    parser.skip_space();
    (parser.position() >= content.len()).then_some(found)
}

/// Whether a string, or one in a list, holds more than spaces.
fn is_shown(object: &Object) -> bool {
    match object {
        Object::String(bytes) => bytes.iter().any(|byte| *byte != b' ' && *byte != 0),
        Object::Array(items) => items.iter().any(is_shown),
        _ => false,
    }
}

/// The printable ASCII that `/AP /N` of a widget shows; `None` when it has none, or uses codes that only its font explains.
pub(crate) fn text(file: &File<'_>, widget: &Dictionary) -> Option<String> {
    let id = file
        .dictionary(widget, "AP")?
        .get("N")
        .and_then(Object::as_reference)?;
    let Some(Object::Dictionary(dictionary)) = file.object(id) else {
        return None;
    };
    let content = filter::decode(&dictionary, &file.stream(id)?)?;
    let content = content.get(..content.len().min(LENGTH_MAX))?;
    let mut parser = Parser::new(content, 0);
    let mut shown = Vec::new();
    let mut strings = Vec::new();
    while let Some(token) = parser.token() {
        match token {
            crate::pdf::parse::Token::Object(object) => strings.push(object),
            crate::pdf::parse::Token::Operator(name) => {
                if matches!(name, b"Tj" | b"TJ" | b"'" | b"\"") {
                    collect(&strings, &mut shown);
                }
                strings.clear();
            }
        }
    }
    let plain = shown.iter().all(|byte| (0x20..0x7f).contains(byte));
    plain.then(|| shown.iter().map(|byte| char::from(*byte)).collect())
}

fn collect(objects: &[Object], shown: &mut Vec<u8>) {
    for object in objects {
        match object {
            Object::String(bytes) => shown.extend_from_slice(bytes),
            Object::Array(items) => collect(items, shown),
            _ => {}
        }
    }
}

/// Whether one says the other, but for how numbers and lines are set.
pub(crate) fn agree(shown: &str, held: &str) -> bool {
    let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (shown, held) = (bare(shown), bare(held));
    // A value beyond ASCII is shown by codes of its font.
    if !held.is_ascii() {
        return true;
    }
    if shown.is_empty() || held.is_empty() {
        return shown.is_empty() || held == shown;
    }
    // Decimals that only the format adds.
    shown == held
        || shown
            .strip_prefix(&held)
            .is_some_and(|rest| rest.len() <= 3 && rest.bytes().all(|digit| digit == b'0'))
}

#[cfg(test)]
mod tests {
    use super::agree;

    #[test]
    fn a_number_may_be_set_in_its_own_way_but_not_be_another() {
        assert!(agree("1 234,00", "1234"));
        assert!(agree("hai\ndong", "hai dong"));
        assert!(!agree("9 999", "1234"));
        assert!(!agree("1000000", "1"));
        assert!(!agree("tra 9000", ""));
        assert!(agree("", "chua ve"));
        assert!(agree("X", "Nguyễn"));
    }
}
