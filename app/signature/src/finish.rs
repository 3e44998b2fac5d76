//! Second half of a signature: the value from the provider becomes a CMS and takes the place kept for it.

use crate::cms::{attributes, signed_data};
use crate::digests::Hashes;
use crate::error::SignError;
use crate::update::seal;
use crate::value;
use crate::values::Values;
use contract::value::Sha256;
use contract::worker::PreparedSignature;
use sha2::Digest;

/// Puts a signature value into a prepared document. Certificate and chain are those of the preparation; the value is
/// verified against certificate and digest first, and document and attributes against each other.
///
/// # Errors
/// [`SignError::Value`] when the value does not verify; [`SignError::PreparedMismatch`] when bytes, digests and
/// `prepared` do not belong together; [`SignError::SpaceExceeded`] when the CMS does not fit.
pub fn finish(
    prepared_bytes: Vec<u8>,
    prepared: &PreparedSignature,
    certificate: &[u8],
    chain: &[&[u8]],
    value: &[u8],
) -> Result<Vec<u8>, SignError> {
    let signed = Signed {
        prepared,
        certificate,
        chain,
        value,
        password: "",
    };
    let (hashes, values) = (Hashes::default(), Values::default());
    embed(prepared_bytes, &signed, None, &hashes, &values)
}

/// A prepared signature whose value has come.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// What preparing told.
    pub prepared: &'a PreparedSignature,
    /// Signer's certificate, DER.
    pub certificate: &'a [u8],
    /// Its issuers, nearest first, DER.
    pub chain: &'a [&'a [u8]],
    /// The value as the provider returned it.
    pub value: &'a [u8],
    /// Password of an encrypted file that needs one to be read; empty otherwise.
    pub password: &'a str,
}

/// The same, with a timestamp token over the value where there is one.
pub(crate) fn embed(
    mut prepared_bytes: Vec<u8>,
    signed: &Signed<'_>,
    token: Option<&[u8]>,
    hashes: &Hashes,
    values: &Values,
) -> Result<Vec<u8>, SignError> {
    let Signed {
        prepared,
        certificate,
        chain,
        value,
        ..
    } = *signed;
    let signed_attributes = prepared.signed_attributes.0.as_slice();
    let digest = Sha256(sha2::Sha256::digest(signed_attributes).into());
    if digest != prepared.digest {
        return Err(SignError::PreparedMismatch);
    }
    let scheme = value::identify_for(certificate, signed_attributes, value, values)?;
    let covered =
        attributes::message_digest(signed_attributes).ok_or(SignError::PreparedMismatch)?;
    let value = value::normalize_value(certificate, value);
    let cms = signed_data::assemble(certificate, chain, signed_attributes, scheme, &value, token)?;
    let range = prepared.byte_range;
    seal::fill(&mut prepared_bytes, range, covered, &cms, hashes).map_err(|error| {
        match (error, token) {
            (SignError::SpaceExceeded { needed, reserved }, Some(_)) => {
                SignError::TimestampTooLarge { needed, reserved }
            }
            (error, _) => error,
        }
    })?;
    Ok(prepared_bytes)
}
