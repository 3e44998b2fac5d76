//! What may lie over every state: no network, no login, another window.

use crate::signing::{Line, signings, tabs};
use crate::text::signing as text;
use crate::text::t;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Whether there is no network, by the browser's word or because the server does not answer.
pub(super) fn offline() -> Signal<bool> {
    let signings = signings();
    let online = RwSignal::new(window().navigator().on_line());
    let handles = ["online", "offline"].map(|name| {
        window_event_listener_untyped(name, move |_| online.set(window().navigator().on_line()))
    });
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
    Signal::derive(move || !online.get() || signings.line.get() == Line::Offline)
}

/// Whether another window shows this signing. While this one does, it says so to the others.
fn elsewhere(id: Uuid) -> RwSignal<bool> {
    let elsewhere = RwSignal::new(false);
    let held = StoredValue::new_local(None);
    spawn_local(async move {
        let name = format!("ho-so-ky-so/xem/{id}");
        let mut lock = tabs::lock(&name, true).await;
        if lock.is_none() {
            // A page that was loaded again may still be letting go.
            crate::signing::pause(700).await;
            lock = tabs::lock(&name, true).await;
        }
        let _ = elsewhere.try_set(lock.is_none());
        if lock.is_none() {
            lock = tabs::lock(&name, false).await;
            let _ = elsewhere.try_set(false);
        }
        // The screen may have been left: then the lock goes at once.
        let _ = held.try_set_value(lock);
    });
    elsewhere
}

/// The notices over the screen.
#[component]
pub(super) fn Overlays(
    id: Uuid,
    view_is_over: Signal<bool>,
    embedding: Signal<bool>,
) -> impl IntoView {
    let signings = signings();
    let (offline, elsewhere) = (offline(), elsewhere(id));
    let unsent = move || {
        signings
            .all
            .with(|all| all.get(&id).is_none_or(|watched| watched.view.is_none()))
    };
    let told = move || {
        t(if embedding.get() {
            text::OFFLINE_EMBEDDING
        } else if unsent() {
            text::OFFLINE_UNSENT
        } else {
            text::OFFLINE
        })
    };
    view! {
        <div role="status">
            <Show when=move || offline.get() && !view_is_over.get()>
                <div class="notice attention overlay">
                    <p>{told}</p>
                    <button type="button" class="button small" on:click=move |_| signings.hurry()>{t("Thử lại ngay")}</button>
                </div>
            </Show>
            <Show when=move || signings.line.get() == Line::SignedOut && !view_is_over.get()>
                <div class="notice attention overlay">
                    <p>{t(text::SIGNED_OUT)}</p>
                    <a class="button small" href="/dang-nhap" target="_blank" rel="noopener">{t("Đăng nhập lại")}</a>
                </div>
            </Show>
            <Show when=move || elsewhere.get() && !view_is_over.get()>
                <div class="notice info overlay"><p>{t(text::ELSEWHERE)}</p></div>
            </Show>
        </div>
    }
}
