//! Vietnamese by default, English by choice. The Vietnamese sentence is the key: what stands in the code is what a reader sees.
//!
//! The English sentences are no part of the first download: `app/text/en/*.json` become one file of the release, which is
//! fetched before the page is mounted when English was chosen. `cargo xtask tidy` refuses a sentence without English.

use crate::api;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

/// Where the choice is kept.
const KEY: &str = "language";

/// What the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `vi`.
    Vietnamese,
    /// `en`.
    English,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }
}

thread_local! {
    static CHOSEN: Cell<Language> = const { Cell::new(Language::Vietnamese) };
    static ENGLISH: OnceCell<BTreeMap<String, &'static str>> = const { OnceCell::new() };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Whether English was chosen on this device.
pub fn wants_english() -> bool {
    storage()
        .and_then(|storage| storage.get_item(KEY).ok()?)
        .is_some_and(|tag| tag == Language::English.tag())
}

/// Fetches the English sentences; without them the page stays Vietnamese.
pub async fn load_english() {
    let Ok(text) = api::english().await else {
        return;
    };
    let Ok(sentences) = serde_json::from_str::<BTreeMap<String, String>>(&text) else {
        return;
    };
    let kept = sentences
        .into_iter()
        // They live as long as the page, like those in the code.
        .map(|(key, value)| (key, &*String::leak(value)))
        .collect();
    if ENGLISH.with(|english| english.set(kept)).is_ok() {
        CHOSEN.with(|chosen| chosen.set(Language::English));
    }
}

/// What the page speaks.
pub fn language() -> Language {
    CHOSEN.with(Cell::get)
}

/// Keeps the choice and opens the page anew; drafts and what was typed are on the device.
pub fn choose(language: Language) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, language.tag());
    }
    if let Some(window) = web_sys::window() {
        // The server hears it with the next page, whose words come before the program.
        if let Some(document) = window.document() {
            let https = window.location().protocol().is_ok_and(|it| it == "https:");
            let told = format!(
                "language={}; path=/; max-age=31536000; samesite=lax{}",
                language.tag(),
                if https { "; secure" } else { "" }
            );
            let _ = js_sys::Reflect::set(&document, &"cookie".into(), &told.into());
        }
        let _ = window.location().reload();
    }
}

/// A sentence in the page's language.
pub fn t(vietnamese: &'static str) -> &'static str {
    if language() == Language::Vietnamese {
        return vietnamese;
    }
    ENGLISH
        .with(|english| english.get()?.get(vietnamese).copied())
        .unwrap_or(vietnamese)
}

/// Looks into the English sentences, when the page speaks English.
pub(super) fn english<R>(look: impl FnOnce(&BTreeMap<String, &'static str>) -> R) -> Option<R> {
    if language() == Language::Vietnamese {
        return None;
    }
    ENGLISH.with(|english| english.get().map(look))
}

/// Marks a sentence that is given to [`t`] later, e.g. in a table of constants.
pub const fn n(vietnamese: &'static str) -> &'static str {
    vietnamese
}

/// A sentence in the page's language with its `{}` filled in, in order.
pub fn fill(vietnamese: &'static str, values: &[&dyn std::fmt::Display]) -> String {
    let mut filled = String::new();
    let mut values = values.iter();
    let mut parts = t(vietnamese).split("{}");
    if let Some(first) = parts.next() {
        filled.push_str(first);
    }
    for part in parts {
        if let Some(value) = values.next() {
            filled.push_str(&value.to_string());
        }
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn values_fill_the_gaps_in_order() {
        assert_eq!(fill("Đã ký {}/{} tệp", &[&2, &"3"]), "Đã ký 2/3 tệp");
        assert_eq!(fill("Không có gì", &[]), "Không có gì");
    }
}
