//! The catalogue: search as one types and `Tìm kiếm nâng cao`, all of it in the address, so that a search can be kept and sent.

mod advanced;
mod asked;

use crate::api;
use crate::part::held;
use crate::part::load;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::search::{searched, told};
use crate::part::title;
use crate::text::{self, fill, n, t};
use advanced::Advanced;
use asked::Asked;
use contract::procedure::{Level, ProcedureSummary, Service};
use contract::unit::Units;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use std::time::Duration;

/// So many are shown, and so many more each time more are asked for.
const PAGE: usize = 20;
/// How long nobody types before the address follows.
const REST: Duration = Duration::from_millis(350);

/// `Cấp thực hiện` in words.
pub fn level(level: Level) -> &'static str {
    t(match level {
        Level::Ministry => n("Cấp Bộ"),
        Level::Province => n("Cấp tỉnh"),
        Level::District => n("Cấp huyện"),
        Level::Commune => n("Cấp xã"),
    })
}

/// `Mức độ` in words.
pub fn service(service: Service) -> &'static str {
    t(match service {
        Service::Information => n("Cung cấp thông tin"),
        Service::Partial => n("Một phần"),
        Service::Full => n("Toàn trình"),
    })
}

/// The screen.
#[component]
pub fn Procedures() -> impl IntoView {
    title(t("Thủ tục hành chính"));
    let list: RwSignal<Option<api::Answer<Vec<ProcedureSummary>>>> = RwSignal::new(None);
    let fetch = move || {
        list.set(None);
        spawn_local(async move {
            let answer = api::procedures().await;
            let _ = list.try_set(Some(answer));
        });
    };
    fetch();
    let units = load(async { api::unit::units().await.unwrap_or_default() });
    let asked = follow();
    // The lines that the document has already stay until the same ones are here.
    let early = StoredValue::new(
        held::part("ul.cards").filter(|_| asked.with_untracked(|asked| *asked == Asked::default())),
    );
    let query = Memo::new(move |_| asked.with(|asked| asked.text.clone()));
    let searched = searched(list.into(), query.into());
    let found = Memo::new(move |_| {
        let known = units.get().unwrap_or_default();
        asked.with(|asked| {
            searched
                .get()
                .unwrap_or_default()
                .procedures
                .into_iter()
                .filter(|procedure| asked.filter.admits(procedure, &known))
                .collect::<Vec<_>>()
        })
    });
    let shown = RwSignal::new(PAGE);
    Effect::new(move |_| {
        asked.track();
        shown.set(PAGE);
    });
    let instead = Memo::new(move |_| searched.get().and_then(|searched| searched.instead));
    let count = move || found.with(Vec::len);
    let there = move || list.with(|list| matches!(list, Some(Ok(_))));
    view! {
        <div class="wrap catalogue">
            <h1>{t("Thủ tục hành chính")}</h1>
            <p class="lead">{t("Dịch vụ công trực tuyến: tìm thủ tục, xem giấy tờ cần có và nộp ngay trên mạng.")}</p>
            <form role="search" class="seek" on:submit=|event| event.prevent_default()>
                <div class="field">
                    <label for="search">{t("Tìm theo tên, mã hoặc từ khóa")}</label>
                    <input id="search" type="search" autocomplete="off" enterkeyhint="search" aria-describedby="search-hint"
                        prop:value=move || query.get()
                        on:input=move |event| asked.update(|asked| asked.text = event_target_value(&event))/>
                    <p class="hint" id="search-hint">{t("Không cần dấu; sai một chữ vẫn tìm được.")}</p>
                </div>
                <Advanced asked all=searched units/>
            </form>
            {move || match list.get() {
                None if early.with_value(Option::is_some) => ().into_any(),
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! {
                    <Notice tone=Tone::Bad>
                        <p>{text::api(&error)}</p>
                        <p><button type="button" class="button" on:click=move |_| fetch()>{t("Thử lại")}</button></p>
                    </Notice>
                }.into_any(),
                Some(Ok(_)) => ().into_any(),
            }}
            <p role="status" class="count" id="count" tabindex="-1">
                {move || there().then(|| match (asked.with(|asked| asked.text.trim().is_empty()), count()) {
                    (true, count) if count > 0 => fill("{} thủ tục", &[&count]),
                    (_, count) => instead.with(|instead| told(count, instead.as_deref())),
                })}
            </p>
            {move || instead.get().filter(|_| { count() > 0 }).map(|words| view! {
                <p class="instead">
                    {fill("Không có thủ tục nào chứa đúng “{}”.", &[&query.get_untracked().trim()])}" "
                    <button type="button" class="link" on:click={
                        let words = words.clone();
                        move |_| asked.update(|asked| asked.text.clone_from(&words))
                    }>{fill("Ý bạn là “{}”?", &[&words])}</button>
                </p>
            })}
            {move || list.with(Option::is_none).then(|| early.get_value()).flatten().map(|lines| view! { <ul class="cards" inner_html=lines></ul> })}
            <ul class="cards">
                {move || found.get().into_iter().take(shown.get()).map(|procedure| view! { <Line procedure/> }).collect_view()}
            </ul>
            <Show when=move || { count() > shown.get() }>
                <p class="more">
                    <button type="button" class="button" on:click=move |_| {
                        shown.update(|shown| *shown += PAGE);
                        if count() <= shown.get_untracked() {
                            crate::part::focus("count");
                        }
                    }>
                        {move || fill("Xem thêm {} thủ tục", &[&PAGE.min(count().saturating_sub(shown.get()))])}
                    </button>
                    <span class="hint">{move || fill("Đang xem {}/{}", &[&shown.get(), &count()])}</span>
                </p>
            </Show>
            <Show when=move || there() && count() == 0>
                <Nothing asked/>
            </Show>
        </div>
    }
}

