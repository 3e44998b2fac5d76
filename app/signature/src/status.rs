//! Asking whether a certificate is revoked: where it says to ask (RFC 5280, 4.2.1.13 and 4.2.2.1), the OCSP request to send there
//! (RFC 6960), and whether what came back may be believed. Nothing is fetched here.

use crate::certificate::Parts;
use crate::key::DigestKind;
use crate::known::Known;
use crate::tlv::{self, OCTET_STRING, SEQUENCE};
use crate::validate::revocation;
use const_oid::db::rfc5280::ID_AD_OCSP;
use contract::value::Timestamp;
use der::{Decode as _, Encode as _};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};

/// Most addresses of one kind that are taken from a certificate.
const ADDRESSES_MAX: usize = 4;
/// SHA-1, with which OCSP names certificates: every responder knows it, and nothing rests on its strength (RFC 5019, 2.1.1).
const SHA1: der::asn1::ObjectIdentifier = const_oid::db::rfc5912::ID_SHA_1;

/// Where a certificate says that its status can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// OCSP responders, as written.
    pub ocsp: Vec<String>,
    /// Revocation lists, as written.
    pub lists: Vec<String>,
}

/// What a certificate (DER) names; nothing when it cannot be read.
#[must_use]
pub fn sources(certificate: &[u8]) -> Sources {
    let Ok(certificate) = Certificate::from_der(certificate) else {
        return Sources::default();
    };
    let body = certificate.tbs_certificate();
    let access = body.get_extension::<AuthorityInfoAccessSyntax>();
    let ocsp = access.ok().flatten().map(|(_, access)| access.0);
    let points = body.get_extension::<CrlDistributionPoints>();
    let points = points.ok().flatten().map(|(_, points)| points.0);
    Sources {
        ocsp: ocsp
            .iter()
            .flatten()
            .filter(|entry| entry.access_method == ID_AD_OCSP)
            .filter_map(|entry| address(&entry.access_location))
            .take(ADDRESSES_MAX)
            .collect(),
        lists: points
            .iter()
            .flatten()
            // A list of another issuer, or for some reasons only, does not tell the whole.
            .filter(|point| point.crl_issuer.is_none() && point.reasons.is_none())
            .filter_map(|point| point.distribution_point.as_ref())
            .filter_map(|name| match name {
                DistributionPointName::FullName(names) => Some(names),
                DistributionPointName::NameRelativeToCRLIssuer(_) => None,
            })
            .flatten()
            .filter_map(address)
            .take(ADDRESSES_MAX)
            .collect(),
    }
}

fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(address) => Some(address.as_str().to_owned()),
        _ => None,
    }
}

/// An `OCSPRequest` (DER) for one certificate, without nonce, so that a responder may answer from what it prepared.
#[must_use]
pub fn ocsp_request(certificate: &[u8], issuer: &[u8]) -> Option<Vec<u8>> {
    let child = Parts::cut(certificate)?;
    let above = Parts::cut(issuer)?;
    let key = revocation::key_bits(issuer)?;
    let kind = DigestKind::from_oid(SHA1)?;
    let algorithm = AlgorithmIdentifierOwned {
        oid: SHA1,
        parameters: Some(der::asn1::Null.into()),
    };
    let algorithm = algorithm.to_der().ok()?;
    let name = tlv::write(OCTET_STRING, &[&kind.digest(above.subject)]);
    let key = tlv::write(OCTET_STRING, &[&kind.digest(&key)]);
    let id = tlv::write(SEQUENCE, &[&algorithm, &name, &key, child.serial]);
    // OCSPRequest { TBSRequest { requestList { Request { reqCert } } } }
    Some((0..4).fold(id, |inner, _| tlv::write(SEQUENCE, &[&inner])))
}

/// What an OCSP answer or a revocation list says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
    /// Until when this holds; answers that do not tell are as old as they say and no older.
    pub until: Option<Timestamp>,
}

/// A clock of an authority may be ahead by so much, in milliseconds.
const SKEW_MS: i64 = 300_000;
/// An answer without `nextUpdate` is fresh for so long, in milliseconds.
const FRESH_MS: i64 = 3_600_000;

/// An OCSP answer (DER): whether it is signed by the issuer or a responder it appointed, covers the certificate, and holds at `now`.
#[must_use]
pub fn read_ocsp(answer: &[u8], certificate: &[u8], issuer: &[u8], now: Timestamp) -> Option<Word> {
    fresh(answer, certificate, issuer, false, now)
}

/// A revocation list (DER): whether it is signed by the issuer, is a whole one, and holds at `now`.
#[must_use]
pub fn read_list(list: &[u8], certificate: &[u8], issuer: &[u8], now: Timestamp) -> Option<Word> {
    fresh(list, certificate, issuer, true, now)
}

fn fresh(
    data: &[u8],
    certificate: &[u8],
    issuer: &[u8],
    is_list: bool,
    now: Timestamp,
) -> Option<Word> {
    // Nothing may hide behind it: it is copied into the file as it is.
    tlv::expect(data, SEQUENCE).filter(|(_, rest)| rest.is_empty())?;
    let (revoked, from, next) =
        revocation::newest(&Known::default(), certificate, issuer, data, is_list)?;
    let until = next.unwrap_or(Timestamp(from.0.saturating_add(FRESH_MS)));
    let holds = from.0 <= now.0.saturating_add(SKEW_MS) && now <= until;
    holds.then_some(Word {
        revoked,
        until: next,
    })
}
