//! Seed values (ISO 32000-2, 12.7.5.5, tables 237 and 238): what the author of a form asks of the signature in a field. What is required
//! is kept, or the field is refused with the reason; what is merely recommended is left to the signer.

use crate::pdf::file::File;
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Object};
use crate::terms::Permitted;
use contract::waiting::Asked;
use contract::worker::{PrepareRequest, SeedConstraint};

/// Newest version of seed values that is understood: PDF 2.0.
const VERSION: f64 = 3.0;

/// The certification that a field asks for, once everything it requires is kept.
///
/// # Errors
/// What is not kept.
pub(crate) fn keep(
    file: &File<'_>,
    field: &Dictionary,
    request: &PrepareRequest,
) -> Result<Option<Permitted>, SeedConstraint> {
    let Some(seed) = file.dictionary(field, "SV") else {
        return Ok(None);
    };
    let certify = terms(file, &seed)?;
    let flags = file.value(&seed, "Ff").as_integer().unwrap_or(0);
    if flags & (1 << 3) != 0 {
        let listed = file.array(&seed, "Reasons").unwrap_or_default();
        reason(file, &listed, request)?;
    }
    if let Some(stamp) = file.dictionary(&seed, "TimeStamp")
        && file.value(&stamp, "Ff").as_integer().unwrap_or(0) & 1 != 0
        && !request.timestamped
    {
        return Err(SeedConstraint::Timestamp);
    }
    if let Some(wanted) = file.dictionary(&seed, "Cert") {
        certificate(file, &wanted, request)?;
    }
    Ok(certify)
}

/// What does not depend on who signs: the certification that is asked for.
///
/// # Errors
/// What is not kept here.
fn terms(file: &File<'_>, seed: &Dictionary) -> Result<Option<Permitted>, SeedConstraint> {
    let flags = file.value(seed, "Ff").as_integer().unwrap_or(0);
    let requires = |bit: i64, key: &str| flags & (1 << (bit - 1)) != 0 && seed.get(key).is_some();
    let names = |key: &str| file.array(seed, key).unwrap_or_default();
    let lists = |key: &str, name: &[u8]| {
        names(key).iter().any(|item| match file.resolve(item) {
            Object::Name(item) | Object::String(item) => is_called(&item, name),
            _ => false,
        })
    };
    if requires(1, "Filter") && file.value(seed, "Filter").as_name() != Some(b"Adobe.PPKLite") {
        return Err(SeedConstraint::Format);
    }
    if requires(2, "SubFilter") && !lists("SubFilter", b"ETSI.CAdES.detached") {
        return Err(SeedConstraint::Format);
    }
    let version = file.value(seed, "V").as_number();
    if requires(3, "V") && version.is_none_or(|version| version > VERSION) {
        return Err(SeedConstraint::Other);
    }
    let is_true = |key: &str| file.value(seed, key) == Object::Boolean(true);
    if requires(6, "AddRevInfo") && is_true("AddRevInfo") {
        // Whether revocation data can be had is known only after signing.
        return Err(SeedConstraint::RevocationData);
    }
    if requires(7, "DigestMethod") && !lists("DigestMethod", b"SHA256") {
        return Err(SeedConstraint::Format);
    }
    let locks = matches!(file.value(seed, "LockDocument"), Object::Name(name) if name != b"false");
    if requires(5, "LegalAttestation")
        || (requires(8, "LockDocument") && locks)
        || requires(9, "AppearanceFilter")
    {
        return Err(SeedConstraint::Other);
    }
    let level = file
        .dictionary(seed, "MDP")
        .and_then(|mdp| file.value(&mdp, "P").as_integer());
    match level {
        None | Some(0) => Ok(None),
        Some(level) => Permitted::from_level(level)
            .map(Some)
            .ok_or(SeedConstraint::Other),
    }
}

