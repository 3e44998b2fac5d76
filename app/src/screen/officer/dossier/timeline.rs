//! `Xem lịch sử ký số` of one file: what it proves and what the portal recorded in one row of time, and in words where the two differ.

use super::checks::Checks;
use super::glance::{check, matches};
use super::protocol::Protocols;
use crate::format;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::part::validation::{KeptFile, Validation};
use crate::signing::Trouble;
use crate::text;
use crate::text::history::told;
use crate::text::t;
use contract::history::{History, PaperKind, RecordedFile, Source, Weight, words};
use contract::validation::{SignatureReport, ValidationReport};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Opens and closes it.
#[component]
pub fn SeeHistory(looking: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="button" aria-expanded=move || looking.get().to_string() on:click=move |_| looking.update(|looking| *looking = !*looking)>
            {move || if looking.get() { t("Đóng lịch sử ký số") } else { t("Xem lịch sử ký số") }}
        </button>
    }
}

/// The history of a slip that an officer signed.
#[component]
pub fn SlipHistory(
    checks: Checks,
    slip: Uuid,
    /// Its name on a device.
    name: String,
    code: String,
) -> impl IntoView {
    let looking = RwSignal::new(false);
    view! {
        <div class="row"><SeeHistory looking/></div>
        {move || looking.get().then(|| view! {
            <SigningHistory checks file=slip name=name.clone() kind=PaperKind::Slip applicant=None code=code.clone()/>
        })}
    }
}

/// Record and proof of one file.
type Merged = (History, ValidationReport, RecordedFile);

/// Digits of a digest that are shown; the whole is copied.
const SHORT: usize = 12;

/// The panel.
#[component]
pub fn SigningHistory(
    checks: Checks,
    file: Uuid,
    name: String,
    kind: PaperKind,
    /// Number of the citizen who handed the file in; none for a paper of the agency.
    applicant: Option<String>,
    code: String,
) -> impl IntoView {
    let kept: KeptFile = StoredValue::new_local(None);
    let ready: RwSignal<Option<Result<(), Trouble>>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        let got = checks.file(file, name, kind).await.map(|found| {
            let _ = kept.try_set_value(Some(found));
        });
        let _ = ready.try_set(Some(got));
    });
    // So that a check of another file draws nothing anew here.
    let merged = Memo::new(move |_| checks.history(file));
    view! {
        <div class="signing-history">
            {move || match ready.get() {
                None => view! { <p role="status">{t("Trình duyệt đang kiểm tra tệp…")}</p> }.into_any(),
                Some(Err(trouble)) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
                Some(Ok(())) => {
                    let report = untrack(move || checks.found(file)).map(|found| found.report);
                    let applicant = applicant.clone();
                    view! {
                        {move || together(checks, merged.get(), applicant.as_deref())}
                        <Protocols dossier=checks.dossier file=Some(file) code=code.clone()/>
                        <section aria-label=t("Tệp chứng minh")>
                            <h3>{t("Tệp chứng minh (trình duyệt này kiểm tra)")}</h3>
                            {report.map(|report| view! { <Validation report kept/> })}
                        </section>
                    }.into_any()
                }
            }}
        </div>
    }
}

/// Disagreements, match checks and the row of time, once the portal's side is here too.
fn together(checks: Checks, merged: Option<Merged>, applicant: Option<&str>) -> AnyView {
    let failed = checks.recorded.with(|recorded| {
        let answer = recorded.as_ref()?;
        answer.as_ref().err().cloned()
    });
    if let Some(error) = failed {
        return view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any();
    }
    let Some((history, report, recorded)) = merged else {
        return view! { <Loading/> }.into_any();
    };
    view! {
        {warnings(&history, &report, &recorded)}
        {compared(&report, applicant)}
        {row(&history, &report, &recorded)}
    }
    .into_any()
}

