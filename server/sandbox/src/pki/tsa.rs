//! Timestamps (RFC 3161): SHA-256, -384 and -512, nonce, one policy; anything else is refused with a reason.

use super::write::{
    BIT_STRING, INTEGER, NULL, OCTET_STRING, SET, UTF8_STRING, algorithm, explicit, integer, oid,
    sequence, set, tagged, time,
};
use crate::authority::Authority;
use crate::key::Hash;
use anyhow::Result;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::ECDSA_WITH_SHA_256;
use der::asn1::{Int, OctetString};
use der::{Decode as _, Encode as _, Sequence};
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::Extensions;

/// The policy of every timestamp here; the number stands for no authority.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4.1");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

#[derive(Sequence)]
struct Query {
    version: u8,
    imprint: Imprint,
    policy: Option<ObjectIdentifier>,
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    certificates: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// Bits of `PKIFailureInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    BadAlgorithm = 0,
    BadRequest = 2,
    BadDataFormat = 5,
    UnacceptedPolicy = 15,
    UnacceptedExtension = 16,
}

/// A refusal: `PKIStatusInfo` without a token.
fn refused(failure: Failure, reason: &str) -> Vec<u8> {
    let bit = failure as usize;
    let mut bytes = vec![0u8; bit / 8 + 1];
    if let Some(byte) = bytes.get_mut(bit / 8) {
        *byte = 0x80 >> (bit % 8);
    }
    let unused = u8::try_from(7 - bit % 8).unwrap_or(0);
    let text = sequence(&[&tagged(UTF8_STRING, &[reason.as_bytes()])]);
    let failure = tagged(BIT_STRING, &[&[unused], &bytes]);
    sequence(&[&sequence(&[&tagged(INTEGER, &[&[2]]), &text, &failure])])
}

/// What a token is made of.
pub(super) struct Wanted<'a> {
    pub(super) hash: Hash,
    pub(super) digest: &'a [u8],
    /// DER of an INTEGER.
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) with_certificates: bool,
    /// Seconds since 1970.
    pub(super) at: u64,
    pub(super) spoiled: bool,
}

/// The answer to a query, and what was wrong with it.
pub(super) fn answer(
    authority: &Authority,
    query: &[u8],
    at: u64,
    spoiled: bool,
) -> Result<(Vec<u8>, Option<&'static str>)> {
    let no = |failure, reason| Ok((refused(failure, reason), Some(reason)));
    let Ok(query) = Query::from_der(query) else {
        return no(Failure::BadDataFormat, "the body is no timestamp query");
    };
    if query.version != 1 {
        return no(Failure::BadRequest, "only version 1");
    }
    let hash = match query.imprint.algorithm.oid {
        SHA_256 => Hash::Sha256,
        SHA_384 => Hash::Sha384,
        SHA_512 => Hash::Sha512,
        _ => return no(Failure::BadAlgorithm, "only SHA-256, SHA-384 and SHA-512"),
    };
    if query.imprint.digest.as_bytes().len() != hash.size() {
        return no(
            Failure::BadDataFormat,
            "the digest's length does not fit its algorithm",
        );
    }
    if query.policy.is_some_and(|policy| policy != POLICY) {
        return no(Failure::UnacceptedPolicy, "only policy 1.2.3.4.1");
    }
    if query.extensions.is_some() {
        return no(Failure::UnacceptedExtension, "no extensions");
    }
    let token = token(
        authority,
        &Wanted {
            hash,
            digest: query.imprint.digest.as_bytes(),
            nonce: query.nonce.map(|nonce| nonce.to_der()).transpose()?,
            with_certificates: query.certificates,
            at,
            spoiled,
        },
    )?;
    let granted = sequence(&[&tagged(INTEGER, &[&[0]])]);
    Ok((sequence(&[&granted, &token]), None))
}

/// A token: CMS SignedData around TSTInfo.
pub(super) fn token(authority: &Authority, wanted: &Wanted<'_>) -> Result<Vec<u8>> {
    let (certificate, key) = &authority.stamper;
    let name = match wanted.hash {
        Hash::Sha256 => SHA_256,
        Hash::Sha384 => SHA_384,
        Hash::Sha512 => SHA_512,
    };
    let null = tagged(NULL, &[]);
    let imprint = sequence(&[
        &sequence(&[&oid(name), &null]),
        &tagged(OCTET_STRING, &[wanted.digest]),
    ]);
    let serial = integer(uuid::Uuid::new_v4().as_bytes());
    // Accuracy: one second.
    let accuracy = sequence(&[&tagged(INTEGER, &[&[1]])]);
    let info = sequence(&[
        &tagged(INTEGER, &[&[1]]),
        &oid(POLICY),
        &imprint,
        &serial,
        &time(wanted.at)?,
        &accuracy,
        wanted.nonce.as_deref().unwrap_or_default(),
    ]);
    let own = certificate.to_der()?;
    let binding = sequence(&[&sequence(&[&sequence(&[&tagged(
        OCTET_STRING,
        &[&Sha256::digest(&own)],
    )])])]);
    let attribute =
        |name: ObjectIdentifier, value: &[u8]| sequence(&[&oid(name), &tagged(SET, &[value])]);
    let attributes = set(vec![
        attribute(CONTENT_TYPE, &oid(TST_INFO)),
        attribute(
            MESSAGE_DIGEST,
            &tagged(OCTET_STRING, &[&Sha256::digest(&info)]),
        ),
        attribute(SIGNING_CERTIFICATE_V2, &binding),
    ]);
    let mut value = key.sign(Hash::Sha256, &Sha256::digest(&attributes))?;
    if wanted.spoiled
        && let Some(last) = value.last_mut()
    {
        *last ^= 1;
    }
    let tbs = certificate.tbs_certificate();
    let signer = sequence(&[&tbs.issuer().to_der()?, &tbs.serial_number().to_der()?]);
    let digest = algorithm(SHA_256);
    // The same attributes, tagged [0] instead of SET OF.
    let mut implicit = attributes;
    if let Some(tag) = implicit.first_mut() {
        *tag = 0xa0;
    }
    let signer_info = sequence(&[
        &tagged(INTEGER, &[&[1]]),
        &signer,
        &digest,
        &implicit,
        &algorithm(ECDSA_WITH_SHA_256),
        &tagged(OCTET_STRING, &[&value]),
    ]);
    let certificates = if wanted.with_certificates {
        let mut list = [own, authority.issuing.to_der()?];
        list.sort();
        explicit(0, &[&list.concat()])
    } else {
        Vec::new()
    };
    let data = sequence(&[
        &tagged(INTEGER, &[&[3]]),
        &set(vec![digest.clone()]),
        &sequence(&[
            &oid(TST_INFO),
            &explicit(0, &[&tagged(OCTET_STRING, &[&info])]),
        ]),
        &certificates,
        &set(vec![signer_info]),
    ]);
    Ok(sequence(&[&oid(SIGNED_DATA), &explicit(0, &[&data])]))
}
