//! Trailer and catalog: validation material and extensions may be added, the structure tree may grow for new form fields.

use super::{Comparison, keys};
use crate::pdf::object::{Dictionary, Object};
use contract::validation::Modifications;
use std::collections::HashSet;

/// Keys of a trailer that describe the file and not the document (tables 15 and 17).
const FILE_KEYS: [&str; 13] = [
    "Size",
    "Prev",
    "Root",
    "Info",
    "ID",
    "XRefStm",
    "Type",
    "W",
    "Index",
    "Length",
    "Filter",
    "DecodeParms",
    "Encrypt",
];

impl Comparison<'_, '_> {
    pub(super) fn trailer(&self) {
        let (before, after) = (self.graph.before, self.graph.after);
        let (old, new) = (&before.chain().trailer, &after.chain().trailer);
        let value = |of: &Dictionary, key: &str| of.get(key).cloned().unwrap_or(Object::Null);
        if value(old, "Encrypt") != value(new, "Encrypt") {
            self.forbidden("trailer-changed", "Gốc của tài liệu đã bị thay.");
            return;
        }
        if before.chain().holds_all() != after.chain().holds_all() {
            // Strict readers take what lies beyond `/Size` for missing (7.5.5).
            self.forbidden(
                "trailer-changed",
                "Số đối tượng (Size) ghi ở cuối tệp đã bị đổi sau khi ký: mỗi chương trình có thể hiện một nội dung khác.",
            );
        }
        for key in keys(old, new) {
            // What a later trailer leads to shows nowhere; what the signed one led to must still be what it was.
            let led = old.get(key).map(|value| self.standing_part(value));
            if !FILE_KEYS.contains(&key) && led.is_some_and(|led| !self.graph.same(&led, &led)) {
                self.forbidden(
                    "trailer-changed",
                    &format!("Mục {key} ở cuối tệp đã bị thay."),
                );
            }
        }
        let information = match old.get("Info") {
            Some(old) if new.get("Info").is_none() => !self.graph.same(old, &old.clone()),
            _ => !self.graph.same_value(old, new, "Info"),
        };
        if information {
            self.class(Modifications::Lta);
        }
        // Some writers give the catalog another number; what it holds is compared either way.
        let Ok((_, new)) = after.catalog() else {
            self.forbidden("trailer-changed", "Gốc của tài liệu đã bị thay.");
            return;
        };
        self.graph.visit(self.graph.catalog.0);
        self.catalog(&self.graph.catalog.1, &new);
    }

