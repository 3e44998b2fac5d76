//! `…/messages`: the thread of a dossier, for both sides.

use crate::identity::SignedIn;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::audit::AuditAction;
use contract::life::Party;
use contract::message::{Author, MESSAGE_CHARS_MAX, Message, SendMessage, Thread};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::Action;
use contract::session::{Account, Role};
use contract::value::ValueError;
use uuid::Uuid;

/// Which side somebody is on, once it is sure that the dossier was submitted and is theirs.
async fn side(
    portal: &Portal,
    account: &Account,
    dossier: Uuid,
    officer: bool,
    action: Action,
) -> Answer<Party> {
    let (owner, side) = match (account.role, officer) {
        (Role::Citizen, false) => (Some(account.id), Party::Citizen),
        (Role::Officer, true) => {
            rights::dossier(portal, account, action, dossier).await?;
            return Ok(Party::Officer);
        }
        _ => return Err(ProblemCode::Forbidden.into()),
    };
    let stored = portal.database.dossier(owner, dossier).await?;
    stored.summary.ok_or(ProblemCode::NotFound)?;
    Ok(side)
}

async fn read(portal: &Portal, account: &Account, id: Uuid, officer: bool) -> Answer<Json<Thread>> {
    let side = side(portal, account, id, officer, Action::View).await?;
    if side == Party::Officer {
        rights::looked(portal, account, AuditAction::MessagesViewed, Some(id), None).await?;
    }
    Ok(Json(portal.database.thread(id, side).await?))
}

async fn write(
    portal: &Portal,
    account: &Account,
    id: Uuid,
    officer: bool,
    send: SendMessage,
) -> Answer<Json<Thread>> {
    let side = side(portal, account, id, officer, Action::Write).await?;
    let body = send.body.trim();
    let fault = match body.chars().count() {
        0 => Some(ValueError::Required),
        length if length > MESSAGE_CHARS_MAX => Some(ValueError::TooLong),
        _ => None,
    };
    if let Some(error) = fault {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/body".into(),
            error,
        }]));
    }
    let message = Message {
        id: send.id,
        at: now(),
        author: match side {
            Party::Citizen => Author::Citizen,
            Party::Officer => Author::Officer,
        },
        name: account.name.to_string(),
        body: body.to_owned(),
        status: None,
    };
    portal
        .database
        .write_message(id, side, account.id, &message)
        .await?;
    // Who answers has read.
    portal.database.read_messages(id, side, message.at).await?;
    Ok(Json(portal.database.thread(id, side).await?))
}

async fn seen(portal: &Portal, account: &Account, id: Uuid, officer: bool) -> Answer<Json<Thread>> {
    let side = side(portal, account, id, officer, Action::View).await?;
    let now = now();
    portal.database.read_messages(id, side, now).await?;
    if side == Party::Citizen {
        portal
            .database
            .read_notices(account.id, None, Some(id), now)
            .await?;
    }
    Ok(Json(portal.database.thread(id, side).await?))
}

type Id = Result<Path<Uuid>, PathRejection>;
type Sent = Result<Json<SendMessage>, JsonRejection>;

/// The thread of one's own dossier.
pub async fn show(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
) -> Answer<Json<Thread>> {
    read(&portal, &account, id?.0, false).await
}

/// The citizen writes.
pub async fn send(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
    body: Sent,
) -> Answer<Json<Thread>> {
    write(&portal, &account, id?.0, false, body?.0).await
}

/// The citizen has read; notices about this dossier are read with it.
pub async fn mark(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
) -> Answer<Json<Thread>> {
    seen(&portal, &account, id?.0, false).await
}

/// The thread of any submitted dossier.
pub async fn officer_show(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
) -> Answer<Json<Thread>> {
    read(&portal, &account, id?.0, true).await
}

/// An officer writes.
pub async fn officer_send(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
    body: Sent,
) -> Answer<Json<Thread>> {
    write(&portal, &account, id?.0, true, body?.0).await
}

/// An officer has read.
pub async fn officer_mark(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    id: Id,
) -> Answer<Json<Thread>> {
    seen(&portal, &account, id?.0, true).await
}
