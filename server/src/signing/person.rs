//! What the person sees and decides on the page.

use super::hub::Told;
use super::{OPEN, change};
use crate::pace::milliseconds;
use crate::problem::Answer;
use crate::state::{Portal, now};
use contract::problem::ProblemCode;
use contract::session::Account;
use contract::signing::{CompleteSigning, SignedItem, SigningEventKind, SigningState, SigningView};
use contract::value::Timestamp;
use std::time::Duration;
use store::StoredSigning;
use uuid::Uuid;

/// What people see of a transaction.
pub async fn view(portal: &Portal, account: Uuid, id: Uuid) -> Answer<SigningView> {
    Ok(shown(portal.database.signing(account, id).await?))
}

/// The same as soon as it is newer than `version`, or after `patience` whatever it is: for browsers whose streams are cut.
pub async fn view_after(
    portal: &Portal,
    account: Uuid,
    id: Uuid,
    version: i64,
    patience: Duration,
) -> Answer<SigningView> {
    // Listening begins before looking, so that nothing falls between.
    let mut changes = portal.hub.subscribe(account, Some(id), None);
    let seen = view(portal, account, id).await?;
    if seen.version > version || seen.state.is_final() {
        return Ok(seen);
    }
    let newer = async {
        while let Some(told) = changes.next().await {
            if told.version > version {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(patience, newer).await;
    view(portal, account, id).await
}

/// What people see of a stored transaction.
pub fn shown(stored: StoredSigning) -> SigningView {
    // Values of a transaction that still waits for others are kept, not shown: the browser embeds all there will be at once.
    let shows_values = matches!(
        stored.state,
        SigningState::Confirmed | SigningState::Done | SigningState::Partial
    );
    let mut values = stored.values.into_iter().filter(|_| shows_values);
    SigningView {
        id: stored.request.id,
        state: stored.state,
        failure: stored.failure,
        provider: stored.request.provider,
        comparison_code: stored.comparison_code,
        started_at: stored.started_at,
        expires_at: stored.expires_at,
        server_time: now(),
        items: stored
            .request
            .items
            .into_iter()
            .map(|item| SignedItem {
                item,
                signature: values.next().flatten(),
            })
            .collect(),
        version: stored.version,
    }
}

/// The same as it is told to browsers.
pub fn told(stored: StoredSigning) -> Told {
    let at = stored.changed_at;
    Told::new(&shown(stored), at)
}

/// Cancels on the page. The provider is asked to take the request back, and watched, so that a late signature is noted and never used.
pub async fn cancel(portal: &Portal, account: &Account, id: Uuid) -> Answer<SigningView> {
    portal.database.signing(account.id, id).await?;
    let mut cancelled = change::to(SigningState::Cancelled, SigningEventKind::Cancelled);
    account.name.as_str().clone_into(&mut cancelled.actor);
    cancelled.next_poll_at = Some(cancelled.now);
    // While it is being sent there is nothing to take back yet: whoever sends makes it due, and if that one died, this does.
    let mut sending = cancelled.clone();
    sending.from = &[SigningState::Sending];
    sending.next_poll_at = Some(Timestamp(
        sending.now.0 + milliseconds(portal.config.pace.lost),
    ));
    if change::apply(portal, id, &sending).await?.is_none()
        && change::apply(portal, id, &cancelled).await?.is_some()
    {
        portal.schedule.poke();
    }
    view(portal, account.id, id).await
}

/// The browser embedded the values and verified the files.
pub async fn complete(
    portal: &Portal,
    account: &Account,
    id: Uuid,
    report: &CompleteSigning,
) -> Answer<SigningView> {
    let stored = portal.database.signing(account.id, id).await?;
    if OPEN.contains(&stored.state) {
        return Err(ProblemCode::Conflict.into());
    }
    let values = stored.values.iter().flatten().count();
    if values == 0 || report.signed.len() != values {
        return Err(ProblemCode::Invalid.into());
    }
    let end = if values == stored.request.items.len() {
        SigningState::Done
    } else {
        SigningState::Partial
    };
    let mut done = change::to(end, SigningEventKind::Completed);
    done.from = &[SigningState::Confirmed];
    account.name.as_str().clone_into(&mut done.actor);
    // Any tab may finish, and finishing twice is finishing once.
    if change::apply(portal, id, &done).await?.is_none() {
        let now = view(portal, account.id, id).await?;
        if now.state != end {
            return Err(ProblemCode::Conflict.into());
        }
    }
    view(portal, account.id, id).await
}
