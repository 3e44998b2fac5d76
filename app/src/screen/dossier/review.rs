//! Step 4: `Nộp hồ sơ`: look it over, declare, submit, receipt.

use super::{Open, Step};
use crate::draft::{self, Draft};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::signing::Trouble;
use crate::{api, format};
use contract::dossier::{AttachmentManifest, DossierManifest, Receipt};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use std::sync::Arc;

/// The screen.
#[component]
pub fn Review() -> impl IntoView {
    view! { <Step current=3 heading="Nộp hồ sơ" body=Arc::new(|open| view! { <Answers open/> }.into_any())/> }
}

fn manifest(draft: &Draft) -> DossierManifest {
    DossierManifest {
        procedure: draft.procedure.summary.code.clone(),
        form: draft.form.clone(),
        attachments: draft
            .attachments
            .iter()
            .map(|file| AttachmentManifest {
                id: file.id,
                component: file.component.clone(),
                copy_kind: file.copy_kind,
                count: file.count,
                file_name: file.file_name.clone(),
                size: file.size,
                sha256: file.sha256,
                signings: file.signings.clone(),
            })
            .collect(),
        payment: draft.payment,
        declared: draft.declared,
    }
}

/// Announces, sends what is missing, submits. Every step may be repeated.
async fn submit(draft: &Draft, progress: RwSignal<String>) -> Result<Receipt, Trouble> {
    let _ = progress.try_set("Đang gửi thông tin hồ sơ…".into());
    let missing = api::announce(draft.id, &manifest(draft)).await?.missing;
    let total = missing.len();
    for (position, id) in missing.into_iter().enumerate() {
        let _ = progress.try_set(format!("Đang gửi tệp {}/{total}…", position + 1));
        let bytes = draft::attachment_bytes(id).await?;
        api::upload(draft.id, id, &bytes).await?;
    }
    let _ = progress.try_set("Đang nộp hồ sơ…".into());
    let receipt = api::submit(draft.id).await?;
    // The portal has everything now: the draft has done its work.
    let _ = draft::delete(draft.account, draft.id).await;
    Ok(receipt)
}

#[component]
fn Answers(open: Open) -> impl IntoView {
    let draft = open.draft.get_untracked();
    let id = draft.id;
    let busy = RwSignal::new(false);
    let progress = RwSignal::new(String::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let receipt: RwSignal<Option<Receipt>> = RwSignal::new(None);
    let send = move |_| {
        if !open.draft.with_untracked(|draft| draft.declared) {
            trouble.set(Some(
                "Vui lòng đánh dấu vào lời cam đoan trước khi nộp.".into(),
            ));
            focus("declare");
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            open.save().await;
            let draft = open.draft.get_untracked();
            let outcome = submit(&draft, progress).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(received) => {
                    let _ = receipt.try_set(Some(received));
                    focus("receipt");
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error.sentence()));
                }
            }
        });
    };
    let person = draft.form.applicant.clone();
    let lines = [
        ("Họ và tên", person.name),
        ("Số CMND/CCCD", person.citizen_id),
        ("Số điện thoại", person.phone),
        (
            "Địa chỉ",
            format!("{}, {}, {}", person.address, person.ward, person.province),
        ),
        ("Nội dung", person.content),
    ];
    let own: Vec<(String, String)> = draft
        .procedure
        .fields
        .iter()
        .filter_map(|field| {
            let answer = draft
                .form
                .detail
                .get(&field.key)
                .filter(|answer| !answer.is_empty())?;
            Some((field.label.clone(), format::date(answer)))
        })
        .collect();
    let files: Vec<_> = draft
        .attachments
        .iter()
        .map(|file| (file.file_name.to_string(), !file.signings.is_empty()))
        .collect();
    view! {
        <Show when=move || receipt.get().is_none()>
            <section class="card">
                <h2>"Thông tin hồ sơ"<A href=format!("/ho-so/{id}/thong-tin") attr:class="edit">"Sửa"</A></h2>
                <dl class="facts">
                    {lines.clone().into_iter().map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect_view()}
                    {own.clone().into_iter().map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect_view()}
                </dl>
            </section>
            <section class="card">
                <h2>"Thành phần hồ sơ"<A href=format!("/ho-so/{id}/thanh-phan") attr:class="edit">"Sửa"</A></h2>
                <ul>
                    {files.clone().into_iter().map(|(name, signed)| view! {
                        <li>{name}" "{if signed { view! { <span class="chip good">"Đã ký số"</span> } } else { view! { <span class="chip">"Không ký"</span> } }}</li>
                    }).collect_view()}
                </ul>
            </section>
            <section class="card">
                <h2>"Phí, lệ phí"<A href=format!("/ho-so/{id}/phi") attr:class="edit">"Sửa"</A></h2>
                <p>{move || super::fees::payment(open.draft.with(|draft| draft.payment))}</p>
            </section>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <label class="choice">
                <input id="declare" type="checkbox" prop:checked=move || open.draft.with(|draft| draft.declared)
                    on:change=move |event| { let ticked = event_target_checked(&event); open.change(move |draft| draft.declared = ticked) }/>
                "Tôi cam đoan nội dung hồ sơ là đúng sự thật và chịu trách nhiệm trước pháp luật."
            </label>
            <p role="status">{move || if busy.get() { progress.get() } else { String::new() }}</p>
            <div class="row between">
                <A href=format!("/ho-so/{id}/phi") attr:class="button">"Quay lại"</A>
                <button type="button" class="button primary" disabled=move || busy.get() on:click=send>"Nộp hồ sơ"</button>
            </div>
        </Show>
        {move || receipt.get().map(|receipt| view! { <Received receipt/> })}
    }
}

#[component]
fn Received(receipt: Receipt) -> impl IntoView {
    view! {
        <section class="receipt" id="receipt" tabindex="-1" aria-label="Biên nhận">
            <h2>"Đã nộp hồ sơ"</h2>
            <p class="big code">{receipt.code.to_string()}</p>
            <dl class="facts">
                <div><dt>"Thủ tục"</dt><dd>{receipt.procedure_name}</dd></div>
                <div><dt>"Người nộp"</dt><dd>{receipt.applicant}</dd></div>
                <div><dt>"Cơ quan nhận"</dt><dd>{receipt.agency}</dd></div>
                <div><dt>"Thời điểm nộp"</dt><dd>{format::moment_exact(receipt.submitted_at)}</dd></div>
                <div><dt>"Số tệp"</dt><dd>{receipt.files}</dd></div>
                <div><dt>"Phí, lệ phí tạm tính"</dt><dd>{format::money(receipt.fee_total)}</dd></div>
            </dl>
            <p>"Bộ phận một cửa sẽ kiểm tra và thông báo tiếp nhận. Hãy giữ mã hồ sơ để tra cứu."</p>
            <p class="row no-print">
                <button type="button" class="button" on:click=move |_| { let _ = window().print(); }>"In biên nhận"</button>
                <A href="/quan-ly-ho-so" attr:class="button primary">"Quản lý hồ sơ"</A>
            </p>
        </section>
    }
}
