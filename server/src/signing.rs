//! Remote signing: starts, watches and ends transactions (spec `peers.md` D.3).
//!
//! A request is sent to the provider once. A lost answer makes the transaction `unknown`, and only the status is asked then.
//! A value is believed after it verified against the pinned certificate and the stored digest.

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::problem::ProblemCode;
use contract::provider::Usability;
use contract::session::Account;
use contract::signing::{
    CompleteSigning, ITEMS_MAX, SignedItem, SigningEventKind, SigningFailure, SigningState,
    SigningView, StartSigning, comparison_code,
};
use contract::value::{Base64, Sha256, Timestamp, VietnamTime};
use provider::{Handles, Item, ProviderError, Request, Status};
use sha2::Digest as _;
use std::time::Duration;
use store::{Change, NewSigning, StoredSigning};
use uuid::Uuid;

/// How long a provider is expected to wait when it does not tell.
const LIFETIME_MS: i64 = 300_000;
/// After the end one last look is taken: the person may have confirmed in the last second.
const GRACE_MS: i64 = 15_000;
/// If nobody noted the provider's answer until then, the request may be lost.
const LOST_MS: i64 = 45_000;
/// How long one instance keeps a transaction to itself while it asks.
const LEASE_MS: i64 = 40_000;

/// States in which the provider may still answer.
const OPEN: &[SigningState] = &[
    SigningState::Sending,
    SigningState::Unknown,
    SigningState::Waiting,
];

/// Starts a transaction; asking again with the same id gives the same one.
pub async fn start(
    portal: &Portal,
    account: &Account,
    request: StartSigning,
) -> Answer<SigningView> {
    if request.items.is_empty() || request.items.len() > ITEMS_MAX {
        return Err(ProblemCode::Invalid.into());
    }
    if !portal.signers.contains_key(&request.provider) {
        return Err(ProblemCode::ProviderUnknown.into());
    }
    let certificate = portal
        .database
        .certificate(
            account.id,
            &request.provider,
            &request.citizen_id,
            &request.serial,
        )
        .await
        .map_err(|error| match error {
            store::StoreError::NotFound => ProblemCode::NoCertificate.into(),
            other => Failure::from(other),
        })?;
    let now = now();
    if certificate.usability != Usability::Usable || certificate.valid_to < now {
        return Err(ProblemCode::CertificateUnusable.into());
    }
    let new = NewSigning {
        account: account.id,
        actor: account.name.as_str().to_owned(),
        comparison_code: comparison_code(&digest_of_all(&request)),
        certificate,
        now,
        expires_at: Timestamp(now.0 + LIFETIME_MS),
        look_at: Timestamp(now.0 + LOST_MS),
        request,
    };
    let id = new.request.id;
    if portal.database.add_signing(&new).await? {
        tokio::spawn(send(portal.clone(), new));
    }
    view(portal, account.id, id).await
}

fn digest_of_all(request: &StartSigning) -> Sha256 {
    let mut hash = sha2::Sha256::new();
    for item in &request.items {
        hash.update(item.digest.0);
    }
    Sha256(hash.finalize().into())
}

/// What people see of a transaction.
pub async fn view(portal: &Portal, account: Uuid, id: Uuid) -> Answer<SigningView> {
    Ok(shown(portal.database.signing(account, id).await?))
}

/// What people see of a stored transaction.
pub fn shown(stored: StoredSigning) -> SigningView {
    let mut signatures = stored.signatures.into_iter();
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
                signature: signatures.next(),
            })
            .collect(),
        version: stored.version,
    }
}

/// Name of an item at the provider: shown on the phone, unique within the transaction.
fn doc_id(position: usize, name: &str) -> String {
    format!("{}. {name}", position + 1)
}

fn doc_ids(request: &StartSigning) -> Vec<String> {
    request
        .items
        .iter()
        .enumerate()
        .map(|(position, item)| doc_id(position, item.file_name.as_str()))
        .collect()
}

/// `YYYYMMDDHHmmSSZ` in UTC.
fn time_stamp(moment: Timestamp) -> String {
    let utc = VietnamTime::from(Timestamp(moment.0 - 7 * 3_600_000));
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second
    )
}

