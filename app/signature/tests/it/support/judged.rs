//! What the validator says, in short.

use super::begun::NOW;
use super::people::PEOPLE;
use contract::provider::Trust;
use contract::validation::ValidationReport;
use contract::value::Timestamp;
use signature::{Digests, Values, validate, validate_asking};
use std::rc::Rc;

/// The verdict with trust in the people's root.
pub fn checked(bytes: &[u8]) -> ValidationReport {
    judged(bytes, &PEOPLE.trust(), NOW)
}

/// The verdict, which is the same whoever does the arithmetic.
pub fn judged(bytes: &[u8], trust: &Trust, now: Timestamp) -> ValidationReport {
    let report = validate(bytes, trust, now);
    let (believed, _) = believing(bytes, trust, now);
    assert!(believed == report, "{believed:?}\nis not\n{report:?}");
    report
}

/// The verdict as the worker comes to it, which believes every value first and looks afterwards; and how many it believed.
pub fn believing(bytes: &[u8], trust: &Trust, now: Timestamp) -> (ValidationReport, usize) {
    let values = Rc::new(Values::default());
    let run = || validate_asking(bytes, "", trust, now, &Digests::default(), &values);
    values.believe();
    let told = run();
    let claims = values.believed();
    let mut all = true;
    for claim in &claims {
        values.know(claim, claim.holds());
        all &= claim.holds();
    }
    (if all { told } else { run() }, claims.len())
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
