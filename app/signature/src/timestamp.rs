//! Timestamps (RFC 3161): the query that is sent to an authority, and what its answer has to hold before it is embedded.

use crate::ber;
use crate::cms::algorithm;
use crate::key::DigestKind;
use crate::known::Known;
use crate::tlv::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::validate::chain::may_stamp;
use crate::validate::cms::SignedData;
use crate::value;
use const_oid::db::rfc5912;
use contract::validation::Integrity;
use contract::value::{Sha256, Timestamp};
use sha2::Digest as _;

/// Largest token that is embedded, in bytes of DER: with its whole chain a token of the authorities in use has 4 to 8 KB.
pub const TOKEN_MAX: usize = 16 * 1024;
/// Longest path that is looked for in a token, in certificates.
const PATH_MAX: usize = 8;
const VERSION_1: &[u8] = &[INTEGER, 1, 1];
const BOOLEAN: u8 = 0x01;
const NULL: &[u8] = &[0x05, 0];

/// Why a timestamp was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The query is none, or has no SHA-256 digest.
    #[error("the timestamp query cannot be read")]
    QueryUnreadable,
    /// The answer is no `TimeStampResp`, or its token no `SignedData` over a `TSTInfo`.
    #[error("the timestamp answer cannot be read")]
    Unreadable,
    /// The authority did not grant it; its `PKIStatus`.
    #[error("the timestamp authority refused with status {0}")]
    NotGranted(u8),
    /// It is over another digest than the one that was asked for.
    #[error("the timestamp is over something else")]
    OtherDigest,
    /// It does not repeat the query's nonce: an old answer, perhaps.
    #[error("the timestamp answers another query")]
    OtherNonce,
    /// Its signature does not hold, or does not name the certificate.
    #[error("the timestamp's signature does not hold")]
    Broken,
    /// Its certificate is not there, is not one for timestamps alone (RFC 3161, 2.3), or was not valid at that time.
    #[error("the timestamp is not by a timestamp authority")]
    NotAuthority,
    /// Larger than [`TOKEN_MAX`].
    #[error("the timestamp has {0} bytes")]
    TooLarge(usize),
}

/// A timestamp that holds. Whether its authority is trusted is decided by validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// When.
    pub at: Timestamp,
    /// `TimeStampToken`, DER.
    pub token: Vec<u8>,
    /// The authority's certificate and its issuers, as far as they are known.
    pub chain: Vec<Vec<u8>>,
}

/// `TimeStampReq` over a signature value, DER: SHA-256 of the value as it stands in the CMS, with the authority's certificate asked for.
/// An empty nonce is left out.
#[must_use]
pub fn timestamp_query(value: &[u8], nonce: &[u8]) -> Vec<u8> {
    let digest = sha2::Sha256::digest(value::as_embedded(value));
    digest_query(&Sha256(digest.into()), nonce)
}

/// `TimeStampReq` over a digest, DER (RFC 3161, 2.4.1): for document timestamps.
#[must_use]
pub fn digest_query(digest: &Sha256, nonce: &[u8]) -> Vec<u8> {
    // With NULL, as most clients write it: some authorities know no other form.
    let kind = tlv::write(SEQUENCE, &[&algorithm::oid(rfc5912::ID_SHA_256), NULL]);
    let imprint = tlv::write(SEQUENCE, &[&kind, &tlv::write(OCTET_STRING, &[&digest.0])]);
    let nonce = if nonce.is_empty() {
        Vec::new()
    } else {
        tlv::write(INTEGER, &[&unsigned(nonce)])
    };
    let wants_certificate = tlv::write(BOOLEAN, &[&[0xff]]);
    tlv::write(SEQUENCE, &[VERSION_1, &imprint, &nonce, &wants_certificate])
}

/// Content of an `INTEGER` that is not negative: no needless zeros in front, and one where the sign bit is set (X.690, 8.3).
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    content
}

/// Checks an authority's answer (`TimeStampResp`, DER) to a query of [`timestamp_query`] or [`digest_query`]. `others` are further
/// certificates that may stand above the authority's.
///
/// # Errors
/// [`TimestampError`].
pub fn read_timestamp(
    query: &[u8],
    reply: &[u8],
    others: &[&[u8]],
) -> Result<Stamped, TimestampError> {
    let (digest, nonce) = read_query(query).ok_or(TimestampError::QueryUnreadable)?;
    let token = token_of(reply)?;
    let stamped = check(&token, &digest, others)?;
    let answered = SignedData::read(&token).and_then(|signed| signed.stamp()?.nonce);
    if answered != nonce {
        return Err(TimestampError::OtherNonce);
    }
    Ok(stamped)
}

