//! What is wrong in a form of the desk, told at its field: the sentence stands there, and the focus goes there.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// The first thing that is wrong, by the id of its field.
#[derive(Clone, Copy)]
pub struct Wrong(RwSignal<Option<(&'static str, String)>>);

impl Wrong {
    /// Nothing is.
    pub fn none() -> Self {
        Self(RwSignal::new(None))
    }

    /// Tells it and goes to the field.
    pub fn at(self, id: &'static str, sentence: &str) {
        self.0.set(Some((id, sentence.to_owned())));
        let field = document()
            .get_element_by_id(id)
            .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(field) = field {
            let _ = field.focus();
        }
    }

    /// Somebody writes: what was told may be right by now.
    pub fn clear(self) {
        if self.0.with_untracked(Option::is_some) {
            self.0.set(None);
        }
    }

    /// The sentence of a field.
    pub fn of(self, id: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.0
                .get()
                .filter(|(at, _)| *at == id)
                .map(|(_, sentence)| sentence)
        })
    }
}
