//! What runs in the browser: the page. It asks the server through `api`, the engine through `engine`, the device through `draft`.

#![cfg(target_arch = "wasm32")]

mod api;
mod chunk;
mod door;
mod draft;
mod engine;
mod format;
mod network;
mod outbox;
mod part;
mod route;
mod screen;
mod session;
mod signing;
mod text;

/// Mounts the page beside what stands in the document; `boot.js` then takes that away (`page-mounted`).
#[cfg_attr(not(test), wasm_bindgen::prelude::wasm_bindgen(start))]
pub fn start() {
    std::panic::set_hook(Box::new(|information| {
        web_sys::console::error_1(&information.to_string().into());
        // The page is dead, the draft is not: say so.
        let Some(body) = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.body())
        else {
            return;
        };
        let _ = body.set_attribute("data-broken", "true");
    }));
    if text::language::wants_english() {
        wasm_bindgen_futures::spawn_local(async {
            text::language::load_english().await;
            mount();
        });
    } else {
        // A task of its own: making the program ready and drawing with it are long enough each.
        leptos::prelude::set_timeout(mount, std::time::Duration::ZERO);
    }
}

fn mount() {
    let window = leptos::prelude::window();
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("lang", text::language::language().tag());
    }
    part::held::keep();
    leptos::mount::mount_to_body(route::App);
    if let Ok(mounted) = web_sys::Event::new("page-mounted") {
        let _ = window.dispatch_event(&mounted);
    }
}
