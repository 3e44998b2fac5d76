//! `Thống kê`: totals for everybody; for who leads, administers or audits also by agency, field and month. Every bar is a row of a table.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::session::session;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::right::{Action, may_at_desk};
use contract::statistics::{Figures, FiguresOf, Statistics as Told};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A column of a table: its name, and how it is read.
type Column = (&'static str, fn(&Figures) -> u64);

const COLUMNS: [Column; 6] = [
    (n("Tiếp nhận trên cổng"), |of| of.received),
    (n("Đúng hạn"), |of| of.on_time),
    (n("Trễ hạn"), |of| of.late),
    (n("Quá hạn chưa xong"), |of| of.overdue),
    (n("Không được tiếp nhận"), |of| of.refused),
    (n("Có ký số"), |of| of.signed),
];

/// The screen.
#[component]
pub fn Statistics() -> impl IntoView {
    title(t("Thống kê"));
    let state = session();
    let told: RwSignal<Option<Result<Told, api::ApiError>>> = RwSignal::new(None);
    Effect::new(move |_| {
        let whole = state
            .account()
            .is_some_and(|account| may_at_desk(&account.grants, Action::Statistics));
        spawn_local(async move {
            let answer = if whole {
                api::desk::statistics().await
            } else {
                api::desk::public_statistics().await.map(|told| Told {
                    at: told.at,
                    total: told.total,
                    agencies: Vec::new(),
                    fields: Vec::new(),
                    months: told.months,
                })
            };
            let _ = told.try_set(Some(answer));
        });
    });
    view! {
        <div class="wrap statistics">
            <h1>{t("Thống kê")}</h1>
            {move || match told.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(told)) => view! { <Numbers told/> }.into_any(),
            }}
        </div>
    }
}

/// A share with one decimal, as Vietnamese writes it.
fn percent(part: u64, whole: u64) -> String {
    Figures::share(part, whole).map_or_else(
        || "–".to_owned(),
        |tenths| format!("{},{} %", tenths / 10, tenths % 10),
    )
}

#[component]
fn Numbers(told: Told) -> impl IntoView {
    let total = told.total;
    let ended = total.on_time + total.late;
    let cards = [
        (t("Hồ sơ nộp trực tuyến"), total.received.to_string()),
        (t("Giải quyết đúng hạn"), percent(total.on_time, ended)),
        (t("Hồ sơ có ký số"), percent(total.signed, total.received)),
        (
            t("Phải bổ sung"),
            percent(total.supplemented, total.received),
        ),
    ];
    view! {
        <p>{fill("Hồ sơ nộp trong 12 tháng gần nhất, tính đến {}.", &[&format::moment(told.at)])}</p>
        <ul class="figures">
            {cards.into_iter().map(|(label, value)| view! { <li><strong>{value}</strong><span>{label}</span></li> }).collect_view()}
        </ul>
        <p class="hint">{t("Đúng hạn: giải quyết xong không muộn hơn ngày hẹn trả, trừ thời gian chờ công dân bổ sung; yêu cầu bổ sung hơn một lần được tính là trễ hạn.")}</p>
        <Group heading=t("Theo tháng nộp") first=t("Tháng") list=told.months file="thong-ke-thang.csv"/>
        <Group heading=t("Theo cơ quan") first=t("Cơ quan") list=told.agencies file="thong-ke-co-quan.csv"/>
        <Group heading=t("Theo lĩnh vực") first=t("Lĩnh vực") list=told.fields file="thong-ke-linh-vuc.csv"/>
    }
}

/// A month as people write it; other names as they are.
fn shown(name: &str) -> String {
    match name.split_once('-') {
        Some((year, month)) if year.len() == 4 && month.len() == 2 => format!("{month}/{year}"),
        _ => name.to_owned(),
    }
}

fn table(first: &str, list: &[FiguresOf]) -> String {
    // The mark of UTF-8, without which spreadsheets read Vietnamese wrongly.
    let mut text = format!("\u{feff}\"{first}\"");
    for (label, _) in COLUMNS {
        text.push_str(&format!(",\"{}\"", t(label)));
    }
    text.push_str("\r\n");
    for line in list {
        text.push_str(&format!("\"{}\"", shown(&line.name).replace('"', "\"\"")));
        for (_, read) in COLUMNS {
            text.push_str(&format!(",{}", read(&line.figures)));
        }
        text.push_str("\r\n");
    }
    text
}

/// Bars, and the table they are drawn from.
#[component]
fn Group(
    heading: &'static str,
    first: &'static str,
    list: Vec<FiguresOf>,
    file: &'static str,
) -> impl IntoView {
    if list.is_empty() {
        return ().into_any();
    }
    let most = list
        .iter()
        .map(|line| line.figures.received)
        .max()
        .unwrap_or(0)
        .max(1);
    let text = table(first, &list);
    let save = move |_| {
        if let Some(blob) = blob_as(text.as_bytes(), "text/csv") {
            save_blob(&blob, file);
        }
    };
    view! {
        <section>
            <h2>{heading}</h2>
            <ul class="bars" aria-hidden="true">
                {list.iter().take(12).map(|line| {
                    let wide = format!("{}%", line.figures.received * 100 / most);
                    view! { <li><span class="of">{shown(&line.name)}</span><span class="bar"><span style:width=wide></span></span><span class="number">{line.figures.received}</span></li> }
                }).collect_view()}
            </ul>
            <table class="responsive">
                <caption class="visually-hidden">{heading}</caption>
                <thead><tr>
                    <th scope="col">{first}</th>
                    {COLUMNS.into_iter().map(|(label, _)| view! { <th scope="col" class="count">{t(label)}</th> }).collect_view()}
                    <th scope="col" class="count">{t("Tỷ lệ đúng hạn")}</th>
                </tr></thead>
                <tbody>
                    {list.into_iter().map(|line| {
                        let figures = line.figures;
                        view! {
                            <tr>
                                <th scope="row">{shown(&line.name)}</th>
                                {COLUMNS.into_iter().map(|(label, read)| view! { <td class="count" data-label=t(label)>{read(&figures)}</td> }).collect_view()}
                                <td class="count" data-label=t("Tỷ lệ đúng hạn")>{percent(figures.on_time, figures.on_time + figures.late)}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
            <p><button type="button" class="button" on:click=save>{t("Tải bảng CSV")}</button></p>
        </section>
    }
    .into_any()
}
