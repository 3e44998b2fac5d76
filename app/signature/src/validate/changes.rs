//! What later revisions changed (ISO 32000-2, 12.8.2.2.2): object by object against the signed revision, permitted by exception only.
//!
//! An object that is new is harmless by itself: it shows only through an object that existed and was changed. So every changed object
//! must be one that may change, and only in the keys that may change: the form grows a field, a page grows a widget, an empty
//! field is filled, the catalog gains validation material.

use super::fields::Field;
use super::finding;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page;
use crate::pdf::xref::Entry;
use contract::validation::{Finding, Modifications, Severity};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Classes every change since the signed revision; the gravest, and what to tell.
pub(crate) fn since(file: &File<'_>, end: usize, field: &Field) -> (Modifications, Vec<Finding>) {
    let unreadable = || {
        let told = finding(
            "revision-unreadable",
            "Không đọc được phiên bản đã ký để so sánh.",
            Severity::Error,
        );
        (Modifications::Other, vec![told])
    };
    let Some(signed) = file
        .data()
        .get(..end)
        .and_then(|part| File::open(part).ok())
    else {
        return unreadable();
    };
    let Some(comparison) = Comparison::new(&signed, file) else {
        return unreadable();
    };
    let (mut class, mut findings) = comparison.run();
    if class == Modifications::Other {
        findings.push(finding(
            "changed-after-signing",
            "Tài liệu đã bị thay đổi sau khi ký, vượt quá những gì được phép.",
            Severity::Error,
        ));
    }
    let allowed = match field.permissions {
        Some(1) => Modifications::Lta,
        Some(2) => Modifications::FormFill,
        _ => Modifications::Annotate,
    };
    if class > allowed && class != Modifications::Other {
        findings.push(finding(
            "not-permitted",
            "Thay đổi sau khi ký không được người ký cho phép (DocMDP).",
            Severity::Error,
        ));
        class = Modifications::Other;
    }
    (class, findings)
}

/// What an object of the signed revision is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Catalog,
    Form,
    /// The array of the form's fields, as an object of its own.
    Fields,
    Page,
    /// The array of a page's annotations, as an object of its own.
    Annotations,
    /// A field or widget of the form.
    Widget,
    /// `/DSS` and everything below it.
    Dss,
    /// The information dictionary: dates and producer, nothing a page shows.
    Information,
}

struct Comparison<'f, 'a> {
    before: &'f File<'a>,
    after: &'f File<'a>,
    uses: HashMap<Id, Use>,
    /// Objects with a second use that no permitted change covers.
    shared: HashSet<Id>,
}

impl<'f, 'a> Comparison<'f, 'a> {
    fn new(before: &'f File<'a>, after: &'f File<'a>) -> Option<Self> {
        let (catalog_id, catalog) = before.catalog().ok()?;
        // The document must still hang on the same catalog.
        if after.catalog().ok()?.0 != catalog_id {
            return None;
        }
        let mut uses = HashMap::from([(catalog_id, Use::Catalog)]);
        let mut shared = HashSet::new();
        let mut note = |id: Id, used: Use| {
            if uses.insert(id, used).is_some_and(|earlier| earlier != used) {
                shared.insert(id);
            }
        };
        if let Some(id) = catalog.get("AcroForm").and_then(Object::as_reference) {
            note(id, Use::Form);
        }
        if let Some(form) = before.dictionary(&catalog, "AcroForm") {
            if let Some(id) = form.get("Fields").and_then(Object::as_reference) {
                note(id, Use::Fields);
            }
            let mut open = before.array(&form, "Fields").unwrap_or_default();
            let mut seen = HashSet::new();
            while let Some(next) = open.pop() {
                let Some(id) = next.as_reference().filter(|id| seen.insert(*id)) else {
                    continue;
                };
                note(id, Use::Widget);
                if let Some(Object::Dictionary(field)) = before.object(id) {
                    open.extend(before.array(&field, "Kids").unwrap_or_default());
                }
            }
        }
        if let Some(id) = catalog.get("DSS").and_then(Object::as_reference) {
            note(id, Use::Dss);
        }
        if let Some(id) = before
            .chain()
            .trailer
            .get("Info")
            .and_then(Object::as_reference)
        {
            note(id, Use::Information);
        }
        for page in page::pages(before, &catalog).ok()? {
            let Some(id) = page.id else { continue };
            note(id, Use::Page);
            if let Some(annotations) = page.dictionary.get("Annots").and_then(Object::as_reference)
            {
                note(annotations, Use::Annotations);
            }
        }
        Some(Self {
            before,
            after,
            uses,
            shared,
        })
    }

