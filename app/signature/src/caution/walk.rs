//! Everything that can be reached from the trailer, once, and what of it acts, comes from outside or is attached.

use super::Told;
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page::{Page, rectangle};
use crate::update::field::Document;
use contract::caution::CautionKind;
use contract::geometry::Rect;
use std::collections::HashSet;

/// Most values that are looked at.
const WORK_MAX: usize = 5_000_000;
/// Most annotations that are looked at: many pages may name the same list of many.
const ANNOTATIONS_MAX: usize = 200_000;
/// Flags of an annotation (table 167).
const HIDDEN: i64 = 2;
const PRINT: i64 = 4;
const NO_VIEW: i64 = 32;
/// Kinds of annotation that can be opaque and are no part of the page.
const COVERING: [&[u8]; 7] = [
    b"FreeText",
    b"Stamp",
    b"Square",
    b"Circle",
    b"Polygon",
    b"Redact",
    b"Watermark",
];

/// What was reached.
pub(super) struct Reached {
    pub(super) ids: HashSet<Id>,
    /// Whether everything was looked at.
    pub(super) whole: bool,
}

/// Walks, and tells what acts or comes from outside.
pub(super) fn walk(document: &Document<'_, '_>, told: &mut Told) -> Reached {
    let file = document.file;
    annotations(document, told, &mut Vec::new());
    let mut reached = Reached {
        ids: HashSet::new(),
        whole: true,
    };
    let mut catalog = document.catalog.clone();
    // Layers count as reached only where something uses them.
    catalog.set("OCProperties", Object::Null);
    reached.ids.insert(document.catalog_id);
    let mut open: Vec<Object> = vec![catalog.into()];
    for (key, value) in file.chain().trailer.iter() {
        if key != b"Root" && key != b"Encrypt" {
            open.push(value.clone());
        }
    }
    let mut work = 0_usize;
    while let Some(value) = open.pop() {
        work += 1;
        if work > WORK_MAX {
            reached.whole = false;
            break;
        }
        match value {
            Object::Reference(id) => {
                if reached.ids.insert(id)
                    && let Some(found) = file.object(id)
                {
                    if let Object::Dictionary(head) = &found
                        && file.is_stream(id)
                        && head.get("F").is_some()
                    {
                        told.whole(CautionKind::OutsideContent);
                    }
                    open.push(found);
                }
            }
            Object::Array(items) => open.extend(items),
            Object::Dictionary(found) => {
                look(document, &found, told);
                open.extend(found.iter().map(|(_, value)| value.clone()));
            }
            _ => {}
        }
    }
    reached
}

fn look(document: &Document<'_, '_>, found: &Dictionary, told: &mut Told) {
    let file = document.file;
    match found.get("S").and_then(Object::as_name) {
        Some(b"JavaScript") => told.whole(CautionKind::Script),
        Some(
            b"Launch" | b"SubmitForm" | b"ImportData" | b"Hide" | b"SetOCGState"
            | b"RichMediaExecute",
        ) => told.whole(CautionKind::Action),
        _ => {}
    }
    if found.repeats() {
        told.whole(CautionKind::DoubledObject);
    }
    if found.is_name("Subtype", "Form") && found.get("Ref").is_some() {
        told.whole(CautionKind::OutsideContent);
    }
    if found.is_name("Subtype", "Image") && found.get("Alternates").is_some() {
        told.whole(CautionKind::PrintsOtherwise);
    }
    if found.get("EF").is_some() {
        let name = ["UF", "F"]
            .iter()
            .find_map(|key| match file.value(found, key) {
                Object::String(name) => Some(decode_text(&name)),
                _ => None,
            });
        told.whole(CautionKind::Attachment);
        told.named(CautionKind::Attachment, name.unwrap_or_default());
    }
    if found.is_name("Type", "Template") {
        told.whole(CautionKind::SpareContent);
    }
}

/// Annotations with their pages, from 0.
pub(super) fn annotated<'d>(
    document: &'d Document<'_, '_>,
) -> impl Iterator<Item = (usize, &'d Page, Dictionary)> {
    let file = document.file;
    let pages = document.pages.iter().enumerate();
    let listed = pages.flat_map(move |(index, page)| {
        let list = file.array(&page.dictionary, "Annots").unwrap_or_default();
        list.into_iter().map(move |one| (index, page, one))
    });
    listed
        .take(ANNOTATIONS_MAX)
        .filter_map(move |(index, page, one)| match file.resolve(&one) {
            Object::Dictionary(annotation) => Some((index, page, annotation)),
            _ => None,
        })
}

/// Annotations that print otherwise than they show, and those that may cover something.
pub(super) fn annotations(
    document: &Document<'_, '_>,
    told: &mut Told,
    covers: &mut Vec<(u32, Rect)>,
) {
    let file = document.file;
    for (index, page, annotation) in annotated(document) {
        let flags = file.value(&annotation, "F").as_integer().unwrap_or(0);
        let draws = annotation.get("AP").is_some();
        let Some(rect) = rectangle(file, &file.value(&annotation, "Rect"))
            .filter(|rect| rect.width > 0.0 && rect.height > 0.0)
        else {
            continue;
        };
        let kind = file.value(&annotation, "Subtype");
        let kind = kind.as_name().unwrap_or_default();
        if draws && flags & NO_VIEW != 0 && flags & PRINT != 0 && flags & HIDDEN == 0 {
            told.on(CautionKind::PrintsOtherwise, Some(index));
        }
        let shown = flags & (HIDDEN | NO_VIEW) == 0;
        if shown && draws && COVERING.contains(&kind) && covers.len() < 10_000 {
            let seen = page.geometry(file).rect_to_view(rect);
            if let Ok(page) = u32::try_from(index) {
                covers.push((page, seen));
            }
        }
    }
}
