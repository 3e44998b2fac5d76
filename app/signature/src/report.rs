//! Reports that can be kept: the validator's result as a documented JSON shape, as ETSI TS 119 102-2 XML, and as a page for people.

mod etsi;
mod evidence;
pub mod history;
mod markup;
mod paper;
pub mod receipt;
pub(crate) mod sheet;
pub mod slip;
pub mod words;

use crate::error::SignError;
use contract::circular::criteria;
use contract::history::FileEvidence;
use contract::provider::Trust;
use contract::report::{FORMAT, FileReport, ReportedFile, VERSION};
use contract::value::{Sha256, Timestamp};
use evidence::Evidence;
use sha2::Digest as _;

/// Validates a file and tells everything that a report needs.
#[must_use]
pub fn of(bytes: &[u8], name: String, trust: &Trust, now: Timestamp) -> FileReport {
    of_with(bytes, "", name, trust, now)
}

/// The same of an encrypted file.
#[must_use]
pub fn of_with(
    bytes: &[u8],
    password: &str,
    name: String,
    trust: &Trust,
    now: Timestamp,
) -> FileReport {
    let report = crate::validate_with(bytes, password, trust, now);
    FileReport {
        format: FORMAT.into(),
        version: VERSION,
        file: ReportedFile {
            name,
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: Sha256(sha2::Sha256::digest(bytes).into()),
        },
        checked_at: now,
        headline: report.headline(),
        circular: report.signatures.iter().map(criteria).collect(),
        report,
    }
}

/// The report as ETSI TS 119 102-2 XML, with the certificates, revocation data and timestamps that the file carries and the roots it was
/// checked against. `bytes` and `trust` are those that [`of`] was given.
#[must_use]
pub fn xml(told: &FileReport, bytes: &[u8], trust: &Trust) -> String {
    xml_with(told, bytes, "", trust)
}

/// The same of an encrypted file.
#[must_use]
pub fn xml_with(told: &FileReport, bytes: &[u8], password: &str, trust: &Trust) -> String {
    etsi::document(told, &Evidence::read(bytes, password, trust))
}

/// The report as a PDF for people, in Vietnamese.
///
/// # Errors
/// [`SignError::Font`], when a built-in font cannot be embedded.
pub fn pdf(told: &FileReport) -> Result<Vec<u8>, SignError> {
    paper::document(told)
}

/// What a file carries that proves its signatures, and the roots it was checked against. `bytes` and `trust` are those that [`of`] was given.
#[must_use]
pub fn carried(told: &FileReport, bytes: &[u8], trust: &Trust) -> FileEvidence {
    Evidence::read(bytes, "", trust).kept(&told.report)
}
