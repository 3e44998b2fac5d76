//! An officer lost the device with the authenticator app: the administrator takes the codes away, so that new ones can be set up.

use crate::part::confirm::confirmed;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, t};
use crate::{api, text};
use contract::right::OfficerRights;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The question, while there is an officer to ask about.
#[component]
pub fn Lost(
    officer: RwSignal<Option<OfficerRights>>,
    #[prop(into)] done: Callback<OfficerRights>,
) -> impl IntoView {
    let state = session();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    Effect::new(move |_| {
        if officer.with(Option::is_some) {
            trouble.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            officer.set(None);
        }
    });
    let remove = move |_| {
        let Some(mut of) = officer.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let id = of.id;
            let answer = confirmed(state, || api::access::remove_second_factor_of(id)).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = open.try_set(false);
                    say(fill("Đã gỡ xác thực hai bước của {}.", &[&of.name]));
                    of.second_factor = false;
                    let _ = done.try_run(of);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <Dialog open title=t("Gỡ xác thực hai bước")>
            {move || officer.get().map(|of| view! { <p><strong>{of.name}</strong>" · "<span class="code">{of.user_name}</span>" · "{of.agency}</p> })}
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <p>{t("Chỉ gỡ khi đã gặp và nhận ra đúng người: cán bộ sẽ bị đăng xuất ở mọi nơi, đăng nhập lại bằng mật khẩu và phải bật xác thực hai bước mới. Việc này được ghi vào nhật ký.")}</p>
            <p class="row">
                <button type="button" class="button danger" aria-busy=move || busy.get().to_string() on:click=remove>{t("Gỡ")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
            </p>
        </Dialog>
    }
}
