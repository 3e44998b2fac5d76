//! Which notices come by e-mail too. A tick is kept at once.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, n, t};
use crate::{api, text};
use contract::notice::MailChoices;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// A kind, its words, how it is read and changed.
type Kind = (
    &'static str,
    fn(&MailChoices) -> bool,
    fn(&mut MailChoices, bool),
);

const KINDS: [Kind; 3] = [
    (
        n("Khi hồ sơ đổi trạng thái hoặc cần bổ sung"),
        |choices| choices.status,
        |choices, wanted| choices.status = wanted,
    ),
    (
        n("Khi cán bộ gửi tin nhắn"),
        |choices| choices.message,
        |choices, wanted| choices.message = wanted,
    ),
    (
        n("Khi đến lúc nhắc việc"),
        |choices| choices.reminder,
        |choices, wanted| choices.reminder = wanted,
    ),
];

/// The three ticks.
#[component]
pub fn MailChoice() -> impl IntoView {
    let state = session();
    let known: RwSignal<Option<Result<MailChoices, api::ApiError>>> =
        crate::part::load(api::after::mail_choices());
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let change = move |edit: fn(&mut MailChoices, bool), wanted: bool| {
        let Some(Ok(mut choices)) = known.get_untracked() else {
            return;
        };
        edit(&mut choices, wanted);
        spawn_local(async move {
            match api::after::choose_mail(&choices).await {
                Ok(kept) => {
                    let _ = known.try_set(Some(Ok(kept)));
                    let _ = trouble.try_set(None);
                    say(t("Đã lưu lựa chọn."));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                    // The tick goes back to what is kept.
                    known.notify();
                }
            }
        });
    };
    let address = move || {
        state
            .account()
            .and_then(|account| account.person.email)
            .filter(|address| !address.is_empty())
    };
    view! {
        <section class="card" aria-labelledby="mail">
            <h2 id="mail">{t("Nhận qua email")}</h2>
            {move || match address() {
                Some(address) => view! { <p>{fill("Gửi tới {}.", &[&address])}" "<A href="/thong-tin-ca-nhan">{t("Đổi địa chỉ email")}</A></p> }.into_any(),
                None => view! { <p>{t("Bạn chưa ghi địa chỉ email nên cổng chưa gửi email.")}" "<A href="/thong-tin-ca-nhan">{t("Ghi địa chỉ email")}</A></p> }.into_any(),
            }}
            {move || match known.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(choices)) => KINDS.into_iter().map(|(label, read, edit)| view! {
                    <label class="choice"><input type="checkbox" prop:checked=read(&choices) on:change=move |event| change(edit, event_target_checked(&event))/>{t(label)}</label>
                }).collect_view().into_any(),
            }}
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            <p class="hint">{t("Email chỉ ghi họ tên của bạn, mã hồ sơ và trạng thái.")}</p>
        </section>
    }
}
