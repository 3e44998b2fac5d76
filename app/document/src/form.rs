//! Form fields (ISO 32000-2, 12.7): names, kinds and values are inherited, places are those of their widgets.

use crate::catalog::Catalog;
use crate::limits::{FIELDS_MAX, NODES_MAX, TREE_DEPTH_MAX};
use crate::link::{each_annotation, seen_rect, within};
use crate::open::geometry;
use crate::text_string::{decode, one_line};
use contract::document::{FieldKind, FormField};
use contract::geometry::Rect;
use hayro_syntax::object::{Array, Dict, Name, ObjRef, Object, ObjectIdentifier};
use std::collections::{HashMap, HashSet};

/// Most letters of a value that are kept.
const VALUE_MAX: usize = 4_096;

/// What a field takes over from those above it (ISO 32000-2, 12.7.4.1).
#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Option<FieldKind>,
    value: Option<String>,
}

/// Every field that takes something, once a widget; in the order of the form.
pub(crate) fn fields(catalog: &Catalog<'_>) -> Vec<FormField> {
    let mut fields = Vec::new();
    let Some(roots) = catalog
        .root
        .get::<Dict<'_>>(b"AcroForm")
        .and_then(|form| form.get::<Array<'_>>(b"Fields"))
    else {
        return fields;
    };
    let places = places(catalog);
    let mut seen: HashSet<ObjRef> = HashSet::new();
    let mut budget = NODES_MAX;
    let mut waiting = Vec::new();
    let mut push = |waiting: &mut Vec<_>, kids: &Array<'_>, above: &Inherited, depth: usize| {
        let start = waiting.len();
        for kid in kids.raw_iter() {
            if budget == 0 {
                break;
            }
            budget -= 1;
            if let Some(kid) = kid.as_obj_ref()
                && seen.insert(kid)
            {
                waiting.push((kid, above.clone(), depth));
            }
        }
        // The first one on top.
        if let Some(added) = waiting.get_mut(start..) {
            added.reverse();
        }
    };
    push(&mut waiting, &roots, &Inherited::default(), 0);
    while let Some((reference, above, depth)) = waiting.pop() {
        if fields.len() >= FIELDS_MAX {
            break;
        }
        let Some(field) = catalog.at(reference).and_then(Object::into_dict) else {
            continue;
        };
        let own = inherit(&field, &above);
        let kids = field.get::<Array<'_>>(b"Kids");
        if let Some(kids) = &kids
            && depth < TREE_DEPTH_MAX
        {
            push(&mut waiting, kids, &own, depth + 1);
        }
        let is_end = kids.is_none_or(|kids| kids.raw_iter().next().is_none());
        if is_end {
            fields.push(FormField {
                name: own.name,
                kind: own.kind.unwrap_or(FieldKind::Unknown),
                value: own.value,
                place: places.get(&reference.into()).copied(),
            });
        }
    }
    fields
}

fn inherit(field: &Dict<'_>, above: &Inherited) -> Inherited {
    let name = match crate::catalog::line(field, b"T") {
        Some(part) if above.name.is_empty() => part,
        Some(part) => format!("{}.{part}", above.name),
        None => above.name.clone(),
    };
    let kind = field
        .get::<Name<'_>>(b"FT")
        .map(|kind| match kind.as_ref() {
            b"Tx" => FieldKind::Text,
            b"Btn" => FieldKind::Button,
            b"Ch" => FieldKind::Choice,
            b"Sig" => FieldKind::Signature,
            _ => FieldKind::Unknown,
        });
    let kind = kind.or(above.kind);
    let value = match kind {
        // The value of a signature is the signature itself.
        Some(FieldKind::Signature) => None,
        _ => field
            .get::<Object<'_>>(b"V")
            .and_then(value)
            .or_else(|| above.value.clone()),
    };
    Inherited { name, kind, value }
}

fn value(value: Object<'_>) -> Option<String> {
    let text = match value {
        Object::String(text) => decode(&text),
        Object::Name(name) => String::from_utf8_lossy(&name).into_owned(),
        // Several choices (ISO 32000-2, 12.7.5.4).
        Object::Array(choices) => choices
            .iter::<Object<'_>>()
            .filter_map(|choice| Some(one_line(&decode(&choice.into_string()?))))
            .take(64)
            .collect::<Vec<_>>()
            .join(", "),
        // Long texts may stand in a stream.
        Object::Stream(stream) => {
            decode(&crate::attachment::unpacked(&stream, VALUE_MAX * 2).ok()?)
        }
        _ => return None,
    };
    // The lines of a text stay; nothing else that is not seen does.
    let text: String = text
        .chars()
        .map(|letter| if letter == '\r' { '\n' } else { letter })
        .filter(|letter| {
            *letter == '\n'
                || !(letter.is_control() || crate::text_string::is_direction_mark(*letter))
        })
        .take(VALUE_MAX)
        .collect();
    (!text.is_empty()).then_some(text)
}

/// Where every widget stands.
fn places(catalog: &Catalog<'_>) -> HashMap<ObjectIdentifier, (u32, Rect)> {
    let mut places = HashMap::new();
    let mut looked = 0;
    for (number, page) in (0..).zip(catalog.pdf.pages().iter()) {
        // All pages may name the same list.
        if places.len() >= FIELDS_MAX || looked >= NODES_MAX {
            break;
        }
        let boxes = geometry(page);
        let bounds = boxes.view_bounds();
        looked += each_annotation(catalog, page, |annotation| {
            let is_widget = annotation
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_ref() == b"Widget");
            if is_widget
                && let Some(id) = annotation.obj_id()
                && let Some(rect) = seen_rect(annotation)
                && let Some(rect) = within(&boxes.rect_to_view(rect), &bounds)
            {
                places.entry(id).or_insert((number, rect));
            }
        });
    }
    places
}
