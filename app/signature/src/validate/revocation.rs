//! Whether a certificate was revoked at a time, by OCSP answers (RFC 6960) and revocation lists (RFC 5280, 5) that lie at hand. Each is
//! believed only when its signature holds under the issuer's key, or under a responder's that the issuer appointed.

use super::chain::may_answer;
use super::moment;
use crate::certificate::Parts;
use crate::key::{DigestKind, Scheme};
use crate::known::Known;
use crate::tlv::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Tlv};
use contract::value::Timestamp;
use der::Decode as _;
use spki::AlgorithmIdentifierOwned;

const BIT_STRING: u8 = 0x03;
const ENUMERATED: u8 = 0x0a;
/// Most certificates of an answer that are tried: a real one brings its responder's and perhaps the path above.
const RESPONDERS_MAX: usize = 16;
/// Most answers or entries that are looked at.
const ENTRIES_MAX: usize = 200_000;

/// What is known of one certificate at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not revoked then.
    Good,
    /// Revoked since.
    Revoked(Timestamp),
    /// Something lies at hand, but nothing that says so for that time.
    Stale,
    /// Nothing lies at hand.
    Nothing,
}

/// One believed statement.
struct Statement {
    revoked: Option<Timestamp>,
    from: Timestamp,
    next: Option<Timestamp>,
}

/// What answers and lists say of a certificate at a time.
pub(crate) fn standing(
    known: &Known,
    certificate: &[u8],
    issuer: &[u8],
    answers: &[&[u8]],
    lists: &[&[u8]],
    at: Timestamp,
) -> Standing {
    let ends = known
        .read(certificate)
        .facts()
        .map_or(at, |facts| facts.valid_to);
    let mut any = false;
    let mut good = false;
    let said = answers
        .iter()
        .flat_map(|answer| answered(known, answer, certificate, issuer).unwrap_or_default())
        .chain(
            lists
                .iter()
                .filter_map(|list| listed(known, list, certificate, issuer)),
        );
    for statement in said {
        any = true;
        if let Some(since) = statement.revoked {
            if since <= at {
                return Standing::Revoked(since);
            }
            // Revoked later: so it was good then.
            good = true;
        }
        // After its end a certificate may have left the lists (RFC 5280, 3.3).
        if statement.from > ends {
            continue;
        }
        // What is said later of a certificate that is not revoked holds for the time before; what was said before holds until its end.
        good |= statement.from >= at || statement.next.is_some_and(|next| next >= at);
    }
    match (good, any) {
        (true, _) => Standing::Good,
        (false, true) => Standing::Stale,
        (false, false) => Standing::Nothing,
    }
}

/// The newest believed word of one OCSP answer or one list about a certificate: since when it is revoked, when this was so, until when it holds.
pub(crate) fn newest(
    known: &Known,
    certificate: &[u8],
    issuer: &[u8],
    data: &[u8],
    is_list: bool,
) -> Option<(Option<Timestamp>, Timestamp, Option<Timestamp>)> {
    let said = if is_list {
        Vec::from_iter(listed(known, data, certificate, issuer))
    } else {
        answered(known, data, certificate, issuer)?
    };
    said.into_iter()
        .max_by_key(|statement| statement.from)
        .map(|statement| (statement.revoked, statement.from, statement.next))
}

/// Whether a signed structure (`SEQUENCE { body, algorithm, BIT STRING }`) holds under a certificate's key.
fn holds(known: &Known, body: &[u8], algorithm: &Tlv<'_>, value: &Tlv<'_>, signer: &[u8]) -> bool {
    let scheme = AlgorithmIdentifierOwned::from_der(algorithm.whole)
        .ok()
        .and_then(|identifier| Scheme::from_identifier(&identifier, None));
    match (scheme, value.content.split_first()) {
        (Some(scheme), Some((0, value))) => known.verifies(signer, scheme, body, value),
        _ => false,
    }
}

/// What one OCSP answer says of the certificate; nothing when it is about others or not believed.
fn answered(
    known: &Known,
    answer: &[u8],
    certificate: &[u8],
    issuer: &[u8],
) -> Option<Vec<Statement>> {
    let (outer, _) = tlv::expect(answer, SEQUENCE)?;
    let (status, rest) = tlv::expect(outer.content, ENUMERATED)?;
    if status.content != [0] {
        return None;
    }
    let (explicit, _) = tlv::expect(rest, 0xa0)?;
    let (bytes, _) = tlv::expect(explicit.content, SEQUENCE)?;
    let (_basic, rest) = tlv::expect(bytes.content, OBJECT_IDENTIFIER)?;
    let (inner, _) = tlv::expect(rest, OCTET_STRING)?;
    let (basic, _) = tlv::expect(inner.content, SEQUENCE)?;
    let (body, rest) = tlv::expect(basic.content, SEQUENCE)?;
    let (algorithm, rest) = tlv::expect(rest, SEQUENCE)?;
    let (value, rest) = tlv::expect(rest, BIT_STRING)?;

    let mut inside = body.content;
    if let Some((_, after)) = tlv::expect(inside, 0xa0) {
        inside = after; // version
    }
    let (_responder, inside) = tlv::read(inside)?;
    let (produced, inside) = tlv::read(inside)?;
    let produced = moment::read(&produced)?;
    let (responses, _) = tlv::expect(inside, SEQUENCE)?;

    let mut said = Vec::new();
    let mut open = responses.content;
    while !open.is_empty() && said.len() < ENTRIES_MAX {
        let (single, after) = tlv::expect(open, SEQUENCE)?;
        open = after;
        said.extend(single_answer(single.content, certificate, issuer));
    }
    if said.is_empty() {
        return None;
    }
    // The issuer itself, or somebody it appointed for this and who was valid when answering (4.2.2.2).
    if holds(known, body.whole, &algorithm, &value, issuer) {
        return Some(said);
    }
    let mut certificates: &[u8] = &[];
    if let Some((list, _)) = tlv::expect(rest, 0xa0) {
        certificates = tlv::expect(list.content, SEQUENCE)?.0.content;
    }
    let mut left = RESPONDERS_MAX;
    while !certificates.is_empty() {
        left = left.checked_sub(1)?;
        let (responder, after) = tlv::expect(certificates, SEQUENCE)?;
        certificates = after;
        let read = known.read(responder.whole);
        let believed = holds(known, body.whole, &algorithm, &value, responder.whole)
            && may_answer(&read)
            && known.issued_by(responder.whole, issuer)
            && read
                .facts()
                .is_some_and(|facts| facts.valid_from <= produced && produced <= facts.valid_to);
        if believed {
            return Some(said);
        }
    }
    None
}

