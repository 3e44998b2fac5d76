//! The list: a dense table, cards on a phone.

use super::column::Column;
use super::desk::{Desk, Standing};
use super::filters::channel;
use super::{deadline, mark};
use crate::part::notice::{Loading, Notice, Tone};
use crate::text::after::tone;
use crate::text::{fill, t};
use crate::{format, text};
use contract::inbox::{Deadline, InboxFilter, InboxLine, clock_runs};
use leptos::prelude::*;
use leptos_router::components::A;

/// Id of the link of a line: the keyboard goes there.
pub fn link_id(id: uuid::Uuid) -> String {
    format!("dossier-{id}")
}

/// What stands in a cell.
fn cell(column: Column, line: &InboxLine, desk: Desk) -> AnyView {
    let summary = &line.summary;
    match column {
        Column::Procedure => summary.procedure_name.clone().into_any(),
        Column::Applicant => summary.applicant.clone().into_any(),
        Column::Status => {
            view! { <span class=tone(summary.status)>{text::status(summary.status)}</span> }
                .into_any()
        }
        Column::Due => {
            let class = summary
                .due_at
                .filter(|_| clock_runs(summary.status))
                .and_then(|due| Deadline::of(due, desk.now()));
            match summary.due_at {
                None => view! { <span class="none" aria-label=t("chưa có")>"–"</span> }.into_any(),
                Some(due) => view! {
                    <span class="nowrap">{format::day(due)}</span>
                    {class.map(|class| view! { " "<span class=format!("due {}", mark(class))>{deadline(class)}</span> })}
                }
                .into_any(),
            }
        }
        Column::Submitted => {
            view! { <span class="nowrap">{format::moment(summary.submitted_at)}</span> }.into_any()
        }
        Column::Files => format!("{}/{}", summary.signed_files, summary.files).into_any(),
        Column::Holder => match &line.holder {
            Some(name) => name.clone().into_any(),
            None => view! { <span class="none" aria-label=t("chưa ai nhận")>"–"</span> }.into_any(),
        },
        Column::Agency => line.agency.clone().into_any(),
        Column::Channel => channel(line.channel).into_any(),
    }
}

/// The part.
#[component]
pub fn Lines(desk: Desk) -> impl IntoView {
    let count = move || desk.lines.with(Vec::len);
    let told = move || {
        let more = desk.next.with(Option::is_some);
        match (desk.standing.get(), count()) {
            (Standing::Here, count) if more => fill("Đang hiện {} hồ sơ, còn nữa", &[&count]),
            (Standing::Here, count) => fill("{} hồ sơ", &[&count]),
            _ => String::new(),
        }
    };
    let all = move || {
        let chosen = desk.chosen.with(std::collections::BTreeSet::len);
        chosen > 0 && chosen >= count().min(contract::inbox::BULK_MAX)
    };
    view! {
        <p class="desk-count" role="status">{told}</p>
        {move || match desk.standing.get() {
            Standing::Asking => view! { <Loading/> }.into_any(),
            Standing::Failed(error) => view! {
                <Notice tone=Tone::Bad>
                    <p>{text::api(&error)}</p>
                    <p><button type="button" class="button" on:click=move |_| desk.again()>{t("Thử lại")}</button></p>
                </Notice>
            }.into_any(),
            Standing::Here => ().into_any(),
        }}
        <Show when=move || desk.standing.get() == Standing::Here && count() == 0 && !desk.busy.get()>
            <div class="empty">
                <p>{move || if desk.filter.with(InboxFilter::narrows) { t("Không có hồ sơ nào khớp bộ lọc.") } else { t("Không có hồ sơ nào ở mục này.") }}</p>
                <Show when=move || desk.filter.with(InboxFilter::narrows)>
                    <button type="button" class="button" on:click=move |_| desk.narrow(|filter| {
                        *filter = InboxFilter { shelf: filter.shelf, sort: filter.sort, ..InboxFilter::default() };
                    })>{t("Xóa bộ lọc")}</button>
                </Show>
            </div>
        </Show>
        <Show when=move || { count() > 0 }>
            <table class="responsive desk-lines" aria-busy=move || desk.busy.get().to_string()>
                <caption class="visually-hidden">{t("Danh sách hồ sơ")}</caption>
                <thead><tr>
                    <th scope="col" class="tick">
                        <label><input type="checkbox" aria-label=t("Chọn mọi hồ sơ đang hiện") prop:checked=all on:change=move |_| desk.choose_all()/></label>
                    </th>
                    <th scope="col">{t("Mã hồ sơ")}</th>
                    {move || desk.columns.get().into_iter().map(|column| view! { <th scope="col">{column.name()}</th> }).collect_view()}
                </tr></thead>
                <tbody>
                    <For each=move || desk.lines.get() key=|line| (line.summary.id, line.version, line.summary.status) let:line>
                        <Line line desk/>
                    </For>
                </tbody>
            </table>
        </Show>
        <Show when=move || desk.next.with(Option::is_some) && desk.standing.get() == Standing::Here>
            <p class="desk-more">
                <button type="button" class="button" aria-busy=move || desk.busy.get().to_string() on:click=move |_| desk.more()>{t("Xem thêm")}</button>
            </p>
        </Show>
    }
}

#[component]
fn Line(line: InboxLine, desk: Desk) -> impl IntoView {
    let id = line.summary.id;
    let code = line.summary.code.to_string();
    let chosen = move || desk.chosen.with(|chosen| chosen.contains(&id));
    let label = fill("Chọn hồ sơ {}", &[&code]);
    view! {
        <tr class:marked=chosen class:at=move || desk.at.get() == Some(id)>
            <td class="tick"><label><input type="checkbox" aria-label=label prop:checked=chosen on:change=move |_| desk.choose(id)/></label></td>
            <td data-label=t("Mã hồ sơ") class="code-cell">
                <span on:focusin=move |_| { desk.at.set(Some(id)); desk.remember(); }>
                    <A href=format!("/can-bo/ho-so/{id}") attr:id=link_id(id)><span class="code">{code}</span></A>
                </span>
            </td>
            {move || desk.columns.get().into_iter().map(|column| view! {
                <td data-label=column.name() class=if column == Column::Procedure { "wide" } else { "" }>{cell(column, &line, desk)}</td>
            }).collect_view()}
        </tr>
    }
}
