//! How the person proves who they are, and where they are signed in.

use super::{Answer, Body, get, put, read, send};
use contract::access::{
    AskReset, ConfirmSession, GiveCode, OfferedSecret, OpenSession, RecoveryCodes, ResetOffer,
    ResetPassword, SecondFactorState,
};
use contract::problem::ProblemCode;
use contract::session::Session;
use gloo_net::http::Method;
use serde::Serialize;
use uuid::Uuid;

const SECOND_FACTOR: &str = "/account/second-factor";
const RESET: &str = "/password-reset";

/// Sends something and hears nothing but that it was done.
async fn done<B: Serialize>(method: Method, path: &str, body: &B) -> Answer<()> {
    let body = serde_json::to_string(body).map_err(|_| ProblemCode::Internal)?;
    send(method, path, Body::Json(body)).await.map(|_| ())
}

/// The second step of a sign-in.
pub async fn give_code(code: String) -> Answer<Session> {
    put(Method::POST, "/session/code", &GiveCode { code }).await
}

/// Proves again who the person is.
pub async fn confirm(asked: &ConfirmSession) -> Answer<Session> {
    put(Method::POST, "/session/confirmation", asked).await
}

/// Where the account is signed in.
pub async fn sessions() -> Answer<Vec<OpenSession>> {
    get("/sessions").await
}

/// Signs one device out.
pub async fn end_session(id: Uuid) -> Answer<()> {
    send(Method::DELETE, &format!("/sessions/{id}"), Body::Nothing)
        .await
        .map(|_| ())
}

/// Signs all other devices out.
pub async fn end_other_sessions() -> Answer<()> {
    send(Method::DELETE, "/sessions", Body::Nothing)
        .await
        .map(|_| ())
}

/// Whether codes are asked for.
pub async fn second_factor() -> Answer<SecondFactorState> {
    get(SECOND_FACTOR).await
}

/// A fresh secret for the authenticator app.
pub async fn offer_second_factor() -> Answer<OfferedSecret> {
    read(send(Method::POST, SECOND_FACTOR, Body::Nothing).await?).await
}

/// The first code of the app.
pub async fn confirm_second_factor(code: String) -> Answer<RecoveryCodes> {
    put(Method::PUT, SECOND_FACTOR, &GiveCode { code }).await
}

/// No codes any more.
pub async fn remove_second_factor() -> Answer<()> {
    send(Method::DELETE, SECOND_FACTOR, Body::Nothing)
        .await
        .map(|_| ())
}

/// No codes any more for an officer who lost the device.
pub async fn remove_second_factor_of(officer: Uuid) -> Answer<()> {
    let path = format!("/officer/rights/{officer}/second-factor");
    send(Method::DELETE, &path, Body::Nothing).await.map(|_| ())
}

/// Whether links are sent by e-mail.
pub async fn reset_offer() -> Answer<ResetOffer> {
    get(RESET).await
}

/// Asks for a link.
pub async fn ask_reset(user_name: String) -> Answer<()> {
    done(Method::POST, RESET, &AskReset { user_name }).await
}

/// Sets a new password by the token of a link.
pub async fn reset_password(asked: &ResetPassword) -> Answer<()> {
    done(Method::PUT, RESET, asked).await
}
