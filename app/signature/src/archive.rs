//! Archive timestamps (ISO 32000-2, 12.8.5; EN 319 142-1, level B-LTA): a timestamp over the whole file with its validation data, made in
//! two steps like a signature, and renewed by another one before its own certificate or algorithm ends. Beforehand the file gets the
//! validation data it lacks: [`chains`] says about whom, [`store_evidence`] appends it.

use crate::ber;
use crate::digests::Hashes;
use crate::error::SignError;
use crate::inspect;
use crate::known::Known;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Object};
use crate::store;
use crate::timestamp::{self, TOKEN_MAX};
use crate::update::field::{NOWHERE, widget};
use crate::update::objects::{Body, Objects};
use crate::update::seal;
use crate::validate::cms::SignedData;
use crate::validate::material::Material;
use crate::validate::{self, fields};
use contract::provider::Trust;
use contract::validation::{Coverage, Integrity, Modifications, TrustStatus, ValidationReport};
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::{Signability, SigningEvidence};
use sha2::Digest as _;
use std::rc::Rc;

/// What a screen reader says of the field, which nobody sees.
const SPOKEN: &str = "Dấu thời gian của tài liệu";

/// A document with room for a timestamp over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedTimestamp {
    /// Name of the new field.
    pub field: String,
    /// `/ByteRange`.
    pub byte_range: [u64; 4],
    /// SHA-256 of what the range covers: what the authority is asked about (see [`timestamp::digest_query`]).
    pub digest: Sha256,
}

/// A file with a document timestamp that validates.
#[derive(Debug, Clone, PartialEq)]
pub struct Archived {
    /// The file.
    pub bytes: Vec<u8>,
    /// What the validator says of it.
    pub report: ValidationReport,
}

/// The certificates of every signature and timestamp in a file, each with those above it as far as the file holds them: about them a
/// file that is to last needs revocation data.
///
/// # Errors
/// [`SignError`]: the file cannot be read.
pub fn chains(bytes: &[u8]) -> Result<Vec<Vec<Base64>>, SignError> {
    let file = File::open(bytes)?;
    let stored = Material::read(&file).certificates;
    let mut chains: Vec<Vec<Base64>> = Vec::new();
    let known = Known::default();
    for field in fields::signed(&file) {
        let Some(contents) = field.contents.as_deref() else {
            continue;
        };
        let Some((value, _)) = ber::definite(contents) else {
            continue;
        };
        let Some(signed) = SignedData::of_field(&value, &field) else {
            continue;
        };
        let tokens: Vec<SignedData<'_>> = signed
            .timestamps
            .iter()
            .filter_map(|token| SignedData::read(token))
            .collect();
        for signed in std::iter::once(&signed).chain(&tokens) {
            let Some(certificate) = signed.signer else {
                continue;
            };
            let mut offered = signed.certificates.clone();
            offered.extend(stored.iter().map(Vec::as_slice));
            let path = timestamp::path(&known, certificate, &offered);
            let chain: Vec<Base64> = path.into_iter().map(Base64).collect();
            if !chains.contains(&chain) {
                chains.push(chain);
            }
        }
    }
    Ok(chains)
}

/// Appends validation data that the file does not hold yet. Its timestamp is not looked at: that belongs to a signature.
///
/// # Errors
/// [`SignError`]: the file cannot be appended to.
pub fn store_evidence(bytes: Vec<u8>, evidence: &SigningEvidence) -> Result<Vec<u8>, SignError> {
    let values = |list: &[Base64]| list.iter().map(|value| value.0.clone()).collect();
    let material = Material {
        certificates: values(&evidence.certificates),
        answers: values(&evidence.ocsp),
        lists: values(&evidence.crls),
    };
    let digest = sha2::Sha256::digest(&bytes).into();
    store::append(bytes, &material, "", digest)
}

/// Appends a field for a timestamp over everything before it. Permitted after every signature and every certification.
///
/// # Errors
/// [`SignError`]: the file cannot be appended to.
pub fn prepare_timestamp(bytes: &[u8]) -> Result<(PreparedTimestamp, Vec<u8>), SignError> {
    let file = File::open(bytes)?;
    let document = inspect::open(&file)?;
    let page = document.pages.first().ok_or(SignError::PageMissing)?;
    let page_id = page
        .id
        .ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
    let mut objects = Objects::new(file.chain().next_number);
    let field = document.form.free_name("Timestamp");
    let dictionary = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let value = objects.add(Body::Signature(dictionary, TOKEN_MAX));
    let widget = widget(&field, SPOKEN, value, page_id, &NOWHERE, None);
    let widget = objects.add(Body::Plain(widget.into()));
    document.attach(&mut objects, Some((0, widget)), &[], None)?;
    let sealed = seal::seal(&file, objects)?;
    let mut whole = bytes.to_vec();
    sealed.append_to(&mut whole);
    let prepared = PreparedTimestamp {
        field,
        byte_range: sealed.byte_range,
        digest: Sha256(sealed.digest(&whole, file.hashes())),
    };
    Ok((prepared, whole))
}

/// Embeds the authority's answer (`TimeStampResp`, DER; checked with [`timestamp::read_timestamp`] before) and validates the result as of
/// `now`.
///
/// # Errors
/// [`SignError::Timestamp`], [`SignError::PreparedMismatch`]; [`SignError::Revoked`] and [`SignError::SelfCheckFailed`] when the result is
/// not to be given out.
pub fn complete_timestamp(
    mut bytes: Vec<u8>,
    prepared: &PreparedTimestamp,
    reply: &[u8],
    trust: &Trust,
    now: Timestamp,
) -> Result<Archived, SignError> {
    let token = timestamp::token_of(reply)?;
    timestamp::check(&token, &prepared.digest, &[])?;
    let hashes = Rc::new(Hashes::default());
    let range = prepared.byte_range;
    seal::fill(&mut bytes, range, &prepared.digest.0, &token, &hashes)?;
    let report = validate::go_on(&bytes, "", trust, now, hashes, Rc::default());
    let failed = SignError::SelfCheckFailed;
    let own = report
        .signatures
        .iter()
        .find(|signature| signature.timestamp && signature.field == prepared.field)
        .ok_or(failed("the timestamp is not found"))?;
    if own.trust == TrustStatus::Revoked {
        return Err(SignError::Revoked);
    }
    if own.integrity != Integrity::Intact || own.coverage != Coverage::WholeFile {
        return Err(failed("the timestamp does not hold"));
    }
    if own.trust != TrustStatus::Trusted {
        return Err(failed("the authority is not trusted"));
    }
    let hurt = |signature: &contract::validation::SignatureReport| {
        signature.modifications == Modifications::Other
    };
    if report.signatures.iter().any(hurt) {
        return Err(failed("an earlier signature does not hold"));
    }
    Ok(Archived { bytes, report })
}
