//! One signature: who and when at a glance, warnings always seen, the evidence behind a disclosure.

use super::before::Before;
use super::circular;
use super::compare::Compare;
use super::kept::KeptFile;
use crate::format::{day, moment, moment_exact};
use crate::text::{self, fill, t};
use contract::validation::{
    Coverage, Finding, Indication, Integrity, Modifications, Revocation, RevocationSource,
    Severity, SignatureReport, TrustStatus,
};
use leptos::prelude::*;

/// A mark and its word: never colour alone.
fn check(good: Option<bool>, sentence: String) -> impl IntoView {
    let (class, mark) = match good {
        Some(true) => ("check good", "✓"),
        Some(false) => ("check bad", "✗"),
        None => ("check open", "!"),
    };
    view! { <li class=class><span aria-hidden="true">{mark}</span><span>{sentence}</span></li> }
}

/// A warning or an error, seen without opening anything.
pub fn note(finding: &Finding) -> impl IntoView + use<> {
    let (class, mark) = if finding.severity == Severity::Error {
        ("check bad", "✗")
    } else {
        ("check open", "!")
    };
    view! { <p class=class><span aria-hidden="true">{mark}</span><span>{text::finding(finding)}</span></p> }
}

/// A line of the evidence.
fn line(label: &'static str, value: String) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
}

/// When, and what shows it.
fn signed_when(signature: &SignatureReport) -> String {
    if let (true, Some(at)) = (signature.timestamp, signature.signed_at) {
        return fill(
            "Cấp lúc {}, theo đồng hồ của tổ chức cấp dấu thời gian",
            &[&moment(at)],
        );
    }
    match (signature.signed_at, signature.proven_at) {
        (Some(at), Some(_)) => fill("Ký lúc {}, có dấu thời gian chứng minh", &[&moment(at)]),
        (Some(at), None) => fill("Ký lúc {}, theo đồng hồ của người ký", &[&moment(at)]),
        (None, Some(at)) => fill("Đã có trước {} theo dấu thời gian", &[&moment(at)]),
        (None, None) => t("Tệp không ghi thời điểm ký").to_owned(),
    }
}

/// The article. `alone`: it is the only signature of the file.
pub fn signature(signature: SignatureReport, kept: KeptFile, alone: bool) -> AnyView {
    let (class, mark) = match signature.indication {
        Indication::TotalPassed => ("check good", "✓"),
        Indication::TotalFailed => ("check bad", "✗"),
        Indication::Indeterminate => ("check open", "!"),
    };
    let name = if signature.signer.is_empty() {
        t("Không rõ người ký").to_owned()
    } else {
        signature.signer.clone()
    };
    let kind = signature.timestamp.then_some(t("Dấu thời gian của "));
    let notes = signature
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(note)
        .collect_view();
    let told: Vec<_> = signature
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Info)
        .map(|finding| view! { <li>{text::finding(finding)}</li> })
        .collect();
    let told = (!told.is_empty()).then(|| view! { <ul class="told">{told}</ul> });
    // Where only validation data followed, what is seen now is what was signed.
    let later = (signature.modifications >= Modifications::FormFill
        && signature.coverage == Coverage::WholeRevision)
        .then_some(signature.revision_end)
        .flatten()
        .map(|end| {
            let pages = signature.changed_pages.clone();
            view! { <Compare kept end pages/> }
        });
    let before = (!signature.timestamp
        && matches!(
            signature.coverage,
            Coverage::WholeFile | Coverage::WholeRevision
        ))
    .then_some(signature.revision_end)
    .flatten()
    .map(|end| view! { <Before kept end/> });
    let which = if alone {
        t("Xem bằng chứng").to_owned()
    } else {
        fill("Xem bằng chứng của chữ ký {}", &[&signature.field])
    };
    view! {
        <article class="signature">
            <h3>{kind}{name}</h3>
            <p class=format!("{class} conclusion")><span aria-hidden="true">{mark}</span><strong>{text::indication(signature.indication)}</strong></p>
            <p class="when">{signed_when(&signature)}" · "{signature.issuer.clone()}</p>
            {notes}
            {later}
            {before}
            <details>
                <summary>{which}</summary>
                {checks(&signature)}
                {told}
                {facts(&signature)}
                {circular::table(&signature)}
            </details>
        </article>
    }
    .into_any()
}

