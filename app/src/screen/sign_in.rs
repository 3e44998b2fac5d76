//! `Đăng nhập`.

use crate::part::field::TextField;
use crate::part::held;
use crate::part::notice::{Notice, Tone};
use crate::part::{load, title};
use crate::session::{on_shared_device, session, share_device};
use crate::text::t;
use crate::{api, text};
use contract::session::{Role, SignIn as Asked};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The screen.
#[component]
pub fn SignIn() -> impl IntoView {
    title(t("Đăng nhập"));
    let state = session();
    let navigate = use_navigate();
    // Only a path of this portal: never somebody else's address.
    let next = use_query_map()
        .with_untracked(|map| map.get("tiep"))
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
    let (name, secret) = (
        RwSignal::new(held::typed("user-name")),
        RwSignal::new(held::typed("password")),
    );
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let shared = RwSignal::new(on_shared_device());
    let demo = load(async { api::demo().await.unwrap_or_default() });
    let enter = move |user_name: String, password: String| {
        let (navigate, next) = (navigate.clone(), next.clone());
        busy.set(true);
        trouble.set(None);
        let shared = shared.get_untracked();
        spawn_local(async move {
            match api::sign_in(&Asked {
                user_name,
                password,
            })
            .await
            {
                Ok(session) => {
                    let home = if session.account.role == Role::Officer {
                        contract::right::home(&session.account.grants)
                    } else {
                        "/"
                    };
                    share_device(shared);
                    state.begin(session);
                    state.tell();
                    navigate(
                        next.as_deref().unwrap_or(home),
                        leptos_router::NavigateOptions::default(),
                    );
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let by_form = enter.clone();
    let enter = StoredValue::new(enter);
    view! {
        <div class="wrap narrow">
            <h1>{t("Đăng nhập")}</h1>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <form on:submit=move |event| {
                event.prevent_default();
                by_form(name.get_untracked(), secret.get_untracked());
            }>
                <TextField id="user-name" label=t("Tên đăng nhập") hint=t("Công dân dùng số CCCD/CMND.") autocomplete="username" value=name on_input=move |text| name.set(text) required=true/>
                <TextField id="password" label=t("Mật khẩu") kind="password" autocomplete="current-password" value=secret on_input=move |text| secret.set(text) required=true/>
                <label class="choice">
                    <input type="checkbox" id="shared-device" prop:checked=move || shared.get() aria-describedby="shared-device-hint"
                        on:change=move |event| shared.set(event_target_checked(&event))/>
                    {t("Đây là máy dùng chung")}
                </label>
                <p class="hint" id="shared-device-hint">{t("Không mở được bản nháp khi chưa đăng nhập, và khi đăng xuất cổng sẽ hỏi có xóa dữ liệu trên máy hay không.")}</p>
                <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Đăng nhập")}</button></p>
            </form>
            <Show when=move || demo.get().is_some_and(|list| !list.is_empty())>
                <section class="demo" aria-label=t("Tài khoản dùng thử")>
                    <h2>{t("Tài khoản dùng thử")}</h2>
                    <p class="hint">{t("Người trong danh sách đều là hư cấu; cổng đang chạy ở chế độ trình diễn.")}</p>
                    <ul>
                        {move || demo.get().unwrap_or_default().into_iter().map(|account| {
                            let role = if account.role == Role::Officer { t("cán bộ") } else { t("công dân") };
                            let shown = account.name.clone();
                            view! {
                                <li>
                                    <button type="button" class="button" on:click=move |_| enter.get_value()(account.user_name.clone(), account.password.clone())>
                                        {shown}<small>" · "{role}</small>
                                    </button>
                                </li>
                            }
                        }).collect_view()}
                    </ul>
                </section>
            </Show>
        </div>
    }
}
