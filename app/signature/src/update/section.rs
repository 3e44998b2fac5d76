//! The cross-reference section of a revision, in the style of the newest one of the base file.

use super::objects::{Body, Holes, Objects};
use crate::error::SignError;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write;
use crate::pdf::xref::Style;
use sha2::{Digest, Sha256};

/// Offsets in a table have ten digits (7.5.4); `/ByteRange` keeps ten as well.
const FILE_MAX: u64 = 9_999_999_999;

/// The bytes to append to a file.
#[derive(Debug)]
pub(crate) struct Appendix {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The signature's holes, as offsets into the whole file.
    pub holes: Holes,
}

/// Writes the revision. `document_digest` is SHA-256 of the base file: with the new objects it makes the second part of
/// the file's identifier, so that equal inputs give equal files and different ones do not.
///
/// # Errors
/// [`SignError::TooLarge`] when an offset has more than ten digits.
pub(crate) fn append(
    file: &File<'_>,
    mut objects: Objects,
    document_digest: &[u8; 32],
) -> Result<Appendix, SignError> {
    let base = file.data().len();
    let mut out = Vec::new();
    if !matches!(file.data().last(), Some(b'\n' | b'\r')) {
        out.push(b'\n');
    }
    let style = file.chain().style;
    let section_id = (style == Style::Stream).then(|| objects.reserve());
    let size = objects.next_number();
    let lock = file
        .handler()
        .map(|handler| (handler, document_digest.as_slice()));
    let (mut offsets, holes) = objects.write_for(lock, &mut out, base);
    let start = base + out.len();
    let trailer = trailer(file, size, identifier(file, document_digest, &out));
    match section_id {
        None => table(&mut out, &offsets, &trailer),
        Some(id) => {
            offsets.push((id, start));
            stream(&mut out, id, &offsets, trailer);
        }
    }
    write::text(&mut out, &format!("startxref\n{start}\n%%EOF\n"));
    if u64::try_from(base + out.len()).map_or(true, |length| length > FILE_MAX) {
        return Err(SignError::TooLarge);
    }
    Ok(Appendix {
        holes: Holes {
            byte_range: base + holes.byte_range,
            contents_start: base + holes.contents_start,
            contents_end: base + holes.contents_end,
        },
        bytes: out,
    })
}

/// `/Root`, `/Info` and `/Encrypt` stay, `/ID` keeps its first part (14.4). Private keys of the old trailer described the old file.
fn trailer(file: &File<'_>, size: u32, file_id: [Vec<u8>; 2]) -> Dictionary {
    let old = &file.chain().trailer;
    let mut trailer = Dictionary::new().with("Size", Object::Integer(i64::from(size)));
    for key in ["Root", "Info", "Encrypt"] {
        if let Some(value) = old.get(key) {
            trailer.set(key, value.clone());
        }
    }
    // The key of an encrypted file may be made with its identifier: where there is none, none is added.
    if file.handler().is_none() || old.get("ID").is_some() {
        let parts = file_id.into_iter().map(Object::String).collect();
        trailer.set("ID", Object::Array(parts));
    }
    let previous = i64::try_from(file.chain().newest).unwrap_or(i64::MAX);
    trailer.with("Prev", Object::Integer(previous))
}

/// The two parts of `/ID`: the first stays, or is made from the base file when it has none.
fn identifier(file: &File<'_>, document_digest: &[u8; 32], revision: &[u8]) -> [Vec<u8>; 2] {
    let short = |digest: &[u8]| digest.iter().take(16).copied().collect::<Vec<u8>>();
    let known = match file
        .array(&file.chain().trailer, "ID")
        .unwrap_or_default()
        .first()
    {
        Some(Object::String(part)) if !part.is_empty() || file.handler().is_some() => {
            Some(part.clone())
        }
        _ => None,
    };
    let mut hasher = Sha256::new();
    hasher.update(document_digest);
    hasher.update(revision);
    [
        known.unwrap_or_else(|| short(document_digest)),
        short(&hasher.finalize()),
    ]
}

/// Runs of consecutive numbers.
fn runs(offsets: &[(Id, usize)]) -> impl Iterator<Item = &[(Id, usize)]> {
    offsets.chunk_by(|(left, _), (right, _)| left.number.checked_add(1) == Some(right.number))
}

fn table(out: &mut Vec<u8>, offsets: &[(Id, usize)], trailer: &Dictionary) {
    write::text(out, "xref\n");
    for run in runs(offsets) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        write::text(out, &format!("{first} {}\n", run.len()));
        for (id, offset) in run {
            write::text(out, &format!("{offset:010} {:05} n\r\n", id.generation));
        }
    }
    write::text(out, "trailer\n");
    write::dictionary(out, trailer);
    out.push(b'\n');
}

/// A cross-reference stream (7.5.8); not deflated, it has some fifteen rows.
fn stream(out: &mut Vec<u8>, id: Id, offsets: &[(Id, usize)], trailer: Dictionary) {
    let mut rows = Vec::new();
    let mut index = Vec::new();
    for run in runs(offsets) {
        let first = run.first().map_or(0, |(id, _)| id.number);
        index.push(Object::Integer(i64::from(first)));
        index.push(Object::Integer(
            i64::try_from(run.len()).unwrap_or(i64::MAX),
        ));
        for (id, offset) in run {
            rows.push(1);
            // Five bytes hold every offset below FILE_MAX.
            rows.extend(
                u64::try_from(*offset)
                    .unwrap_or(u64::MAX)
                    .to_be_bytes()
                    .iter()
                    .skip(3),
            );
            rows.extend_from_slice(&id.generation.to_be_bytes());
        }
    }
    let widths = [1, 5, 2].map(Object::Integer).to_vec();
    let dictionary = trailer
        .with("Type", Object::name("XRef"))
        .with("W", Object::Array(widths))
        .with("Index", Object::Array(index));
    let mut section = Objects::new(id.number);
    section.add(Body::Stream(dictionary, rows));
    section.write(out, 0);
}
