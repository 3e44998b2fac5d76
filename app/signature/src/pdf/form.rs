//! The interactive form (ISO 32000-2, 12.7): its fields by name, the signatures among them, and what they permit.

use super::file::File;
use super::object::{Dictionary, Id, Object};
use super::page::{self, Page};
use contract::geometry::Rect;
use std::collections::{HashMap, HashSet};

/// Most fields that are looked at.
const FIELDS_MAX: usize = 50_000;
/// Deepest nesting of fields.
const DEPTH_MAX: usize = 32;

/// The form of a file.
#[derive(Debug, Default)]
pub(crate) struct Form {
    /// `/AcroForm` of the catalog, when there is one.
    pub dictionary: Option<Dictionary>,
    /// Its number, when it is an object of its own.
    pub id: Option<Id>,
    /// Fully qualified names of all fields; a new field needs another.
    pub names: HashSet<String>,
    /// Fields that hold a signature, in the form's order.
    pub signed: Vec<SignedField>,
    /// Signature fields that hold none yet, in the form's order.
    pub waiting: Vec<Waiting>,
    /// Whether any signature forbids every change (DocMDP P=1, or a lock that does).
    pub forbids_changes: bool,
    /// Whether the catalog names a certification (`/Perms` with `/DocMDP`), whatever it permits.
    pub certified: bool,
    /// Whether it is an XFA form.
    pub xfa: bool,
}

/// A field with a signature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SignedField {
    /// Fully qualified name.
    pub name: String,
    /// Widgets that show something: page from 0, and rectangle in user space.
    pub boxes: Vec<(usize, Rect)>,
}

/// A signature field without a signature.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting {
    /// Fully qualified name.
    pub name: String,
    /// The field's object.
    pub id: Id,
    /// The field.
    pub field: Dictionary,
    /// Object and dictionary of its widget, often the field itself; none when it has several, or none of its own.
    pub widget: Option<(Id, Dictionary)>,
    /// Where it shows: page from 0, and rectangle in user space.
    pub place: Option<(usize, Rect)>,
}

impl Form {
    /// Reads the form. What is malformed is left out: only signing needs more, and asks for it.
    pub(crate) fn read(file: &File<'_>, catalog: &Dictionary, pages: &[Page]) -> Self {
        let mut form = Self {
            id: catalog.get("AcroForm").and_then(Object::as_reference),
            dictionary: file.dictionary(catalog, "AcroForm"),
            ..Self::default()
        };
        if let Some(certification) = file
            .dictionary(catalog, "Perms")
            .and_then(|perms| file.dictionary(&perms, "DocMDP"))
        {
            form.certified = true;
            form.forbids_changes |= forbids_changes(file, &certification);
        }
        let Some(dictionary) = form.dictionary.clone() else {
            return form;
        };
        form.id = form
            .id
            .filter(|id| matches!(file.object(*id), Some(Object::Dictionary(_))));
        form.xfa = file.value(&dictionary, "XFA") != Object::Null;
        let mut walk = Walk {
            file,
            places: Places::new(pages),
            seen: HashSet::new(),
            count: 0,
        };
        for field in file.array(&dictionary, "Fields").unwrap_or_default() {
            walk.field(&mut form, &field, "", false, 0);
        }
        form
    }

    /// A name no field has, without a dot (12.7.4.2).
    pub(crate) fn free_name(&self, kind: &str) -> String {
        (self.signed.len() + 1..)
            .map(|number| format!("{kind}{number}"))
            .find(|name| !self.names.contains(name))
            .unwrap_or_default() // unreachable: the range has no end
    }
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    places: Places<'f>,
    seen: HashSet<Id>,
    count: usize,
}

