//! What a provider posts by itself. Nobody can tell who posted it, so it proves nothing but a value that verifies; a "refused" in it
//! only makes the poller ask.

use super::believe;
use crate::state::{Portal, now};
use contract::provider::ProviderCode;
use serde_json::Value;
use store::{StoreError, StoredSigning};

/// What became of it. Whether a transaction is known is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Taken note of.
    Taken,
    /// This provider posts too much.
    TooMany,
    /// No such provider.
    Nobody,
}

/// Takes note of a provider's message.
///
/// # Errors
/// When the database fails: the provider should post it again.
pub async fn hear(
    portal: &Portal,
    provider: &ProviderCode,
    body: &Value,
) -> Result<Heard, StoreError> {
    let Some(signer) = portal.signers.get(provider) else {
        return Ok(Heard::Nobody);
    };
    if !portal
        .schedule
        .may_call(&portal.config.pace, provider, now())
    {
        return Ok(Heard::TooMany);
    }
    let Some(message) = signer.callback(body) else {
        return Ok(Heard::Taken);
    };
    let Some(stored) = find(portal, provider, &message.names).await? else {
        return Ok(Heard::Taken);
    };
    portal.schedule.called(provider, now());
    let id = stored.request.id;
    // Values of a stranger must not end a transaction as a mismatch: only when some verify, they are taken.
    let some_verify = believe::some_verify(stored, message.signed.clone()).await;
    if some_verify {
        believe::believe(portal, id, message.signed, false).await?;
    } else if portal.database.wake_signing(id, now()).await? {
        portal.schedule.poke();
    }
    Ok(Heard::Taken)
}

/// The transaction that goes by one of these names.
async fn find(
    portal: &Portal,
    provider: &ProviderCode,
    names: &[String],
) -> Result<Option<StoredSigning>, StoreError> {
    for name in names {
        let found = portal
            .database
            .signing_at_provider(provider.as_str(), name)
            .await;
        match found {
            Ok(stored) => return Ok(Some(stored)),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
