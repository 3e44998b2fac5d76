//! Files of a dossier: read, saved, checked; also those that were replaced.

use super::download;
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::part::validation::Look;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::validation::Verdict;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Where a file's bytes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A file of the dossier, now or formerly.
    Attachment,
    /// A file of the result.
    Result,
}

/// The files.
#[component]
pub fn Files(dossier: Dossier) -> impl IntoView {
    let id = dossier.summary.id;
    let former = dossier.after.former;
    view! {
        <section aria-labelledby="files">
            <h2 id="files">{t("Thành phần hồ sơ")}</h2>
            <ul class="files">
                {(300..).map(DocumentId).zip(dossier.attachments).map(|(document, file)| view! {
                    <File dossier=id document place=Place::Attachment file=file.manifest.id name=file.manifest.file_name.to_string() below=file.component_name verdict=Some(file.verdict) readable=file.manifest.original_of.is_none()/>
                }).collect_view()}
            </ul>
            {(!former.is_empty()).then(|| view! {
                <details class="former">
                    <summary>{fill("Các tệp đã được thay ({})", &[&former.len()])}</summary>
                    <ul class="files">
                        {(500..).map(DocumentId).zip(former).map(|(document, file)| view! {
                            <File dossier=id document place=Place::Attachment file=file.manifest.id name=file.manifest.file_name.to_string() below=fill("Thay lúc {}", &[&format::moment(file.replaced_at)]) verdict=None readable=file.manifest.original_of.is_none()/>
                        }).collect_view()}
                    </ul>
                </details>
            })}
        </section>
    }
}

/// One file.
#[component]
pub fn File(
    dossier: Uuid,
    document: DocumentId,
    place: Place,
    file: Uuid,
    name: String,
    /// What stands below its name.
    below: String,
    /// The server's verdict at receipt, if it is to be shown.
    verdict: Option<Verdict>,
    /// Whether it is a PDF.
    readable: bool,
) -> impl IntoView {
    let reading = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let fetch = move || async move {
        match place {
            Place::Attachment => api::file(false, dossier, file).await,
            Place::Result => api::after::result(false, dossier, file).await,
        }
    };
    let (saved, shown, looked) = (name.clone(), name.clone(), name.clone());
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            match fetch().await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let save_label = fill("Tải về {}", &[&name]);
    let called = name.clone();
    // The name a screen reader says begins with the words on the button.
    let read_label = move || {
        if reading.get() {
            fill("Đóng tệp {}", &[&called])
        } else {
            fill("Xem {}", &[&called])
        }
    };
    view! {
        <li class="file-row">
            <p class="name">{name}<span class="hint">{below}</span></p>
            {verdict.map(|verdict| view! { <p><span class=if verdict == Verdict::Valid { "chip good" } else { "chip" }>{text::verdict(verdict)}</span></p> })}
            <p class="row">
                {readable.then(|| view! {
                    <button type="button" class="button" aria-label=read_label aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                        {move || if reading.get() { t("Đóng tệp") } else { t("Xem") }}
                    </button>
                })}
                <button type="button" class="button" aria-label=save_label on:click=save>{t("Tải về")}</button>
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            {(readable && verdict != Some(Verdict::Unsigned)).then(|| {
                let load = move || async move { Ok(fetch().await?) };
                view! { <Look name=looked load/> }
            })}
            {move || reading.get().then(|| {
                let load = move || async move { Ok(fetch().await?) };
                view! { <Reader document name=shown.clone() load/> }
            })}
        </li>
    }
}
