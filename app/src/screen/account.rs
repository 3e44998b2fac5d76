//! `Thông tin cá nhân`: what dossiers are filled in with.

use crate::part::confirm::confirmed;
use crate::part::field::{ErrorSummary, Told};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::person::{PersonForm, ReachFields, WhoFields, label_of};
use crate::part::{focus, title};
use crate::session::{Who, session};
use crate::text::{fill, n, t};
use crate::{api, text};
use contract::date::Date;
use contract::session::{Account as Owner, Person, check_person};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

const HEADING: &str = n("Thông tin cá nhân");

/// The screen.
#[component]
pub fn Account() -> impl IntoView {
    title(t(HEADING));
    let state = session();
    let told: RwSignal<Option<(Tone, String)>> = RwSignal::new(None);
    // Saving replaces the account; the form and the focus in it stay for the same person.
    let whose = Memo::new(move |_| match state.who.get() {
        Who::Asking => None,
        Who::Nobody => Some(None),
        Who::Somebody(account) => Some(Some(account.id)),
    });
    view! {
        <div class="wrap">
            <h1>{t(HEADING)}</h1>
            {move || match whose.get() {
                None => view! { <Loading/> }.into_any(),
                Some(None) => view! { <super::dossier::SignInFirst/> }.into_any(),
                Some(Some(_)) => state.account_now().map(|account| view! { <Edit account told/> }).into_any(),
            }}
            {move || told.get().map(|(tone, sentence)| view! { <Notice tone>{sentence}</Notice> })}
        </div>
    }
}

#[component]
fn Edit(account: Owner, told: RwSignal<Option<(Tone, String)>>) -> impl IntoView {
    let state = session();
    let person = RwSignal::new(account.person.applicant());
    let busy = RwSignal::new(false);
    let faults = Told::new(move || {
        person.with_untracked(|person| check_person(person, Date::in_vietnam(state.now())))
    });
    let form = PersonForm::new(
        faults,
        "",
        Memo::new(move |_| person.get()),
        move |part, text| {
            told.set(None);
            person.update(|person| *part(person) = text);
        },
    );
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        told.set(None);
        if !faults.is_right(|pointer| label_of(pointer.trim_start_matches('/')).to_owned()) {
            title(&fill("Lỗi: {}", &[&t(HEADING)]));
            focus("error-summary");
            return;
        }
        title(t(HEADING));
        let typed = person.with_untracked(Person::of);
        busy.set(true);
        spawn_local(async move {
            let result = match confirmed(state, || api::save_person(&typed)).await {
                Ok(account) => {
                    state.who.set(Who::Somebody(account));
                    (
                        Tone::Good,
                        t("Đã lưu thông tin cá nhân. Hồ sơ bạn bắt đầu từ bây giờ sẽ được điền sẵn.")
                            .to_owned(),
                    )
                }
                Err(error) => (Tone::Bad, text::api(&error)),
            };
            let _ = busy.try_set(false);
            let _ = told.try_set(Some(result));
        });
    };
    let number = account.person.citizen_id.as_ref().map(ToString::to_string);
    view! {
        <p class="lead">{t("Hồ sơ mới được điền sẵn từ những thông tin này. Bạn vẫn sửa được trên từng hồ sơ.")}</p>
        <ErrorSummary errors=faults.summary() mended=faults.mended()/>
        <dl class="facts">
            <div><dt>{t("Họ và tên")}</dt><dd>{account.name.to_string()}</dd></div>
            {number.map(|number| view! { <div><dt>{t("Số CMND/CCCD")}</dt><dd>{number}</dd></div> })}
        </dl>
        <p class="hint">{t("Họ tên và số định danh lấy từ tài khoản, không sửa ở đây.")}</p>
        <p><A href="/bao-mat">{t("Bảo mật tài khoản: các thiết bị đang dùng, xác thực hai bước, mật khẩu")}</A></p>
        <form novalidate class="wizard" on:submit=save>
            <fieldset class="section">
                <legend>{t("Giấy tờ và nhân thân")}</legend>
                <WhoFields form known=true/>
            </fieldset>
            <fieldset class="section">
                <legend>{t("Liên hệ và nơi ở")}</legend>
                <ReachFields form/>
            </fieldset>
            <div class="row end">
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Lưu lại")}</button>
            </div>
        </form>
    }
}
