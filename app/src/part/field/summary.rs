//! A list of everything that is wrong, with links to the fields.

use crate::text::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// The list. It stays as it was told, so that nothing jumps while somebody writes; what was put right since is marked so.
#[component]
pub fn ErrorSummary(
    /// Id of the field, and the sentence.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
    /// Ids of fields that are right by now.
    #[prop(into, optional)]
    mended: Signal<Vec<String>>,
) -> impl IntoView {
    view! {
        <Show when=move || !errors.get().is_empty()>
            <div class="notice bad summary" role="alert" tabindex="-1" id="error-summary">
                <h2>{t("Vui lòng kiểm tra lại")}</h2>
                <ul>
                    {move || errors.get().into_iter().map(|(id, sentence)| view! { <Line id sentence mended/> }).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

#[component]
fn Line(id: String, sentence: String, mended: Signal<Vec<String>>) -> impl IntoView {
    let (target, own) = (id.clone(), id.clone());
    let right = Memo::new(move |_| mended.with(|mended| mended.contains(&own)));
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(field) = document()
            .get_element_by_id(&target)
            .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = field.focus();
        }
    };
    view! {
        <li class:mended=move || right.get()>
            <a href=format!("#{id}") on:click=go>{sentence}</a>
            {move || right.get().then(|| view! { <span class="done">" ✓ "{t("đã sửa")}</span> })}
        </li>
    }
}