/// Digest and nonce of a query.
fn read_query(query: &[u8]) -> Option<(Sha256, Option<&[u8]>)> {
    let (outer, _) = tlv::expect(query, SEQUENCE)?;
    let (_version, rest) = tlv::expect(outer.content, INTEGER)?;
    let (imprint, rest) = tlv::expect(rest, SEQUENCE)?;
    let (kind, hashed) = tlv::expect(imprint.content, SEQUENCE)?;
    let (name, _) = tlv::expect(kind.content, OBJECT_IDENTIFIER)?;
    if name.whole != algorithm::oid(rfc5912::ID_SHA_256) {
        return None;
    }
    let (digest, _) = tlv::expect(hashed, OCTET_STRING)?;
    let nonce = tlv::expect(rest, INTEGER).map(|(nonce, _)| nonce.content);
    Some((Sha256(digest.content.try_into().ok()?), nonce))
}

/// The token of a `TimeStampResp` (2.4.2) with definite lengths; only what the authority granted.
pub(crate) fn token_of(reply: &[u8]) -> Result<Vec<u8>, TimestampError> {
    let (reply, _) = ber::definite(reply).ok_or(TimestampError::Unreadable)?;
    let read = || {
        let (outer, _) = tlv::expect(&reply, SEQUENCE)?;
        let (status, rest) = tlv::expect(outer.content, SEQUENCE)?;
        let (number, _) = tlv::expect(status.content, INTEGER)?;
        Some((number.content, rest))
    };
    let (status, rest) = read().ok_or(TimestampError::Unreadable)?;
    // `granted` and `grantedWithMods`.
    if !matches!(status, [0 | 1]) {
        return Err(TimestampError::NotGranted(
            status.last().copied().unwrap_or(u8::MAX),
        ));
    }
    let (token, _) = tlv::expect(rest, SEQUENCE).ok_or(TimestampError::Unreadable)?;
    if token.whole.len() > TOKEN_MAX {
        return Err(TimestampError::TooLarge(token.whole.len()));
    }
    Ok(token.whole.to_vec())
}

/// Whether a token holds over a SHA-256 digest.
pub(crate) fn check(
    token: &[u8],
    digest: &Sha256,
    others: &[&[u8]],
) -> Result<Stamped, TimestampError> {
    let signed = SignedData::read(token).ok_or(TimestampError::Unreadable)?;
    let stamp = signed.stamp().ok_or(TimestampError::Unreadable)?;
    if stamp.kind != DigestKind::Sha256 || stamp.hashed != digest.0 {
        return Err(TimestampError::OtherDigest);
    }
    let certificate = signed.signer.ok_or(TimestampError::NotAuthority)?;
    let known = Known::default();
    let read = known.read(certificate);
    let valid = read
        .facts()
        .is_some_and(|facts| facts.valid_from <= stamp.at && stamp.at <= facts.valid_to);
    if !valid || !may_stamp(&read) {
        return Err(TimestampError::NotAuthority);
    }
    if signed.content_integrity(&known) != Integrity::Intact
        || !signed.binds_any()
        || !signed.binds(certificate)
    {
        return Err(TimestampError::Broken);
    }
    let mut offered = signed.certificates.clone();
    offered.extend(others);
    Ok(Stamped {
        at: stamp.at,
        chain: path(&known, certificate, &offered),
        token: token.to_vec(),
    })
}

/// A certificate and those above it, as far as they are offered. Nothing is trusted by that.
pub(crate) fn path(known: &Known, certificate: &[u8], offered: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut path = vec![certificate.to_vec()];
    let mut top = certificate;
    while path.len() < PATH_MAX && !known.issued_by(top, top) {
        let above = offered
            .iter()
            .find(|other| !path.iter().any(|one| one == *other) && known.issued_by(top, other));
        let Some(above) = above else { break };
        path.push(above.to_vec());
        top = above;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_query_is_read_back_and_any_bytes_are_read_or_refused(
            digest in any::<[u8; 32]>(),
            nonce in proptest::collection::vec(any::<u8>(), 0..20),
            noise in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let query = digest_query(&Sha256(digest), &nonce);
            let (asked, sent) = read_query(&query).expect("just written");
            prop_assert_eq!(asked.0, digest);
            prop_assert_eq!(sent.is_some(), !nonce.is_empty());
            let significant: Vec<u8> = nonce.iter().copied().skip_while(|byte| *byte == 0).collect();
            if let Some(sent) = sent {
                prop_assert!(sent.ends_with(&significant) && sent.len() <= significant.len() + 1);
                prop_assert!(sent[0] < 0x80, "never negative");
            }
            let _ = read_query(&noise);
            let _ = token_of(&noise);
            let _ = check(&noise, &Sha256(digest), &[]);
        }
    }
}
