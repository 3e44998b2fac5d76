//! Every byte after a signed revision belongs to an object that a cross-reference section names, to such a section, or to the marks between
//! them; readers that search a file instead of following its sections would find the rest.

use crate::pdf::file::File;
use crate::pdf::object::Object;
use crate::pdf::parse::{Parser, is_space};

/// Where the first byte stands that belongs to nothing.
pub(crate) fn stray(file: &File<'_>, from: usize) -> Option<usize> {
    let data = file.data();
    let starts = file.chain().starts();
    let mut at = from;
    loop {
        let mut parser = Parser::new(data, at);
        parser.skip_space();
        if data.get(at..parser.position()).is_some_and(hides_objects) {
            return Some(at);
        }
        at = parser.position();
        if at >= data.len() {
            return None;
        }
        if parser.keyword("startxref").is_some() {
            let known = parser
                .unsigned()
                .and_then(|start| usize::try_from(start).ok());
            if !known.is_some_and(|start| start == 0 || file.chain().has_section(start)) {
                return Some(at);
            }
        } else if !is_named(starts, data, at) || !skip(file, &mut parser) {
            return Some(at);
        }
        if parser.position() <= at {
            return Some(at);
        }
        at = parser.position();
    }
}

/// Whether comments hold words that a reader that searches a file would take for objects or sections.
fn hides_objects(space: &[u8]) -> bool {
    let words: [&[u8]; 5] = [b" obj", b"endobj", b"xref", b"trailer", b"stream"];
    words
        .iter()
        .any(|word| space.windows(word.len()).any(|part| part == *word))
}

/// Whether a section or an object is said to begin here, or in the white space before.
fn is_named(starts: &[usize], data: &[u8], at: usize) -> bool {
    let mut before = at;
    loop {
        if starts.binary_search(&before).is_ok() {
            return true;
        }
        match before.checked_sub(1) {
            Some(earlier) if data.get(earlier).is_some_and(|byte| is_space(*byte)) => {
                before = earlier;
            }
            _ => return false,
        }
    }
}

/// Takes one section or one object.
fn skip<'a>(file: &File<'a>, parser: &mut Parser<'a>) -> bool {
    let before = parser.position();
    if parser.keyword("xref").is_some() {
        while parser.keyword("trailer").is_none() {
            let word = parser.unsigned().is_some()
                || parser.keyword("n").is_some()
                || parser.keyword("f").is_some();
            if !word {
                return false;
            }
        }
        // Readers that count bytes and not words would see other entries behind a comment.
        let table = file.data().get(before..parser.position());
        return !table.is_some_and(|table| table.contains(&b'%')) && parser.object().is_some();
    }
    if parser.object_header().is_none() {
        return false;
    }
    let Some(object) = parser.object() else {
        return false;
    };
    if let Object::Dictionary(dictionary) = &object {
        let mut stream = parser.clone();
        if let Some(start) = stream.stream_start() {
            let length = file.value(dictionary, "Length").as_integer();
            let end = length
                .and_then(|length| usize::try_from(length).ok())
                .and_then(|length| start.checked_add(length));
            let Some(end) = end else {
                return false;
            };
            let mut after = Parser::new(file.data(), end);
            if after.keyword("endstream").is_none() {
                return false;
            }
            *parser = after;
        }
    }
    parser.keyword("endobj").is_some()
}
