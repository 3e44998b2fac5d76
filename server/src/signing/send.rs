//! Sending a request to the provider: the one and only time.
//!
//! The row is there before the call. If this process dies before, in or after the call, nobody sends again: the poller finds the row
//! in `sending` after [`crate::pace::Pace::lost`] and asks for the status.
//!
//! Where the provider answers the request itself only after the person decided (`start_waits`), the call is all there is: the state is
//! `waiting` while it runs, and this task keeps the row away from the pollers by renewing a lease. When the process dies, the lease
//! runs out and a poller ends the transaction as `interrupted`. Nothing was signed then that anybody could use: either the person had
//! not decided, or the value went to a connection that is gone. It belongs to this attempt's digests alone, and an attempt that is
//! over is never finished.

use super::decide::{Facts, Step, decide};
use super::{OPEN, believe, change, request};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::Timestamp;
use provider::{ProviderError, RemoteSigner, Started};
use std::sync::Arc;
use std::time::Duration;
use store::NewSigning;
use tokio::sync::watch;

/// How many requests are being sent by this process.
#[derive(Debug)]
pub struct InFlight(watch::Sender<usize>);

impl Default for InFlight {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl InFlight {
    fn enter(&self) -> Sending<'_> {
        self.0.send_modify(|count| *count += 1);
        Sending(&self.0)
    }

    /// Waits until none is on its way any more, but not for ever.
    pub async fn settle(&self, patience: Duration) {
        let mut count = self.0.subscribe();
        let _ = tokio::time::timeout(patience, count.wait_for(|count| *count == 0)).await;
    }
}

/// One of them.
struct Sending<'a>(&'a watch::Sender<usize>);

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Sends a new transaction to its provider.
pub async fn send(portal: Portal, signer: Arc<dyn RemoteSigner>, new: NewSigning) {
    let _sending = portal.in_flight.enter();
    let outcome = if new.start_waits {
        converse(&portal, signer.as_ref(), &new).await
    } else {
        hand_over(&portal, signer.as_ref(), &new).await
    };
    // What the database did not take is found out by whoever looks next.
    if let Err(error) = outcome {
        tracing::error!(%error, signing = %new.request.id, "what became of a sent request was not stored");
    }
}

/// The usual way: the provider takes the request and is asked later.
async fn hand_over(
    portal: &Portal,
    signer: &dyn RemoteSigner,
    new: &NewSigning,
) -> Result<(), store::StoreError> {
    let id = new.request.id;
    let asked = request::request(&new.request, &new.comparison_code, new.now);
    let answer = tokio::time::timeout(portal.config.pace.send, signer.start(&asked))
        .await
        .unwrap_or(Err(ProviderError::NoAnswer));
    match answer {
        Ok(started) => {
            let mut change = taken(portal, &new.request.provider, &started);
            change.next_poll_at = Some(portal.schedule.next(
                &portal.config.pace,
                &new.request.provider,
                0,
                now(),
            ));
            if change::apply(portal, id, &change).await?.is_none() {
                // Cancelled while it was sent: the phone rings for nothing, so it is taken back. Or a callback was faster.
                let number = started.provider_code.as_deref();
                portal
                    .database
                    .sent_though_cancelled(id, number, now())
                    .await?;
                portal.schedule.poke();
            }
            if let Some(values) = started.signed {
                believe::believe(portal, id, values, false).await?;
            }
        }
        // It may have arrived: find out by asking for the status, never by sending again.
        Err(ProviderError::NoAnswer | ProviderError::Down(_) | ProviderError::Malformed(_)) => {
            let mut change = change::to(SigningState::Unknown, SigningEventKind::Sent);
            change.events.clear();
            change.from = &[SigningState::Sending];
            change.next_poll_at = Some(Timestamp(now().0 + 1000));
            if change::apply(portal, id, &change).await?.is_none() {
                portal
                    .database
                    .sent_though_cancelled(id, None, now())
                    .await?;
                portal.schedule.poke();
            }
        }
        Err(error) => {
            change::apply(portal, id, &change::failed(change::failure_of(&error))).await?;
        }
    }
    Ok(())
}

/// The provider took it.
fn taken(
    portal: &Portal,
    provider: &contract::provider::ProviderCode,
    started: &Started,
) -> store::Change {
    let mut change = change::to(SigningState::Waiting, SigningEventKind::Sent);
    change.from = &[SigningState::Sending, SigningState::Unknown];
    change.provider_code.clone_from(&started.provider_code);
    let lifetime = started.expires_in.or_else(|| {
        let signer = portal.signers.get(provider)?;
        Some(signer.abilities().lifetime_seconds)
    });
    change.expires_at = lifetime
        .and_then(|seconds| i64::try_from(seconds.min(1800)).ok())
        .map(|seconds| Timestamp(change.now.0 + seconds * 1000));
    change
}

/// The other way: one call from the request to the values.
async fn converse(
    portal: &Portal,
    signer: &dyn RemoteSigner,
    new: &NewSigning,
) -> Result<(), store::StoreError> {
    let id = new.request.id;
    let pace = &portal.config.pace;
    let lease = milliseconds(pace.lost);
    let mut change = change::to(SigningState::Waiting, SigningEventKind::Sent);
    change.from = &[SigningState::Sending];
    change.next_poll_at = Some(Timestamp(now().0 + lease));
    if change::apply(portal, id, &change).await?.is_none() {
        return Ok(());
    }
    let asked = request::request(&new.request, &new.comparison_code, new.now);
    let mut changes = portal.hub.subscribe(new.account, Some(id), None);
    let mut call = signer.start(&asked);
    let end = new.expires_at.0 + milliseconds(pace.grace);
    let answer = loop {
        tokio::select! {
            answer = &mut call => break Some(answer),
            // Cancelled: dropping the call takes the request back before the person can decide.
            Some(told) = changes.next() => if told.over {
                return Ok(());
            },
            () = tokio::time::sleep(pace.lost / 4) => {
                if now().0 > end {
                    break None;
                }
                if let Ok(false) = portal.database.renew_signing(id, Timestamp(now().0 + lease)).await {
                    return Ok(());
                }
            }
        }
    };
    let facts = Facts {
        state: SigningState::Waiting,
        expires_at: new.expires_at,
        changed_at: change.now,
        partial_since: None,
    };
    let change = match answer {
        Some(Ok(started)) => match (started.signed, started.ended) {
            (Some(values), _) if !values.is_empty() => {
                believe::believe(portal, id, values, true).await?;
                return Ok(());
            }
            (_, Some(status)) => match decide(pace, &facts, Ok(status), now()) {
                Step::End(change) => change,
                _ => change::failed(SigningFailure::Interrupted),
            },
            _ => change::failed(SigningFailure::ProviderRefused),
        },
        Some(Err(
            ProviderError::NoAnswer | ProviderError::Down(_) | ProviderError::Malformed(_),
        )) => change::failed(SigningFailure::Interrupted),
        Some(Err(error)) => change::failed(change::failure_of(&error)),
        None => change::to(SigningState::Expired, SigningEventKind::Expired),
    };
    debug_assert!(change.from == OPEN);
    change::apply(portal, id, &change).await?;
    Ok(())
}
