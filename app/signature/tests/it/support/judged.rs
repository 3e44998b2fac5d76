//! What the validator says, in short.

use super::begun::NOW;
use super::people::PEOPLE;
use contract::validation::ValidationReport;
use signature::validate;

/// The verdict with trust in the people's root.
pub fn checked(bytes: &[u8]) -> ValidationReport {
    validate(bytes, &PEOPLE.trust(), NOW)
}

/// Codes of all findings.
pub fn codes(report: &ValidationReport) -> Vec<&str> {
    report
        .signatures
        .iter()
        .flat_map(|signature| &signature.findings)
        .chain(&report.findings)
        .map(|finding| finding.code.as_str())
        .collect()
}
