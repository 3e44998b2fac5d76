//! What was written into a document's form and not saved: kept in memory while the screen is left for another, and taken back when the same
//! document is opened as it was. A window that is closed over it asks first.

use contract::edition::{Document, DocumentKind};
use leptos::prelude::*;
use std::cell::RefCell;
use uuid::Uuid;

/// Which document of which state: another draft of it is another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    /// Whose writing it is.
    pub account: Option<Uuid>,
    /// Kind.
    pub kind: DocumentKind,
    /// Code.
    pub code: String,
    /// The draft's version; 0 when there was none.
    pub version: i64,
}

/// The writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The values of the form, where there is one.
    pub document: Option<Document>,
    /// The whole text.
    pub text: String,
    /// Which of the two counts.
    pub by_form: bool,
    /// The note of the version.
    pub note: String,
}

thread_local! {
    static LEFT: RefCell<Vec<(Of, Left)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps it; of one document only the newest.
pub fn keep(of: Of, left: Left) {
    LEFT.with_borrow_mut(|all| {
        all.retain(|(other, _)| other.kind != of.kind || other.code != of.code);
        all.push((of, left));
    });
}

/// Gives it back, once.
pub fn take(of: &Of) -> Option<Left> {
    LEFT.with_borrow_mut(|all| {
        let place = all.iter().position(|(other, _)| other == of)?;
        Some(all.swap_remove(place).1)
    })
}

/// While something is not saved the browser asks before the window goes.
pub fn ask_before_closing(dirty: RwSignal<bool>) {
    let listening = window_event_listener(leptos::ev::beforeunload, move |event| {
        if dirty.try_get_untracked() == Some(true) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_was_left_is_given_back_once_and_only_to_the_same_draft_of_the_same_person() {
        let of = Of {
            account: Some(Uuid::from_u128(1)),
            kind: DocumentKind::Work,
            code: "-".to_owned(),
            version: 3,
        };
        let left = Left {
            document: None,
            text: "một".to_owned(),
            by_form: false,
            note: String::new(),
        };
        keep(of.clone(), left.clone());
        let newer = Left {
            text: "hai".to_owned(),
            ..left
        };
        keep(of.clone(), newer.clone());
        let saved = Of {
            version: 4,
            ..of.clone()
        };
        let another = Of {
            account: Some(Uuid::from_u128(2)),
            ..of.clone()
        };
        assert_eq!(take(&saved), None);
        assert_eq!(take(&another), None);
        assert_eq!(take(&of), Some(newer));
        assert_eq!(take(&of), None);
    }
}
