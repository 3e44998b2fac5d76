//! Form fields: label, hint, error, and the element they belong to. Errors are told when a field is left, not while somebody types.

mod address;
mod date;
mod options;
mod summary;
mod told;

pub use address::{UnitField, units};
pub use date::DateField;
pub use options::{ChecksField, OptionField};
pub use summary::ErrorSummary;
pub use told::{Told, id_of};

use crate::text::t;
use leptos::prelude::*;

/// The star of what must be filled; screen readers hear it from the element itself.
pub fn star(required: bool) -> Option<impl IntoView> {
    required.then(|| view! { <span class="star" aria-hidden="true">"\u{a0}*"</span> })
}

/// The sentence below a label that says what is wrong.
fn wrong(id: String, error: MaybeProp<String>) -> impl IntoView {
    view! {
        <p class="error" id=id>
            {move || error.get().map(|sentence| view! { <span class="visually-hidden">{t("Lỗi:")}" "</span>{sentence} })}
        </p>
    }
}

/// Ids that describe a field.
fn described(id: &str) -> String {
    format!("{id}-hint {id}-error")
}

/// A line of text.
#[component]
pub fn TextField(
    /// Also the id of the input.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Value.
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
    /// What to write here.
    #[prop(into, optional)]
    hint: String,
    /// `type` of the input.
    #[prop(into, default = "text".to_owned())]
    kind: String,
    /// `inputmode`, when the type does not say it.
    #[prop(into, optional)]
    keyboard: String,
    /// `autocomplete` of the input.
    #[prop(into, default = "off".to_owned())]
    autocomplete: String,
    /// Shown behind the box, e.g. a unit.
    #[prop(into, optional)]
    unit: String,
    /// Width as a class: `short` for numbers, `middle` for phones; none = all there is.
    #[prop(into, optional)]
    width: String,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let (hint_id, error_id, label_for) = (format!("{id}-hint"), format!("{id}-error"), id.clone());
    let inputmode = match (keyboard.as_str(), kind.as_str()) {
        ("", "number") => "numeric",
        ("", "tel") => "tel",
        ("", "email") => "email",
        ("", _) => "text",
        (keyboard, _) => keyboard,
    }
    .to_owned();
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{star(required)}</label>
            <p class="hint" id=hint_id>{hint}</p>
            {wrong(error_id, error)}
            <div class=format!("box {width}")>
                <input
                    id=id.clone()
                    type=kind
                    inputmode=inputmode
                    autocomplete=autocomplete
                    required=required
                    aria-describedby=described(&id)
                    aria-invalid=move || error.get().is_some().to_string()
                    prop:value=move || value.get()
                    on:input=move |event| on_input.run(event_target_value(&event))
                    on:blur=move |_| if let Some(left) = on_blur { left.run(()) }
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
            </div>
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn LongField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into, optional)] on_blur: Option<Callback<()>>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (hint_id, error_id, label_for) = (format!("{id}-hint"), format!("{id}-error"), id.clone());
    view! {
        <div class="field wide" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{star(required)}</label>
            <p class="hint" id=hint_id>{hint}</p>
            {wrong(error_id, error)}
            <textarea
                id=id.clone()
                rows="3"
                required=required
                aria-describedby=described(&id)
                aria-invalid=move || error.get().is_some().to_string()
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| if let Some(left) = on_blur { left.run(()) }
            ></textarea>
        </div>
    }
}

/// One of several, in a list that opens.
#[component]
pub fn ChoiceField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// Value and what is shown.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into, optional)] on_blur: Option<Callback<()>>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, default = "off".to_owned())] autocomplete: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (hint_id, error_id, label_for) = (format!("{id}-hint"), format!("{id}-error"), id.clone());
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{star(required)}</label>
            <p class="hint" id=hint_id>{hint}</p>
            {wrong(error_id, error)}
            <select
                id=id.clone()
                required=required
                autocomplete=autocomplete
                aria-describedby=described(&id)
                aria-invalid=move || error.get().is_some().to_string()
                on:change=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| if let Some(left) = on_blur { left.run(()) }
            >
                <option value="" selected=move || value.get().is_empty()>{t("Chọn…")}</option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(option, shown)| {
                            let this = option.clone();
                            view! { <option value=option prop:selected=move || value.get() == this>{shown}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}
