//! From a certificate to a trusted root (RFC 5280, 6): signatures, issuer rights, path length, validity at a time, extensions understood.

use crate::certificate::Parts;
use crate::known::{Known, Read};
use const_oid::ObjectIdentifier;
use contract::provider::Trust;
use contract::value::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier,
};

/// Longest path, in certificates above the signer's.
const PATH_MAX: usize = 8;
/// Most signatures that are verified while looking.
const WORK_MAX: usize = 64;
/// Critical extensions whose meaning is applied, or that restrict nothing here: key usage, alternative names, basic constraints,
/// policies, key identifiers, extended key usage, distribution points. Name and policy constraints are not among them.
const UNDERSTOOD: [ObjectIdentifier; 9] = [
    ObjectIdentifier::new_unwrap("2.5.29.14"),
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.17"),
    ObjectIdentifier::new_unwrap("2.5.29.18"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.31"),
    ObjectIdentifier::new_unwrap("2.5.29.32"),
    ObjectIdentifier::new_unwrap("2.5.29.35"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
];

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// To none.
    Untrusted,
    /// To a trusted root, but a certificate is outside its validity.
    Expired,
    /// To a trusted root, everything valid at the given time.
    Trusted,
}

/// The best path that was found.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) outcome: Outcome,
    /// From the certificate up to the root; as far as it was found.
    pub(crate) certificates: Vec<Vec<u8>>,
}

/// Looks for the best path at a time.
pub(crate) fn build(
    known: &Known,
    certificate: &[u8],
    offered: &[&[u8]],
    trust: &Trust,
    at: Timestamp,
) -> Path {
    let mut search = Search {
        known,
        offered,
        trust,
        at,
        work: WORK_MAX,
    };
    search.climb(certificate, 0)
}

/// Whether a certificate has no critical extension that is not applied.
fn is_understood(certificate: &Certificate) -> bool {
    certificate
        .tbs_certificate()
        .extensions()
        .is_none_or(|list| {
            list.iter()
                .all(|extension| !extension.critical || UNDERSTOOD.contains(&extension.extn_id))
        })
}

/// Whether a certificate may issue others, `below` of them already standing between it and the signer.
fn may_issue(certificate: &Certificate, below: usize) -> bool {
    let tbs = certificate.tbs_certificate();
    let constraints = matches!(tbs.get_extension::<BasicConstraints>(), Ok(Some((_, constraints)))
        if constraints.ca && constraints.path_len_constraint.is_none_or(|most| below <= usize::from(most)));
    let usage = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    constraints && usage
}

/// Whether key identifiers, where both state one, agree (4.2.1.1).
fn keys_agree(child: &Certificate, issuer: &Certificate) -> bool {
    let wanted = match child
        .tbs_certificate()
        .get_extension::<AuthorityKeyIdentifier>()
    {
        Ok(Some((_, identifier))) => identifier.key_identifier,
        _ => None,
    };
    let own = issuer
        .tbs_certificate()
        .get_extension::<SubjectKeyIdentifier>();
    match (wanted, own) {
        (Some(wanted), Ok(Some((_, own)))) => wanted.as_bytes() == own.0.as_bytes(),
        _ => true,
    }
}

struct Search<'s> {
    known: &'s Known,
    offered: &'s [&'s [u8]],
    trust: &'s Trust,
    at: Timestamp,
    work: usize,
}

impl Search<'_> {
    fn climb(&mut self, child: &[u8], below: usize) -> Path {
        let end = |outcome| Path {
            outcome,
            certificates: vec![child.to_vec()],
        };
        let read = self.known.read(child);
        let valid = read
            .facts()
            .is_some_and(|facts| facts.valid_from <= self.at && self.at <= facts.valid_to);
        if self.trust.roots.iter().any(|root| root.0 == child) {
            return end(if valid {
                Outcome::Trusted
            } else {
                Outcome::Expired
            });
        }
        let (Some(parts), Some(parsed)) = (Parts::cut(child), read.certificate()) else {
            return end(Outcome::Untrusted);
        };
        if below > PATH_MAX || !is_understood(parsed) {
            return end(Outcome::Untrusted);
        }
        let mut best = end(Outcome::Untrusted);
        let (trust, offered) = (self.trust, self.offered);
        let roots = trust.roots.iter().map(|root| root.0.as_slice());
        for issuer in roots.chain(offered.iter().copied()) {
            let named = Parts::cut(issuer).is_some_and(|above| above.subject == parts.issuer);
            if !named || issuer == child || self.work == 0 {
                continue;
            }
            let above = self.known.read(issuer);
            let Some(above) = above.certificate() else {
                continue;
            };
            if !keys_agree(parsed, above) || !may_issue(above, below) {
                continue;
            }
            self.work -= 1;
            if !self.known.issued_by(child, issuer) {
                continue;
            }
            let mut path = self.climb(issuer, below + 1);
            if path.outcome == Outcome::Trusted && !valid {
                path.outcome = Outcome::Expired;
            }
            path.certificates.insert(0, child.to_vec());
            let done = path.outcome == Outcome::Trusted;
            let longer = path.certificates.len() > best.certificates.len();
            if path.outcome > best.outcome || (path.outcome == best.outcome && longer) {
                best = path;
            }
            if done {
                break;
            }
        }
        best
    }
}

/// Whether a certificate is a timestamping authority's: that purpose alone, and critical (RFC 3161, 2.3).
pub(crate) fn may_stamp(certificate: &Read) -> bool {
    purposes(certificate).is_some_and(|(critical, purposes)| critical && purposes == [STAMPING])
}

/// Whether the purposes of a certificate, where it states any, leave room for signing documents: one that is made for timestamps, OCSP
/// answers or web servers alone does not (RFC 5280, 4.2.1.12).
pub(crate) fn may_sign_documents(certificate: &Read) -> bool {
    const OTHERS: [ObjectIdentifier; 3] = [SERVING, STAMPING, ANSWERING];
    purposes(certificate)
        .is_none_or(|(_, purposes)| !purposes.iter().all(|purpose| OTHERS.contains(purpose)))
}

/// Whether a certificate may answer for its issuer (RFC 6960, 4.2.2.2).
pub(crate) fn may_answer(certificate: &Read) -> bool {
    purposes(certificate).is_some_and(|(_, purposes)| purposes.contains(&ANSWERING))
}

/// Web servers.
const SERVING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
/// Timestamps.
const STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// OCSP answers.
const ANSWERING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");

fn purposes(certificate: &Read) -> Option<(bool, Vec<ObjectIdentifier>)> {
    let (critical, found) = certificate
        .certificate()?
        .tbs_certificate()
        .get_extension::<x509_cert::ext::pkix::ExtendedKeyUsage>()
        .ok()??;
    Some((critical, found.0))
}
