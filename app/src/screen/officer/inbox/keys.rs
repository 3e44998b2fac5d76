//! The inbox by keyboard. Single letters act only while nobody types and no dialog is open, and can be switched off (WCAG 2.1.4).

use super::desk::Desk;
use super::filters::SEARCH;
use super::lines::link_id;
use crate::screen::officer::keys::{Help, is_dialog_open, is_typing, keys_off};
use crate::text::{n, t};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

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
    view! { <Help help off title=t("Phím tắt của hộp hồ sơ") keys=&HELP/> }
}
