//! Files inside the document (ISO 32000-2, 7.11.4): their list, names that are safe to save under, their bytes.

use crate::catalog::{Catalog, line};
use crate::limits::{ATTACHMENT_MAX, ATTACHMENTS_MAX, NODES_MAX};
use crate::link::each_annotation;
use crate::open::Document;
use crate::text_string::{is_direction_mark, one_line};
use contract::document::AttachedFile;
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Name, Object, ObjectIdentifier, Stream};
use std::collections::HashSet;
use std::io::Read as _;

/// Why the bytes of an attached file cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    /// There is no such file.
    #[error("no such attached file")]
    Missing,
    /// It is larger than the limits allow, or unpacks to more.
    #[error("the attached file is too large")]
    TooLarge,
    /// It cannot be unpacked.
    #[error("the attached file is damaged")]
    Damaged,
}

/// An attached file and where its bytes are.
struct Found<'a> {
    file: AttachedFile,
    stream: Stream<'a>,
}

impl Document {
    /// Bytes of an attached file; `index` is its place in the list of [`Document::details`].
    ///
    /// # Errors
    /// [`AttachmentError`].
    pub fn attachment(&self, index: u32) -> Result<Vec<u8>, AttachmentError> {
        self.with_catalog(|catalog| {
            let index = usize::try_from(index).map_err(|_| AttachmentError::Missing)?;
            let found = find(catalog);
            let found = found.get(index).ok_or(AttachmentError::Missing)?;
            unpacked(&found.stream, ATTACHMENT_MAX)
        })
    }
}

/// The list of attached files: those of the name tree, then those that hang on a page as annotations.
pub(crate) fn attachments(catalog: &Catalog<'_>) -> Vec<AttachedFile> {
    find(catalog).into_iter().map(|found| found.file).collect()
}

fn find<'a>(catalog: &Catalog<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let tree = catalog
        .root
        .get::<Dict<'_>>(b"Names")
        .and_then(|names| names.get::<Dict<'_>>(b"EmbeddedFiles"));
    if let Some(tree) = tree {
        catalog.name_tree(&tree, |name, value| {
            if let Some(specification) = value.into_dict() {
                add(&mut found, &mut seen, &specification, name);
            }
            found.len() < ATTACHMENTS_MAX
        });
    }
    let mut looked = 0;
    for page in catalog.pdf.pages().iter() {
        // All pages may name the same list.
        if found.len() >= ATTACHMENTS_MAX || looked >= NODES_MAX {
            break;
        }
        looked += each_annotation(catalog, page, |annotation| {
            let is_file = annotation
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_ref() == b"FileAttachment");
            if is_file
                && found.len() < ATTACHMENTS_MAX
                && let Some(specification) = annotation.get::<Dict<'_>>(b"FS")
            {
                add(&mut found, &mut seen, &specification, b"");
            }
        });
    }
    found
}

/// Adds the file of a file specification (ISO 32000-2, 7.11.3) that is not in the list yet.
fn add<'a>(
    found: &mut Vec<Found<'a>>,
    seen: &mut HashSet<ObjectIdentifier>,
    specification: &Dict<'a>,
    key: &[u8],
) {
    // The newest way of naming first.
    const WAYS: [&[u8]; 5] = [b"UF", b"F", b"Unix", b"DOS", b"Mac"];
    let Some(files) = specification.get::<Dict<'_>>(b"EF") else {
        return;
    };
    let Some(stream) = WAYS.iter().find_map(|way| files.get::<Stream<'_>>(way)) else {
        return;
    };
    if !seen.insert(stream.obj_id()) {
        return;
    }
    let name = WAYS
        .iter()
        .find_map(|way| line(specification, way))
        .or_else(|| crate::text_string::decode_line(key))
        .and_then(|name| safe_name(&name))
        .unwrap_or_else(|| format!("tep-dinh-kem-{}", found.len() + 1));
    let size = stream
        .dict()
        .get::<Dict<'_>>(b"Params")
        .and_then(|parameters| parameters.get::<Object<'_>>(b"Size"))
        .and_then(Object::into_number)
        .and_then(|size| u64::try_from(size.as_i64()).ok());
    found.push(Found {
        file: AttachedFile {
            name,
            description: line(specification, b"Desc"),
            size,
        },
        stream,
    });
}