    /// A value without references to objects that the signed revision does not have.
    fn standing_part(&self, value: &Object) -> Object {
        match value {
            Object::Reference(id) if self.graph.before.object(*id).is_none() => Object::Null,
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.standing_part(item)).collect())
            }
            other => other.clone(),
        }
    }

    fn catalog(&self, old: &Dictionary, new: &Dictionary) {
        self.form(old, new);
        self.pages(old, new);
        for key in keys(old, new) {
            if matches!(key, "AcroForm" | "Pages") || self.graph.same_value(old, new, key) {
                continue;
            }
            match key {
                "DSS" if self.fits(new, key) && new.get("DSS").is_some() => {
                    self.class(Modifications::Lta)
                }
                "Extensions" if self.fits(new, key) && new.get("Extensions").is_some() => {
                    self.class(Modifications::Lta)
                }
                "Version" if self.fits(new, key) && is_newer(old, new) => {
                    self.class(Modifications::Lta)
                }
                "Metadata"
                    if self.fits(new, key) && self.is_metadata(old) && self.is_metadata(new) =>
                {
                    self.class(Modifications::Lta);
                }
                "StructTreeRoot" if self.fits(new, key) && self.structure_grows(old, new) => {
                    self.class(Modifications::FormFill);
                }
                "MarkInfo" if self.fits(new, key) && old.get("MarkInfo").is_none() => {
                    self.class(Modifications::FormFill)
                }
                "Perms" => self.forbidden(
                    "permissions-changed",
                    "Quyền thay đổi tài liệu (Perms) đã bị thêm, bớt hoặc sửa sau khi ký.",
                ),
                _ => self.forbidden(
                    "catalog-changed",
                    &format!("Mục {key} của tài liệu đã bị thay sau khi ký."),
                ),
            }
        }
    }

    /// XMP, or nothing there yet (14.3.2).
    fn is_metadata(&self, catalog: &Dictionary) -> bool {
        let Some(value) = catalog.get("Metadata") else {
            return true;
        };
        let Some(id) = value.as_reference() else {
            return false;
        };
        [self.graph.before, self.graph.after]
            .iter()
            .all(|file| match file.object(id) {
                None => true,
                Some(Object::Dictionary(found)) => {
                    file.stream(id).is_some()
                        && found.is_name("Type", "Metadata")
                        && found.is_name("Subtype", "XML")
                }
                Some(_) => false,
            })
    }

    /// The tree of a tagged file (14.7.2): what stood there stands there still; elements that were added are form elements.
    fn structure_grows(&self, old: &Dictionary, new: &Dictionary) -> bool {
        let (Some(old), Some(new)) = (old.get("StructTreeRoot"), new.get("StructTreeRoot")) else {
            return false;
        };
        let mut seen = HashSet::new();
        let mut open = vec![(old.clone(), new.clone())];
        while let Some((old, new)) = open.pop() {
            if let (Some(old), Some(new)) = (old.as_reference(), new.as_reference()) {
                if self.graph.known.contains(&old) || self.graph.known.contains(&new) {
                    if old != new {
                        return false;
                    }
                    continue;
                }
                if !seen.insert((old, new)) {
                    continue;
                }
                if (self.graph.before.stream(old).is_some()
                    || self.graph.after.stream(new).is_some())
                    && !self
                        .graph
                        .same(&Object::Reference(old), &Object::Reference(new))
                {
                    return false;
                }
            }
            let (old, new) = (
                self.graph.before.resolve(&old),
                self.graph.after.resolve(&new),
            );
            match (old, new) {
                (Object::Dictionary(old), Object::Dictionary(new)) => {
                    for key in keys(&old, &new) {
                        match (old.get(key), new.get(key)) {
                            // The next free number of the parent tree, and the bounds of its leaves.
                            _ if matches!(key, "ParentTreeNextKey" | "Limits") => {}
                            (None, Some(_))
                                if old.is_name("Type", "StructTreeRoot")
                                    || (key == "K" && self.are_form_elements(&new)) => {}
                            (Some(old), Some(new)) if key == "Nums" => {
                                match self.numbered(old, new) {
                                    Some(pairs) => open.extend(pairs),
                                    None => return false,
                                }
                            }
                            (Some(old), Some(new)) => open.push((old.clone(), new.clone())),
                            _ => return false,
                        }
                    }
                }
                (Object::Array(old), Object::Array(new)) => {
                    // Every old entry finds its own, in order; what stands between is new.
                    let mut rest = new.into_iter();
                    for old in old {
                        let mut pair = None;
                        for new in rest.by_ref() {
                            let may_be = match (old.as_reference(), new.as_reference()) {
                                (Some(old), Some(new)) => old == new,
                                (None, None) => match (&old, &new) {
                                    (Object::Array(_), Object::Array(_))
                                    | (Object::Dictionary(_), Object::Dictionary(_)) => true,
                                    _ => old == new,
                                },
                                _ => false,
                            };
                            if may_be {
                                pair = Some((old.clone(), new));
                                break;
                            }
                            if !self.is_form_element(&new) {
                                return false;
                            }
                        }
                        match pair {
                            Some(pair) => open.push(pair),
                            None => return false,
                        }
                    }
                    if !rest.all(|new| self.is_form_element(&new)) {
                        return false;
                    }
                }
                // One kid became a list of kids.
                (old @ Object::Dictionary(_), Object::Array(new)) => match new.split_first() {
                    Some((first, rest)) if rest.iter().all(|new| self.is_form_element(new)) => {
                        open.push((old, first.clone()));
                    }
                    _ => return false,
                },
                (old, new) if old == new => {}
                _ => return false,
            }
        }
        true
    }

    /// The values of a number tree's leaf by number (7.9.7); every old number must still be there.
    fn numbered(&self, old: &Object, new: &Object) -> Option<Vec<(Object, Object)>> {
        let (Object::Array(old), Object::Array(new)) = (
            self.graph.before.resolve(old),
            self.graph.after.resolve(new),
        ) else {
            return None;
        };
        let (old, _) = old.as_chunks::<2>();
        let (new, _) = new.as_chunks::<2>();
        old.iter()
            .map(|[number, value]| {
                let [_, now] = new.iter().find(|[other, _]| other == number)?;
                Some((value.clone(), now.clone()))
            })
            .collect()
    }

    fn are_form_elements(&self, parent: &Dictionary) -> bool {
        match self.graph.after.value(parent, "K") {
            Object::Array(kids) => kids.iter().all(|kid| self.is_form_element(kid)),
            kid => self.is_form_element(&kid),
        }
    }

    /// A structure element of a form field, or a number of the parent tree.
    fn is_form_element(&self, object: &Object) -> bool {
        match self.graph.after.resolve(object) {
            Object::Integer(_) => true,
            Object::Dictionary(found) => {
                found.is_name("S", "Form") || found.is_name("Type", "OBJR")
            }
            _ => false,
        }
    }
}

/// `/Version` of a catalog only ever rises (7.5.2).
fn is_newer(old: &Dictionary, new: &Dictionary) -> bool {
    let version = |of: &Dictionary| {
        of.get("Version")
            .and_then(Object::as_name)
            .and_then(|name| std::str::from_utf8(name).ok())
            .and_then(|name| name.parse::<f32>().ok())
    };
    match (version(old), version(new)) {
        (None, Some(_)) => true,
        (Some(old), Some(new)) => new >= old,
        _ => false,
    }
}
