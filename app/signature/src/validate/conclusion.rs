//! The main indication of EN 319 102-1 (5.1.3) from everything that was found.

use contract::validation::{
    Coverage, Indication, Integrity, Modifications, SignatureReport, SubIndication, TrustStatus,
};

/// Draws it: the first rule that applies decides, in the order of the standard's process.
pub(crate) fn draw(report: &mut SignatureReport) {
    let (indication, sub) = conclude(report);
    report.indication = indication;
    report.sub_indication = sub;
}

fn conclude(report: &SignatureReport) -> (Indication, Option<SubIndication>) {
    use Indication::{Indeterminate, TotalFailed, TotalPassed};
    let has = |code: &str| report.findings.iter().any(|found| found.code == code);
    if matches!(report.coverage, Coverage::Partial | Coverage::None) || has("cms-unreadable") {
        return (TotalFailed, Some(SubIndication::FormatFailure));
    }
    if has("no-certificate") || has("certificate-unreadable") {
        return (
            Indeterminate,
            Some(SubIndication::NoSigningCertificateFound),
        );
    }
    match report.integrity {
        Integrity::Broken => return (TotalFailed, Some(SubIndication::SigCryptoFailure)),
        Integrity::Unverifiable => return (Indeterminate, Some(SubIndication::Generic)),
        Integrity::Intact => {}
    }
    if report.modifications == Modifications::Other {
        return (TotalFailed, Some(SubIndication::FormatFailure));
    }
    match report.trust {
        TrustStatus::Revoked if report.proven_at.is_some() => {
            return (TotalFailed, Some(SubIndication::Revoked));
        }
        TrustStatus::Revoked => return (Indeterminate, Some(SubIndication::RevokedNoPoe)),
        TrustStatus::Expired => return (Indeterminate, Some(SubIndication::OutOfBoundsNoPoe)),
        TrustStatus::Untrusted | TrustStatus::Unknown => {
            return (Indeterminate, Some(SubIndication::NoCertificateChainFound));
        }
        TrustStatus::Trusted => {}
    }
    if has("wrong-key-usage") || has("not-a-timestamp-authority") {
        return (Indeterminate, Some(SubIndication::ChainConstraintsFailure));
    }
    if has("weak-digest") || has("weak-key") {
        return (
            Indeterminate,
            Some(SubIndication::CryptoConstraintsFailureNoPoe),
        );
    }
    let constraint = report
        .findings
        .iter()
        .any(|found| found.severity == contract::validation::Severity::Error)
        || has("signed-outside-validity");
    if constraint {
        return (Indeterminate, Some(SubIndication::SigConstraintsFailure));
    }
    // Revocation that could not be checked is a warning and no failure: a file that brings nothing, or nothing fresh, is judged offline.
    // The standard would say TRY_LATER; Thông tư 15/2025/TT-BKHCN, annex II 1.2, asks for a warning that is seen (see TT15-2025.md).
    (TotalPassed, None)
}
