//! Search, order, and everything else the list can be narrowed to.

use super::column::{self, Column};
use super::desk::Desk;
use crate::part::field::DateField;
use crate::text::{fill, n, t};
use contract::inbox::{Channel, Holder, InboxFilter, Sort};
use leptos::prelude::*;

/// Id of the search field: `/` goes there.
pub const SEARCH: &str = "inbox-search";

pub fn channel(channel: Channel) -> &'static str {
    t(match channel {
        Channel::Counter => n("Trực tiếp"),
        Channel::Online => n("Trực tuyến"),
        Channel::Post => n("Bưu chính công ích"),
    })
}

fn order(sort: Sort) -> &'static str {
    t(match sort {
        Sort::Due => n("Hạn trả gần nhất trước"),
        Sort::Newest => n("Mới nộp trước"),
        Sort::Oldest => n("Nộp lâu nhất trước"),
        Sort::Name => n("Tên người nộp"),
    })
}

/// A select over fixed choices; the first says that it narrows nothing.
#[component]
fn Choice<T>(
    id: &'static str,
    label: &'static str,
    all: &'static str,
    #[prop(into)] choices: Signal<Vec<(T, String)>>,
    get: fn(&InboxFilter) -> Option<T>,
    set: fn(&mut InboxFilter, Option<T>),
    desk: Desk,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let chosen = move || {
        let is = desk.filter.with(get);
        choices.with(|choices| {
            choices
                .iter()
                .position(|(value, _)| Some(value) == is.as_ref())
                .map_or_else(String::new, |at| at.to_string())
        })
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id prop:value=chosen on:change=move |event| {
                let at = event_target_value(&event).parse::<usize>().ok();
                let value = at.and_then(|at| choices.with_untracked(|choices| choices.get(at).map(|(value, _)| value.clone())));
                desk.narrow(move |filter| set(filter, value));
            }>
                <option value="">{all}</option>
                {move || choices.get().into_iter().enumerate().map(|(at, (value, name))| {
                    let is = desk.filter.with_untracked(get).is_some_and(|one| one == value);
                    view! { <option value=at.to_string() selected=is>{name}</option> }
                }).collect_view()}
            </select>
        </div>
    }
}

/// A condition that is shown: its name, and how it is taken away.
type Condition = (String, fn(&mut InboxFilter));

/// The parts of a filter beside state, deadline, order and search: a name each, and how it is taken away.
fn conditions(desk: Desk, filter: &InboxFilter) -> Vec<Condition> {
    let mut list: Vec<Condition> = Vec::new();
    if let Some(class) = filter.deadline {
        list.push((super::deadline(class).to_owned(), |filter| {
            filter.deadline = None;
        }));
    }
    if let Some(code) = &filter.procedure {
        let name = desk.procedures.with(|list| {
            list.iter()
                .find(|one| one.code == *code)
                .map_or_else(|| code.clone(), |one| one.name.clone())
        });
        list.push((name, |filter| filter.procedure = None));
    }
    if let Some(agency) = &filter.agency {
        list.push((agency.clone(), |filter| filter.agency = None));
    }
    if let Some(day) = filter.from {
        list.push((fill("Nộp từ {}", &[&day.shown()]), |filter| {
            filter.from = None;
        }));
    }
    if let Some(day) = filter.to {
        list.push((fill("Nộp đến {}", &[&day.shown()]), |filter| {
            filter.to = None;
        }));
    }
    if let Some(signed) = filter.signed {
        list.push((signed_name(signed).to_owned(), |filter| {
            filter.signed = None;
        }));
    }
    if let Some(is) = filter.channel {
        list.push((channel(is).to_owned(), |filter| filter.channel = None));
    }
    if let Some(holder) = filter.holder {
        list.push((holder_name(holder).to_owned(), |filter| {
            filter.holder = None;
        }));
    }
    list
}

fn signed_name(signed: bool) -> &'static str {
    t(if signed {
        n("Có tệp ký số")
    } else {
        n("Không có tệp ký số")
    })
}

fn holder_name(holder: Holder) -> &'static str {
    t(match holder {
        Holder::Mine => n("Của tôi"),
        Holder::Nobody => n("Chưa ai nhận"),
    })
}

