//! Finishing at the level that the evidence allows (EN 319 142-1, 6): B-B without any, B-T with a timestamp, B-LT with revocation data as
//! well. What comes out is validated before anybody gets it.

use crate::digests::{Digests, Hashes};
use crate::error::SignError;
use crate::finish::{Signed, embed};
use crate::store;
use crate::timestamp::{self, Stamped};
use crate::validate;
use crate::validate::material::Material;
use crate::value;
use crate::values::Values;
use contract::provider::Trust;
use contract::validation::{
    Coverage, Integrity, Level, Modifications, SignatureReport, TrustStatus, ValidationReport,
};
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::SigningEvidence;
use sha2::Digest as _;
use std::rc::Rc;

/// A signed file that validates.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its SHA-256, unless no digest of it was computed here.
    pub sha256: Option<Sha256>,
    /// What the validator says of it.
    pub report: ValidationReport,
    /// The level that the new signature reached: B-T and not B-LT where the revocation data leaves a certificate of its paths out.
    pub level: Level,
}

/// Puts a signature value and its evidence into a prepared document and validates the result as of `now`. Without evidence the bytes
/// are those of [`crate::finish`].
///
/// # Errors
/// Those of [`crate::finish`]; [`SignError::Timestamp`] and [`SignError::TimestampTooLarge`] when the timestamp cannot be used: the
/// caller may finish without it; [`SignError::Revoked`] and [`SignError::SelfCheckFailed`] when the result is not to be given out.
pub fn complete(
    prepared_bytes: Vec<u8>,
    signed: &Signed<'_>,
    evidence: &SigningEvidence,
    trust: &Trust,
    now: Timestamp,
) -> Result<Completed, SignError> {
    complete_knowing(
        prepared_bytes,
        signed,
        evidence,
        trust,
        now,
        &Digests::default(),
    )
}

/// The same with digests of the prepared bytes that are known already.
///
/// # Errors
/// Those of [`complete`].
pub fn complete_knowing(
    prepared_bytes: Vec<u8>,
    signed: &Signed<'_>,
    evidence: &SigningEvidence,
    trust: &Trust,
    now: Timestamp,
    known: &Digests,
) -> Result<Completed, SignError> {
    let values = Rc::default();
    let embedded = embed_knowing(prepared_bytes, signed, evidence, known, &values)?;
    let report = embedded.validated(trust, now, &values);
    embedded.completed(report)
}

/// A signed file that nobody has validated.
#[derive(Debug)]
pub struct Embedded {
    bytes: Vec<u8>,
    hashes: Rc<Hashes>,
    /// SHA-256 of the signed attributes.
    digest: Sha256,
    password: String,
    has_store: bool,
    has_timestamp: bool,
}

/// The first half of [`complete_knowing`]: for those who have a faster arithmetic than ours as well. What is known of the offered value
/// ([`value::claims`]) need not be computed.
///
/// # Errors
/// Those of [`crate::finish`]; [`SignError::Timestamp`] and [`SignError::TimestampTooLarge`].
pub fn embed_knowing(
    prepared_bytes: Vec<u8>,
    signed: &Signed<'_>,
    evidence: &SigningEvidence,
    known: &Digests,
    values: &Values,
) -> Result<Embedded, SignError> {
    let hashes = Rc::new(Hashes::default());
    hashes.know(known);
    let stamped = evidence
        .timestamp
        .as_ref()
        .map(|reply| {
            let token = timestamp::token_of(&reply.0)?;
            let embedded = value::normalize_value(signed.certificate, signed.value);
            let digest = Sha256(sha2::Sha256::digest(embedded).into());
            timestamp::check(&token, &digest, signed.chain)
        })
        .transpose()?;
    let token = stamped.as_ref().map(|stamped| stamped.token.as_slice());
    let embedded = embed(prepared_bytes, signed, token, &hashes, values)?;
    let length = embedded.len();
    let bytes = match material(signed, evidence, stamped.as_ref()) {
        Some(material) => {
            let digest = identity(signed, token);
            store::append(embedded, &material, signed.password, digest)?
        }
        None => embedded,
    };
    Ok(Embedded {
        has_store: bytes.len() > length,
        has_timestamp: token.is_some(),
        bytes,
        hashes,
        digest: signed.prepared.digest,
        password: signed.password.to_owned(),
    })
}

