//! The outline (ISO 32000-2, 12.3.3).

use crate::catalog::{Catalog, line};
use crate::limits::{OUTLINE_DEPTH_MAX, OUTLINE_MAX};
use contract::document::OutlineEntry;
use hayro_syntax::object::{Dict, ObjRef, Object};
use std::collections::HashSet;

/// All entries in reading order. One that names itself again, is too deep or one too many is left out.
pub(crate) fn outline(catalog: &Catalog<'_>) -> Vec<OutlineEntry> {
    let mut entries = Vec::new();
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let first = |dict: &Dict<'_>, key: &[u8]| dict.get_ref(key);
    let Some(top) = catalog.root.get::<Dict<'_>>(b"Outlines") else {
        return entries;
    };
    // What still has to be read, with its level; the next one on top.
    let mut waiting: Vec<(ObjRef, u8)> = first(&top, b"First")
        .map(|entry| (entry, 0))
        .into_iter()
        .collect();
    while let Some((reference, level)) = waiting.pop() {
        if entries.len() >= OUTLINE_MAX {
            break;
        }
        if !seen.insert(reference) {
            continue;
        }
        let Some(entry) = catalog.at(reference).and_then(Object::into_dict) else {
            continue;
        };
        let spot = match entry.get::<Object<'_>>(b"Dest") {
            Some(destination) => catalog.spot(destination),
            None => entry
                .get::<Dict<'_>>(b"A")
                .and_then(|action| catalog.action_spot(&action)),
        };
        entries.push(OutlineEntry {
            // An entry without words still has a line, for its children.
            title: line(&entry, b"Title").unwrap_or_else(|| "–".to_owned()),
            level,
            spot,
        });
        if let Some(next) = first(&entry, b"Next") {
            waiting.push((next, level));
        }
        if level < OUTLINE_DEPTH_MAX
            && let Some(child) = first(&entry, b"First")
        {
            waiting.push((child, level + 1));
        }
    }
    entries
}
