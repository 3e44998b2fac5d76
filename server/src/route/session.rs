//! `/api/session`, `/api/account`, `/api/demo`, `/api/health`.

use crate::identity::{self, SignedIn};
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::date::Date;
use contract::problem::{FieldProblem, ProblemCode};
use contract::session::{
    Account, ChangePassword, DemoAccount, PasswordFault, Person, Session, SignIn, check_person,
    password_fault,
};
use contract::value::ValueError;

fn session(account: Account) -> Session {
    let now = now();
    Session {
        account,
        server_time: now,
        expires_at: identity::expires_at(now),
    }
}

/// Who is signed in; `null` for nobody, which is no error.
pub async fn show(signed_in: Result<SignedIn, Failure>) -> Answer<Json<Option<Session>>> {
    match signed_in {
        Ok(SignedIn(account)) => Ok(Json(Some(session(account)))),
        Err(failure) if failure.code == ProblemCode::SignInRequired => Ok(Json(None)),
        Err(failure) => Err(failure),
    }
}

/// Signs in with a local account.
pub async fn sign_in(
    State(portal): State<Portal>,
    body: Result<Json<SignIn>, JsonRejection>,
) -> Answer<Response> {
    let Json(asked) = body?;
    let account = identity::check(&portal, &asked.user_name, asked.password).await?;
    let cookie = identity::begin(&portal, &account).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(session(account))).into_response())
}

/// Signs out.
pub async fn sign_out(State(portal): State<Portal>, headers: HeaderMap) -> Answer<Response> {
    let cookie = identity::end(&portal, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Replaces personal data; the identity number stays what the account was made with.
pub async fn save_person(
    State(portal): State<Portal>,
    SignedIn(mut account): SignedIn,
    body: Result<Json<Person>, JsonRejection>,
) -> Answer<Json<Account>> {
    let Json(mut person) = body?;
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
    SignedIn(account): SignedIn,
    headers: HeaderMap,
    body: Result<Json<ChangePassword>, JsonRejection>,
) -> Answer<StatusCode> {
    let Json(asked) = body?;
    if let Some(fault) = password_fault(&asked) {
        let error = match fault {
            PasswordFault::TooLong => ValueError::TooLong,
            PasswordFault::TooShort | PasswordFault::DigitsOnly | PasswordFault::Same => {
                ValueError::Malformed
            }
        };
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/wanted".into(),
            error,
        }]));
    }
    identity::change_password(&portal, &account, &headers, asked.current, asked.wanted).await?;
    Ok(StatusCode::NO_CONTENT)
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

/// Whether the portal can work.
pub async fn health(State(portal): State<Portal>) -> Answer<&'static str> {
    portal.database.ping().await?;
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
