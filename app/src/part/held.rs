//! What the document said of an address before the program came: it stays on screen until the screen of that address is there.

use crate::part::notice::Loading;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;

thread_local! {
    /// An address and the words that the server put into its document (`public/page`).
    static HELD: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Takes the words of the document over, before it goes.
pub fn keep() {
    if let Ok(Some(words)) = document().query_selector("#skeleton [data-kept]") {
        HELD.set(Some((path(), words.inner_html())));
    }
}

/// Whether the words of this address are there.
pub fn holds() -> bool {
    HELD.with_borrow(|held| held.as_ref().is_some_and(|(of, _)| *of == path()))
}

/// What is shown while a screen is on its way: its words where the document had them, else that it is coming.
pub fn waiting() -> AnyView {
    let words = HELD.with_borrow(|held| {
        held.as_ref()
            .filter(|(of, _)| *of == path())
            .map(|(_, words)| words.clone())
    });
    match words {
        // Our own server's HTML, out of this very document.
        Some(words) => view! { <div class="wrap" inner_html=words></div> }.into_any(),
        None => view! { <div class="wrap"><Loading/></div> }.into_any(),
    }
}

/// What was typed into a box of the document before the program came.
pub fn typed(id: &str) -> String {
    document()
        .query_selector(&format!("#skeleton #{id}"))
        .ok()
        .flatten()
        .and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok())
        .map(|input| input.value())
        .unwrap_or_default()
}