/// What a field's author asks, as far as a person can be told beforehand, and what is refused whoever signs.
pub(crate) fn asked(file: &File<'_>, field: &Dictionary) -> (Asked, Option<SeedConstraint>) {
    let Some(seed) = file.dictionary(field, "SV") else {
        return (Asked::default(), None);
    };
    let flags = file.value(&seed, "Ff").as_integer().unwrap_or(0);
    let listed = reasons(file, &file.array(&seed, "Reasons").unwrap_or_default());
    let reasoned = flags & (1 << 3) != 0;
    let no_reason = reasoned && (listed.is_empty() || listed == ["."]);
    let timestamp = file
        .dictionary(&seed, "TimeStamp")
        .is_some_and(|stamp| file.value(&stamp, "Ff").as_integer().unwrap_or(0) & 1 != 0);
    let certificate = file
        .dictionary(&seed, "Cert")
        .is_some_and(|wanted| file.value(&wanted, "Ff").as_integer().unwrap_or(0) & 0b101 != 0);
    let kept = terms(file, &seed);
    let asked = Asked {
        reasons: if reasoned && !no_reason {
            listed
        } else {
            Vec::new()
        },
        no_reason,
        timestamp,
        certificate,
        certifies: kept
            .ok()
            .flatten()
            .and_then(|permitted| u8::try_from(permitted.level()).ok()),
    };
    (asked, kept.err())
}

/// Whether a name says the same: writers differ in how they spell digests (`SHA256`, `sha256`, `SHA-256`).
fn is_called(item: &[u8], name: &[u8]) -> bool {
    let bare = |name: &[u8]| {
        let letters = name.iter().filter(|byte| **byte != b'-');
        letters.map(u8::to_ascii_uppercase).collect::<Vec<u8>>()
    };
    bare(item) == bare(name)
}

fn reasons(file: &File<'_>, listed: &[Object]) -> Vec<String> {
    listed
        .iter()
        .filter_map(|item| match file.resolve(item) {
            Object::String(text) => Some(decode_text(&text)),
            _ => None,
        })
        .collect()
}

/// Required reasons: one of them; none at all where the list is empty or a single full stop.
fn reason(
    file: &File<'_>,
    listed: &[Object],
    request: &PrepareRequest,
) -> Result<(), SeedConstraint> {
    let listed = reasons(file, listed);
    let given = request
        .appearance
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let none = listed.is_empty() || listed == ["."];
    let kept = match given {
        None => none,
        Some(given) => !none && listed.iter().any(|reason| reason.trim() == given),
    };
    if kept {
        Ok(())
    } else {
        Err(SeedConstraint::Reason)
    }
}

/// Required certificates: the signer's among the subjects, one above it among the issuers; other requirements are not judged here.
fn certificate(
    file: &File<'_>,
    wanted: &Dictionary,
    request: &PrepareRequest,
) -> Result<(), SeedConstraint> {
    let flags = file.value(wanted, "Ff").as_integer().unwrap_or(0);
    let requires = |bit: i64| flags & (1 << (bit - 1)) != 0;
    let lists = |key: &str, certificates: &[&[u8]]| {
        let listed = file.array(wanted, key).unwrap_or_default();
        listed.iter().any(|item| match file.resolve(item) {
            Object::String(item) => certificates.contains(&item.as_slice()),
            _ => false,
        })
    };
    let own = request.certificate.0.as_slice();
    let issuers: Vec<&[u8]> = request.chain.iter().map(|der| der.0.as_slice()).collect();
    let subject = requires(1) && wanted.get("Subject").is_some() && !lists("Subject", &[own]);
    let issuer = requires(2) && wanted.get("Issuer").is_some() && !lists("Issuer", &issuers);
    let others = [(3, "OID"), (4, "SubjectDN"), (6, "KeyUsage")];
    let other = others
        .iter()
        .any(|(bit, key)| requires(*bit) && wanted.get(key).is_some());
    if subject || issuer || other {
        Err(SeedConstraint::Certificate)
    } else {
        Ok(())
    }
}
