//! `Xác thực hai bước`: set up with an authenticator app, recovery codes told once, taken away again.

use crate::part::confirm::confirmed;
use crate::part::dialog::Dialog;
use crate::part::field::TextField;
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::part::qr::Qr;
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, t};
use crate::{api, text};
use contract::access::{OfferedSecret, SecondFactorState};
use contract::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The section. `changed` is called when it stands otherwise than it did.
#[component]
pub fn Codes(state: SecondFactorState, #[prop(into)] changed: Callback<()>) -> impl IntoView {
    let offered: RwSignal<Option<OfferedSecret>> = RwSignal::new(None);
    let recovery: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let told = RwSignal::new(false);
    Effect::new(move |_| told.set(recovery.with(|codes| !codes.is_empty())));
    view! {
        <section aria-labelledby="second-factor">
            <h2 id="second-factor">{t("Xác thực hai bước")}</h2>
            {(state.demanded && !state.on).then(|| view! {
                <Notice tone=Tone::Attention>{t("Tài khoản cán bộ phải bật xác thực hai bước trước khi làm việc. Việc này mất khoảng 2 phút.")}</Notice>
            })}
            {if state.on {
                view! { <On state changed/> }.into_any()
            } else if state.offered {
                view! {
                    <p>{t("Ngoài mật khẩu, mỗi lần đăng nhập bạn nhập thêm 6 chữ số từ một ứng dụng trên điện thoại. Người biết mật khẩu của bạn vẫn không vào được.")}</p>
                    {move || match offered.get() {
                        None => view! { <Begin offered/> }.into_any(),
                        Some(secret) => view! { <SetUp secret recovery/> }.into_any(),
                    }}
                }.into_any()
            } else {
                view! { <p class="hint">{t("Cổng này chưa mở xác thực hai bước.")}</p> }.into_any()
            }}
            // Read before anything goes on: they are told this once.
            <Show when=move || told.get()>
                <Recovery recovery read=move |()| { recovery.set(Vec::new()); offered.set(None); changed.run(()); }/>
            </Show>
        </section>
    }
}

#[component]
fn Begin(offered: RwSignal<Option<OfferedSecret>>) -> impl IntoView {
    let state = session();
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let begin = move |_| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = confirmed(state, api::access::offer_second_factor).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(secret) => {
                    let _ = offered.try_set(Some(secret));
                    focus("first-code");
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        <p><button type="button" class="button primary" aria-busy=move || busy.get().to_string() on:click=begin>{t("Bật xác thực hai bước")}</button></p>
    }
}

#[component]
fn SetUp(secret: OfferedSecret, recovery: RwSignal<Vec<String>>) -> impl IntoView {
    let state = session();
    let typed = RwSignal::new(String::new());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let confirm = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        wrong.set(None);
        busy.set(true);
        let code = typed.get_untracked();
        spawn_local(async move {
            let answer = api::access::confirm_second_factor(code).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(told) => {
                    // The session is another one now, and open to more.
                    state.refresh().await;
                    let _ = recovery.try_set(told.codes);
                    focus("recovery-heading");
                }
                Err(error) => {
                    let sentence = match error.code {
                        ProblemCode::WrongCode => t("Mã chưa đúng. Hãy nhập mã đang hiện trong ứng dụng; nếu vẫn không được, kiểm tra giờ của điện thoại.").to_owned(),
                        _ => text::api(&error),
                    };
                    let _ = wrong.try_set(Some(sentence));
                    focus("first-code");
                }
            }
        });
    };
    let letters: Vec<char> = secret.secret.chars().collect();
    let grouped = letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ");
    view! {
        <ol class="set-up">
            <li>{t("Cài một ứng dụng xác thực trên điện thoại, ví dụ Google Authenticator, Microsoft Authenticator hoặc Aegis.")}</li>
            <li>
                {t("Quét mã này bằng ứng dụng, hoặc nhập khóa bằng tay:")}
                <div class="secret">
                    <Qr text=secret.address label=t("Mã QR của khóa xác thực; khóa bằng chữ ở bên dưới")/>
                    <p><code class="key" id="secret-key">{grouped}</code></p>
                </div>
            </li>
            <li>{t("Nhập 6 chữ số mà ứng dụng hiện ra.")}</li>
        </ol>
        <form novalidate on:submit=confirm>
            <TextField id="first-code" label=t("Mã xác thực") autocomplete="one-time-code" keyboard="numeric" width="middle" required=true
                value=typed error=wrong on_input=move |text| typed.set(text)/>
            <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Xác nhận")}</button></p>
        </form>
    }
}

/// Told once.
#[component]
fn Recovery(recovery: RwSignal<Vec<String>>, #[prop(into)] read: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            read.run(());
        }
    });
    view! {
        <Dialog open title=t("Mã khôi phục")>
            <p id="recovery-heading" tabindex="-1">{t("Đã bật xác thực hai bước. Hãy chép hoặc in 10 mã này và cất nơi an toàn: mất điện thoại, bạn vào được bằng một mã. Mỗi mã dùng một lần; cổng không hiện lại.")}</p>
            <ul class="recovery">
                {recovery.get_untracked().into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
            </ul>
            <p class="row">
                <button type="button" class="button primary" on:click=move |_| open.set(false)>{t("Tôi đã cất các mã này")}</button>
                <button type="button" class="button" on:click=move |_| { let _ = window().print(); }>{t("In")}</button>
            </p>
        </Dialog>
    }
}

#[component]
fn On(state: SecondFactorState, changed: Callback<()>) -> impl IntoView {
    let here = session();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let remove = move |_| {
        busy.set(true);
        trouble.set(None);
        asking.set(false);
        spawn_local(async move {
            let answer = confirmed(here, api::access::remove_second_factor).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    say(t(
                        "Đã tắt xác thực hai bước. Các thiết bị khác đã được đăng xuất.",
                    ));
                    here.refresh().await;
                    let _ = changed.try_run(());
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let few = state.recovery_left <= 2;
    view! {
        <p><span class="chip good">{t("Đang bật")}</span></p>
        <p>{fill("Còn {} mã khôi phục chưa dùng.", &[&state.recovery_left])}</p>
        {few.then(|| view! { <Notice tone=Tone::Attention>{t("Bạn sắp hết mã khôi phục. Hãy tắt rồi bật lại xác thực hai bước để nhận 10 mã mới.")}</Notice> })}
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        <p><button type="button" class="button" id="remove-codes" aria-busy=move || busy.get().to_string() on:click=move |_| asking.set(true)>{t("Tắt xác thực hai bước")}</button></p>
        <Dialog open=asking title=t("Tắt xác thực hai bước?")>
            <p>{if state.demanded {
                t("Tài khoản cán bộ phải có xác thực hai bước: sau khi tắt, bạn phải bật lại ngay mới làm việc tiếp được.")
            } else {
                t("Sau khi tắt, ai biết mật khẩu của bạn cũng đăng nhập được. Các mã khôi phục cũ không còn dùng được.")
            }}</p>
            <p class="row">
                <button type="button" class="button danger" on:click=remove>{t("Tắt")}</button>
                <button type="button" class="button" on:click=move |_| asking.set(false)>{t("Bỏ qua")}</button>
            </p>
        </Dialog>
    }
}
