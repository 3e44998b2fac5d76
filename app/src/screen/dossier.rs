//! The four steps of a dossier.

pub mod begin;
pub mod components;
pub mod fees;
pub mod information;
mod merge;
mod open;
pub mod received;
pub mod review;
pub mod sending;

use crate::draft::{self, Draft, DraftError};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::stepper::Stepper;
use crate::part::{keep_focus, title};
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_params_map};
use std::sync::Arc;
use uuid::Uuid;

pub use open::Open;

/// What a step shows once the draft is there.
pub type Body = Arc<dyn Fn(Open) -> AnyView + Send + Sync>;

/// Loads the draft of the address and shows a step of it.
#[component]
pub fn Step(current: usize, heading: &'static str, body: Body) -> impl IntoView {
    let heading = t(heading);
    title(heading);
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("draft").and_then(|text| text.parse::<Uuid>().ok()));
    let found: RwSignal<Option<Result<Draft, DraftError>>> = RwSignal::new(None);
    let renewed = RwSignal::new(false);
    let shown: StoredValue<Option<Open>> = StoredValue::new(None);
    Effect::new(move |_| {
        let (Some(account), Some(id)) = (state.account(), id) else {
            return;
        };
        spawn_local(async move {
            let draft = draft::load(account.id, id).await;
            let _ = found.try_set(Some(draft.clone()));
            if let Ok(draft) = draft
                && let Some(newer) = newer(&draft, state.now()).await
            {
                // What was typed meanwhile is in it, and whatever has the focus has it again in the new form.
                let newest = match shown.try_get_value().flatten() {
                    Some(open) => {
                        open.save().await;
                        draft::load(account.id, id).await.unwrap_or(newer)
                    }
                    None => newer,
                };
                let _ = renewed.try_set(true);
                keep_focus();
                let _ = found.try_set(Some(Ok(newest)));
            }
        });
    });
    view! {
        <div class="wrap">
            {move || match (state.who.get(), found.get()) {
                (Who::Nobody, _) => view! { <SignInFirst/> }.into_any(),
                (_, None) => view! { <h1>{heading}</h1><Loading/> }.into_any(),
                (_, Some(Err(error))) => view! {
                    <h1>{heading}</h1>
                    <Notice tone=Tone::Bad>{text::draft(error)}</Notice>
                    <p><A href="/quan-ly-ho-so" attr:class="button">{t("Quản lý hồ sơ")}</A></p>
                }.into_any(),
                (_, Some(Ok(draft))) => {
                    let id = draft.id;
                    let name = draft.procedure.summary.name.clone();
                    // What answers a supplement request has this one step.
                    let answering = draft.supplement.is_some();
                    let open = Open::new(draft, state);
                    shown.set_value(Some(open));
                    view! {
                        <p class="meta">{name}</p>
                        <h1 tabindex="-1">{heading}</h1>
                        {(!answering).then(|| view! { <Stepper draft=id current/> })}
                        <Kept open/>
                        {move || renewed.get().then(|| view! {
                            <Notice tone=Tone::Attention>{t("Cơ quan vừa thay đổi thủ tục này. Những gì bạn đã nhập vẫn còn; vui lòng xem lại các mục mới.")}</Notice>
                        })}
                        {body(open)}
                    }.into_any()
                }
            }}
        </div>
    }
}

/// The draft with the procedure as it is today, when that changed since the draft began: the portal judges by today's.
async fn newer(draft: &Draft, now: Timestamp) -> Option<Draft> {
    // What is added to a submitted dossier is judged by what it was submitted for.
    if draft.supplement.is_some() {
        return None;
    }
    let procedure = api::procedure(&draft.procedure.summary.code).await.ok()?;
    if procedure == draft.procedure {
        return None;
    }
    draft::change(draft.account, draft.id, now, |stored| {
        stored.procedure = procedure;
    })
    .await
    .ok()
}

/// How the draft is kept: calmly when all is well, loud when it is not.
#[component]
fn Kept(open: Open) -> impl IntoView {
    view! {
        <p class="kept">
            {move || match open.saved.get() {
                None => t("Mọi thay đổi được lưu ngay trên thiết bị này.").to_owned(),
                Some(at) => fill("Đã lưu lúc {}", &[&format::clock(at)]),
            }}
            {move || open.elsewhere.get().then(|| view! { <span>{t("Vừa nhận thay đổi từ cửa sổ khác.")}</span> })}
        </p>
        {move || open.trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
    }
}

/// A screen that needs somebody signed in.
#[component]
pub fn SignInFirst() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    view! {
        <Notice tone=Tone::Info>{t("Vui lòng đăng nhập để tiếp tục. Những gì bạn đã nhập vẫn được giữ trên thiết bị này.")}</Notice>
        <p><A href=format!("/dang-nhap?tiep={here}") attr:class="button primary">{t("Đăng nhập")}</A></p>
    }
}
