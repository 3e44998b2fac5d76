//! Public keys and the signature algorithms they verify (RFC 8017, RFC 5480, RFC 8410).

mod rsa_key;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::{Decode, Encode};
pub use rsa_key::RsaKey;
use sha2::Digest;
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef, SubjectPublicKeyInfoOwned};

/// Kind and size of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of so many bits.
    Rsa(u32),
    /// RSA that may be used for PSS only (`id-RSASSA-PSS`, RFC 4055).
    RsaPss(u32),
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// Ed25519.
    Ed25519,
}

/// A digest algorithm; SHA-1 only to read what was signed long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DigestKind {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestKind {
    /// By its object identifier (`id-sha256` and so on).
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            rfc5912::ID_SHA_1 => Some(Self::Sha1),
            rfc5912::ID_SHA_256 => Some(Self::Sha256),
            rfc5912::ID_SHA_384 => Some(Self::Sha384),
            rfc5912::ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The digest of `message`.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(message).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(message).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(message).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(message).to_vec(),
        }
    }

    /// Length of a digest in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// How a value is computed from a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 over this digest.
    Pkcs1(DigestKind),
    /// RSASSA-PSS over this digest, MGF1 with the same, and a salt of so many bytes.
    Pss(DigestKind, usize),
    /// ECDSA over this digest, value in DER.
    Ecdsa(DigestKind),
    /// Pure Ed25519 over the message itself.
    Ed25519,
}

impl Scheme {
    /// From the `AlgorithmIdentifier` of a certificate or of a `SignerInfo`. `digest` decides where the identifier leaves
    /// it open (`rsaEncryption` and `id-ecPublicKey` in a `SignerInfo`). `None` for what is not supported.
    #[must_use]
    pub fn from_identifier(
        identifier: &AlgorithmIdentifierOwned,
        digest: Option<DigestKind>,
    ) -> Option<Self> {
        match identifier.oid {
            rfc5912::SHA_1_WITH_RSA_ENCRYPTION => Some(Self::Pkcs1(DigestKind::Sha1)),
            rfc5912::SHA_256_WITH_RSA_ENCRYPTION => Some(Self::Pkcs1(DigestKind::Sha256)),
            rfc5912::SHA_384_WITH_RSA_ENCRYPTION => Some(Self::Pkcs1(DigestKind::Sha384)),
            rfc5912::SHA_512_WITH_RSA_ENCRYPTION => Some(Self::Pkcs1(DigestKind::Sha512)),
            rfc5912::RSA_ENCRYPTION => digest.map(Self::Pkcs1),
            rfc5912::ECDSA_WITH_SHA_256 => Some(Self::Ecdsa(DigestKind::Sha256)),
            rfc5912::ECDSA_WITH_SHA_384 => Some(Self::Ecdsa(DigestKind::Sha384)),
            rfc5912::ECDSA_WITH_SHA_512 => Some(Self::Ecdsa(DigestKind::Sha512)),
            ECDSA_WITH_SHA_1 => Some(Self::Ecdsa(DigestKind::Sha1)),
            rfc5912::ID_EC_PUBLIC_KEY => digest.map(Self::Ecdsa),
            rfc8410::ID_ED_25519 => Some(Self::Ed25519),
            rfc5912::ID_RSASSA_PSS => {
                let parameters = identifier.parameters.as_ref()?.to_der().ok()?;
                pss_parameters(&parameters)
            }
            _ => None,
        }
    }

    /// The digest the scheme is defined over; `None` for Ed25519, which takes the message itself.
    #[must_use]
    pub const fn digest(self) -> Option<DigestKind> {
        match self {
            Self::Pkcs1(digest) | Self::Pss(digest, _) | Self::Ecdsa(digest) => Some(digest),
            Self::Ed25519 => None,
        }
    }
}

