//! Hands a dossier in and shows how the sending goes; the sending itself is the outbox's, with a network or without.

use super::Open;
use crate::draft::DraftError;
use crate::draft::outbox::Standing;
use crate::outbox::{Entry, outbox};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::text::{self, t};
use contract::dossier::Receipt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

/// The button, and how the sending goes.
#[component]
pub fn Sending(
    open: Open,
    /// Says whether everything is there and declared; tells what is not, and puts the focus there.
    #[prop(into)]
    ready: Callback<(), bool>,
    /// The receipt, once there is one.
    receipt: RwSignal<Option<Receipt>>,
) -> impl IntoView {
    let outbox = outbox();
    let id = open.draft.with_untracked(|draft| draft.id);
    let trouble: RwSignal<Option<DraftError>> = RwSignal::new(None);
    let keeping = RwSignal::new(false);
    let entry = Memo::new(move |_| outbox.of(id));
    let standing = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().map(|entry| entry.posted.standing.clone()))
    });
    let queued =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(Entry::is_queued)));
    Effect::new(move |_| {
        if let Some(received) = entry.with(|entry| entry.as_ref().and_then(Entry::receipt)) {
            receipt.set(Some(received));
            focus("receipt");
            // It is looked at: nothing is left to tell on other screens.
            spawn_local(outbox.take_out(id));
        }
    });
    let send = move |_| {
        if keeping.get_untracked() || queued.get_untracked() || !ready.run(()) {
            return;
        }
        keeping.set(true);
        spawn_local(async move {
            let seen = open.draft.get_untracked();
            open.save().await;
            // Who went on meanwhile has handed it in all the same.
            let draft = open.draft.try_get_untracked().unwrap_or(seen);
            let kept = outbox.hand_in(&draft).await;
            let _ = keeping.try_set(false);
            let _ = trouble.try_set(kept.err());
        });
    };
    view! {
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
        {move || match standing.get() {
            None | Some(Standing::Done { .. }) => ().into_any(),
            Some(Standing::Refused { .. } | Standing::Changed) => view! {
                <Notice tone=Tone::Bad>{move || entry.get().map(|entry| entry.sentence())}</Notice>
            }.into_any(),
            Some(Standing::Queued) => view! { <OnItsWay id entry paused=false/> }.into_any(),
            Some(Standing::Paused) => view! { <OnItsWay id entry paused=true/> }.into_any(),
        }}
        <div class="row between">
            <A href=format!("/ho-so/{id}/phi") attr:class="button">{t("Quay lại")}</A>
            <button type="button" class="button primary" aria-busy=move || (keeping.get() || queued.get()).to_string() on:click=send>{t("Nộp hồ sơ")}</button>
        </div>
    }
}

/// What was handed in and did not arrive yet: what happens now, how far it is, and how to stop it.
#[component]
fn OnItsWay(id: Uuid, entry: Memo<Option<Entry>>, paused: bool) -> impl IntoView {
    let outbox = outbox();
    let percent = move || entry.with(|entry| entry.as_ref().and_then(Entry::percent));
    view! {
        <section class="sending" aria-label=t("Gửi hồ sơ")>
            <p role="status" class="sending-now">{move || entry.get().map(|entry| entry.sentence())}</p>
            {move || percent().map(|percent| view! {
                <progress max="100" value=percent.to_string() aria-label=t("Tiến độ gửi")></progress>
            })}
            <p class="hint">{t("Bạn có thể đóng trang này: hồ sơ được giữ trên thiết bị và tự gửi khi mở lại cổng có mạng. Biên nhận hiện ra khi cổng đã nhận đủ.")}</p>
            <p class="row">
                {if paused {
                    view! { <button type="button" class="button" on:click=move |_| spawn_local(outbox.go_on(id))>{t("Gửi tiếp")}</button> }.into_any()
                } else {
                    view! { <button type="button" class="button" on:click=move |_| spawn_local(outbox.pause(id))>{t("Tạm dừng gửi")}</button> }.into_any()
                }}
                <button type="button" class="button" on:click=move |_| spawn_local(outbox.take_out(id))>{t("Không nộp nữa")}</button>
            </p>
        </section>
    }
}
