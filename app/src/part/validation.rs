//! What a file proves: one calm sentence first, then the evidence.

use crate::format::{day, moment_exact};
use crate::text;
use contract::validation::{
    Coverage, Integrity, Modifications, Revocation, Severity, SignatureReport, TrustStatus,
    ValidationReport, Verdict,
};
use leptos::prelude::*;

/// A mark and its word: never colour alone.
fn check(good: Option<bool>, sentence: String) -> impl IntoView {
    let (class, mark) = match good {
        Some(true) => ("check good", "✓"),
        Some(false) => ("check bad", "✗"),
        None => ("check open", "!"),
    };
    view! { <li class=class><span aria-hidden="true">{mark}</span>{sentence}</li> }
}

/// The report of one file.
#[component]
pub fn Validation(report: ValidationReport) -> impl IntoView {
    let changed = report.signatures.iter().any(|signature| {
        signature.modifications >= Modifications::Annotate
            || signature
                .findings
                .iter()
                .any(|finding| finding.code == "field-value-replaced")
    });
    let (class, sentence) = match report.verdict {
        Verdict::Valid if changed => (
            "verdict attention",
            "Chữ ký hợp lệ nhưng tài liệu có thay đổi sau khi ký",
        ),
        Verdict::Valid => ("verdict good", text::verdict(Verdict::Valid)),
        Verdict::Invalid => ("verdict bad", text::verdict(Verdict::Invalid)),
        Verdict::Indeterminate => ("verdict attention", text::verdict(Verdict::Indeterminate)),
        Verdict::Unsigned => ("verdict plain", text::verdict(Verdict::Unsigned)),
    };
    view! {
        <section class="validation" aria-label="Kết quả kiểm tra chữ ký">
            <p class=class><strong>{sentence}</strong></p>
            {report
                .findings
                .into_iter()
                .map(|finding| view! { <p class="finding">{finding.message}</p> })
                .collect_view()}
            {report.signatures.into_iter().map(signature).collect_view()}
        </section>
    }
}

fn signature(signature: SignatureReport) -> impl IntoView {
    let integrity = match signature.integrity {
        Integrity::Intact => Some(true),
        Integrity::Broken => Some(false),
        Integrity::Unverifiable => None,
    };
    let coverage = Some(matches!(
        signature.coverage,
        Coverage::WholeFile | Coverage::WholeRevision
    ));
    let later = match signature.modifications {
        Modifications::None | Modifications::Lta | Modifications::FormFill => Some(true),
        Modifications::Annotate => None,
        Modifications::Other => Some(false),
    };
    let trust = match signature.trust {
        TrustStatus::Trusted => Some(true),
        TrustStatus::Revoked => Some(false),
        TrustStatus::Untrusted | TrustStatus::Expired | TrustStatus::Unknown => None,
    };
    let revocation = match signature.revocation {
        Revocation::Good => Some(true),
        Revocation::Revoked => Some(false),
        Revocation::Unknown | Revocation::NotChecked => None,
    };
    let proven = signature
        .proven_at
        .map_or("không có".to_owned(), moment_exact);
    let chain = signature.chain.join(" ← ");
    let validity = match (signature.certificate_from, signature.certificate_to) {
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        _ => "không rõ".into(),
    };
    let notes: Vec<_> = signature
        .findings
        .into_iter()
        // What a line of the list above says already is not said twice.
        .filter(|finding| {
            finding.severity != Severity::Info && finding.code != "revocation-not-checked"
        })
        .collect();
    let heading = if signature.timestamp {
        "Dấu thời gian".to_owned()
    } else {
        signature.signer.clone()
    };
    view! {
        <article class="signature">
            <h3>{if heading.is_empty() { "Không rõ người ký".to_owned() } else { heading }}</h3>
            <dl>
                <div><dt>"Thời điểm ký ghi trong tệp"</dt><dd>{signature.signed_at.map_or("không ghi".to_owned(), moment_exact)}</dd></div>
                <div><dt>"Dấu thời gian chứng minh đã ký trước"</dt><dd>{proven}</dd></div>
                <div><dt>"Tổ chức cấp chứng thư số"</dt><dd>{signature.issuer}</dd></div>
                <div><dt>"Số định danh trong chứng thư"</dt><dd>{signature.signer_id.unwrap_or_else(|| "không ghi".into())}</dd></div>
                <div><dt>"Hiệu lực chứng thư"</dt><dd>{validity}</dd></div>
            </dl>
            <ul class="checks">
                {check(integrity, text::integrity(signature.integrity).to_owned())}
                {check(coverage, text::coverage(signature.coverage).to_owned())}
                {check(trust, text::trust(signature.trust).to_owned())}
                {check(revocation, text::revocation(signature.revocation).to_owned())}
                {check(later, text::modifications(signature.modifications).to_owned())}
            </ul>
            {notes.into_iter().map(|finding| view! { <p class="finding">{finding.message}</p> }).collect_view()}
            <details>
                <summary>"Chi tiết kỹ thuật"</summary>
                <dl>
                    <div><dt>"Trường chữ ký"</dt><dd>{signature.field}</dd></div>
                    <div><dt>"Số sê-ri chứng thư"</dt><dd class="code">{signature.serial.to_string()}</dd></div>
                    <div><dt>"Đường dẫn chứng thư tới gốc"</dt><dd>{chain}</dd></div>
                    <div><dt>"Thuật toán"</dt><dd>{signature.algorithm}</dd></div>
                    <div><dt>"Mức PAdES"</dt><dd>{format!("{:?}", signature.level)}</dd></div>
                    <div><dt>"Mã băm đã ký (SHA-256)"</dt><dd class="code">{signature.signed_attributes_sha256.map(|hash| hash.to_string())}</dd></div>
                </dl>
            </details>
        </article>
    }
}
