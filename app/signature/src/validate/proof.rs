//! Proof of existence (EN 319 102-1, 5.6): timestamps from the newest back, each judged at the time that a newer one proves.

use super::chain::{self, Outcome};
use super::cms::SignedData;
use super::fields::Field;
use super::revocation::Standing;
use super::{Case, finding, one, range, strength};
use crate::key::DigestKind;
use contract::validation::{Finding, Integrity, Severity, TimestampReport, TimestampStatus};
use contract::value::Timestamp;

/// Clocks of authorities and of this machine may differ by so much, in milliseconds.
const CLOCKS_DIFFER: i64 = 5 * 60 * 1000;

/// Everything before `end` existed at `at`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    end: usize,
    at: Timestamp,
}

/// When the bytes up to `end` existed at the latest, by document timestamps that follow.
pub(crate) fn at(case: &Case<'_>, end: usize) -> Option<Timestamp> {
    case.proofs
        .iter()
        .filter(|proof| proof.end > end)
        .map(|proof| proof.at)
        .min()
}

/// Finds what the file's document timestamps prove.
pub(crate) fn of_documents(case: &mut Case<'_>, found: &[Field]) {
    let mut stamps: Vec<(usize, range::Covered<'_>)> = found
        .iter()
        .filter(|field| field.is_timestamp())
        .filter_map(|field| range::read(case.file, field).ok())
        .map(|covered| (covered.end, covered))
        .collect();
    stamps.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    case.stamped = stamps.iter().map(|(end, _)| *end).collect();
    for (end, covered) in stamps {
        let judged_at = at(case, end).unwrap_or(case.now);
        let proven = crate::ber::definite(&covered.contents).and_then(|(value, _)| {
            let signed = SignedData::read(&value)?;
            let intact = signed.timestamp_integrity(&case.known, &covered) == Integrity::Intact;
            let stamp = signed.stamp()?;
            (intact && is_authority(case, &signed, judged_at)).then_some(stamp.at)
        });
        if let Some(at) = proven.filter(|at| is_past(case, *at)) {
            case.proofs.push(Proof { end, at });
        }
    }
}

fn is_past(case: &Case<'_>, at: Timestamp) -> bool {
    at.0 <= case.now.0.saturating_add(CLOCKS_DIFFER)
}

/// Whether a token leans on an algorithm that was given up by then.
fn is_weak(case: &Case<'_>, signed: &SignedData<'_>, at: Timestamp) -> bool {
    let sha1 = signed.uses_sha1()
        || signed
            .stamp()
            .is_some_and(|stamp| stamp.kind == DigestKind::Sha1);
    strength::weakness(signed.key(&case.known), sha1, at).is_some()
}

/// Whether the signer of a token is a trusted, unrevoked timestamping authority at a time.
fn is_authority(case: &Case<'_>, signed: &SignedData<'_>, at: Timestamp) -> bool {
    let Some(certificate) = signed.signer else {
        return false;
    };
    let weak = is_weak(case, signed, at);
    if weak || !chain::may_stamp(&case.known.read(certificate)) || !signed.binds(certificate) {
        return false;
    }
    if !signed.faults(true, true).is_empty() {
        return false;
    }
    let path = one::path(case, signed, certificate, at);
    path.outcome == Outcome::Trusted
        && !one::standings(case, signed, &path, at)
            .iter()
            .any(|standing| matches!(standing, Standing::Revoked(_)))
}

/// What the timestamps inside a signature prove.
pub(crate) struct Stamps {
    pub(crate) proven: Option<Timestamp>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) told: Vec<TimestampReport>,
}

/// Checks the signature timestamps: over the signature value, by a trusted authority.
pub(crate) fn of_signature(case: &Case<'_>, signed: &SignedData<'_>, at: Timestamp) -> Stamps {
    let mut stamps = Stamps {
        proven: None,
        findings: Vec::new(),
        told: Vec::new(),
    };
    for token in &signed.timestamps {
        let Some(token) = SignedData::read(token) else {
            stamps.findings.push(broken());
            stamps.told.push(TimestampReport {
                at: None,
                authority: String::new(),
                status: TimestampStatus::Broken,
            });
            continue;
        };
        let status = match (
            token.timestamp_integrity(&case.known, signed.value()),
            token.stamp(),
        ) {
            (Integrity::Intact, Some(stamp)) => {
                if is_authority(case, &token, at) && is_past(case, stamp.at) {
                    stamps.proven =
                        Some(stamps.proven.map_or(stamp.at, |known| known.min(stamp.at)));
                    TimestampStatus::Trusted
                } else if is_weak(case, &token, at) {
                    stamps.findings.push(finding(
                        "timestamp-weak",
                        "Dấu thời gian dùng thuật toán không còn an toàn nên không chứng minh được thời điểm ký.",
                        Severity::Warning,
                    ));
                    TimestampStatus::Untrusted
                } else {
                    stamps.findings.push(finding(
                        "timestamp-untrusted",
                        "Dấu thời gian khớp với chữ ký nhưng không dẫn tới gốc tin cậy nào, nên thời điểm ký chưa được chứng minh.",
                        Severity::Warning,
                    ));
                    TimestampStatus::Untrusted
                }
            }
            (Integrity::Unverifiable, _) => {
                stamps.findings.push(finding(
                    "timestamp-unsupported",
                    "Dấu thời gian dùng thuật toán chưa được hỗ trợ nên không kiểm tra được.",
                    Severity::Warning,
                ));
                TimestampStatus::Unsupported
            }
            _ => {
                stamps.findings.push(broken());
                TimestampStatus::Broken
            }
        };
        stamps.told.push(TimestampReport {
            at: token.stamp().map(|stamp| stamp.at),
            authority: token
                .signer
                .and_then(|certificate| case.known.facts(certificate).ok())
                .map(|facts| facts.subject)
                .unwrap_or_default(),
            status,
        });
    }
    stamps
}

fn broken() -> Finding {
    finding(
        "timestamp-broken",
        "Dấu thời gian không khớp với chữ ký này.",
        Severity::Error,
    )
}
