//! What surrounds every screen: header, menus, what waits, footer.

use crate::api;
use crate::format::countdown;
use crate::session::{Who, session};
use crate::signing::Door;
use contract::session::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

/// Header, content, footer.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let state = session();
    view! {
        <a class="skip" href="#noi-dung">"Bỏ qua, tới nội dung chính"</a>
        <header class="site">
            <div class="wrap">
                <A href="/" attr:class="brand">
                    <img src="/icon.svg" alt="" width="40" height="40"/>
                    <span><strong>"Hồ Sơ Ký Số"</strong><small>"Cổng dịch vụ công tỉnh Thử Nghiệm"</small></span>
                </A>
                <nav class="main" aria-label="Chính">
                    {move || state.is_officer().then(|| view! { <A href="/can-bo">"Hộp hồ sơ"</A> })}
                    <A href="/thu-tuc">"Thủ tục hành chính"</A>
                    // An officer finds dossiers in the inbox.
                    {move || (!state.is_officer()).then(|| view! { <A href="/tra-cuu">"Tra cứu hồ sơ"</A> })}
                    <A href="/kiem-tra">"Kiểm tra chữ ký"</A>
                    <A href="/ho-tro">"Hỗ trợ"</A>
                </nav>
                <AccountMenu/>
            </div>
        </header>
        <SigningBar/>
        <Offline/>
        <main id="noi-dung" tabindex="-1">{children()}</main>
        <footer class="site">
            <div class="wrap">
                <p>"Tài liệu chỉ rời khỏi trình duyệt khi bạn nộp hồ sơ. Khi ký số, chỉ mã băm được gửi đi."</p>
                <p><A href="/ho-tro">"Hướng dẫn và hỗ trợ"</A></p>
            </div>
        </footer>
    }
}

#[component]
fn AccountMenu() -> impl IntoView {
    let state = session();
    let navigate = use_navigate();
    let leave = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            // Without a network the session ends on this side; the server's ends by itself.
            let _ = api::sign_out().await;
            state.end();
            navigate("/", leptos_router::NavigateOptions::default());
        });
    };
    let close = move |_| {
        if let Ok(Some(menu)) = document().query_selector("details.account[open]") {
            let _ = menu.remove_attribute("open");
        }
    };
    let leave = StoredValue::new(leave);
    view! {
        <div class="account">
            {move || match state.who.get() {
                Who::Asking => view! { <span class="asking" aria-hidden="true"></span> }.into_any(),
                Who::Nobody => view! { <A href="/dang-nhap" attr:class="button">"Đăng nhập"</A> }.into_any(),
                Who::Somebody(account) => {
                    view! {
                        <details class="account">
                            <summary>{account.name.to_string()}</summary>
                            <ul on:click=close>
                                {(account.role == Role::Citizen).then(|| view! {
                                    <li><A href="/thong-tin-ca-nhan">"Thông tin cá nhân"</A></li>
                                    <li><A href="/chu-ky">"Cập nhật chữ ký"</A></li>
                                    <li><A href="/quan-ly-ho-so">"Quản lý hồ sơ"</A></li>
                                })}
                                {(account.role == Role::Officer).then(|| view! { <li><A href="/can-bo">"Hộp hồ sơ"</A></li> })}
                                <li><button type="button" on:click=move |event| leave.get_value()(event)>"Đăng xuất"</button></li>
                            </ul>
                        </details>
                    }
                        .into_any()
                }
            }}
        </div>
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
                        format!("còn {}", countdown(until.0 - state.now().0))
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
                "Đang mất kết nối mạng. Bạn vẫn có thể điền hồ sơ; dữ liệu được giữ trên thiết bị này."
            </div>
        </Show>
    }
}
