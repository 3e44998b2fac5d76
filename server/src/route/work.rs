//! `/api/officer/dossiers/{id}/work`: where a dossier stands, what who asks may do, and the steps between "received" and "done".

use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use crate::workflow::{WorkDeed, work};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::audit::AuditAction;
use contract::dossier::DossierStatus;
use contract::inbox::clock_runs;
use contract::life::Act;
use contract::message::{Author, Message};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::{Action, Subject, may};
use contract::session::Account;
use contract::value::ValueError;
use contract::work::{APOLOGY_DAYS, Colleague, DoWork, Work, WorkAct, may_ask_again};
use store::{StoreError, StoredDossier, WorkChange};
use uuid::Uuid;

/// Longest note or reason, in characters.
const NOTE_CHARS_MAX: usize = 2000;

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

fn colleague(account: &Account) -> Colleague {
    Colleague {
        id: account.id,
        name: account.name.to_string(),
    }
}

/// Whether an officer may take on the step where a dossier stands.
fn takes(officer: &Account, subject: &Subject<'_>) -> bool {
    may(&officer.grants, Action::Work(WorkAct::Take), subject).is_ok()
}

/// Officers who may.
async fn colleagues(portal: &Portal, subject: &Subject<'_>) -> Answer<Vec<Colleague>> {
    let officers = portal.database.officers().await?;
    Ok(officers
        .iter()
        .filter(|(_, account)| takes(account, subject))
        .map(|(_, account)| colleague(account))
        .collect())
}

async fn told(portal: &Portal, account: &Account, stored: &StoredDossier) -> Answer<Work> {
    let subject = portal.office.subject(stored).ok_or(ProblemCode::NotFound)?;
    let allowed = |action| {
        may(&account.grants, action, &subject).is_ok()
            || action == Action::Work(WorkAct::Assign)
                && stored.assignee == Some(account.id)
                && takes(account, &subject)
    };
    let entries = portal.database.work_entries(stored.id).await?;
    let again = may_ask_again(&stored.after, &entries);
    let processing = subject.status == DossierStatus::Processing;
    let colleagues = if allowed(Action::Work(WorkAct::Assign)) {
        colleagues(portal, &subject).await?
    } else {
        Vec::new()
    };
    let assignee = match stored.assignee {
        Some(id) => Some(colleague(
            &portal.database.stored_account(id).await?.account,
        )),
        None => None,
    };
    let position = portal.office.position(stored);
    let steps = portal.office.steps(&stored.definition).to_vec();
    let fits = |act: WorkAct| match act {
        WorkAct::Advance => position + 1 < steps.len(),
        WorkAct::SendBack => position > 0,
        WorkAct::Take => stored.assignee.is_none(),
        WorkAct::Assign | WorkAct::Apologise => true,
        WorkAct::AllowSupplement => !again && stored.after.last_request().is_some(),
    };
    let left = || {
        steps.iter().skip(position).all(|step| {
            let there = Subject {
                step: Some(step.duty),
                ..subject
            };
            may(&account.grants, Action::Work(WorkAct::Advance), &there).is_ok()
        })
    };
    let due = stored.summary.as_ref().and_then(|line| line.due_at);
    let due = due.filter(|_| clock_runs(subject.status));
    let working_days_left = due.map(|due| {
        let (now, calendar) = (now(), &portal.office.calendar);
        if due >= now {
            i32::from(calendar.between(now, due))
        } else {
            -i32::from(calendar.between(due, now)).max(1)
        }
    });
    Ok(Work {
        working_days_left,
        step: processing.then_some(position),
        step_due_at: stored.step_due_at,
        assignee,
        entries,
        may_ask_again: again,
        acts: Act::ALL
            .into_iter()
            .filter(|act| allowed(Action::Act(*act)) && (*act != Act::Finish || left()))
            .collect(),
        work: WorkAct::ALL
            .into_iter()
            .filter(|act| fits(*act) && allowed(Action::Work(*act)))
            .collect(),
        prepares: allowed(Action::PrepareResult),
        colleagues,
        version: stored.version,
        steps,
    })
}

