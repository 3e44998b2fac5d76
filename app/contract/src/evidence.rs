//! Timestamps and revocation data, fetched by the server for the browser: only digests and certificates leave the browser.
//!
//! `POST /api/timestamps` takes a `TimeStampReq` (`application/timestamp-query`, DER) and answers with the authority's
//! `TimeStampResp` (`application/timestamp-reply`, RFC 3161). `POST /api/evidence` takes [`AskEvidence`] and answers [`Evidence`].

use crate::value::Base64;
use serde::{Deserialize, Serialize};

/// `GET /api/evidence`: what this portal can fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvidenceOffer {
    /// It has a timestamp authority.
    pub timestamps: bool,
}

/// Most certificates of one [`AskEvidence`].
pub const CERTIFICATES_MAX: usize = 12;

/// `POST /api/evidence`: what says today whether these certificates are revoked?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskEvidence {
    /// Chains, each leaf first, DER. Roots need no answer.
    pub chains: Vec<Vec<Base64>>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// `OCSPResponse`s, DER.
    pub ocsp: Vec<Base64>,
    /// `CertificateList`s, DER.
    pub crls: Vec<Base64>,
    /// Certificates nothing was found for, in the order of the chains.
    pub missing: Vec<Missing>,
}

/// A certificate whose status could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Missing {
    /// Common name of its subject.
    pub subject: String,
    /// Why.
    pub why: MissingReason,
}

/// Why there is no revocation data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MissingReason {
    /// The certificate names neither OCSP nor CRL.
    NotNamed,
    /// It names a host this portal does not ask.
    NotAllowed,
    /// The host did not answer, or not in time.
    NoAnswer,
    /// The answer cannot be read, is too large, or does not fit the certificate.
    Unusable,
}
