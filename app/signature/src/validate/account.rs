//! Every byte after a signed revision belongs to an object that a cross-reference section names, to such a section, or to the marks between
//! them; readers that search a file instead of following its sections would find the rest.

use crate::pdf::file::File;
use crate::pdf::object::Object;
use crate::pdf::parse::{Parser, is_space};

/// Where the first byte stands that belongs to nothing.
pub(crate) fn stray(file: &File<'_>, from: usize) -> Option<usize> {
    let data = file.data();
    let starts = &file.chain().starts;
    let mut at = from;
    loop {
        let mut parser = Parser::new(data, at);
        parser.skip_space();
        at = parser.position();
        if at >= data.len() {
            return None;
        }
        if parser.keyword("startxref").is_some() {
            if parser.unsigned().is_none() {
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

/// Whether a section or an object is said to begin here, or in the white space before.
fn is_named(starts: &std::collections::HashSet<usize>, data: &[u8], at: usize) -> bool {
    let mut before = at;
    loop {
        if starts.contains(&before) {
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
    if parser.keyword("xref").is_some() {
        while parser.keyword("trailer").is_none() {
            let word = parser.unsigned().is_some()
                || parser.keyword("n").is_some()
                || parser.keyword("f").is_some();
            if !word {
                return false;
            }
        }
        return parser.object().is_some();
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
