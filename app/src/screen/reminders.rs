//! `Đăng ký nhắc việc`: what to be reminded of and when, and which notices come by e-mail too.

mod add;
mod mail;

use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{api, format, text};
use add::Add;
use contract::notice::{Reminder, ReminderAbout, Reminders};
use leptos::prelude::*;
use leptos::task::spawn_local;
use mail::MailChoice;

/// What is known; whoever changes something puts the newest state here.
pub type Known = RwSignal<Option<Result<Reminders, api::ApiError>>>;

/// The screen.
#[component]
pub fn ReminderList() -> impl IntoView {
    title(t("Đăng ký nhắc việc"));
    let state = session();
    let known: Known = RwSignal::new(None);
    Effect::new(move |_| {
        if state.account().is_some() {
            spawn_local(async move {
                let list = api::after::reminders().await;
                let _ = known.try_set(Some(list));
            });
        }
    });
    view! {
        <div class="wrap narrow">
            <h1>{t("Đăng ký nhắc việc")}</h1>
            {move || match (state.who.get(), known.get()) {
                (Who::Nobody, _) => view! { <super::dossier::SignInFirst/> }.into_any(),
                (_, None) => view! { <Loading/> }.into_any(),
                (_, Some(Err(error))) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                (_, Some(Ok(list))) => view! {
                    <p>{t("Đến ngày bạn chọn, lời nhắc hiện ở mục Thông báo và gửi qua email nếu bạn muốn.")}</p>
                    <List reminders=list.reminders.clone() known/>
                    <Add list known/>
                }.into_any(),
            }}
            <Show when=move || state.account().is_some()><MailChoice/></Show>
        </div>
    }
}

#[component]
fn List(reminders: Vec<Reminder>, known: Known) -> impl IntoView {
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let remove = move |id| {
        spawn_local(async move {
            match api::after::remove_reminder(id).await {
                Ok(newest) => {
                    let _ = known.try_set(Some(Ok(newest)));
                    // The line goes, and the button that was pressed with it.
                    crate::part::focus("own");
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let none = reminders.is_empty();
    view! {
        <section aria-labelledby="own">
            <h2 id="own" tabindex="-1">{t("Việc sẽ nhắc")}</h2>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            {none.then(|| view! {
                <Empty shape=Shape::Paper title=t("Bạn chưa đăng ký nhắc việc nào.")>
                    <p>{t("Thêm lời nhắc ở ngay dưới đây.")}</p>
                </Empty>
            })}
            <ul class="notices">
                {reminders.into_iter().map(|reminder| {
                    let id = reminder.id;
                    let label = fill("Xóa lời nhắc: {}", &[&reminder.title]);
                    view! {
                        <li>
                            <p class="name">{what(&reminder)}</p>
                            <p>{reminder.title.clone()}</p>
                            <p class="hint">{when(&reminder)}</p>
                            <p><button type="button" class="button small" aria-label=label on:click=move |_| remove(id)>{t("Xóa")}</button></p>
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
}

fn what(reminder: &Reminder) -> String {
    let day = reminder.at.map(format::day);
    match (&reminder.about, day) {
        (ReminderAbout::Dossier { .. }, Some(day)) => fill("Hẹn trả kết quả ngày {}", &[&day]),
        (ReminderAbout::Dossier { .. }, None) => t("Hẹn trả kết quả (chưa có ngày)").to_owned(),
        (ReminderAbout::Certificate { .. }, day) => {
            fill("Chứng thư số hết hạn ngày {}", &[&day.unwrap_or_default()])
        }
        (ReminderAbout::Note { .. }, day) => {
            fill("Ghi chú cho ngày {}", &[&day.unwrap_or_default()])
        }
    }
}

fn when(reminder: &Reminder) -> String {
    match (reminder.told_at, reminder.fires_at) {
        (Some(told), _) => fill("Đã nhắc lúc {}", &[&format::moment(told)]),
        (None, Some(fires)) => fill(
            "Nhắc lúc {} (trước {} ngày)",
            &[&format::moment(fires), &reminder.days_before],
        ),
        (None, None) => fill(
            "Nhắc trước {} ngày, khi hồ sơ có ngày hẹn trả",
            &[&reminder.days_before],
        ),
    }
}
