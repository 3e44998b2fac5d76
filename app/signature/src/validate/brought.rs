//! What came with a signature: the revision it closes beside the one before it.

use super::changes;
use super::permission::Permissions;
use crate::pdf::file::File;
use crate::pdf::parse::is_space;
use contract::validation::{Brought, Modifications};

/// What was added to a document that was so many bytes long, whether it was signed or not: at most [`Modifications::FormFill`] for
/// signatures and what proves them. [`Modifications::Other`] for what cannot be read.
#[must_use]
pub fn added(bytes: &[u8], before: usize) -> Modifications {
    File::open(bytes).map_or(Modifications::Other, |file| {
        changes::since(&file, before, "", &Permissions::default()).class
    })
}

/// What the newest revision of a file brought over the one before it. `bytes` end where that revision does. None where nothing stood before
/// it: the file was written whole with it, or cannot be read.
#[must_use]
pub fn brought(bytes: &[u8], password: &str) -> Option<Brought> {
    let file = File::open_with(bytes, password).ok()?;
    let before = end_of(bytes, file.chain().last_but_one()?)?;
    file.earlier(before)?;
    let since = changes::since(&file, before, "", &Permissions::default());
    Some(Brought {
        before: u64::try_from(before).ok()?,
        modifications: since.class,
        pages: since.pages,
    })
}

/// Where the revision ends whose cross-reference section begins at an offset: behind its end marker and that line (ISO 32000-2, 7.5.5).
fn end_of(bytes: &[u8], section: usize) -> Option<usize> {
    let behind = |from: usize, word: &[u8]| {
        let rest = bytes.get(from..)?;
        let at = rest.windows(word.len()).position(|found| found == word)?;
        Some(from + at + word.len())
    };
    let marker = behind(behind(section, b"startxref")?, b"%%EOF")?;
    let line = bytes.get(marker..)?.iter();
    // One line end: what stands behind it belongs to the next revision.
    let mut ends = 0;
    for byte in line.take(2).take_while(|byte| is_space(**byte)) {
        ends += 1;
        if *byte == b'\n' {
            break;
        }
    }
    Some(marker + ends)
}