/// What is asked for: read from the address, and the address follows it once nobody types.
fn follow() -> RwSignal<Asked> {
    let map = use_query_map();
    let mut first = map.with_untracked(|map| Asked::read(|name| map.get(name)));
    let typed = held::typed("search");
    if !typed.is_empty() {
        first.text = typed;
    }
    let asked = RwSignal::new(first);
    let navigate = use_navigate();
    let waiting: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let stop = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    Effect::new(move |before: Option<()>| {
        let address = asked.with(Asked::address);
        if before.is_none() {
            return;
        }
        stop();
        let navigate = navigate.clone();
        let follow = move || {
            navigate(
                &address,
                NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..NavigateOptions::default()
                },
            );
        };
        if let Ok(handle) = set_timeout_with_handle(follow, REST) {
            waiting.set_value(Some(handle));
        }
    });
    // Somebody went back, or followed a link to another search.
    Effect::new(move |before: Option<Asked>| {
        let now = map.with(|map| Asked::read(|name| map.get(name)));
        if before.is_some_and(|before| before != now) && asked.with_untracked(|asked| *asked != now)
        {
            stop();
            asked.set(now.clone());
        }
        now
    });
    on_cleanup(stop);
    asked
}

#[component]
fn Line(procedure: ProcedureSummary) -> impl IntoView {
    view! {
        <li class="card">
            <h2><A href=format!("/thu-tuc/{}", procedure.code)>{procedure.name}</A></h2>
            <p class="meta">{procedure.field}" · "{level(procedure.level)}" · "{service(procedure.service)}</p>
            <p class="meta">{procedure.agency}" · "<span class="whole">{t("Mã")}" "{procedure.code}</span></p>
        </li>
    }
}

/// Nothing was found: what to do.
#[component]
fn Nothing(asked: RwSignal<Asked>) -> impl IntoView {
    let filtered = move || asked.with(|asked| !asked.filter.is_empty());
    view! {
        <div class="nothing">
            <ul>
                <li>{t("Thử ít từ hơn, hoặc từ thường dùng: “khai sinh”, “tạm trú”, “sổ đỏ”.")}</li>
                <Show when=filtered><li>{t("Bộ lọc đang bật có thể che mất thủ tục bạn cần.")}</li></Show>
                <li>{t("Không biết tên thủ tục? Chọn theo sự kiện ở")}" "<A href="/">{t("trang chủ")}</A>", "{t("hoặc gọi")}" "<A href="/ho-tro">{t("đường dây hỗ trợ")}</A>"."</li>
            </ul>
            <p class="row">
                <Show when=filtered>
                    <button type="button" class="button" on:click=move |_| {
                        asked.update(|asked| asked.filter = Default::default());
                        crate::part::focus("count");
                    }>{t("Bỏ bộ lọc")}</button>
                </Show>
                <button type="button" class="button" on:click=move |_| {
                    asked.set(Asked::default());
                    crate::part::focus("count");
                }>{t("Xem tất cả thủ tục")}</button>
            </p>
        </div>
    }
}

/// The name of a kind of agencies.
fn agency(units: &Units, code: &str) -> String {
    units
        .agencies
        .iter()
        .find(|kind| kind.code == code)
        .map_or_else(|| code.to_owned(), |kind| kind.name.clone())
}
