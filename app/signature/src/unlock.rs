//! A copy of an encrypted file without its encryption: those who receive a dossier have no password. The objects keep their numbers and
//! say what they said; nothing else is changed.

use crate::error::SignError;
use crate::inspect;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;
use crate::pdf::xref::Entry;
use contract::worker::Signability;
use std::collections::HashSet;

/// Writes the copy. A file that is not encrypted is given back as it is.
///
/// # Errors
/// [`SignError::NotSignable`] with the reason why the file cannot be read; with `OwnerForbids` when the password is not the owner's and
/// the owner permits no signature either: such a copy would get round that; [`SignError::UnlockBreaksSignatures`].
pub fn unlock(bytes: &[u8], password: &str) -> Result<Vec<u8>, SignError> {
    let file = File::open_with(bytes, password)?;
    let Some(handler) = file.handler() else {
        return Ok(bytes.to_vec());
    };
    if !handler.may_sign(false) {
        return Err(SignError::NotSignable(Signability::OwnerForbids));
    }
    let document = inspect::open(&file)?;
    if !document.form.signed.is_empty() || document.form.certified {
        return Err(SignError::UnlockBreaksSignatures);
    }
    let mut ids: Vec<Id> = file
        .chain()
        .entries
        .iter()
        .filter_map(|(number, entry)| match entry {
            Entry::Free => None,
            Entry::Offset(_, generation) => Some(Id { number, generation }),
            Entry::Packed(..) => Some(Id::new(number)),
        })
        .collect();
    ids.sort_unstable();
    let lock = file
        .chain()
        .trailer
        .get("Encrypt")
        .and_then(Object::as_reference);
    let damaged = || SignError::NotSignable(Signability::DamagedStructure);
    let mut out = version(bytes);
    let mut offsets = Vec::with_capacity(ids.len());
    let mut mentioned = HashSet::new();
    let mut contents = 0_usize;
    for id in ids.into_iter().filter(|id| Some(*id) != lock) {
        let Some(object) = file.object(id) else {
            continue;
        };
        let stream = file.stream(id);
        if let (Object::Dictionary(head), Some(_)) = (&object, &stream)
            && (head.is_name("Type", "XRef") || head.is_name("Type", "ObjStm"))
        {
            continue;
        }
        // Streams of one file do not overlap: those that do would make the copy many times as long.
        contents = contents.saturating_add(stream.as_ref().map_or(0, |content| content.len()));
        if contents > bytes.len() {
            return Err(damaged());
        }
        mentions(&object, &mut mentioned);
        offsets.push((id, out.len()));
        write::text(&mut out, &format!("{} {} obj\n", id.number, id.generation));
        match (object, stream) {
            (Object::Dictionary(head), Some(content)) => {
                let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
                let head = uncrypted(head).with("Length", Object::Integer(length));
                write::dictionary(&mut out, &head);
                write::text(&mut out, "\nstream\n");
                out.extend_from_slice(&content);
                write::text(&mut out, "\nendstream");
            }
            (object, _) => write::object(&mut out, &object),
        }
        write::text(&mut out, "\nendobj\n");
    }
    // A more lenient reader may show what is left out here: the copy would not be what was read.
    if file.unreadable().any(|lost| mentioned.contains(&lost)) {
        return Err(damaged());
    }
    let start = out.len();
    write::text(&mut out, "xref\n0 1\n0000000000 65535 f\r\n");
    for (id, offset) in &offsets {
        let row = format!("{} 1\n{offset:010} {:05} n\r\n", id.number, id.generation);
        write::text(&mut out, &row);
    }
    let size = offsets.last().map_or(1, |(id, _)| i64::from(id.number) + 1);
    let mut trailer = Dictionary::new().with("Size", Object::Integer(size));
    for key in ["Root", "Info", "ID"] {
        if let Some(value) = file.chain().trailer.get(key) {
            trailer.set(key, value.clone());
        }
    }
    write::text(&mut out, "trailer\n");
    write::dictionary(&mut out, &trailer);
    write::text(&mut out, &format!("\nstartxref\n{start}\n%%EOF\n"));
    Ok(out)
}

/// Numbers of the objects that an object names.
fn mentions(object: &Object, numbers: &mut HashSet<u32>) {
    match object {
        Object::Reference(id) => {
            numbers.insert(id.number);
        }
        Object::Array(items) => items.iter().for_each(|item| mentions(item, numbers)),
        Object::Dictionary(found) => found.iter().for_each(|(_, value)| mentions(value, numbers)),
        _ => {}
    }
}

/// A stream's dictionary without its `/Crypt` filter, which names what is left out (7.4.10); it is the first one where there is any.
fn uncrypted(mut head: Dictionary) -> Dictionary {
    let is_crypt = |filter: &Object| filter.as_name() == Some(b"Crypt");
    let rest = |list: &[Object]| Object::Array(list.iter().skip(1).cloned().collect());
    match head.get("Filter").cloned() {
        Some(Object::Array(filters)) if filters.first().is_some_and(is_crypt) => {
            head.set("Filter", rest(&filters));
            match head.get("DecodeParms").cloned() {
                Some(Object::Array(all)) => head.set("DecodeParms", rest(&all)),
                Some(_) => head.set("DecodeParms", Object::Null),
                None => {}
            }
        }
        Some(filter) if is_crypt(&filter) => {
            head.set("Filter", Object::Null);
            head.set("DecodeParms", Object::Null);
        }
        _ => {}
    }
    head
}

/// The header: the file's own version.
fn version(bytes: &[u8]) -> Vec<u8> {
    let digits = bytes.get(5..8).filter(|version| match version {
        [major, b'.', minor] => major.is_ascii_digit() && minor.is_ascii_digit(),
        _ => false,
    });
    let mut out = b"%PDF-".to_vec();
    out.extend_from_slice(digits.unwrap_or(b"1.7"));
    out.extend_from_slice(b"\n%\xe2\xe3\xcf\xd3\n");
    out
}
