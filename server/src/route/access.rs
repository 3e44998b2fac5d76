//! `/api/session/code`, `/api/session/confirmation`, `/api/sessions`, `/api/account/second-factor`, `/api/password-reset`: how people
//! prove who they are, and where they are signed in.

use crate::api::{JsonFile, NoContent, Told, WithCookie};
use crate::identity::{self, AnySession, Session, prove, reset, second_factor};
use crate::limit::{Address, Bound};
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::route::session;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use contract::access::{
    AskReset, ConfirmSession, GiveCode, OfferedSecret, OpenSession, ResetOffer, ResetPassword,
    SecondFactorState, SignInMethod,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::Action;
use contract::session::{ChangePassword, PasswordFault, Role, password_fault};
use contract::value::ValueError;
use std::time::{Duration, Instant};
use store::Proved;
use uuid::Uuid;

/// Links one address may ask for, and tokens it may try.
const RESETS: Bound = Bound {
    name: "password-reset",
    burst: 20,
    pause: Duration::from_secs(60),
    all: 20,
};

/// Longest user name that is looked for, in bytes.
const USER_NAME_MAX: usize = 200;

/// What is wrong with a new password: as fields what the page finds too, as a problem of its own what only lists tell.
pub async fn check_password(portal: &Portal, asked: &ChangePassword) -> Answer<()> {
    let Some(fault) = password_fault(asked) else {
        let known = identity::known_to_others(portal, &asked.wanted).await;
        return known.map_or(Ok(()), |code| Err(code.into()));
    };
    let error = match fault {
        PasswordFault::TooLong => ValueError::TooLong,
        PasswordFault::TooShort | PasswordFault::DigitsOnly | PasswordFault::Same => {
            ValueError::Malformed
        }
    };
    Err(Failure::invalid(vec![FieldProblem {
        pointer: "/wanted".into(),
        error,
    }]))
}

/// The second step of a sign-in.
pub async fn give_code(
    State(portal): State<Portal>,
    headers: HeaderMap,
    body: Result<Json<GiveCode>, JsonRejection>,
) -> Answer<Told<JsonFile<contract::session::Session>>> {
    let Json(given) = body?;
    let account = second_factor::finish_half(&portal, &headers, &given.code).await?;
    let method = SignInMethod::PasswordAndCode;
    let begun = identity::begin(&portal, &account, method, now(), &headers).await?;
    let cookies = AppendHeaders([
        (header::SET_COOKIE, begun.cookie),
        (header::SET_COOKIE, second_factor::forget_half(&portal)?),
    ]);
    let session = session::shown(&portal, account, method);
    Ok((cookies, Json(session)).into_response().into())
}

/// Proves again who somebody is; the session has a new token.
pub async fn confirm(
    State(portal): State<Portal>,
    session: AnySession,
    body: Result<Json<ConfirmSession>, JsonRejection>,
) -> Answer<Told<JsonFile<contract::session::Session>>> {
    let Json(given) = body?;
    let by_code = prove::again(&portal, &session.account, given.password, &given.code).await?;
    let method = if by_code {
        SignInMethod::PasswordAndCode
    } else {
        session.method
    };
    let cookie = identity::renew(&portal, &session, method, Proved::Now).await?;
    let session = session::shown(&portal, session.account, method);
    Ok(([(header::SET_COOKIE, cookie)], Json(session))
        .into_response()
        .into())
}

/// Where the account is signed in.
pub async fn sessions(
    State(portal): State<Portal>,
    Session(session): Session,
) -> Answer<Json<Vec<OpenSession>>> {
    let now = now();
    let listed = portal
        .database
        .sessions(
            session.account.id,
            identity::idle_since(now),
            identity::begun_since(now),
        )
        .await?;
    let shown = listed.into_iter().map(|one| OpenSession {
        here: one.id == session.id,
        id: one.id,
        device: one.device,
        method: one.method,
        begun_at: one.begun_at,
        seen_at: one.seen_at,
    });
    Ok(Json(shown.collect()))
}

/// Ends one of them.
pub async fn end_one(
    State(portal): State<Portal>,
    Session(session): Session,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<NoContent> {
    session.must_be_fresh(&portal)?;
    let Path(id) = id?;
    portal
        .database
        .end_one_session(session.account.id, id, now())
        .await?;
    portal.hub.end_session(id);
    Ok(NoContent)
}

/// Ends all but this one.
pub async fn end_others(
    State(portal): State<Portal>,
    Session(session): Session,
) -> Answer<NoContent> {
    session.must_be_fresh(&portal)?;
    let ended = portal
        .database
        .end_other_sessions(session.account.id, session.id, now())
        .await?;
    for other in ended {
        portal.hub.end_session(other);
    }
    Ok(NoContent)
}

/// How the account's second factor stands.
pub async fn second_factor(
    State(portal): State<Portal>,
    session: AnySession,
) -> Answer<Json<SecondFactorState>> {
    Ok(Json(second_factor::state(&portal, &session).await?))
}

/// A fresh secret.
pub async fn offer_second_factor(
    State(portal): State<Portal>,
    session: AnySession,
) -> Answer<Json<OfferedSecret>> {
    Ok(Json(second_factor::offer(&portal, &session).await?))
}

/// The first code of it.
pub async fn confirm_second_factor(
    State(portal): State<Portal>,
    session: AnySession,
    body: Result<Json<GiveCode>, JsonRejection>,
) -> Answer<Response> {
    let Json(given) = body?;
    let (cookie, codes) = second_factor::confirm(&portal, &session, &given.code).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(codes)).into_response())
}

/// Takes one's own away.
pub async fn remove_second_factor(
    State(portal): State<Portal>,
    Session(session): Session,
) -> Answer<WithCookie<NoContent>> {
    let cookie = second_factor::remove(&portal, &session).await?;
    Ok(WithCookie(cookie, NoContent))
}

/// Takes that of an officer away who lost the device.
pub async fn remove_second_factor_of(
    State(portal): State<Portal>,
    Session(session): Session,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<NoContent> {
    if session.account.role != Role::Officer {
        return Err(ProblemCode::Forbidden.into());
    }
    rights::desk(&session.account, Action::Rights)?;
    second_factor::remove_of(&portal, &session, id?.0).await?;
    Ok(NoContent)
}

/// Whether links are sent.
pub async fn reset_offer(State(portal): State<Portal>) -> Json<ResetOffer> {
    Json(ResetOffer {
        by_mail: portal.post.is_some(),
    })
}

/// Asks for a link. The answer and its time are the same whoever it is.
pub async fn ask_reset(
    State(portal): State<Portal>,
    address: Address,
    body: Result<Json<AskReset>, JsonRejection>,
) -> Answer<StatusCode> {
    let Json(asked) = body?;
    portal.limits.take(&RESETS, address, Instant::now())?;
    if portal.post.is_none() {
        return Err(ProblemCode::NotFound.into());
    }
    if asked.user_name.len() <= USER_NAME_MAX {
        reset::ask(&portal, &asked.user_name);
    }
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password by the token of a link.
pub async fn reset_password(
    State(portal): State<Portal>,
    address: Address,
    body: Result<Json<ResetPassword>, JsonRejection>,
) -> Answer<NoContent> {
    let Json(asked) = body?;
    portal.limits.take(&RESETS, address, Instant::now())?;
    let change = ChangePassword {
        current: String::new(),
        wanted: asked.wanted,
    };
    check_password(&portal, &change).await?;
    reset::set(&portal, &asked.token, change.wanted).await?;
    Ok(NoContent)
}
