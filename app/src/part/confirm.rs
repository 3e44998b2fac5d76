//! `Xác nhận lại danh tính`: when the server wants a fresh proof of who somebody is, it is asked for in place, and what was being done
//! goes on by itself. The dialog lies beside the page, so that whoever waits for it loses nothing.

use crate::api::{self, Answer, ApiError};
use crate::part::dialog::Dialog;
use crate::part::field::TextField;
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::session::{SessionState, go_away_to_sign_in, on_shared_device};
use crate::text::{self, t};
use contract::access::{ConfirmSession, SignInMethod};
use contract::problem::ProblemCode;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// One dialog at a time: two questions at once would be answered by nobody.
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Does something; when the server wants a fresh proof first, asks for it and does it again.
pub async fn confirmed<T, F: Future<Output = Answer<T>>>(
    state: SessionState,
    act: impl Fn() -> F,
) -> Answer<T> {
    match act().await {
        Err(error) if error.code == ProblemCode::ConfirmationRequired && ask(state).await => {
            act().await
        }
        answer => answer,
    }
}

/// Opens the dialog; whether the person proved who they are.
async fn ask(state: SessionState) -> bool {
    if ASKING.replace(true) {
        return false;
    }
    let proved = asked(state).await;
    ASKING.set(false);
    proved
}

async fn asked(state: SessionState) -> bool {
    // How this session began decides what is asked for.
    let Ok(Some(session)) = api::session().await else {
        return false;
    };
    let document = document();
    let (Ok(place), Some(body)) = (document.create_element("div"), document.body()) else {
        return false;
    };
    if body.append_child(&place).is_err() {
        return false;
    }
    let Ok(root) = place.clone().dyn_into::<web_sys::HtmlElement>() else {
        return false;
    };
    let resolve: Rc<RefCell<Option<js_sys::Function>>> = Rc::default();
    let kept = Rc::clone(&resolve);
    let waiting = js_sys::Promise::new(&mut |done, _| {
        *kept.borrow_mut() = Some(done);
    });
    let answer = move |proved: bool| {
        if let Some(done) = resolve.borrow_mut().take() {
            let _ = done.call1(&wasm_bindgen::JsValue::NULL, &proved.into());
        }
    };
    let method = session.method.unwrap_or(SignInMethod::Password);
    let provider = session.provider;
    let mounted = mount_to(root, move || {
        let answer = StoredValue::new_local(answer);
        view! { <Question state method provider done=move |proved: bool| answer.with_value(|answer| answer(proved))/> }
    });
    let proved = JsFuture::from(waiting)
        .await
        .is_ok_and(|proved| proved.is_truthy());
    // Closed first: only then the focus goes back to where it was.
    if let Ok(Some(dialog)) = place.query_selector("dialog")
        && let Ok(dialog) = dialog.dyn_into::<web_sys::HtmlDialogElement>()
    {
        dialog.close();
    }
    drop(mounted);
    place.remove();
    proved
}

#[component]
fn Question(
    state: SessionState,
    method: SignInMethod,
    provider: Option<String>,
    #[prop(into)] done: Callback<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    // It opens once it stands in the document.
    request_animation_frame(move || {
        let _ = open.try_set(true);
    });
    Effect::new(move |before: Option<bool>| {
        let is = open.get();
        if before == Some(true) && !is {
            done.run(false);
        }
        is
    });
    view! {
        <Dialog open title=t("Xác nhận lại danh tính")>
            <p>{t("Đã lâu kể từ lần bạn đăng nhập. Trước khi ký số hoặc đổi những gì bảo vệ tài khoản, cổng cần biết vẫn đúng là bạn.")}</p>
            {match method {
                SignInMethod::OpenId => view! { <Elsewhere open provider=provider.clone()/> }.into_any(),
                SignInMethod::Password => view! { <Secrets state open done with_code=false/> }.into_any(),
                SignInMethod::PasswordAndCode => view! { <Secrets state open done with_code=true/> }.into_any(),
            }}
        </Dialog>
    }
}

/// Who signed in at a provider of identities proves there who they are, and comes back to this screen.
#[component]
fn Elsewhere(open: RwSignal<bool>, provider: Option<String>) -> impl IntoView {
    let here = window().location().pathname().unwrap_or_default();
    let way = provider.map(|provider| {
        let next = js_sys::encode_uri_component(&here);
        format!("/api/oidc/{provider}/start?next={next}&fresh=1")
    });
    view! {
        <p>{if way.is_some() {
            t("Bạn đã đăng nhập qua hệ thống định danh. Hãy xác nhận tại đó rồi làm lại bước vừa rồi; những gì bạn đã nhập vẫn được giữ trên thiết bị này.")
        } else {
            t("Bạn đã đăng nhập qua hệ thống định danh. Vui lòng đăng xuất rồi đăng nhập lại; những gì bạn đã nhập vẫn được giữ trên thiết bị này.")
        }}</p>
        <p class="row">
            // No screen of ours: the browser goes there itself.
            {way.map(|way| view! { <a class="button primary" rel="external" href=way on:click=move |_| go_away_to_sign_in(on_shared_device())>{t("Xác nhận tại hệ thống định danh")}</a> })}
            <button type="button" class="button" on:click=move |_| open.set(false)>{t("Đóng")}</button>
        </p>
    }
}

#[component]
fn Secrets(
    state: SessionState,
    open: RwSignal<bool>,
    done: Callback<bool>,
    with_code: bool,
) -> impl IntoView {
    let [secret, typed] = [(); 2].map(|()| RwSignal::new(String::new()));
    let wanted = RwSignal::new(with_code);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let told = move |error: &ApiError| {
        // Codes were set up on another device since.
        if error.code == ProblemCode::CodeRequired {
            wanted.set(true);
            focus("confirm-code");
            return;
        }
        let (sentence, field) = match error.code {
            ProblemCode::WrongCredentials => {
                (t("Mật khẩu chưa đúng.").to_owned(), "confirm-password")
            }
            ProblemCode::WrongCode => (text::api(error), "confirm-code"),
            _ => (text::api(error), "confirm-password"),
        };
        trouble.set(Some(sentence));
        focus(field);
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        trouble.set(None);
        busy.set(true);
        let asked = ConfirmSession {
            password: secret.get_untracked(),
            code: typed.get_untracked(),
        };
        spawn_local(async move {
            let answer = api::access::confirm(&asked).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(session) => {
                    state.begin(session);
                    done.run(true);
                }
                Err(error) => told(&error),
            }
        });
    };
    view! {
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        <form novalidate on:submit=send>
            <TextField id="confirm-password" label=t("Mật khẩu") kind="password" autocomplete="current-password" required=true
                value=secret on_input=move |text| secret.set(text)/>
            <Show when=move || wanted.get()>
                <TextField id="confirm-code" label=t("Mã xác thực") hint=t("6 chữ số trong ứng dụng xác thực, hoặc một mã khôi phục.") autocomplete="one-time-code" required=true
                    value=typed on_input=move |text| typed.set(text)/>
            </Show>
            <p class="row">
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Xác nhận và tiếp tục")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
            </p>
        </form>
    }
}
