//! What surrounds every screen: header, menus, what waits, footer.

mod account;
mod menu;

use crate::format::countdown;
use crate::session::session;
use crate::signing::Door;
use crate::text::{fill, t};
use account::AccountMenu;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use menu::{LanguageSwitch, MenuButton, SiteMenu};

/// Header, content, footer.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let menu_open = RwSignal::new(false);
    view! {
        <a class="skip" href="#noi-dung">{t("Bỏ qua, tới nội dung chính")}</a>
        <header class="site">
            <div class="wrap">
                <A href="/" attr:class="brand">
                    <img src="/icon.svg" alt="" width="40" height="40"/>
                    <span><strong>{t("Hồ Sơ Ký Số")}</strong><small>{t("Cổng dịch vụ công tỉnh Thử Nghiệm")}</small></span>
                </A>
                <LanguageSwitch/>
                <AccountMenu/>
                <MenuButton open=menu_open/>
                <SiteMenu open=menu_open/>
            </div>
        </header>
        <SigningBar/>
        <Offline/>
        <main id="noi-dung" tabindex="-1">{children()}</main>
        <footer class="site">
            <div class="wrap">
                <p>{t("Tài liệu chỉ rời khỏi trình duyệt khi bạn nộp hồ sơ. Khi ký số, chỉ mã băm được gửi đi.")}</p>
                <ul>
                    <li><A href="/ho-tro">{t("Hướng dẫn và hỗ trợ")}</A></li>
                    <li><A href="/kiem-tra">{t("Kiểm tra chữ ký")}</A></li>
                    <li><LanguageSwitch/></li>
                </ul>
            </div>
        </footer>
    }
}

/// What waits for the phone, or ended while nobody looked, on every screen but the one that shows it.
#[component]
fn SigningBar() -> impl IntoView {
    let note = expect_context::<Door>().note;
    let state = session();
    let location = use_location();
    let tick = RwSignal::new(0_u32);
    set_interval(
        move || tick.update(|tick| *tick = tick.wrapping_add(1)),
        std::time::Duration::from_secs(1),
    );
    let elsewhere = Memo::new(move |_| !location.pathname.get().contains("/ky"));
    view! {
        {move || elsewhere.get().then(|| note.get()).flatten().map(|note| view! {
            <div class=format!("waiting-bar {}", note.tone)>
                <span role="status">{note.text}</span>
                {note.until.map(|until| view! {
                    <span class="countdown">{move || {
                        tick.track();
                        fill("còn {}", &[&countdown(until.0 - state.now().0)])
                    }}</span>
                })}
                <A href=note.address>{note.action}</A>
            </div>
        })}
    }
}

/// Calmly says that there is no network.
#[component]
fn Offline() -> impl IntoView {
    let online = RwSignal::new(window().navigator().on_line());
    let handles = ["online", "offline"].map(|name| {
        window_event_listener_untyped(name, move |_| online.set(window().navigator().on_line()))
    });
    on_cleanup(move || {
        handles
            .into_iter()
            .for_each(leptos::prelude::WindowListenerHandle::remove)
    });
    view! {
        <Show when=move || !online.get()>
            <div class="offline-bar" role="status">
                {t("Đang mất kết nối mạng. Bạn vẫn có thể điền hồ sơ; dữ liệu được giữ trên thiết bị này.")}
            </div>
        </Show>
    }
}
