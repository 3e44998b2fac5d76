//! The tabs of a dossier: which one stands in the address, arrow keys move between them (WAI-ARIA), only the chosen one is in the order of Tab.

use crate::text::{n, t};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use wasm_bindgen::JsCast as _;

/// A tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Information,
    Components,
    Work,
    History,
    Talk,
}

/// Each with what names it in the address and on screen, in the order of the keys 1 to 5.
pub const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Information, "thong-tin", n("Thông tin hồ sơ")),
    (Tab::Components, "thanh-phan", n("Thành phần hồ sơ")),
    (Tab::Work, "xu-ly", n("Xử lý")),
    (Tab::History, "lich-su", n("Lịch sử")),
    (Tab::Talk, "trao-doi", n("Trao đổi")),
];

/// What names the tab in the address.
const NAME: &str = "the";

/// The tab of the address, and how to go to another.
#[derive(Clone, Copy)]
pub struct Tabs {
    /// The chosen one.
    pub tab: Memo<Tab>,
    go: StoredValue<Box<dyn Fn(Tab)>, LocalStorage>,
}

impl Tabs {
    /// Of this screen.
    pub fn of_address() -> Self {
        let query = use_query_map();
        let tab = Memo::new(move |_| {
            let asked = query.with(|query| query.get(NAME));
            TABS.into_iter()
                .find(|(_, name, _)| asked.as_deref() == Some(name))
                .map_or(Tab::Information, |(tab, ..)| tab)
        });
        let (navigate, path) = (use_navigate(), use_location().pathname);
        let go = move |tab: Tab| {
            let Some((_, name, _)) = TABS.into_iter().find(|(this, ..)| *this == tab) else {
                return;
            };
            let here = path.get_untracked();
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&format!("{here}?{NAME}={name}"), options);
        };
        Self {
            tab,
            go: StoredValue::new_local(Box::new(go)),
        }
    }

    /// Goes to a tab.
    pub fn go(self, tab: Tab) {
        self.go.with_value(|go| go(tab));
    }

    /// Goes to the tab of a key.
    pub fn key(self, key: &str) -> bool {
        let place = key.parse::<usize>().ok().and_then(|key| key.checked_sub(1));
        let tab = place.and_then(|place| TABS.get(place));
        if let Some((tab, ..)) = tab {
            self.go(*tab);
            focus(*tab);
        }
        tab.is_some()
    }
}

fn id(tab: Tab) -> String {
    let found = TABS.into_iter().find(|(this, ..)| *this == tab);
    format!("tab-{}", found.map_or("", |(_, name, _)| name))
}

fn focus(tab: Tab) {
    let button = document().get_element_by_id(&id(tab));
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// The row of tabs.
#[component]
pub fn TabRow(tabs: Tabs) -> impl IntoView {
    let moved = move |event: web_sys::KeyboardEvent| {
        let here = TABS
            .iter()
            .position(|(this, ..)| *this == tabs.tab.get_untracked())
            .unwrap_or(0);
        let last = TABS.len() - 1;
        let to = match event.key().as_str() {
            "ArrowRight" => (here + 1) % TABS.len(),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some((tab, ..)) = TABS.get(to) {
            tabs.go(*tab);
            focus(*tab);
        }
    };
    view! {
        <div class="tabs sliding" role="tablist" aria-label=t("Nội dung hồ sơ") on:keydown=moved>
            {TABS.into_iter().map(|(this, _, label)| {
                let chosen = move || tabs.tab.get() == this;
                view! {
                    <button type="button" role="tab" id=id(this) aria-controls="dossier-panel"
                        aria-selected=move || chosen().to_string()
                        tabindex=move || if chosen() { "0" } else { "-1" }
                        on:click=move |_| tabs.go(this)>{t(label)}</button>
                }
            }).collect_view()}
        </div>
    }
}

/// What names the panel below.
pub fn panel_name(tab: Tab) -> String {
    id(tab)
}
