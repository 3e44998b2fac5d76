//! Round buttons for one of a few, boxes for any of several.

use super::{described, star, wrong};
use crate::text::t;
use leptos::prelude::*;

/// One of a few, all in sight.
#[component]
pub fn OptionField(
    /// Also the id of the first button, so that links to the field find it.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// Value and what is shown.
    options: Vec<(String, String)>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let name = id.clone();
    let first = id.clone();
    let clear = move |_| {
        on_input.run(String::new());
        // The button goes with the choice; the focus stays in the field.
        crate::part::focus(first.clone());
    };
    view! {
        <fieldset class="field options" class:wrong=move || error.get().is_some() aria-describedby=described(&id)>
            <legend>{label}{star(required)}</legend>
            <p class="hint" id=hint_id>{hint}</p>
            {wrong(error_id, error)}
            <div class="row">
                {options
                    .into_iter()
                    .enumerate()
                    .map(|(place, (option, shown))| {
                        let this = option.clone();
                        view! {
                            <label class="option">
                                <input type="radio" name=name.clone() id=if place == 0 { id.clone() } else { format!("{id}-{place}") }
                                    value=option.clone() required=required
                                    prop:checked=move || value.get() == this
                                    on:change=move |_| on_input.run(option.clone())/>
                                <span>{shown}</span>
                            </label>
                        }
                    })
                    .collect_view()}
                // What is not asked for can be taken back.
                {(!required).then(|| view! {
                    <Show when=move || !value.get().is_empty()>
                        <button type="button" class="link" on:click=clear.clone()>{t("Bỏ chọn")}</button>
                    </Show>
                })}
            </div>
        </fieldset>
    }
}

/// Any of several; the value holds one a line, in the order in which they are offered.
#[component]
pub fn ChecksField(
    /// Also the id of the first box.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    options: Vec<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(into, optional)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let all = StoredValue::new(options.clone());
    let has =
        move |option: &str| value.with(|value| value.lines().any(|line| line.trim() == option));
    let set = move |option: String, ticked: bool| {
        let chosen: Vec<String> = all.with_value(|all| {
            all.iter()
                .filter(|other| {
                    if **other == option {
                        ticked
                    } else {
                        value
                            .with_untracked(|value| value.lines().any(|line| line.trim() == *other))
                    }
                })
                .cloned()
                .collect()
        });
        on_input.run(chosen.join("\n"));
    };
    view! {
        <fieldset class="field options" class:wrong=move || error.get().is_some() aria-describedby=described(&id)>
            <legend>{label}{star(required)}</legend>
            <p class="hint" id=hint_id>{hint}</p>
            {wrong(error_id, error)}
            {options
                .into_iter()
                .enumerate()
                .map(|(place, option)| {
                    let (this, shown) = (option.clone(), option.clone());
                    view! {
                        <label class="option">
                            <input type="checkbox" id=if place == 0 { id.clone() } else { format!("{id}-{place}") }
                                prop:checked=move || has(&this)
                                on:change=move |event| set(option.clone(), event_target_checked(&event))/>
                            <span>{shown}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
