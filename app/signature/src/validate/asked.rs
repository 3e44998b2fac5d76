//! Which digests of a file its validation takes, for those who have a faster hash than ours.

use super::cms::SignedData;
use super::{fields, range};
use crate::digests::Parts;
use crate::key::DigestKind;
use crate::pdf::file::File;

/// The digests that [`super::validate_with`] would compute, in the order of the form's fields. Nothing is asked about a file that cannot be
/// read, nor about a signature that cannot.
#[must_use]
pub fn asked(bytes: &[u8], password: &str) -> Vec<(DigestKind, Parts)> {
    let Ok(file) = File::open_with(bytes, password) else {
        return Vec::new();
    };
    let mut asked = Vec::new();
    for field in fields::signed(&file) {
        let Ok(covered) = range::read(&file, &field) else {
            continue;
        };
        let kind = crate::ber::definite(&covered.contents)
            .and_then(|(value, _)| SignedData::of_field(&value, &field)?.asks(&field));
        if let Some(kind) = kind {
            let one = (kind, covered.parts);
            if !asked.contains(&one) {
                asked.push(one);
            }
        }
    }
    asked
}
