//! Hands a dossier in and shows how the sending goes; the sending itself is the outbox's, with a network or without.

use super::Open;
use crate::draft::DraftError;
use crate::outbox::{Entry, outbox};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::text::{self, t};
use contract::dossier::Receipt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

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
    let entry = Memo::new(move |_| outbox.of(id));
    let queued =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(Entry::is_queued)));
    Effect::new(move |_| {
        if let Some(received) = entry.with(|entry| entry.as_ref().and_then(Entry::receipt)) {
            receipt.set(Some(received));
            focus("receipt");
        }
    });
    let send = move |_| {
        if queued.get_untracked() || !ready.run(()) {
            return;
        }
        spawn_local(async move {
            open.save().await;
            let draft = open.draft.get_untracked();
            let kept = outbox.hand_in(&draft).await;
            let _ = trouble.try_set(kept.err());
        });
    };
    view! {
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
        {move || entry.get().map(|entry| {
            let percent = entry.percent();
            let tone = if entry.is_queued() { Tone::Info } else { Tone::Attention };
            view! {
                <Notice tone>
                    {entry.sentence()}
                    {percent.map(|percent| view! { <progress max="100" value=percent.to_string() aria-label=t("Tiến độ gửi")></progress> })}
                </Notice>
            }
        })}
        <div class="row between">
            <A href=format!("/ho-so/{id}/phi") attr:class="button">{t("Quay lại")}</A>
            {move || queued.get().then(|| view! {
                <button type="button" class="button" on:click=move |_| spawn_local(async move { outbox.pause(id).await })>{t("Tạm dừng gửi")}</button>
            })}
            <button type="button" class="button primary" aria-busy=move || queued.get().to_string() on:click=send>{t("Nộp hồ sơ")}</button>
        </div>
    }
}
