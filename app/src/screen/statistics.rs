//! `Thống kê`: totals for everybody; for who leads, administers or audits also by agency, field and month. Every bar is a row of a table.

mod workbook;

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::session::session;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::right::{Action, may_at_desk};
use contract::statistics::{Figures, FiguresOf, OTHER, Reason, Statistics as Told};
use leptos::prelude::*;
use leptos::task::spawn_local;
use workbook::Workbook;

/// A column of a table: its name, and how it is read.
type Column = (&'static str, fn(&Figures) -> u64);

const COLUMNS: [Column; 8] = [
    (n("Tiếp nhận trên cổng"), |of| of.received),
    (n("Đúng hạn"), |of| of.on_time),
    (n("Trễ hạn"), |of| of.late),
    (n("Quá hạn chưa xong"), |of| of.overdue),
    (n("Không được tiếp nhận"), |of| of.refused),
    (n("Có ký số"), |of| of.signed),
    (n("Phải bổ sung"), |of| of.supplemented),
    (n("Trực tuyến toàn trình"), |of| of.whole_online),
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
                    spread: told.spread,
                    refusals: Vec::new(),
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

/// Minutes as days with one decimal.
fn days(minutes: Option<u32>) -> String {
    minutes.map_or_else(
        || "–".to_owned(),
        |minutes| {
            let tenths = (u64::from(minutes) * 10 + 720) / 1440;
            fill("{},{} ngày", &[&(tenths / 10), &(tenths % 10)])
        },
    )
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
        (t("Hồ sơ tiếp nhận"), total.received.to_string()),
        (t("Nộp trực tuyến"), percent(total.online, total.received)),
        (
            t("Trực tuyến toàn trình"),
            percent(total.whole_online, ended),
        ),
        (t("Giải quyết đúng hạn"), percent(total.on_time, ended)),
        (t("Hồ sơ có ký số"), percent(total.signed, total.received)),
        (
            t("Phải bổ sung"),
            percent(total.supplemented, total.received),
        ),
        (
            t("Thời gian giải quyết: một nửa số hồ sơ xong trong"),
            days(told.spread.map(|spread| spread.median)),
        ),
        (
            t("Chín phần mười số hồ sơ xong trong"),
            days(told.spread.map(|spread| spread.p90)),
        ),
    ];
    view! {
        <p>{fill("Hồ sơ nộp trong 12 tháng gần nhất, tính đến {}.", &[&format::moment(told.at)])}</p>
        <ul class="figures">
            {cards.into_iter().map(|(label, value)| view! { <li><strong>{value}</strong><span>{label}</span></li> }).collect_view()}
        </ul>
        <p class="hint">{t("Đúng hạn: giải quyết xong không muộn hơn ngày hẹn trả, trừ thời gian chờ công dân bổ sung; yêu cầu bổ sung hơn một lần được tính là trễ hạn.")}</p>
        <p class="hint">{t("Trực tuyến toàn trình: nộp trực tuyến, đã giải quyết xong và có kết quả điện tử. Thời gian giải quyết không tính thời gian chờ công dân bổ sung.")}</p>
        <Workbook told=told.clone()/>
        <Refusals list=told.refusals/>
        <Group heading=t("Theo tháng nộp") first=t("Tháng") list=told.months file="thong-ke-thang.csv"/>
        <Group heading=t("Theo cơ quan") first=t("Cơ quan") list=told.agencies file="thong-ke-co-quan.csv"/>
        <Group heading=t("Theo lĩnh vực") first=t("Lĩnh vực") list=told.fields file="thong-ke-linh-vuc.csv"/>
    }
}

/// Why dossiers were refused.
#[component]
fn Refusals(list: Vec<Reason>) -> impl IntoView {
    if list.is_empty() {
        return ().into_any();
    }
    view! {
        <section>
            <h2>{t("Lý do không tiếp nhận")}</h2>
            <table class="responsive">
                <caption class="visually-hidden">{t("Lý do không tiếp nhận")}</caption>
                <thead><tr><th scope="col">{t("Lý do")}</th><th scope="col" class="count">{t("Số hồ sơ")}</th></tr></thead>
                <tbody>
                    {list.into_iter().map(|reason| {
                        let name = if reason.name == OTHER { t("Lý do khác").to_owned() } else { reason.name };
                        view! { <tr><th scope="row">{name}</th><td class="count" data-label=t("Số hồ sơ")>{reason.number}</td></tr> }
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
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
    text.push_str(&format!(
        ",\"{}\",\"{}\"\r\n",
        t("Trung vị (phút)"),
        t("P90 (phút)")
    ));
    for line in list {
        text.push_str(&format!("\"{}\"", shown(&line.name).replace('"', "\"\"")));
        for (_, read) in COLUMNS {
            text.push_str(&format!(",{}", read(&line.figures)));
        }
        for minutes in [
            line.spread.map(|spread| spread.median),
            line.spread.map(|spread| spread.p90),
        ] {
            let minutes = minutes.map(|minutes| minutes.to_string());
            text.push_str(&format!(",{}", minutes.unwrap_or_default()));
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
                    <th scope="col" class="count">{t("Trung vị")}</th>
                    <th scope="col" class="count">{t("P90")}</th>
                </tr></thead>
                <tbody>
                    {list.into_iter().map(|line| {
                        let figures = line.figures;
                        view! {
                            <tr>
                                <th scope="row">{shown(&line.name)}</th>
                                {COLUMNS.into_iter().map(|(label, read)| view! { <td class="count" data-label=t(label)>{read(&figures)}</td> }).collect_view()}
                                <td class="count" data-label=t("Tỷ lệ đúng hạn")>{percent(figures.on_time, figures.on_time + figures.late)}</td>
                                <td class="count" data-label=t("Trung vị")>{days(line.spread.map(|spread| spread.median))}</td>
                                <td class="count" data-label=t("P90")>{days(line.spread.map(|spread| spread.p90))}</td>
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
