//! Signature values as providers return them: does this value belong to this certificate and this digest?

use crate::certificate::{self, CertificateError};
use crate::key::{DigestKind, KeyKind, PublicKey, Scheme};
use crate::known::Read;
use crate::values::{Claim, Values};
use contract::value::Sha256;

/// Why a value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The certificate cannot be read or its key is of no supported kind.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The value is no signature of this digest by this certificate's key.
    #[error("the value does not verify against certificate and digest")]
    Mismatch,
}

/// Verifies a value over a SHA-256 digest (which is not hashed again). RSA: PKCS#1 v1.5, or PSS with a salt of 32 bytes;
/// ECDSA P-256 and P-384: DER `ECDSA-Sig-Value` or raw `r || s`. Ed25519 signs messages, not digests, and is refused.
///
/// # Errors
/// [`VerifyError`].
pub fn verify_value(certificate: &[u8], digest: &Sha256, value: &[u8]) -> Result<(), VerifyError> {
    identify(certificate, digest, value).map(|_| ())
}

/// The value in the form CMS wants: raw `r || s` of an ECDSA key becomes DER (RFC 5753, 2.1.1), all else stays as it is.
#[must_use]
pub fn normalize_value(certificate: &[u8], value: &[u8]) -> Vec<u8> {
    certificate::public_key(certificate)
        .map_or_else(|_| value.to_vec(), |key| normalize(&key, value))
}

/// The same without the certificate: values of 64 and 96 bytes that are no DER can only be `r || s`, because RSA values have 128 bytes
/// and more.
pub(crate) fn as_embedded(value: &[u8]) -> Vec<u8> {
    p256_der(value)
        .or_else(|| p384_der(value))
        .unwrap_or_else(|| value.to_vec())
}

/// Which scheme the value verifies under; the value must already be normalised for ECDSA, raw is accepted too.
fn identify(certificate: &[u8], digest: &Sha256, value: &[u8]) -> Result<Scheme, VerifyError> {
    let key = certificate::public_key(certificate)?;
    let value = normalize(&key, value);
    schemes(&key)?
        .iter()
        .copied()
        .find(|scheme| key.verifies_digest(*scheme, &digest.0, &value))
        .ok_or(VerifyError::Mismatch)
}

/// The schemes that providers use with a key.
fn schemes(key: &PublicKey) -> Result<&'static [Scheme], CertificateError> {
    Ok(match key.kind() {
        KeyKind::Rsa(_) => &[
            Scheme::Pkcs1(DigestKind::Sha256),
            Scheme::Pss(DigestKind::Sha256, 32),
        ],
        KeyKind::RsaPss(_) => &[Scheme::Pss(DigestKind::Sha256, 32)],
        KeyKind::P256 | KeyKind::P384 => &[Scheme::Ecdsa(DigestKind::Sha256)],
        KeyKind::Ed25519 => return Err(CertificateError::UnsupportedKey),
    })
}

/// What may be true of a value that a provider returned for these signed attributes: that it holds in one of the schemes. Whoever has a
/// faster arithmetic looks, and tells [`Values`].
#[must_use]
pub fn claims(certificate: &[u8], signed_attributes: &[u8], value: &[u8]) -> Vec<Claim> {
    offered(certificate, signed_attributes, value).unwrap_or_default()
}

fn offered(
    certificate: &[u8],
    signed_attributes: &[u8],
    value: &[u8],
) -> Result<Vec<Claim>, CertificateError> {
    let read = Read::of(certificate, 0);
    let info = read.key_info().ok_or(CertificateError::Unreadable)?;
    let key = read.key().ok_or(CertificateError::UnsupportedKey)?;
    let value = normalize(key, value);
    let claim = |scheme: &Scheme| Claim {
        key: info.clone(),
        kind: key.kind(),
        scheme: *scheme,
        message: signed_attributes.to_vec(),
        value: value.clone(),
    };
    Ok(schemes(key)?.iter().map(claim).collect())
}

/// Which scheme a value for these signed attributes verifies under. That it holds is known from then on.
pub(crate) fn identify_for(
    certificate: &[u8],
    signed_attributes: &[u8],
    value: &[u8],
    values: &Values,
) -> Result<Scheme, VerifyError> {
    let found = offered(certificate, signed_attributes, value)?
        .into_iter()
        .find(|claim| values.holds(claim))
        .ok_or(VerifyError::Mismatch)?;
    values.know(&found, true);
    Ok(found.scheme)
}

/// A value that already reads as DER stays: a DER encoding of 64 or 96 bytes is improbable but possible.
fn normalize(key: &PublicKey, value: &[u8]) -> Vec<u8> {
    let der = match key {
        PublicKey::P256(_) => p256_der(value),
        PublicKey::P384(_) => p384_der(value),
        _ => None,
    };
    der.unwrap_or_else(|| value.to_vec())
}

/// DER of a raw value; `None` when it is none, or DER already.
fn p256_der(value: &[u8]) -> Option<Vec<u8>> {
    use p256::ecdsa::Signature;
    let raw = Signature::from_slice(value).ok()?;
    Signature::from_der(value)
        .is_err()
        .then(|| raw.to_der().as_bytes().to_vec())
}

fn p384_der(value: &[u8]) -> Option<Vec<u8>> {
    use p384::ecdsa::Signature;
    let raw = Signature::from_slice(value).ok()?;
    Signature::from_der(value)
        .is_err()
        .then(|| raw.to_der().as_bytes().to_vec())
}
