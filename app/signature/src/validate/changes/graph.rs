//! Two revisions as graphs of objects, and when two values mean the same.

use crate::pdf::file::File;
use crate::pdf::filter;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page;
use crate::pdf::unmoved::Unmoved;
use crate::validate::fields::is_empty_signature;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Most pairs of values that are compared for one signature.
const WORK_MAX: usize = 20_000_000;
/// Most fields and most nodes of the page tree.
const NODES_MAX: usize = 200_000;

/// Both revisions.
pub(super) struct Graph<'f, 'a> {
    pub(super) before: &'f File<'a>,
    pub(super) after: &'f File<'a>,
    /// The signed revision's catalog.
    pub(super) catalog: (Id, Dictionary),
    /// Objects that are compared by their use (catalog, form, fields, pages, annotations): anywhere else it is enough that the same
    /// number stands there.
    pub(super) known: HashSet<Id>,
    /// Those of them that are fields and widgets of the form.
    pub(super) fields: HashSet<Id>,
    /// Fields and widgets of signatures in the whole file.
    pub(super) signs: HashMap<Id, bool>,
    /// Objects that were compared by their use.
    visited: RefCell<HashSet<Id>>,
    /// Pairs that are the same.
    same: RefCell<HashSet<(Id, Id)>>,
    /// Numbers of objects that are the same and stand where they stood.
    unmoved: RefCell<Numbers>,
    work: RefCell<usize>,
}

impl<'f, 'a> Graph<'f, 'a> {
    /// `None` when the signed revision has no catalog or no page tree.
    pub(super) fn new(before: &'f File<'a>, after: &'f File<'a>) -> Option<Self> {
        let catalog = before.catalog().ok()?;
        let mut known = HashSet::from([catalog.0]);
        let mut open: Vec<Object> = catalog.1.get("Pages").into_iter().cloned().collect();
        while let Some(node) = open.pop() {
            if let Some(id) = node.as_reference()
                && known.insert(id)
                && known.len() < NODES_MAX
                && let Some(Object::Dictionary(node)) = before.object(id)
            {
                open.extend(before.array(&node, "Kids").unwrap_or_default());
            }
        }
        for page in page::pages(before, &catalog.1).ok()? {
            let annotations = before.array(&page.dictionary, "Annots").unwrap_or_default();
            known.extend(annotations.iter().filter_map(Object::as_reference));
        }
        known.extend(catalog.1.get("AcroForm").and_then(Object::as_reference));
        let mut seen = HashSet::new();
        if let Some(form) = before.dictionary(&catalog.1, "AcroForm") {
            let mut open = before.array(&form, "Fields").unwrap_or_default();
            while let Some(next) = open.pop() {
                let Some(id) = next.as_reference().filter(|id| seen.insert(*id)) else {
                    continue;
                };
                known.insert(id);
                if seen.len() < NODES_MAX
                    && let Some(Object::Dictionary(field)) = before.object(id)
                {
                    open.extend(before.array(&field, "Kids").unwrap_or_default());
                }
            }
        }
        Some(Self {
            before,
            after,
            catalog,
            known,
            fields: seen,
            signs: signature_fields(after),
            visited: RefCell::default(),
            same: RefCell::default(),
            unmoved: RefCell::default(),
            work: RefCell::new(WORK_MAX),
        })
    }

    /// Notes that an object is compared by its use.
    pub(super) fn visit(&self, id: Id) {
        self.visited.borrow_mut().insert(id);
    }

    /// Whether what was left to be compared by its use, and met no such comparison, is as it was: pages written directly into their tree,
    /// fields deeper than anybody nests them.
    pub(super) fn rest_stands(&self) -> bool {
        self.known.iter().all(|id| {
            self.visited.borrow().contains(id)
                || match (self.before.object(*id), self.after.object(*id)) {
                    (None, None) => true,
                    (Some(old), Some(new)) => {
                        self.before.stream(*id) == self.after.stream(*id) && self.same(&old, &new)
                    }
                    _ => false,
                }
        })
    }

