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

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [SigningState; 3] = [
        SigningState::Sending,
        SigningState::Unknown,
        SigningState::Waiting,
    ];

    fn value() -> Vec<SignedItem> {
        vec![SignedItem {
            doc_id: "1".into(),
            value: vec![1],
        }]
    }

    fn answers() -> Vec<Result<Status, ProviderError>> {
        vec![
            Ok(Status::Pending),
            Ok(Status::Signed(Vec::new())),
            Ok(Status::Signed(value())),
            Ok(Status::Rejected),
            Ok(Status::Expired),
            Ok(Status::PinLocked),
            Ok(Status::Unknown),
            Ok(Status::Failed),
            Err(ProviderError::Unreachable),
            Err(ProviderError::NoAnswer),
            Err(ProviderError::Down(503)),
            Err(ProviderError::Credentials),
            Err(ProviderError::NoCertificate),
            Err(ProviderError::CertificateUnusable),
            Err(ProviderError::QuotaUsedUp),
            Err(ProviderError::Busy),
            Err(ProviderError::ModeUnsupported),
            Err(ProviderError::Refused(1)),
            Err(ProviderError::Malformed("x")),
        ]
    }

    /// Every answer in every state, before and after every moment that matters.
    fn each(check: impl Fn(&Facts, &Result<Status, ProviderError>, i64, Step)) {
        let pace = Pace::default();
        for state in STATES {
            for partial_since in [None, Some(Timestamp(5000))] {
                for now in [5500, 12_000, 16_000, 299_000, 314_999, 315_001, 400_000] {
                    for answer in answers() {
                        let facts = Facts {
                            state,
                            expires_at: Timestamp(300_000),
                            changed_at: Timestamp(1000),
                            partial_since,
                        };
                        let step = decide(&pace, &facts, answer.clone(), Timestamp(now));
                        check(&facts, &answer, now, step);
                    }
                }
            }
        }
    }

    #[test]
    fn nobody_waits_after_the_time_is_over() {
        each(|facts, answer, now, step| {
            let goes_on = matches!(step, Step::Later | Step::Waits);
            assert!(
                now <= 315_000 || !goes_on,
                "{facts:?} {answer:?} {now} {step:?}"
            );
        });
    }

    #[test]
    fn values_that_are_here_are_never_thrown_away_and_never_without_end_waited_beside() {
        each(|facts, answer, now, step| {
            if facts.partial_since.is_some() {
                assert!(
                    !matches!(step, Step::End(_)),
                    "{facts:?} {answer:?} {now} {step:?}"
                );
                let later = matches!(step, Step::Later);
                assert!(!later || now <= 15_000, "{facts:?} {answer:?} {now}");
            }
        });
    }

    #[test]
    fn only_the_provider_says_that_somebody_refused_and_only_values_confirm() {
        each(|facts, answer, now, step| {
            let rejected =
                matches!(&step, Step::End(change) if change.to == SigningState::Rejected);
            let said = *answer == Ok(Status::Rejected) && facts.partial_since.is_none();
            assert_eq!(rejected, said, "{facts:?} {answer:?} {now}");
            let believes = matches!(step, Step::Believe(_));
            assert_eq!(believes, *answer == Ok(Status::Signed(value())));
        });
    }

    #[test]
    fn a_request_that_may_be_on_its_way_is_not_given_up_at_once() {
        each(|facts, answer, now, step| {
            if *answer == Ok(Status::Unknown) && facts.partial_since.is_none() && now <= 5500 {
                assert!(matches!(step, Step::Later), "{facts:?}");
            }
        });
    }
}
