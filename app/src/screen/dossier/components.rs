//! Step 2: `Thành phần hồ sơ`.

mod attached;
mod sign_all;

use super::{Open, Step};
use crate::draft::{self, DraftAttachment};
use crate::part::notice::{Notice, Tone};
use crate::screen::check::read;
use crate::text;
use attached::Attached;
use contract::dossier::{ATTACHMENT_BYTES_MAX, CopyKind};
use contract::procedure::Component;
use contract::value::{FileName, Sha256};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sign_all::SignAll;
use std::sync::Arc;
use uuid::Uuid;
use web_sys::{File, HtmlInputElement};

/// The screen.
#[component]
pub fn Components() -> impl IntoView {
    view! { <Step current=1 heading="Thành phần hồ sơ" body=Arc::new(|open| view! { <List open/> }.into_any())/> }
}

/// SHA-256 by the browser.
async fn sha256(bytes: &[u8]) -> Option<Sha256> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    let promise = subtle
        .digest_with_str_and_js_u8_array("SHA-256", &js_sys::Uint8Array::from(bytes))
        .ok()?;
    let digest = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
    js_sys::Uint8Array::new(&digest)
        .to_vec()
        .try_into()
        .ok()
        .map(Sha256)
}

/// Checks a chosen file by its content and keeps it; the sentence when it cannot be taken.
async fn take(open: Open, component: String, file: File) -> Result<(), String> {
    let name = file.name();
    #[allow(clippy::cast_precision_loss)] // 50 MB
    if file.size() > ATTACHMENT_BYTES_MAX as f64 {
        return Err(format!(
            "“{name}” lớn hơn 50 MB. Vui lòng giảm dung lượng tệp rồi chọn lại."
        ));
    }
    let bytes = read(&file)
        .await
        .ok_or_else(|| format!("Không đọc được “{name}”. Vui lòng chọn lại."))?;
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if !head.windows(5).any(|window| window == b"%PDF-") {
        return Err(format!(
            "“{name}” không phải là PDF. Hiện chỉ nhận và ký được PDF: nếu là DOC, DOCX hoặc ảnh, vui lòng lưu sang PDF rồi chọn lại."
        ));
    }
    let file_name: FileName = name.parse().map_err(|_| {
        format!("Tên tệp “{name}” không dùng được. Vui lòng đổi tên tệp rồi chọn lại.")
    })?;
    let digest = sha256(&bytes)
        .await
        .ok_or("Trình duyệt không tính được mã băm của tệp.")?;
    let id = Uuid::new_v4();
    draft::put_bytes(id, &bytes)
        .await
        .map_err(|error| text::draft(error).to_owned())?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    open.change(move |draft| {
        draft.attachments.push(DraftAttachment {
            id,
            component,
            copy_kind: CopyKind::Original,
            count: 1,
            file_name,
            size,
            sha256: digest,
            signings: Vec::new(),
            waiting: None,
        });
    });
    open.save().await;
    Ok(())
}

#[component]
fn List(open: Open) -> impl IntoView {
    let navigate = use_navigate();
    let missing: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let components = open
        .draft
        .with_untracked(|draft| draft.procedure.components.clone());
    let required = StoredValue::new(components.clone());
    let next = move |_| {
        let wanting: Vec<String> = open.draft.with_untracked(|draft| {
            required.with_value(|components| {
                components
                    .iter()
                    .filter_map(|component| {
                        let mut files = draft
                            .attachments
                            .iter()
                            .filter(|file| file.component == component.code)
                            .peekable();
                        let none = files.peek().is_none();
                        if none && component.required {
                            Some(format!("{}: chưa có tệp.", component.name))
                        } else if component.signature_required
                            && files.any(|file| file.signings.is_empty())
                        {
                            Some(format!("{}: chưa ký số.", component.name))
                        } else {
                            None
                        }
                    })
                    .collect()
            })
        });
        let good = wanting.is_empty();
        missing.set(wanting);
        if good {
            let id = open.draft.with_untracked(|draft| draft.id);
            navigate(
                &format!("/ho-so/{id}/phi"),
                leptos_router::NavigateOptions::default(),
            );
        } else {
            crate::part::focus("missing");
        }
    };
    let id = open.draft.with_untracked(|draft| draft.id);
    view! {
        <Show when=move || !missing.get().is_empty()>
            <div class="notice bad" role="alert" id="missing" tabindex="-1">
                <h2>"Hồ sơ chưa đủ"</h2>
                <ul>{move || missing.get().into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
            </div>
        </Show>
        {components.into_iter().map(|component| view! { <One open component/> }).collect_view()}
        <SignAll open/>
        <div class="row between">
            <A href=format!("/ho-so/{id}/thong-tin") attr:class="button">"Quay lại"</A>
            <button type="button" class="button primary" on:click=next>"Tiếp tục"</button>
        </div>
    }
}

#[component]
fn One(open: Open, component: Component) -> impl IntoView {
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let (code, input) = (component.code.clone(), format!("file-{}", component.code));
    let own = component.code.clone();
    let files = Memo::new(move |_| {
        open.draft.with(|draft| {
            draft
                .attachments
                .iter()
                .filter(|file| file.component == own)
                .map(|file| file.id)
                .collect::<Vec<_>>()
        })
    });
    let add = move |file: File| {
        let code = code.clone();
        trouble.set(None);
        spawn_local(async move {
            if let Err(sentence) = take(open, code, file).await {
                let _ = trouble.try_set(Some(sentence));
            }
        });
    };
    let dropped = {
        let add = add.clone();
        move |event: web_sys::DragEvent| {
            event.prevent_default();
            let files = event.data_transfer().and_then(|data| data.files());
            for position in 0..files.as_ref().map_or(0, web_sys::FileList::length) {
                if let Some(file) = files.as_ref().and_then(|files| files.get(position)) {
                    add(file);
                }
            }
        }
    };
    let chosen = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = input.files();
        for position in 0..files.as_ref().map_or(0, web_sys::FileList::length) {
            if let Some(file) = files.as_ref().and_then(|files| files.get(position)) {
                add(file);
            }
        }
        input.set_value("");
    };
    let label = component.name.clone();
    view! {
        <section class="card component" aria-label=label on:dragover=|event| event.prevent_default() on:drop=dropped>
            <h2>
                {component.name}
                {component.required.then(|| view! { <span class="star">" *"</span> })}
            </h2>
            <p class="hint">
                {format!("Bản chính: {} · Bản sao: {}. ", component.originals, component.copies)}
                {component.note}
                {component.signature_required.then_some(" Thành phần này cần ký số trước khi nộp.")}
            </p>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <ul class="files">
                <For each=move || files.get() key=|id| *id children=move |id| view! { <Attached open id/> }/>
            </ul>
            <div class="pick">
                <label class="button" for=input.clone()>"Chọn tệp tin"</label>
                <input id=input type="file" accept="application/pdf,.pdf" multiple class="visually-hidden" on:change=chosen/>
                <span class="hint">"PDF, tối đa 50 MB mỗi tệp; có thể kéo thả vào đây."</span>
            </div>
        </section>
    }
}
