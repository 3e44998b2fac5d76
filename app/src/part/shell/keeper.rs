//! The focus is not lost when what has it is made anew, or is disabled while it works: it comes back to it.

use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, MutationObserver, MutationObserverInit};

/// Watches the page for as long as it lives.
pub fn keep() {
    let last: Rc<RefCell<Option<HtmlElement>>> = Rc::default();
    let noted = Rc::clone(&last);
    // Whoever points somewhere takes the focus away on purpose.
    let focused = move |event: web_sys::Event| {
        let target = (event.type_() == "focusin")
            .then(|| event.target())
            .flatten();
        *noted.borrow_mut() = target.and_then(|target| target.dyn_into().ok());
    };
    let focused = Closure::<dyn FnMut(web_sys::Event)>::new(focused);
    for event in ["focusin", "pointerdown"] {
        let _ =
            document().add_event_listener_with_callback(event, focused.as_ref().unchecked_ref());
    }
    focused.forget();
    let left = Rc::clone(&last);
    let blurred = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        let Some(target) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let left = Rc::clone(&left);
        // Later than the observer: what was moved has the focus again by then. What is still there, usable, and without it, was left on purpose.
        set_timeout(
            move || {
                let on_purpose =
                    is_lost() && target.is_connected() && !target.has_attribute("disabled");
                if on_purpose && left.borrow().as_ref() == Some(&target) {
                    *left.borrow_mut() = None;
                }
            },
            std::time::Duration::ZERO,
        );
    });
    let _ =
        document().add_event_listener_with_callback("focusout", blurred.as_ref().unchecked_ref());
    blurred.forget();
    let changed = Closure::<dyn FnMut()>::new(move || {
        let Some(before) = last.borrow().clone().filter(|_| is_lost()) else {
            return;
        };
        let again = if before.is_connected() {
            Some(before)
        } else {
            document()
                .get_element_by_id(&before.id())
                .and_then(|found| found.dyn_into().ok())
        };
        if let Some(again) = again.filter(|again| !again.has_attribute("disabled")) {
            let _ = again.focus();
        }
    });
    let (Ok(observer), Some(body)) = (
        MutationObserver::new(changed.as_ref().unchecked_ref()),
        document().body(),
    ) else {
        return;
    };
    changed.forget();
    let what = MutationObserverInit::new();
    what.set_child_list(true);
    what.set_subtree(true);
    what.set_attribute_filter(&js_sys::Array::of1(&"disabled".into()));
    let _ = observer.observe_with_options(&body, &what);
    // The browser keeps an observer for as long as what it observes.
}

/// Whether nothing has the focus.
fn is_lost() -> bool {
    document()
        .active_element()
        .is_none_or(|active| active.tag_name() == "BODY")
}
