//! One dossier on the officer's desk: information, components with their signatures, decision.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::reader::Reader;
use crate::part::title;
use crate::part::validation::{KeptFile, Validation, validate};
use crate::screen::my_dossier::{Events, download};
use crate::session::session;
use crate::signing::Trouble;
use crate::{api, format, text};
use contract::dossier::{Attachment, Decide, Decision, Dossier, DossierStatus, SigningHistory};
use contract::validation::ValidationReport;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Information,
    Components,
    History,
}

/// The screen.
#[component]
pub fn OfficerDossier() -> impl IntoView {
    title("Hồ sơ");
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: RwSignal<Option<Result<Dossier, api::ApiError>>> = RwSignal::new(None);
    Effect::new(move |_| {
        let (true, Some(id)) = (state.is_officer(), id) else {
            return;
        };
        spawn_local(async move {
            let dossier = api::officer_dossier(id).await;
            let _ = found.try_set(Some(dossier));
        });
    });
    view! {
        <div class="wrap">
            <p><A href="/can-bo">"‹ Hộp hồ sơ"</A></p>
            {move || match found.get() {
                None => view! { <h1>"Hồ sơ"</h1><Loading/> }.into_any(),
                Some(Err(error)) => view! { <h1>"Hồ sơ"</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(dossier)) => view! { <Whole dossier found/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(
    dossier: Dossier,
    found: RwSignal<Option<Result<Dossier, api::ApiError>>>,
) -> impl IntoView {
    let tab = RwSignal::new(Tab::Information);
    let stored = StoredValue::new(dossier.clone());
    view! {
        <p class="meta code">{dossier.summary.code.to_string()}</p>
        <h1>{dossier.summary.procedure_name.clone()}</h1>
        <p><span class="chip">{text::status(dossier.summary.status)}</span>" "{dossier.summary.applicant.clone()}" · nộp "{format::moment(dossier.summary.submitted_at)}</p>
        {(dossier.summary.status == DossierStatus::New).then(|| view! { <Reception dossier=dossier.clone() found/> })}
        {dossier.summary.due_at.map(|due| view! { <p>"Hẹn trả: "<strong>{format::moment(due)}</strong></p> })}
        <div class="tabs" role="group" aria-label="Nội dung hồ sơ">
            {[(Tab::Information, "Thông tin hồ sơ"), (Tab::Components, "Thành phần hồ sơ"), (Tab::History, "Lịch sử")].into_iter().map(|(this, label)| view! {
                <button type="button" aria-pressed=move || (tab.get() == this).to_string() on:click=move |_| tab.set(this)>{label}</button>
            }).collect_view()}
        </div>
        {move || {
            let dossier = stored.get_value();
            match tab.get() {
                Tab::Information => view! { <Facts dossier/> }.into_any(),
                Tab::Components => {
                    let (id, applicant) = (dossier.summary.id, dossier.form.applicant.citizen_id.clone());
                    // Numbers away from the signing screen's own document.
                    (100..).map(DocumentId).zip(dossier.attachments)
                        .map(|(document, file)| view! { <File dossier=id document file applicant=applicant.clone()/> })
                        .collect_view()
                        .into_any()
                }
                Tab::History => view! { <Events events=dossier.events/> }.into_any(),
            }
        }}
    }
}

#[component]
fn Facts(dossier: Dossier) -> impl IntoView {
    let person = dossier.form.applicant;
    let mut lines = vec![
        ("Họ và tên".to_owned(), person.name),
        ("Số CMND/CCCD".to_owned(), person.citizen_id),
        ("Ngày sinh".to_owned(), format::date(&person.born_on)),
        ("Số điện thoại".to_owned(), person.phone),
        ("Email".to_owned(), person.email),
        (
            "Địa chỉ".to_owned(),
            format!("{}, {}, {}", person.address, person.ward, person.province),
        ),
        ("Nội dung".to_owned(), person.content),
        ("Ghi chú".to_owned(), person.note),
    ];
    for field in &dossier.definition.fields {
        if let Some(answer) = dossier.form.detail.get(&field.key) {
            lines.push((field.label.clone(), format::date(answer)));
        }
    }
    lines.push((
        "Phí, lệ phí".to_owned(),
        format!(
            "{} · {}",
            format::money(dossier.fee_total),
            crate::screen::dossier::fees::payment(dossier.payment)
        ),
    ));
    view! {
        <dl class="facts">
            {lines.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect_view()}
        </dl>
    }
}

#[component]
fn Reception(
    dossier: Dossier,
    found: RwSignal<Option<Result<Dossier, api::ApiError>>>,
) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let (id, version) = (dossier.summary.id, dossier.version);
    let decide = move |decision: Decision| {
        if decision == Decision::Refuse && note.get_untracked().trim().is_empty() {
            trouble.set(Some(
                "Vui lòng ghi lý do không tiếp nhận để công dân biết cần làm gì.".into(),
            ));
            return;
        }
        let body = Decide {
            decision,
            note: note.get_untracked(),
            version,
        };
        spawn_local(async move {
            match api::decide(id, &body).await {
                Ok(newest) => {
                    let _ = found.try_set(Some(Ok(newest)));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <section class="card" aria-label="Tiếp nhận">
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="field">
                <label for="note">"Ghi chú hoặc lý do"</label>
                <textarea id="note" rows="2" prop:value=move || note.get() on:input=move |event| note.set(event_target_value(&event))></textarea>
            </div>
            <p class="row">
                <button type="button" class="button primary" on:click=move |_| decide(Decision::Receive)>"Tiếp nhận"</button>
                <button type="button" class="button" on:click=move |_| decide(Decision::Refuse)>"Không tiếp nhận"</button>
            </p>
        </section>
    }
}

/// What the officer's own browser found, and what the portal recorded.
type Evidence = (
    Result<ValidationReport, Trouble>,
    Result<SigningHistory, api::ApiError>,
);

#[component]
fn File(
    dossier: Uuid,
    /// The engine's name for it.
    document: DocumentId,
    file: Attachment,
    applicant: String,
) -> impl IntoView {
    let state = session();
    let id = file.manifest.id;
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
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            if let Ok(bytes) = api::file(true, dossier, id).await {
                download(&bytes, &name);
            }
        });
    };
    view! {
        <section class="card" aria-label=label>
            <h2>{file.component_name}</h2>
            <p class="name">{name}<span class="hint">{format::size(file.manifest.size)}</span></p>
            <p><span class="chip">{format!("Máy chủ kiểm tra khi nhận: {}", text::verdict(file.verdict))}</span></p>
            <p class="row">
                <button type="button" class="button" disabled=move || busy.get() on:click=look>"Xem lịch sử ký số"</button>
                <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                    {move || if reading.get() { "Đóng tệp" } else { "Xem tệp" }}
                </button>
                <button type="button" class="button" on:click=save>"Tải về"</button>
            </p>
            <Show when=move || reading.get()><Reader document name=shown.clone() load/></Show>
            <Show when=move || busy.get()><p role="status">"Trình duyệt đang kiểm tra tệp…"</p></Show>
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
            <section aria-label="Tệp chứng minh">
                <h3>"Tệp chứng minh (trình duyệt này kiểm tra)"</h3>
                {match same {
                    Some(true) => view! { <Notice tone=Tone::Good>"Người ký trùng người nộp hồ sơ."</Notice> }.into_any(),
                    Some(false) => view! { <Notice tone=Tone::Attention>"Người ký khác người nộp hồ sơ: cần giấy ủy quyền."</Notice> }.into_any(),
                    None => ().into_any(),
                }}
                {disagree.then(|| view! { <Notice tone=Tone::Bad>"Ghi nhận của cổng và chữ ký trong tệp không khớp nhau."</Notice> })}
                {match report {
                    Ok(report) => view! { <Validation report kept=checked/> }.into_any(),
                    Err(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
                }}
            </section>
            <section aria-label="Cổng ghi nhận">
                <h3>"Cổng ghi nhận"</h3>
                {match history {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(history) if history.events.is_empty() => view! { <p class="empty">"Tệp này không được ký trên cổng."</p> }.into_any(),
                    Ok(history) => view! {
                        <ol class="timeline">
                            {history.events.into_iter().map(|event| view! {
                                <li>
                                    <strong>{text::event(event.what)}</strong>
                                    <span>{format::moment_exact(event.at)}{(!event.actor.is_empty()).then(|| format!(" · {}", event.actor))}</span>
                                    <span class="hint">{format!("{} · tài khoản {} · chứng thư ", event.provider.as_str(), event.account)}<span class="code">{event.serial.to_string()}</span></span>
                                    {event.provider_transaction.map(|number| view! { <span class="hint">"Giao dịch nhà cung cấp "<span class="code">{number}</span></span> })}
                                </li>
                            }).collect_view()}
                        </ol>
                    }.into_any(),
                }}
            </section>
        </div>
    }
}
