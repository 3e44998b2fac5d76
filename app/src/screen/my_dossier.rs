//! One's own dossier: status, events, files.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::reader::Reader;
use crate::part::title;
use crate::part::validation::Look;
use crate::session::session;
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::validation::Verdict;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;

/// What a PDF calls itself.
const PDF: &str = "application/pdf";

/// Saves PDF bytes under a name.
pub fn download(bytes: &[u8], name: &str) {
    if let Some(file) = blob(bytes) {
        save_blob(&file, name);
    }
}

/// Saves something the browser keeps under a name.
pub fn save_blob(file: &web_sys::Blob, name: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let address = web_sys::Url::create_object_url_with_blob(file).ok();
    if let (Some(link), Some(address)) = (link, address) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
        let _ = web_sys::Url::revoke_object_url(&address);
    }
}

/// PDF bytes for the browser to keep.
pub fn blob(bytes: &[u8]) -> Option<web_sys::Blob> {
    blob_as(bytes, PDF)
}

/// Bytes for the browser to keep, as what they are.
pub fn blob_as(bytes: &[u8], media: &str) -> Option<web_sys::Blob> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media);
    web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// The screen.
#[component]
pub fn MyDossier() -> impl IntoView {
    title("Hồ sơ");
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: RwSignal<Option<Result<Dossier, api::ApiError>>> = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(_), Some(id)) = (state.account(), id) else {
            return;
        };
        spawn_local(async move {
            let dossier = api::dossier(id).await;
            let _ = found.try_set(Some(dossier));
        });
    });
    view! {
        <div class="wrap">
            {move || match found.get() {
                None => view! { <h1>"Hồ sơ"</h1><Loading/> }.into_any(),
                Some(Err(error)) => view! { <h1>"Hồ sơ"</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(dossier)) => view! { <Whole dossier/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(dossier: Dossier) -> impl IntoView {
    let id = dossier.summary.id;
    view! {
        <p class="meta code">{dossier.summary.code.to_string()}</p>
        <h1>{dossier.summary.procedure_name}</h1>
        <p><span class="chip">{text::status(dossier.summary.status)}</span></p>
        <dl class="facts">
            <div><dt>"Ngày nộp"</dt><dd>{format::moment(dossier.summary.submitted_at)}</dd></div>
            <div><dt>"Hẹn trả"</dt><dd>{dossier.summary.due_at.map_or("Sau khi hồ sơ được tiếp nhận".to_owned(), format::moment)}</dd></div>
            <div><dt>"Phí, lệ phí tạm tính"</dt><dd>{format::money(dossier.fee_total)}</dd></div>
        </dl>
        <h2>"Thành phần hồ sơ"</h2>
        <ul class="files">
            {(300..).map(DocumentId).zip(dossier.attachments).map(|(document, file)| {
                let reading = RwSignal::new(false);
                let shown = file.manifest.file_name.to_string();
                let (attachment, name) = (file.manifest.id, file.manifest.file_name.to_string());
                let save = move |_| {
                    let name = name.clone();
                    spawn_local(async move {
                        if let Ok(bytes) = api::file(false, id, attachment).await {
                            download(&bytes, &name);
                        }
                    });
                };
                view! {
                    <li class="file-row">
                        <p class="name">{file.manifest.file_name.to_string()}<span class="hint">{file.component_name}</span></p>
                        <p><span class="chip">{text::verdict(file.verdict)}</span></p>
                        <p class="row">
                            <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                                {move || if reading.get() { "Đóng tệp" } else { "Xem" }}
                            </button>
                            <button type="button" class="button" on:click=save>"Tải về"</button>
                        </p>
                        {(file.verdict != Verdict::Unsigned).then(|| {
                            let load = move || async move { Ok(api::file(false, id, attachment).await?) };
                            view! { <Look name=file.manifest.file_name.to_string() load/> }
                        })}
                        {move || reading.get().then(|| {
                            let load = move || async move { Ok(api::file(false, id, attachment).await?) };
                            view! { <Reader document name=shown.clone() load/> }
                        })}
                    </li>
                }
            }).collect_view()}
        </ul>
        <Events events=dossier.events/>
    }
}

/// What happened to a dossier.
#[component]
pub fn Events(events: Vec<contract::dossier::DossierEvent>) -> impl IntoView {
    view! {
        <h2>"Quá trình xử lý"</h2>
        <ol class="timeline">
            {events.into_iter().map(|event| view! {
                <li>
                    <strong>{text::status(event.status)}</strong>
                    <span>{format::moment_exact(event.at)}" · "{event.actor}</span>
                    {(!event.note.is_empty()).then_some(view! { <p>{event.note}</p> })}
                </li>
            }).collect_view()}
        </ol>
    }
}
