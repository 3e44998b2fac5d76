//! A file of its own, not an update of another: a preview, a report.

use super::objects::{Body, Objects};
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;

/// The page tree's one node (7.7.3): `pages` becomes the parent of `kids`.
pub(crate) fn tree(objects: &mut Objects, pages: Id, kids: Vec<Object>) {
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    let node = Dictionary::new()
        .with("Type", Object::name("Pages"))
        .with("Kids", Object::Array(kids))
        .with("Count", Object::Integer(count));
    objects.set(pages, Body::Plain(node.into()));
}

/// A file of nothing but pages: [`tree`], a catalog that names it, and [`file`].
pub(crate) fn of_pages(mut objects: Objects, catalog: Id, pages: Id, kids: Vec<Object>) -> Vec<u8> {
    tree(&mut objects, pages, kids);
    let root = Dictionary::new()
        .with("Type", Object::name("Catalog"))
        .with("Pages", pages.into());
    objects.set(catalog, Body::Plain(root.into()));
    file(objects, catalog, None)
}

/// Objects, a cross-reference table and a trailer (ISO 32000-2, 7.5).
pub(crate) fn file(objects: Objects, catalog: Id, information: Option<Id>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let count = objects.next_number();
    let (offsets, _) = objects.write(&mut out, 0);
    let start = out.len();
    write::text(
        &mut out,
        &format!("xref\n0 {count}\n0000000000 65535 f\r\n"),
    );
    for (_, offset) in offsets {
        write::text(&mut out, &format!("{offset:010} 00000 n\r\n"));
    }
    let mut trailer = Dictionary::new()
        .with("Size", Object::Integer(i64::from(count)))
        .with("Root", catalog.into());
    if let Some(information) = information {
        trailer.set("Info", information.into());
    }
    write::text(&mut out, "trailer\n");
    write::dictionary(&mut out, &trailer);
    write::text(&mut out, &format!("\nstartxref\n{start}\n%%EOF\n"));
    out
}
