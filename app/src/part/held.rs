//! What the document said of an address before the program came: it stays on screen until the screen of that address is there.

use crate::part::notice::Loading;
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;

/// What stood in the document.
#[derive(Clone)]
struct Held {
    /// Of this address.
    path: String,
    /// Classes of the frame around the words.
    class: String,
    /// The words that the server put there (`public/page`).
    words: String,
    /// What was typed into its boxes, by their ids.
    typed: Vec<(String, String)>,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The box of this id in what the program has not made itself: the document before it came, or its copy.
fn early(id: &str) -> Option<HtmlInputElement> {
    document()
        .query_selector(&format!("#skeleton #{id}, [data-held] #{id}"))
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

/// Takes the words of the document over, before it goes.
pub fn keep() {
    let Ok(Some(words)) = document().query_selector("#skeleton [data-kept]") else {
        return;
    };
    // What looks at a page may leave styles in it: copied as HTML they would be against our own policy.
    if let Ok(styled) = words.query_selector_all("[style]") {
        for place in 0..styled.length() {
            let element = styled
                .item(place)
                .and_then(|node| node.dyn_into::<web_sys::Element>().ok());
            if let Some(element) = element {
                let _ = element.remove_attribute("style");
            }
        }
    }
    let mut typed = Vec::new();
    if let Ok(boxes) = words.query_selector_all("input[id]") {
        for place in 0..boxes.length() {
            let input = boxes
                .item(place)
                .and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
            typed.extend(input.map(|input| (input.id(), input.value())));
        }
    }
    HELD.set(Some(Held {
        path: path(),
        class: words.class_name(),
        words: words.inner_html(),
        typed,
    }));
}

/// What is held for the address that is shown.
fn held() -> Option<Held> {
    HELD.with_borrow(|held| held.clone().filter(|held| held.path == path()))
}

/// Whether the words of this address are there.
pub fn holds() -> bool {
    held().is_some()
}

/// What is shown while a screen is on its way: its words where the document had them, else that it is coming.
pub fn waiting() -> AnyView {
    let Some(held) = held() else {
        return view! { <div class="wrap"><Loading/></div> }.into_any();
    };
    let Held {
        class,
        words,
        typed,
        ..
    } = held;
    let shown = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if shown.get().is_none() {
            return;
        }
        for (id, value) in &typed {
            if let Some(input) = early(id).filter(|input| input.value().is_empty()) {
                input.set_value(value);
            }
        }
    });
    // Our own server's HTML, out of this very document. Its frame stays: a screen may be narrow.
    view! { <div class=class data-held="" node_ref=shown inner_html=words></div> }.into_any()
}

/// A part of the words of this address, as HTML; none when they have no such part or it is empty.
pub fn part(selector: &str) -> Option<String> {
    let words = document().create_element("div").ok()?;
    words.set_inner_html(&held()?.words);
    let found = words.query_selector(selector).ok()??.inner_html();
    Some(found).filter(|found| !found.trim().is_empty())
}

/// What was typed into a box before its screen came.
pub fn typed(id: &str) -> String {
    early(id)
        .map(|input| input.value())
        .filter(|value| !value.is_empty())
        .or_else(|| {
            let typed = held()?.typed;
            Some(typed.into_iter().find(|(of, _)| of == id)?.1)
        })
        .unwrap_or_default()
}

/// The screen is there and has what was typed: who comes back to it later begins anew.
pub fn taken() {
    HELD.with_borrow_mut(|held| {
        if let Some(held) = held {
            held.typed.clear();
        }
    });
}

/// Whoever was in one of the boxes is in the same one of the screen that comes now.
pub fn follow() {
    let Some(box_) = document()
        .active_element()
        .filter(|node| node.closest("[data-held]").is_ok_and(|held| held.is_some()))
        .and_then(|node| node.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let (id, typed) = (box_.id(), box_.value());
    let (start, end) = (box_.selection_start(), box_.selection_end());
    let (Ok(Some(start)), Ok(Some(end))) = (start, end) else {
        return;
    };
    let caret = move |same: &HtmlInputElement| {
        if same.value() == typed {
            let _ = same.set_selection_range(start, end);
        }
    };
    queue_microtask(move || {
        let same = document()
            .get_element_by_id(&id)
            .and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
        let Some(same) = same else { return };
        let _ = same.focus();
        caret(&same);
        // A box that got its value only now has its caret at the end.
        request_animation_frame(move || caret(&same));
    });
}
