//! The four steps of a dossier.

pub mod begin;
pub mod components;
pub mod fees;
pub mod information;
pub mod review;

use crate::draft::{self, Draft, DraftError};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::stepper::Stepper;
use crate::part::title;
use crate::session::{SessionState, Who, session};
use crate::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_params_map};
use std::sync::Arc;
use uuid::Uuid;

/// A draft on screen: every change is kept on the device at once.
#[derive(Clone, Copy)]
pub struct Open {
    /// Newest state.
    pub draft: RwSignal<Draft>,
    /// What the device said when it could not keep a change.
    pub trouble: RwSignal<Option<DraftError>>,
    state: SessionState,
    saving: RwSignal<u32>,
}

impl Open {
    /// Changes the draft here and on the device. Changes made within a moment are written together.
    pub fn change(self, edit: impl FnOnce(&mut Draft) + 'static) {
        self.draft.update(edit);
        let turn = self.saving.get_untracked().wrapping_add(1);
        self.saving.set(turn);
        spawn_local(async move {
            crate::signing::pause(250).await;
            if self.saving.try_get_untracked() == Some(turn) {
                self.save().await;
            }
        });
    }

    /// Writes what is on screen.
    pub async fn save(self) {
        // What waits to be written is in it.
        self.saving.update(|turn| *turn = turn.wrapping_add(1));
        let Some(draft) = self.draft.try_get_untracked() else {
            return;
        };
        let newest = draft.clone();
        let kept = draft::change(draft.account, draft.id, self.state.now(), move |stored| {
            stored.form = newest.form;
            stored.payment = newest.payment;
            stored.declared = newest.declared;
            // Signing happens on another screen: files it changed meanwhile stay as the device has them.
            let known = std::mem::take(&mut stored.attachments);
            stored.attachments = newest
                .attachments
                .into_iter()
                .map(
                    |attachment| match known.iter().find(|stored| stored.id == attachment.id) {
                        Some(stored) if stored.signings.len() > attachment.signings.len() => {
                            stored.clone()
                        }
                        _ => attachment,
                    },
                )
                .collect();
        })
        .await;
        let _ = self.trouble.try_set(kept.err());
    }
}

/// What a step shows once the draft is there.
pub type Body = Arc<dyn Fn(Open) -> AnyView + Send + Sync>;

/// Loads the draft of the address and shows a step of it.
#[component]
pub fn Step(current: usize, heading: &'static str, body: Body) -> impl IntoView {
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
                    <p><A href="/quan-ly-ho-so" attr:class="button">"Quản lý hồ sơ"</A></p>
                }.into_any(),
                (_, Some(Ok(draft))) => {
                    let id = draft.id;
                    let name = draft.procedure.summary.name.clone();
                    let open = Open { draft: RwSignal::new(draft), trouble: RwSignal::new(None), state, saving: RwSignal::new(0) };
                    view! {
                        <p class="meta">{name}</p>
                        <h1>{heading}</h1>
                        <Stepper draft=id current/>
                        {move || open.trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
                        {body(open)}
                    }.into_any()
                }
            }}
        </div>
    }
}

/// A screen that needs somebody signed in.
#[component]
pub fn SignInFirst() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    view! {
        <Notice tone=Tone::Info>"Vui lòng đăng nhập để tiếp tục. Những gì bạn đã nhập vẫn được giữ trên thiết bị này."</Notice>
        <p><A href=format!("/dang-nhap?tiep={here}") attr:class="button primary">"Đăng nhập"</A></p>
    }
}
