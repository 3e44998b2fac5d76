//! One deed on a dossier: checked against the table, timed, and made into what the store writes.

use super::deadline::{after_pause, working_days_from};
use contract::dossier::{DossierEvent, DossierStatus};
use contract::life::{Act, next};
use contract::problem::ProblemCode;
use contract::value::Timestamp;
use store::StoredDossier;

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

/// What a deed makes of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The state it was decided on.
    pub from: DossierStatus,
    /// What happened, with the new state.
    pub event: DossierEvent,
    /// Another due date.
    pub due_at: Option<Timestamp>,
}

/// The one function that decides: what a deed makes of a dossier as it was read.
///
/// # Errors
/// [`ProblemCode::NotFound`] before submission, [`ProblemCode::Conflict`] when its state does not allow the act.
pub fn change(stored: &StoredDossier, deed: &Deed<'_>) -> Result<Changed, ProblemCode> {
    let line = stored.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let open = stored.after.open();
    let status = next(line.status, deed.act, stored.before()).ok_or(ProblemCode::Conflict)?;
    let due_at = match deed.act {
        Act::Receive => Some(working_days_from(
            deed.now,
            stored.definition.deadline.working_days,
        )),
        Act::Supplement => line
            .due_at
            .zip(open)
            .map(|(due, open)| after_pause(due, open.asked_at, deed.now)),
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
    })
}