const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// `RSASSA-PSS-params` (RFC 4055, 3.1): every member is explicit and has a default; other masks than MGF1 with the same digest are refused.
fn pss_parameters(der: &[u8]) -> Option<Scheme> {
    let (outer, _) = crate::tlv::expect(der, crate::tlv::SEQUENCE)?;
    let (mut digest, mut mask, mut salt) = (DigestKind::Sha1, DigestKind::Sha1, 20_usize);
    let mut rest = outer.content;
    while !rest.is_empty() {
        let (member, after) = crate::tlv::read(rest)?;
        rest = after;
        match member.tag {
            0xa0 => {
                digest = DigestKind::from_oid(
                    AlgorithmIdentifierRef::from_der(member.content).ok()?.oid,
                )?
            }
            0xa1 => {
                let function = AlgorithmIdentifierRef::from_der(member.content).ok()?;
                let inner = function.parameters?.to_der().ok()?;
                mask = DigestKind::from_oid(AlgorithmIdentifierRef::from_der(&inner).ok()?.oid)?;
            }
            0xa2 => salt = usize::from(u16::from_der(member.content).ok()?),
            // The one trailer there is.
            0xa3 if u8::from_der(member.content) == Ok(1) => {}
            _ => return None,
        }
    }
    (digest == mask).then_some(Scheme::Pss(digest, salt))
}

/// A public key that can verify.
#[derive(Debug, Clone)]
pub enum PublicKey {
    /// RSA; the flag of [`KeyKind::RsaPss`] is kept beside it.
    Rsa(RsaKey, KeyKind),
    /// P-256.
    P256(p256::ecdsa::VerifyingKey),
    /// P-384.
    P384(p384::ecdsa::VerifyingKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl PublicKey {
    /// From a certificate's `subjectPublicKeyInfo`; `None` for other algorithms, curves, and RSA outside 1024-8192 bits.
    #[must_use]
    pub fn from_info(info: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        let bits = info.subject_public_key.as_bytes()?;
        match info.algorithm.oid {
            oid @ (rfc5912::RSA_ENCRYPTION | rfc5912::ID_RSASSA_PSS) => {
                let key = RsaKey::read(bits)?;
                let size = key.size();
                let kind = if oid == rfc5912::RSA_ENCRYPTION {
                    KeyKind::Rsa(size)
                } else {
                    KeyKind::RsaPss(size)
                };
                Some(Self::Rsa(key, kind))
            }
            rfc5912::ID_EC_PUBLIC_KEY => {
                let curve: ObjectIdentifier =
                    info.algorithm.parameters.as_ref()?.decode_as().ok()?;
                match curve {
                    rfc5912::SECP_256_R_1 => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                        .ok()
                        .map(Self::P256),
                    rfc5912::SECP_384_R_1 => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits)
                        .ok()
                        .map(Self::P384),
                    _ => None,
                }
            }
            rfc8410::ID_ED_25519 => {
                let bytes: &[u8; 32] = bits.try_into().ok()?;
                ed25519_dalek::VerifyingKey::from_bytes(bytes)
                    .ok()
                    .map(Self::Ed25519)
            }
            _ => None,
        }
    }

    /// Kind and size.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Rsa(_, kind) => *kind,
            Self::P256(_) => KeyKind::P256,
            Self::P384(_) => KeyKind::P384,
            Self::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// Whether `value` is a signature of `message` under `scheme`. A scheme for another kind of key is simply false.
    #[must_use]
    pub fn verifies(&self, scheme: Scheme, message: &[u8], value: &[u8]) -> bool {
        match scheme.digest() {
            Some(digest) => self.verifies_digest(scheme, &digest.digest(message), value),
            None => match self {
                Self::Ed25519(key) => <&[u8; 64]>::try_from(value).is_ok_and(|value| {
                    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(value))
                        .is_ok()
                }),
                _ => false,
            },
        }
    }

    /// The same for a message known only by its digest; always false for Ed25519.
    #[must_use]
    pub fn verifies_digest(&self, scheme: Scheme, digest: &[u8], value: &[u8]) -> bool {
        use ed25519_dalek::ed25519::signature::hazmat::PrehashVerifier as _;
        if scheme
            .digest()
            .is_some_and(|kind| kind.length() != digest.len())
        {
            return false;
        }
        match (self, scheme) {
            (Self::Rsa(key, KeyKind::Rsa(_)), Scheme::Pkcs1(kind)) => {
                key.verifies_pkcs1(kind, digest, value)
            }
            (Self::Rsa(key, _), Scheme::Pss(kind, salt)) => {
                key.verifies_pss(kind, salt, digest, value)
            }
            (Self::P256(key), Scheme::Ecdsa(_)) => p256::ecdsa::Signature::from_der(value)
                .is_ok_and(|value| key.verify_prehash(digest, &value).is_ok()),
            (Self::P384(key), Scheme::Ecdsa(_)) => p384::ecdsa::Signature::from_der(value)
                .is_ok_and(|value| key.verify_prehash(digest, &value).is_ok()),
            _ => false,
        }
    }
}
