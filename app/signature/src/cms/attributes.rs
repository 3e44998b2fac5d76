//! The signed attributes of PAdES B-B (EN 319 142-1, 6.3): content-type, message-digest, signing-certificate-v2 and,
//! where the key decides the algorithm, cmsAlgorithmProtection. No signing-time: the claimed time is `/M`.

use super::algorithm;
use crate::certificate::{CertificateError, Parts};
use crate::key::{DigestKind, KeyKind, Scheme};
use crate::tlv;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5911, rfc6268};
use sha2::{Digest, Sha256};

/// `id-aa-CMSAlgorithmProtect` (RFC 6211).
const ALGORITHM_PROTECTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");

/// The attributes as DER `SET OF` (tag 0x31): what is hashed and signed (RFC 5652, 5.4).
///
/// # Errors
/// [`CertificateError::Unreadable`].
pub(crate) fn signed(
    document_digest: &[u8; 32],
    certificate: &[u8],
    key: KeyKind,
) -> Result<Vec<u8>, CertificateError> {
    Parts::cut(certificate).ok_or(CertificateError::Unreadable)?;
    let mut attributes = vec![
        attribute(rfc5911::ID_CONTENT_TYPE, &algorithm::oid(rfc6268::ID_DATA)),
        attribute(
            rfc5911::ID_MESSAGE_DIGEST,
            &tlv::write(tlv::OCTET_STRING, &[document_digest]),
        ),
        attribute(
            rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2,
            &signing_certificate(certificate),
        ),
    ];
    attributes.extend(protection(key).map(|value| attribute(ALGORITHM_PROTECTION, &value)));
    Ok(tlv::write_set_of(tlv::SET, attributes))
}

/// The message-digest attribute of such a set, for checking that document and attributes belong together.
pub(crate) fn message_digest(attributes: &[u8]) -> Option<&[u8]> {
    let wanted = algorithm::oid(rfc5911::ID_MESSAGE_DIGEST);
    let (set, _) = tlv::expect(attributes, tlv::SET)?;
    let mut rest = set.content;
    while !rest.is_empty() {
        let (attribute, after) = tlv::expect(rest, tlv::SEQUENCE)?;
        rest = after;
        let (kind, values) = tlv::expect(attribute.content, tlv::OBJECT_IDENTIFIER)?;
        if kind.whole == wanted {
            let (values, _) = tlv::expect(values, tlv::SET)?;
            return tlv::expect(values.content, tlv::OCTET_STRING)
                .map(|(digest, _)| digest.content);
        }
    }
    None
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::write(
        tlv::SEQUENCE,
        &[&algorithm::oid(kind), &tlv::write(tlv::SET, &[value])],
    )
}

/// `SigningCertificateV2` with one `ESSCertIDv2` (RFC 5035, 3): `hashAlgorithm` is left out because SHA-256 is its
/// default, which DER must not write, and `issuerSerial` because the hash already names one certificate.
fn signing_certificate(certificate: &[u8]) -> Vec<u8> {
    let hash = tlv::write(tlv::OCTET_STRING, &[&Sha256::digest(certificate)]);
    let identifier = tlv::write(tlv::SEQUENCE, &[&hash]);
    tlv::write(tlv::SEQUENCE, &[&tlv::write(tlv::SEQUENCE, &[&identifier])])
}

/// `CMSAlgorithmProtection` (RFC 6211, 2). An ordinary RSA key leaves it to the provider whether v1.5 or PSS comes back,
/// and the attribute has to be signed before that is known, so it is left out there.
fn protection(key: KeyKind) -> Option<Vec<u8>> {
    let scheme = match key {
        KeyKind::P256 | KeyKind::P384 => Scheme::Ecdsa(DigestKind::Sha256),
        KeyKind::RsaPss(_) => Scheme::Pss(DigestKind::Sha256, 32),
        KeyKind::Rsa(_) | KeyKind::Ed25519 => return None,
    };
    // signatureAlgorithm is [1] IMPLICIT: its SEQUENCE tag is replaced.
    let mut signature = algorithm::signature(scheme);
    if let Some(tag) = signature.first_mut() {
        *tag = 0xa1;
    }
    Some(tlv::write(
        tlv::SEQUENCE,
        &[&algorithm::sha256(), &signature],
    ))
}
