//! The password of the account.

use super::{Answer, Body, send};
use contract::problem::ProblemCode;
use contract::session::ChangePassword;
use gloo_net::http::Method;

/// Changes it; other sessions of the account end.
pub async fn change(asked: &ChangePassword) -> Answer<()> {
    let body = serde_json::to_string(asked).map_err(|_| ProblemCode::Internal)?;
    send(Method::PUT, "/account/password", Body::Json(body))
        .await
        .map(|_| ())
}
