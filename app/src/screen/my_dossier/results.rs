//! The result: its files, read, saved and checked in this browser.

use super::files::{File, Place};
use crate::part::notice::{Notice, Tone};
use crate::screen::dossier::components::sha256;
use crate::screen::kept::shelf;
use crate::screen::officer::result_signing::Signed;
use crate::session::session;
use crate::signing::Trouble;
use crate::text::t;
use crate::{api, format};
use contract::dossier::{Dossier, DossierStatus};
use contract::kept::KeepFile;
use contract::life::ResultFile;
use contract::problem::ProblemCode;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

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
    let kept = dossier.after.results.clone();
    let hands: Vec<_> = dossier
        .after
        .results
        .iter()
        .map(|file| file.hands.clone())
        .collect();
    view! {
        <section class="card returned" aria-label=t("Kết quả")>
            <h2>{t("Kết quả")}</h2>
            {note.map(|note| view! { <p class="words-of">{note}</p> })}
            {none.then(|| view! { <p>{t("Kết quả là bản giấy. Cách nhận ghi ở trên.")}</p> })}
            <ul class="files">
                {(400..).map(DocumentId).zip(dossier.after.results).map(|(document, file)| view! {
                    <File dossier=id document place=Place::Result file=file.id name=file.file_name.to_string() below=format::size(file.size) verdict=Some(file.verdict) readable=true/>
                }).collect_view()}
            </ul>
            {hands.into_iter().map(|hands| view! { <Signed hands/> }).collect_view()}
            {(!none).then(|| view! { <Keep dossier=id files=kept/> })}
            {(!none).then(|| view! { <p class="hint">{t("Hãy tải về và giữ tệp gốc: chữ ký số chỉ còn giá trị trong tệp, không còn trong bản in.")}</p> })}
        </section>
    }
}

/// Keeps files of a result in the personal document store.
async fn keep(account: Uuid, dossier: Uuid, files: Vec<ResultFile>) -> Result<(), Trouble> {
    for file in files {
        let bytes = api::after::result(false, dossier, file.id).await?;
        let digest = sha256(&bytes)
            .await
            .ok_or_else(|| api::ApiError::from(ProblemCode::Internal))?;
        let wanted = KeepFile {
            file_name: file.file_name,
            size: file.size,
            expires_on: None,
            signings: Vec::new(),
            signed_as: None,
        };
        shelf::keep(account, &digest, &wanted, &bytes, &|_| {}).await?;
    }
    Ok(())
}

/// `Lưu kết quả vào kho dữ liệu cá nhân`.
#[component]
fn Keep(dossier: Uuid, files: Vec<ResultFile>) -> impl IntoView {
    let state = session();
    let kept: RwSignal<Option<Result<(), String>>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let save = move |_| {
        let Some(account) = state.account_now() else {
            return;
        };
        let files = files.clone();
        busy.set(true);
        spawn_local(async move {
            let done = keep(account.id, dossier, files)
                .await
                .map_err(|trouble| trouble.sentence());
            let _ = kept.try_set(Some(done));
            let _ = busy.try_set(false);
        });
    };
    view! {
        <p><button type="button" class="button" aria-busy=move || busy.get().to_string() disabled=move || busy.get() on:click=save>{t("Lưu kết quả vào kho dữ liệu cá nhân")}</button></p>
        {move || kept.get().map(|done| match done {
            Ok(()) => view! { <Notice tone=Tone::Good>{t("Đã lưu.")}" "<A href="/kho-du-lieu">{t("Mở kho dữ liệu cá nhân")}</A></Notice> }.into_any(),
            Err(sentence) => view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any(),
        })}
    }
}