fn checks(signature: &SignatureReport) -> impl IntoView + use<> {
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
    view! {
        <ul class="checks">
            {check(integrity, text::integrity(signature.integrity).to_owned())}
            {check(coverage, text::coverage(signature.coverage).to_owned())}
            {check(trust, text::trust(signature.trust).to_owned())}
            {check(revocation, text::revocation(signature.revocation).to_owned())}
            {check(later, text::modifications(signature.modifications).to_owned())}
        </ul>
    }
}

fn facts(signature: &SignatureReport) -> impl IntoView + use<> {
    let or_not = |text: &str| {
        if text.is_empty() {
            t("không rõ").to_owned()
        } else {
            text.to_owned()
        }
    };
    let validity = match (signature.certificate_from, signature.certificate_to) {
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        _ => t("không rõ").into(),
    };
    let not_said = || t("không ghi trong chứng thư").to_owned();
    let proven = signature.proven_at.map_or(
        t("không có dấu thời gian đáng tin cậy").to_owned(),
        moment_exact,
    );
    let stamps = signature
        .timestamps
        .iter()
        .map(|stamp| {
            let at = stamp.at.map_or(t("không rõ").to_owned(), moment_exact);
            let told = text::timestamp(stamp.status);
            line(
                t("Dấu thời gian"),
                format!("{at}, {}: {told}", or_not(&stamp.authority)),
            )
        })
        .collect_view();
    let word = signature.revocation_word.map(|word| {
        let source = match word.source {
            RevocationSource::Ocsp => "OCSP",
            RevocationSource::Crl => "CRL",
        };
        let said = word.revoked_since.map_or_else(
            || t("chưa bị thu hồi").to_owned(),
            |since| fill("bị thu hồi từ {}", &[&moment_exact(since)]),
        );
        line(
            t("Tổ chức cấp trả lời về thu hồi"),
            fill(
                "{} lúc {}: {}",
                &[&source, &moment_exact(word.stated_at), &said],
            ),
        )
    });
    let level = (!signature.timestamp)
        .then(|| line(t("Mức chữ ký"), text::level(signature.level).to_owned()));
    let hash = signature.signed_attributes_sha256;
    view! {
        <dl>
            {line(t("Người ký"), or_not(&signature.signer))}
            {line(t("Số định danh trong chứng thư"), signature.signer_id.clone().unwrap_or_else(not_said))}
            {line(t("Đơn vị quản lý chứng thư"), signature.unit.clone().unwrap_or_else(not_said))}
            {line(t("Tổ chức cấp chứng thư số"), or_not(&signature.issuer))}
            {line(t("Hiệu lực chứng thư"), validity)}
            {line(t("Thời điểm ký ghi trong tệp"), signature.signed_at.map_or(t("không ghi").to_owned(), moment_exact))}
            {line(t("Chứng minh đã ký trước"), proven)}
            {stamps}
            {level}
            {word}
            {line(t("Thuật toán"), or_not(&signature.algorithm))}
            {line(t("Đường dẫn chứng thư tới gốc"), signature.chain.join(" ← "))}
            <div><dt>{t("Số sê-ri chứng thư")}</dt><dd class="code">{signature.serial.to_string()}</dd></div>
            {line(t("Trường chữ ký"), signature.field.clone())}
            {hash.map(|hash| view! { <div><dt>{t("Mã băm đã ký (SHA-256)")}</dt><dd class="code">{hash.to_string()}</dd></div> })}
        </dl>
    }
}
