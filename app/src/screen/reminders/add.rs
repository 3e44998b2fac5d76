//! A new reminder.

use super::Known;
use crate::part::field::{ChoiceField, DateField, TextField};
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::notice::{AddReminder, DAYS_BEFORE_MAX, ReminderAbout, Reminders};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// The value of the choice that is one's own note.
const NOTE: &str = "note";

/// The form.
#[component]
pub fn Add(list: Reminders, known: Known) -> impl IntoView {
    let mut options: Vec<(String, String)> = Vec::new();
    let mut abouts: Vec<(String, ReminderAbout)> = Vec::new();
    for line in &list.dossiers {
        let value = line.id.to_string();
        options.push((
            value.clone(),
            fill("Hẹn trả hồ sơ {}: {}", &[&line.code, &line.procedure_name]),
        ));
        abouts.push((value, ReminderAbout::Dossier { dossier: line.id }));
    }
    for certificate in &list.certificates {
        let value = certificate.serial.to_string();
        options.push((
            value.clone(),
            fill(
                "Chứng thư số của {} hết hạn {}",
                &[&certificate.issuer, &format::day(certificate.valid_to)],
            ),
        ));
        abouts.push((
            value,
            ReminderAbout::Certificate {
                serial: certificate.serial.clone(),
            },
        ));
    }
    options.push((NOTE.to_owned(), t("Ghi chú của riêng tôi").to_owned()));
    let abouts = StoredValue::new(abouts);
    let what = RwSignal::new(String::new());
    let (note, day) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let days = RwSignal::new("3".to_owned());
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let chosen = what.get_untracked();
        let about = if chosen == NOTE {
            let (text, day) = (note.get_untracked(), day.get_untracked());
            (!text.trim().is_empty() && contract::dossier::is_date(&day))
                .then_some(ReminderAbout::Note { text, day })
        } else {
            abouts.with_value(|abouts| {
                abouts
                    .iter()
                    .find(|(value, _)| *value == chosen)
                    .map(|(_, about)| about.clone())
            })
        };
        let before = days
            .get_untracked()
            .trim()
            .parse::<u16>()
            .ok()
            .filter(|days| *days <= DAYS_BEFORE_MAX);
        let (Some(about), Some(days_before)) = (about, before) else {
            trouble.set(Some(fill(
                "Vui lòng chọn việc cần nhắc (với ghi chú: cả nội dung và ngày), và số ngày từ 0 đến {}.",
                &[&DAYS_BEFORE_MAX],
            )));
            return;
        };
        trouble.set(None);
        busy.set(true);
        spawn_local(async move {
            let new = AddReminder {
                id: Uuid::new_v4(),
                about,
                days_before,
            };
            match api::after::add_reminder(&new).await {
                Ok(newest) => {
                    let _ = known.try_set(Some(Ok(newest)));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="add">
            <h2 id="add">{t("Thêm lời nhắc")}</h2>
            <form on:submit=add>
                <ChoiceField id="remind-what" label=t("Nhắc về") options=Signal::derive(move || options.clone()) value=what on_input=move |text| what.set(text) required=true/>
                <Show when=move || what.get() == NOTE>
                    <TextField id="remind-note" label=t("Nội dung") value=note on_input=move |text| note.set(text) required=true/>
                    <DateField id="remind-day" label=t("Ngày") value=day on_input=move |text| day.set(text) required=true/>
                </Show>
                <TextField id="remind-days" label=t("Nhắc trước bao nhiêu ngày") kind="number" width="short" value=days on_input=move |text| days.set(text) required=true/>
                {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
                <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Thêm lời nhắc")}</button></p>
            </form>
        </section>
    }
}
