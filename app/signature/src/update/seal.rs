//! Writing a revision that holds a signature dictionary: its `/ByteRange`, and the digest of everything that the signature covers.

use super::objects::{BYTE_RANGE_WIDTH, Objects};
use super::section::{self, Appendix};
use crate::digests::{Hashes, Parts};
use crate::error::SignError;
use crate::key::DigestKind;
use crate::pdf::file::File;
use crate::pdf::parse::hex_digit;

/// A revision with an empty `/Contents`.
pub(crate) struct Sealed {
    /// `/ByteRange`.
    pub byte_range: [u64; 4],
    /// The same: what is to be hashed.
    pub parts: Parts,
    /// SHA-256 of the file before the revision.
    pub document_digest: [u8; 32],
    /// What follows the file.
    pub appendix: Vec<u8>,
}

impl Sealed {
    /// Puts the revision behind the file it was made for. A large file is not copied for it: the system moves its pages where they have
    /// to grow, and no more room is taken than is needed.
    pub(crate) fn append_to(&self, file: &mut Vec<u8>) {
        file.reserve_exact(self.appendix.len());
        file.extend_from_slice(&self.appendix);
    }

    /// SHA-256 of what the range covers of the whole file, going on with the hashes of the file before the revision.
    pub(crate) fn digest(&self, whole: &[u8], hashes: &Hashes) -> [u8; 32] {
        hashes.sha256(whole, &self.parts)
    }
}

/// Writes a revision of objects, one of which is a signature dictionary.
///
/// # Errors
/// [`SignError::TooLarge`].
pub(crate) fn seal(file: &File<'_>, objects: Objects) -> Result<Sealed, SignError> {
    let base = file.data();
    let document_digest = file.sha256();
    let mut appendix = section::append(file, objects, &document_digest)?;
    let byte_range = fill_byte_range(&mut appendix, base.len())?;
    let end = base.len() + appendix.bytes.len();
    Ok(Sealed {
        byte_range,
        parts: Parts {
            head: appendix.holes.contents_start,
            tail: appendix.holes.contents_end..end,
        },
        document_digest,
        appendix: appendix.bytes,
    })
}

/// Writes a value into the empty `/Contents` of a sealed file. Nothing is written unless everything around it agrees: the range ends
/// with the file, the gap is one string of zeros, and the bytes outside it have this digest. `hashes` are those of the file: they hold of
/// what comes out as well, for nothing else changes.
///
/// # Errors
/// [`SignError::PreparedMismatch`]; [`SignError::SpaceExceeded`].
pub(crate) fn fill(
    bytes: &mut [u8],
    byte_range: [u64; 4],
    digest: &[u8],
    value: &[u8],
    hashes: &Hashes,
) -> Result<(), SignError> {
    let hole = hole(bytes, byte_range, digest, hashes).ok_or(SignError::PreparedMismatch)?;
    let place = bytes.get_mut(hole).ok_or(SignError::PreparedMismatch)?;
    let reserved = place.len() / 2;
    if value.len() > reserved {
        return Err(SignError::SpaceExceeded {
            needed: value.len(),
            reserved,
        });
    }
    for (place, digit) in place.iter_mut().zip(hex::encode(value).bytes()) {
        *place = digit;
    }
    Ok(())
}

/// The digits of the empty `/Contents`.
fn hole(
    bytes: &[u8],
    byte_range: [u64; 4],
    digest: &[u8],
    hashes: &Hashes,
) -> Option<std::ops::Range<usize>> {
    let [zero, before, after, length] = byte_range;
    let (before, after) = (usize::try_from(before).ok()?, usize::try_from(after).ok()?);
    let end = after.checked_add(usize::try_from(length).ok()?)?;
    if zero != 0 || end != bytes.len() {
        return None;
    }
    let digits = bytes
        .get(before..after)?
        .strip_prefix(b"<")?
        .strip_suffix(b">")?;
    if digits.is_empty() || digits.iter().any(|digit| hex_digit(*digit) != Some(0)) {
        return None;
    }
    let parts = Parts {
        head: before,
        tail: after..end,
    };
    let found = hashes.digest(bytes, DigestKind::Sha256, &parts);
    (found == digest).then_some(before + 1..after - 1)
}

/// Writes `/ByteRange` into its hole: numbers of ten digits at most, blanks behind, so that its length is known before its values.
fn fill_byte_range(appendix: &mut Appendix, base: usize) -> Result<[u64; 4], SignError> {
    let number = |value: usize| u64::try_from(value).map_err(|_| SignError::TooLarge);
    let total = base + appendix.bytes.len();
    let holes = appendix.holes;
    let range = [
        0,
        number(holes.contents_start)?,
        number(holes.contents_end)?,
        number(total.saturating_sub(holes.contents_end))?,
    ];
    let [_, first, second, third] = range;
    let text = format!("0 {first} {second} {third}");
    let text = format!("{text:<BYTE_RANGE_WIDTH$}");
    let start = holes.byte_range.saturating_sub(base);
    appendix
        .bytes
        .get_mut(start..start + BYTE_RANGE_WIDTH)
        .filter(|hole| hole.len() == text.len())
        .ok_or(SignError::TooLarge)?
        .copy_from_slice(text.as_bytes());
    Ok(range)
}
