//! Whether a certificate may sign for an account: read tolerantly, believed strictly.

use crate::state::{Portal, now};
use contract::provider::{CertificateInfo, ProviderCode, Trust, Usability};
use contract::value::{Base64, CitizenId, Timestamp};
use provider::ProviderCertificate;
use signature::certificate::{Facts, issued_by};
use store::StoredSigning;

/// What a certificate says, and whether it may sign now. A certificate that cannot be read is left out.
pub fn check(
    portal: &Portal,
    provider: &ProviderCode,
    given: ProviderCertificate,
    asked: &CitizenId,
) -> Option<CertificateInfo> {
    let facts = Facts::read(&given.der).ok()?;
    // Only issuers that really issued it travel on.
    let mut chain = Vec::new();
    let mut child = given.der.clone();
    for issuer in given.chain {
        if !issued_by(&child, &issuer) {
            break;
        }
        chain.push(Base64(issuer.clone()));
        child = issuer;
    }
    let mut usability = usability(portal, provider, &facts, asked, (&given.der, &chain), now());
    if usability == Usability::Usable && !given.active {
        usability = Usability::Suspended;
    }
    Some(CertificateInfo {
        serial: facts.serial,
        owner: facts.subject,
        issuer: facts.issuer,
        citizen_id: facts.citizen_id,
        valid_from: facts.valid_from,
        valid_to: facts.valid_to,
        usability,
        der: Base64(given.der),
        chain,
    })
}

/// Whether a certificate that was shown may be used now.
pub fn may_sign(
    portal: &Portal,
    provider: &ProviderCode,
    account: &CitizenId,
    certificate: &CertificateInfo,
    now: Timestamp,
) -> bool {
    let parts = (certificate.der.0.as_slice(), certificate.chain.as_slice());
    certificate.usability == Usability::Usable
        && Facts::read(&certificate.der.0).is_ok_and(|facts| {
            usability(portal, provider, &facts, account, parts, now) == Usability::Usable
        })
}

/// Whether the certificate of a transaction is still good when its value arrives.
pub fn still_good(portal: &Portal, stored: &StoredSigning, now: Timestamp) -> bool {
    let request = &stored.request;
    may_sign(
        portal,
        &request.provider,
        &request.citizen_id,
        &stored.certificate,
        now,
    )
}

fn usability(
    portal: &Portal,
    provider: &ProviderCode,
    facts: &Facts,
    account: &CitizenId,
    (der, chain): (&[u8], &[Base64]),
    now: Timestamp,
) -> Usability {
    let offered: Vec<&[u8]> = chain.iter().map(|issuer| issuer.0.as_slice()).collect();
    if facts.valid_to < now {
        Usability::Expired
    } else if facts.valid_from > now {
        Usability::NotYetValid
    } else if facts.citizen_id.as_ref() != Some(account) {
        // Also one that names no number: whose it is cannot be told then.
        Usability::OtherPerson
    } else if !facts.may_sign() {
        Usability::WrongUse
    } else if !signature::trusted::is_trusted(der, &offered, &anchors(portal, provider), now)
        || !has_policy(portal, provider, der)
    {
        Usability::Untrusted
    } else {
        Usability::Usable
    }
}

/// What a certificate of this provider has to lead to: the anchors its entry pins, else the portal's roots.
fn anchors(portal: &Portal, provider: &ProviderCode) -> Trust {
    match portal.provider(provider) {
        Some(entry) if !entry.trust_anchors.is_empty() => Trust {
            roots: entry.trust_anchors.iter().cloned().map(Base64).collect(),
        },
        _ => portal.config.trust.clone(),
    }
}

/// Whether a certificate was issued under one of the policies the provider's entry names, if it names any.
fn has_policy(portal: &Portal, provider: &ProviderCode, der: &[u8]) -> bool {
    let Some(entry) = portal.provider(provider) else {
        return false;
    };
    entry.policy_oids.is_empty()
        || signature::trusted::policies(der)
            .iter()
            .any(|policy| entry.policy_oids.contains(policy))
}