    fn run(&self) -> (Modifications, Vec<Finding>) {
        let mut class = Modifications::None;
        let mut findings = Vec::new();
        if self.same_trailer() {
            let before: BTreeMap<u32, Entry> = self
                .before
                .chain()
                .entries
                .iter()
                .map(|(k, v)| (*k, *v))
                .collect();
            for (number, entry) in before {
                let now = self.after.chain().entries.get(&number).copied();
                if now == Some(entry) || entry == Entry::Free {
                    continue;
                }
                let change = self.changed(number, entry);
                if change == Modifications::Other {
                    findings.push(finding(
                        "object-changed",
                        &format!("Đối tượng {number} của phiên bản đã ký đã bị thay."),
                        Severity::Error,
                    ));
                }
                class = class.max(change);
            }
        } else {
            findings.push(finding(
                "trailer-changed",
                "Gốc của tài liệu đã bị thay.",
                Severity::Error,
            ));
            class = Modifications::Other;
        }
        match class {
            Modifications::FormFill => findings.push(finding(
                "form-or-signature-added",
                "Sau chữ ký này, biểu mẫu được điền hoặc có thêm chữ ký khác.",
                Severity::Info,
            )),
            Modifications::Annotate => findings.push(finding(
                "annotation-added",
                "Sau chữ ký này có thêm hoặc sửa chú thích trên trang.",
                Severity::Warning,
            )),
            Modifications::Lta => findings.push(finding(
                "validation-data-added",
                "Sau chữ ký này có thêm dữ liệu kiểm tra hoặc dấu thời gian.",
                Severity::Info,
            )),
            Modifications::None | Modifications::Other => {}
        }
        (class, findings)
    }

    fn same_trailer(&self) -> bool {
        let (before, after) = (&self.before.chain().trailer, &self.after.chain().trailer);
        before.get("Root") == after.get("Root") && before.get("Encrypt") == after.get("Encrypt")
    }

    /// One object that is written anew.
    fn changed(&self, number: u32, entry: Entry) -> Modifications {
        let generation = match entry {
            Entry::Offset(_, generation) => generation,
            Entry::Free | Entry::Packed(..) => 0,
        };
        let id = Id { number, generation };
        let (before, after) = (self.before.object(id), self.after.object(id));
        let (Some(before), Some(after)) = (before, after) else {
            return Modifications::Other;
        };
        let is_stream = self.before.stream(id).is_some() || self.after.stream(id).is_some();
        if before == after && self.before.stream(id) == self.after.stream(id) {
            return Modifications::None;
        }
        // XMP streams too: shadow attacks hang what they hide on `/Metadata`.
        if is_stream || self.shared.contains(&id) {
            return Modifications::Other;
        }
        match (self.uses.get(&id), &before, &after) {
            (Some(Use::Catalog), Object::Dictionary(before), Object::Dictionary(after)) => {
                self.catalog(before, after)
            }
            (Some(Use::Form), Object::Dictionary(before), Object::Dictionary(after)) => {
                self.form(before, after)
            }
            (Some(Use::Fields), Object::Array(before), Object::Array(after)) => {
                self.fields(before, after)
            }
            (Some(Use::Page), Object::Dictionary(before), Object::Dictionary(after)) => {
                self.page(before, after)
            }
            (Some(Use::Annotations), Object::Array(before), Object::Array(after)) => {
                self.annotations(before, after)
            }
            (Some(Use::Widget), Object::Dictionary(before), Object::Dictionary(after)) => {
                Self::widget(before, after)
            }
            (Some(Use::Dss | Use::Information), Object::Dictionary(_), Object::Dictionary(_)) => {
                Modifications::Lta
            }
            _ => Modifications::Other,
        }
    }