fn warnings(history: &History, report: &ValidationReport, recorded: &RecordedFile) -> AnyView {
    if history.disagreements.is_empty() {
        let both = !recorded.signings.is_empty() && !report.signatures.is_empty();
        return both
            .then(|| view! { <Notice tone=Tone::Good>{t("Bản ghi của cổng và chữ ký trong tệp khớp nhau.")}</Notice> })
            .into_any();
    }
    let grave = history
        .disagreements
        .iter()
        .any(|what| what.weight() == Weight::Grave);
    let tone = if grave { Tone::Bad } else { Tone::Attention };
    let sentences: Vec<_> = history
        .disagreements
        .iter()
        .map(|what| told(&words::disagreement(what, report, recorded)))
        .collect();
    let wait = match recorded.kind {
        PaperKind::Component => t("Đừng chấp nhận tệp này trước khi làm rõ với người nộp."),
        PaperKind::Result | PaperKind::Slip => t("Đừng trả tệp này cho công dân trước khi làm rõ."),
    };
    view! {
        <Notice tone>
            <p><strong>{t("Bản ghi của cổng và tệp không khớp nhau.")}</strong></p>
            <ul>{sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
            {grave.then(|| view! { <p>{wait}</p> })}
        </Notice>
    }
    .into_any()
}

fn compared(report: &ValidationReport, applicant: Option<&str>) -> AnyView {
    let persons: Vec<&SignatureReport> = report
        .signatures
        .iter()
        .filter(|signature| !signature.timestamp)
        .collect();
    let alone = persons.len() < 2;
    persons
        .into_iter()
        .map(|signature| {
            let list = matches(signature, applicant);
            view! {
                {(!alone).then(|| view! { <p><strong>{signature.signer.clone()}</strong></p> })}
                <ul class="checks">{list.into_iter().map(|(good, sentence)| check(good, sentence)).collect_view()}</ul>
            }
        })
        .collect_view()
        .into_any()
}

fn row(history: &History, report: &ValidationReport, recorded: &RecordedFile) -> AnyView {
    let lines = history.entries.iter().filter_map(|entry| {
        let line = words::line(entry.what, report, recorded)?;
        let (class, source) = match entry.what.source() {
            Source::Portal => ("by-portal", t("Cổng ghi nhận")),
            Source::File => ("by-file", t("Tệp chứng minh")),
        };
        let at = entry
            .at
            .map_or_else(|| t("Không rõ lúc nào").to_owned(), format::moment_exact);
        let actor = (!line.actor.is_empty()).then(|| format!(" · {}", line.actor));
        Some(view! {
            <li class=class>
                <strong>{told(&line.title)}</strong>
                <span>{at}{actor}" "<span class="chip">{source}</span></span>
                {(!line.facts.is_empty()).then(|| view! {
                    <dl class="line-facts">
                        {line.facts.into_iter().map(|(label, value)| view! { <div><dt>{told(label)}</dt><dd>{shown(value)}</dd></div> }).collect_view()}
                    </dl>
                })}
            </li>
        })
    });
    let lines = lines.collect_view();
    view! {
        <section aria-label=t("Lịch sử ký số")>
            <h3>{t("Lịch sử ký số")}</h3>
            {recorded.signings.is_empty().then(|| view! { <p class="hint">{t("Tệp này không được ký trên cổng.")}</p> })}
            <ol class="timeline signing-timeline">{lines}</ol>
        </section>
    }
    .into_any()
}

/// A value; a digest is shown short and copied whole.
fn shown(value: String) -> AnyView {
    let is_digest = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest {
        return told(&value).into_any();
    }
    let short = value.get(..SHORT).unwrap_or_default().to_owned();
    view! { <span class="code" title=value.clone()>{short}"…"</span>" "<Copy value/> }.into_any()
}

/// Copies a number or digest.
#[component]
pub fn Copy(value: String) -> impl IntoView {
    let label = format!("{} {value}", t("Chép"));
    let copy = move |_| {
        let value = value.clone();
        spawn_local(async move {
            let promise = window().navigator().clipboard().write_text(&value);
            match wasm_bindgen_futures::JsFuture::from(promise).await {
                Ok(_) => say(t("Đã chép.")),
                Err(_) => say(t(
                    "Trình duyệt không cho chép. Hãy bôi đen và chép bằng tay.",
                )),
            }
        });
    };
    view! { <button type="button" class="button quiet copy" aria-label=label on:click=copy>{t("Chép")}</button> }
}
