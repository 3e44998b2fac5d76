//! The text that a field's appearance shows, as far as it can be read without its fonts.

use crate::pdf::file::File;
use crate::pdf::filter;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::parse::Parser;

/// Most bytes of an appearance that are read.
const LENGTH_MAX: usize = 1 << 20;

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
