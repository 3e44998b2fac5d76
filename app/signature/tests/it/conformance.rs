//! The validator beside upstream verdicts on published files (`cargo xtask conformance`): agreement, and every disagreement with a reason.
//!
//! No published root is trusted here, so what is compared is everything but trust: a file is *sound* when each of its signatures is
//! intact, covers a revision, and nothing but trust stands against it.

use crate::support::judged::believing;
use contract::provider::Trust;
use contract::validation::{
    Coverage, Finding, Integrity, Modifications, Severity, ValidationReport, Verdict,
};
use contract::value::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
/// A file that takes longer hangs, whatever else the machine does meanwhile.
const GUARD: Duration = Duration::from_secs(60);

/// What upstream expects, as far as it concerns the file alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Expected {
    Sound,
    Unsound,
    Open,
}

impl Expected {
    /// From the sentence in the table: what has to be reported or is broken decides before what is valid.
    fn read(sentence: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        // One of several signatures that is not valid, a change that has to be reported, and failures of the whole.
        let bad = [
            "NOT valid",
            "another NOT",
            "must be judged INVALID",
            "must be flagged",
            "must be reported",
            "REJECT",
            "SUSPICIOUS",
            "FAILED",
            "FORMAT_FAILURE",
            "CRYPTO_CONSTRAINTS_FAILURE",
            "NO_SIGNATURE_FOUND",
        ];
        if has(&["annotation changes reported", "no validity assertion"]) {
            // Reported and not by itself a failure, or no word on validity.
            Self::Open
        } else if has(&bad) {
            Self::Unsound
        } else if has(&["valid", "VALID", "intact", "FORM_FILLING"]) {
            Self::Sound
        } else {
            Self::Open
        }
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

fn is_sound(report: &ValidationReport) -> bool {
    !report.signatures.is_empty()
        && !has_error(&report.findings)
        && report.signatures.iter().all(|signature| {
            signature.integrity == Integrity::Intact
                && matches!(
                    signature.coverage,
                    Coverage::WholeFile | Coverage::WholeRevision
                )
                && signature.modifications != Modifications::Other
                && !has_error(&signature.findings)
        })
}

fn codes(report: &ValidationReport) -> String {
    let mut text = String::new();
    for signature in &report.signatures {
        let _ = write!(text, "[{:?}", signature.modifications);
        for finding in &signature.findings {
            if finding.severity == Severity::Error {
                let _ = write!(text, " {}", finding.code);
            }
        }
        text.push(']');
    }
    for finding in &report.findings {
        if finding.severity == Severity::Error {
            let _ = write!(text, " {}", finding.code);
        }
    }
    text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/signatures")
}

/// Name and expected verdict of every file.
fn table() -> Option<Vec<(String, String)>> {
    let text = std::fs::read_to_string(folder().join("verdicts.tsv")).ok()?;
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?.to_owned(), columns.nth(2)?.to_owned()))
    });
    Some(rows.collect())
}

/// Accepted disagreements: file name and reason.
fn accepted() -> BTreeMap<String, String> {
    include_str!("disagreements.tsv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (name, reason) = line.split_once('\t').expect("a name, a tab, a reason");
            assert!(!reason.trim().is_empty(), "{name} needs a reason");
            (name.to_owned(), reason.to_owned())
        })
        .collect()
}

/// What the validator says, and that it says the same whoever does the arithmetic.
fn checked(bytes: &[u8]) -> Result<ValidationReport, &'static str> {
    let nobody = || Trust { roots: Vec::new() };
    let own = bytes.to_vec();
    let report = guarded(move || signature::validate(&own, &nobody(), NOW))?;
    let theirs = bytes.to_vec();
    let (believed, _) = guarded(move || believing(&theirs, &nobody(), NOW))?;
    assert_eq!(believed, report);
    Ok(report)
}

fn guarded<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, &'static str> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = tell.send(work());
    });
    told.recv_timeout(GUARD).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => "hangs",
        mpsc::RecvTimeoutError::Disconnected => "panics",
    })
}

#[test]
fn every_published_file_is_judged_as_upstream_does_or_for_a_written_reason() {
    let Some(table) = table() else {
        println!("skipped: no corpus at {}", folder().display());
        return;
    };
    let mut accepted = accepted();
    let mut count: BTreeMap<(Expected, bool), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, sentence) in &table {
        let bytes = std::fs::read(folder().join(name)).unwrap();
        let report = match checked(&bytes) {
            Ok(report) => report,
            Err(how) => {
                wrong.push(format!("{name}: {how}"));
                continue;
            }
        };
        // Nothing is trusted here: nothing may ever be valid.
        assert_ne!(report.verdict, Verdict::Valid, "{name}");
        let expected = Expected::read(sentence);
        let sound = is_sound(&report);
        *count.entry((expected, sound)).or_default() += 1;
        let agrees = match expected {
            Expected::Open => {
                if !sound {
                    println!("open      {name}: {sentence} | {}", codes(&report));
                }
                true
            }
            Expected::Sound => sound,
            Expected::Unsound => !sound,
        };
        let reason = accepted.remove(name.as_str());
        let line = format!(
            "{name}: upstream {expected:?} ({sentence}) | {}",
            codes(&report)
        );
        match (agrees, reason) {
            (true, None) => {}
            (false, Some(reason)) => println!("accepted  {line} | {reason}"),
            (false, None) => wrong.push(line),
            (true, Some(_)) => wrong.push(format!("{name}: agrees, its reason is stale")),
        }
    }
    println!("{:>10} {:>8} {:>8}", "upstream", "sound", "unsound");
    for expected in [Expected::Sound, Expected::Unsound, Expected::Open] {
        let of = |sound| count.get(&(expected, sound)).copied().unwrap_or(0);
        println!("{expected:>10?} {:>8} {:>8}", of(true), of(false));
    }
    println!("{} files", table.len());
    for line in &wrong {
        println!("DISAGREES {line}");
    }
    assert!(
        accepted.is_empty(),
        "reasons for unknown files: {accepted:?}"
    );
    assert!(
        wrong.is_empty(),
        "{} disagreements without a reason",
        wrong.len()
    );
}
