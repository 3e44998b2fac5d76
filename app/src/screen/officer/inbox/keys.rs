//! The inbox by keyboard. Single letters act only while nobody types and no dialog is open, and can be switched off (WCAG 2.1.4).

use super::column::storage;
use super::desk::Desk;
use super::filters::SEARCH;
use super::lines::link_id;
use crate::part::dialog::Dialog;
use crate::text::{n, t};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

const OFF: &str = "inbox-keys-off";

const HELP: [(&str, &str); 7] = [
    ("j", n("Hồ sơ tiếp theo")),
    ("k", n("Hồ sơ trước")),
    ("Enter", n("Mở hồ sơ")),
    ("x", n("Chọn hoặc bỏ chọn hồ sơ")),
    ("/", n("Tìm kiếm")),
    ("Esc", n("Rời ô tìm kiếm, hoặc bỏ chọn các hồ sơ")),
    ("?", n("Xem các phím tắt này")),
];

fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Whether letters belong to what has the focus.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| {
            element
                .closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")
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
pub fn switch_keys(on: bool) {
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

impl Desk {
    /// The line one further, or one back.
    fn step(self, forward: bool) {
        let ids: Vec<uuid::Uuid> = self
            .lines
            .with_untracked(|lines| lines.iter().map(|line| line.summary.id).collect());
        let here = self
            .at
            .get_untracked()
            .and_then(|at| ids.iter().position(|id| *id == at));
        let to = match (here, forward) {
            (None, _) => 0,
            (Some(here), true) => here + 1,
            (Some(here), false) => here.saturating_sub(1),
        };
        match ids.get(to) {
            Some(id) => {
                self.at.set(Some(*id));
                self.remember();
                if let Some(link) = element(&link_id(*id)) {
                    let _ = link.focus();
                }
            }
            None => self.more(),
        }
    }

    /// Back from a dossier the keyboard goes on at its line, unless somebody already does something else.
    pub fn come_back(self) {
        let Some(at) = self.at.get_untracked() else {
            return;
        };
        request_animation_frame(move || {
            let is_idle = document()
                .active_element()
                .is_none_or(|active| matches!(active.tag_name().as_str(), "BODY" | "H1"));
            if is_idle && let Some(link) = element(&link_id(at)) {
                let _ = link.focus();
            }
        });
    }

    /// What a key does; whether it did something.
    fn key(self, key: &str, help: RwSignal<bool>) -> bool {
        match key {
            "j" => self.step(true),
            "k" => self.step(false),
            "x" => match self.at.get_untracked() {
                Some(id) => self.choose(id),
                None => return false,
            },
            "/" => match element(SEARCH) {
                Some(field) => {
                    let _ = field.focus();
                }
                None => return false,
            },
            "?" => help.set(true),
            _ => return false,
        }
        true
    }
}

/// The button of the help, and the keys themselves.
#[component]
pub fn Keys(desk: Desk) -> impl IntoView {
    let help = RwSignal::new(false);
    let off = RwSignal::new(keys_off());
    let listening = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        if is_dialog_open() {
            return;
        }
        if key == "Escape" {
            if is_typing(&event) {
                if let Some(field) = element(SEARCH).filter(|_| {
                    document()
                        .active_element()
                        .is_some_and(|active| active.id() == SEARCH)
                }) {
                    // The browser empties a search field on Escape: what was searched for stays.
                    event.prevent_default();
                    let _ = field.blur();
                }
            } else {
                desk.chosen.update(std::collections::BTreeSet::clear);
            }
            return;
        }
        if off.get_untracked() || is_typing(&event) {
            return;
        }
        if desk.key(&key, help) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
    view! {
        <button type="button" class="button quiet keys" on:click=move |_| help.set(true)>{t("Phím tắt")}" "<kbd aria-hidden="true">"?"</kbd></button>
        <Dialog open=help title=t("Phím tắt của hộp hồ sơ")>
            <dl class="keys-list">
                {HELP.into_iter().map(|(key, does)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{t(does)}</dd></div> }).collect_view()}
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
