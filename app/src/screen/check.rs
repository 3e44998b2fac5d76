//! `Kiểm tra chữ ký`: any PDF, one or several, entirely in the browser and without a network too.

mod checked;

use crate::part::title;
use crate::part::validation::know_roots;
use crate::session::session;
use crate::text::{fill, n, t};
use checked::{Checked, CheckedFile, count};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, File, HtmlInputElement};

/// Most files that are checked together.
const FILES_MAX: u32 = 50;

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
    let clock = session();
    // Known before the network goes: a file is checked without it.
    spawn_local(know_roots());
    let files: RwSignal<Vec<Checked>, LocalStorage> = RwSignal::new_local(Vec::new());
    let number = StoredValue::new(0_u32);
    let over = RwSignal::new(false);
    let owner = Owner::current().unwrap_or_default();
    let take = move |list: Option<web_sys::FileList>| {
        let Some(list) = list.filter(|list| list.length() > 0) else {
            return;
        };
        let taken: Vec<Checked> = (0..list.length().min(FILES_MAX))
            .filter_map(|index| list.get(index))
            .map(|file| {
                number.update_value(|number| *number += 1);
                owner.with(|| Checked::new(file, number.get_value(), clock))
            })
            .collect();
        files.set(taken.clone());
        checked::check_all(taken);
    };
    let chosen = {
        let take = take.clone();
        move |event: web_sys::Event| {
            let input = event_target::<HtmlInputElement>(&event);
            take(input.files());
            input.set_value("");
        }
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    let several = move || files.with(|files| files.len() > 1);
    view! {
        <div class="wrap checking">
            <h1>{t("Kiểm tra chữ ký số")}</h1>
            <p class="lead">{t("Xem ai đã ký một tệp PDF, ký lúc nào và tệp có bị sửa sau khi ký không. Việc kiểm tra diễn ra trên máy của bạn, cả khi không có mạng; tệp không được gửi đi.")}</p>
            <div
                class="drop"
                class:over=move || over.get()
                on:dragover=move |event| { event.prevent_default(); over.set(true); }
                on:dragleave=move |_| over.set(false)
                on:drop=dropped
            >
                <label class="button primary" for="file">{t("Chọn tệp PDF")}</label>
                <input id="file" type="file" accept="application/pdf,.pdf" multiple class="visually-hidden" on:change=chosen/>
                <p class="hint">{t("hoặc kéo thả một hay nhiều tệp vào đây")}</p>
            </div>
            <div aria-live="polite">
                <Show when=several>
                    <p class="tally">{move || files.with(|files| tally(files))}</p>
                </Show>
            </div>
            <For each=move || files.get() key=|file| file.number let:file>
                <CheckedFile file alone=!several()/>
            </For>
        </div>
    }
}

/// How the files stand together: while they are checked, then what came out.
fn tally(files: &[Checked]) -> String {
    let count = count(files);
    if count.open > 0 {
        return fill(
            "Đang kiểm tra {}/{} tệp…",
            &[
                &(files.len() - count.open + 1).min(files.len()),
                &files.len(),
            ],
        );
    }
    let mut parts = Vec::new();
    for (number, words) in [
        (count.valid, n("{} tệp hợp lệ")),
        (count.attention, n("{} tệp cần xem")),
        (count.invalid, n("{} tệp không hợp lệ")),
        (count.unsigned, n("{} tệp không có chữ ký số")),
        (count.failed, n("{} tệp không đọc được")),
    ] {
        if number > 0 {
            parts.push(fill(words, &[&number]));
        }
    }
    fill(
        "Đã kiểm tra {} tệp: {}.",
        &[&files.len(), &parts.join(", ")],
    )
}
