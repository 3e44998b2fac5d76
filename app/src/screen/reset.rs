//! `Quên mật khẩu` and the screen of the link that comes by e-mail.

use crate::part::field::TextField;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::{focus, load, title};
use crate::screen::password::fault;
use crate::text::{fill, t};
use crate::{api, text};
use contract::access::{RESET_MINUTES, ResetPassword};
use contract::session::{ChangePassword, PASSWORD_MIN, password_fault};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// Where a link is asked for.
#[component]
pub fn Forgotten() -> impl IntoView {
    title(t("Quên mật khẩu"));
    let offer = load(api::access::reset_offer());
    view! {
        <div class="wrap narrow">
            <h1>{t("Quên mật khẩu")}</h1>
            {move || match offer.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(offer)) if offer.by_mail => view! { <Ask/> }.into_any(),
                Some(Ok(_)) => view! {
                    <Notice tone=Tone::Info>{t("Cổng này chưa gửi được email. Để đặt lại mật khẩu, vui lòng mang giấy tờ tùy thân đến bộ phận một cửa gần nhất.")}</Notice>
                }.into_any(),
            }}
            <p><A href="/dang-nhap">{t("Về trang đăng nhập")}</A></p>
        </div>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let name = RwSignal::new(String::new());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let (busy, sent) = (RwSignal::new(false), RwSignal::new(false));
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        trouble.set(None);
        let empty = name.with_untracked(|name| name.trim().is_empty());
        wrong.set(empty.then(|| t("Vui lòng nhập tên đăng nhập.").to_owned()));
        if empty {
            focus("reset-name");
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::access::ask_reset(name.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = sent.try_set(true);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || if sent.get() {
            view! {
                <Notice tone=Tone::Good>{fill("Nếu tài khoản này có địa chỉ email, cổng vừa gửi đến đó một đường dẫn dùng được trong {} phút. Không thấy thư? Hãy xem mục thư rác, hoặc đến bộ phận một cửa.", &[&RESET_MINUTES])}</Notice>
            }.into_any()
        } else {
            view! {
                <p>{t("Cổng gửi một đường dẫn đặt mật khẩu mới đến địa chỉ email trong thông tin cá nhân của bạn.")}</p>
                <form novalidate on:submit=ask>
                    <TextField id="reset-name" label=t("Tên đăng nhập") hint=t("Công dân dùng số CCCD/CMND.") autocomplete="username" required=true
                        value=name error=wrong on_input=move |text| name.set(text)/>
                    <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Gửi đường dẫn")}</button></p>
                </form>
            }.into_any()
        }}
    }
}

/// The token of the link. It goes from the address at once, so that it stays in no history.
fn token() -> String {
    let location = window().location();
    let token = location.hash().unwrap_or_default();
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
    token.trim_start_matches('#').to_owned()
}

/// The screen of the link.
#[component]
pub fn NewPassword() -> impl IntoView {
    title(t("Đặt mật khẩu mới"));
    let token = token();
    let done = RwSignal::new(false);
    view! {
        <div class="wrap narrow">
            <h1>{t("Đặt mật khẩu mới")}</h1>
            {move || if done.get() {
                view! {
                    <Notice tone=Tone::Good>{t("Đã đặt mật khẩu mới. Mọi thiết bị đã được đăng xuất; hãy đăng nhập bằng mật khẩu mới.")}</Notice>
                    <p><A href="/dang-nhap" attr:class="button primary">{t("Đăng nhập")}</A></p>
                }.into_any()
            } else if token.is_empty() {
                view! {
                    <Notice tone=Tone::Bad>{text::problem(contract::problem::ProblemCode::LinkUnusable)}</Notice>
                    <p><A href="/quen-mat-khau">{t("Yêu cầu đường dẫn mới")}</A></p>
                }.into_any()
            } else {
                view! { <Set token=token.clone() done/> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Set(token: String, done: RwSignal<bool>) -> impl IntoView {
    let [wanted, again] = [(); 2].map(|()| RwSignal::new(String::new()));
    let [wanted_wrong, again_wrong] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let set = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        trouble.set(None);
        let asked = ChangePassword {
            current: String::new(),
            wanted: wanted.get_untracked(),
        };
        wanted_wrong.set(password_fault(&asked).map(fault));
        again_wrong.set(
            (again.get_untracked() != asked.wanted)
                .then(|| t("Hai lần nhập mật khẩu mới chưa giống nhau.").to_owned()),
        );
        for (wrong, id) in [
            (wanted_wrong, "new-password"),
            (again_wrong, "new-password-again"),
        ] {
            if wrong.with_untracked(Option::is_some) {
                focus(id);
                return;
            }
        }
        busy.set(true);
        let asked = ResetPassword {
            token: token.clone(),
            wanted: asked.wanted,
        };
        spawn_local(async move {
            let answer = api::access::reset_password(&asked).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = done.try_set(true);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        {move || trouble.get().map(|sentence| view! {
            <Notice tone=Tone::Bad>{sentence}</Notice>
            <p><A href="/quen-mat-khau">{t("Yêu cầu đường dẫn mới")}</A></p>
        })}
        <form novalidate on:submit=set>
            <TextField id="new-password" label=t("Mật khẩu mới") kind="password" autocomplete="new-password" required=true
                hint=fill("Ít nhất {} ký tự, không chỉ gồm chữ số. Một câu dễ nhớ là tốt nhất.", &[&PASSWORD_MIN])
                value=wanted error=wanted_wrong on_input=move |text| wanted.set(text)/>
            <TextField id="new-password-again" label=t("Nhập lại mật khẩu mới") kind="password" autocomplete="new-password" required=true
                value=again error=again_wrong on_input=move |text| again.set(text)/>
            <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Đặt mật khẩu mới")}</button></p>
        </form>
    }
}
