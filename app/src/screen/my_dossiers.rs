//! `Quản lý hồ sơ`: drafts on this device, and what was submitted.

use crate::draft::{self, Draft};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::{api, format, text};
use contract::dossier::DossierSummary;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn MyDossiers() -> impl IntoView {
    title("Quản lý hồ sơ");
    let state = session();
    let drafts: RwSignal<Vec<Draft>> = RwSignal::new(Vec::new());
    let submitted: RwSignal<Option<Result<Vec<DossierSummary>, api::ApiError>>> =
        RwSignal::new(None);
    Effect::new(move |_| {
        let Some(account) = state.account() else {
            return;
        };
        spawn_local(async move {
            let _ = drafts.try_set(draft::list(account.id).await.unwrap_or_default());
            let list = api::dossiers().await;
            let _ = submitted.try_set(Some(list));
        });
    });
    let delete = move |id: uuid::Uuid| {
        let Some(account) = state.account_now() else {
            return;
        };
        spawn_local(async move {
            if draft::delete(account.id, id).await.is_ok() {
                let _ = drafts.try_update(|drafts| drafts.retain(|draft| draft.id != id));
            }
        });
    };
    view! {
        <div class="wrap">
            <h1>"Quản lý hồ sơ"</h1>
            <Show when=move || state.who.get() == Who::Nobody><super::dossier::SignInFirst/></Show>
            <Show when=move || !drafts.get().is_empty()>
                <section>
                    <h2>"Bản nháp trên thiết bị này"</h2>
                    <ul class="cards">
                        {move || drafts.get().into_iter().map(|draft| {
                            let id = draft.id;
                            view! {
                                <li class="card">
                                    <h3>{draft.procedure.summary.name}</h3>
                                    <p class="meta">{format!("Sửa lần cuối {} · {} tệp", format::moment(draft.updated_at), draft.attachments.len())}</p>
                                    <p class="row">
                                        <A href=format!("/ho-so/{id}/thong-tin") attr:class="button primary">"Tiếp tục"</A>
                                        <button type="button" class="button" on:click=move |_| delete(id)>"Xóa bản nháp"</button>
                                    </p>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                </section>
            </Show>
            <section>
                <h2>"Hồ sơ đã nộp"</h2>
                {move || match submitted.get() {
                    None => view! { <Loading/> }.into_any(),
                    Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Some(Ok(list)) if list.is_empty() => view! { <p class="empty">"Bạn chưa nộp hồ sơ nào. "<A href="/thu-tuc">"Chọn thủ tục"</A></p> }.into_any(),
                    Some(Ok(list)) => view! {
                        <ul class="cards">
                            {list.into_iter().map(|line| view! {
                                <li class="card">
                                    <h3><A href=format!("/quan-ly-ho-so/{}", line.id)>{line.procedure_name}</A></h3>
                                    <p class="meta code">{line.code.to_string()}</p>
                                    <p><span class="chip">{text::status(line.status)}</span>" "{format!("Nộp {} · {} tệp, {} đã ký số", format::moment(line.submitted_at), line.files, line.signed_files)}</p>
                                </li>
                            }).collect_view()}
                        </ul>
                    }.into_any(),
                }}
            </section>
        </div>
    }
}
