//! `Đăng nhập`.

use crate::part::field::TextField;
use crate::part::held;
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, load, title};
use crate::session::{SECURITY, go_away_to_sign_in, on_shared_device, session, share_device};
use crate::text::t;
use crate::{api, text};
use contract::oidc::OidcTrouble;
use contract::problem::ProblemCode;
use contract::session::{Role, Session, SignIn as Asked};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
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
    // Who comes back from a provider without having signed in is told why.
    let told = use_query_map()
        .with_untracked(|map| map.get("loi"))
        .and_then(|word| OidcTrouble::of(&word))
        .map(|trouble| text::sign_in::oidc(trouble).to_owned());
    let trouble: RwSignal<Option<String>> = RwSignal::new(told);
    let busy = RwSignal::new(false);
    // The password was right, a code is wanted.
    let half = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let shared = RwSignal::new(on_shared_device());
    let demo = load(async { api::demo().await.unwrap_or_default() });
    let ways = load(async { api::sign_in_ways().await.unwrap_or_default() });
    // The document had them already: nothing moves when they come.
    let early = held::part(".ways");
    let onward = next.as_deref().map_or_else(String::new, |path| {
        format!("?next={}", js_sys::encode_uri_component(path))
    });
    let arrive = move |answer: api::Answer<Session>| {
        let _ = busy.try_set(false);
        match answer {
            Ok(session) => {
                let home = match session.account.role {
                    // Nothing else is open to them yet.
                    _ if session.needs_second_factor => SECURITY,
                    Role::Officer => contract::right::home(&session.account.grants),
                    Role::Citizen => "/",
                };
                let next = next.as_deref().filter(|_| !session.needs_second_factor);
                share_device(shared.try_get_untracked().unwrap_or_else(on_shared_device));
                state.begin(session);
                state.tell();
                navigate(
                    next.unwrap_or(home),
                    leptos_router::NavigateOptions::default(),
                );
            }
            Err(error) if error.code == ProblemCode::CodeRequired => {
                let _ = typed.try_set(String::new());
                let _ = half.try_set(true);
                focus("code");
            }
            Err(error) => {
                if error.code == ProblemCode::SignInTooSlow {
                    let _ = half.try_set(false);
                }
                let _ = trouble.try_set(Some(text::api(&error)));
            }
        }
    };
    let arrive = StoredValue::new(arrive);
    let begin = move || {
        busy.set(true);
        trouble.set(None);
    };
    let enter = move |user_name: String, password: String| {
        // Taken now: whoever leaves the screen meanwhile is signed in all the same.
        let arrive = arrive.get_value();
        begin();
        spawn_local(async move {
            let answer = api::sign_in(&Asked {
                user_name,
                password,
            })
            .await;
            arrive(answer);
        });
    };
    let give = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (arrive, code) = (arrive.get_value(), typed.get_untracked());
        begin();
        spawn_local(async move {
            arrive(api::access::give_code(code).await);
        });
    };
    view! {
        <div class="wrap narrow">
            <h1>{t("Đăng nhập")}</h1>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || match ways.get() {
                _ if half.get() => None,
                None => early.clone().map(|words| view! { <div class="ways" inner_html=words></div> }.into_any()),
                Some(ways) if ways.is_empty() => None,
                Some(ways) => Some(view! {
                    <div class="ways">
                        {ways.into_iter().map(|way| {
                            let address = format!("/api/oidc/{}/start{onward}", way.code);
                            // No screen of ours: the browser goes there itself.
                            view! { <a class="button way" rel="external" data-way=way.code href=address on:click=move |_| go_away_to_sign_in(shared.get_untracked())>{way.name}</a> }
                        }).collect_view()}
                        <p class="or"><span>{t("hoặc")}</span></p>
                    </div>
                }.into_any()),
            }}
            <form hidden=move || half.get() on:submit=move |event| {
                event.prevent_default();
                enter(name.get_untracked(), secret.get_untracked());
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
                <p><A href="/quen-mat-khau">{t("Quên mật khẩu?")}</A></p>
            </form>
            <Show when=move || half.get()>
                <form novalidate on:submit=give>
                    <p>{t("Mật khẩu đúng. Còn một bước nữa.")}</p>
                    <TextField id="code" label=t("Mã xác thực") hint=t("6 chữ số trong ứng dụng xác thực. Mất điện thoại? Nhập một mã khôi phục.")
                        autocomplete="one-time-code" value=typed on_input=move |text| typed.set(text) required=true/>
                    <p class="row">
                        <button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Xác nhận")}</button>
                        <button type="button" class="button" on:click=move |_| { half.set(false); trouble.set(None); focus("user-name"); }>{t("Quay lại")}</button>
                    </p>
                </form>
            </Show>
            <Show when=move || !half.get() && demo.get().is_some_and(|list| !list.is_empty())>
                <section class="demo" aria-label=t("Tài khoản dùng thử")>
                    <h2>{t("Tài khoản dùng thử")}</h2>
                    <p class="hint">{t("Người trong danh sách đều là hư cấu; cổng đang chạy ở chế độ trình diễn.")}</p>
                    <ul>
                        {move || demo.get().unwrap_or_default().into_iter().map(|account| {
                            let role = if account.role == Role::Officer { t("cán bộ") } else { t("công dân") };
                            let shown = account.name.clone();
                            view! {
                                <li>
                                    <button type="button" class="button" on:click=move |_| enter(account.user_name.clone(), account.password.clone())>
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
