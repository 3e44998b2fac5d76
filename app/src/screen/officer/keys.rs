//! What the officers' screens share of their keys: when single letters act (WCAG 2.1.4), the switch, and the dialog that tells them.

use super::inbox::storage;
use crate::part::dialog::Dialog;
use crate::text::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

const OFF: &str = "inbox-keys-off";

/// Whether letters belong to what has the focus. Until the next frame that is something in a dialog that was just closed.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest(
                    "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]",
                )
                .ok()
                .flatten()
                .is_some()
        })
}

/// Whether single letters are switched off on this device.
pub fn keys_off() -> bool {
    storage()
        .and_then(|storage| storage.get_item(OFF).ok()?)
        .is_some()
}

/// Switches single letters on or off.
fn switch_keys(on: bool) {
    if let Some(storage) = storage() {
        // A device that keeps nothing begins with the keys on.
        let _ = if on {
            storage.remove_item(OFF)
        } else {
            storage.set_item(OFF, "1")
        };
    }
}

/// Whether a dialog has the keyboard.
pub fn is_dialog_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some()
}

/// The button of the help, and its dialog with the switch.
#[component]
pub fn Help(
    /// Whether it is open.
    help: RwSignal<bool>,
    /// Whether single letters are switched off.
    off: RwSignal<bool>,
    title: &'static str,
    /// Each key, and what it does.
    keys: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    view! {
        <button type="button" class="button quiet keys" on:click=move |_| help.set(true)>{t("Phím tắt")}" "<kbd aria-hidden="true">"?"</kbd></button>
        <Dialog open=help title>
            <dl class="keys-list">
                {keys.iter().map(|(key, does)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{t(does)}</dd></div> }).collect_view()}
            </dl>
            <label class="choice">
                <input type="checkbox" prop:checked=move || !off.get() on:change=move |_| {
                    off.update(|off| *off = !*off);
                    switch_keys(!off.get_untracked());
                }/>
                {t("Bật phím tắt một chữ")}
            </label>
            <div class="row end"><button type="button" class="button primary" on:click=move |_| help.set(false)>{t("Đóng")}</button></div>
        </Dialog>
    }
}
