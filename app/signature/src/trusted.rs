//! Whether a signer's certificate leads to a trusted root, and the policies it was issued under: asked before anything is signed.

use crate::known::Known;
use crate::validate::chain::{Outcome, build};
use contract::provider::Trust;
use contract::value::Timestamp;
use der::Decode as _;
use x509_cert::Certificate;
use x509_cert::ext::pkix::CertificatePolicies;

/// Whether there is a path to a trusted root on which everything is valid at a time (RFC 5280, 6). `offered` are issuers, DER, in any
/// order. Revocation is not looked at.
#[must_use]
pub fn is_trusted(certificate: &[u8], offered: &[&[u8]], trust: &Trust, at: Timestamp) -> bool {
    build(&Known::default(), certificate, offered, trust, at).outcome == Outcome::Trusted
}

/// The certificate policies a certificate names, as dotted identifiers; empty when it names none or cannot be read.
#[must_use]
pub fn policies(certificate: &[u8]) -> Vec<String> {
    let Ok(certificate) = Certificate::from_der(certificate) else {
        return Vec::new();
    };
    match certificate
        .tbs_certificate()
        .get_extension::<CertificatePolicies>()
    {
        Ok(Some((_, policies))) => policies
            .0
            .iter()
            .map(|policy| policy.policy_identifier.to_string())
            .collect(),
        _ => Vec::new(),
    }
}