impl Embedded {
    /// What the validator says of it.
    #[must_use]
    pub fn validated(
        &self,
        trust: &Trust,
        now: Timestamp,
        values: &Rc<Values>,
    ) -> ValidationReport {
        let hashes = self.hashes.clone();
        validate::go_on(
            &self.bytes,
            &self.password,
            trust,
            now,
            hashes,
            values.clone(),
        )
    }

    /// The file, if the validator finds nothing against it; `report` is what [`Self::validated`] told.
    ///
    /// # Errors
    /// [`SignError::Revoked`] and [`SignError::SelfCheckFailed`] when it is not to be given out.
    pub fn completed(self, report: ValidationReport) -> Result<Completed, SignError> {
        let own = report
            .signatures
            .iter()
            .find(|signature| signature.signed_attributes_sha256 == Some(self.digest))
            .ok_or(SignError::SelfCheckFailed("the signature is not found"))?;
        sound(own, self.has_store, self.has_timestamp)?;
        Ok(Completed {
            level: own.level,
            sha256: self.hashes.sha256_at_hand(&self.bytes).map(Sha256),
            bytes: self.bytes,
            report,
        })
    }
}

/// What tells a signed file from all others: the signed attributes hold the digest of everything but the value and its timestamp.
fn identity(signed: &Signed<'_>, token: Option<&[u8]>) -> [u8; 32] {
    let mut hasher = sha2::Sha256::new_with_prefix(signed.prepared.digest.0);
    hasher.update(signed.value);
    hasher.update(token.unwrap_or_default());
    hasher.finalize().into()
}

/// What goes into the security store: nothing without revocation data or further certificates, else also the paths themselves, so that
/// nobody has to look for them later.
fn material(
    signed: &Signed<'_>,
    evidence: &SigningEvidence,
    stamped: Option<&Stamped>,
) -> Option<Material> {
    let values = |list: &[Base64]| list.iter().map(|value| value.0.clone()).collect::<Vec<_>>();
    if evidence.certificates.is_empty() && evidence.ocsp.is_empty() && evidence.crls.is_empty() {
        return None;
    }
    let mut certificates = vec![signed.certificate.to_vec()];
    certificates.extend(signed.chain.iter().map(|issuer| issuer.to_vec()));
    certificates.extend(stamped.iter().flat_map(|stamped| stamped.chain.clone()));
    certificates.extend(values(&evidence.certificates));
    Some(Material {
        certificates,
        answers: values(&evidence.ocsp),
        lists: values(&evidence.crls),
    })
}

/// Whether a new signature may be given out.
fn sound(own: &SignatureReport, has_store: bool, has_timestamp: bool) -> Result<(), SignError> {
    let failed = SignError::SelfCheckFailed;
    if own.trust == TrustStatus::Revoked {
        return Err(SignError::Revoked);
    }
    if own.integrity != Integrity::Intact {
        return Err(failed("the signature does not hold"));
    }
    let followed = match own.coverage {
        Coverage::WholeFile => !has_store,
        Coverage::WholeRevision => has_store && own.modifications == Modifications::Lta,
        Coverage::Partial | Coverage::None => false,
    };
    if !followed {
        return Err(failed("the signature does not cover the file"));
    }
    if own.trust != TrustStatus::Trusted {
        return Err(failed("the certificate is not trusted"));
    }
    let wanted = if has_timestamp { Level::BT } else { Level::BB };
    if own.level < wanted {
        return Err(failed("the level was not reached"));
    }
    Ok(())
}
