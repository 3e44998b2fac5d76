//! A file of its own, not an update of another: a preview, a report.

use super::objects::Objects;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;

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
