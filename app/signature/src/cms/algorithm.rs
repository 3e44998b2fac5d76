//! `AlgorithmIdentifier`s as they are written.

use crate::key::{DigestKind, Scheme};
use crate::tlv;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};

const NULL: &[u8] = &[5, 0];

/// An object identifier, whole.
pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    tlv::write(tlv::OBJECT_IDENTIFIER, &[oid.as_bytes()])
}

/// `id-sha256` without parameters (RFC 5754, 2).
pub(crate) fn sha256() -> Vec<u8> {
    digest(DigestKind::Sha256)
}

fn digest(kind: DigestKind) -> Vec<u8> {
    let identifier = match kind {
        DigestKind::Sha1 => rfc5912::ID_SHA_1,
        DigestKind::Sha256 => rfc5912::ID_SHA_256,
        DigestKind::Sha384 => rfc5912::ID_SHA_384,
        DigestKind::Sha512 => rfc5912::ID_SHA_512,
    };
    tlv::write(tlv::SEQUENCE, &[&oid(identifier)])
}

/// The signature algorithm of a `SignerInfo`: RSA v1.5 with NULL (RFC 4055, 5), PSS with explicit parameters, ECDSA without (RFC 5758, 3.2).
pub(crate) fn signature(scheme: Scheme) -> Vec<u8> {
    match scheme {
        Scheme::Pkcs1(kind) => {
            let identifier = match kind {
                DigestKind::Sha1 => rfc5912::SHA_1_WITH_RSA_ENCRYPTION,
                DigestKind::Sha256 => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
                DigestKind::Sha384 => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
                DigestKind::Sha512 => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
            };
            tlv::write(tlv::SEQUENCE, &[&oid(identifier), NULL])
        }
        Scheme::Pss(kind, salt) => {
            let hash = tlv::write(0xa0, &[&digest(kind)]);
            let mask = tlv::write(tlv::SEQUENCE, &[&oid(rfc5912::ID_MGF_1), &digest(kind)]);
            let mask = tlv::write(0xa1, &[&mask]);
            let salt = u8::try_from(salt).unwrap_or(u8::MAX); // only 32 is ever written
            let salt = tlv::write(0xa2, &[&tlv::write(tlv::INTEGER, &[&[salt]])]);
            let parameters = tlv::write(tlv::SEQUENCE, &[&hash, &mask, &salt]);
            tlv::write(tlv::SEQUENCE, &[&oid(rfc5912::ID_RSASSA_PSS), &parameters])
        }
        Scheme::Ecdsa(kind) => {
            let identifier = match kind {
                DigestKind::Sha1 => ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"),
                DigestKind::Sha256 => rfc5912::ECDSA_WITH_SHA_256,
                DigestKind::Sha384 => rfc5912::ECDSA_WITH_SHA_384,
                DigestKind::Sha512 => rfc5912::ECDSA_WITH_SHA_512,
            };
            tlv::write(tlv::SEQUENCE, &[&oid(identifier)])
        }
        Scheme::Ed25519 => tlv::write(tlv::SEQUENCE, &[&oid(rfc8410::ID_ED_25519)]),
    }
}