/// A `SingleResponse`, when it is about the certificate.
fn single_answer(content: &[u8], certificate: &[u8], issuer: &[u8]) -> Option<Statement> {
    let (id, rest) = tlv::expect(content, SEQUENCE)?;
    let (algorithm, inside) = tlv::expect(id.content, SEQUENCE)?;
    let kind = AlgorithmIdentifierOwned::from_der(algorithm.whole)
        .ok()
        .and_then(|identifier| DigestKind::from_oid(identifier.oid))?;
    let (name, inside) = tlv::expect(inside, OCTET_STRING)?;
    let (key, inside) = tlv::expect(inside, OCTET_STRING)?;
    let (serial, _) = tlv::expect(inside, INTEGER)?;
    let child = Parts::cut(certificate)?;
    let above = Parts::cut(issuer)?;
    let about = serial.whole == child.serial
        && name.content == kind.digest(above.subject)
        && key.content == kind.digest(&key_bits(issuer)?);
    if !about {
        return None;
    }
    let (status, rest) = tlv::read(rest)?;
    let revoked = match status.tag {
        0x80 => None,
        0xa1 => Some(moment::read(&tlv::read(status.content)?.0)?),
        _ => return None, // unknown says nothing
    };
    let (from, rest) = tlv::read(rest)?;
    let next =
        tlv::expect(rest, 0xa0).and_then(|(next, _)| moment::read(&tlv::read(next.content)?.0));
    Some(Statement {
        revoked,
        from: moment::read(&from)?,
        next,
    })
}

/// The bits of a certificate's public key, which an OCSP answer names by their digest (RFC 6960, 4.1.1).
pub(crate) fn key_bits(certificate: &[u8]) -> Option<Vec<u8>> {
    let parsed = x509_cert::Certificate::from_der(certificate).ok()?;
    let info = parsed.tbs_certificate().subject_public_key_info();
    info.subject_public_key.as_bytes().map(<[u8]>::to_vec)
}

/// What a revocation list says of the certificate; nothing when it is another issuer's, partial, or not believed.
fn listed(known: &Known, list: &[u8], certificate: &[u8], issuer: &[u8]) -> Option<Statement> {
    let (outer, _) = tlv::expect(list, SEQUENCE)?;
    let (body, rest) = tlv::expect(outer.content, SEQUENCE)?;
    let (algorithm, rest) = tlv::expect(rest, SEQUENCE)?;
    let (value, _) = tlv::expect(rest, BIT_STRING)?;
    let child = Parts::cut(certificate)?;

    let mut inside = body.content;
    if let Some((_, after)) = tlv::expect(inside, INTEGER) {
        inside = after; // version
    }
    let (_algorithm, inside) = tlv::expect(inside, SEQUENCE)?;
    let (name, inside) = tlv::expect(inside, SEQUENCE)?;
    let (from, inside) = tlv::read(inside)?;
    let from = moment::read(&from)?;
    if name.whole != child.issuer {
        return None;
    }
    let (next, inside) = match tlv::read(inside) {
        Some((next, after)) if matches!(next.tag, 0x17 | 0x18) => (moment::read(&next), after),
        _ => (None, inside),
    };
    let (entries, inside) = match tlv::expect(inside, SEQUENCE) {
        Some((entries, after)) => (entries.content, after),
        None => (&[][..], inside),
    };
    if let Some((extensions, _)) = tlv::expect(inside, 0xa0)
        && !is_whole(tlv::expect(extensions.content, SEQUENCE)?.0.content)?
    {
        return None;
    }
    let may_sign = known
        .read(issuer)
        .facts()
        .is_some_and(|facts| facts.usage.is_none_or(|usage| usage.crl_sign));
    if !may_sign || !holds(known, body.whole, &algorithm, &value, issuer) {
        return None;
    }
    let mut revoked = None;
    let mut open = entries;
    let mut left = ENTRIES_MAX;
    while !open.is_empty() {
        left = left.checked_sub(1)?;
        let (entry, after) = tlv::expect(open, SEQUENCE)?;
        open = after;
        let (serial, rest) = tlv::expect(entry.content, INTEGER)?;
        if serial.whole == child.serial {
            revoked = Some(moment::read(&tlv::read(rest)?.0)?);
            break;
        }
    }
    Some(Statement {
        revoked,
        from,
        next,
    })
}

/// Whether a list is a whole one: no critical extension (a delta, one for some reasons or some certificates only) that is not applied.
fn is_whole(mut extensions: &[u8]) -> Option<bool> {
    while !extensions.is_empty() {
        let (extension, after) = tlv::expect(extensions, SEQUENCE)?;
        extensions = after;
        let (_, rest) = tlv::expect(extension.content, OBJECT_IDENTIFIER)?;
        if tlv::expect(rest, 0x01).is_some_and(|(critical, _)| critical.content != [0]) {
            return Some(false);
        }
    }
    Some(true)
}
