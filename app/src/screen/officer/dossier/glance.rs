//! All signatures of a dossier at a glance: a verdict a file, the worst first in the sentence above, whose signature it is.

use super::checks::{Checks, Found, Standing, signable};
use super::protocol::Protocols;
use crate::text::history::glance;
use crate::text::{fill, t};
use contract::dossier::Dossier;
use contract::history::Weight;
use contract::validation::{Headline, SignatureReport, TrustStatus};
use contract::value::CitizenId;
use leptos::prelude::*;

/// Whether the signer is the applicant: the sentence, and how good that is. Nobody's number is written out.
pub fn same_person(signature: &SignatureReport, applicant: &str) -> (Option<bool>, String) {
    let signer = signature.signer_id.as_deref();
    let masked = signer
        .and_then(|number| number.parse::<CitizenId>().ok())
        .map(|number| number.masked());
    match (signer, masked) {
        (Some(signer), Some(masked)) if signer == applicant => (
            Some(true),
            fill("Người ký trùng người nộp hồ sơ (CCCD {}).", &[&masked]),
        ),
        (Some(_), Some(masked)) => (
            None,
            fill(
                "Người ký khác người nộp hồ sơ (CCCD {}): cần giấy ủy quyền.",
                &[&masked],
            ),
        ),
        _ => (
            None,
            t("Chứng thư không ghi số định danh: không so được với người nộp.").to_owned(),
        ),
    }
}

/// What an officer has to compare of one signature: person where a citizen handed the file in, certificate at the time of signing, timestamp, provider.
pub fn matches(
    signature: &SignatureReport,
    applicant: Option<&str>,
) -> Vec<(Option<bool>, String)> {
    let at = signature.proven_at.or(signature.signed_at);
    let within = at
        .zip(signature.certificate_from)
        .zip(signature.certificate_to)
        .map(|((at, from), to)| from <= at && at <= to);
    let validity = match within {
        Some(true) => t("Chứng thư còn hiệu lực lúc ký."),
        Some(false) => t("Chứng thư không có hiệu lực lúc ký."),
        None => t("Chưa rõ chứng thư có hiệu lực lúc ký hay không."),
    };
    let authority = signature
        .timestamps
        .first()
        .map(|stamp| stamp.authority.clone())
        .filter(|name| !name.is_empty());
    let stamp = match (signature.proven_at, authority) {
        (Some(_), Some(name)) => (
            Some(true),
            fill("Thời điểm ký có dấu thời gian của {}.", &[&name]),
        ),
        (Some(_), None) => (
            Some(true),
            t("Thời điểm ký có dấu thời gian chứng minh.").to_owned(),
        ),
        (None, _) => (
            None,
            t("Thời điểm ký theo đồng hồ của người ký, không có dấu thời gian.").to_owned(),
        ),
    };
    let provider = match signature.trust {
        TrustStatus::Trusted => (
            Some(true),
            fill(
                "{} thuộc danh sách tổ chức chứng thực được cổng tin cậy.",
                &[&signature.issuer],
            ),
        ),
        _ => (
            None,
            fill(
                "{} chưa xác minh được trong danh sách tổ chức chứng thực được cổng tin cậy.",
                &[&signature.issuer],
            ),
        ),
    };
    let person = applicant.map(|applicant| same_person(signature, applicant));
    person
        .into_iter()
        .chain([(within, validity.to_owned()), stamp, provider])
        .collect()
}

/// A mark and its sentence: never colour alone.
pub fn check(good: Option<bool>, sentence: String) -> AnyView {
    let (class, mark) = match good {
        Some(true) => ("check good", "✓"),
        Some(false) => ("check bad", "✗"),
        None => ("check open", "!"),
    };
    view! { <li class=class><span aria-hidden="true">{mark}</span><span>{sentence}</span></li> }
        .into_any()
}

/// Grave first.
const fn rank(headline: Headline) -> u8 {
    match headline {
        Headline::Invalid => 4,
        Headline::Undecided => 3,
        Headline::ValidChanged => 2,
        Headline::Valid => 1,
        Headline::Unsigned => 0,
    }
}

