//! Test keys: RSA, P-256 and P-384, kept in the data folder, and raw signature values over digests.

use anyhow::{Context as _, Result, bail};
use der::Decode as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::elliptic_curve::Generate as _;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rsa::Pkcs1v15Sign;
use spki::SubjectPublicKeyInfoOwned;
use std::path::Path;

/// How a digest was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// By its object identifier.
    pub(crate) fn by_oid(oid: &str) -> Option<Self> {
        match oid {
            "2.16.840.1.101.3.4.2.1" => Some(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Some(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Bytes of a digest.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(crate) enum Kind {
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    #[serde(rename = "p-256")]
    P256,
    #[serde(rename = "p-384")]
    P384,
}

impl Kind {
    /// As file names say it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::P256 => "p-256",
            Self::P384 => "p-384",
        }
    }

    /// Bits.
    pub(crate) const fn bits(self) -> usize {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::P256 => 256,
            Self::P384 => 384,
        }
    }

    pub(crate) const fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072)
    }
}

/// A private key.
pub(crate) enum Key {
    Rsa(Box<rsa::PrivateKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
}

impl Key {
    /// Reads a key, or makes and keeps it.
    pub(crate) fn open(file: &Path, kind: Kind) -> Result<Self> {
        let kept = std::fs::read_to_string(file).ok();
        let context = || file.display().to_string();
        let mut random = rand::rng();
        let (key, text) = match (kind, kept) {
            (Kind::Rsa2048 | Kind::Rsa3072, Some(text)) => {
                let key = rsa::PrivateKey::from_pkcs8_pem(&text).with_context(context)?;
                return Ok(Self::Rsa(Box::new(key)));
            }
            (Kind::P256, Some(text)) => {
                let key = p256::ecdsa::SigningKey::from_pkcs8_pem(&text).with_context(context)?;
                return Ok(Self::P256(Box::new(key)));
            }
            (Kind::P384, Some(text)) => {
                let key = p384::ecdsa::SigningKey::from_pkcs8_pem(&text).with_context(context)?;
                return Ok(Self::P384(Box::new(key)));
            }
            (Kind::Rsa2048 | Kind::Rsa3072, None) => {
                let key = rsa::PrivateKey::new(&mut random, kind.bits())?;
                let text = key.to_pkcs8_pem(LineEnding::LF)?;
                (Self::Rsa(Box::new(key)), text)
            }
            (Kind::P256, None) => {
                let key = p256::ecdsa::SigningKey::generate_from_rng(&mut random);
                let text = key.to_pkcs8_pem(LineEnding::LF)?;
                (Self::P256(Box::new(key)), text)
            }
            (Kind::P384, None) => {
                let key = p384::ecdsa::SigningKey::generate_from_rng(&mut random);
                let text = key.to_pkcs8_pem(LineEnding::LF)?;
                (Self::P384(Box::new(key)), text)
            }
        };
        std::fs::write(file, text.as_bytes())?;
        Ok(key)
    }

    /// A P-256 key that nobody keeps: for wrong signatures.
    pub(crate) fn stray() -> Self {
        Self::P256(Box::new(p256::ecdsa::SigningKey::generate_from_rng(
            &mut rand::rng(),
        )))
    }

    /// The public half.
    pub(crate) fn public(&self) -> Result<SubjectPublicKeyInfoOwned> {
        let der = match self {
            Self::Rsa(key) => key.to_public_key().to_public_key_der()?,
            Self::P256(key) => key.verifying_key().to_public_key_der()?,
            Self::P384(key) => key.verifying_key().to_public_key_der()?,
        };
        Ok(SubjectPublicKeyInfoOwned::from_der(der.as_bytes())?)
    }

    /// The raw signature value over a digest: RSASSA-PKCS1-v1_5, or ECDSA in DER.
    pub(crate) fn sign(&self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>> {
        if digest.len() != hash.size() {
            bail!("a digest of {} bytes", digest.len());
        }
        match self {
            Self::Rsa(key) => {
                let padding = match hash {
                    Hash::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
                };
                Ok(key.sign(padding, digest)?)
            }
            Self::P256(key) => {
                let value: p256::ecdsa::Signature = key.sign_prehash(digest)?;
                Ok(value.to_der().as_bytes().to_vec())
            }
            Self::P384(key) => {
                let value: p384::ecdsa::Signature = key.sign_prehash(digest)?;
                Ok(value.to_der().as_bytes().to_vec())
            }
        }
    }
}
