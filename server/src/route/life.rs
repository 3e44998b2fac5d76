//! What is done to a submitted dossier: `…/decision` and `…/supplement` by officers, `…/withdrawal` by its citizen.

use crate::identity::{Citizen, Officer};
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::route::dossier::{own, whole};
use crate::state::{Portal, now};
use crate::workflow::{Deed, change, check_list};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::dossier::{Decide, Dossier};
use contract::life::{Act, Party, WithdrawDossier};
use contract::paper::SlipForm;
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::{Action, Subject, may};
use contract::session::Account;
use contract::supplement::AskSupplement;
use contract::validation::Verdict;
use contract::value::ValueError;
use contract::work::{WorkAct, may_ask_again};
use store::{LifeChange, StoredDossier, With};
use uuid::Uuid;

/// Longest note or reason, in characters.
const NOTE_CHARS_MAX: usize = 2000;
/// Working days an officer may give for a supplement.
const SUPPLEMENT_DAYS: std::ops::RangeInclusive<u16> = 1..=60;

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

/// Does a deed to a dossier that was read.
async fn perform(
    portal: &Portal,
    stored: &StoredDossier,
    (by, version): (Uuid, i64),
    deed: &Deed<'_>,
    with: With<'_>,
) -> Answer<()> {
    if deed.note.chars().count() > NOTE_CHARS_MAX {
        return Err(wrong("/note", ValueError::TooLong));
    }
    if deed.act.needs_reason() && deed.note.is_empty() {
        return Err(wrong("/note", ValueError::Required));
    }
    let changed = change(stored, deed, &portal.office)?;
    let change = LifeChange {
        id: stored.id,
        version,
        from: changed.from,
        due_at: changed.due_at,
        event: &changed.event,
        tells: deed.act.party() == Party::Officer,
        by,
        step: Some(changed.moved.written()),
        with,
    };
    portal.database.change_life(&change).await?;
    if SlipForm::of(deed.act).is_some() {
        crate::slip::after_act(portal, stored.id);
    }
    Ok(())
}

/// Whoever finishes a dossier does all steps that are left: each must be theirs.
fn may_finish(portal: &Portal, account: &Account, stored: &StoredDossier) -> Answer<()> {
    let steps = portal.office.steps(&stored.definition);
    let subject = portal.office.subject(stored).ok_or(ProblemCode::NotFound)?;
    for step in steps.iter().skip(portal.office.position(stored)) {
        let there = Subject {
            step: Some(step.duty),
            ..subject
        };
        may(&account.grants, Action::Work(WorkAct::Advance), &there)
            .map_err(|_| ProblemCode::Forbidden)?;
    }
    Ok(())
}

/// A result that has to be signed is there, and its signature holds: asked when it is approved, and when it goes out, since files may
/// be exchanged in between.
fn has_signed_result(stored: &StoredDossier) -> Answer<()> {
    let signed = |verdict: Verdict| verdict == Verdict::Valid;
    if stored.definition.signed_result
        && !stored
            .results
            .iter()
            .any(|result| signed(result.file.verdict))
    {
        return Err(wrong("/results", ValueError::Required));
    }
    Ok(())
}

/// Receives, refuses, processes, finishes, returns, stops, or takes a supplement request back.
pub async fn decide(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<Decide>, JsonRejection>,
) -> Answer<Json<Dossier>> {
    let (Path(id), Json(decide)) = (id?, body?);
    if decide.decision.party() != Party::Officer || decide.decision == Act::AskSupplement {
        return Err(wrong("/decision", ValueError::Malformed));
    }
    let action = Action::Act(decide.decision);
    let stored = rights::dossier(&portal, &account, action, id).await?;
    // Somebody was faster: whether the rest is in order does not matter any more.
    if stored.version != decide.version {
        return Err(ProblemCode::Conflict.into());
    }
    let note = decide.note.trim();
    if decide.decision == Act::Finish {
        may_finish(&portal, &account, &stored)?;
    }
    if matches!(decide.decision, Act::Finish | Act::Return) {
        has_signed_result(&stored)?;
    }
    // A result is a file, or a sentence that says where to fetch the paper.
    if decide.decision == Act::Return && stored.results.is_empty() && note.is_empty() {
        return Err(wrong("/results", ValueError::Required));
    }
    let deed = Deed {
        act: decide.decision,
        actor: account.name.as_str(),
        note,
        now: now(),
    };
    perform(
        &portal,
        &stored,
        (account.id, decide.version),
        &deed,
        With::Nothing,
    )
    .await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

/// Asks for a supplement: one complete list.
pub async fn ask_supplement(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<AskSupplement>, JsonRejection>,
) -> Answer<Json<Dossier>> {
    let (Path(id), Json(ask)) = (id?, body?);
    let action = Action::Act(Act::AskSupplement);
    let stored = rights::dossier(&portal, &account, action, id).await?;
    // Somebody was faster: what is wrong with the list does not matter any more.
    if stored.version != ask.version {
        return Err(ProblemCode::Conflict.into());
    }
    let mut faults = check_list(&ask.items, &stored);
    if !SUPPLEMENT_DAYS.contains(&ask.working_days) {
        faults.push(FieldProblem {
            pointer: "/working_days".into(),
            error: ValueError::Malformed,
        });
    }
    // The national rule tolerates one request; a second one is a decision, not a slip.
    let again = stored.after.last_request().is_some();
    if again && !ask.late_accepted {
        faults.push(FieldProblem {
            pointer: "/late_accepted".into(),
            error: ValueError::Required,
        });
    }
    // And a leader's decision, which stands in the lines of work.
    if again && !may_ask_again(&stored.after, &portal.database.work_entries(id).await?) {
        faults.push(FieldProblem {
            pointer: "/leader".into(),
            error: ValueError::Required,
        });
    }
    if !faults.is_empty() {
        return Err(Failure::invalid(faults));
    }
    let now = now();
    let items: Vec<_> = ask
        .items
        .into_iter()
        .map(|mut item| {
            item.reason = item.reason.trim().to_owned();
            item
        })
        .collect();
    let deed = Deed {
        act: Act::AskSupplement,
        actor: account.name.as_str(),
        note: "",
        now,
    };
    let with = With::Request {
        id: Uuid::now_v7(),
        items: &items,
        due_at: portal.office.calendar.due(now, ask.working_days),
    };
    perform(&portal, &stored, (account.id, ask.version), &deed, with).await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

/// The citizen takes the dossier back.
pub async fn withdraw(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<WithdrawDossier>, JsonRejection>,
) -> Answer<Json<Dossier>> {
    let (Path(id), Json(withdraw)) = (id?, body?);
    let stored = portal.database.dossier(Some(account.id), id).await?;
    let deed = Deed {
        act: Act::Withdraw,
        actor: account.name.as_str(),
        note: withdraw.reason.trim(),
        now: now(),
    };
    perform(
        &portal,
        &stored,
        (account.id, withdraw.version),
        &deed,
        With::Nothing,
    )
    .await?;
    let stored = portal.database.dossier(Some(account.id), id).await?;
    Ok(Json(own(stored).ok_or(ProblemCode::NotFound)?))
}
