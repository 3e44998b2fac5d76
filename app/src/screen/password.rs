//! `Đổi mật khẩu`.

use crate::api;
use crate::part::field::TextField;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{self, t};
use contract::problem::ProblemCode;
use contract::session::{ChangePassword, PASSWORD_MIN, PasswordFault, password_fault};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Password() -> impl IntoView {
    title(t("Đổi mật khẩu"));
    let state = session();
    view! {
        <div class="wrap narrow">
            <h1>{t("Đổi mật khẩu")}</h1>
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <super::dossier::SignInFirst/> }.into_any(),
                Who::Somebody(_) => view! { <Change/> }.into_any(),
            }}
        </div>
    }
}

/// What is wrong with a new password, in words.
pub fn fault(fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort => {
            text::fill("Mật khẩu mới cần ít nhất {} ký tự.", &[&PASSWORD_MIN])
        }
        PasswordFault::TooLong => t("Mật khẩu mới quá dài.").into(),
        PasswordFault::DigitsOnly => {
            t("Mật khẩu mới không được chỉ gồm chữ số. Hãy thêm chữ cái.").into()
        }
        PasswordFault::Same => t("Mật khẩu mới phải khác mật khẩu hiện tại.").into(),
    }
}

#[component]
fn Change() -> impl IntoView {
    let [current, wanted, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let [current_wrong, wanted_wrong, again_wrong] =
        [(); 3].map(|()| RwSignal::new(None::<String>));
    let told: RwSignal<Option<(Tone, String)>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let change = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let asked = ChangePassword {
            current: current.get_untracked(),
            wanted: wanted.get_untracked(),
        };
        told.set(None);
        current_wrong.set(
            asked
                .current
                .is_empty()
                .then(|| t("Vui lòng nhập mật khẩu hiện tại.").to_owned()),
        );
        wanted_wrong.set(password_fault(&asked).map(fault));
        again_wrong.set(
            (again.get_untracked() != asked.wanted)
                .then(|| t("Hai lần nhập mật khẩu mới chưa giống nhau.").to_owned()),
        );
        let first = [
            (current_wrong, "password"),
            (wanted_wrong, "new-password"),
            (again_wrong, "new-password-again"),
        ]
        .into_iter()
        .find(|(wrong, _)| wrong.with_untracked(Option::is_some));
        if let Some((_, id)) = first {
            crate::part::focus(id);
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let result = match api::password::change(&asked).await {
                Ok(()) => {
                    for value in [current, wanted, again] {
                        let _ = value.try_set(String::new());
                    }
                    (
                        Tone::Good,
                        t("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất.").to_owned(),
                    )
                }
                Err(error) if error.code == ProblemCode::WrongCredentials => {
                    let _ = current_wrong.try_set(Some(t("Mật khẩu hiện tại chưa đúng.").into()));
                    crate::part::focus("password");
                    let _ = busy.try_set(false);
                    return;
                }
                Err(error) => (Tone::Bad, text::api(&error)),
            };
            let _ = told.try_set(Some(result));
            let _ = busy.try_set(false);
        });
    };
    view! {
        {move || told.get().map(|(tone, sentence)| view! { <Notice tone>{sentence}</Notice> })}
        <form on:submit=change novalidate>
            <TextField id="password" label=t("Mật khẩu hiện tại") kind="password" autocomplete="current-password" required=true
                value=current error=current_wrong on_input=move |text| current.set(text)/>
            <TextField id="new-password" label=t("Mật khẩu mới") kind="password" autocomplete="new-password" required=true
                hint=text::fill("Ít nhất {} ký tự, không chỉ gồm chữ số. Một câu dễ nhớ là tốt nhất.", &[&PASSWORD_MIN])
                value=wanted error=wanted_wrong on_input=move |text| wanted.set(text)/>
            <TextField id="new-password-again" label=t("Nhập lại mật khẩu mới") kind="password" autocomplete="new-password" required=true
                value=again error=again_wrong on_input=move |text| again.set(text)/>
            <p><button type="submit" class="button primary" disabled=move || busy.get()>{t("Đổi mật khẩu")}</button></p>
        </form>
    }
}
