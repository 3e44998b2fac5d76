//! What a file proves: one calm sentence first, then the evidence of each signature, what changed later, and reports that can be kept.

mod before;
mod circular;
mod compare;
mod kept;
mod look;
mod renew;
mod reports;
mod sides;
mod signature;

pub use kept::{Kept, KeptFile, know_roots, validate, validate_with};
pub use look::Look;
pub use sides::{Names, sides};

use crate::text::{self, t};
use contract::validation::{Headline, Severity, ValidationReport};
use leptos::prelude::*;

/// The report of one file. `kept` is the very file, for reports and for looking at what was signed.
#[component]
pub fn Validation(report: ValidationReport, kept: KeptFile) -> impl IntoView {
    let headline = report.headline();
    let class = match headline {
        Headline::Valid => "verdict good",
        Headline::Invalid => "verdict bad",
        Headline::ValidChanged | Headline::Undecided => "verdict attention",
        Headline::Unsigned => "verdict plain",
    };
    let (sentence, more) = text::headline(headline);
    let alone = report.signatures.len() == 1;
    let whole = report.clone();
    view! {
        <section class="validation" aria-label=t("Kết quả kiểm tra chữ ký")>
            <p class=class><strong>{sentence}</strong><span>{more}</span></p>
            {report
                .findings
                .iter()
                .filter(|finding| finding.severity != Severity::Info)
                .map(signature::note)
                .collect_view()}
            {report
                .signatures
                .into_iter()
                .map(|one| signature::signature(one, kept, alone))
                .collect_view()}
            <reports::Reports kept/>
            <renew::Renew report=whole kept/>
        </section>
    }
}
