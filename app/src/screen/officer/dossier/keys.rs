//! A dossier by keyboard: `j`/`k`, `1`–`5`, `/`, `g i`, `Ctrl+Enter`, `?`. Single letters act only while nobody types, and can be switched
//! off together with those of the inbox (WCAG 2.1.4).

use super::tabs::Tabs;
use crate::screen::officer::inbox::neighbour;
use crate::screen::officer::keys::{Help, is_dialog_open, is_typing, keys_off};
use crate::text::{n, t};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;

const HELP: [(&str, &str); 7] = [
    ("j / k", n("Hồ sơ tiếp theo, hồ sơ trước trong danh sách")),
    ("1 – 5", n("Mở thẻ")),
    ("/", n("Tìm trong hộp hồ sơ")),
    ("g i", n("Về hộp hồ sơ")),
    ("Ctrl Enter", n("Gửi biểu mẫu đang nhập")),
    ("← →", n("Chuyển giữa các thẻ khi đang ở hàng thẻ")),
    ("?", n("Xem các phím tắt này")),
];

/// Presses the main button of what is being filled in: of its form, or of the section it stands in.
fn submit(event: &web_sys::KeyboardEvent) -> bool {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(around) = field.and_then(|field| field.closest("form, section").ok().flatten()) else {
        return false;
    };
    let button = around
        .query_selector("button[type=submit]:not([disabled]), button.primary:not([disabled])")
        .ok()
        .flatten()
        .and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok());
    match button {
        Some(button) => {
            button.click();
            true
        }
        None => false,
    }
}

/// The help and the keys themselves.
#[component]
pub fn Keys(id: Uuid, tabs: Tabs) -> impl IntoView {
    let help = RwSignal::new(false);
    let off = RwSignal::new(keys_off());
    let awaits = StoredValue::new(false);
    let navigate = use_navigate();
    let listening = window_event_listener(leptos::ev::keydown, move |event| {
        if event.is_composing() || event.alt_key() {
            return;
        }
        if event.ctrl_key() || event.meta_key() {
            if event.key() == "Enter" && is_typing(&event) && submit(&event) {
                event.prevent_default();
            }
            return;
        }
        if off.get_untracked() || is_typing(&event) || is_dialog_open() {
            return;
        }
        let after_g = awaits.get_value();
        awaits.set_value(false);
        let key = event.key();
        let done = match key.as_str() {
            "g" => {
                awaits.set_value(true);
                true
            }
            "i" if after_g => {
                navigate("/can-bo", Default::default());
                true
            }
            "/" => {
                navigate("/can-bo", Default::default());
                true
            }
            "j" | "k" => match neighbour(id, key == "j") {
                Some(to) => {
                    navigate(&format!("/can-bo/ho-so/{to}"), Default::default());
                    true
                }
                None => false,
            },
            "?" => {
                help.set(true);
                true
            }
            other => tabs.key(other),
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
    view! { <Help help off title=t("Phím tắt của hồ sơ") keys=&HELP/> }
}
