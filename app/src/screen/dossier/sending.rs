//! Hands a dossier in and shows how the sending goes; the sending itself is the outbox's, with a network or without.

use super::Open;
use crate::draft::DraftError;
use crate::draft::outbox::Standing;
use crate::outbox::{Entry, outbox};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::part::sending::OnItsWay;
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
            spawn_local(async move {
                let _ = outbox.take_out(id).await;
            });
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
            None | Some(Standing::Done { .. } | Standing::Supplied) => ().into_any(),
            Some(Standing::Refused { .. } | Standing::Changed) => view! {
                <Notice tone=Tone::Bad>{move || entry.get().map(|entry| entry.sentence())}</Notice>
            }.into_any(),
            Some(Standing::Queued | Standing::Paused) => view! { <OnItsWay id entry/> }.into_any(),
        }}
        <div class="row between">
            <A href=format!("/ho-so/{id}/phi") attr:class="button">{t("Quay lại")}</A>
            <button type="button" class="button primary" aria-busy=move || (keeping.get() || queued.get()).to_string() on:click=send>{t("Nộp hồ sơ")}</button>
        </div>
    }
}
