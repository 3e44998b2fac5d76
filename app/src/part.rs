//! Semantic components.

pub mod answers;
pub mod bell;
pub mod bill;
pub mod confirm;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod held;
pub mod icon;
pub mod later;
pub mod leave;
pub mod line;
pub mod notice;
pub mod person;
pub mod placement;
pub mod qr;
pub mod reader;
pub mod search;
pub mod seen;
pub mod sending;
pub mod shell;
pub mod stepper;
pub mod table;
pub mod toast;
pub mod transfer;
pub mod validation;
pub mod viewer;

use crate::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// Runs something that takes time and keeps its result: none until it is there.
pub fn load<T: Send + Sync + 'static>(
    work: impl Future<Output = T> + 'static,
) -> RwSignal<Option<T>> {
    let result = RwSignal::new(None);
    spawn_local(async move {
        let value = work.await;
        // The screen may be gone by now.
        let _ = result.try_set(Some(value));
    });
    result
}

/// Not yet, and with the browser's next task yes: what lies below the window is made then, so that the page answers in between.
pub fn afterwards() -> RwSignal<bool> {
    let now = RwSignal::new(false);
    set_timeout(
        move || {
            // The screen may be gone by now.
            let _ = now.try_set(true);
        },
        std::time::Duration::ZERO,
    );
    now
}

/// Puts the focus on an element by its id, after the page was redrawn.
pub fn focus(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        use wasm_bindgen::JsCast as _;
        if let Some(element) = document()
            .get_element_by_id(&id)
            .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
}

/// Whatever has the focus has it again after the page was redrawn, by its id.
pub fn keep_focus() {
    let held = document().active_element().map(|element| element.id());
    if let Some(id) = held.filter(|id| !id.is_empty()) {
        focus(id);
    }
}

/// The title of the tab.
pub fn title(text: &str) {
    document().set_title(&text::fill("{} · Hồ Sơ Ký Số", &[&text]));
}
