//! What an agency's work goes by: the calendar, and the steps of a procedure that has none of its own.

use super::Calendar;
use crate::data::{Fault, parse};
use anyhow::Result;
use contract::edition::UsualWork;
use contract::procedure::Procedure;
use contract::right::{Duty, Subject};
use contract::work::{STEPS_MAX, Step};
use std::path::Path;
use store::StoredDossier;

/// The usual steps.
pub const USUAL: &str = include_str!("../../data/work.toml");

/// Calendar and usual steps.
#[derive(Debug, Clone)]
pub struct Office {
    /// Which days are worked.
    pub calendar: Calendar,
    usual: Vec<Step>,
}

/// What is wrong with the steps of a procedure.
pub fn faults(steps: &[Step]) -> Vec<String> {
    let mut wrong = Vec::new();
    if steps.len() > STEPS_MAX {
        wrong.push(format!("more than {STEPS_MAX} steps of work"));
    }
    for step in steps {
        if !matches!(step.duty, Duty::Reception | Duty::Processing | Duty::Leader) {
            wrong.push(format!(
                "step {}: its duty does not work on dossiers",
                step.name
            ));
        }
        if step.name.trim().is_empty() || step.name.chars().count() > 200 {
            wrong.push("a step of work has no name, or one that is too long".to_owned());
        }
    }
    if steps.last().is_some_and(|last| last.duty != Duty::Leader) {
        wrong.push(
            "the last step of work must be a leader's: the result is approved in it".to_owned(),
        );
    }
    wrong
}

/// Reads the usual steps.
///
/// # Errors
/// Everything that is wrong with them.
pub fn usual(text: &str) -> Result<UsualWork, Vec<Fault>> {
    let usual: UsualWork = parse(text).map_err(|fault| vec![fault])?;
    let mut wrong = faults(&usual.work);
    if usual.work.is_empty() {
        wrong.push("there is no step of work".to_owned());
    }
    if wrong.is_empty() {
        return Ok(usual);
    }
    Err(wrong
        .into_iter()
        .map(|what| Fault::at(text, "[[work]]", what))
        .collect())
}

impl Office {
    /// Reads the days from a file, or the built-in ones, and the usual steps.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn open(holidays: Option<&Path>) -> Result<Self> {
        let usual = usual(USUAL).map_err(|wrong| {
            let told: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("work.toml:{}", told.join(", "))
        })?;
        Ok(Self {
            calendar: Calendar::open(holidays)?,
            usual: usual.work,
        })
    }

    /// The steps of a procedure; never empty.
    #[must_use]
    pub fn steps<'a>(&'a self, procedure: &'a Procedure) -> &'a [Step] {
        if procedure.work.is_empty() {
            &self.usual
        } else {
            &procedure.work
        }
    }

    /// Where a submitted dossier stands while it is processed. One that came there before steps were kept stands at the first.
    #[must_use]
    pub fn position(&self, stored: &StoredDossier) -> usize {
        let last = self.steps(&stored.definition).len().saturating_sub(1);
        stored.step.unwrap_or(0).min(last)
    }

    /// What the rule of rights knows of a submitted dossier; none before submission.
    #[must_use]
    pub fn subject<'a>(&self, stored: &'a StoredDossier) -> Option<Subject<'a>> {
        let line = stored.summary.as_ref()?;
        let steps = self.steps(&stored.definition);
        Some(Subject {
            agency: &stored.definition.summary.agency,
            procedure: &stored.definition.summary.code,
            status: line.status,
            before: stored.before(),
            step: steps.get(self.position(stored)).map(|step| step.duty),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_steps_end_with_a_leader() {
        let office = Office::open(None).expect("sound");
        assert_eq!(
            office.usual.last().map(|step| step.duty),
            Some(Duty::Leader)
        );
        assert_eq!(faults(&office.usual), Vec::<String>::new());
    }

    #[test]
    fn steps_of_people_who_see_no_dossiers_are_told() {
        let step = |duty| Step {
            name: "Ký".into(),
            duty,
            working_days: 1,
        };
        assert_eq!(
            faults(&[step(Duty::Auditor), step(Duty::Processing)]).len(),
            2
        );
        assert_eq!(
            faults(&[step(Duty::Reception), step(Duty::Leader)]).len(),
            0
        );
    }
}
