//! What a `/ByteRange` covers (ISO 32000-2, 12.8.1), by exact rules: the gap is one hex string, the `/Contents` of this very signature.

use super::fields::Field;
use super::finding;
use crate::digests::Parts;
use crate::key::DigestKind;
use crate::pdf::file::File;
use crate::pdf::parse::hex_digit;
use contract::validation::{Coverage, Finding, Severity};
use std::borrow::Cow;

/// What a CMS is over: asked for its digest first, for a file may be large.
pub(crate) trait Message {
    /// Its digest.
    fn digest(&self, kind: DigestKind) -> Vec<u8>;
    /// All of it.
    fn bytes(&self) -> Cow<'_, [u8]>;
}

impl Message for [u8] {
    fn digest(&self, kind: DigestKind) -> Vec<u8> {
        kind.digest(self)
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }
}

/// The covered bytes and the signature between them.
#[derive(Debug)]
pub(crate) struct Covered<'f> {
    file: &'f File<'f>,
    /// Before the gap and after it.
    pub(crate) parts: Parts,
    /// First position after the covered bytes.
    pub(crate) end: usize,
    /// `/Contents`, decoded.
    pub(crate) contents: Vec<u8>,
}

impl Message for Covered<'_> {
    fn digest(&self, kind: DigestKind) -> Vec<u8> {
        self.file.digest(kind, &self.parts)
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        let data = self.file.data();
        let head = data.get(..self.parts.head).unwrap_or_default();
        let tail = data.get(self.parts.tail.clone()).unwrap_or_default();
        Cow::Owned([head, tail].concat())
    }
}

impl Covered<'_> {
    /// How much of the file that is. Less than the file counts only when the covered part is a complete file of its own.
    pub(crate) fn coverage(&self, file: &File<'_>) -> Coverage {
        let data = file.data();
        let Some(part) = data.get(..self.end) else {
            return Coverage::Partial;
        };
        if bytes_after_end(part).is_some() {
            Coverage::Partial
        } else if self.end == data.len() {
            Coverage::WholeFile
        } else if file.earlier(self.end).is_none() {
            Coverage::Partial
        } else {
            Coverage::WholeRevision
        }
    }
}

/// Reads and checks the range of a field.
pub(crate) fn read<'f>(file: &'f File<'_>, field: &Field) -> Result<Covered<'f>, Finding> {
    let data = file.data();
    let wrong = |code: &str, message: &str| finding(code, message, Severity::Error);
    let Some(range) = &field.byte_range else {
        return Err(wrong(
            "byte-range-missing",
            "Chữ ký không ghi phạm vi đã ký (ByteRange).",
        ));
    };
    let Some(contents) = field
        .contents
        .as_ref()
        .filter(|contents| contents.iter().any(|byte| *byte != 0))
    else {
        return Err(wrong(
            "contents-missing",
            "Chữ ký không có nội dung (Contents).",
        ));
    };
    let malformed = || {
        wrong(
            "byte-range-malformed",
            "Phạm vi đã ký (ByteRange) không hợp lệ.",
        )
    };
    let [first, head_length, second, tail_length] = range.as_slice() else {
        return Err(malformed());
    };
    let position = |number: &i64| usize::try_from(*number).ok();
    let (Some(0), Some(head_end), Some(tail_start), Some(tail_length)) = (
        position(first),
        position(head_length),
        position(second),
        position(tail_length),
    ) else {
        return Err(malformed());
    };
    let end = tail_start
        .checked_add(tail_length)
        .filter(|end| *end <= data.len())
        .ok_or_else(malformed)?;
    let (Some(head), Some(gap), Some(tail)) = (
        data.get(..head_end),
        data.get(head_end..tail_start),
        data.get(tail_start..end),
    ) else {
        return Err(malformed());
    };
    if head.is_empty() || tail.is_empty() {
        return Err(malformed());
    }
    if !is_hex_of(gap, contents) {
        return Err(wrong(
            "gap-not-contents",
            "Khoảng trống giữa hai phần đã ký không phải đúng nội dung chữ ký này: dữ liệu không được ký có thể nằm ở đó.",
        ));
    }
    if !follows_contents_key(head) {
        return Err(wrong(
            "gap-not-contents",
            "Khoảng trống không đứng ngay sau khóa Contents.",
        ));
    }
    Ok(Covered {
        file,
        parts: Parts {
            head: head_end,
            tail: tail_start..end,
        },
        end,
        contents: contents.clone(),
    })
}

/// Whether the gap is `<…>` with an even number of hex digits that decode to the contents, nothing else.
fn is_hex_of(gap: &[u8], contents: &[u8]) -> bool {
    let Some(digits) = gap
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"))
    else {
        return false;
    };
    let (pairs, []) = digits.as_chunks::<2>() else {
        return false;
    };
    pairs.len() == contents.len()
        && pairs.iter().zip(contents).all(|([high, low], byte)| {
            hex_digit(*high) == Some(*byte >> 4) && hex_digit(*low) == Some(*byte & 15)
        })
}

/// Whether the head ends in `/Contents` and white space or comments.
fn follows_contents_key(head: &[u8]) -> bool {
    let Some(at) = head.windows(9).rposition(|window| window == b"/Contents") else {
        return false;
    };
    let mut comment = false;
    head.get(at + 9..).unwrap_or_default().iter().all(|byte| {
        match byte {
            b'%' => comment = true,
            b'\n' | b'\r' => comment = false,
            _ => return comment || crate::pdf::parse::is_space(*byte),
        }
        true
    })
}

/// Where bytes begin that stand after the last `%%EOF` and are not white space.
pub(crate) fn bytes_after_end(data: &[u8]) -> Option<usize> {
    let marker = b"%%EOF";
    let from = data
        .windows(marker.len())
        .rposition(|window| window == marker)?
        + marker.len();
    data.get(from..)?
        .iter()
        .position(|byte| !crate::pdf::parse::is_space(*byte))
        .map(|position| from + position)
}
