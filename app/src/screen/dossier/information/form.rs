//! Step 1 on screen: answers of the draft, and what is told of them.

use super::super::Open;
use crate::part::field::Told;
use crate::part::person::{PersonForm, label_of};
use contract::dossier::check_form;
use contract::form::{ADDRESS_PARTS, FieldKind, answers, shown};
use leptos::prelude::*;

/// Step 1 on screen.
#[derive(Clone, Copy)]
pub struct Form {
    /// The draft.
    pub open: Open,
    /// What is told.
    pub told: Told,
    /// The applicant's fields.
    pub person: PersonForm,
}

impl Form {
    pub fn new(open: Open) -> Self {
        let told = Told::new(move || {
            let today = open.today();
            open.draft
                .with_untracked(|draft| check_form(&draft.form, &draft.procedure, today))
        });
        let applicant = Memo::new(move |_| open.draft.with(|draft| draft.form.applicant.clone()));
        let person = PersonForm::new(told, "/applicant", applicant, move |part, text| {
            open.change(move |draft| *part(&mut draft.form.applicant) = text);
        });
        Self { open, told, person }
    }

    /// What a field is called; in a row with the row's name before it.
    pub fn label(self, pointer: &str) -> String {
        if let Some(name) = pointer.strip_prefix("/applicant/") {
            return label_of(name).to_owned();
        }
        let key = pointer.trim_start_matches("/detail/");
        self.open.draft.with_untracked(|draft| {
            let fields = &draft.procedure.fields;
            let part = key.rsplit_once('.').map_or("", |(_, part)| part);
            let address = shown(fields, &draft.form.detail)
                .into_iter()
                .find(|field| {
                    matches!(field.definition.kind, FieldKind::Address)
                        && key
                            .strip_prefix(&field.key())
                            .is_some_and(|rest| rest.starts_with('.'))
                })
                .filter(|_| ADDRESS_PARTS.contains(&part));
            if let Some(field) = address {
                let part = super::detail::part_label(part);
                return format!("{} – {part}", field.definition.label);
            }
            answers(fields, &draft.form.detail)
                .into_iter()
                .find(|answer| answer.key == key)
                .map_or_else(
                    || key.to_owned(),
                    |answer| match answer.row {
                        Some((item, number)) => format!("{item} {number} – {}", answer.label),
                        None => answer.label,
                    },
                )
        })
    }

    /// Reads an answer.
    pub fn answer(self, key: String) -> Signal<String> {
        Signal::derive(move || {
            self.open
                .draft
                .with(|draft| draft.form.detail.get(&key).cloned().unwrap_or_default())
        })
    }

    /// Writes an answer.
    pub fn write_answer(self, key: String, text: String) {
        let pointer = format!("/detail/{key}");
        self.open.change(move |draft| {
            if text.is_empty() {
                draft.form.detail.remove(&key);
            } else {
                draft.form.detail.insert(key, text);
            }
        });
        self.told.typed(&pointer);
    }
}
