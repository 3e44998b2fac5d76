//! Small fields of the forms: each reads and writes one value of a document that is being edited.

use super::number::NumberField;
use crate::part::field::{LongField, TextField};
use contract::procedure::Procedure;
use leptos::prelude::*;

/// A document that is being edited; whoever writes says that it is no longer as it was saved.
pub type Edited = RwSignal<Procedure>;

/// A line of text of a value.
pub fn line<T: Send + Sync + 'static>(
    of: RwSignal<T>,
    id: impl Into<String>,
    label: &'static str,
    get: impl Fn(&T) -> String + Copy + Send + Sync + 'static,
    set: impl Fn(&mut T, String) + Copy + Send + Sync + 'static,
) -> AnyView {
    let value = Signal::derive(move || of.with(get));
    let put = Callback::new(move |text: String| of.update(|of| set(of, text)));
    view! { <TextField id label value on_input=put/> }.into_any()
}

/// A whole number of a value, between the smallest and the largest it may be.
pub fn number<T: Send + Sync + 'static>(
    of: RwSignal<T>,
    id: impl Into<String>,
    label: &'static str,
    between: (i64, i64),
    get: impl Fn(&T) -> i64 + Copy + Send + Sync + 'static,
    set: impl Fn(&mut T, i64) + Copy + Send + Sync + 'static,
) -> AnyView {
    let value = Signal::derive(move || Some(of.with(get)));
    let put = Callback::new(move |number: Option<i64>| {
        if let Some(number) = number {
            of.update(|of| set(of, number));
        }
    });
    view! { <NumberField id=id.into() label value between put/> }.into_any()
}

/// A list of sentences, one a line.
pub fn lines(
    of: Edited,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    get: fn(&Procedure) -> &Vec<String>,
    set: fn(&mut Procedure) -> &mut Vec<String>,
) -> AnyView {
    // What is typed keeps its empty lines until the field is left behind.
    let typed = RwSignal::new(of.with_untracked(|of| get(of).join("\n")));
    let put = Callback::new(move |text: String| {
        of.update(|of| {
            *set(of) = text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect();
        });
        typed.set(text);
    });
    view! { <LongField id label value=typed on_input=put hint/> }.into_any()
}

/// A tick.
pub fn tick<T: Send + Sync + 'static>(
    of: RwSignal<T>,
    label: &'static str,
    get: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    set: impl Fn(&mut T, bool) + Copy + Send + Sync + 'static,
) -> AnyView {
    let ticked = Signal::derive(move || of.with(get));
    let put = Callback::new(move |to: bool| of.update(|of| set(of, to)));
    view! {
        <label class="option">
            <input type="checkbox" prop:checked=move || ticked.get() on:change=move |event| put.run(event_target_checked(&event))/>
            <span>{label}</span>
        </label>
    }
    .into_any()
}
