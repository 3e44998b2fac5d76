//! Procedures by what happens in a life or in a business.

use super::Catalogue;
use crate::part::icon::{Icon, Shape};
use crate::part::load;
use crate::part::notice::{Notice, Tone};
use crate::text::{self, fill, n, t};
use contract::fold::fold;
use contract::procedure::{Audience, LifeEvent, ProcedureSummary};
use leptos::prelude::*;
use leptos_router::components::A;

/// Whom they are for, what stands above them, and room for how many while they are on their way.
const GROUPS: [(Audience, &str, usize); 2] = [
    (Audience::Citizen, n("CÔNG DÂN"), 11),
    (Audience::Business, n("DOANH NGHIỆP"), 11),
];

/// What an event is drawn as: the first word that its folded name holds.
const DRAWN: [(&str, Shape); 30] = [
    // Before `huu tri`, which its name holds.
    ("so huu", Shape::Pen),
    ("con nho", Shape::Cradle),
    ("hoc", Shape::Book),
    ("viec lam", Shape::Case),
    ("ket hon", Shape::Rings),
    ("hon nhan", Shape::Rings),
    ("cu tru", Shape::House),
    ("nha o", Shape::House),
    ("dat", Shape::Map),
    ("xay dung", Shape::Map),
    ("suc khoe", Shape::Heart),
    ("y te", Shape::Heart),
    ("lao dong", Shape::People),
    ("bao hiem", Shape::Heart),
    ("qua doi", Shape::Leaf),
    ("huu tri", Shape::People),
    ("giay to", Shape::Paper),
    ("lai", Shape::Wheel),
    ("phuong tien", Shape::Wheel),
    ("khoi su", Shape::Shop),
    ("kinh doanh", Shape::Shop),
    ("tai chinh", Shape::Coins),
    ("thue", Shape::Coins),
    ("thuong mai", Shape::Shop),
    ("chi nhanh", Shape::House),
    ("dau thau", Shape::Case),
    ("tranh chap", Shape::People),
    ("khieu", Shape::People),
    ("tai cau truc", Shape::Wheel),
    ("tam dung", Shape::Leaf),
];

fn drawn(event: &str) -> Shape {
    let name = fold(event);
    DRAWN
        .into_iter()
        .find(|(word, _)| name.contains(word))
        .map_or(Shape::Paper, |(_, shape)| shape)
}

/// The part.
#[component]
pub fn Featured(list: Catalogue, ask: Callback<()>) -> impl IntoView {
    // Their order is data of the portal's; without it the fullest come first.
    let order = load(async { crate::api::unit::events().await.unwrap_or_default() });
    let group = move |audience: Audience, room: usize| {
        match list.get().filter(|_| order.get().is_some()) {
        None => (0..room)
            .map(|_| view! { <li class="life-card coming"><span class="life-sign"></span></li> }.into_any())
            .collect_view()
            .into_any(),
        Some(Ok(list)) => order
            .with(|order| events(&list, order.as_deref().unwrap_or_default(), audience))
            .into_iter()
            .map(|(event, count)| view! {
                <li class="life-card">
                    <span class="life-sign"><Icon shape=drawn(&event)/></span>
                    <span>
                        <A href=format!("/thu-tuc?su-kien={}", js_sys::encode_uri_component(&event))>{event}</A>
                        <span class="meta">{fill("{} thủ tục", &[&count])}</span>
                    </span>
                </li>
            })
            .collect_view()
            .into_any(),
        Some(Err(_)) => ().into_any(),
    }
    };
    view! {
        <section class="featured" aria-busy=move || list.with(Option::is_none).to_string()>
            <h2>{t("DỊCH VỤ HÀNH CHÍNH CÔNG NỔI BẬT")}</h2>
            {move || match list.get() {
                Some(Err(error)) => view! {
                    <Notice tone=Tone::Bad>
                        {text::api(&error)}" "
                        <button type="button" class="button" on:click=move |_| ask.run(())>{t("Thử lại")}</button>
                    </Notice>
                }.into_any(),
                _ => ().into_any(),
            }}
            {GROUPS
                .into_iter()
                .map(|(audience, heading, room)| view! {
                    <h3>{t(heading)}</h3>
                    <ul class="life">{move || group(audience, room)}</ul>
                })
                .collect_view()}
        </section>
    }
}

/// Events of an audience with how many procedures belong to them, in the portal's order; others behind them, the fullest first.
fn events(
    list: &[ProcedureSummary],
    order: &[LifeEvent],
    audience: Audience,
) -> Vec<(String, usize)> {
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
    let place = |name: &str| {
        order
            .iter()
            .position(|event| event.name == name && event.audience == audience)
    };
    // A procedure for both is found under events of both; each stands with its own.
    events.retain(|(name, _)| {
        place(name).is_some() || !order.iter().any(|event| event.name == *name)
    });
    events.sort_by_key(|(name, count)| {
        (place(name).unwrap_or(usize::MAX), std::cmp::Reverse(*count))
    });
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn an_event_is_drawn_by_its_name_and_an_unknown_one_as_paper() {
        assert_eq!(drawn("Có con nhỏ"), Shape::Cradle);
        assert_eq!(drawn("Nhà ở, đất đai"), Shape::House);
        assert_eq!(drawn("Người thân qua đời"), Shape::Leaf);
        assert_eq!(drawn("Lao động và bảo hiểm xã hội"), Shape::People);
        assert_eq!(drawn("Sở hữu trí tuệ, đăng ký tài sản"), Shape::Pen);
        assert_eq!(drawn("Chưa có tên"), Shape::Paper);
    }
}