/// Sends a new transaction to its provider: the one and only time.
async fn send(portal: Portal, new: NewSigning) {
    let Some(signer) = portal.signers.get(&new.request.provider) else {
        return;
    };
    let request = Request {
        transaction: new.request.id,
        account: new.request.citizen_id.clone(),
        serial: new.request.serial.clone(),
        description: format!(
            "Ma doi chieu {} - {} tep - Ho so ky so",
            new.comparison_code,
            new.request.items.len()
        ),
        time_stamp: time_stamp(new.now),
        items: doc_ids(&new.request)
            .into_iter()
            .zip(&new.request.items)
            .map(|(doc_id, item)| Item {
                doc_id,
                digest: item.digest,
            })
            .collect(),
    };
    let answer = signer.start(&request).await;
    let moment = now();
    let mut change = Change {
        from: OPEN,
        to: SigningState::Waiting,
        failure: None,
        provider_code: None,
        expires_at: None,
        signatures: None,
        next_poll_at: Some(Timestamp(moment.0 + 2000)),
        event: Some(SigningEventKind::Sent),
        actor: String::new(),
        now: moment,
    };
    match answer {
        Ok(started) => {
            change.provider_code = started.provider_code;
            change.expires_at = started
                .expires_in
                .and_then(|seconds| i64::try_from(seconds).ok())
                .map(|seconds| Timestamp(moment.0 + seconds.min(1800) * 1000));
            apply(&portal, new.request.id, &change).await;
            if let Some(values) = started.signed
                && let Ok(stored) = portal.database.signing(new.account, new.request.id).await
            {
                believe(&portal, &stored, &values).await;
            }
        }
        // It may have arrived: find out by asking for the status, never by sending again.
        Err(ProviderError::NoAnswer | ProviderError::Down(_) | ProviderError::Malformed(_)) => {
            change.to = SigningState::Unknown;
            change.event = None;
            change.next_poll_at = Some(Timestamp(moment.0 + 1000));
            apply(&portal, new.request.id, &change).await;
        }
        Err(error) => fail(&portal, new.request.id, failure_of(&error)).await,
    }
}

