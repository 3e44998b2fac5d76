//! Place and size as numbers: for everybody who cannot or does not want to drag (WCAG 2.2, 2.5.7).

use super::geometry::MM;
use super::{Placed, Placement};
use crate::text::t;
use contract::geometry::Rect;
use leptos::prelude::*;

/// Millimetres with one decimal where there is one.
fn millimetres(points: f64) -> String {
    let text = format!("{:.1}", points / MM);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Page, distances and size of the signature's box.
#[component]
pub fn Numbers(placement: Placement) -> impl IntoView {
    let number = move |id: &'static str,
                       label: &'static str,
                       read: fn(&Rect) -> f64,
                       write: fn(Rect, f64, Option<f64>) -> Rect| {
        let value = move || {
            placement
                .placed()
                .map_or(String::new(), |placed| millimetres(read(&placed.rect)))
        };
        let change = move |event: web_sys::Event| {
            let typed = event_target_value(&event).replace(',', ".");
            if let (Ok(mm), Some(Placed { page, rect })) =
                (typed.parse::<f64>(), placement.placed_now())
                && mm.is_finite()
            {
                let points = mm.clamp(0.0, 10_000.0) * MM;
                let rect = write(rect, points, placement.ratio.get_untracked());
                placement.put(Placed { page, rect });
            }
        };
        view! {
            <label for=id>{label}</label>
            <input id=id type="number" inputmode="decimal" min="0" step="0.1" prop:value=value on:change=change/>
        }
    };
    let page = move || {
        placement
            .placed()
            .map_or(String::new(), |placed| (placed.page + 1).to_string())
    };
    let change_page = move |event: web_sys::Event| {
        if let Ok(page) = event_target_value(&event).parse::<u32>() {
            placement.to_page(page.saturating_sub(1));
        }
    };
    view! {
        <details class="numbers">
            <summary>{t("Vị trí và cỡ ô ký bằng số (mm)")}</summary>
            <div class="grid">
                <label for="box-page">{t("Trang")}</label>
                <input id="box-page" type="number" inputmode="numeric" min="1" max=placement.count().to_string() prop:value=page on:change=change_page/>
                {number("box-x", t("Cách trái"), |rect| rect.x, |rect, x, _| Rect { x, ..rect })}
                {number("box-y", t("Cách trên"), |rect| rect.y, |rect, y, _| Rect { y, ..rect })}
                {number("box-w", t("Rộng"), |rect| rect.width, |rect, width, ratio| Rect {
                    width,
                    height: ratio.map_or(rect.height, |ratio| width / ratio),
                    ..rect
                })}
                {number("box-h", t("Cao"), |rect| rect.height, |rect, height, ratio| Rect {
                    height,
                    width: ratio.map_or(rect.width, |ratio| height * ratio),
                    ..rect
                })}
            </div>
        </details>
    }
}
