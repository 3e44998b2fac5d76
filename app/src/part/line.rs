//! What the top of every page says calmly: no network, the session ended, a dossier waits to be sent, a new version, little room.

use crate::chunk;
use crate::format;
use crate::network;
use crate::outbox;
use crate::session::{Standing, Who, session};
use crate::text::{fill, t};
use contract::session::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// All of it; mostly nothing.
#[component]
pub fn Lines() -> impl IntoView {
    view! {
        <Offline/>
        <Lapsed/>
        <Sending/>
        <Update/>
        <Room/>
    }
}

#[component]
fn Offline() -> impl IntoView {
    let line = network::line();
    view! {
        <div role="status">
            <Show when=move || !line.reached.get()>
                <div class="banner over offline">
                    {t("Đang mất kết nối mạng. Bạn vẫn có thể điền hồ sơ; dữ liệu được giữ trên thiết bị này.")}
                </div>
            </Show>
        </div>
    }
}

/// The sign-in is the way on, and a signing that waits says what it means for it.
fn says_it_itself(path: &str) -> bool {
    path == "/dang-nhap" || path.contains("/ky")
}

#[component]
fn Lapsed() -> impl IntoView {
    let state = session();
    let here = use_location().pathname;
    view! {
        <div role="status">
            <Show when=move || state.standing.get() == Standing::Lapsed && !says_it_itself(&here.get())>
                <div class="banner">
                    <span>{t("Phiên đăng nhập đã hết. Những gì bạn đã nhập vẫn được giữ trên thiết bị này.")}</span>
                    <A href=move || format!("/dang-nhap?tiep={}", here.get())>{t("Đăng nhập lại")}</A>
                </div>
            </Show>
        </div>
    }
}

/// The outbox, on every screen but the one that shows it.
#[component]
fn Sending() -> impl IntoView {
    let note = expect_context::<outbox::Door>().note;
    let here = use_location().pathname;
    let shown = Memo::new(move |_| note.get().filter(|note| note.address != here.get()));
    view! {
        <div role="status">
            {move || shown.get().map(|note| view! {
                <div class=format!("banner {}", note.tone)>
                    <span>{note.text}</span>
                    <A href=note.address>{note.action}</A>
                </div>
            })}
        </div>
    }
}

#[component]
fn Update() -> impl IntoView {
    let is_ready = || {
        document()
            .document_element()
            .is_some_and(|root| root.get_attribute("data-update").is_some())
    };
    let ready = RwSignal::new(is_ready());
    let told = window_event_listener_untyped("site-update", move |_| ready.set(true));
    on_cleanup(move || told.remove());
    let now = move |_| {
        spawn_local(async {
            // What was typed a moment ago is on its way to the device.
            crate::signing::pause(300).await;
            if let Ok(event) = web_sys::Event::new("site-update-now") {
                let _ = window().dispatch_event(&event);
            }
        });
    };
    view! {
        <div role="status">
            <Show when=move || ready.get()>
                <div class="banner">
                    <span>{t("Có phiên bản mới của cổng. Bản nháp của bạn vẫn được giữ.")}</span>
                    <button type="button" class="button" on:click=now>{t("Tải lại")}</button>
                    <button type="button" class="link" on:click=move |_| ready.set(false)>{t("Để sau")}</button>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Room() -> impl IntoView {
    let state = session();
    let left: RwSignal<Option<u64>> = RwSignal::new(None);
    Effect::new(move |_| {
        let citizen =
            matches!(state.who.get(), Who::Somebody(account) if account.role == Role::Citizen);
        if !citizen {
            left.set(None);
            return;
        }
        spawn_local(async move {
            if let Ok(vault) = chunk::vault().await {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                // bytes of a disk
                let bytes = (vault.room)().await.map(|bytes| bytes.max(0.0) as u64);
                let _ = left.try_set(bytes);
            }
        });
    });
    view! {
        <div role="status">
            {move || left.get().map(|bytes| view! {
                <div class="banner over">
                    <span>{fill("Thiết bị sắp hết chỗ: trình duyệt còn lưu được khoảng {}. Hãy xóa bớt dữ liệu trước khi thêm tệp.", &[&format::size(bytes)])}</span>
                    <button type="button" class="link" on:click=move |_| left.set(None)>{t("Đã hiểu")}</button>
                </div>
            })}
        </div>
    }
}
