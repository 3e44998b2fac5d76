//! `ContentInfo` with `SignedData` (RFC 5652, 5), all DER.

use super::algorithm;
use crate::certificate::{CertificateError, Parts};
use crate::key::{DigestKind, KeyKind, Scheme};
use crate::tlv;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc6268;

const VERSION_1: &[u8] = &[tlv::INTEGER, 1, 1];
/// `id-aa-timeStampToken` (RFC 3161, appendix A).
const TIMESTAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Puts signed attributes (as `SET OF`) and value together with the certificates, and with a timestamp over the value as the one
/// unsigned attribute where there is a token.
///
/// # Errors
/// [`CertificateError::Unreadable`] for the signer's or an issuer's.
pub(crate) fn assemble(
    certificate: &[u8],
    chain: &[&[u8]],
    signed_attributes: &[u8],
    scheme: Scheme,
    value: &[u8],
    token: Option<&[u8]>,
) -> Result<Vec<u8>, CertificateError> {
    let parts = Parts::cut(certificate).ok_or(CertificateError::Unreadable)?;
    let mut certificates = vec![certificate.to_vec()];
    for issuer in chain {
        Parts::cut(issuer).ok_or(CertificateError::Unreadable)?;
        if !certificates.iter().any(|known| known == issuer) {
            certificates.push(issuer.to_vec());
        }
    }
    let sid = tlv::write(tlv::SEQUENCE, &[parts.issuer, parts.serial]);
    // [0] IMPLICIT SET OF: the tag changes, the signed bytes stay.
    let (set, _) = tlv::expect(signed_attributes, tlv::SET).ok_or(CertificateError::Unreadable)?;
    let unsigned = token.map_or_else(Vec::new, |token| {
        let attribute = tlv::write(
            tlv::SEQUENCE,
            &[
                &algorithm::oid(TIMESTAMP_TOKEN),
                &tlv::write(tlv::SET, &[token]),
            ],
        );
        tlv::write(0xa1, &[&attribute])
    });
    let signer_info = tlv::write(
        tlv::SEQUENCE,
        &[
            VERSION_1,
            &sid,
            &algorithm::sha256(),
            &tlv::write(0xa0, &[set.content]),
            &algorithm::signature(scheme),
            &tlv::write(tlv::OCTET_STRING, &[value]),
            &unsigned,
        ],
    );
    let signed_data = tlv::write(
        tlv::SEQUENCE,
        &[
            VERSION_1,
            &tlv::write(tlv::SET, &[&algorithm::sha256()]),
            &tlv::write(tlv::SEQUENCE, &[&algorithm::oid(rfc6268::ID_DATA)]),
            &tlv::write_set_of(0xa0, certificates),
            &tlv::write(tlv::SET, &[&signer_info]),
        ],
    );
    let content = tlv::write(0xa0, &[&signed_data]);
    Ok(tlv::write(
        tlv::SEQUENCE,
        &[&algorithm::oid(rfc6268::ID_SIGNED_DATA), &content],
    ))
}

/// The most bytes the CMS can take: the same assembly around the longest value the key can produce, and a timestamp token of so many
/// bytes where one may come.
///
/// # Errors
/// [`CertificateError`].
pub(crate) fn largest(
    certificate: &[u8],
    chain: &[&[u8]],
    signed_attributes: &[u8],
    key: KeyKind,
    token: Option<usize>,
) -> Result<usize, CertificateError> {
    let token = token.map(|room| vec![0; room]);
    let (scheme, length) = match key {
        // PSS names its parameters and so is the longer one.
        KeyKind::Rsa(bits) | KeyKind::RsaPss(bits) => {
            let length =
                usize::try_from(bits.div_ceil(8)).map_err(|_| CertificateError::UnsupportedKey)?;
            (Scheme::Pss(DigestKind::Sha256, 32), length)
        }
        // SEQUENCE of two INTEGERs with a leading zero each.
        KeyKind::P256 => (Scheme::Ecdsa(DigestKind::Sha256), 2 + 2 * (2 + 33)),
        KeyKind::P384 => (Scheme::Ecdsa(DigestKind::Sha256), 2 + 2 * (2 + 49)),
        KeyKind::Ed25519 => return Err(CertificateError::UnsupportedKey),
    };
    assemble(
        certificate,
        chain,
        signed_attributes,
        scheme,
        &vec![0; length],
        token.as_deref(),
    )
    .map(|der| der.len())
}
