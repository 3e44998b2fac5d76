//! Form fields: label, hint, error, and the element they belong to.

use leptos::prelude::*;

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
    /// What is wrong.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// What to write here.
    #[prop(into, optional)]
    hint: String,
    /// `type` of the input.
    #[prop(into, default = "text".to_owned())]
    kind: String,
    /// `autocomplete` of the input.
    #[prop(into, default = "off".to_owned())]
    autocomplete: String,
    /// Must be filled.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let described = format!("{id}-hint {id}-error");
    let (hint_id, error_id, label_for) = (format!("{id}-hint"), format!("{id}-error"), id.clone());
    let inputmode = match kind.as_str() {
        "number" => "numeric",
        "tel" => "tel",
        _ => "text",
    };
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{required.then(|| view! { <span class="star" aria-hidden="true">" *"</span> })}</label>
            <p class="hint" id=hint_id>{hint}</p>
            <p class="error" id=error_id>{move || error.get()}</p>
            <input
                id=id
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                required=required
                aria-describedby=described
                aria-invalid=move || error.get().is_some().to_string()
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
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
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (error_id, label_for, described) =
        (format!("{id}-error"), id.clone(), format!("{id}-error"));
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{required.then(|| view! { <span class="star" aria-hidden="true">" *"</span> })}</label>
            <p class="error" id=error_id>{move || error.get()}</p>
            <textarea
                id=id
                rows="3"
                required=required
                aria-describedby=described
                aria-invalid=move || error.get().is_some().to_string()
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        </div>
    }
}

/// One of several.
#[component]
pub fn ChoiceField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// Value and what is shown.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (error_id, label_for, described) =
        (format!("{id}-error"), id.clone(), format!("{id}-error"));
    view! {
        <div class="field" class:wrong=move || error.get().is_some()>
            <label for=label_for>{label}{required.then(|| view! { <span class="star" aria-hidden="true">" *"</span> })}</label>
            <p class="error" id=error_id>{move || error.get()}</p>
            <select
                id=id
                required=required
                aria-describedby=described
                aria-invalid=move || error.get().is_some().to_string()
                on:change=move |event| on_input.run(event_target_value(&event))
            >
                <option value="" selected=move || value.get().is_empty()>"Chọn…"</option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(option, shown)| {
                            let this = option.clone();
                            view! { <option value=option selected=move || value.get() == this>{shown}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}

/// A list of everything that is wrong, with links to the fields.
#[component]
pub fn ErrorSummary(
    /// Id of the field, and the sentence.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    view! {
        <Show when=move || !errors.get().is_empty()>
            <div class="notice bad" role="alert" tabindex="-1" id="error-summary">
                <h2>"Vui lòng kiểm tra lại"</h2>
                <ul>
                    {move || {
                        errors
                            .get()
                            .into_iter()
                            .map(|(id, sentence)| {
                                let target = id.clone();
                                let go = move |event: web_sys::MouseEvent| {
                                    use wasm_bindgen::JsCast as _;
                                    event.prevent_default();
                                    if let Some(field) = document().get_element_by_id(&target).and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
                                        let _ = field.focus();
                                    }
                                };
                                view! { <li><a href=format!("#{id}") on:click=go>{sentence}</a></li> }
                            })
                            .collect_view()
                    }}
                </ul>
            </div>
        </Show>
    }
}