    /// Whether two values mean the same in their revisions, everything they lead to included. Circles are the same when nothing on
    /// them differs.
    pub(super) fn same(&self, old: &Object, new: &Object) -> bool {
        let mut pairs = HashSet::new();
        // Numbers of objects that stand where they stood, and what is left to look at behind them.
        let mut unmoved = Vec::new();
        let mut behind: Vec<Id> = Vec::new();
        let mut open = vec![(old.clone(), new.clone())];
        let same = loop {
            let next = match behind.pop() {
                Some(id) => Some((id.into(), id.into())),
                None => open.pop(),
            };
            let Some((old, new)) = next else {
                break true;
            };
            {
                let mut work = self.work.borrow_mut();
                if *work == 0 {
                    break false;
                }
                *work -= 1;
            }
            match (old, new) {
                (Object::Reference(old), Object::Reference(new)) => {
                    if self.known.contains(&old) || self.known.contains(&new) {
                        if old != new {
                            break false;
                        }
                        continue;
                    }
                    if old == new {
                        if self.unmoved.borrow().has(old.number) {
                            continue;
                        }
                        if let Some(found) = self.before.unmoved(self.after, old)
                            && let Some(links) = links(&found)
                        {
                            self.unmoved.borrow_mut().add(old.number);
                            unmoved.push(old.number);
                            behind.extend(links);
                            continue;
                        }
                    }
                    if self.same.borrow().contains(&(old, new)) || !pairs.insert((old, new)) {
                        continue;
                    }
                    let (was, is) = (self.before.stream(old), self.after.stream(new));
                    let old = self.before.resolve(&Object::Reference(old));
                    let new = self.after.resolve(&Object::Reference(new));
                    match (old, new, was, is) {
                        (old, new, None, None) => open.push((old, new)),
                        (Object::Dictionary(old), Object::Dictionary(new), Some(was), Some(is)) => {
                            // How the length is written is not compared, nor how the same bytes are packed.
                            let skipped: &[&str] = if was == is {
                                &["Length"]
                            } else if matches!((filter::decode(&old, &was), filter::decode(&new, &is)),
                                (Some(was), Some(is)) if was == is)
                            {
                                &["Length", "Filter", "DecodeParms"]
                            } else {
                                break false;
                            };
                            let (mut old, mut new) = (old, new);
                            for key in skipped {
                                old.set(key, Object::Null);
                                new.set(key, Object::Null);
                            }
                            open.push((old.into(), new.into()));
                        }
                        _ => break false,
                    }
                }
                (Object::Reference(old), new) => {
                    if self.known.contains(&old) || self.before.stream(old).is_some() {
                        break false;
                    }
                    open.push((self.before.resolve(&Object::Reference(old)), new));
                }
                (old, Object::Reference(new)) => {
                    if self.known.contains(&new) || self.after.stream(new).is_some() {
                        break false;
                    }
                    open.push((old, self.after.resolve(&Object::Reference(new))));
                }
                (Object::Array(old), Object::Array(new)) => {
                    if old.len() != new.len() {
                        break false;
                    }
                    open.extend(old.into_iter().zip(new));
                }
                (Object::Dictionary(old), Object::Dictionary(new)) => {
                    for key in super::keys(&old, &new) {
                        let value = |of: &Dictionary| of.get(key).cloned().unwrap_or(Object::Null);
                        open.push((value(&old), value(&new)));
                    }
                }
                (old, new) => {
                    let numbers = old.as_number().is_some() && old.as_number() == new.as_number();
                    if old != new && !numbers {
                        break false;
                    }
                }
            }
        };
        if same {
            self.same.borrow_mut().extend(pairs);
        } else {
            // What was taken for the same while it was looked at is looked at again.
            let mut known = self.unmoved.borrow_mut();
            unmoved.into_iter().for_each(|number| known.remove(number));
        }
        same
    }

    /// The same for a key of two dictionaries.
    pub(super) fn same_value(&self, old: &Dictionary, new: &Dictionary, key: &str) -> bool {
        let value = |of: &Dictionary| of.get(key).cloned().unwrap_or(Object::Null);
        self.same(&value(old), &value(new))
    }

    /// Whether two entries of a list name the same thing: the same object, or equal when written in place.
    pub(super) fn same_entry(&self, old: &Object, new: &Object) -> bool {
        match (old.as_reference(), new.as_reference()) {
            (Some(old), Some(new)) => old == new,
            (None, None) => self.same(old, new),
            _ => false,
        }
    }