/// A name to save under: the last part of a path, nothing in it that another system takes for more than a letter.
fn safe_name(name: &str) -> Option<String> {
    const LENGTH_MAX: usize = 120;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = one_line(last)
        .chars()
        .map(|letter| match letter {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            other => other,
        })
        .filter(|letter| !is_direction_mark(*letter))
        .collect();
    // A leading dot hides a file, a trailing one or a blank is dropped by Windows.
    let safe = safe.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    if safe.is_empty() {
        return None;
    }
    let letters: Vec<char> = safe.chars().collect();
    if letters.len() <= LENGTH_MAX {
        return Some(safe.to_owned());
    }
    // The end says what kind of file it is.
    let end = letters
        .iter()
        .rposition(|letter| *letter == '.')
        .filter(|dot| letters.len() - dot <= 12)
        .unwrap_or(letters.len());
    let (stem, end) = letters.split_at(end);
    Some(
        stem.iter()
            .take(LENGTH_MAX - end.len())
            .chain(end)
            .collect(),
    )
}

/// A stream without its filters, never more than `most` bytes.
pub(crate) fn unpacked(stream: &Stream<'_>, most: usize) -> Result<Vec<u8>, AttachmentError> {
    let raw = stream.raw_data();
    if raw.len() > most {
        // No filter of attached files makes them longer than a little.
        return Err(AttachmentError::TooLarge);
    }
    let filters = stream.filters();
    let has_parameters = stream.dict().contains_key(b"DecodeParms");
    match filters.as_slice() {
        [] => Ok(raw.into_owned()),
        [Filter::FlateDecode] if !has_parameters => inflated(&raw, most),
        // Rare ones: refused when they could unpack to more than allowed, at most so many bytes a byte and filter.
        filters => {
            let mut longest = raw.len();
            for filter in filters {
                longest = longest.saturating_mul(match filter {
                    Filter::FlateDecode => 1_032,
                    Filter::LzwDecode => 2_800,
                    Filter::RunLengthDecode => 64,
                    Filter::Ascii85Decode => 4,
                    Filter::AsciiHexDecode | Filter::Crypt => 1,
                    _ => return Err(AttachmentError::Damaged),
                });
            }
            if longest > most {
                return Err(AttachmentError::TooLarge);
            }
            let data = stream.decoded().map_err(|_| AttachmentError::Damaged)?;
            Ok(data.into_owned())
        }
    }
}

fn inflated(raw: &[u8], most: usize) -> Result<Vec<u8>, AttachmentError> {
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut data = Vec::new();
    let mut reader = flate2::read::ZlibDecoder::new(raw).take(limit);
    if reader.read_to_end(&mut data).is_err() {
        data.clear();
        let mut reader = flate2::read::DeflateDecoder::new(raw).take(limit);
        reader
            .read_to_end(&mut data)
            .map_err(|_| AttachmentError::Damaged)?;
    }
    if data.len() > most {
        return Err(AttachmentError::TooLarge);
    }
    Ok(data)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_only_a_name() {
        for (told, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\dơn xin.docx", "dơn xin.docx"),
            (".bashrc", "bashrc"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a:b*?.pdf. ", "a_b__.pdf"),
        ] {
            assert_eq!(safe_name(told).as_deref(), Some(kept));
        }
        assert_eq!(safe_name("a/"), None);
        assert_eq!(safe_name("..\\.."), None);
        let long = safe_name(&format!("{}.pdf", "a".repeat(500)));
        assert!(long.is_some_and(|name| name.len() == 120 && name.ends_with(".pdf")));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        use std::io::Write as _;
        let pack = |data: &[u8]| {
            let mut encoder =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        };
        let packed = pack(&[0; 100_000]);
        assert!(packed.len() < 1_000);
        assert_eq!(inflated(&packed, 99_999), Err(AttachmentError::TooLarge));
        assert_eq!(
            inflated(&packed, 100_000).map(|data| data.len()),
            Ok(100_000)
        );
        assert_eq!(inflated(b"no deflate", 100), Err(AttachmentError::Damaged));
    }

    proptest! {
        #[test]
        fn no_name_has_parts_or_marks(name in ".{0,300}") {
            if let Some(safe) = safe_name(&name) {
                prop_assert!(!safe.is_empty() && safe.chars().count() <= 120);
                prop_assert!(!safe.starts_with('.') && !safe.contains(['/', '\\', ':', '\0']));
                prop_assert!(!safe.chars().any(|letter| letter.is_control() || is_direction_mark(letter)));
            }
        }
    }
}
