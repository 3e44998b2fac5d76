//! What is wrong with a form as an administrator wrote it down; told when the portal starts.

use super::{Condition, FieldDefinition, FieldKind, Limit, NO, ROWS_MAX, YES};

/// Everything that is wrong, one sentence each in English for the administrator; empty when the form is sound.
#[must_use]
pub fn faults(fields: &[FieldDefinition]) -> Vec<String> {
    let mut wrong = Vec::new();
    look(fields, &[], &mut wrong);
    wrong
}

/// `above`: the fields before the group these stand in.
fn look(fields: &[FieldDefinition], above: &[FieldDefinition], wrong: &mut Vec<String>) {
    let in_row = !above.is_empty();
    for (position, field) in fields.iter().enumerate() {
        let key = &field.key;
        let mut note = |fault: &str| wrong.push(format!("field {key}: {fault}"));
        let (before, _) = fields.split_at(position);
        if key.is_empty()
            || !key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        {
            note("a key is made of ASCII letters, digits, _ and -");
        }
        if before.iter().any(|other| other.key == *key) {
            note("the key stands twice");
        }
        if field.label.trim().is_empty() {
            note("there is no label");
        }
        for fault in kind_faults(field) {
            note(fault);
        }
        if let Some(condition) = &field.when {
            let other = before
                .iter()
                .chain(above)
                .find(|other| other.key == condition.key);
            if let Some(fault) = condition_fault(condition, other) {
                note(&fault);
            }
        }
        if let FieldKind::Repeat { fields: inner, .. } = &field.kind {
            if in_row {
                note("a repeated group holds no group itself");
            } else {
                // The group itself comes last, so that `above` is never empty in a row.
                look(inner, fields.get(..=position).unwrap_or(fields), wrong);
            }
        }
    }
}

fn kind_faults(field: &FieldDefinition) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    match &field.kind {
        FieldKind::Text {
            min_length,
            max_length,
            ..
        } => {
            if min_length > max_length || *max_length == 0 {
                wrong.push("no text is long and short enough");
            }
            if *max_length > 2000 {
                wrong.push("a line holds at most 2000 characters");
            }
        }
        FieldKind::LongText { max_length } => {
            if *max_length == 0 || *max_length > 10_000 {
                wrong.push("a long text holds 1 to 10000 characters");
            }
        }
        FieldKind::Number {
            min, max, decimals, ..
        } => {
            if min > max {
                wrong.push("min is more than max");
            }
            if *decimals > 6 {
                wrong.push("at most 6 decimals");
            }
        }
        FieldKind::Date {
            not_before,
            not_after,
            age_min,
            age_max,
        } => {
            if let (Some(Limit::On(first)), Some(Limit::On(last))) = (not_before, not_after)
                && first > last
            {
                wrong.push("no day is late and early enough");
            }
            if let (Some(least), Some(most)) = (age_min, age_max)
                && least > most
            {
                wrong.push("age_min is more than age_max");
            }
        }
        FieldKind::Choice { options } => wrong.extend(option_faults(options)),
        FieldKind::Choices { options, min, max } => {
            wrong.extend(option_faults(options));
            if usize::from(*min) > options.len() || max.is_some_and(|max| max < *min || max == 0) {
                wrong.push("no number of choices is right");
            }
        }
        FieldKind::Repeat {
            item,
            fields,
            min,
            max,
        } => {
            if item.trim().is_empty() {
                wrong.push("item says what one row is called");
            }
            if fields.is_empty() {
                wrong.push("a repeated group has at least one field");
            }
            if *max == 0 || min > max || *max > ROWS_MAX {
                wrong.push("a repeated group has 1 to 30 rows at most, and min no more than max");
            }
        }
        FieldKind::YesNo
        | FieldKind::Address
        | FieldKind::Phone
        | FieldKind::Email
        | FieldKind::CitizenId => {}
    }
    wrong
}

fn option_faults(options: &[String]) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    if options.is_empty() {
        wrong.push("there is nothing to choose");
    }
    if options
        .iter()
        .any(|option| option.is_empty() || option.trim() != option || option.contains(['\n', '\r']))
    {
        wrong.push("an option is one line without spaces around it");
    }
    if options
        .iter()
        .enumerate()
        .any(|(place, option)| options.iter().skip(place + 1).any(|other| other == option))
    {
        wrong.push("an option stands twice");
    }
    wrong
}

fn condition_fault(condition: &Condition, other: Option<&FieldDefinition>) -> Option<String> {
    let Some(other) = other else {
        return Some(format!(
            "its condition names {}, which does not stand before it",
            condition.key
        ));
    };
    if condition.is.is_empty() {
        return Some("its condition can never hold: `is` is empty".into());
    }
    let known = |answer: &String| match &other.kind {
        FieldKind::Choice { options } | FieldKind::Choices { options, .. } => {
            options.contains(answer)
        }
        FieldKind::YesNo => answer == YES || answer == NO,
        FieldKind::Repeat { .. } | FieldKind::Address => false,
        _ => true,
    };
    condition
        .is
        .iter()
        .find(|answer| !known(answer))
        .map(|answer| {
            format!(
                "its condition asks for “{answer}”, which is no answer of {}",
                other.key
            )
        })
}
