//! A document's text and its values: read by the code that checks the data folder at the start, written in the same format.

use crate::data::Fault;
use crate::workflow::Days;
use anyhow::{Context as _, Result};
use contract::edition::{Document, DocumentFault, DocumentKind};
use std::collections::BTreeSet;

/// Reads a text; procedures beside the events there are.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read(
    (kind, code): (DocumentKind, &str),
    text: &str,
    events: &BTreeSet<&str>,
) -> Result<Document, Vec<Fault>> {
    match kind {
        DocumentKind::Procedure => {
            let procedure = crate::catalogue::read(text, events)?;
            if procedure.summary.code != code {
                let is = &procedure.summary.code;
                let what = format!("the code is {is}, not {code}");
                return Err(vec![Fault::at(text, is, what)]);
            }
            Ok(Document::Procedure(Box::new(procedure)))
        }
        DocumentKind::Events => crate::catalogue::read_events(text).map(Document::Events),
        DocumentKind::Units => crate::units::read(text).map(Document::Units),
        DocumentKind::Holidays => Days::read(text).map(|(_, days)| Document::Holidays(days)),
        DocumentKind::Work => crate::workflow::usual(text).map(Document::Work),
    }
}

/// Writes values as a file.
///
/// # Errors
/// When a value has no form in TOML.
pub fn write(document: &Document) -> Result<String> {
    match document {
        Document::Procedure(procedure) => toml::to_string_pretty(procedure),
        Document::Events(events) => toml::to_string_pretty(events),
        Document::Units(units) => toml::to_string_pretty(units),
        Document::Holidays(days) => toml::to_string_pretty(days),
        Document::Work(work) => toml::to_string_pretty(work),
    }
    .context("the values cannot be written as a file")
}

/// Faults for people.
#[must_use]
pub fn told(file: &str, faults: &[Fault]) -> Vec<DocumentFault> {
    faults
        .iter()
        .map(|fault| DocumentFault {
            file: file.to_owned(),
            line: u32::try_from(fault.line).unwrap_or(u32::MAX),
            vi: super::words::vietnamese(&fault.what),
            en: fault.what.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Sources;

    #[test]
    fn what_a_form_writes_is_read_as_the_same_values() {
        let sources = Sources::open(None).expect("sound");
        let events: BTreeSet<&str> = sources
            .events
            .event
            .iter()
            .map(|event| event.name.as_str())
            .collect();
        for (code, (procedure, _)) in &sources.procedures {
            let document = Document::Procedure(Box::new(procedure.as_ref().clone()));
            let text = write(&document).expect("written");
            let back = read((DocumentKind::Procedure, code), &text, &events);
            assert_eq!(back, Ok(document), "{code}:\n{text}");
        }
        let (_, units) = crate::units::open(None).expect("built in");
        let (_, holidays) = crate::workflow::holidays_text(None).expect("built in");
        for (kind, text) in [
            (DocumentKind::Events, sources.events_text.as_str()),
            (DocumentKind::Units, units.as_str()),
            (DocumentKind::Holidays, holidays.as_str()),
            (DocumentKind::Work, crate::workflow::USUAL),
        ] {
            let document = read((kind, "-"), text, &events).expect("sound");
            let written = write(&document).expect("written");
            assert_eq!(read((kind, "-"), &written, &events), Ok(document));
        }
    }

    #[test]
    fn a_procedure_under_another_code_is_told_with_its_line() {
        let sources = Sources::open(None).expect("sound");
        let (procedure, text) = &sources.procedures["1.001193"];
        let events: BTreeSet<&str> = procedure
            .summary
            .life_events
            .iter()
            .map(String::as_str)
            .collect();
        let wrong = read((DocumentKind::Procedure, "1.000000"), text, &events);
        let faults = told("x.toml", &wrong.expect_err("refused"));
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].line, 1);
        assert!(faults[0].vi.contains("1.001193"), "{}", faults[0].vi);
    }
}
