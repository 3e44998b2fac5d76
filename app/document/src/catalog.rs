//! The catalog and what hangs from it: name trees, page numbers, destinations.

use crate::limits::{NODES_MAX, TREE_DEPTH_MAX};
use crate::open::geometry;
use contract::document::Spot;
use contract::geometry::Point;
use hayro_syntax::Pdf;
use hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier, String as PdfString,
};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// The number of every page by its object.
pub(crate) type PageNumbers = HashMap<ObjectIdentifier, u32>;

/// Numbers the pages.
pub(crate) fn page_numbers(pdf: &Pdf) -> PageNumbers {
    let mut numbers = PageNumbers::new();
    for (number, page) in (0..).zip(pdf.pages().iter()) {
        if let Some(id) = page.raw().obj_id() {
            numbers.entry(id).or_insert(number);
        }
    }
    numbers
}

/// The catalog of an open file.
pub(crate) struct Catalog<'a> {
    pub(crate) pdf: &'a Pdf,
    pub(crate) root: Dict<'a>,
    numbers: &'a PageNumbers,
    /// Destinations of the name tree, read once: a document may lead to thousands of names.
    names: OnceCell<HashMap<Vec<u8>, Object<'a>>>,
}

impl<'a> Catalog<'a> {
    pub(crate) fn new(pdf: &'a Pdf, numbers: &'a PageNumbers) -> Self {
        Self {
            pdf,
            root: pdf
                .xref()
                .get::<Dict<'_>>(pdf.xref().root_id())
                .unwrap_or_default(),
            numbers,
            names: OnceCell::new(),
        }
    }

    /// The object itself, wherever it stands.
    pub(crate) fn resolve(&self, item: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
        match item {
            MaybeRef::Ref(reference) => self.at(reference),
            MaybeRef::NotRef(object) => Some(object),
        }
    }

    /// The object a reference names.
    pub(crate) fn at(&self, reference: ObjRef) -> Option<Object<'a>> {
        self.pdf.xref().get::<Object<'_>>(reference.into())
    }

    /// The number of the page an object is.
    pub(crate) fn page_number(&self, reference: ObjRef) -> Option<u32> {
        self.numbers.get(&reference.into()).copied()
    }

    /// Every pair of a name tree (ISO 32000-2, 7.9.6), as long as `see` wants more.
    pub(crate) fn name_tree(
        &self,
        tree: &Dict<'a>,
        mut see: impl FnMut(&[u8], Object<'a>) -> bool,
    ) {
        let mut seen = HashSet::new();
        let mut budget = NODES_MAX;
        let mut waiting = vec![(tree.clone(), 0)];
        while let Some((node, depth)) = waiting.pop() {
            if let Some(names) = node.get::<Array<'_>>(b"Names") {
                let mut items = names.raw_iter();
                while let (Some(name), Some(value)) = (items.next(), items.next()) {
                    budget -= 1;
                    if budget == 0 {
                        return;
                    }
                    let name = self.resolve(name).and_then(Object::into_string);
                    if let (Some(name), Some(value)) = (name, self.resolve(value))
                        && !see(&name, value)
                    {
                        return;
                    }
                }
            }
            if depth < TREE_DEPTH_MAX
                && let Some(kids) = node.get::<Array<'_>>(b"Kids")
            {
                let mut found = Vec::new();
                for kid in kids.raw_iter() {
                    budget -= 1;
                    if budget == 0 {
                        return;
                    }
                    if kid.as_obj_ref().is_none_or(|kid| seen.insert(kid))
                        && let Some(kid) = self.resolve(kid).and_then(Object::into_dict)
                    {
                        found.push((kid, depth + 1));
                    }
                }
                // Kids in their order: the stack gives the last one first.
                waiting.extend(found.into_iter().rev());
            }
        }
    }

    /// Where a destination leads (ISO 32000-2, 12.3.2): explicit, or by name through `/Dests` or the name tree.
    pub(crate) fn spot(&self, destination: Object<'a>) -> Option<Spot> {
        let mut destination = destination;
        // A name leads to an array or a dictionary with an array, never to another name; a file may lie.
        for _ in 0..4 {
            destination = match destination {
                Object::Array(array) => return self.explicit(&array),
                Object::Dict(dict) => dict.get::<Object<'_>>(b"D")?,
                Object::Name(name) => self.named(&name)?,
                Object::String(name) => self.named(&name)?,
                _ => return None,
            };
        }
        None
    }

    /// Where an action leads, when it only moves within the document (ISO 32000-2, 12.6.4.2).
    pub(crate) fn action_spot(&self, action: &Dict<'a>) -> Option<Spot> {
        let kind = action.get::<Name<'_>>(b"S")?;
        (kind.as_ref() == b"GoTo")
            .then(|| self.spot(action.get::<Object<'_>>(b"D")?))
            .flatten()
    }

    fn named(&self, name: &[u8]) -> Option<Object<'a>> {
        if let Some(old) = self.root.get::<Dict<'_>>(b"Dests")
            && let Some(found) = old.get::<Object<'_>>(name)
        {
            return Some(found);
        }
        let names = self.names.get_or_init(|| {
            let mut names = HashMap::new();
            let tree = self
                .root
                .get::<Dict<'_>>(b"Names")
                .and_then(|names| names.get::<Dict<'_>>(b"Dests"));
            if let Some(tree) = tree {
                self.name_tree(&tree, |name, value| {
                    names.entry(name.to_vec()).or_insert(value);
                    true
                });
            }
            names
        });
        names.get(name).cloned()
    }

    fn explicit(&self, array: &Array<'a>) -> Option<Spot> {
        let mut items = array.raw_iter();
        let page = match items.next()? {
            MaybeRef::Ref(page) => self.page_number(page)?,
            // A number is for other files (ISO 32000-2, 12.3.2.2), but producers write it for the same one as well.
            MaybeRef::NotRef(Object::Number(page)) => u32::try_from(page.as_i64()).ok()?,
            MaybeRef::NotRef(_) => return None,
        };
        let boxes = geometry(self.pdf.pages().get(usize::try_from(page).ok()?)?);
        let kind = items
            .next()
            .and_then(|kind| self.resolve(kind))
            .and_then(Object::into_name);
        let mut number = || {
            items
                .next()
                .and_then(|item| self.resolve(item))
                .and_then(Object::into_number)
                .map(|number| number.as_f64())
                .filter(|number| number.is_finite())
        };
        let (left, top) = match kind.as_ref().map(|kind| kind.as_ref()) {
            Some(b"XYZ") => (number(), number()),
            Some(b"FitH" | b"FitBH") => (None, number()),
            Some(b"FitV" | b"FitBV") => (number(), None),
            Some(b"FitR") => {
                let (left, _bottom, _right, top) = (number(), number(), number(), number());
                (left, top)
            }
            _ => (None, None),
        };
        // What the file leaves open is the upper left corner as seen.
        let corner = boxes.point_to_user(Point { x: 0.0, y: 0.0 });
        let seen = boxes.point_to_view(Point {
            x: left.unwrap_or(corner.x),
            y: top.unwrap_or(corner.y),
        });
        Some(Spot {
            page,
            y: seen.y.clamp(0.0, boxes.view_size().height),
        })
    }
}

/// A text of a dictionary, on one line.
pub(crate) fn line(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    crate::text_string::decode_line(&dict.get::<PdfString<'_>>(key)?)
}