impl Walk<'_, '_> {
    fn field(
        &mut self,
        form: &mut Form,
        object: &Object,
        parent: &str,
        signature_above: bool,
        depth: usize,
    ) {
        let id = object.as_reference();
        self.count += 1;
        if depth > DEPTH_MAX
            || self.count > FIELDS_MAX
            || id.is_some_and(|id| !self.seen.insert(id))
        {
            return;
        }
        let file = self.file;
        let Object::Dictionary(field) = file.resolve(object) else {
            return;
        };
        let name = match (file.value(&field, "T"), parent) {
            (Object::String(own), "") => decode_text(&own),
            (Object::String(own), _) => format!("{parent}.{}", decode_text(&own)),
            _ => parent.to_owned(),
        };
        form.names.insert(name.clone());
        let is_signature = match file.value(&field, "FT") {
            Object::Name(kind) => kind == b"Sig",
            _ => signature_above,
        };
        let kids = file.array(&field, "Kids").unwrap_or_default();
        if is_signature && let Some(value) = file.dictionary(&field, "V") {
            form.forbids_changes |= forbids_changes(file, &value)
                || file
                    .dictionary(&field, "Lock")
                    .is_some_and(|lock| file.value(&lock, "P").as_integer() == Some(1));
            let mut boxes: Vec<_> = self.widget(&field, id).into_iter().collect();
            for kid in &kids {
                if let Object::Dictionary(widget) = file.resolve(kid) {
                    boxes.extend(self.widget(&widget, kid.as_reference()));
                }
            }
            form.signed.push(SignedField { name, boxes });
            return;
        }
        if is_signature && let Some(id) = id {
            let widgets: Option<Vec<(Id, Dictionary)>> = kids
                .iter()
                .map(|kid| match (kid.as_reference(), file.resolve(kid)) {
                    (Some(id), Object::Dictionary(kid)) if kid.get("T").is_none() => {
                        Some((id, kid))
                    }
                    _ => None,
                })
                .collect();
            // Kids with names of their own are fields, and looked at below.
            if let Some(mut widgets) = widgets {
                let widget = match widgets.len() {
                    0 => Some((id, field.clone())),
                    1 => widgets.pop(),
                    _ => None,
                };
                let place = widget
                    .as_ref()
                    .and_then(|(id, widget)| self.widget(widget, Some(*id)));
                form.waiting.push(Waiting {
                    name,
                    id,
                    field,
                    widget,
                    place,
                });
                return;
            }
        }
        for kid in &kids {
            self.field(form, kid, &name, is_signature, depth + 1);
        }
    }

    /// Page and rectangle of a widget that shows something: not hidden, and with an area.
    fn widget(&mut self, widget: &Dictionary, id: Option<Id>) -> Option<(usize, Rect)> {
        const HIDDEN: i64 = 2;
        const NO_VIEW: i64 = 32;
        let flags = self.file.value(widget, "F").as_integer().unwrap_or(0);
        if flags & (HIDDEN | NO_VIEW) != 0 {
            return None;
        }
        let rect = page::rectangle(self.file, &self.file.value(widget, "Rect"))?;
        if rect.width <= 0.0 || rect.height <= 0.0 {
            return None;
        }
        let stated = widget.get("P").and_then(Object::as_reference);
        Some((self.places.page(self.file, stated, id)?, rect))
    }
}

/// Which page a widget stands on: by its `/P`, else by the page that lists it.
struct Places<'f> {
    pages: &'f [Page],
    by_page: HashMap<Id, usize>,
    by_widget: Option<HashMap<Id, usize>>,
}

impl<'f> Places<'f> {
    fn new(pages: &'f [Page]) -> Self {
        let by_page = pages
            .iter()
            .enumerate()
            .filter_map(|(index, page)| Some((page.id?, index)))
            .collect();
        Self {
            pages,
            by_page,
            by_widget: None,
        }
    }

    fn page(&mut self, file: &File<'_>, stated: Option<Id>, widget: Option<Id>) -> Option<usize> {
        if let Some(index) = stated.and_then(|id| self.by_page.get(&id)) {
            return Some(*index);
        }
        let pages = self.pages;
        let listed = self.by_widget.get_or_insert_with(|| {
            let mut listed = HashMap::new();
            for (index, page) in pages.iter().enumerate() {
                for annotation in file.array(&page.dictionary, "Annots").unwrap_or_default() {
                    if let Some(id) = annotation.as_reference() {
                        listed.insert(id, index);
                    }
                }
            }
            listed
        });
        widget.and_then(|id| listed.get(&id)).copied()
    }
}

/// Whether a signature's DocMDP permits no changes at all (12.8.2.2: P=1; absent means 2).
fn forbids_changes(file: &File<'_>, signature: &Dictionary) -> bool {
    file.array(signature, "Reference")
        .unwrap_or_default()
        .iter()
        .any(|reference| match file.resolve(reference) {
            Object::Dictionary(reference) => {
                file.value(&reference, "TransformMethod").as_name() == Some(b"DocMDP")
                    && file
                        .dictionary(&reference, "TransformParams")
                        .is_some_and(|parameters| {
                            file.value(&parameters, "P").as_integer() == Some(1)
                        })
            }
            _ => false,
        })
}

/// A text string (7.9.2.2): UTF-16BE or UTF-8 by its mark, else PDFDocEncoding, read here as Latin-1.
pub(crate) fn decode_text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units: Vec<u16> = utf16
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)))
            .collect();
        String::from_utf16_lossy(&units)
    } else if let Some(utf8) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(utf8).into_owned()
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }
}
