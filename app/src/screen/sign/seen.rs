//! Which pages were looked at, and which one is in the middle of the window now.

use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeSet;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// The pages somebody saw.
#[derive(Clone, Copy)]
pub struct Seen {
    /// All of them, from 0.
    pub pages: RwSignal<BTreeSet<u32>>,
    /// The one in the middle.
    pub current: RwSignal<u32>,
}

impl Seen {
    /// None yet.
    pub fn new() -> Self {
        Self {
            pages: RwSignal::new(BTreeSet::new()),
            current: RwSignal::new(0),
        }
    }

    fn look_at(self, page: u32) {
        let _ = self.current.try_set(page);
        let known = self.pages.with_untracked(|pages| pages.contains(&page));
        if !known {
            self.pages.update(|pages| {
                pages.insert(page);
            });
        }
    }
}

/// Covers a page and tells when it comes to the middle of the window.
#[component]
pub fn SeenPage(seen: Seen, page: u32) -> impl IntoView {
    let node = NodeRef::<html::Span>::new();
    let watching = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(node) = node.get() else { return };
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let here = entries.iter().any(|entry| {
                entry
                    .dyn_into::<IntersectionObserverEntry>()
                    .is_ok_and(|entry| entry.is_intersecting())
            });
            if here {
                seen.look_at(page);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin("-40% 0px -40% 0px");
        options.set_threshold(&JsValue::from(0.0));
        let observer =
            IntersectionObserver::new_with_options(told.as_ref().unchecked_ref(), &options);
        if let Ok(observer) = observer {
            observer.observe(&node);
            watching.set_value(Some((observer, told)));
        }
    });
    on_cleanup(move || {
        let _ = watching.try_update_value(|watching| {
            if let Some((observer, _)) = watching.take() {
                observer.disconnect();
            }
        });
    });
    view! { <span class="seen-page" node_ref=node aria-hidden="true"></span> }
}
