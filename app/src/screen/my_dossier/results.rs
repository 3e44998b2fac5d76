//! The result: its files, read, saved and checked in this browser.

use super::files::{File, Place};
use crate::format;
use crate::text::{fill, t};
use contract::dossier::{Dossier, DossierStatus};
use contract::worker::DocumentId;
use leptos::prelude::*;

/// What was returned.
#[component]
pub fn Results(dossier: Dossier) -> impl IntoView {
    let id = dossier.summary.id;
    let note = dossier
        .events
        .iter()
        .rev()
        .find(|event| event.status == DossierStatus::Returned)
        .map(|event| event.note.clone())
        .filter(|note| !note.is_empty());
    let none = dossier.after.results.is_empty();
    view! {
        <section class="card results" aria-label=t("Kết quả")>
            <h2>{t("Kết quả")}</h2>
            {note.map(|note| view! { <p class="told">{note}</p> })}
            {none.then(|| view! { <p>{t("Kết quả là bản giấy. Cách nhận ghi ở trên.")}</p> })}
            <ul class="files">
                {(400..).map(DocumentId).zip(dossier.after.results).map(|(document, file)| view! {
                    <File dossier=id document place=Place::Result file=file.id name=file.file_name.to_string() below=fill("{} · trả lúc {}", &[&format::size(file.size), &format::moment(file.added_at)]) verdict=Some(file.verdict) readable=true/>
                }).collect_view()}
            </ul>
            {(!none).then(|| view! { <p class="hint">{t("Hãy tải về và giữ tệp gốc: chữ ký số chỉ còn giá trị trong tệp, không còn trong bản in.")}</p> })}
        </section>
    }
}
