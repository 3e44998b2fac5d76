//! The signature in a tagged document's structure tree (ISO 32000-2, 14.7 and 14.8): a `Form` element with an alternative
//! text, so that a screen reader finds the signature where the document's logic is, not only among the annotations.

use super::field::Document;
use super::objects::{Body, Objects};
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};

/// Most nodes of the parent tree that are looked at for its largest key.
const NODES_MAX: usize = 100_000;

/// An annotation that the tree shall lead to.
pub(crate) struct Leaf<'a> {
    /// The annotation.
    pub annotation: Id,
    /// The page it stands on.
    pub page: Id,
    /// `Form` for a widget, `Annot` for any other (14.8.4.7.2, 14.8.4.8).
    pub role: &'static str,
    /// What is read out instead of it.
    pub alternative: &'a str,
}

/// Adds an element for each leaf and gives the first one's `/StructParent`, the others count on from it; `None` for documents that are not tagged, or whose tree is
/// not as it should be: then it stays as it is. A document that is signed already is left alone too, since validators
/// count a change of its structure as a change of the document.
pub(crate) fn attach(
    document: &Document<'_, '_>,
    objects: &mut Objects,
    leaves: &[Leaf<'_>],
) -> Option<i64> {
    if leaves.is_empty() || !document.form.signed.is_empty() {
        return None;
    }
    let file = document.file;
    let root_id = document
        .catalog
        .get("StructTreeRoot")
        .and_then(Object::as_reference)?;
    let Some(Object::Dictionary(mut root)) = file.object(root_id) else {
        return None;
    };
    let parent_tree = file.dictionary(&root, "ParentTree")?;
    let stated = file
        .value(&root, "ParentTreeNextKey")
        .as_integer()
        .unwrap_or(0);
    let key = stated.max(largest_key(file, &parent_tree)?.checked_add(1)?);

    let elements: Vec<Id> = leaves.iter().map(|_| objects.reserve()).collect();
    let parent = only_kid(file, &root).and_then(|id| match file.object(id) {
        Some(Object::Dictionary(element)) if element.get("S").is_some() => Some((id, element)),
        _ => None,
    });
    let parent_id = match parent {
        Some((id, mut element)) => {
            append_kids(file, objects, &mut element, &elements);
            objects.set(id, Body::Plain(element.into()));
            id
        }
        None => {
            append_kids(file, objects, &mut root, &elements);
            root_id
        }
    };
    for (element_id, leaf) in elements.iter().zip(leaves) {
        let kid = Dictionary::new()
            .with("Type", Object::name("OBJR"))
            .with("Pg", leaf.page.into())
            .with("Obj", leaf.annotation.into());
        let element = Dictionary::new()
            .with("Type", Object::name("StructElem"))
            .with("S", Object::name(leaf.role))
            .with("P", parent_id.into())
            .with("Pg", leaf.page.into())
            .with("Alt", Object::text(leaf.alternative))
            .with("Lang", Object::text("vi-VN"))
            .with("K", kid.into());
        objects.set(*element_id, Body::Plain(element.into()));
    }

    let next = key.checked_add(i64::try_from(elements.len()).ok()?)?;
    let tree = with_entries(file, objects, parent_tree, key, &elements);
    match root.get("ParentTree").and_then(Object::as_reference) {
        Some(id) => objects.set(id, Body::Plain(tree.into())),
        None => root.set("ParentTree", tree.into()),
    }
    root.set("ParentTreeNextKey", Object::Integer(next));
    objects.set(root_id, Body::Plain(root.into()));
    Some(key)
}

/// The one kid of a `/K` that is a reference, or an array of one reference.
fn only_kid(file: &File<'_>, node: &Dictionary) -> Option<Id> {
    let written = node.get("K")?;
    match file.resolve(written) {
        Object::Array(items) => match items.as_slice() {
            [only] => only.as_reference(),
            _ => None,
        },
        _ => written.as_reference(),
    }
}

/// Adds to `/K`, which may be absent, one kid, an array, or an array of its own.
fn append_kids(file: &File<'_>, objects: &mut Objects, node: &mut Dictionary, added: &[Id]) {
    let written = node.get("K").cloned().unwrap_or(Object::Null);
    let added = added.iter().map(|id| Object::from(*id));
    match (file.resolve(&written), written.as_reference()) {
        (Object::Array(mut kids), Some(id)) => {
            kids.extend(added);
            objects.set(id, Body::Plain(Object::Array(kids)));
        }
        (Object::Array(mut kids), None) => {
            kids.extend(added);
            node.set("K", Object::Array(kids));
        }
        (Object::Null, _) => node.set("K", Object::Array(added.collect())),
        _ => node.set(
            "K",
            Object::Array(std::iter::once(written).chain(added).collect()),
        ),
    }
}

/// The largest key of a number tree, -1 when it is empty; `None` when it is too large or malformed.
fn largest_key(file: &File<'_>, tree: &Dictionary) -> Option<i64> {
    let mut largest = -1;
    let mut waiting = vec![tree.clone()];
    let mut count = 0;
    while let Some(node) = waiting.pop() {
        count += 1;
        if count > NODES_MAX {
            return None;
        }
        for pair in file.array(&node, "Nums").unwrap_or_default().chunks(2) {
            largest = largest.max(file.resolve(pair.first()?).as_integer()?);
        }
        for kid in file.array(&node, "Kids").unwrap_or_default() {
            match file.resolve(&kid) {
                Object::Dictionary(kid) => waiting.push(kid),
                _ => return None,
            }
        }
    }
    Some(largest)
}

/// The root of the number tree with entries after all others: in its own list, or as a leaf behind its kids.
fn with_entries(
    file: &File<'_>,
    objects: &mut Objects,
    mut tree: Dictionary,
    first: i64,
    elements: &[Id],
) -> Dictionary {
    let entries: Vec<Object> = (first..)
        .zip(elements)
        .flat_map(|(key, element)| [Object::Integer(key), (*element).into()])
        .collect();
    if let Some(mut kids) = file.array(&tree, "Kids") {
        let last = entries
            .len()
            .checked_sub(2)
            .and_then(|at| entries.get(at))
            .cloned()
            .unwrap_or(Object::Integer(first));
        let leaf = Dictionary::new()
            .with("Limits", Object::Array(vec![Object::Integer(first), last]))
            .with("Nums", Object::Array(entries));
        kids.push(objects.add(Body::Plain(leaf.into())).into());
        tree.set("Kids", Object::Array(kids));
    } else {
        let mut list = file.array(&tree, "Nums").unwrap_or_default();
        list.extend(entries);
        tree.set("Nums", Object::Array(list));
    }
    tree
}