    /// Each key that differs must be permitted.
    fn keys(
        before: &Dictionary,
        after: &Dictionary,
        permitted: impl Fn(&[u8], Option<&Object>, Option<&Object>) -> Modifications,
    ) -> Modifications {
        let mut names: Vec<&[u8]> = before
            .iter()
            .chain(after.iter())
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        let value = |of: &Dictionary, name: &[u8]| {
            of.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.clone())
        };
        names
            .into_iter()
            .map(|name| match (value(before, name), value(after, name)) {
                (old, new) if old == new => Modifications::None,
                (old, new) => permitted(name, old.as_ref(), new.as_ref()),
            })
            .max()
            .unwrap_or(Modifications::None)
    }

    fn catalog(&self, before: &Dictionary, after: &Dictionary) -> Modifications {
        Self::keys(before, after, |name, old, new| match (name, old, new) {
            (b"AcroForm", None, Some(new)) => match self.after.resolve(new) {
                Object::Dictionary(new) => self
                    .form(&Dictionary::default(), &new)
                    .max(Modifications::FormFill),
                _ => Modifications::Other,
            },
            (b"AcroForm", Some(old), Some(new)) => {
                match (self.before.resolve(old), self.after.resolve(new)) {
                    (Object::Dictionary(old), Object::Dictionary(new)) => self.form(&old, &new),
                    _ => Modifications::Other,
                }
            }
            (b"DSS" | b"Extensions", _, Some(_)) => Modifications::Lta,
            _ => Modifications::Other,
        })
    }

    fn form(&self, before: &Dictionary, after: &Dictionary) -> Modifications {
        Self::keys(before, after, |name, old, new| match (name, new) {
            (b"Fields", Some(new)) => {
                let old = old.map_or(Object::Array(Vec::new()), |old| self.before.resolve(old));
                match (old, self.after.resolve(new)) {
                    (Object::Array(old), Object::Array(new)) => self.fields(&old, &new),
                    _ => Modifications::Other,
                }
            }
            (b"SigFlags" | b"DA", Some(_)) => Modifications::FormFill,
            (b"DR", Some(_)) if old.is_none() => Modifications::FormFill,
            _ => Modifications::Other,
        })
    }

    /// All old entries in their order, then new ones.
    fn added<'n>(before: &[Object], after: &'n [Object]) -> Option<&'n [Object]> {
        let (same, added) = after.split_at_checked(before.len())?;
        (same == before).then_some(added)
    }

    /// Only signature fields may be added.
    fn fields(&self, before: &[Object], after: &[Object]) -> Modifications {
        match Self::added(before, after) {
            Some(added) if added.iter().all(|field| self.is_signature_field(field)) => {
                Modifications::FormFill
            }
            _ => Modifications::Other,
        }
    }

    fn is_signature_field(&self, object: &Object) -> bool {
        matches!(self.after.resolve(object), Object::Dictionary(field)
            if self.after.value(&field, "FT").as_name() == Some(b"Sig"))
    }

    fn page(&self, before: &Dictionary, after: &Dictionary) -> Modifications {
        Self::keys(before, after, |name, old, new| match (name, new) {
            (b"Annots", Some(new)) => {
                let old = old.map_or(Object::Array(Vec::new()), |old| self.before.resolve(old));
                match (old, self.after.resolve(new)) {
                    (Object::Array(old), Object::Array(new)) => self.annotations(&old, &new),
                    _ => Modifications::Other,
                }
            }
            (b"Tabs", Some(_)) => Modifications::FormFill,
            _ => Modifications::Other,
        })
    }

    /// Widgets of signatures are form filling; any other annotation is an annotation.
    fn annotations(&self, before: &[Object], after: &[Object]) -> Modifications {
        match Self::added(before, after) {
            None => Modifications::Other,
            Some(added) if added.iter().all(|widget| self.is_signature_field(widget)) => {
                Modifications::FormFill
            }
            Some(_) => Modifications::Annotate,
        }
    }

    /// A field may be filled: its value and appearance, and its lock state; its place and name stay.
    fn widget(before: &Dictionary, after: &Dictionary) -> Modifications {
        let signs = before.is_name("FT", "Sig");
        // A signature that stands is never replaced, nor what it shows.
        let stands = signs && before.get("V").is_some_and(|value| *value != Object::Null);
        Self::keys(before, after, |name, _, _| match name {
            _ if stands => Modifications::Other,
            b"V" | b"AP" | b"AS" | b"M" => Modifications::FormFill,
            b"F" | b"MK" | b"DA" if signs => Modifications::FormFill,
            _ => Modifications::Other,
        })
    }
}