    /// The entries of `new` that are not those of `old`, when the old ones all stand there in their order.
    pub(super) fn added<'n>(&self, old: &[Object], new: &'n [Object]) -> Option<Vec<&'n Object>> {
        let mut wanted = old.iter().peekable();
        let mut added = Vec::new();
        for entry in new {
            match wanted.peek() {
                Some(next) if self.same_entry(next, entry) => {
                    wanted.next();
                }
                _ => added.push(entry),
            }
        }
        wanted.peek().is_none().then_some(added)
    }

    /// An object in both revisions, when it is a dictionary in both.
    pub(super) fn dictionaries(&self, id: Id) -> Option<(Dictionary, Dictionary)> {
        match (self.before.object(id)?, self.after.object(id)?) {
            (Object::Dictionary(old), Object::Dictionary(new))
                if self.before.stream(id).is_none() && self.after.stream(id).is_none() =>
            {
                Some((old, new))
            }
            _ => None,
        }
    }
}

/// What an object leads to, by the rules of [`Graph::same`]; `None` when it has to go by them step by step.
fn links(found: &Unmoved) -> Option<Vec<Id>> {
    // A reference to a reference is looked through, not at.
    if found.object.as_reference().is_some() {
        return None;
    }
    let mut links = Vec::new();
    let mut open = vec![&found.object];
    while let Some(object) = open.pop() {
        match object {
            Object::Reference(id) => links.push(*id),
            Object::Array(items) => open.extend(items),
            Object::Dictionary(of) => {
                // Which of two equal keys counts, and what is no text, is told there.
                let plain = |key: &[u8]| std::str::from_utf8(key).is_ok();
                if of.iter().any(|(key, _)| !plain(key)) || of.names_twice() {
                    return None;
                }
                // The bytes of a stream are the same: how their length is written is not compared.
                let head = found.is_stream && std::ptr::eq(object, &found.object);
                let values = of.iter().filter(|(key, _)| !(head && *key == b"Length"));
                open.extend(values.map(|(_, value)| value));
            }
            _ => {}
        }
    }
    Some(links)
}

/// A set of object numbers.
#[derive(Default)]
struct Numbers(Vec<bool>);

impl Numbers {
    fn has(&self, number: u32) -> bool {
        let place = usize::try_from(number).ok();
        place.is_some_and(|place| self.0.get(place) == Some(&true))
    }

    fn add(&mut self, number: u32) {
        let Ok(place) = usize::try_from(number) else {
            return;
        };
        if place >= self.0.len() {
            self.0.resize(place + 1, false);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = true;
        }
    }

    fn remove(&mut self, number: u32) {
        let place = usize::try_from(number).ok();
        if let Some(slot) = place.and_then(|place| self.0.get_mut(place)) {
            *slot = false;
        }
    }
}

/// Every object that is a signature field or a widget of one.
fn signature_fields(file: &File<'_>) -> HashMap<Id, bool> {
    let mut found = HashMap::new();
    let form = file
        .catalog()
        .ok()
        .and_then(|(_, catalog)| file.dictionary(&catalog, "AcroForm"));
    let mut open: Vec<(Object, bool, bool)> = form
        .and_then(|form| file.array(&form, "Fields"))
        .unwrap_or_default()
        .into_iter()
        .map(|field| (field, false, false))
        .collect();
    let mut seen = HashSet::new();
    while let Some((object, above, signed_above)) = open.pop() {
        let Some(id) = object.as_reference().filter(|id| seen.insert(*id)) else {
            continue;
        };
        if seen.len() > NODES_MAX {
            break;
        }
        let Object::Dictionary(field) = file.resolve(&object) else {
            continue;
        };
        let signs = match file.value(&field, "FT") {
            Object::Name(kind) => kind == b"Sig",
            _ => above,
        };
        let signed = match file.value(&field, "V") {
            Object::Dictionary(value) => !is_empty_signature(file, &value),
            // A part with a name of its own is a field of its own.
            _ => signed_above && field.get("T").is_none(),
        };
        if signs {
            found.insert(id, signed);
        }
        let kids = file.array(&field, "Kids").unwrap_or_default();
        open.extend(kids.into_iter().map(|kid| (kid, signs, signed)));
    }
    found
}
