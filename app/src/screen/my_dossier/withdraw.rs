//! `Rút hồ sơ`, with a question before.

use super::Shown;
use crate::part::dialog::Dialog;
use crate::part::field::LongField;
use crate::part::notice::{Notice, Tone};
use crate::part::seen::Seen;
use crate::text::t;
use crate::{api, text};
use contract::dossier::DossierStatus;
use contract::life::{WITHDRAWABLE, WithdrawDossier};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// The button and its dialog, where the state allows it.
#[component]
pub fn Withdraw(id: Uuid, status: DossierStatus, version: i64, found: Shown) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let withdraw = move |_| {
        busy.set(true);
        spawn_local(async move {
            let body = WithdrawDossier {
                reason: reason.get_untracked(),
                version,
            };
            match api::after::withdraw(id, &body).await {
                Ok(newest) => {
                    let _ = open.try_set(false);
                    let _ = found.try_set(Some(Ok(Seen::now(newest))));
                    // The button goes: there is nothing left to take back.
                    crate::part::focus("dossier-title");
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    WITHDRAWABLE.contains(&status).then(|| view! {
        <p class="apart"><button type="button" class="button quiet" on:click=move |_| open.set(true)>{t("Rút hồ sơ")}</button></p>
        <Dialog open title=t("Rút hồ sơ")>
            <p>{t("Hồ sơ sẽ không được giải quyết nữa và không khôi phục được. Nếu còn cần, bạn phải nộp hồ sơ mới.")}</p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            <LongField id="withdraw-reason" label=t("Lý do (không bắt buộc)") value=reason on_input=move |text| reason.set(text)/>
            <p class="row end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Giữ hồ sơ")}</button>
                <button type="button" class="button danger" aria-busy=move || busy.get().to_string() disabled=move || busy.get() on:click=withdraw>{t("Xác nhận rút hồ sơ")}</button>
            </p>
        </Dialog>
    })
}
