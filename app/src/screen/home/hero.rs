//! The first thing seen: what this is, and the search with results as one types.

use super::Catalogue;
use crate::chunk::{self, Missing};
use crate::part::held;
use crate::part::icon::{Icon, Shape};
use crate::part::search::{self, Searched};
use crate::text::{self, fill, n, t};
use contract::procedure::ProcedureSummary;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// How many results fit below the box without hiding the rest of the page.
const SHOWN: usize = 6;

/// What people ask for most; each is a search.
const OFTEN: [&str; 4] = [
    n("Khai sinh"),
    n("Tạm trú"),
    n("Kết hôn"),
    n("Hộ kinh doanh"),
];

/// The part.
#[component]
pub fn Hero(list: Catalogue) -> impl IntoView {
    let query = RwSignal::new(held::typed("home-search"));
    let asked = Memo::new(move |_| !query.get().trim().is_empty());
    let (searched, missing) = arriving(list, query, asked);
    let found = Memo::new(move |_| {
        if asked.get() {
            searched
                .get()
                .and_then(|found| found.get())
                .unwrap_or_default()
        } else {
            Searched::default()
        }
    });
    let count = move || found.with(|found| found.procedures.len());
    let told = move || {
        if !asked.get() {
            String::new()
        } else if let Some(missing) = missing.get() {
            text::chunk(missing).to_owned()
        } else if list.with(Option::is_none) || searched.with(Option::is_none) {
            t("Đang tìm…").to_owned()
        } else {
            found.with(|found| search::told(found.procedures.len(), found.instead.as_deref()))
        }
    };
    let navigate = use_navigate();
    let all = move || {
        format!(
            "/thu-tuc?tim={}",
            js_sys::encode_uri_component(query.get().trim())
        )
    };
    let go = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        navigate(&untrack(all), leptos_router::NavigateOptions::default());
    };
    view! {
        <section class="hero">
            <div class="wrap">
                <div class="hero-words">
                    <h1>{t("Nộp hồ sơ và ký số ngay trên trình duyệt")}</h1>
                    <p class="lead">{t("Chuẩn bị hồ sơ, ký bằng chữ ký số từ xa trên điện thoại và nộp, không cần đến cơ quan.")}</p>
                    <form role="search" class="search" on:submit=go>
                        <label for="home-search">{t("Bạn cần làm thủ tục gì?")}</label>
                        <div class="search-line">
                            <Icon shape=Shape::Glass/>
                            <input id="home-search" type="search" enterkeyhint="search" placeholder=t("Ví dụ: khai sinh") autocomplete="off" aria-describedby="home-found"
                                prop:value=move || query.get() on:input=move |event| query.set(event_target_value(&event))/>
                            <button type="submit" class="button primary">{t("Tìm")}</button>
                        </div>
                        <p id="home-found" class="hint" role="status">{told}</p>
                    </form>
                    <Show when=move || { count() > 0 }>
                        <ul class="results">
                            {move || found.get().procedures.into_iter().take(SHOWN).map(line).collect_view()}
                            {move || (count() > SHOWN).then(|| view! {
                                <li><A href=all()>{fill("Xem cả {} thủ tục", &[&count()])}</A></li>
                            })}
                        </ul>
                    </Show>
                    <div class="often" class:away=move || asked.get()>
                        {OFTEN.into_iter().map(|words| view! {
                            <button type="button" class="quick" on:click=move |_| query.set(words.to_owned())>{t(words)}</button>
                        }).collect_view()}
                        <A href="/thu-tuc">{t("Tìm kiếm nâng cao")}</A>
                    </div>
                </div>
                <div class="hero-picture" aria-hidden="true"></div>
            </div>
        </section>
    }
}

/// What was found for what is typed; none until the catalogue is there.
type Found = Memo<Option<Searched>>;

/// What searches is fetched with the first letter; when it did not arrive, the next letter tries again.
fn arriving(
    list: Catalogue,
    query: RwSignal<String>,
    asked: Memo<bool>,
) -> (RwSignal<Option<Found>>, RwSignal<Option<Missing>>) {
    let (searched, missing) = (RwSignal::new(None), RwSignal::new(None));
    let under_way = StoredValue::new(false);
    let owner = Owner::current();
    Effect::new(move |_| {
        query.track();
        if !asked.get() || under_way.get_value() {
            return;
        }
        under_way.set_value(true);
        let owner = owner.clone();
        spawn_local(async move {
            match (chunk::searching().await, owner) {
                (Ok(search), Some(owner)) => {
                    let found = owner.with(|| search(list.into(), query.into()));
                    let _ = searched.try_set(Some(found));
                    let _ = missing.try_set(None);
                }
                (Ok(_), None) => {}
                (Err(error), _) => {
                    let _ = missing.try_set(Some(error));
                    let _ = under_way.try_set_value(false);
                }
            }
        });
    });
    (searched, missing)
}

fn line(procedure: ProcedureSummary) -> impl IntoView {
    view! { <li><A href=format!("/thu-tuc/{}", procedure.code)>{procedure.name}</A><span>{procedure.field}</span></li> }
}
