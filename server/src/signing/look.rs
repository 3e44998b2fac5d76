//! One look at one transaction whose lease is ours.

use super::decide::{Facts, Step, decide};
use super::{OPEN, believe, change, late, request};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::Timestamp;
use provider::{ProviderError, Status};
use store::{DueSigning, Looked, StoreError};

/// Looks; what to note when nothing changed that people see.
pub async fn look(portal: &Portal, due: &DueSigning) -> Option<Looked> {
    match try_look(portal, due).await {
        Ok(looked) => looked,
        // The lease runs out, and somebody looks again.
        Err(error) => {
            tracing::error!(%error, signing = %due.request.id, "a look at a signing was not stored");
            None
        }
    }
}

async fn try_look(portal: &Portal, due: &DueSigning) -> Result<Option<Looked>, StoreError> {
    let id = due.request.id;
    let pace = &portal.config.pace;
    let open = OPEN.contains(&due.state);
    let later = |at: Option<Timestamp>| {
        Some(Looked {
            id,
            leased_until: due.leased_until,
            next_poll_at: at,
        })
    };
    if !open && !due.state.is_final() {
        return Ok(later(None));
    }
    let signer = portal.signers.get(&due.request.provider);
    if !open {
        return match signer {
            Some(signer) if !due.start_waits && signer.abilities().asks_status => {
                late::look(portal, signer.as_ref(), due).await.map(Some)
            }
            _ => Ok(later(None)),
        };
    }
    // Its call would renew the lease if it still ran: see `send`.
    if due.start_waits {
        let interrupted = change::failed(SigningFailure::Interrupted);
        change::apply(portal, id, &interrupted).await?;
        return Ok(None);
    }
    let answer = match signer {
        // Nothing can be asked: values come by a callback, or not at all.
        Some(signer) if !signer.abilities().asks_status => match due.state {
            SigningState::Waiting => Ok(Status::Pending),
            _ => Err(ProviderError::NoAnswer),
        },
        Some(signer) => {
            let handles = request::handles(&due.request, due.provider_code.as_deref());
            tokio::time::timeout(pace.look, signer.status(&handles))
                .await
                .unwrap_or(Err(ProviderError::NoAnswer))
        }
        // An operator took the provider away; it may come back before the time is over.
        None => Err(ProviderError::Unreachable),
    };
    let facts = Facts {
        state: due.state,
        expires_at: due.expires_at,
        changed_at: due.changed_at,
        partial_since: due.partial_since,
    };
    let applied = match decide(pace, &facts, answer, now()) {
        Step::Believe(values) => believe::believe(portal, id, values, false).await?,
        Step::ConfirmPartly => change::apply(portal, id, &believe::partly())
            .await?
            .is_some(),
        Step::End(end) => change::apply(portal, id, &change::watched(portal, end))
            .await?
            .is_some(),
        Step::Waits => {
            let mut waits = change::to(SigningState::Waiting, SigningEventKind::Sent);
            waits.from = &[SigningState::Sending, SigningState::Unknown];
            waits.next_poll_at = Some(next(portal, due, 0));
            change::apply(portal, id, &waits).await?.is_some()
        }
        Step::Later => false,
    };
    Ok(if applied {
        None
    } else {
        later(Some(next(portal, due, due.attempts)))
    })
}

/// When to look again; never later than right after the end, so that every transaction ends in time, however many wait. The same
/// holds for the end of waiting for the rest of a batch.
fn next(portal: &Portal, due: &DueSigning, attempts: i64) -> Timestamp {
    let pace = &portal.config.pace;
    let now = now();
    let next = portal
        .schedule
        .next(pace, &due.request.provider, attempts, now);
    let end = due.expires_at.0 + milliseconds(pace.grace) + 1;
    let rest = due
        .partial_since
        .map(|since| since.0 + milliseconds(pace.partial) + 1);
    [Some(end), rest]
        .into_iter()
        .flatten()
        .filter(|moment| *moment > now.0)
        .fold(next, |next, moment| next.min(Timestamp(moment)))
}
