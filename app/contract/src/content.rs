//! What a file is, by its bytes and never by its name: the page before it takes one, the server before it lets one in.

/// Kinds of files that people attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// No bytes at all.
    Empty,
    /// `%PDF-` in the first kilobyte, where viewers look for it.
    Pdf,
    /// A photo every browser shows.
    Jpeg,
    /// A picture every browser shows.
    Png,
    /// A photo of an iPhone (HEIC, HEIF, AVIF): few browsers show it.
    Heic,
    /// Word 97-2003: an OLE2 container with a `WordDocument`.
    Doc,
    /// Word 2007 and later: a ZIP with `word/document.xml`.
    Docx,
    /// A Word file behind a password: OLE2 with an `EncryptedPackage`.
    LockedOffice,
    /// A spreadsheet, slides or an `OpenDocument` text: an office file, but not one that is converted here.
    OtherOffice,
    /// A ZIP whose directory promises more than anybody writes by hand, or cannot be read.
    SuspiciousZip,
    /// Anything else.
    Other,
}

impl FileKind {
    /// Looks at the whole file: the ZIP directory stands at its end.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        if bytes.is_empty() {
            Self::Empty
        } else if holds(head, b"%PDF-") {
            Self::Pdf
        } else if head.starts_with(&[0xff, 0xd8, 0xff]) {
            Self::Jpeg
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Self::Png
        } else if is_heic(head) {
            Self::Heic
        } else if head.starts_with(&OLE2) {
            of_ole2(bytes)
        } else if head.starts_with(b"PK\x03\x04") {
            of_zip(bytes)
        } else {
            Self::Other
        }
    }

    /// Whether it is a photo that becomes a page.
    #[must_use]
    pub const fn is_photo(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Heic)
    }

    /// Whether LibreOffice makes a PDF of it.
    #[must_use]
    pub const fn is_convertible(self) -> bool {
        matches!(self, Self::Doc | Self::Docx)
    }
}

/// The first bytes of every OLE2 container ([MS-CFB] 2.2).
const OLE2: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Most files in a DOCX: one with a thousand pictures is far below.
const ENTRIES_MAX: usize = 4096;
/// Most bytes a DOCX may unpack to.
const UNPACKED_MAX: u64 = 400 * 1024 * 1024;

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// `ftyp` with one of the brands of still pictures (ISO/IEC 23008-12).
fn is_heic(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp".as_slice())
        && head.get(8..12).is_some_and(|brand| {
            [
                b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif",
            ]
            .iter()
            .any(|known| known.as_slice() == brand)
        })
}

/// Names of an OLE2 directory are UTF-16.
fn of_ole2(bytes: &[u8]) -> FileKind {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        holds(bytes, &wide)
    };
    if named("EncryptedPackage") {
        FileKind::LockedOffice
    } else if named("WordDocument") {
        FileKind::Doc
    } else {
        FileKind::OtherOffice
    }
}

fn of_zip(bytes: &[u8]) -> FileKind {
    let Some(entries) = directory(bytes) else {
        return FileKind::SuspiciousZip;
    };
    let unpacked = entries
        .iter()
        .fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked));
    let named = |name: &[u8]| entries.iter().any(|entry| entry.name == name);
    if unpacked > UNPACKED_MAX {
        FileKind::SuspiciousZip
    } else if named(b"word/document.xml") && named(b"[Content_Types].xml") {
        FileKind::Docx
    } else if named(b"[Content_Types].xml") || named(b"mimetype") {
        FileKind::OtherOffice
    } else {
        FileKind::Other
    }
}

/// A file in a ZIP, as the directory has it.
struct Entry<'a> {
    name: &'a [u8],
    unpacked: u64,
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(pair.try_into().ok()?)))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// The central directory (APPNOTE 4.3.12); none when it is damaged, of the 64-bit kind, or too long.
fn directory(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    // The end record is 22 bytes and a comment of at most 65,535.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let tail = bytes.get(from..)?;
    let end = from
        + tail
            .windows(4)
            .rposition(|window| window == b"PK\x05\x06")?;
    let count = two(bytes, end + 10)?;
    let mut at = usize::try_from(four(bytes, end + 16)?).ok()?;
    if count > ENTRIES_MAX {
        return None;
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let (name, extra, comment) = (
            two(bytes, at + 28)?,
            two(bytes, at + 30)?,
            two(bytes, at + 32)?,
        );
        entries.push(Entry {
            name: bytes.get(at + 46..at + 46 + name)?,
            unpacked: u64::from(four(bytes, at + 24)?),
        });
        at += 46 + name + extra + comment;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A ZIP with these names, nothing in them, and what the directory says they unpack to.
    pub fn zip(names: &[&str], unpacked: u32) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.resize(30, 0);
        let start = bytes.len();
        for name in names {
            let entry = bytes.len();
            bytes.extend_from_slice(b"PK\x01\x02");
            bytes.resize(entry + 46, 0);
            bytes[entry + 24..entry + 28].copy_from_slice(&unpacked.to_le_bytes());
            let length = u16::try_from(name.len()).expect("short").to_le_bytes();
            bytes[entry + 28..entry + 30].copy_from_slice(&length);
            bytes.extend_from_slice(name.as_bytes());
        }
        let end = bytes.len();
        bytes.extend_from_slice(b"PK\x05\x06");
        bytes.resize(end + 22, 0);
        let count = u16::try_from(names.len()).expect("few").to_le_bytes();
        bytes[end + 10..end + 12].copy_from_slice(&count);
        let start = u32::try_from(start).expect("near").to_le_bytes();
        bytes[end + 16..end + 20].copy_from_slice(&start);
        bytes
    }

    #[test]
    fn what_a_file_is_stands_in_its_bytes() {
        let word = zip(&["[Content_Types].xml", "word/document.xml"], 1000);
        let sheet = zip(&["[Content_Types].xml", "xl/workbook.xml"], 1000);
        let mut doc = OLE2.to_vec();
        doc.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
        let mut locked = OLE2.to_vec();
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        for (bytes, kind) in [
            (b"".as_slice(), FileKind::Empty),
            (b"\r\n%PDF-1.7", FileKind::Pdf),
            (b"\xff\xd8\xff\xe1", FileKind::Jpeg),
            (b"\x89PNG\r\n\x1a\n", FileKind::Png),
            (b"\0\0\0\x18ftypheic", FileKind::Heic),
            (b"\0\0\0\x18ftypisom", FileKind::Other),
            (&doc, FileKind::Doc),
            (&locked, FileKind::LockedOffice),
            (&OLE2, FileKind::OtherOffice),
            (&word, FileKind::Docx),
            (&sheet, FileKind::OtherOffice),
            (&zip(&["a.txt"], 5), FileKind::Other),
            (b"<html>", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(bytes), kind, "{:?}", bytes.get(..12));
        }
    }

    #[test]
    fn a_zip_that_promises_gigabytes_or_has_no_directory_is_suspicious() {
        let names = ["[Content_Types].xml", "word/document.xml"];
        let bomb = zip(&names, u32::MAX);
        assert_eq!(FileKind::of(&bomb), FileKind::SuspiciousZip);
        let mut cut = zip(&names, 10);
        cut.truncate(60);
        assert_eq!(FileKind::of(&cut), FileKind::SuspiciousZip);
    }

    proptest! {
        #[test]
        fn noise_is_read_to_its_end(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
            for head in [b"".as_slice(), b"PK\x03\x04", &OLE2, b"PK\x03\x04PK\x05\x06"] {
                let mut bytes = head.to_vec();
                bytes.extend(&noise);
                let _ = FileKind::of(&bytes);
            }
        }
    }
}
