//! One file of a dossier on the officer's desk: read beside its facts, saved, and its signing history.

use super::checks::Checks;
use super::timeline::{SeeHistory, SigningHistory};
use super::versions::Versions;
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::screen::my_dossier::download;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Attachment;
use contract::history::PaperKind;
use contract::life::FormerFile;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn File(
    checks: Checks,
    /// The engine's name for it.
    document: DocumentId,
    file: Attachment,
    /// Files of its component that were replaced.
    former: Vec<FormerFile>,
    applicant: String,
    code: String,
) -> impl IntoView {
    let dossier = checks.dossier;
    let id = file.manifest.id;
    let is_original = file.manifest.original_of.is_some();
    let reading = RwSignal::new(false);
    let looking = RwSignal::new(false);
    let load = move || async move { Ok(api::file(true, dossier, id).await?) };
    let name = file.manifest.file_name.to_string();
    let (saved, label, shown, told) = (name.clone(), name.clone(), name.clone(), name.clone());
    let earlier = name.clone();
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
        <section class="card file-card" class:reading=move || reading.get() id=format!("tep-{id}") tabindex="-1" aria-label=label>
            <div class="file-facts">
                <h2>{file.component_name}</h2>
                <p class="name">{name}<span class="hint">{format::size(file.manifest.size)}</span></p>
                <p><span class="chip">{if is_original { t("Tệp Word gốc của bản PDF: không ký").to_owned() } else { fill("Máy chủ kiểm tra khi nhận: {}", &[&text::verdict(file.verdict)]) }}</span></p>
                <p class="row">
                    {(!is_original).then(|| view! {
                        <SeeHistory looking/>
                        <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                            {move || if reading.get() { t("Đóng tệp") } else { t("Xem tệp") }}
                        </button>
                    })}
                    <button type="button" class="button" on:click=save>{t("Tải về")}</button>
                </p>
                {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
                {move || looking.get().then(|| view! {
                    <SigningHistory checks file=id name=told.clone() kind=PaperKind::Component applicant=Some(applicant.clone()) code=code.clone()/>
                })}
                {(!is_original).then(|| view! { <Versions dossier current=(id, earlier) former/> })}
            </div>
            <Show when=move || reading.get()><div class="file-view"><Reader document name=shown.clone() load/></div></Show>
        </section>
    }
}
