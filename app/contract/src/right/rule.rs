//! The rule: which duty an action needs, and in which state it can be done at all.

use super::{Duty, Grant};
use crate::dossier::DossierStatus;
use crate::life::{Act, Party, next};
use crate::work::WorkAct;

/// What an officer wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See a submitted dossier: what it says, its files, their history, its messages, its payment.
    View,
    /// Write to its citizen.
    Write,
    /// Confirm money, give it back, decide on an exemption; whether the payment allows it is asked elsewhere.
    Settle,
    /// Add files to the result, or take them out.
    PrepareResult,
    /// Put the signed form of a file of the result in its place.
    SignResult,
    /// Put the organisation's seal on a file of the result.
    SealResult,
    /// Sign a slip that was issued.
    SignSlip,
    /// Change its state.
    Act(Act),
    /// Move it between the steps of its processing.
    Work(WorkAct),
    /// Read and answer what people tell (`Phản ánh kiến nghị`, `Khảo sát đánh giá`). About no dossier.
    Feedback,
    /// Read the journal. About no dossier.
    Audit,
    /// Read the statistics of agencies. About no dossier.
    Statistics,
    /// Give and take rights. About no dossier.
    Rights,
    /// Change the catalogue: procedures, units, holidays, steps. About no dossier.
    Catalogue,
}

/// What the rule knows of a dossier.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Who handles it, by name.
    pub agency: &'a str,
    /// Code of its procedure.
    pub procedure: &'a str,
    /// State.
    pub status: DossierStatus,
    /// The state in which the open supplement request was made.
    pub before: Option<DossierStatus>,
    /// Whose the step of processing is where it stands.
    pub step: Option<Duty>,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The state does not allow it, to nobody.
    State,
    /// Another duty is needed.
    Duty,
    /// It is none of this person's dossiers: it is told as if it did not exist.
    Hidden,
}

/// Who sees dossiers.
const DESK: &[Duty] = &[Duty::Reception, Duty::Processing, Duty::Leader];

/// Whether somebody sees any dossiers at all.
#[must_use]
pub fn works_on_dossiers(officer: &[Grant]) -> bool {
    officer.iter().any(|grant| DESK.contains(&grant.duty))
}

/// The duties of which one is needed for an action.
#[must_use]
pub fn duties(action: Action, on: Option<&Subject<'_>>) -> &'static [Duty] {
    use DossierStatus as S;
    let step = on.and_then(|on| on.step);
    match action {
        Action::View | Action::Write | Action::SignSlip => DESK,
        Action::SignResult => &[Duty::Leader],
        // Where the stamp is kept: at the counter, or with who signed.
        Action::SealResult => &[Duty::Reception, Duty::Leader],
        Action::Feedback | Action::Settle => &[Duty::Reception],
        Action::PrepareResult => &[Duty::Processing, Duty::Leader],
        Action::Audit => &[Duty::Auditor],
        Action::Statistics => &[Duty::Leader, Duty::Administrator, Duty::Auditor],
        Action::Rights | Action::Catalogue => &[Duty::Administrator],
        Action::Act(Act::Receive | Act::Refuse | Act::Process | Act::Return) => &[Duty::Reception],
        // Whoever looks at it then. Once it is worked on, that is not the counter any more.
        Action::Act(Act::AskSupplement) => match on.map(|on| on.status) {
            Some(S::Processing) => &[Duty::Processing],
            _ => &[Duty::Reception],
        },
        Action::Act(Act::TakeBackSupplement) => match on.and_then(|on| on.before) {
            Some(S::Processing) => &[Duty::Processing],
            _ => &[Duty::Reception],
        },
        // Approved and signed.
        Action::Act(Act::Finish | Act::Stop) => &[Duty::Leader],
        Action::Act(Act::Supplement | Act::Withdraw) => &[],
        Action::Work(WorkAct::Advance | WorkAct::SendBack | WorkAct::Take) => match step {
            Some(Duty::Leader) => &[Duty::Leader],
            Some(Duty::Reception) => &[Duty::Reception],
            _ => &[Duty::Processing],
        },
        Action::Work(WorkAct::Assign | WorkAct::AllowSupplement) => &[Duty::Leader],
        Action::Work(WorkAct::Apologise) => &[Duty::Processing, Duty::Leader],
    }
}

/// Whether a state allows an action to anybody.
fn possible(action: Action, on: &Subject<'_>) -> bool {
    use DossierStatus as S;
    match action {
        Action::View | Action::Write | Action::Settle | Action::SignSlip => true,
        Action::PrepareResult | Action::SignResult | Action::SealResult => {
            matches!(on.status, S::Processing | S::Done)
        }
        Action::Act(act) => {
            act.party() == Party::Officer && next(on.status, act, on.before).is_some()
        }
        Action::Work(WorkAct::Apologise) => {
            matches!(on.status, S::Received | S::Processing | S::PaymentRequested)
        }
        Action::Work(WorkAct::AllowSupplement) => {
            matches!(on.status, S::New | S::Received | S::Processing)
        }
        Action::Work(_) => on.status == S::Processing,
        Action::Feedback
        | Action::Audit
        | Action::Statistics
        | Action::Rights
        | Action::Catalogue => false,
    }
}

/// Whether an officer may do something to a dossier.
///
/// # Errors
/// The gravest reason against it: what is none of one's dossiers is hidden, whatever its state.
pub fn may(officer: &[Grant], action: Action, dossier: &Subject<'_>) -> Result<(), Refusal> {
    let holds = |needed: &[Duty]| {
        officer.iter().any(|grant| {
            needed.contains(&grant.duty) && grant.covers(dossier.agency, dossier.procedure)
        })
    };
    if !holds(DESK) {
        return Err(Refusal::Hidden);
    }
    if !holds(duties(action, Some(dossier))) {
        return Err(Refusal::Duty);
    }
    if !possible(action, dossier) {
        return Err(Refusal::State);
    }
    Ok(())
}

/// Whether an officer may do something that is about no dossier. The journal, rights and the catalogue are those of all agencies: a grant that is
/// limited to some gives neither, else its owner could give themselves the rest. A grant for nothing gives nothing.
#[must_use]
pub fn may_at_desk(officer: &[Grant], action: Action) -> bool {
    let needed = duties(action, None);
    let covers = |grant: &Grant| match action {
        Action::Audit | Action::Rights | Action::Catalogue => grant.is_everywhere(),
        Action::Feedback | Action::Statistics => {
            !grant.agencies.is_empty() && !grant.procedures.is_empty()
        }
        _ => false,
    };
    officer
        .iter()
        .any(|grant| needed.contains(&grant.duty) && covers(grant))
}
