//! New passwords by e-mail. What is answered, and how fast, says nothing of who has an account here.

use super::{hash, password};
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::problem::ProblemCode;
use store::StoreError;

/// An account is sent at most one link in so long, in milliseconds.
const PAUSE_MS: i64 = 5 * 60 * 1000;

/// Sends a link to the account of a name, if there is one with a local password and an e-mail address. Beside the answer, not before it.
pub fn ask(portal: &Portal, user_name: &str) {
    let (portal, user_name) = (portal.clone(), user_name.trim().to_owned());
    tokio::spawn(async move {
        match asked(&portal, &user_name).await {
            Ok(()) | Err(StoreError::NotFound) => {}
            Err(error) => tracing::error!(%error, "a link for a new password is not sent"),
        }
    });
}

async fn asked(portal: &Portal, user_name: &str) -> Result<(), StoreError> {
    let stored = portal.database.account_by_name(user_name).await?;
    // Whoever signs in elsewhere has no password here, and is given none.
    if stored.password.is_empty() {
        return Ok(());
    }
    let account = stored.account;
    if let Some(address) = account.person.email.filter(|address| !address.is_empty()) {
        portal
            .database
            .ask_reset(account.id, &address, account.name.as_str(), PAUSE_MS, now())
            .await?;
    }
    Ok(())
}

/// Sets a new password by the token of a link. All sessions of the account end.
pub async fn set(portal: &Portal, token: &str, wanted: String) -> Answer<()> {
    let token_sha256 = hash(token);
    let unusable = |error| match error {
        StoreError::NotFound => ProblemCode::LinkUnusable.into(),
        other => Failure::from(other),
    };
    // Hashing a password is work: only for a token that holds.
    let known = portal.database.reset_of(&token_sha256, now()).await;
    known.map_err(unusable)?;
    let hashed = password::hash(wanted)
        .await
        .map_err(|error| Failure::internal(&error))?;
    let ended = portal
        .database
        .reset_password(&token_sha256, &hashed, now())
        .await
        .map_err(unusable)?;
    for session in ended {
        portal.hub.end_session(session);
    }
    Ok(())
}
