//! `Kiểm tra chữ ký`: any PDF, entirely in the browser.

use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::part::title;
use crate::part::validation::{Validation, validate};
use crate::session::session;
use crate::signing::Trouble;
use crate::text::t;
use contract::validation::ValidationReport;
use contract::worker::{DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, File, HtmlInputElement};

/// Names of documents on this screen, away from those of others.
const FIRST: u32 = 500;

/// Bytes of a chosen file.
pub async fn read(file: &File) -> Option<Vec<u8>> {
    bytes_of(file).await
}

/// Bytes of something the browser keeps.
pub async fn bytes_of(file: &Blob) -> Option<Vec<u8>> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer())
        .await
        .ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// The screen.
#[component]
pub fn Check() -> impl IntoView {
    title(t("Kiểm tra chữ ký"));
    let state = session();
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let result: RwSignal<Option<Result<ValidationReport, Trouble>>> = RwSignal::new(None);
    let checked = StoredValue::new_local(None);
    // Each file is a document of its own.
    let (number, kept) = (RwSignal::new(0_u32), StoredValue::new_local(None::<File>));
    let take = move |file: File| {
        name.set(file.name());
        kept.set_value(Some(file.clone()));
        number.update(|number| *number += 1);
        busy.set(true);
        result.set(None);
        spawn_local(async move {
            let found = match read(&file).await {
                Some(bytes) => validate(file.name(), bytes, state.now()).await,
                None => Err(WorkerProblem::Damaged.into()),
            };
            let found = found.map(|(report, file)| {
                let _ = checked.try_set_value(Some(file));
                report
            });
            let _ = result.try_set(Some(found));
            let _ = busy.try_set(false);
        });
    };
    let chosen = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take(file);
        }
        input.set_value("");
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        if let Some(file) = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.get(0))
        {
            take(file);
        }
    };
    view! {
        <div class="wrap">
            <h1>{t("Kiểm tra chữ ký số")}</h1>
            <p>{t("Chọn một tệp PDF đã ký. Việc kiểm tra diễn ra trên máy của bạn; tệp không được gửi đi.")}</p>
            <div class="drop" on:dragover=|event| event.prevent_default() on:drop=dropped>
                <label class="button primary" for="file">{t("Chọn tệp PDF")}</label>
                <input id="file" type="file" accept="application/pdf,.pdf" class="visually-hidden" on:change=chosen/>
                <p class="hint">{t("hoặc kéo thả tệp vào đây")}</p>
            </div>
            <div aria-live="polite">
                <Show when=move || !name.get().is_empty()><p class="file">{move || name.get()}</p></Show>
                <Show when=move || busy.get()><p>{t("Đang kiểm tra…")}</p></Show>
                {move || result.get().map(|result| match result {
                    Ok(report) => view! { <Validation report kept=checked/> }.into_any(),
                    Err(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
                })}
            </div>
            {move || {
                let document = DocumentId(FIRST + number.get());
                let file = kept.get_value()?;
                let load = move || async move { read(&file).await.ok_or(WorkerProblem::Damaged.into()) };
                Some(view! {
                    <h2>{t("Nội dung tệp")}</h2>
                    <Reader document name=name.get_untracked() load/>
                })
            }}
        </div>
    }
}
