//! A date, written as dd/mm/yyyy whatever the browser speaks, or picked in the device's own calendar; kept as `YYYY-MM-DD`.

use super::{described, star, wrong};
use crate::text::t;
use contract::date::Date;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

/// What is kept of typed text: the day, or the text itself while it is none.
fn kept(typed: &str) -> String {
    Date::read(typed).map_or_else(|_| typed.trim().to_owned(), |day| day.to_string())
}

/// What is shown of a kept value.
fn shown(value: &str) -> String {
    value
        .parse::<Date>()
        .map_or_else(|_| value.to_owned(), Date::shown)
}

/// Opens the calendar of the device; where the browser cannot be asked to, the field itself is there.
fn open_calendar(input: &web_sys::HtmlInputElement) {
    let opened = js_sys::Reflect::get(input, &JsValue::from_str("showPicker"))
        .ok()
        .and_then(|found| found.dyn_into::<js_sys::Function>().ok())
        .is_some_and(|show| show.call0(input).is_ok());
    if !opened {
        input.click();
    }
}

/// A date.
#[component]
pub fn DateField(
    /// Also the id of the input.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Value: `YYYY-MM-DD`, or what was typed as far as it is no date.
    #[prop(into)]
    value: Signal<String>,
    /// Told of every keystroke.
    #[prop(into)]
    on_input: Callback<String>,
    /// Told when the field is left.
    #[prop(into, optional)]
    on_blur: Option<Callback<()>>,
    /// What is wrong.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// What to write here, besides how.
    #[prop(into, optional)]
    hint: String,
    /// `autocomplete` of the input.
    #[prop(into, default = "off".to_owned())]
    autocomplete: String,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let (hint_id, error_id, label_for) = (format!("{id}-hint"), format!("{id}-error"), id.clone());
    let calendar = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(shown(&value.get_untracked()));
    // A value from elsewhere replaces what stands here, one's own typing does not.
    Effect::new(move |_| {
        let value = value.get();
        if kept(&typed.get_untracked()) != value {
            typed.set(shown(&value));
        }
    });
    let pick_label = format!("{}: {label}", t("Chọn trong lịch"));
    let how = if hint.is_empty() {
        t("Ngày/tháng/năm, ví dụ 05/03/2020").to_owned()
    } else {
        format!("{hint} {}", t("Ngày/tháng/năm, ví dụ 05/03/2020"))
    };
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{star(required)}</label>
            <p class="hint" id=hint_id>{how}</p>
            {wrong(error_id, error)}
            <div class="box date">
                <input
                    id=id.clone()
                    type="text"
                    inputmode="numeric"
                    maxlength="20"
                    autocomplete=autocomplete
                    required=required
                    aria-describedby=described(&id)
                    aria-invalid=move || error.get().is_some().to_string()
                    prop:value=move || typed.get()
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        typed.set(text.clone());
                        on_input.run(kept(&text));
                    }
                    on:blur=move |_| {
                        typed.set(shown(&value.get_untracked()));
                        if let Some(left) = on_blur { left.run(()) }
                    }
                />
                <button type="button" class="button calendar" aria-label=pick_label on:click=move |_| {
                    if let Some(input) = calendar.get() {
                        open_calendar(&input);
                    }
                }>
                    <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true">
                        <rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 3v4M16 3v4"/>
                    </svg>
                </button>
                // The calendar itself needs an element; people meet only the button.
                <input node_ref=calendar type="date" class="picker" tabindex="-1" aria-hidden="true"
                    prop:value=move || value.get()
                    on:change=move |event| {
                        let day = event_target_value(&event);
                        on_input.run(day);
                        if let Some(left) = on_blur { left.run(()) }
                    }/>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_is_typed_is_kept_as_a_day_or_as_it_is() {
        assert_eq!(kept("5/3/2020"), "2020-03-05");
        assert_eq!(kept("5/3/20"), "5/3/20");
        assert_eq!(shown("2020-03-05"), "05/03/2020");
        assert_eq!(shown("5/3/20"), "5/3/20");
        assert_eq!(shown(""), "");
    }
}
