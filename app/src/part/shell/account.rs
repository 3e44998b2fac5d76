//! The account's menu at the top right.

use crate::part::leave::Leave;
use crate::part::toast::say;
use crate::session::{Standing, Who, on_shared_device, session};
use crate::text::{n, t};
use contract::right::{Action, Grant, may_at_desk, works_on_dossiers};
use contract::session::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

static CITIZEN: [(&str, &str); 9] = [
    ("/thong-tin-ca-nhan", n("Thông tin cá nhân")),
    ("/doi-mat-khau", n("Đổi mật khẩu")),
    ("/bao-mat", n("Bảo mật tài khoản")),
    ("/nhac-viec", n("Đăng ký nhắc việc")),
    ("/chu-ky", n("Cập nhật chữ ký")),
    ("/loai-ky-so", n("Cấu hình loại ký số")),
    ("/quan-ly-ho-so", n("Quản lý hồ sơ")),
    ("/kho-du-lieu", n("Kho dữ liệu cá nhân")),
    ("/thong-bao", n("Thông báo")),
];
static OFFICER: [(&str, &str); 2] = [
    ("/doi-mat-khau", n("Đổi mật khẩu")),
    ("/bao-mat", n("Bảo mật tài khoản")),
];

/// What an officer's duties lead to; what they may not use is not offered.
pub fn ways(grants: &[Grant]) -> Vec<(&'static str, &'static str)> {
    let mut ways = Vec::new();
    let at_desk = |action| may_at_desk(grants, action);
    let (catalogue, audit) = (at_desk(Action::Catalogue), at_desk(Action::Audit));
    // Who has no rights yet is told there what to do.
    if works_on_dossiers(grants) || !(catalogue || audit) {
        ways.push(("/can-bo", n("Hộp hồ sơ")));
    }
    if catalogue {
        ways.push(("/can-bo/quan-tri", n("Quản trị danh mục")));
    }
    if at_desk(Action::Rights) {
        ways.push(("/can-bo/quyen", n("Quyền của cán bộ")));
    }
    if audit {
        ways.push(("/can-bo/nhat-ky", n("Nhật ký")));
    }
    // Results and slips are signed with a profile of one's own.
    if works_on_dossiers(grants) {
        ways.push(("/chu-ky", n("Cập nhật chữ ký")));
    }
    ways
}

/// The first letters of the first and the last name, as a sign for a small screen.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

fn close() {
    if let Ok(Some(menu)) = document().query_selector("details.account[open]") {
        let _ = menu.remove_attribute("open");
    }
}

/// `Đăng nhập`, or the name with what belongs to the account. It closes by Escape and when one goes on elsewhere.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let state = session();
    let navigate = use_navigate();
    let asking = RwSignal::new(false);
    let leave = move |_| {
        let navigate = navigate.clone();
        // Where several people use one device, what lies here is asked about.
        if on_shared_device() && !state.is_officer_now() {
            asking.set(true);
            return;
        }
        spawn_local(async move {
            state.sign_out(false).await;
            say(t("Đã đăng xuất."));
            navigate("/", leptos_router::NavigateOptions::default());
        });
    };
    let home = use_navigate();
    let gone = move |()| home("/", leptos_router::NavigateOptions::default());
    let leave = StoredValue::new(leave);
    let left = move |event: web_sys::FocusEvent| {
        use wasm_bindgen::JsCast as _;
        // The focus went somewhere, and not into the menu: it would lie over what was meant.
        let inside = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .map(|target| target.closest("details.account").ok().flatten().is_some());
        if inside == Some(false) {
            close();
        }
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        use wasm_bindgen::JsCast as _;
        if event.key() != "Escape" {
            return;
        }
        close();
        let summary = document().query_selector("details.account summary");
        if let Ok(Some(summary)) = summary
            && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = summary.focus();
        }
    };
    view! {
        <div class="account">
            <Leave open=asking left=gone/>
            {move || match state.who.get() {
                Who::Asking => view! { <span class="asking" aria-hidden="true"></span> }.into_any(),
                Who::Nobody => view! { <A href="/dang-nhap" attr:class="button">{t("Đăng nhập")}</A> }.into_any(),
                Who::Somebody(account) => {
                    let entries = match account.role {
                        Role::Citizen => &CITIZEN[..],
                        Role::Officer => &OFFICER[..],
                    };
                    let ways = match account.role {
                        Role::Citizen => Vec::new(),
                        Role::Officer => ways(&account.grants),
                    };
                    view! {
                        <details class="account" on:focusout=left on:keydown=escape>
                            <summary>
                                <span class="initials" aria-hidden="true">{initials(account.name.as_str())}</span>
                                <span class="owner">{account.name.to_string()}</span>
                                <Show when=move || state.standing.get() == Standing::Kept><span class="away">{t("ngoại tuyến")}</span></Show>
                            </summary>
                            <ul on:click=|_| close()>
                                {ways.into_iter().chain(entries.iter().copied()).map(|(address, name)| view! { <li><A href=address>{t(name)}</A></li> }).collect_view()}
                                <li class="apart"><button type="button" on:click=move |event| leave.get_value()(event)>{t("Đăng xuất")}</button></li>
                                {(account.role == Role::Citizen).then(|| view! {
                                    <li><button type="button" on:click=move |_| asking.set(true)>{t("Đăng xuất và xóa dữ liệu trên máy này")}</button></li>
                                })}
                            </ul>
                        </details>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
