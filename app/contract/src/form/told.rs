//! Answers as people read them back: before submission, on the receipt, at the officer's desk.

use super::shown::{shown, text};
use super::{ADDRESS_PARTS, FieldDefinition, FieldKind};
use crate::date::Date;
use std::collections::BTreeMap;

/// An answer to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Key in the details; of an address its province's.
    pub key: String,
    /// The field's label.
    pub label: String,
    /// The row it stands in: what a row is called, and its number counted from 1.
    pub row: Option<(String, u8)>,
    /// The answer, empty when there is none: dates as `dd/mm/yyyy`, an address in one line, several choices with `; ` between them.
    pub text: String,
}

/// The answers to all fields that stand on the form, in order.
#[must_use]
pub fn answers(fields: &[FieldDefinition], detail: &BTreeMap<String, String>) -> Vec<Answer> {
    shown(fields, detail)
        .into_iter()
        .filter(|field| !matches!(field.definition.kind, FieldKind::Repeat { .. }))
        .map(|field| {
            let key = field.key();
            let typed = field.answer(detail);
            let (key, text) = match &field.definition.kind {
                FieldKind::Date { .. } => {
                    let shown = typed.parse::<Date>().map(Date::shown);
                    (key, shown.unwrap_or_else(|_| typed.to_owned()))
                }
                FieldKind::Choices { .. } => {
                    let chosen: Vec<&str> = typed.lines().map(str::trim).collect();
                    (key, chosen.join("; "))
                }
                FieldKind::Number { unit, .. } if !unit.is_empty() && !typed.is_empty() => {
                    (key, format!("{typed} {unit}"))
                }
                FieldKind::Address => {
                    // From the house to the province, as an address is read.
                    let parts: Vec<&str> = ADDRESS_PARTS
                        .iter()
                        .rev()
                        .map(|part| text(detail, &format!("{key}.{part}")))
                        .filter(|part| !part.is_empty())
                        .collect();
                    (format!("{key}.province"), parts.join(", "))
                }
                _ => (key, typed.to_owned()),
            };
            Answer {
                key,
                label: field.definition.label.clone(),
                row: field.row.map(|(group, row)| match &group.kind {
                    FieldKind::Repeat { item, .. } => (item.clone(), row + 1),
                    _ => (group.label.clone(), row + 1),
                }),
                text,
            }
        })
        .collect()
}
