//! `Thông tin cá nhân`.

use crate::part::field::TextField;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::{api, text};
use contract::session::Account as Owner;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Account() -> impl IntoView {
    title("Thông tin cá nhân");
    let state = session();
    let told: RwSignal<Option<(Tone, String)>> = RwSignal::new(None);
    view! {
        <div class="wrap narrow">
            <h1>"Thông tin cá nhân"</h1>
            {move || told.get().map(|(tone, sentence)| view! { <Notice tone>{sentence}</Notice> })}
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <super::dossier::SignInFirst/> }.into_any(),
                Who::Somebody(account) => view! { <Edit account told/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Edit(
    account: Owner,
    /// Outlives this form: saving replaces the account, and with it the form.
    told: RwSignal<Option<(Tone, String)>>,
) -> impl IntoView {
    let state = session();
    let person = RwSignal::new(account.person);
    let phone = RwSignal::new(person.with_untracked(|person| {
        person
            .phone
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = phone.get_untracked();
        let mut person = person.get_untracked();
        person.phone = if typed.trim().is_empty() {
            None
        } else {
            match typed.parse() {
                Ok(phone) => Some(phone),
                Err(_) => {
                    told.set(Some((
                        Tone::Bad,
                        "Số điện thoại chưa đúng. Nhập 10 chữ số, bắt đầu bằng 0.".into(),
                    )));
                    return;
                }
            }
        };
        spawn_local(async move {
            let result = match api::save_person(&person).await {
                Ok(account) => {
                    state.who.set(Who::Somebody(account));
                    (Tone::Good, "Đã lưu thông tin cá nhân.".to_owned())
                }
                Err(error) => (Tone::Bad, text::api(&error)),
            };
            let _ = told.try_set(Some(result));
        });
    };
    macro_rules! line {
        ($id:literal, $label:literal, $field:ident, $kind:literal) => {
            view! {
                <TextField id=$id label=$label kind=$kind
                    value=Signal::derive(move || person.with(|person| person.$field.clone().unwrap_or_default()))
                    on_input=move |text: String| person.update(|person| person.$field = (!text.trim().is_empty()).then_some(text))/>
            }
        };
    }
    view! {
        <dl class="facts">
            <div><dt>"Họ và tên"</dt><dd>{account.name.to_string()}</dd></div>
            <div><dt>"Số CCCD/CMND"</dt><dd>{move || person.with(|person| person.citizen_id.as_ref().map(ToString::to_string))}</dd></div>
        </dl>
        <form on:submit=save>
            <TextField id="phone" label="Số điện thoại" kind="tel" autocomplete="tel" value=phone on_input=move |text| phone.set(text)/>
            {line!("email", "Email", email, "email")}
            {line!("id-issued-on", "Ngày cấp CCCD/CMND", id_issued_on, "date")}
            {line!("id-issued-by", "Nơi cấp", id_issued_by, "text")}
            {line!("born-on", "Ngày sinh", born_on, "date")}
            {line!("sex", "Giới tính", sex, "text")}
            {line!("nationality", "Quốc tịch", nationality, "text")}
            {line!("province", "Tỉnh/Thành phố", province, "text")}
            {line!("ward", "Phường/Xã", ward, "text")}
            {line!("address", "Địa chỉ", address, "text")}
            <p><button type="submit" class="button primary">"Lưu lại"</button></p>
        </form>
    }
}
