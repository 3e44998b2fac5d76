//! What may be wrong with a procedure's file: each fault with its line, so that who edits the file finds it.

use crate::data::{Fault, line, parse};
use contract::blank;
use contract::edition::is_procedure_code;
use contract::form;
use contract::payment::bill;
use contract::procedure::Procedure;
use std::collections::BTreeSet;

/// What each table of a file may hold. The types alone would let a slip of the pen in a field's name pass in silence.
const KEYS: [(&str, &[&str]); 8] = [
    (
        "",
        &[
            "code",
            "name",
            "field",
            "level",
            "service",
            "agency",
            "audience",
            "life_events",
            "keywords",
            "description",
            "deadline",
            "fees",
            "components",
            "forms",
            "fields",
            "steps",
            "results",
            "legal_basis",
            "work",
            "signed_result",
            "retention",
        ],
    ),
    ("deadline", &["working_days", "text"]),
    ("work", &["name", "duty", "working_days"]),
    (
        "components",
        &[
            "code",
            "name",
            "required",
            "signature_required",
            "originals",
            "copies",
            "note",
        ],
    ),
    (
        "forms",
        &["name", "title", "component", "recipient", "signer", "lines"],
    ),
    // Fees and fields are read by types of their own that may grow; see `unknown`.
    ("fees", &[]),
    ("fields", &[]),
    ("steps", &[]),
];

/// Reads one file.
///
/// # Errors
/// Everything that is wrong.
pub fn read(text: &str, events: &BTreeSet<&str>) -> Result<Procedure, Vec<Fault>> {
    let procedure: Procedure = parse(text).map_err(|fault| vec![fault])?;
    let mut faults = unknown(text);
    faults.extend(
        meaning(&procedure, events)
            .into_iter()
            .map(|(at, what)| Fault::at(text, &at, what)),
    );
    if faults.is_empty() {
        Ok(procedure)
    } else {
        Err(faults)
    }
}

fn unknown(text: &str) -> Vec<Fault> {
    let Ok(table) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let mut look = |name: &str, table: &toml::Table| {
        let known = KEYS.iter().find(|(of, _)| *of == name);
        for key in table.keys() {
            if known.is_some_and(|(_, known)| !known.is_empty() && !known.contains(&key.as_str())) {
                faults.push(Fault {
                    line: line(text, key),
                    what: format!("{key} is no known entry"),
                });
            }
        }
    };
    look("", &table);
    for (name, value) in &table {
        match value {
            toml::Value::Table(inner) => look(name, inner),
            toml::Value::Array(list) => {
                for inner in list.iter().filter_map(toml::Value::as_table) {
                    look(name, inner);
                }
            }
            _ => {}
        }
    }
    faults
}

/// What the types cannot say: where, by a value that stands there, and what.
fn meaning(procedure: &Procedure, events: &BTreeSet<&str>) -> Vec<(String, String)> {
    let summary = &procedure.summary;
    let mut faults: Vec<(String, String)> = crate::workflow::faults(&procedure.work)
        .into_iter()
        .map(|what| ("[[work]]".to_owned(), what))
        .collect();
    let mut tell = |at: &str, what: String| faults.push((at.to_owned(), what));
    if !is_procedure_code(&summary.code) {
        tell(
            &summary.code,
            format!("code {:?} is no code such as 1.001193", summary.code),
        );
    }
    if summary.audience.is_empty() {
        tell("audience", "it is for nobody".to_owned());
    }
    if summary.life_events.is_empty() {
        tell("life_events", "it belongs to no event".to_owned());
    }
    for event in &summary.life_events {
        if !events.contains(event.as_str()) {
            tell(event, format!("{event} is no event of events.toml"));
        }
    }
    let retention = procedure.retention.unwrap_or_default();
    if retention.ended_years == Some(0) || retention.withdrawn_months == Some(0) {
        tell("[retention]", "a term of 0 would erase at once".to_owned());
    }
    if procedure.components.is_empty() {
        tell("code", "there is no component".to_owned());
    }
    let mut codes = BTreeSet::new();
    for component in &procedure.components {
        if !codes.insert(component.code.as_str()) {
            tell(
                &component.code,
                format!("two components have the code {}", component.code),
            );
        }
    }
    for fault in form::faults(&procedure.fields) {
        // `field KEY: what`, as `contract::form` words it.
        let key = fault
            .strip_prefix("field ")
            .and_then(|rest| rest.split(':').next())
            .unwrap_or("fields")
            .to_owned();
        tell(&format!("\"{key}\""), fault);
    }
    let mut keys = BTreeSet::from(blank::APPLICANT_KEYS);
    for field in &procedure.fields {
        if !keys.insert(&field.key) {
            tell(
                &field.key,
                format!("field {} has a key of the applicant's", field.key),
            );
        }
    }
    let mut names = BTreeSet::new();
    for form in &procedure.forms {
        if !blank::is_file_name(&form.name) {
            tell(
                &form.name,
                format!("{:?} is no file name such as to-khai.pdf", form.name),
            );
        }
        if !names.insert(form.name.as_str()) {
            tell(&form.name, format!("two forms have the name {}", form.name));
        }
        if !codes.contains(form.component.as_str()) {
            tell(
                &form.name,
                format!(
                    "form {} is for {}, which is no component",
                    form.name, form.component
                ),
            );
        }
        for text in &form.lines {
            if let Err(fault) = blank::read(text) {
                tell(text, format!("{text:?}: {fault}"));
            }
        }
        for key in form.keys() {
            if !keys.contains(key.as_str()) {
                tell(
                    &format!("{{{key}"),
                    format!("form {} asks for {key}, which is no field", form.name),
                );
            }
        }
    }
    for fault in bill::faults(procedure) {
        // `fee CODE: what`, as `contract::payment` words it.
        let code = fault
            .strip_prefix("fee ")
            .and_then(|rest| rest.split(':').next())
            .unwrap_or("fees")
            .to_owned();
        tell(&format!("\"{code}\""), fault);
    }
    faults
}
