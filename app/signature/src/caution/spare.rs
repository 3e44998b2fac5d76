//! What nothing leads to: pages and catalogs kept for later, objects that no table names.

use super::Told;
use super::walk::Reached;
use crate::pdf::file::File;
use crate::pdf::object::{Id, Object};
use crate::pdf::parse::Parser;
use crate::pdf::xref::Entry;
use crate::update::field::Document;
use crate::validate::account;
use contract::caution::CautionKind;
use std::collections::HashMap;

/// Looks for it.
pub(super) fn look(document: &Document<'_, '_>, reached: &Reached, told: &mut Told) {
    let file = document.file;
    if reached.whole {
        let spare = file.chain().entries.iter().any(|(number, entry)| {
            let id = match entry {
                Entry::Free => return false,
                Entry::Offset(_, generation) => Id { number, generation },
                Entry::Packed(..) => Id::new(number),
            };
            if reached.ids.contains(&id) || file.is_stream(id) {
                return false;
            }
            match file.object(id) {
                Some(Object::Dictionary(found)) => {
                    (found.is_name("Type", "Page") && found.get("Contents").is_some())
                        || (found.is_name("Type", "Catalog") && found.get("Pages").is_some())
                }
                _ => false,
            }
        });
        if spare {
            told.whole(CautionKind::SpareContent);
        }
    }
    if doubled(document) {
        told.whole(CautionKind::DoubledObject);
    }
}

/// Whether an object stands in the file that no section names, under a number that one does: a section written later could switch to it.
fn doubled(document: &Document<'_, '_>) -> bool {
    let file = document.file;
    let data = file.data();
    let (mut at, mut read) = (0, 0_usize);
    let mut meant = HashMap::new();
    // What belongs to nothing is skipped to the next object; a file that is nothing but that is no PDF to sign.
    for _ in 0..10_000 {
        let Some(stray) = account::stray(file, at) else {
            return false;
        };
        let mut parser = Parser::new(data, stray);
        if let Some(id) = parser.object_header() {
            let known = matches!(file.chain().entries.get(id.number), Some(Entry::Offset(..)));
            let hidden = parser.object().map(|hidden| match file.handler() {
                Some(handler) => handler.opened(id, hidden),
                None => hidden,
            });
            if known && hidden.is_some() {
                let meant = meant.entry(id).or_insert_with(|| file.object(id));
                if meant.is_some() && (hidden != *meant || !same_stream(file, id, &mut parser)) {
                    return true;
                }
            }
            // Objects that do not end are read to the end of the file each; what does not overlap is no longer than the file.
            read = read.saturating_add(parser.position() - stray);
            if read > data.len().saturating_mul(2) {
                return false;
            }
        }
        let Some(next) = next_object(data, stray + 1) else {
            return false;
        };
        at = next;
    }
    false
}

/// Whether the stream that follows is that of the object, when the object is one.
fn same_stream(file: &File<'_>, id: Id, parser: &mut Parser<'_>) -> bool {
    let Some(Entry::Offset(offset, _)) = file.chain().entries.get(id.number) else {
        return true;
    };
    let Some(meant) = file.stream_at(offset) else {
        return true;
    };
    parser
        .stream_start()
        .and_then(|start| file.data().get(start..start.checked_add(meant.len())?))
        == Some(meant)
}

/// Where the next ` obj` begins, by its number.
fn next_object(data: &[u8], from: usize) -> Option<usize> {
    let rest = data.get(from..)?;
    let word = rest.windows(4).position(|bytes| bytes == b" obj")?;
    let mut at = from + word;
    // Back over the generation, a blank and the number.
    let digits = |mut at: usize| {
        while at > from && data.get(at - 1).is_some_and(u8::is_ascii_digit) {
            at -= 1;
        }
        at
    };
    at = digits(at);
    if at > from && data.get(at - 1) == Some(&b' ') {
        at = digits(at - 1);
    }
    Some(at.max(from))
}