/// The section above the files.
#[component]
pub fn Glance(dossier: Dossier, checks: Checks) -> impl IntoView {
    let id = dossier.summary.id;
    let applicant = dossier.form.applicant.citizen_id.clone();
    let files: Vec<_> = signable(&dossier)
        .map(|file| {
            let name = file.manifest.file_name.to_string();
            (file.manifest.id, file.component_name.clone(), name)
        })
        .collect();
    if files.is_empty() {
        return ().into_any();
    }
    let count = files.len();
    let ids: Vec<_> = files.iter().map(|(file, ..)| *file).collect();
    let summary = move || {
        let (mut done, mut worst): (usize, Option<Found>) = (0, None);
        checks.files.with(|files| {
            // Papers of the agency that were looked at stand among them, and are not the dossier's own.
            for standing in ids.iter().filter_map(|id| files.get(id)) {
                match standing {
                    Standing::Done(found) => {
                        done += 1;
                        let graver = worst.as_ref().is_none_or(|worst| {
                            rank(found.report.headline()) > rank(worst.report.headline())
                        });
                        if graver {
                            worst = Some(found.clone());
                        }
                    }
                    Standing::Failed(_) => done += 1,
                    Standing::Waiting | Standing::Checking => {}
                }
            }
        });
        if done < count {
            return view! { <p class="check open"><span aria-hidden="true">"…"</span><span>{fill("Trình duyệt đang kiểm tra: {}/{} tệp. Bạn có thể làm việc khác trong lúc chờ.", &[&done, &count])}</span></p> }.into_any();
        }
        worst.map(|worst| {
            let (class, mark, words) = glance(&worst.report);
            view! { <p class=format!("check {class} worst")><span aria-hidden="true">{mark}</span><strong>{words}</strong></p> }.into_any()
        })
        .unwrap_or_else(|| ().into_any())
    };
    view! {
        <section class="card glance" aria-labelledby="glance">
            <h2 id="glance">{t("Chữ ký số của hồ sơ")}</h2>
            <div role="status">{summary}</div>
            <ul class="glance-list">
                {files.into_iter().map(|(file, component, name)| {
                    let applicant = applicant.clone();
                    view! {
                        <li>
                            <a href=format!("#tep-{file}") on:click=move |event| { event.prevent_default(); go_to(&format!("tep-{file}")); }>{name}</a>
                            <span class="hint">{component}</span>
                            {move || line(checks, file, &applicant)}
                        </li>
                    }
                }).collect_view()}
            </ul>
            <Protocols dossier=id file=None code=dossier.summary.code.to_string()/>
        </section>
    }
    .into_any()
}

/// Shows a file's card and puts the focus on it; the address stays the tab's.
fn go_to(id: &str) {
    use wasm_bindgen::JsCast as _;
    let card = document().get_element_by_id(id);
    if let Some(card) = card.and_then(|card| card.dyn_into::<web_sys::HtmlElement>().ok()) {
        card.scroll_into_view();
        let _ = card.focus();
    }
}

/// One file: its verdict, whose signature it is, and that record and proof differ.
fn line(checks: Checks, file: uuid::Uuid, applicant: &str) -> AnyView {
    let standing = checks.files.with(|files| files.get(&file).cloned());
    match standing {
        None | Some(Standing::Waiting) => {
            view! { <p class="hint">{t("Chờ đến lượt kiểm tra")}</p> }.into_any()
        }
        Some(Standing::Checking) => {
            view! { <p class="hint">{t("Đang kiểm tra…")}</p> }.into_any()
        }
        Some(Standing::Failed(trouble)) => {
            view! { <p class="check open"><span aria-hidden="true">"!"</span><span>{trouble.sentence()}</span></p> }.into_any()
        }
        Some(Standing::Done(found)) => {
            let (class, mark, words) = glance(&found.report);
            let persons = found.report.signatures.iter().filter(|one| !one.timestamp);
            let persons: Vec<_> = persons.map(|one| same_person(one, applicant)).collect();
            let differs = checks.history(file).map(|(history, ..)| {
                let mut all = history.disagreements.iter();
                (history.disagreements.len(), all.any(|one| one.weight() == Weight::Grave))
            });
            view! {
                <ul class="checks">
                    <li class=format!("check {class}")><span aria-hidden="true">{mark}</span><span>{words}</span></li>
                    {persons.into_iter().map(|(good, sentence)| check(good, sentence)).collect_view()}
                    {differs.filter(|(count, _)| *count > 0).map(|(count, grave)| {
                        check(if grave { Some(false) } else { None }, fill("Bản ghi của cổng và tệp không khớp nhau: {} điểm", &[&count]))
                    })}
                </ul>
            }.into_any()
        }
    }
}
