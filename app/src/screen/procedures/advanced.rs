//! `Tìm kiếm nâng cao`: filters that combine, each with how many procedures it would leave.

use super::asked::{Asked, PARTS, Part};
use super::{agency, level, service};
use crate::part::search::Searched;
use crate::text::{fill, n, t};
use contract::procedure::{Audience, Level, ProcedureSummary, Service};
use contract::search::Filter;
use contract::unit::Units;
use leptos::prelude::*;

/// For whom, as the filter says it.
const AUDIENCES: [(Audience, &str); 2] = [
    (Audience::Citizen, n("Công dân")),
    (Audience::Business, n("Doanh nghiệp")),
];
const LEVELS: [Level; 4] = [
    Level::Ministry,
    Level::Province,
    Level::District,
    Level::Commune,
];
const SERVICES: [Service; 3] = [Service::Full, Service::Partial, Service::Information];

/// A part of the filter: its name in the address, its label.
const LABELS: [(&str, &str); 6] = [
    ("co-quan", n("Chọn cơ quan thực hiện")),
    ("linh-vuc", n("Lĩnh vực")),
    ("cap", n("Cấp thủ tục")),
    ("muc-do", n("Mức độ")),
    ("su-kien", n("Sự kiện")),
    ("doi-tuong", n("Đối tượng")),
];

/// What a part may be: value and words, of the whole catalogue.
fn options(part: &str, list: &[ProcedureSummary], units: &Units) -> Vec<(String, String)> {
    let plain = |mut values: Vec<String>| {
        values.sort();
        values.dedup();
        values
            .into_iter()
            .map(|value| (value.clone(), value))
            .collect()
    };
    match part {
        "co-quan" => units
            .agencies
            .iter()
            .map(|kind| (kind.code.clone(), kind.name.clone()))
            .collect(),
        "linh-vuc" => plain(list.iter().map(|one| one.field.clone()).collect()),
        "su-kien" => plain(
            list.iter()
                .flat_map(|one| one.life_events.clone())
                .collect(),
        ),
        "cap" => LEVELS
            .into_iter()
            .filter(|of| list.iter().any(|one| one.level == *of))
            .map(|of| (of.tag().to_owned(), level(of).to_owned()))
            .collect(),
        "muc-do" => SERVICES
            .into_iter()
            .map(|of| (of.tag().to_owned(), service(of).to_owned()))
            .collect(),
        _ => AUDIENCES
            .into_iter()
            .map(|(of, words)| (of.tag().to_owned(), t(words).to_owned()))
            .collect(),
    }
}

/// The words of a value that is set.
fn words(part: &str, value: &str, units: &Units) -> String {
    let of_tag = |found: Option<&'static str>| found.unwrap_or_default().to_owned();
    match part {
        "co-quan" => agency(units, value),
        "cap" => of_tag(LEVELS.into_iter().find(|of| of.tag() == value).map(level)),
        "muc-do" => of_tag(
            SERVICES
                .into_iter()
                .find(|of| of.tag() == value)
                .map(service),
        ),
        "doi-tuong" => of_tag(
            AUDIENCES
                .into_iter()
                .find(|(of, _)| of.tag() == value)
                .map(|(_, words)| t(words)),
        ),
        _ => value.to_owned(),
    }
}

/// The part.
#[component]
pub fn Advanced(
    asked: RwSignal<Asked>,
    /// What the words found, before any filter.
    all: Memo<Option<Searched>>,
    units: RwSignal<Option<Units>>,
) -> impl IntoView {
    let set = Memo::new(move |_| {
        let mut filter = asked.with(|asked| asked.filter.clone());
        PARTS
            .into_iter()
            .map(|(name, part)| (name, part(&mut filter).clone()))
            .filter(|(_, value)| !value.is_empty())
            .collect::<Vec<(&'static str, String)>>()
    });
    // Who comes with a filter in the address sees it; opening and closing is the reader's after that.
    let open = !set.get_untracked().is_empty();
    // Counting what each of sixty choices would leave is for those who look at them.
    let looked = RwSignal::new(open);
    view! {
        <details class="advanced" open=open on:toggle=move |_| looked.set(true)>
            <summary>
                {t("Tìm kiếm nâng cao")}
                {move || (!set.get().is_empty()).then(|| view! { <span class="chip">{fill("{} bộ lọc", &[&set.get().len()])}</span> })}
            </summary>
            <div class="filters">
                {move || looked.get().then(|| PARTS.into_iter().zip(LABELS).map(|((name, part), (_, label))| view! { <Choice asked all units name part label/> }).collect_view())}
            </div>
        </details>
        <Show when=move || !set.get().is_empty()>
            <ul class="chosen" aria-label=t("Bộ lọc đang bật")>
                {move || set.get().into_iter().map(|(name, value)| {
                    let shown = words(name, &value, &units.get().unwrap_or_default());
                    let clear = move |_| {
                        asked.update(|asked| {
                            for (other, part) in PARTS {
                                if other == name {
                                    part(&mut asked.filter).clear();
                                }
                            }
                        });
                        crate::part::focus("count");
                    };
                    view! {
                        <li>
                            <button type="button" class="quick" aria-label=fill("Bỏ lọc: {}", &[&shown]) on:click=clear>
                                {shown.clone()}<span aria-hidden="true">" ×"</span>
                            </button>
                        </li>
                    }
                }).collect_view()}
                <li><button type="button" class="link" on:click=move |_| {
                    asked.update(|asked| asked.filter = Filter::default());
                    crate::part::focus("count");
                }>{t("Đặt lại")}</button></li>
            </ul>
        </Show>
    }
}

#[component]
fn Choice(
    asked: RwSignal<Asked>,
    all: Memo<Option<Searched>>,
    units: RwSignal<Option<Units>>,
    name: &'static str,
    part: Part,
    label: &'static str,
) -> impl IntoView {
    let chosen = Memo::new(move |_| part(&mut asked.with(|asked| asked.filter.clone())).clone());
    let offered = Memo::new(move |_| {
        let known = units.get().unwrap_or_default();
        let mut others = asked.with(|asked| asked.filter.clone());
        part(&mut others).clear();
        all.with(|all| {
            let list = all
                .as_ref()
                .map(|all| all.procedures.as_slice())
                .unwrap_or_default();
            let left: Vec<&ProcedureSummary> = list
                .iter()
                .filter(|procedure| others.admits(procedure, &known))
                .collect();
            options(name, list, &known)
                .into_iter()
                .map(|(value, words)| {
                    let mut only = Filter::default();
                    part(&mut only).clone_from(&value);
                    let count = left
                        .iter()
                        .filter(|procedure| only.admits(procedure, &known))
                        .count();
                    (value, words, count)
                })
                .collect::<Vec<_>>()
        })
    });
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{t(label)}</label>
            <select id=id on:change=move |event| asked.update(|asked| *part(&mut asked.filter) = event_target_value(&event))>
                <option value="" selected=move || chosen.get().is_empty()>{t("Tất cả")}</option>
                {move || {
                    let mut offered = offered.get();
                    let chosen = chosen.get();
                    // An address may name what is not there; it stays visible, so that it can be taken away.
                    if !chosen.is_empty() && !offered.iter().any(|(value, _, _)| *value == chosen) {
                        offered.push((chosen.clone(), words(name, &chosen, &units.get().unwrap_or_default()), 0));
                    }
                    offered
                        .into_iter()
                        .map(|(value, words, count)| {
                            let selected = value == chosen;
                            view! { <option value=value selected=selected disabled={count == 0 && !selected}>{format!("{words} ({count})")}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}
