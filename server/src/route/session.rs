//! `/api/session`, `/api/account`, `/api/demo`, `/api/health`.

use crate::api::{JsonFile, NoContent, Told, WithCookie};
use crate::identity::{self, AnySession, Session, prove, second_factor};
use crate::problem::{Answer, Failure};
use crate::route::access::check_password;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::access::SignInMethod;
use contract::date::Date;
use contract::oidc::SignedOut;
use contract::problem::{FieldProblem, ProblemCode};
use contract::session::{self, Account, ChangePassword, DemoAccount, Person, SignIn, check_person};

/// A session as the page is told of it when it begins.
pub fn shown(portal: &Portal, account: Account, method: SignInMethod) -> session::Session {
    let needs = method == SignInMethod::Password && second_factor::demanded(portal, &account);
    let now = now();
    session::Session {
        account,
        server_time: now,
        expires_at: identity::expires_at(now),
        method: Some(method),
        provider: None,
        needs_second_factor: needs,
    }
}

/// Who is signed in; `null` for nobody, which is no error.
pub async fn show(
    State(portal): State<Portal>,
    session: Result<AnySession, Failure>,
) -> Answer<Json<Option<session::Session>>> {
    match session {
        Ok(session) => {
            let provider = identity::provider(&portal, &session).await?;
            let shown = shown(&portal, session.account, session.method);
            Ok(Json(Some(session::Session { provider, ..shown })))
        }
        Err(failure) if failure.code == ProblemCode::SignInRequired => Ok(Json(None)),
        Err(failure) => Err(failure),
    }
}

/// Signs in with a local account; where codes are asked for that is half of it, and [`ProblemCode::CodeRequired`] says so.
pub async fn sign_in(
    State(portal): State<Portal>,
    headers: HeaderMap,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Answer<Told<JsonFile<session::Session>>> {
    let Json(asked) = body?;
    let account = prove::check(&portal, &asked.user_name, asked.password).await?;
    if second_factor::confirmed(&portal, account.id)
        .await?
        .is_some()
    {
        let half = second_factor::begin_half(&portal, &account).await?;
        let wanted = Failure::from(ProblemCode::CodeRequired);
        return Ok(([(header::SET_COOKIE, half)], wanted)
            .into_response()
            .into());
    }
    let method = SignInMethod::Password;
    let begun = identity::begin(&portal, &account, method, now(), &headers).await?;
    let session = shown(&portal, account, method);
    Ok(([(header::SET_COOKIE, begun.cookie)], Json(session))
        .into_response()
        .into())
}

/// Signs out; of a session that began at an identity provider the page is told where to sign out there.
pub async fn sign_out(State(portal): State<Portal>, headers: HeaderMap) -> Answer<Response> {
    let there = identity::oidc_session(&portal, &headers).await?;
    let cookie = identity::end(&portal, &headers).await?;
    if let Some(there) = there
        && let Some(continue_at) = identity::oidc::end_address(&portal, &there).await
    {
        let answer = Json(SignedOut { continue_at });
        return Ok(([(header::SET_COOKIE, cookie)], answer).into_response());
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Replaces personal data; the identity number stays what the account was made with.
pub async fn save_person(
    State(portal): State<Portal>,
    Session(session): Session,
    body: Result<Json<Person>, JsonRejection>,
) -> Answer<Json<Account>> {
    let Json(mut person) = body?;
    // Links for a new password go there.
    if person.email != session.account.person.email {
        session.must_be_fresh(&portal)?;
    }
    let mut account = session.account;
    let wrong: Vec<FieldProblem> = check_person(&person.applicant(), Date::in_vietnam(now()))
        .into_iter()
        .map(|wrong| FieldProblem {
            pointer: wrong.pointer,
            error: wrong.fault.into(),
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Failure::invalid(wrong));
    }
    person.citizen_id = account.person.citizen_id;
    portal
        .database
        .set_person(account.id, &person, now())
        .await?;
    account.person = person;
    Ok(Json(account))
}

/// Changes the password of a local account.
pub async fn change_password(
    State(portal): State<Portal>,
    Session(session): Session,
    body: Result<Json<ChangePassword>, JsonRejection>,
) -> Answer<WithCookie<NoContent>> {
    let Json(asked) = body?;
    check_password(&portal, &asked).await?;
    let cookie = identity::change_password(&portal, &session, asked.current, asked.wanted).await?;
    Ok(WithCookie(cookie, NoContent))
}

/// The invented people; only in demo mode.
pub async fn demo(State(portal): State<Portal>) -> Answer<Json<Vec<DemoAccount>>> {
    if !portal.config.demo {
        return Err(ProblemCode::NotFound.into());
    }
    crate::demo::accounts()
        .map(Json)
        .map_err(|error| Failure::internal(&error))
}

/// Whether the portal can work: the database and the file store answer.
pub async fn health(State(portal): State<Portal>) -> Answer<&'static str> {
    portal.database.ping().await?;
    portal.files.ping().await?;
    Ok("ok")
}

/// Whether a load balancer shall send people here; the answer says no more than that.
pub async fn ready(State(portal): State<Portal>) -> Response {
    match crate::operate::ready(&portal).await {
        Ok(()) => "ready".into_response(),
        Err(why) => {
            tracing::warn!(%why, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
        }
    }
}

/// An address below `/api` that does not exist.
pub async fn nothing() -> Failure {
    ProblemCode::NotFound.into()
}
