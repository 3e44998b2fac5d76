//! A file or an archive is read in: what came of each file.

use super::{Faults, kind_name};
use crate::part::notice::{Notice, Tone};
use crate::text::{n, t};
use crate::{api, text};
use contract::edition::{ImportLine, Imported};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Chooses the file and tells.
#[component]
pub fn Import(#[prop(into)] done: Callback<()>) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let lines: RwSignal<Option<api::Answer<Vec<ImportLine>>>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let read = move |_| {
        let Some(input) = node.get_untracked() else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // The same file may be chosen again after it was corrected.
        input.set_value("");
        busy.set(true);
        spawn_local(async move {
            let answer = api::admin::import(&file.name(), &file).await;
            let _ = busy.try_set(false);
            if answer.is_ok() {
                let _ = done.try_run(());
            }
            let _ = lines.try_set(Some(answer));
        });
    };
    view! {
        <p>{t("Một tệp TOML, hoặc tệp ZIP như khi xuất danh mục. Văn bản khác bản đang áp dụng thành bản nháp; chưa có gì được ban hành.")}</p>
        <div class="field">
            <label for="import-file">{t("Tệp để nhập")}</label>
            <input id="import-file" type="file" accept=".toml,.zip" node_ref=node on:change=read aria-busy=move || busy.get().to_string()/>
        </div>
        {move || busy.get().then(|| view! { <p role="status">{t("Đang đọc tệp…")}</p> })}
        {move || match lines.get() {
            None => ().into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(list)) => told(list).into_any(),
        }}
    }
}

fn told(list: Vec<ImportLine>) -> impl IntoView {
    let count = |is: fn(&Imported) -> bool| list.iter().filter(|line| is(&line.result)).count();
    let same = count(|result| *result == Imported::Same);
    let sentence = crate::text::fill(
        "{} bản nháp mới, {} văn bản giống bản đang áp dụng, {} tệp khác.",
        &[
            &count(|result| matches!(result, Imported::Draft(_))),
            &same,
            &count(|result| !matches!(result, Imported::Draft(_) | Imported::Same)),
        ],
    );
    view! {
        <Notice tone=Tone::Info>{sentence}</Notice>
        <ul class="plain imported">
            {list.into_iter().filter(|line| line.result != Imported::Same).map(|line| {
                let name = line.document.as_ref().map(|(kind, code)| format!("{} {}", t(kind_name(*kind)), code.trim_matches('-')));
                let (result, faults) = match line.result {
                    Imported::Same => (n("Giống bản đang áp dụng"), Vec::new()),
                    Imported::Draft(_) => (n("Đã thành bản nháp"), Vec::new()),
                    Imported::Taken => (n("Đã có bản nháp khác; giữ nguyên bản nháp đó"), Vec::new()),
                    Imported::Unknown => (n("Không phải văn bản của danh mục"), Vec::new()),
                    Imported::Wrong(faults) => (n("Có lỗi, không nhập"), faults),
                };
                view! {
                    <li>
                        <span class="code">{line.file}</span>" · "{name}" · "<strong>{t(result)}</strong>
                        {(!faults.is_empty()).then(|| view! { <Faults list=faults/> })}
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}
