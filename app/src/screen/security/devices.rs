//! `Thiết bị đang đăng nhập`: where the account is open, and how to close it there.

use crate::part::confirm::confirmed;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::access::{Device, OpenSession, SignInMethod};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// What a session runs on, in words.
fn name(device: &Device) -> String {
    match (device.browser.as_str(), device.platform.as_str()) {
        ("", "") => t("Thiết bị không rõ").to_owned(),
        (browser, "") => browser.to_owned(),
        ("", platform) => platform.to_owned(),
        (browser, platform) => fill("{} trên {}", &[&browser, &platform]),
    }
}

/// How it began, in words.
fn method(method: SignInMethod) -> &'static str {
    t(match method {
        SignInMethod::Password => n("Bằng mật khẩu"),
        SignInMethod::PasswordAndCode => n("Bằng mật khẩu và mã xác thực"),
        SignInMethod::OpenId => n("Qua hệ thống định danh"),
    })
}

/// The section.
#[component]
pub fn Devices() -> impl IntoView {
    let state = session();
    let list: RwSignal<Option<api::Answer<Vec<OpenSession>>>> = RwSignal::new(None);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let read = move || async move {
        let answer = api::access::sessions().await;
        let _ = list.try_set(Some(answer));
    };
    spawn_local(read());
    let end = move |what: std::pin::Pin<Box<dyn Future<Output = api::Answer<()>>>>,
                    done: String| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match what.await {
                Ok(()) => say(done),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            read().await;
            let _ = busy.try_set(false);
        });
    };
    let others = move |_| {
        end(
            Box::pin(confirmed(state, api::access::end_other_sessions)),
            t("Đã đăng xuất khỏi các thiết bị khác.").to_owned(),
        );
    };
    view! {
        <section aria-labelledby="devices">
            <h2 id="devices">{t("Thiết bị đang đăng nhập")}</h2>
            <p class="hint">{t("Thấy thiết bị lạ? Đăng xuất thiết bị đó rồi đổi mật khẩu.")}</p>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || match list.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(open)) => {
                    let more = open.iter().any(|one| !one.here);
                    view! {
                        <ul class="devices">
                            {open.into_iter().map(|one| {
                                let device = name(&one.device);
                                let (id, gone) = (one.id, fill("Đã đăng xuất {}.", &[&device]));
                                let label = fill("Đăng xuất thiết bị này: {}", &[&device]);
                                view! {
                                    <li class="card">
                                        <p><strong>{device}</strong>{one.here.then(|| view! { " "<span class="chip good">{t("Thiết bị này")}</span> })}</p>
                                        <p class="hint">{method(one.method)}" · "{fill("đăng nhập {}", &[&format::moment(one.begun_at)])}" · "{fill("dùng lần cuối {}", &[&format::moment(one.seen_at)])}</p>
                                        {(!one.here).then(|| view! {
                                            <p><button type="button" class="button small" aria-label=label disabled=move || busy.get()
                                                on:click=move |_| end(Box::pin(confirmed(state, move || api::access::end_session(id))), gone.clone())>{t("Đăng xuất thiết bị này")}</button></p>
                                        })}
                                    </li>
                                }
                            }).collect_view()}
                        </ul>
                        {more.then(|| view! { <p><button type="button" class="button" disabled=move || busy.get() on:click=others>{t("Đăng xuất khỏi các thiết bị khác")}</button></p> })}
                    }.into_any()
                }
            }}
            <p class="hint">{move || state.account().map(|_| t("Phiên đăng nhập tự kết thúc sau 2 giờ không dùng, chậm nhất sau 12 giờ."))}</p>
        </section>
    }
}
