//! One deed on a dossier: checked against the table, timed, and made into what the store writes.

use super::Office;
use contract::dossier::{DossierEvent, DossierStatus};
use contract::life::{Act, next};
use contract::problem::ProblemCode;
use contract::value::Timestamp;
use contract::work::{WorkAct, WorkDone, WorkEntry};
use store::{StepChange, StoredDossier};
use uuid::Uuid;

/// Who does what, when, and what they say.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// What.
    pub act: Act,
    /// Who, by name.
    pub actor: &'a str,
    /// Note or reason.
    pub note: &'a str,
    /// When.
    pub now: Timestamp,
}

/// Where a dossier stands in its processing from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The step, from 0; none: it is not being worked on.
    pub step: Option<usize>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Who has it.
    pub assignee: Option<Uuid>,
    /// What was done.
    pub entries: Vec<WorkEntry>,
}

impl Moved {
    /// As the store writes it.
    #[must_use]
    pub fn written(&self) -> StepChange<'_> {
        StepChange {
            step: self.step,
            due_at: self.due_at,
            assignee: self.assignee,
            entries: &self.entries,
        }
    }
}

/// What a deed makes of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The state it was decided on.
    pub from: DossierStatus,
    /// What happened, with the new state.
    pub event: DossierEvent,
    /// Another due date.
    pub due_at: Option<Timestamp>,
    /// Where it stands then.
    pub moved: Moved,
}

/// The one function that decides: what a deed makes of a dossier as it was read.
///
/// # Errors
/// [`ProblemCode::NotFound`] before submission, [`ProblemCode::Conflict`] when its state does not allow the act.
pub fn change(
    stored: &StoredDossier,
    deed: &Deed<'_>,
    office: &Office,
) -> Result<Changed, ProblemCode> {
    let line = stored.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let open = stored.after.open();
    let status = next(line.status, deed.act, stored.before()).ok_or(ProblemCode::Conflict)?;
    let calendar = &office.calendar;
    let due_at = match deed.act {
        Act::Receive => Some(calendar.due(deed.now, stored.definition.deadline.working_days)),
        Act::Supplement => line
            .due_at
            .zip(open)
            .map(|(due, open)| calendar.after_pause(due, open.asked_at, deed.now)),
        _ => None,
    };
    Ok(Changed {
        from: line.status,
        event: DossierEvent {
            at: deed.now,
            actor: deed.actor.to_owned(),
            status,
            note: deed.note.to_owned(),
        },
        due_at,
        moved: moved(stored, deed, status, office),
    })
}

fn moved(stored: &StoredDossier, deed: &Deed<'_>, status: DossierStatus, office: &Office) -> Moved {
    let steps = office.steps(&stored.definition);
    let here = office.position(stored);
    let worked_on =
        stored.summary.as_ref().map(|line| line.status) == Some(DossierStatus::Processing);
    let late = worked_on && stored.step_due_at.is_some_and(|due| due < deed.now);
    let entry = |act, step: &str, note: &str, due_at, late| WorkEntry {
        at: deed.now,
        actor: deed.actor.to_owned(),
        act,
        step: step.to_owned(),
        to: String::new(),
        note: note.to_owned(),
        due_at,
        late,
    };
    let mut moved = Moved {
        step: stored.step,
        due_at: stored.step_due_at,
        assignee: stored.assignee,
        entries: Vec::new(),
    };
    match (deed.act, status) {
        (Act::Process, _) => {
            moved.step = Some(0);
            moved.due_at = steps
                .first()
                .map(|step| office.calendar.due(deed.now, step.working_days));
            moved.assignee = None;
        }
        (Act::Supplement, DossierStatus::Processing) => {
            // The step waits as the dossier does.
            let asked = stored.after.open().map(|open| open.asked_at);
            moved.due_at = stored
                .step_due_at
                .zip(asked)
                .map(|(due, asked)| office.calendar.after_pause(due, asked, deed.now));
        }
        (Act::Finish, _) => {
            // Who may finish it at once does all that is left; each step has its line.
            for step in steps.iter().skip(here + 1) {
                let act = WorkDone::Work(WorkAct::Advance);
                moved.entries.push(entry(act, &step.name, "", None, late));
            }
            (moved.step, moved.due_at, moved.assignee) = (None, None, None);
        }
        (Act::Stop | Act::Withdraw | Act::Refuse | Act::Return, _) => {
            (moved.step, moved.due_at, moved.assignee) = (None, None, None);
        }
        _ => {}
    }
    let name = moved
        .step
        .and_then(|step| steps.get(step))
        .map_or("", |step| step.name.as_str());
    let act = WorkDone::Life(deed.act);
    let late = late && matches!(deed.act, Act::Finish);
    moved
        .entries
        .push(entry(act, name, deed.note, moved.due_at, late));
    moved
}
