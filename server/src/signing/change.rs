//! Changes of a transaction, and telling them.

use super::OPEN;
use super::person::shown;
use crate::state::{Portal, now};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::Timestamp;
use provider::ProviderError;
use store::{Change, StoreError, StoredSigning};
use uuid::Uuid;

/// A change out of any state in which the provider may still answer.
pub fn to(state: SigningState, event: SigningEventKind) -> Change {
    Change {
        from: OPEN,
        version: None,
        to: state,
        failure: None,
        provider_code: None,
        expires_at: None,
        values: None,
        partial_since: None,
        next_poll_at: None,
        events: vec![event],
        actor: String::new(),
        now: now(),
    }
}

/// The end without a signature.
pub fn failed(failure: SigningFailure) -> Change {
    let mut change = to(SigningState::Failed, SigningEventKind::Failed);
    change.failure = Some(failure);
    change
}

/// Makes an end be looked after: signatures that come late are logged.
pub fn watched(portal: &Portal, mut change: Change) -> Change {
    let pause = portal.config.pace.look_backs.first();
    change.next_poll_at = pause.map(|pause| Timestamp(now().0 + crate::pace::milliseconds(*pause)));
    change
}

/// Applies a change and tells the pages that watch; the transaction as it is then, or none when its state did not allow it.
///
/// # Errors
/// When the database fails: nothing was changed, and whoever looks next tries again.
pub async fn apply(
    portal: &Portal,
    id: Uuid,
    change: &Change,
) -> Result<Option<StoredSigning>, StoreError> {
    let changed = portal
        .database
        .change_signing(id, change)
        .await
        .inspect_err(
            |error| tracing::error!(%error, signing = %id, "a change of a signing was not stored"),
        )?;
    if let Some(stored) = &changed {
        tracing::info!(signing = %id, provider = stored.request.provider.as_str(), state = ?stored.state, failure = ?stored.failure, "signing");
        portal
            .hub
            .tell(stored.account, stored.changed_at, || shown(stored.clone()));
    }
    Ok(changed)
}

/// What an error of the provider means for a transaction.
pub const fn failure_of(error: &ProviderError) -> SigningFailure {
    match error {
        ProviderError::Unreachable | ProviderError::NoAnswer | ProviderError::Down(_) => {
            SigningFailure::ProviderDown
        }
        ProviderError::QuotaUsedUp => SigningFailure::QuotaUsedUp,
        ProviderError::Busy => SigningFailure::ProviderBusy,
        ProviderError::NoCertificate | ProviderError::Credentials => SigningFailure::NoCertificate,
        ProviderError::CertificateUnusable => SigningFailure::CertificateUnusable,
        ProviderError::ModeUnsupported
        | ProviderError::Refused(_)
        | ProviderError::Malformed(_) => SigningFailure::ProviderRefused,
    }
}
