//! What the provider's answer means for a transaction that waits: a function of facts, without database and network.

use super::change;
use crate::pace::{Pace, milliseconds};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::Timestamp;
use provider::{ProviderError, SignedItem, Status};
use store::Change;

/// What is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// State.
    pub state: SigningState,
    /// When the provider stops waiting.
    pub expires_at: Timestamp,
    /// When it came into this state.
    pub changed_at: Timestamp,
    /// Since when values of some files only are here.
    pub partial_since: Option<Timestamp>,
}

/// What to do.
#[derive(Debug, Clone)]
pub enum Step {
    /// Verify these.
    Believe(Vec<SignedItem>),
    /// Nobody waits for more: the values that are here are all there will be.
    ConfirmPartly,
    /// It is over.
    End(Change),
    /// The provider has it after all.
    Waits,
    /// Look again later.
    Later,
}

/// Decides. Every path ends: once the time is over, no answer leads to [`Step::Later`] or [`Step::Waits`].
pub fn decide(
    pace: &Pace,
    facts: &Facts,
    answer: Result<Status, ProviderError>,
    now: Timestamp,
) -> Step {
    let over = now.0 > facts.expires_at.0 + milliseconds(pace.grace);
    let waiting = facts.state == SigningState::Waiting;
    let expired = || change::to(SigningState::Expired, SigningEventKind::Expired);
    let step = match answer {
        Ok(Status::Signed(values)) if !values.is_empty() => return Step::Believe(values),
        Ok(Status::Rejected) => Step::End(change::to(
            SigningState::Rejected,
            SigningEventKind::Rejected,
        )),
        Ok(Status::PinLocked) => Step::End(change::failed(SigningFailure::PinLocked)),
        Ok(Status::Failed) => Step::End(change::failed(SigningFailure::ProviderRefused)),
        Ok(Status::Expired) => Step::End(expired()),
        // It never arrived. Said once more after a while, since the request may have been on its way still.
        Ok(Status::Unknown) if !waiting => {
            if over || now.0 > facts.changed_at.0 + milliseconds(pace.unknown) {
                Step::End(change::failed(SigningFailure::ProviderDown))
            } else {
                Step::Later
            }
        }
        Ok(Status::Pending | Status::Signed(_) | Status::Unknown) if over => Step::End(expired()),
        Err(_) if over && waiting => Step::End(expired()),
        // Whether it ever arrived was never found out.
        Err(_) if over => Step::End(change::failed(SigningFailure::ProviderDown)),
        Ok(Status::Pending) if !waiting => Step::Waits,
        Ok(Status::Pending | Status::Signed(_) | Status::Unknown) | Err(_) => Step::Later,
    };
    // Values that are here are not thrown away because the rest ended badly.
    match (step, facts.partial_since) {
        (Step::End(_), Some(_)) => Step::ConfirmPartly,
        (Step::Later, Some(since)) if now.0 > since.0 + milliseconds(pace.partial) => {
            Step::ConfirmPartly
        }
        (step, _) => step,
    }
}
