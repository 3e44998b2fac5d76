//! Where the focus is when one has gone to another screen: on its title, so that it is read aloud and Tab goes on from there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// How often it is looked whether the title is there, or was replaced while the screen was loading; ten times a second.
const LOOKS: u8 = 80;

/// Follows the address.
pub fn follow() {
    let pathname = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let here = pathname.get();
        if before.is_some_and(|before| before != here) {
            // What has the focus in the screen that is left goes with it, or the screen stays and so does the focus.
            let from = document()
                .active_element()
                .filter(|focused| focused.closest("main > *").ok().flatten().is_none());
            arrive(from, LOOKS);
        }
        here
    });
}

/// Puts the focus on the title, unless it is anywhere else than on what one came from: then the screen itself put it there,
/// or somebody went on.
fn arrive(from: Option<Element>, looks: u8) {
    request_animation_frame(move || {
        let focused = document().active_element();
        let free = focused == from
            || focused
                .as_ref()
                .is_none_or(|node| node.tag_name() == "BODY");
        if looks == 0 || !free {
            return;
        }
        let title = document().query_selector("main h1").ok().flatten();
        if let Some(title) = title
            .as_ref()
            .filter(|title| Some(*title) != focused.as_ref())
            && let Some(title) = title.dyn_ref::<web_sys::HtmlElement>()
        {
            let _ = title.set_attribute("tabindex", "-1");
            // Who goes back finds the page where it was.
            let still = web_sys::FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = title.focus_with_options(&still);
        }
        let again = move || arrive(title.or(from), looks - 1);
        set_timeout(again, Duration::from_millis(100));
    });
}
