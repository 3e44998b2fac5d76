//! A copy of an encrypted file without its encryption: those who receive a dossier have no password. The objects keep their numbers and
//! say what they said; nothing else is changed.

use crate::error::SignError;
use crate::inspect;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;
use crate::pdf::xref::Entry;
use contract::worker::Signability;

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
            Entry::Offset(_, generation) => Some(Id {
                number: *number,
                generation: *generation,
            }),
            Entry::Packed(..) => Some(Id::new(*number)),
        })
        .collect();
    ids.sort_unstable();
    let lock = file
        .chain()
        .trailer
        .get("Encrypt")
        .and_then(Object::as_reference);
    let mut out = version(bytes);
    let mut offsets = Vec::with_capacity(ids.len());
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
        offsets.push((id, out.len()));
        write::text(&mut out, &format!("{} {} obj\n", id.number, id.generation));
        match (object, stream) {
            (Object::Dictionary(head), Some(content)) => {
                let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
                write::dictionary(&mut out, &head.with("Length", Object::Integer(length)));
                write::text(&mut out, "\nstream\n");
                out.extend_from_slice(&content);
                write::text(&mut out, "\nendstream");
            }
            (object, _) => write::object(&mut out, &object),
        }
        write::text(&mut out, "\nendobj\n");
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
