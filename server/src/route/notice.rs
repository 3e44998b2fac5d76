//! `/api/notices` and `/api/mail-choices`.

use crate::identity::SignedIn;
use crate::problem::Answer;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use contract::notice::{MailChoices, MarkRead, Notices, Unread};

/// The newest notices.
pub async fn list(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
) -> Answer<Json<Notices>> {
    Ok(Json(portal.database.notices(account.id).await?))
}

/// The bell.
pub async fn unread(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
) -> Answer<Json<Unread>> {
    let unread = portal.database.unread_notices(account.id).await?;
    Ok(Json(Unread { unread }))
}

/// One notice was read, or all.
pub async fn mark(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    body: Result<Json<MarkRead>, JsonRejection>,
) -> Answer<Json<Unread>> {
    let Json(asked) = body?;
    portal
        .database
        .read_notices(account.id, asked.notice, None, now())
        .await?;
    let unread = portal.database.unread_notices(account.id).await?;
    Ok(Json(Unread { unread }))
}

/// Which notices come by e-mail too.
pub async fn choices(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
) -> Answer<Json<MailChoices>> {
    Ok(Json(portal.database.mail_choices(account.id).await?))
}

/// Keeps the choice.
pub async fn choose(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    body: Result<Json<MailChoices>, JsonRejection>,
) -> Answer<Json<MailChoices>> {
    let Json(choices) = body?;
    portal
        .database
        .set_mail_choices(account.id, choices)
        .await?;
    Ok(Json(choices))
}