/// Where it stands.
pub async fn show(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Work>> {
    let Path(id) = id?;
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    rights::looked(
        &portal,
        &account,
        AuditAction::DossierViewed,
        Some(id),
        None,
    )
    .await?;
    Ok(Json(told(&portal, &account, &stored).await?))
}

/// A dossier that somebody may move so. What somebody has, they may pass on, leader or not: nothing waits for who is away.
async fn workable(
    portal: &Portal,
    account: &Account,
    act: WorkAct,
    id: Uuid,
) -> Answer<StoredDossier> {
    match rights::dossier(portal, account, Action::Work(act), id).await {
        Err(failure) if act == WorkAct::Assign && failure.code == ProblemCode::Forbidden => {
            let take = Action::Work(WorkAct::Take);
            let stored = rights::dossier(portal, account, take, id).await?;
            if stored.assignee == Some(account.id) {
                Ok(stored)
            } else {
                Err(failure)
            }
        }
        other => other,
    }
}

/// Moves it.
pub async fn act(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<DoWork>, JsonRejection>,
) -> Answer<Json<Work>> {
    let (Path(id), Json(asked)) = (id?, body?);
    perform(&portal, &account, id, &asked).await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(told(&portal, &account, &stored).await?))
}

/// Does it, and tells nothing of where the dossier stands then.
pub(super) async fn perform(
    portal: &Portal,
    account: &Account,
    id: Uuid,
    asked: &DoWork,
) -> Answer<()> {
    let stored = workable(portal, account, asked.act, id).await?;
    if stored.version != asked.version {
        return Err(ProblemCode::Conflict.into());
    }
    let note = asked.note.trim();
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(wrong("/note", ValueError::TooLong));
    }
    // Why a step took longer than it may is kept with it.
    let late = stored.step_due_at.is_some_and(|due| due < now());
    let explains = asked.act.needs_reason() || asked.act == WorkAct::Advance && late;
    if explains && note.is_empty() {
        return Err(wrong("/note", ValueError::Required));
    }
    if asked.act == WorkAct::Apologise && !APOLOGY_DAYS.contains(&asked.working_days) {
        return Err(wrong("/working_days", ValueError::Malformed));
    }
    let subject = portal
        .office
        .subject(&stored)
        .ok_or(ProblemCode::NotFound)?;
    let to = match (asked.act, asked.to) {
        (WorkAct::Assign, Some(to)) => match portal.database.officer(to).await {
            Ok((_, other)) => takes(&other, &subject).then(|| colleague(&other)),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        _ => None,
    };
    if asked.act == WorkAct::Assign && to.is_none() {
        return Err(wrong("/to", ValueError::Required));
    }
    let me = colleague(account);
    let deed = WorkDeed {
        act: asked.act,
        actor: &me,
        to: to.as_ref(),
        working_days: asked.working_days,
        note,
        now: now(),
    };
    let worked = work(&stored, &deed, &portal.office).map_err(|code| match code {
        ProblemCode::Invalid => wrong("/working_days", ValueError::Malformed),
        other => other.into(),
    })?;
    let message = worked.told.map(|body| Message {
        id: Uuid::now_v7(),
        at: deed.now,
        author: Author::Officer,
        name: me.name.clone(),
        body,
        status: None,
    });
    let change = WorkChange {
        id,
        version: asked.version,
        status: worked.status,
        by: account.id,
        now: deed.now,
        due_at: worked.due_at,
        message,
        act: word(asked.act),
        step: worked.moved.written(),
    };
    portal.database.change_work(&change).await?;
    if asked.act == WorkAct::Apologise {
        crate::slip::after_act(portal, id);
    }
    Ok(())
}

/// As the journal names it.
const fn word(act: WorkAct) -> &'static str {
    match act {
        WorkAct::Take => "take",
        WorkAct::Advance => "advance",
        WorkAct::SendBack => "send-back",
        WorkAct::Assign => "assign",
        WorkAct::Apologise => "apologise",
        WorkAct::AllowSupplement => "allow-supplement",
    }
}
