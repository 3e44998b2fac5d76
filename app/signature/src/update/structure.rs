//! The signature in a tagged document's structure tree (ISO 32000-2, 14.7 and 14.8): a `Form` element with an alternative
//! text, so that a screen reader finds the signature where the document's logic is, not only among the annotations.

use super::field::Document;
use super::objects::{Body, Objects};
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};

/// Most nodes of the parent tree that are looked at for its largest key.
const NODES_MAX: usize = 100_000;

/// Adds the element and gives the widget's `/StructParent`; `None` for documents that are not tagged, or whose tree is
/// not as it should be: then it stays as it is. A document that is signed already is left alone too, since validators
/// count a change of its structure as a change of the document.
pub(crate) fn attach(
    document: &Document<'_, '_>,
    objects: &mut Objects,
    page: Id,
    widget: Id,
    alternative: &str,
) -> Option<i64> {
    if !document.form.signed.is_empty() {
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

    let element_id = objects.reserve();
    let parent = only_kid(file, &root).and_then(|id| match file.object(id) {
        Some(Object::Dictionary(element)) if element.get("S").is_some() => Some((id, element)),
        _ => None,
    });
    let parent_id = match parent {
        Some((id, mut element)) => {
            append_kid(file, objects, &mut element, element_id);
            objects.set(id, Body::Plain(element.into()));
            id
        }
        None => {
            append_kid(file, objects, &mut root, element_id);
            root_id
        }
    };
    let leaf = Dictionary::new()
        .with("Type", Object::name("OBJR"))
        .with("Pg", page.into())
        .with("Obj", widget.into());
    let element = Dictionary::new()
        .with("Type", Object::name("StructElem"))
        .with("S", Object::name("Form"))
        .with("P", parent_id.into())
        .with("Pg", page.into())
        .with("Alt", Object::text(alternative))
        .with("Lang", Object::text("vi-VN"))
        .with("K", leaf.into());
    objects.set(element_id, Body::Plain(element.into()));

    let tree = with_entry(file, objects, parent_tree, key, element_id);
    match root.get("ParentTree").and_then(Object::as_reference) {
        Some(id) => objects.set(id, Body::Plain(tree.into())),
        None => root.set("ParentTree", tree.into()),
    }
    root.set("ParentTreeNextKey", Object::Integer(key.checked_add(1)?));
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
fn append_kid(file: &File<'_>, objects: &mut Objects, node: &mut Dictionary, kid: Id) {
    let written = node.get("K").cloned().unwrap_or(Object::Null);
    match (file.resolve(&written), written.as_reference()) {
        (Object::Array(mut kids), Some(id)) => {
            kids.push(kid.into());
            objects.set(id, Body::Plain(Object::Array(kids)));
        }
        (Object::Array(mut kids), None) => {
            kids.push(kid.into());
            node.set("K", Object::Array(kids));
        }
        (Object::Null, _) => node.set("K", kid.into()),
        _ => node.set("K", Object::Array(vec![written, kid.into()])),
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

/// The root of the number tree with an entry after all others: in its own list, or as a leaf behind its kids.
fn with_entry(
    file: &File<'_>,
    objects: &mut Objects,
    mut tree: Dictionary,
    key: i64,
    element: Id,
) -> Dictionary {
    let entry = [Object::Integer(key), element.into()];
    if let Some(mut kids) = file.array(&tree, "Kids") {
        let leaf = Dictionary::new()
            .with(
                "Limits",
                Object::Array(vec![Object::Integer(key), Object::Integer(key)]),
            )
            .with("Nums", Object::Array(entry.to_vec()));
        kids.push(objects.add(Body::Plain(leaf.into())).into());
        tree.set("Kids", Object::Array(kids));
    } else {
        let mut list = file.array(&tree, "Nums").unwrap_or_default();
        list.extend(entry);
        tree.set("Nums", Object::Array(list));
    }
    tree
}
