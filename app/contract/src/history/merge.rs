//! Brings one file's record and proof together: which signing made which signature, what happened in order, where the two differ.

use super::{Disagreement, Entry, Happening, History, PaperKind, RecordedFile, RecordedSigning};
use crate::signing::{SigningEventKind, SigningState};
use crate::validation::{Modifications, SignatureReport, TrustStatus, ValidationReport};
use crate::value::{CitizenId, Sha256, Timestamp};

/// How far the clocks of browser, server, provider and timestamp authority may lie apart, milliseconds.
pub const SKEW_MS: i64 = 2 * 60_000;
/// How long before the request a file may have been prepared, milliseconds: all files of a dossier are prepared first, then asked for
/// once, and a request that did not arrive is sent again.
pub const PREPARED_MS: i64 = 15 * 60_000;

/// Whether values of this transaction may be used.
const fn is_confirmed(state: SigningState) -> bool {
    matches!(
        state,
        SigningState::Confirmed | SigningState::Done | SigningState::Partial
    )
}

/// Whether the file is said to carry its signature.
const fn is_finished(signing: &RecordedSigning) -> bool {
    signing.announced && signing.has_value && is_confirmed(signing.state)
}

fn last(signing: &RecordedSigning, kinds: &[SigningEventKind]) -> Option<Timestamp> {
    let events = signing.events.iter().rev();
    let mut of_kind = events.filter(|event| kinds.contains(&event.what));
    of_kind.next().map(|event| event.at)
}

/// Until when the person can have signed: the value came, or the attempt was over.
fn ended(signing: &RecordedSigning) -> Option<Timestamp> {
    last(
        signing,
        &[
            SigningEventKind::Confirmed,
            SigningEventKind::ConfirmedPartly,
        ],
    )
    .or_else(|| signing.events.last().map(|event| event.at))
}

fn is_within(signing: &RecordedSigning, at: Timestamp) -> bool {
    // A clock that is absurdly off must not overflow.
    at.0.saturating_add(PREPARED_MS) >= signing.started_at.0
        && ended(signing).is_none_or(|end| at.0 <= end.0.saturating_add(SKEW_MS))
}

/// One file's record and proof together. `found` is SHA-256 of the bytes that were checked, when it is known.
#[must_use]
pub fn merge(report: &ValidationReport, found: Option<Sha256>, recorded: &RecordedFile) -> History {
    let pairs = pairs(report, recorded);
    let mut disagreements = disagreements(report, found, recorded, &pairs);
    disagreements.sort_by_key(Disagreement::weight);
    History {
        entries: entries(report, recorded),
        disagreements,
        pairs,
    }
}

/// The signature of the recorded seal, which comes after the persons. One of the same name that nobody vouches for is not it.
fn seal(report: &ValidationReport, recorded: &RecordedFile) -> Option<usize> {
    let is_it = |signature: &SignatureReport| {
        !recorded.seal.is_empty()
            && !signature.timestamp
            && signature.signer == recorded.seal
            && signature.trust == TrustStatus::Trusted
    };
    report.signatures.iter().rposition(is_it)
}

