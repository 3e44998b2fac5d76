//! What surrounds every screen: header, menus, what waits, footer.

mod account;
mod arrival;
mod keeper;
mod menu;

use crate::api::told;
use crate::chunk::screen as far;
use crate::format::countdown;
use crate::part::later::beside;
use crate::part::line::Lines;
use crate::part::toast::Toasts;
use crate::session::session;
use crate::signing::Door;
use crate::text::language::{Language, language};
use crate::text::{fill, t};
use account::AccountMenu;
pub use account::initials;
use contract::session::Role;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use menu::{LanguageSwitch, MenuButton, SiteMenu};

/// Header, content, footer.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let menu_open = RwSignal::new(false);
    arrival::follow();
    keeper::keep();
    view! {
        <a class="skip" href="#noi-dung">{t("Bỏ qua, tới nội dung chính")}</a>
        <header class="site">
            <div class="wrap">
                <A href="/" attr:class="brand">
                    <img src="/icon.svg" alt="" width="40" height="40"/>
                    <span><strong>{t("Hồ Sơ Ký Số")}</strong><small>{portal_name()}</small></span>
                </A>
                <LanguageSwitch/>
                <BellPlace/>
                <AccountMenu/>
                <MenuButton open=menu_open/>
                <SiteMenu open=menu_open/>
            </div>
        </header>
        <SigningBar/>
        <Lines/>
        <main id="noi-dung" tabindex="-1">{children()}</main>
        <Toasts/>
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

/// What the province calls its portal: the server tells it in the document, in both languages; else the built-in words.
fn portal_name() -> String {
    let attribute = match language() {
        Language::Vietnamese => "content",
        Language::English => "data-en",
    };
    told("portal-name", attribute)
        .unwrap_or_else(|| t("Cổng dịch vụ công tỉnh Thử Nghiệm").to_owned())
}

/// The bell of a citizen who is signed in; it comes with the account's screens.
#[component]
fn BellPlace() -> impl IntoView {
    let state = session();
    let citizen = Memo::new(move |_| {
        state
            .account()
            .is_some_and(|account| account.role == Role::Citizen)
    });
    move || {
        citizen
            .get()
            .then(|| view! { <span class="bell-place">{beside(far::bell)}</span> })
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
            <div class=format!("banner waiting-bar {}", if note.tone.is_empty() { "seal" } else { note.tone })>
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
