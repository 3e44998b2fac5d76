//! The PAdES level that a signature's structure reaches (EN 319 142-1, 6).

use super::cms::SignedData;
use super::fields::Field;
use super::material::Material;
use super::revocation::Standing;
use super::{Case, one};
use contract::validation::Level;

/// B-B asks for the sub-filter, signing-certificate-v2, `/M` and no CMS signing-time; B-T for a time that somebody else states; B-LT for
/// revocation data in the file about every certificate on the paths of signature and timestamps; B-LTA for a document timestamp over
/// that data.
pub(crate) fn reached(
    case: &Case<'_>,
    signed: &SignedData<'_>,
    field: &Field,
    end: usize,
) -> Level {
    if field.is_timestamp()
        || field.sub_filter != b"ETSI.CAdES.detached"
        || !signed.is_baseline()
        || field.signed_at.is_none()
    {
        return Level::None;
    }
    let later: Vec<usize> = case
        .stamped
        .iter()
        .copied()
        .filter(|stamp| *stamp > end)
        .collect();
    if signed.timestamps.is_empty() && later.is_empty() {
        return Level::BB;
    }
    let spoken_of = is_spoken_of(case, signed)
        && signed
            .timestamps
            .iter()
            .all(|token| SignedData::read(token).is_some_and(|token| is_spoken_of(case, &token)));
    if !case.material.has_revocation() || !spoken_of {
        return Level::BT;
    }
    let over_material = later.iter().any(|stamp| {
        case.file
            .earlier(*stamp)
            .is_some_and(|part| Material::read(&part).has_revocation())
    });
    if over_material {
        Level::BLta
    } else {
        Level::BLt
    }
}

/// Whether something lies at hand about each certificate of a path but its root. What it says is not the level's matter.
fn is_spoken_of(case: &Case<'_>, signed: &SignedData<'_>) -> bool {
    signed.signer.is_some_and(|certificate| {
        let path = one::path(case, signed, certificate, case.now);
        one::standings(case, signed, &path, case.now)
            .iter()
            .all(|standing| *standing != Standing::Nothing)
    })
}
