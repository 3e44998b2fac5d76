//! What is done within processing: steps forwards and back, taken and given, and the apology for what will be late.

use super::{Moved, Office};
use contract::dossier::DossierStatus;
use contract::problem::ProblemCode;
use contract::value::{Timestamp, VietnamTime};
use contract::work::{Colleague, WorkAct, WorkDone, WorkEntry};
use store::StoredDossier;

/// Who does what.
#[derive(Debug, Clone, Copy)]
pub struct WorkDeed<'a> {
    /// What.
    pub act: WorkAct,
    /// Who.
    pub actor: &'a Colleague,
    /// To whom, for [`WorkAct::Assign`].
    pub to: Option<&'a Colleague>,
    /// Working days from now, for [`WorkAct::Apologise`].
    pub working_days: u16,
    /// Note or reason.
    pub note: &'a str,
    /// When.
    pub now: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// The state, which stays.
    pub status: DossierStatus,
    /// Another date for the citizen.
    pub due_at: Option<Timestamp>,
    /// What the citizen is told.
    pub told: Option<String>,
    /// Where it stands then.
    pub moved: Moved,
}

/// What a deed makes of a dossier as it was read.
///
/// # Errors
/// [`ProblemCode::Conflict`] when where it stands does not allow it, [`ProblemCode::Invalid`] for a new date that is no later.
pub fn work(
    stored: &StoredDossier,
    deed: &WorkDeed<'_>,
    office: &Office,
) -> Result<Worked, ProblemCode> {
    let line = stored.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let steps = office.steps(&stored.definition);
    let here = office.position(stored);
    let processing = line.status == DossierStatus::Processing;
    let anywhere = matches!(deed.act, WorkAct::Apologise | WorkAct::AllowSupplement);
    if !processing && !anywhere {
        return Err(ProblemCode::Conflict);
    }
    let mut worked = Worked {
        status: line.status,
        due_at: None,
        told: None,
        moved: Moved {
            step: if processing { Some(here) } else { stored.step },
            due_at: stored.step_due_at,
            assignee: stored.assignee,
            entries: Vec::new(),
        },
    };
    let mut entry = WorkEntry {
        at: deed.now,
        actor: deed.actor.name.clone(),
        act: WorkDone::Work(deed.act),
        step: String::new(),
        to: String::new(),
        note: deed.note.to_owned(),
        due_at: None,
        late: false,
    };
    match deed.act {
        WorkAct::Take => {
            if stored.assignee.is_some() {
                return Err(ProblemCode::Conflict);
            }
            worked.moved.assignee = Some(deed.actor.id);
            entry.to.clone_from(&deed.actor.name);
        }
        WorkAct::Assign => {
            let to = deed.to.ok_or(ProblemCode::Invalid)?;
            worked.moved.assignee = Some(to.id);
            entry.to.clone_from(&to.name);
        }
        WorkAct::Advance | WorkAct::SendBack => {
            let to = if deed.act == WorkAct::Advance {
                here.checked_add(1).filter(|to| *to < steps.len())
            } else {
                here.checked_sub(1)
            }
            .ok_or(ProblemCode::Conflict)?;
            let days = steps.get(to).map_or(0, |step| step.working_days);
            entry.late = stored.step_due_at.is_some_and(|due| due < deed.now);
            worked.moved.step = Some(to);
            worked.moved.due_at = Some(office.calendar.due(deed.now, days));
            worked.moved.assignee = None;
        }
        // There is nothing to allow before the first request.
        WorkAct::AllowSupplement => {
            stored.after.last_request().ok_or(ProblemCode::Conflict)?;
        }
        WorkAct::Apologise => {
            let due = office.calendar.due(deed.now, deed.working_days);
            if line.due_at.is_some_and(|before| due <= before) {
                return Err(ProblemCode::Invalid);
            }
            worked.due_at = Some(due);
            worked.told = Some(apology(deed.note, due));
        }
    }
    entry.due_at = worked.due_at.or(worked.moved.due_at);
    if let Some(step) = worked.moved.step.and_then(|step| steps.get(step)) {
        entry.step.clone_from(&step.name);
    }
    worked.moved.entries.push(entry);
    Ok(worked)
}

/// What the citizen reads: the words of form 04.
fn apology(reason: &str, due: Timestamp) -> String {
    let at = VietnamTime::from(due);
    format!(
        "Cơ quan xin lỗi vì không trả kết quả đúng hẹn. Lý do: {reason}\nThời gian hẹn trả lại: {:02}:{:02} ngày {:02}/{:02}/{}.",
        at.hour, at.minute, at.day, at.month, at.year
    )
}