const fn failure_of(error: &ProviderError) -> SigningFailure {
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

/// Applies a change and wakes the pages that watch.
async fn apply(portal: &Portal, id: Uuid, change: &Change) -> bool {
    match portal.database.change_signing(id, change).await {
        Ok(applied) => {
            if applied {
                let _ = portal.changed.send(id);
            }
            applied
        }
        Err(error) => {
            tracing::error!(%error, signing = %id, "a change of a signing was not stored");
            false
        }
    }
}

fn end(to: SigningState, event: SigningEventKind, failure: Option<SigningFailure>) -> Change {
    Change {
        from: OPEN,
        to,
        failure,
        provider_code: None,
        expires_at: None,
        signatures: None,
        next_poll_at: None,
        event: Some(event),
        actor: String::new(),
        now: now(),
    }
}

async fn fail(portal: &Portal, id: Uuid, failure: SigningFailure) {
    apply(
        portal,
        id,
        &end(
            SigningState::Failed,
            SigningEventKind::Failed,
            Some(failure),
        ),
    )
    .await;
}

/// Cancels on the page; the provider is watched until its time is over, so that a late signature is noted and never used.
pub async fn cancel(portal: &Portal, account: &Account, id: Uuid) -> Answer<SigningView> {
    let stored = portal.database.signing(account.id, id).await?;
    let mut change = end(SigningState::Cancelled, SigningEventKind::Cancelled, None);
    account.name.as_str().clone_into(&mut change.actor);
    change.next_poll_at = Some(Timestamp(stored.expires_at.0 + GRACE_MS));
    apply(portal, id, &change).await;
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
    if report.signed.len() != stored.request.items.len() {
        return Err(ProblemCode::Invalid.into());
    }
    let mut change = end(SigningState::Done, SigningEventKind::Completed, None);
    change.from = &[SigningState::Confirmed];
    account.name.as_str().clone_into(&mut change.actor);
    let applied = apply(portal, id, &change).await;
    if !applied && stored.state != SigningState::Done {
        return Err(ProblemCode::Conflict.into());
    }
    view(portal, account.id, id).await
}

/// Asks providers about what is due, for ever.
pub async fn poll(portal: Portal) {
    loop {
        match portal.database.due_signings(now(), LEASE_MS).await {
            Ok(due) => {
                for stored in due {
                    tokio::spawn(look(portal.clone(), stored));
                }
            }
            Err(error) => tracing::error!(%error, "the poller cannot read"),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// 2, 2, 3, 3, 5, 5 … seconds, a fifth more or less, so that many waiting people do not ask in step.
fn next_look(attempts: i64) -> Timestamp {
    let pause: i64 = match attempts {
        0..=2 => 2000,
        3..=4 => 3000,
        _ => 5000,
    };
    let jitter = i64::from(rand::random::<u16>()) * pause * 2 / 5 / i64::from(u16::MAX);
    Timestamp(now().0 + pause * 4 / 5 + jitter)
}

/// One look at one transaction.
async fn look(portal: Portal, stored: StoredSigning) {
    let id = stored.request.id;
    let Some(signer) = portal.signers.get(&stored.request.provider) else {
        return fail(&portal, id, SigningFailure::ProviderRefused).await;
    };
    let handles = Handles {
        transaction: id,
        account: stored.request.citizen_id.clone(),
        serial: stored.request.serial.clone(),
        provider_code: stored.provider_code.clone(),
        doc_ids: doc_ids(&stored.request),
    };
    let answer = signer.status(&handles).await;
    if !OPEN.contains(&stored.state) {
        return look_back(&portal, &stored, answer).await;
    }
    let over = now().0 > stored.expires_at.0 + GRACE_MS;
    match answer {
        Ok(Status::Signed(values)) => believe(&portal, &stored, &values).await,
        Ok(Status::Rejected) => {
            apply(
                &portal,
                id,
                &end(SigningState::Rejected, SigningEventKind::Rejected, None),
            )
            .await;
        }
        Ok(Status::PinLocked) => fail(&portal, id, SigningFailure::PinLocked).await,
        Ok(Status::Failed) => fail(&portal, id, SigningFailure::ProviderRefused).await,
        // It never arrived: nothing can come any more.
        Ok(Status::Unknown) if stored.state != SigningState::Waiting => {
            fail(&portal, id, SigningFailure::ProviderDown).await;
        }
        Ok(Status::Expired) => {
            apply(
                &portal,
                id,
                &end(SigningState::Expired, SigningEventKind::Expired, None),
            )
            .await;
        }
        Ok(Status::Pending | Status::Unknown) | Err(_) if over => {
            apply(
                &portal,
                id,
                &end(SigningState::Expired, SigningEventKind::Expired, None),
            )
            .await;
        }
        Ok(Status::Pending) if stored.state != SigningState::Waiting => {
            let mut change = end(SigningState::Waiting, SigningEventKind::Sent, None);
            change.next_poll_at = Some(next_look(stored.attempts));
            apply(&portal, id, &change).await;
        }
        Ok(Status::Pending | Status::Unknown) | Err(_) => {
            if let Err(error) = portal
                .database
                .postpone_signing(id, Some(next_look(stored.attempts)))
                .await
            {
                tracing::error!(%error, signing = %id, "cannot postpone");
            }
        }
    }
}

/// The last look at a transaction that the person cancelled.
async fn look_back(portal: &Portal, stored: &StoredSigning, answer: Result<Status, ProviderError>) {
    let id = stored.request.id;
    if matches!(answer, Ok(Status::Signed(_))) {
        let _ = portal
            .database
            .note_signing(id, SigningEventKind::LateSignatureIgnored, "", now())
            .await;
    }
    let _ = portal.database.postpone_signing(id, None).await;
}

/// Keeps values that verify; anything else ends the transaction as a mismatch, and nothing is kept.
async fn believe(portal: &Portal, stored: &StoredSigning, values: &[provider::SignedItem]) {
    let id = stored.request.id;
    let mut kept = Vec::new();
    for (doc_id, item) in doc_ids(&stored.request).iter().zip(&stored.request.items) {
        let verified = values
            .iter()
            .find(|value| value.doc_id == *doc_id)
            .filter(|value| {
                signature::verify_value(&stored.certificate.der.0, &item.digest, &value.value)
                    .is_ok()
            });
        if let Some(value) = verified {
            kept.push(Base64(value.value.clone()));
        }
    }
    if kept.len() == stored.request.items.len() {
        let mut change = end(SigningState::Confirmed, SigningEventKind::Confirmed, None);
        change.signatures = Some(kept);
        apply(portal, id, &change).await;
    } else {
        tracing::warn!(signing = %id, provider = stored.request.provider.as_str(), "the provider signed something other than the submitted digest");
        apply(
            portal,
            id,
            &end(SigningState::Mismatch, SigningEventKind::Mismatch, None),
        )
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_are_utc() {
        assert_eq!(time_stamp(Timestamp(1_683_359_592_000)), "20230506075312Z");
    }

    #[test]
    fn looks_come_at_growing_pauses() {
        for attempts in 0..20 {
            let pause = next_look(attempts).0 - now().0;
            assert!((1500..=6100).contains(&pause), "{pause}");
        }
    }
}
