//! `Bảo mật tài khoản`: codes of an authenticator app, where the account is signed in, the password.

mod codes;
mod devices;

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{n, t};
use crate::{api, text};
use contract::access::SecondFactorState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

const HEADING: &str = n("Bảo mật tài khoản");

/// The screen.
#[component]
pub fn Security() -> impl IntoView {
    title(t(HEADING));
    let state = session();
    let whose = Memo::new(move |_| match state.who.get() {
        Who::Asking => None,
        Who::Nobody => Some(None),
        Who::Somebody(account) => Some(Some(account.id)),
    });
    view! {
        <div class="wrap narrow">
            <h1>{t(HEADING)}</h1>
            {move || match whose.get() {
                None => view! { <Loading/> }.into_any(),
                Some(None) => view! { <super::dossier::SignInFirst/> }.into_any(),
                Some(Some(_)) => view! { <Parts/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Parts() -> impl IntoView {
    let factor: RwSignal<Option<api::Answer<SecondFactorState>>> = RwSignal::new(None);
    let read = move || {
        spawn_local(async move {
            let answer = api::access::second_factor().await;
            let _ = factor.try_set(Some(answer));
        });
    };
    read();
    // Until codes are set up, nothing else is open to who has to set them up.
    let open = Memo::new(move |_| {
        factor.with(|factor| matches!(factor, Some(Ok(state)) if state.on || !state.demanded))
    });
    view! {
        {move || match factor.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(state)) => view! { <codes::Codes state changed=move |()| read()/> }.into_any(),
        }}
        <Show when=move || open.get()>
            <devices::Devices/>
            <section aria-labelledby="own-password">
                <h2 id="own-password">{t("Mật khẩu")}</h2>
                <p><A href="/doi-mat-khau">{t("Đổi mật khẩu")}</A></p>
            </section>
        </Show>
    }
}
