//! All tables of the screen as one workbook: numbers stay numbers.

use super::{COLUMNS, shown};
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::text::t;
use contract::spreadsheet::{Cell, Sheet, workbook};
use contract::statistics::{Figures, FiguresOf, Statistics};
use leptos::prelude::*;

/// Media type.
const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn sheet(name: &str, first: &str, list: &[FiguresOf]) -> Option<Sheet> {
    if list.is_empty() {
        return None;
    }
    let text = |words: &str| Cell::Text(words.to_owned());
    let mut head = vec![text(first)];
    head.extend(COLUMNS.into_iter().map(|(label, _)| text(t(label))));
    head.extend([t("Tỷ lệ đúng hạn"), t("Trung vị (phút)"), t("P90 (phút)")].map(text));
    let mut rows = vec![head];
    for line in list {
        let figures = line.figures;
        let mut row = vec![Cell::Text(shown(&line.name))];
        row.extend(
            COLUMNS
                .into_iter()
                .map(|(_, read)| Cell::Number(read(&figures))),
        );
        row.push(
            Figures::share(figures.on_time, figures.on_time + figures.late)
                .map_or(Cell::Empty, Cell::Share),
        );
        let minutes = [
            line.spread.map(|spread| spread.median),
            line.spread.map(|spread| spread.p90),
        ];
        row.extend(minutes.map(|minutes| {
            minutes.map_or(Cell::Empty, |minutes| Cell::Number(u64::from(minutes)))
        }));
        rows.push(row);
    }
    Some(Sheet {
        name: name.to_owned(),
        rows,
    })
}

/// The button.
#[component]
pub fn Workbook(told: Statistics) -> impl IntoView {
    let total = FiguresOf {
        name: t("Tổng cộng").to_owned(),
        figures: told.total,
        spread: told.spread,
    };
    let sheets: Vec<Sheet> = [
        sheet(t("Tổng cộng"), t("Tổng cộng"), &[total]),
        sheet(t("Theo tháng nộp"), t("Tháng"), &told.months),
        sheet(t("Theo cơ quan"), t("Cơ quan"), &told.agencies),
        sheet(t("Theo lĩnh vực"), t("Lĩnh vực"), &told.fields),
    ]
    .into_iter()
    .flatten()
    .collect();
    let save = move |_| {
        if let Some(blob) = blob_as(&workbook(&sheets), KIND) {
            save_blob(&blob, "thong-ke.xlsx");
        }
    };
    view! { <p><button type="button" class="button" on:click=save>{t("Tải tất cả bảng (XLSX)")}</button></p> }
}
