//! The catalogue with search and filters.

use crate::api;
use crate::part::notice::Loading;
use crate::part::{load, title};
use contract::fold::fold;
use contract::procedure::{Level, Service};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// `Cấp thực hiện` in words.
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::Ministry => "Cấp Bộ",
        Level::Province => "Cấp tỉnh",
        Level::District => "Cấp huyện",
        Level::Commune => "Cấp xã",
    }
}

/// `Mức độ` in words.
pub const fn service(service: Service) -> &'static str {
    match service {
        Service::Information => "Cung cấp thông tin",
        Service::Partial => "Một phần",
        Service::Full => "Toàn trình",
    }
}

/// The screen.
#[component]
pub fn Procedures() -> impl IntoView {
    title("Thủ tục hành chính");
    let list = load(async { api::procedures().await.unwrap_or_default() });
    let parameters = use_query_map();
    let query = RwSignal::new(String::new());
    let field = RwSignal::new(String::new());
    let event =
        RwSignal::new(parameters.with_untracked(|map| map.get("su-kien").unwrap_or_default()));
    let fields =
        Memo::new(move |_| distinct(list.get().unwrap_or_default().into_iter().map(|p| p.field)));
    let events = Memo::new(move |_| {
        distinct(
            list.get()
                .unwrap_or_default()
                .into_iter()
                .flat_map(|p| p.life_events),
        )
    });
    let found = Memo::new(move |_| {
        let wanted = fold(&query.get());
        list.get()
            .unwrap_or_default()
            .into_iter()
            .filter(|p| super::home::matches(p, &wanted))
            .filter(|p| field.get().is_empty() || p.field == field.get())
            .filter(|p| event.get().is_empty() || p.life_events.contains(&event.get()))
            .collect::<Vec<_>>()
    });
    let filter = move |id: &'static str,
                       label: &'static str,
                       options: Memo<Vec<String>>,
                       value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <select id=id on:change=move |event| value.set(event_target_value(&event))>
                    <option value="">"Tất cả"</option>
                    {move || options.get().into_iter().map(|option| {
                        let (this, value_of) = (option.clone(), option.clone());
                        view! { <option value=value_of selected=move || value.get() == this>{option}</option> }
                    }).collect_view()}
                </select>
            </div>
        }
    };
    view! {
        <div class="wrap">
            <h1>"Thủ tục hành chính"</h1>
            <form role="search" class="filters" on:submit=|event| event.prevent_default()>
                <div class="field grow">
                    <label for="search">"Tìm theo tên, mã hoặc từ khóa"</label>
                    <input id="search" type="search" autocomplete="off" prop:value=move || query.get() on:input=move |event| query.set(event_target_value(&event))/>
                </div>
                {filter("field", "Lĩnh vực", fields, field)}
                {filter("event", "Sự kiện", events, event)}
            </form>
            <p role="status">{move || list.get().map(|_| format!("{} thủ tục", found.get().len()))}</p>
            <Show when=move || list.get().is_none()><Loading/></Show>
            <ul class="cards">
                {move || found.get().into_iter().map(|p| view! {
                    <li class="card">
                        <h2><A href=format!("/thu-tuc/{}", p.code)>{p.name}</A></h2>
                        <p class="meta">{p.field}" · "{level(p.level)}" · "{service(p.service)}</p>
                        <p class="meta">{p.agency}" · Mã "{p.code}</p>
                    </li>
                }).collect_view()}
            </ul>
        </div>
    }
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = values.collect();
    list.sort();
    list.dedup();
    list
}
