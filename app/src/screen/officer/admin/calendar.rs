//! Days that are not worked, and those worked in exchange, year by year.

use crate::format;
use crate::part::field::{DateField, TextField};
use crate::screen::officer::wrong::Wrong;
use crate::text::form::fault;
use crate::text::{fill, t};
use contract::date::Date;
use contract::edition::{CalendarDay, CalendarDays};
use contract::form::Fault;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Days that are added at once: a holiday of more than a month is a slip of the pen.
const MOST: i32 = 31;

type Of = RwSignal<CalendarDays>;
type List = fn(&mut CalendarDays) -> &mut Vec<CalendarDay>;

fn year(day: &CalendarDay) -> String {
    day.day.chars().take(4).collect()
}

/// The form.
#[component]
pub fn CalendarForm(of: Of) -> impl IntoView {
    let years = Memo::new(move |_| {
        of.with(|of| {
            let years: BTreeSet<String> = of.off.iter().chain(&of.on).map(year).collect();
            years.into_iter().rev().collect::<Vec<_>>()
        })
    });
    let shown = RwSignal::new(
        years
            .with_untracked(|years| years.first().cloned())
            .unwrap_or_default(),
    );
    view! {
        <div class="tabs" role="group" aria-label=t("Năm")>
            {move || years.get().into_iter().map(|year| {
                let (is, to) = (year.clone(), year.clone());
                view! { <button type="button" aria-pressed=move || (shown.get() == is).to_string() on:click=move |_| shown.set(to.clone())>{year}</button> }
            }).collect_view()}
        </div>
        <Days of shown off=true/>
        <Days of shown off=false/>
        <Add of shown/>
    }
}

const fn list(off: bool) -> List {
    if off {
        |of| &mut of.off
    } else {
        |of| &mut of.on
    }
}

/// The days of one list in the year that is shown.
#[component]
fn Days(of: Of, shown: RwSignal<String>, off: bool) -> impl IntoView {
    let days = Memo::new(move |_| {
        let year_shown = shown.get();
        of.with(|of| {
            let mut days: Vec<CalendarDay> = (if off { &of.off } else { &of.on })
                .iter()
                .filter(|day| year(day) == year_shown)
                .cloned()
                .collect();
            days.sort_by(|a, b| a.day.cmp(&b.day));
            days
        })
    });
    view! {
        <section class="card">
            <h2>{if off { t("Ngày nghỉ") } else { t("Ngày làm bù") }}</h2>
            {move || days.with(Vec::is_empty).then(|| view! { <p class="hint">{t("Chưa có ngày nào trong năm này.")}</p> })}
            <ul class="plain days">
                {move || days.get().into_iter().map(|day| {
                    let gone = day.clone();
                    view! {
                        <li>
                            <strong>{format::date(&day.day)}</strong><span>{day.name}</span>
                            <button type="button" class="button small" aria-label=fill("Bỏ ngày {}", &[&format::date(&day.day)])
                                on:click=move |_| of.update(|of| list(off)(of).retain(|other| other != &gone))>{t("Bỏ")}</button>
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
}

/// One day more, or all days of a holiday that is several days long.
#[component]
fn Add(of: Of, shown: RwSignal<String>) -> impl IntoView {
    let from = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let wrong = Wrong::none();
    let malformed = t("Ngày chưa đúng. Vui lòng nhập theo dạng ngày/tháng/năm.");
    let add = move |off: bool| {
        let Ok(first) = from.get_untracked().parse::<Date>() else {
            return wrong.at("day-from", malformed);
        };
        let until_text = until.get_untracked();
        let last = match until_text.parse::<Date>() {
            _ if until_text.trim().is_empty() => first,
            Err(_) => return wrong.at("day-until", malformed),
            Ok(last) => last,
        };
        if last < first {
            return wrong.at("day-until", &fault(Fault::Before(first)));
        }
        if last > first.plus_days(MOST - 1) {
            return wrong.at(
                "day-until",
                &fill("Mỗi lần thêm nhiều nhất {} ngày.", &[&MOST]),
            );
        }
        let mut day = first;
        of.update(|of| {
            let days = list(off)(of);
            for _ in 0..MOST {
                if day > last {
                    break;
                }
                let text = day.to_string();
                if days.iter().all(|other| other.day != text) {
                    days.push(CalendarDay {
                        day: text,
                        name: name.get_untracked().trim().to_owned(),
                    });
                }
                day = day.plus_days(1);
            }
            days.sort_by(|a, b| a.day.cmp(&b.day));
        });
        shown.set(format!("{:04}", first.year()));
        from.set(String::new());
        until.set(String::new());
    };
    view! {
        <fieldset class="card">
            <legend>{t("Thêm ngày")}</legend>
            <div class="pair">
                <DateField id="day-from" label=t("Từ ngày") value=from error=wrong.of("day-from") on_input=move |text| { wrong.clear(); from.set(text); }/>
                <DateField id="day-until" label=t("Đến ngày") hint=t("Để trống nếu chỉ một ngày.") value=until error=wrong.of("day-until") on_input=move |text| { wrong.clear(); until.set(text); }/>
            </div>
            <TextField id="day-name" label=t("Tên ngày nghỉ") hint=t("Ghi “Tết Âm lịch” cho các ngày Tết: cổng nhắc khi năm nào còn thiếu.") value=name on_input=move |text| name.set(text)/>
            <p class="row">
                <button type="button" class="button" on:click=move |_| add(true)>{t("Thêm ngày nghỉ")}</button>
                <button type="button" class="button" on:click=move |_| add(false)>{t("Thêm ngày làm bù")}</button>
            </p>
        </fieldset>
    }
}
