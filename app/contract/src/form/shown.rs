//! Which fields stand on the form, given the answers so far: conditions and rows.

use super::{ADDRESS_PARTS, FieldDefinition, FieldKind, ROWS_MAX};
use std::collections::BTreeMap;

/// A field that stands on the form, and where its answer is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a> {
    /// What it is.
    pub definition: &'a FieldDefinition,
    /// The group and the row it stands in, rows counted from 0.
    pub row: Option<(&'a FieldDefinition, u8)>,
}

impl Shown<'_> {
    /// Key of its answer: `nghe_nghiep`, or `con.0.ho_ten` in a row. Parts of an address follow behind a point.
    #[must_use]
    pub fn key(&self) -> String {
        match self.row {
            None => self.definition.key.clone(),
            Some((group, row)) => format!("{}.{row}.{}", group.key, self.definition.key),
        }
    }

    /// Its answer as typed, without what stands around it.
    #[must_use]
    pub fn answer<'d>(&self, detail: &'d BTreeMap<String, String>) -> &'d str {
        text(detail, &self.key())
    }
}

pub(super) fn text<'d>(detail: &'d BTreeMap<String, String>, key: &str) -> &'d str {
    detail.get(key).map_or("", |text| text.trim())
}

/// How many rows a repeated group has: as many as were added, and no fewer and no more than it must and may have.
#[must_use]
pub fn rows(group: &FieldDefinition, detail: &BTreeMap<String, String>) -> u8 {
    let FieldKind::Repeat { min, max, .. } = &group.kind else {
        return 0;
    };
    let least = (*min).max(u8::from(group.required));
    text(detail, &group.key)
        .parse::<u8>()
        .unwrap_or(0)
        .max(least)
        .min((*max).min(ROWS_MAX))
}

/// Where a field stands: the fields around it, its place among them, and the row of the group around those.
#[derive(Clone, Copy)]
struct Place<'a> {
    fields: &'a [FieldDefinition],
    position: usize,
    row: Option<(&'a [FieldDefinition], usize, u8)>,
}

impl<'a> Place<'a> {
    /// The field with this key before this one: in the same row first, else before the group.
    fn before(self, key: &str) -> Option<Self> {
        let find = |fields: &[FieldDefinition], end: usize| {
            fields.iter().take(end).position(|other| other.key == key)
        };
        if let Some(position) = find(self.fields, self.position) {
            return Some(Self { position, ..self });
        }
        let (above, group, _) = self.row?;
        find(above, group).map(|position| Self {
            fields: above,
            position,
            row: None,
        })
    }

    fn shown(self) -> Option<Shown<'a>> {
        let row = match self.row {
            None => None,
            Some((above, group, row)) => Some((above.get(group)?, row)),
        };
        Some(Shown {
            definition: self.fields.get(self.position)?,
            row,
        })
    }

    /// Whether its condition holds. A field that is not shown itself answers nothing.
    fn stands(self, detail: &BTreeMap<String, String>) -> bool {
        let Some(Shown { definition, .. }) = self.shown() else {
            return false;
        };
        let Some(condition) = &definition.when else {
            return true;
        };
        // Every step leads to a field further up, so that this ends whatever was written down.
        let Some(other) = self.before(&condition.key) else {
            return false;
        };
        other.stands(detail)
            && other.shown().is_some_and(|other| {
                let answer = other.answer(detail);
                let chosen = |answer: &str| condition.is.iter().any(|wanted| wanted == answer);
                match other.definition.kind {
                    // A group's answer is its number of rows, an address has parts: neither is chosen.
                    FieldKind::Repeat { .. } | FieldKind::Address => false,
                    FieldKind::Choices { .. } => answer.lines().any(|line| chosen(line.trim())),
                    _ => chosen(answer),
                }
            })
    }
}

/// The fields that stand on the form, in order: a group before the fields of its rows.
#[must_use]
pub fn shown<'a>(
    fields: &'a [FieldDefinition],
    detail: &BTreeMap<String, String>,
) -> Vec<Shown<'a>> {
    let mut found = Vec::new();
    for (position, definition) in fields.iter().enumerate() {
        let place = Place {
            fields,
            position,
            row: None,
        };
        if !place.stands(detail) {
            continue;
        }
        found.extend(place.shown());
        let FieldKind::Repeat { fields: inner, .. } = &definition.kind else {
            continue;
        };
        for row in 0..rows(definition, detail) {
            found.extend(
                (0..inner.len())
                    .map(|inner_position| Place {
                        fields: inner,
                        position: inner_position,
                        row: Some((fields, position, row)),
                    })
                    .filter(|place| {
                        place.shown().is_some_and(|shown| {
                            !matches!(shown.definition.kind, FieldKind::Repeat { .. })
                        }) && place.stands(detail)
                    })
                    .filter_map(Place::shown),
            );
        }
    }
    found
}

/// The answers that are sent: of fields that stand on the form, without what stands around them. Whatever else a draft holds stays in it.
#[must_use]
pub fn tidy(
    fields: &[FieldDefinition],
    detail: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    let mut keep = |key: String, text: &str| {
        if !text.is_empty() {
            kept.insert(key, text.to_owned());
        }
    };
    for field in shown(fields, detail) {
        match &field.definition.kind {
            FieldKind::Address => {
                for part in ADDRESS_PARTS {
                    let key = format!("{}.{part}", field.key());
                    keep(key.clone(), text(detail, &key));
                }
            }
            FieldKind::Repeat { .. } => {
                let count = rows(field.definition, detail);
                if count > 0 {
                    keep(field.key(), &count.to_string());
                }
            }
            _ => keep(field.key(), field.answer(detail)),
        }
    }
    kept
}
