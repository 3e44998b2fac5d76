//! Home: what can be done here, by event of life.

use crate::api;
use crate::part::{load, title};
use contract::fold::fold;
use contract::procedure::{Audience, ProcedureSummary};
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn Home() -> impl IntoView {
    title("Trang chủ");
    let list = load(async { api::procedures().await.unwrap_or_default() });
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = fold(&query.get());
        if wanted.is_empty() {
            return Vec::new();
        }
        list.get()
            .unwrap_or_default()
            .into_iter()
            .filter(|procedure| matches(procedure, &wanted))
            .take(8)
            .collect::<Vec<_>>()
    });
    view! {
        <section class="hero">
            <div class="wrap">
                <h1>"Nộp hồ sơ và ký số ngay trên trình duyệt"</h1>
                <p>"Chuẩn bị hồ sơ, ký bằng chữ ký số từ xa trên điện thoại và nộp, không cần đến cơ quan."</p>
                <form role="search" class="search" on:submit=|event| event.prevent_default()>
                    <label for="home-search">"Bạn cần làm thủ tục gì?"</label>
                    <input id="home-search" type="search" placeholder="Ví dụ: khai sinh, tạm trú" autocomplete="off"
                        prop:value=move || query.get() on:input=move |event| query.set(event_target_value(&event))/>
                </form>
                <div aria-live="polite">
                    <Show when=move || !query.get().trim().is_empty()>
                        <ul class="results">
                            {move || found.get().into_iter().map(line).collect_view()}
                        </ul>
                        <Show when=move || found.get().is_empty() && list.get().is_some()>
                            <p>"Không có thủ tục nào khớp. "<A href="/thu-tuc">"Xem tất cả thủ tục"</A></p>
                        </Show>
                    </Show>
                </div>
            </div>
        </section>
        <div class="wrap">
            <h2>"DỊCH VỤ HÀNH CHÍNH CÔNG NỔI BẬT"</h2>
            <div class="columns">
                {[(Audience::Citizen, "CÔNG DÂN"), (Audience::Business, "DOANH NGHIỆP")]
                    .into_iter()
                    .map(|(audience, heading)| view! {
                        <section>
                            <h3>{heading}</h3>
                            <ul class="events">
                                {move || events(&list.get().unwrap_or_default(), audience)
                                    .into_iter()
                                    .map(|(event, count)| view! {
                                        <li>
                                            <A href=format!("/thu-tuc?su-kien={}", js_sys::encode_uri_component(&event))>{event}</A>
                                            <span>{count}" thủ tục"</span>
                                        </li>
                                    })
                                    .collect_view()}
                            </ul>
                        </section>
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

/// Whether a procedure answers a folded query: every word occurs.
pub fn matches(procedure: &ProcedureSummary, wanted: &str) -> bool {
    let text = fold(&format!(
        "{} {} {} {} {}",
        procedure.name,
        procedure.code,
        procedure.field,
        procedure.life_events.join(" "),
        procedure.keywords.join(" ")
    ));
    wanted.split(' ').all(|word| text.contains(word))
}

fn line(procedure: ProcedureSummary) -> impl IntoView {
    view! { <li><A href=format!("/thu-tuc/{}", procedure.code)>{procedure.name}</A><span>{procedure.field}</span></li> }
}

fn events(list: &[ProcedureSummary], audience: Audience) -> Vec<(String, usize)> {
    let mut events: Vec<(String, usize)> = Vec::new();
    for procedure in list
        .iter()
        .filter(|procedure| procedure.audience.contains(&audience))
    {
        for event in &procedure.life_events {
            match events.iter_mut().find(|(known, _)| known == event) {
                Some((_, count)) => *count += 1,
                None => events.push((event.clone(), 1)),
            }
        }
    }
    events.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    events
}