/// The part.
#[component]
pub fn Filters(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let procedures = Signal::derive(move || {
        desk.procedures.with(|list| {
            let mut all: Vec<(String, String)> = list
                .iter()
                .map(|one| (one.code.clone(), one.name.clone()))
                .collect();
            all.sort_by(|one, other| one.1.cmp(&other.1));
            all
        })
    });
    let agencies = Signal::derive(move || {
        desk.procedures.with(|list| {
            let mut all: Vec<String> = list.iter().map(|one| one.agency.clone()).collect();
            all.sort();
            all.dedup();
            all.into_iter()
                .map(|name| (name.clone(), name))
                .collect::<Vec<_>>()
        })
    });
    let fixed = |list: Vec<(bool, String)>| Signal::derive(move || list.clone());
    let signed = fixed(vec![
        (true, signed_name(true).to_owned()),
        (false, signed_name(false).to_owned()),
    ]);
    let channels = Signal::derive(|| {
        Channel::ALL
            .map(|one| (one, channel(one).to_owned()))
            .to_vec()
    });
    let holders = Signal::derive(|| {
        [Holder::Mine, Holder::Nobody]
            .map(|one| (one, holder_name(one).to_owned()))
            .to_vec()
    });
    let day = move |get: fn(&InboxFilter) -> Option<contract::date::Date>| {
        Signal::derive(move || {
            desk.filter
                .with(|filter| get(filter).map(|day| day.to_string()).unwrap_or_default())
        })
    };
    // A day that is being typed is none yet: nothing is asked before it is one.
    let typed = move |set: fn(&mut InboxFilter, Option<contract::date::Date>)| {
        move |text: String| {
            if text.is_empty() || text.parse::<contract::date::Date>().is_ok() {
                let day = text.parse().ok();
                desk.narrow(move |filter| set(filter, day));
            }
        }
    };
    let here = move || desk.filter.with(|filter| conditions(desk, filter));
    view! {
        <form role="search" class="desk-bar" on:submit=|event| event.prevent_default()>
            <div class="field grow">
                <label for=SEARCH>{t("Tìm theo mã, tên, số CCCD, điện thoại, nội dung hoặc thủ tục (không cần dấu)")}</label>
                <input id=SEARCH type="search" autocomplete="off" enterkeyhint="search" maxlength="200"
                    prop:value=move || desk.filter.with(|filter| filter.search.clone())
                    on:input=move |event| desk.search(event_target_value(&event))/>
            </div>
            <div class="field">
                <label for="inbox-sort">{t("Sắp xếp")}</label>
                <select id="inbox-sort" on:change=move |event| {
                    let at = event_target_value(&event).parse::<usize>().unwrap_or_default();
                    if let Some(sort) = Sort::ALL.get(at).copied() {
                        desk.narrow(move |filter| filter.sort = sort);
                    }
                }>
                    {move || {
                        let (shelf, sort) = desk.filter.with(|filter| (filter.shelf, filter.sort));
                        Sort::ALL.into_iter().enumerate().filter(|(_, one)| one.on(shelf) == *one).map(|(at, one)| view! {
                            <option value=at.to_string() selected=sort.on(shelf) == one>{order(one)}</option>
                        }).collect_view()
                    }}
                </select>
            </div>
            <button type="button" class="button" aria-expanded=move || open.get().to_string() aria-controls="inbox-filters"
                on:click=move |_| open.update(|open| *open = !*open)>
                {t("Bộ lọc")}
                {move || { let count = here().len(); (count > 0).then(|| view! { " "<span class="number">{count}</span> }) }}
            </button>
        </form>
        <div id="inbox-filters" class="desk-filters card" hidden=move || !open.get()>
            <Choice id="inbox-procedure" label=t("Thủ tục") all=t("Mọi thủ tục") choices=procedures desk
                get=|filter| filter.procedure.clone() set=|filter, value| filter.procedure = value/>
            <Choice id="inbox-agency" label=t("Cơ quan") all=t("Mọi cơ quan") choices=agencies desk
                get=|filter| filter.agency.clone() set=|filter, value| filter.agency = value/>
            <Choice id="inbox-signed" label=t("Tệp ký số") all=t("Có và không") choices=signed desk
                get=|filter| filter.signed set=|filter, value| filter.signed = value/>
            <Choice id="inbox-channel" label=t("Kênh") all=t("Mọi kênh") choices=channels desk
                get=|filter| filter.channel set=|filter, value| filter.channel = value/>
            <Choice id="inbox-holder" label=t("Người xử lý") all=t("Bất kỳ ai") choices=holders desk
                get=|filter| filter.holder set=|filter, value| filter.holder = value/>
            <DateField id="inbox-from" label=t("Nộp từ ngày") value=day(|filter| filter.from) on_input=typed(|filter, day| filter.from = day)/>
            <DateField id="inbox-to" label=t("Nộp đến ngày") value=day(|filter| filter.to) on_input=typed(|filter, day| filter.to = day)/>
            <fieldset class="desk-columns">
                <legend>{t("Cột hiển thị")}</legend>
                {Column::ALL.into_iter().map(|one| view! {
                    <label>
                        <input type="checkbox" prop:checked=move || desk.columns.with(|columns| columns.contains(&one))
                            on:change=move |_| desk.columns.update(|columns| {
                                *columns = Column::ALL.into_iter().filter(|is| columns.contains(is) != (*is == one)).collect();
                                column::keep(columns);
                            })/>
                        {one.name()}
                    </label>
                }).collect_view()}
            </fieldset>
        </div>
        {move || {
            let list = here();
            let narrows = desk.filter.with(InboxFilter::narrows);
            narrows.then(|| view! {
                <ul class="desk-conditions" aria-label=t("Đang lọc theo")>
                    {list.into_iter().map(|(name, remove)| view! {
                        <li><button type="button" class="condition" on:click=move |_| desk.narrow(remove)>
                            {name.clone()}<span aria-hidden="true">" ×"</span><span class="visually-hidden">{t(": bỏ điều kiện này")}</span>
                        </button></li>
                    }).collect_view()}
                    <li><button type="button" class="link" on:click=move |_| desk.narrow(|filter| {
                        *filter = InboxFilter { shelf: filter.shelf, sort: filter.sort, ..InboxFilter::default() };
                    })>{t("Xóa bộ lọc")}</button></li>
                </ul>
            })
        }}
    }
}
