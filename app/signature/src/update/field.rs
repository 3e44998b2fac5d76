//! Hanging a new signature field into a document: the page's annotations, the form's fields, the catalog's extensions.

use super::extension;
use super::objects::{Body, Objects};
use crate::error::SignError;
use crate::pdf::file::File;
use crate::pdf::form::{Form, Waiting};
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page::Page;
use contract::geometry::Rect;
use contract::worker::Signability;
use std::collections::BTreeMap;

/// `SignaturesExist` and `AppendOnly` (12.7.3, table 225).
const SIG_FLAGS: i64 = 3;

/// `Print` and `Locked` (ISO 32000-2, 12.5.3): the widget is printed and cannot be moved.
const WIDGET_FLAGS: i64 = 132;
/// The rectangle of a signature that is not seen (12.7.5.5).
pub(crate) const NOWHERE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
};

/// A document read so far that a field can be added to it.
#[derive(Debug)]
pub(crate) struct Document<'f, 'a> {
    /// The file.
    pub file: &'f File<'a>,
    /// The catalog's number.
    pub catalog_id: Id,
    /// The catalog.
    pub catalog: Dictionary,
    /// All pages.
    pub pages: Vec<Page>,
    /// The form.
    pub form: Form,
}

impl Document<'_, '_> {
    /// Adds a new field (which is also its widget) to a page and to the form, and marks to theirs; the catalog names the signature that
    /// certifies.
    ///
    /// # Errors
    /// [`SignError::PageMissing`]; `DamagedStructure` when a page is no object of its own.
    pub(crate) fn attach(
        &self,
        objects: &mut Objects,
        field: Option<(usize, Id)>,
        marks: &[(usize, Id)],
        certifying: Option<Id>,
    ) -> Result<(), SignError> {
        // One page object may stand in the tree more than once: what it gets is gathered by its number.
        let mut pages: BTreeMap<Id, (usize, Vec<Object>)> = BTreeMap::new();
        for (page, annotation) in field.into_iter().chain(marks.iter().copied()) {
            let id = self
                .pages
                .get(page)
                .ok_or(SignError::PageMissing)?
                .id
                .ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
            let (_, added) = pages.entry(id).or_insert_with(|| (page, Vec::new()));
            added.push(annotation.into());
        }
        for (page_id, (page, added)) in pages {
            self.attach_to_page(objects, page_id, page, added)?;
        }
        let mut catalog = self.catalog.clone();
        self.attach_to_form(objects, &mut catalog, field.map(|(_, id)| id));
        if let Some(signature) = certifying {
            let perms = self.file.dictionary(&catalog, "Perms").unwrap_or_default();
            catalog.set("Perms", perms.with("DocMDP", signature.into()).into());
        }
        // A file that is signed already is left alone: every further change has to be explained to its validators.
        if self.form.signed.is_empty() {
            extension::declare(self.file, &mut catalog, extension::SIGNATURE);
        }
        if catalog != self.catalog {
            objects.set(self.catalog_id, Body::Plain(catalog.into()));
        }
        Ok(())
    }

    fn attach_to_page(
        &self,
        objects: &mut Objects,
        page_id: Id,
        index: usize,
        added: Vec<Object>,
    ) -> Result<(), SignError> {
        let page = self.pages.get(index).ok_or(SignError::PageMissing)?;
        let annotations = page.dictionary.get("Annots");
        let mut list = match annotations.map(|value| self.file.resolve(value)) {
            Some(Object::Array(list)) => list,
            _ => Vec::new(),
        };
        list.extend(added);
        match annotations.and_then(Object::as_reference) {
            Some(id) if self.is_array(id) && !self.is_shared(id, index) => {
                objects.set(id, Body::Plain(Object::Array(list)));
            }
            _ => {
                let changed = page.dictionary.clone().with("Annots", Object::Array(list));
                objects.set(page_id, Body::Plain(changed.into()));
            }
        }
        Ok(())
    }

    fn is_array(&self, id: Id) -> bool {
        matches!(self.file.object(id), Some(Object::Array(_)))
    }

    /// Whether another page lists its annotations in the same array: the widget must not appear there too.
    fn is_shared(&self, annotations: Id, index: usize) -> bool {
        self.pages.iter().enumerate().any(|(other, page)| {
            other != index
                && page.dictionary.get("Annots").and_then(Object::as_reference) == Some(annotations)
        })
    }

    fn attach_to_form(&self, objects: &mut Objects, catalog: &mut Dictionary, field: Option<Id>) {
        let new: Vec<Object> = field.into_iter().map(Object::from).collect();
        let Some(form) = &self.form.dictionary else {
            let form = Dictionary::new()
                .with("Fields", Object::Array(new))
                .with("SigFlags", Object::Integer(SIG_FLAGS));
            let id = objects.add(Body::Plain(form.into()));
            catalog.set("AcroForm", id.into());
            return;
        };
        let mut changed = form.clone();
        let flags = self.file.value(form, "SigFlags").as_integer().unwrap_or(0);
        if flags & SIG_FLAGS != SIG_FLAGS {
            changed.set("SigFlags", Object::Integer(flags | SIG_FLAGS));
        }
        if !new.is_empty() {
            let mut fields = self.file.array(form, "Fields").unwrap_or_default();
            fields.extend(new);
            match form.get("Fields").and_then(Object::as_reference) {
                Some(id) if self.is_array(id) => {
                    objects.set(id, Body::Plain(Object::Array(fields)));
                }
                _ => changed.set("Fields", Object::Array(fields)),
            }
        }
        if changed == *form {
            return;
        }
        match self.form.id {
            Some(id) => objects.set(id, Body::Plain(changed.into())),
            None => catalog.set("AcroForm", changed.into()),
        }
    }
}

/// Field and widget in one (12.5.6.19). `/TU` is what a screen reader says.
pub(crate) fn widget(
    name: &str,
    spoken: &str,
    signature: Id,
    page: Id,
    rect: &Rect,
    form: Option<Id>,
) -> Dictionary {
    let corners = [rect.x, rect.y, rect.right(), rect.far()];
    let widget = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(name))
        .with("TU", Object::text(spoken))
        .with("V", signature.into())
        .with("F", Object::Integer(WIDGET_FLAGS))
        .with("P", page.into())
        .with("Rect", Object::numbers(&corners));
    match form {
        Some(form) => widget.with("AP", Dictionary::new().with("N", form.into()).into()),
        None => widget,
    }
}

/// Signs a field that the document has: its value, and what its widget shows. Flags that it has stay.
pub(crate) fn fill(
    file: &File<'_>,
    objects: &mut Objects,
    waiting: &Waiting,
    signature: Id,
    form: Option<Id>,
) {
    let mut field = waiting.field.clone().with("V", signature.into());
    let Some((id, widget)) = &waiting.widget else {
        return objects.set(waiting.id, Body::Plain(field.into()));
    };
    let show = |dictionary: &mut Dictionary| {
        let flags = file.value(dictionary, "F").as_integer().unwrap_or(0);
        dictionary.set("F", Object::Integer(flags | WIDGET_FLAGS));
        if let Some(form) = form {
            let looks = Dictionary::new().with("N", form.into());
            dictionary.set("AP", looks.into());
        }
    };
    if *id == waiting.id {
        show(&mut field);
    } else {
        let mut widget = widget.clone();
        show(&mut widget);
        objects.set(*id, Body::Plain(widget.into()));
    }
    objects.set(waiting.id, Body::Plain(field.into()));
}
