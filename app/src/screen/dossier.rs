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
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{format, text};
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
    Effect::new(move |_| {
        let (Some(account), Some(id)) = (state.account(), id) else {
            return;
        };
        spawn_local(async move {
            let draft = draft::load(account.id, id).await;
            let _ = found.try_set(Some(draft));
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
                    view! {
                        <p class="meta">{name}</p>
                        <h1 tabindex="-1">{heading}</h1>
                        {(!answering).then(|| view! { <Stepper draft=id current/> })}
                        <Kept open/>
                        {body(open)}
                    }.into_any()
                }
            }}
        </div>
    }
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
