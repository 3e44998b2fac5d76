//! Whole numbers of the forms, as people write them. What is none is told at its field, and a form with such a field is not saved: it would
//! keep another number than it shows.

use crate::part::field::TextField;
use crate::text::form::fault;
use contract::form::{Fault, number};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The fields of a form that hold no number now, by their ids.
#[derive(Clone, Copy)]
pub struct Unread(RwSignal<BTreeSet<String>>);

impl Unread {
    /// None yet; the fields below find it.
    pub fn provide() -> Self {
        let unread = Self(RwSignal::new(BTreeSet::new()));
        provide_context(unread);
        unread
    }

    fn note(self, id: &str, wrong: bool) {
        let _ = self.0.try_update(|fields| {
            if wrong {
                fields.insert(id.to_owned());
            } else {
                fields.remove(id);
            }
        });
    }

    /// Whether there is such a field; the focus goes to the first.
    pub fn stops(self) -> bool {
        let first = self.0.with_untracked(|fields| fields.first().cloned());
        let stops = first.is_some();
        if let Some(id) = first {
            crate::part::focus(id);
        }
        stops
    }
}

/// Reads what was typed; nothing is no number where there may be none.
fn read(text: &str, (least, most): (i64, i64), optional: bool) -> Result<Option<i64>, Fault> {
    if text.trim().is_empty() {
        return if optional {
            Ok(None)
        } else {
            Err(Fault::Required)
        };
    }
    let read = number(text, 0)
        .and_then(|number| i64::try_from(number).ok())
        .ok_or(Fault::NotANumber(0))?;
    if (least..=most).contains(&read) {
        Ok(Some(read))
    } else {
        Err(Fault::OutOfRange(least, most))
    }
}

fn shown(value: Option<i64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A whole number.
#[component]
pub fn NumberField(
    /// Also the id of the input.
    id: String,
    label: &'static str,
    /// The value; none where it may be left empty.
    #[prop(into)]
    value: Signal<Option<i64>>,
    /// The smallest and the largest it may be.
    between: (i64, i64),
    /// It may be left empty.
    #[prop(optional)]
    optional: bool,
    /// Told of every number that is one.
    #[prop(into)]
    put: Callback<Option<i64>>,
) -> impl IntoView {
    let unread = use_context::<Unread>();
    // Another field's change is none of this one's.
    let value = Memo::new(move |_| value.get());
    let typed = RwSignal::new(shown(value.get_untracked()));
    let left = RwSignal::new(true);
    let understood = move |text: &str| read(text, between, optional);
    let name = StoredValue::new(id.clone());
    let note = move |wrong: bool| {
        if let Some(unread) = unread {
            let _ = name.try_with_value(|id| unread.note(id, wrong));
        }
    };
    // A value from elsewhere replaces what stands here, one's own typing does not.
    Effect::new(move |_| {
        let value = value.get();
        if typed.with_untracked(|typed| understood(typed)) != Ok(value) {
            typed.set(shown(value));
            note(false);
        }
    });
    on_cleanup(move || note(false));
    let on_input = move |text: String| {
        let read = understood(&text);
        typed.set(text);
        left.set(false);
        note(read.is_err());
        if let Ok(number) = read {
            put.run(number);
        }
    };
    let error = Signal::derive(move || {
        let wrong = typed.with(|typed| understood(typed).err());
        wrong.filter(|_| left.get()).map(fault)
    });
    view! { <TextField id label value=typed on_input on_blur=move |()| left.set(true) error width="short" keyboard="numeric"/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const ANY: (i64, i64) = (i64::MIN, i64::MAX);

    #[wasm_bindgen_test]
    fn a_number_is_read_as_it_is_written_or_not_at_all() {
        assert_eq!(read("8000", ANY, false), Ok(Some(8000)));
        assert_eq!(read(" 8 000 ", ANY, false), Ok(Some(8000)));
        assert_eq!(read("1.250.000", ANY, false), Ok(Some(1_250_000)));
        assert_eq!(read("-8", ANY, false), Ok(Some(-8)));
        for wrong in ["3,5", "8k", "tám", "8.5", "99999999999999999999"] {
            assert_eq!(
                read(wrong, ANY, false),
                Err(Fault::NotANumber(0)),
                "{wrong}"
            );
        }
    }

    #[wasm_bindgen_test]
    fn nothing_is_a_number_only_where_there_may_be_none() {
        assert_eq!(read(" ", ANY, true), Ok(None));
        assert_eq!(read("", ANY, false), Err(Fault::Required));
    }

    #[wasm_bindgen_test]
    fn what_the_value_cannot_hold_is_told() {
        assert_eq!(read("300", (0, 255), false), Err(Fault::OutOfRange(0, 255)));
        assert_eq!(read("-1", (0, 255), false), Err(Fault::OutOfRange(0, 255)));
    }
}