/// Signatures of persons, with their places.
fn persons<'a>(
    report: &'a ValidationReport,
    recorded: &RecordedFile,
) -> impl Iterator<Item = (usize, &'a SignatureReport)> + use<'a> {
    let seal = seal(report, recorded);
    let all = report.signatures.iter().enumerate();
    all.filter(move |(at, signature)| !signature.timestamp && Some(*at) != seal)
}

/// By digest; what is left by certificate and time, so that "another digest" can be told from "not there".
fn pairs(report: &ValidationReport, recorded: &RecordedFile) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let persons = || persons(report, recorded);
    let taken = |pairs: &[(usize, usize)], at: usize| pairs.iter().any(|(_, taken)| *taken == at);
    // Two attempts of one second have the same digest: the one that made the signature has it.
    let mut order: Vec<_> = recorded.signings.iter().enumerate().collect();
    order.sort_by_key(|(_, signing)| !is_finished(signing));
    for (place, signing) in order {
        let same = |signature: &SignatureReport| {
            signing.digest.is_some() && signature.signed_attributes_sha256 == signing.digest
        };
        if let Some((at, _)) = persons().find(|(at, one)| same(one) && !taken(&pairs, *at)) {
            pairs.push((place, at));
        }
    }
    for (place, signing) in recorded.signings.iter().enumerate() {
        if !is_finished(signing) || pairs.iter().any(|(paired, _)| *paired == place) {
            continue;
        }
        let near = |signature: &SignatureReport| {
            signature.serial == signing.serial
                && signature.signed_at.is_some_and(|at| is_within(signing, at))
        };
        if let Some((at, _)) = persons().find(|(at, one)| near(one) && !taken(&pairs, *at)) {
            pairs.push((place, at));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn disagreements(
    report: &ValidationReport,
    found: Option<Sha256>,
    recorded: &RecordedFile,
    pairs: &[(usize, usize)],
) -> Vec<Disagreement> {
    let mut wrong = Vec::new();
    if let Some(found) = found.filter(|found| *found != recorded.sha256) {
        wrong.push(Disagreement::OtherFile { found });
    }
    for (place, signing) in recorded.signings.iter().enumerate() {
        if signing.announced && signing.digest.is_none() {
            wrong.push(Disagreement::NotNamed { signing: place });
        }
        let pair = pairs.iter().find(|(paired, _)| *paired == place);
        match pair.and_then(|(_, at)| Some((*at, report.signatures.get(*at)?))) {
            Some((at, signature)) => compare((place, signing), (at, signature), &mut wrong),
            None if is_finished(signing) => wrong.push(Disagreement::Missing { signing: place }),
            None => {}
        }
    }
    if !recorded.seal.is_empty() && seal(report, recorded).is_none() {
        wrong.push(Disagreement::SealMissing);
    }
    let persons: Vec<usize> = persons(report, recorded).map(|(at, _)| at).collect();
    for at in &persons {
        if !pairs.iter().any(|(_, paired)| paired == at) {
            wrong.push(Disagreement::Unrecorded { signature: *at });
        }
    }
    let finished = recorded.signings.iter().filter(|one| is_finished(one));
    let finished = finished.count();
    // A file that was signed elsewhere only is told once, above.
    if finished > 0 && finished != persons.len() {
        wrong.push(Disagreement::Count {
            recorded: finished,
            found: persons.len(),
        });
    }
    if let Some(then) = recorded.verdict.filter(|then| *then != report.verdict) {
        let now = report.verdict;
        wrong.push(Disagreement::OtherVerdict { then, now });
    }
    wrong
}

/// One signing beside the signature it made.
fn compare(
    (signing, record): (usize, &RecordedSigning),
    (signature, proof): (usize, &SignatureReport),
    wrong: &mut Vec<Disagreement>,
) {
    if !is_confirmed(record.state) {
        wrong.push(Disagreement::NotConfirmed { signing, signature });
    }
    if proof.signed_attributes_sha256 != record.digest {
        wrong.push(Disagreement::OtherDigest { signing, signature });
    }
    if proof.serial != record.serial {
        wrong.push(Disagreement::OtherSerial { signing, signature });
    } else if proof
        .chain_sha256
        .first()
        .is_some_and(|own| *own != record.certificate_sha256)
    {
        wrong.push(Disagreement::OtherCertificate { signing, signature });
    }
    let person = proof.signer_id.as_deref();
    let person = person.and_then(|text| text.parse::<CitizenId>().ok());
    if person.is_some_and(|person| person.masked() != record.account) {
        wrong.push(Disagreement::OtherPerson { signing, signature });
    }
    if let Some(at) = proof.signed_at.filter(|at| !is_within(record, *at)) {
        wrong.push(Disagreement::OutsideSigning {
            signing,
            signature,
            at,
        });
    }
    if let Some(at) = proof.proven_at {
        let received = last(record, &[SigningEventKind::Received]);
        if at.0.saturating_add(SKEW_MS) < record.started_at.0 {
            wrong.push(Disagreement::ProvenBefore {
                signing,
                signature,
                at,
            });
        } else if received.is_some_and(|received| at.0 > received.0.saturating_add(SKEW_MS)) {
            wrong.push(Disagreement::ProvenAfter {
                signing,
                signature,
                at,
            });
        }
    }
}

fn entries(report: &ValidationReport, recorded: &RecordedFile) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (signature, proof) in report.signatures.iter().enumerate() {
        if proof.timestamp {
            let at = proof.signed_at;
            let what = Happening::Stamped { signature };
            entries.push(Entry { at, what });
            continue;
        }
        let at = proof.signed_at;
        let what = Happening::Signed { signature };
        entries.push(Entry { at, what });
        if proof.proven_at.is_some() {
            let at = proof.proven_at;
            let what = Happening::Proven { signature };
            entries.push(Entry { at, what });
        }
    }
    for (signing, record) in recorded.signings.iter().enumerate() {
        for (event, line) in record.events.iter().enumerate() {
            let at = Some(line.at);
            let what = Happening::Recorded { signing, event };
            entries.push(Entry { at, what });
        }
    }
    if recorded.verdict.is_some() || recorded.kind == PaperKind::Slip {
        let at = recorded.handed_in_at;
        let what = Happening::HandedIn;
        entries.push(Entry { at, what });
    }
    for (signature, proof) in report.signatures.iter().enumerate() {
        if proof.modifications >= Modifications::FormFill {
            let what = Happening::Changed { signature };
            entries.push(Entry { at: None, what });
        }
    }
    // Stable: what happened in the same millisecond stays as it was recorded.
    entries.sort_by_key(|entry| entry.at.map_or(i64::MAX, |at| at.0));
    entries
}
