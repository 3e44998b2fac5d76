//! One file of a dossier on the officer's desk: read, saved, and what it proves beside what the portal recorded.

use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::part::validation::{KeptFile, Validation, validate};
use crate::screen::my_dossier::download;
use crate::session::session;
use crate::signing::Trouble;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::{Attachment, SigningHistory};
use contract::validation::ValidationReport;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What the officer's own browser found, and what the portal recorded.
type Evidence = (
    Result<ValidationReport, Trouble>,
    Result<SigningHistory, api::ApiError>,
);

#[component]
pub fn File(
    dossier: Uuid,
    /// The engine's name for it.
    document: DocumentId,
    file: Attachment,
    applicant: String,
) -> impl IntoView {
    let state = session();
    let id = file.manifest.id;
    let is_original = file.manifest.original_of.is_some();
    let reading = RwSignal::new(false);
    let load = move || async move { Ok(api::file(true, dossier, id).await?) };
    let evidence: RwSignal<Option<Evidence>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let checked: KeptFile = StoredValue::new_local(None);
    let called = StoredValue::new(file.manifest.file_name.to_string());
    let look = move |_| {
        busy.set(true);
        spawn_local(async move {
            let found = match api::file(true, dossier, id).await {
                Ok(bytes) => {
                    let name = called.try_get_value().unwrap_or_default();
                    validate(name, bytes, state.now()).await
                }
                Err(error) => Err(error.into()),
            };
            let report = found.map(|(report, file)| {
                let _ = checked.try_set_value(Some(file));
                report
            });
            let history = api::history(dossier, id).await;
            let _ = evidence.try_set(Some((report, history)));
            let _ = busy.try_set(false);
        });
    };
    let name = file.manifest.file_name.to_string();
    let (saved, label, shown) = (name.clone(), name.clone(), name.clone());
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let save = move |_| {
        let name = saved.clone();
        trouble.set(None);
        spawn_local(async move {
            match api::file(true, dossier, id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <section class="card" aria-label=label>
            <h2>{file.component_name}</h2>
            <p class="name">{name}<span class="hint">{format::size(file.manifest.size)}</span></p>
            <p><span class="chip">{if is_original { t("Tệp Word gốc của bản PDF: không ký").to_owned() } else { fill("Máy chủ kiểm tra khi nhận: {}", &[&text::verdict(file.verdict)]) }}</span></p>
            <p class="row">
                {(!is_original).then(|| view! {
                    <button type="button" class="button" disabled=move || busy.get() on:click=look>{t("Xem lịch sử ký số")}</button>
                    <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                        {move || if reading.get() { t("Đóng tệp") } else { t("Xem tệp") }}
                    </button>
                })}
                <button type="button" class="button" on:click=save>{t("Tải về")}</button>
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            <Show when=move || reading.get()><Reader document name=shown.clone() load/></Show>
            <Show when=move || busy.get()><p role="status">{t("Trình duyệt đang kiểm tra tệp…")}</p></Show>
            {move || evidence.get().map(|(report, history)| view! { <Shown report history applicant=applicant.clone() checked/> })}
        </section>
    }
}

#[component]
fn Shown(
    report: Result<ValidationReport, Trouble>,
    history: Result<SigningHistory, api::ApiError>,
    applicant: String,
    checked: KeptFile,
) -> impl IntoView {
    let signer = report.as_ref().ok().and_then(|report| {
        report
            .signatures
            .iter()
            .find_map(|signature| signature.signer_id.clone())
    });
    let same = signer.as_ref().map(|signer| *signer == applicant);
    // What the portal recorded and what the file proves must be the same signatures.
    let disagree = match (&report, &history) {
        (Ok(report), Ok(history)) => history.events.iter().any(|event| {
            event.digest.is_some_and(|digest| {
                !report
                    .signatures
                    .iter()
                    .any(|signature| signature.signed_attributes_sha256 == Some(digest))
            })
        }),
        _ => false,
    };
    view! {
        <div class="columns">
            <section aria-label=t("Tệp chứng minh")>
                <h3>{t("Tệp chứng minh (trình duyệt này kiểm tra)")}</h3>
                {match same {
                    Some(true) => view! { <Notice tone=Tone::Good>{t("Người ký trùng người nộp hồ sơ.")}</Notice> }.into_any(),
                    Some(false) => view! { <Notice tone=Tone::Attention>{t("Người ký khác người nộp hồ sơ: cần giấy ủy quyền.")}</Notice> }.into_any(),
                    None => ().into_any(),
                }}
                {disagree.then(|| view! { <Notice tone=Tone::Bad>{t("Ghi nhận của cổng và chữ ký trong tệp không khớp nhau.")}</Notice> })}
                {match report {
                    Ok(report) => view! { <Validation report kept=checked/> }.into_any(),
                    Err(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
                }}
            </section>
            <section aria-label=t("Cổng ghi nhận")>
                <h3>{t("Cổng ghi nhận")}</h3>
                {match history {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(history) if history.events.is_empty() => view! { <p class="empty">{t("Tệp này không được ký trên cổng.")}</p> }.into_any(),
                    Ok(history) => view! {
                        <ol class="timeline">
                            {history.events.into_iter().map(|event| view! {
                                <li>
                                    <strong>{text::event(event.what)}</strong>
                                    <span>{format::moment_exact(event.at)}{(!event.actor.is_empty()).then(|| format!(" · {}", event.actor))}</span>
                                    <span class="hint">{fill("{} · tài khoản {} · chứng thư ", &[&event.provider.as_str(), &event.account])}<span class="code">{event.serial.to_string()}</span></span>
                                    {event.provider_transaction.map(|number| view! { <span class="hint">{t("Giao dịch nhà cung cấp")}" "<span class="code">{number}</span></span> })}
                                </li>
                            }).collect_view()}
                        </ol>
                    }.into_any(),
                }}
            </section>
        </div>
    }
}
