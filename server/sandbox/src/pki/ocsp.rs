//! OCSP (RFC 6960): a responder the issuing CA appointed answers good, revoked or unknown, with the caller's nonce.

use super::Known;
use super::write::{
    ENUMERATED, OCTET_STRING, algorithm, bits, explicit, oid, sequence, tagged, time,
};
use crate::authority::Authority;
use crate::key::Hash;
use crate::subscriber::Standing;
use anyhow::Result;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::ECDSA_WITH_SHA_256;
use der::asn1::{Any, Int, OctetString};
use der::{Decode as _, Encode as _, Sequence};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extensions;

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// How long an answer holds, in seconds.
const HOLDS: u64 = 3_600;
/// Most certificates of one request.
const MOST: usize = 32;

#[derive(Sequence)]
struct Request {
    body: Body,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    signature: Option<Any>,
}

#[derive(Sequence)]
struct Body {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    version: Option<u8>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    requestor: Option<Any>,
    list: Vec<Single>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct Single {
    certificate: CertificateId,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct CertificateId {
    hash: AlgorithmIdentifierOwned,
    issuer_name: OctetString,
    issuer_key: OctetString,
    serial: Int,
}

/// An answer without content: 1 malformedRequest, 6 unauthorized.
fn error(status: u8) -> Vec<u8> {
    sequence(&[&tagged(ENUMERATED, &[&[status]])])
}

/// What is said about bytes that are no request.
pub(super) fn malformed() -> Vec<u8> {
    error(1)
}

/// Whether the request means the issuing CA.
fn is_ours(authority: &Authority, id: &CertificateId) -> Result<bool> {
    let tbs = authority.issuing.tbs_certificate();
    let name = tbs.subject().to_der()?;
    let key = tbs.subject_public_key_info().subject_public_key.raw_bytes();
    let (name, key) = match id.hash.oid {
        SHA_1 => (Sha1::digest(&name).to_vec(), Sha1::digest(key).to_vec()),
        SHA_256 => (Sha256::digest(&name).to_vec(), Sha256::digest(key).to_vec()),
        _ => return Ok(false),
    };
    Ok(id.issuer_name.as_bytes() == name && id.issuer_key.as_bytes() == key)
}

/// The answer, and what was wrong with the request.
pub(super) fn answer(
    authority: &Authority,
    issued: &[Known],
    request: &[u8],
    now: u64,
    spoiled: bool,
) -> Result<(Vec<u8>, Option<&'static str>)> {
    let Ok(request) = Request::from_der(request) else {
        return Ok((error(1), Some("the body is no OCSP request")));
    };
    let list = &request.body.list;
    if list.is_empty() || list.len() > MOST {
        return Ok((error(1), Some("no certificate, or too many")));
    }
    let mut singles = Vec::new();
    for single in list {
        let id = &single.certificate;
        if !is_ours(authority, id)? {
            return Ok((error(6), Some("another issuer than the issuing CA")));
        }
        singles.extend(single_answer(issued, id, now)?);
    }
    let nonce = request
        .body
        .extensions
        .iter()
        .flatten()
        .find(|extension| extension.extn_id == NONCE);
    let extensions = match nonce {
        Some(nonce) => explicit(1, &[&sequence(&[&nonce.to_der()?])]),
        None => Vec::new(),
    };
    let (certificate, key) = &authority.responder;
    let name = certificate.tbs_certificate().subject().to_der()?;
    let body = sequence(&[
        &explicit(1, &[&name]),
        &time(now)?,
        &sequence(&[&singles]),
        &extensions,
    ]);
    let mut value = key.sign(Hash::Sha256, &Sha256::digest(&body))?;
    if spoiled && let Some(last) = value.last_mut() {
        *last ^= 1;
    }
    let basic = sequence(&[
        &body,
        &algorithm(ECDSA_WITH_SHA_256),
        &bits(&value),
        &explicit(0, &[&sequence(&[&certificate.to_der()?])]),
    ]);
    let bytes = sequence(&[&oid(BASIC), &tagged(OCTET_STRING, &[&basic])]);
    Ok((
        sequence(&[&tagged(ENUMERATED, &[&[0]]), &explicit(0, &[&bytes])]),
        None,
    ))
}

fn single_answer(issued: &[Known], id: &CertificateId, now: u64) -> Result<Vec<u8>> {
    let significant = |bytes: &[u8]| -> Vec<u8> {
        bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect()
    };
    let wanted = significant(id.serial.as_bytes());
    let known = issued
        .iter()
        .find(|known| significant(&known.serial) == wanted);
    let status = match known {
        None => tagged(0x82, &[]),
        Some(Known { revoked: None, .. }) => tagged(0x80, &[]),
        Some(Known {
            revoked: Some((at, standing)),
            ..
        }) => {
            // certificateHold or keyCompromise.
            let reason = if *standing == Standing::Suspended {
                6
            } else {
                1
            };
            let reason = explicit(0, &[&tagged(ENUMERATED, &[&[reason]])]);
            tagged(0xa1, &[&time(*at)?, &reason])
        }
    };
    Ok(sequence(&[
        &id.to_der()?,
        &status,
        &time(now)?,
        &explicit(0, &[&time(now + HOLDS)?]),
    ]))
}
