//! From a certificate to a trusted root (RFC 5280, 6), by signatures, issuer rights, path length and validity.

use crate::certificate::{Facts, Parts, issued_by};
use contract::provider::Trust;
use contract::value::Timestamp;

/// Longest path, in certificates above the signer's.
const PATH_MAX: usize = 8;
/// Most signatures that are verified while looking.
const WORK_MAX: usize = 64;

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    /// To a trusted root, everything valid at the given time.
    Trusted,
    /// To a trusted root, but a certificate is outside its validity.
    Expired,
    /// To none.
    Untrusted,
}

/// Looks for the best path.
pub(crate) fn build(certificate: &[u8], offered: &[&[u8]], trust: &Trust, at: Timestamp) -> Path {
    let mut work = WORK_MAX;
    climb(certificate, offered, trust, at, 0, &mut work)
}

fn is_valid(certificate: &[u8], at: Timestamp) -> bool {
    Facts::read(certificate).is_ok_and(|facts| facts.valid_from <= at && at <= facts.valid_to)
}

/// Whether a certificate may issue others, `below` of them already standing between it and the signer.
fn may_issue(certificate: &[u8], below: usize) -> bool {
    use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
    let Ok(parsed) = <x509_cert::Certificate as der::Decode>::from_der(certificate) else {
        return false;
    };
    let tbs = parsed.tbs_certificate();
    let constraints = matches!(tbs.get_extension::<BasicConstraints>(), Ok(Some((_, constraints)))
        if constraints.ca && constraints.path_len_constraint.is_none_or(|most| below <= usize::from(most)));
    let usage = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    constraints && usage
}

fn climb(
    child: &[u8],
    offered: &[&[u8]],
    trust: &Trust,
    at: Timestamp,
    below: usize,
    work: &mut usize,
) -> Path {
    let valid = is_valid(child, at);
    if trust.roots.iter().any(|root| root.0 == child) {
        return if valid { Path::Trusted } else { Path::Expired };
    }
    if below > PATH_MAX {
        return Path::Untrusted;
    }
    let Some(parts) = Parts::cut(child) else {
        return Path::Untrusted;
    };
    let mut best = Path::Untrusted;
    let roots = trust.roots.iter().map(|root| root.0.as_slice());
    for issuer in roots.chain(offered.iter().copied()) {
        let named = Parts::cut(issuer).is_some_and(|above| above.subject == parts.issuer);
        if !named || issuer == child || *work == 0 {
            continue;
        }
        *work -= 1;
        if !issued_by(child, issuer) || !may_issue(issuer, below) {
            continue;
        }
        match climb(issuer, offered, trust, at, below + 1, work) {
            Path::Trusted if valid => return Path::Trusted,
            Path::Trusted | Path::Expired => best = Path::Expired,
            Path::Untrusted => {}
        }
    }
    best
}
