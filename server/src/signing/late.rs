//! Attempts that are over: taking the request back from the phone, and noting signatures that come late. Nothing of them is ever used.

use super::believe::Judgement;
use super::{believe, request};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::signing::{SigningEventKind, SigningState};
use contract::value::Timestamp;
use provider::{RemoteSigner, Status, Withdrawal};
use store::{DueSigning, Looked, StoreError, StoredSigning};

/// Notes a signature that came for an attempt that is over, once.
///
/// # Errors
/// When the database fails.
pub async fn note(
    portal: &Portal,
    stored: &StoredSigning,
    judgement: &Judgement,
) -> Result<(), StoreError> {
    let unused = !matches!(
        stored.state,
        SigningState::Confirmed | SigningState::Done | SigningState::Partial
    );
    if unused && judgement.good > 0 {
        let event = SigningEventKind::LateSignatureIgnored;
        let id = stored.request.id;
        if portal.database.note_signing_once(id, event, now()).await? {
            tracing::warn!(signing = %id, provider = stored.request.provider.as_str(), "a signature came too late and was not used");
        }
    }
    Ok(())
}

/// One look at an attempt that is over.
pub async fn look(
    portal: &Portal,
    signer: &dyn RemoteSigner,
    due: &DueSigning,
) -> Result<Looked, StoreError> {
    let id = due.request.id;
    let pace = &portal.config.pace;
    let handles = request::handles(&due.request, due.provider_code.as_deref());
    let mut attempts = due.attempts;
    // The first look at what was cancelled takes it back; the providers that cannot say so, and the citizen is told to refuse there.
    if due.state == SigningState::Cancelled && attempts == 0 {
        let answer = tokio::time::timeout(pace.look, signer.cancel(&handles)).await;
        if let Ok(Ok(Withdrawal::Withdrawn)) = answer {
            let event = SigningEventKind::Withdrawn;
            portal.database.note_signing_once(id, event, now()).await?;
        }
        if matches!(answer, Ok(Ok(Withdrawal::TooLate))) {
            attempts = 1;
        }
    }
    let mut noted = false;
    if attempts > 0 || due.state != SigningState::Cancelled {
        let answer = tokio::time::timeout(pace.look, signer.status(&handles)).await;
        if let Ok(Ok(Status::Signed(values))) = answer
            && !values.is_empty()
        {
            believe::believe(portal, id, values, true).await?;
            noted = true;
        }
    }
    Ok(Looked {
        id,
        leased_until: due.leased_until,
        next_poll_at: next(portal, due).filter(|_| !noted),
    })
}

/// When to look again: after pauses counted from the end of the provider's waiting.
fn next(portal: &Portal, due: &DueSigning) -> Option<Timestamp> {
    let now = now();
    let end = due.expires_at;
    let pauses = &portal.config.pace.look_backs;
    pauses
        .iter()
        .map(|pause| Timestamp(end.0 + milliseconds(*pause)))
        .find(|at| *at > now)
}
