//! What a provider returned is believed when it verifies against the pinned certificate and the stored digest, and not before.

use super::{OPEN, certificate, change, late, request};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::signing::{SigningEventKind, SigningFailure, SigningState};
use contract::value::{Base64, Timestamp};
use provider::SignedItem;
use store::{Change, StoreError, StoredSigning};
use uuid::Uuid;

/// How often it is tried again when somebody else changed the transaction in between.
const TRIES: usize = 5;

/// Keeps the values that verify. `last`: no others will come. True when the transaction changed, false when it should be looked at again.
///
/// # Errors
/// When the database fails: nothing was kept, and whoever looks next gets the values again.
pub async fn believe(
    portal: &Portal,
    id: Uuid,
    values: Vec<SignedItem>,
    last: bool,
) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        let stored = portal.database.any_signing(id).await?;
        let values = values.clone();
        // Verifying keys of many files is work; it must not hold up whoever else this thread serves.
        let judged = tokio::task::spawn_blocking(move || {
            let judgement = judge(&stored, &values);
            (stored, judgement)
        });
        let Ok((stored, judgement)) = judged.await else {
            return Ok(false);
        };
        if !OPEN.contains(&stored.state) {
            late::note(portal, &stored, &judgement).await?;
            return Ok(true);
        }
        if judgement.bad > 0 {
            tracing::warn!(signing = %id, provider = stored.request.provider.as_str(), values = judgement.bad,
                "security: the provider returned values that are no signatures of the submitted digests");
        }
        let Some(change) = conclude(portal, &stored, judgement, last) else {
            return Ok(false);
        };
        if change::apply(portal, id, &change).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which values are signatures of the digests of a transaction.
#[derive(Debug)]
pub struct Judgement {
    /// What was kept before and what verified now, in the order of the request.
    pub kept: Vec<Option<Base64>>,
    /// How many verified now that were not kept before.
    pub good: usize,
    /// How many are signatures of nothing that was asked for.
    pub bad: usize,
}

/// Judges. A value is looked for under its name first; a wrong or missing name does not make a signature less of one.
pub fn judge(stored: &StoredSigning, values: &[SignedItem]) -> Judgement {
    let items = &stored.request.items;
    let names = request::doc_ids(&stored.request);
    let mut judgement = Judgement {
        kept: (0..items.len())
            .map(|position| stored.value(position).cloned())
            .collect(),
        good: 0,
        bad: 0,
    };
    // More values than files, twice over, are noise.
    for value in values.iter().take(items.len() * 2) {
        if judgement
            .kept
            .iter()
            .flatten()
            .any(|kept| kept.0 == value.value)
        {
            continue;
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|position| names.get(*position) != Some(&value.doc_id));
        let fits = order.into_iter().find(|position| {
            let free = judgement.kept.get(*position).is_some_and(Option::is_none);
            free && items.get(*position).is_some_and(|item| {
                signature::verify_value(&stored.certificate.der.0, &item.digest, &value.value)
                    .is_ok()
            })
        });
        match fits.and_then(|position| judgement.kept.get_mut(position)) {
            Some(place) => {
                *place = Some(Base64(value.value.clone()));
                judgement.good += 1;
            }
            // Another signature of a file that has one (keys of elliptic curves sign differently each time) is no lie.
            None if items.iter().any(|item| {
                signature::verify_value(&stored.certificate.der.0, &item.digest, &value.value)
                    .is_ok()
            }) => {}
            None => judgement.bad += 1,
        }
    }
    judgement
}

/// What follows; none when it has to wait for the rest.
fn conclude(
    portal: &Portal,
    stored: &StoredSigning,
    judgement: Judgement,
    last: bool,
) -> Option<Change> {
    let pace = &portal.config.pace;
    let now = now();
    let there = judgement.kept.iter().flatten().count();
    let mut change = if there == 0 {
        if judgement.bad == 0 {
            return None;
        }
        change::to(SigningState::Mismatch, SigningEventKind::Mismatch)
    } else if !certificate::still_good(portal, stored, now) {
        // It ended, or is not trusted any more, between request and answer: a file signed with it would not be accepted.
        change::failed(SigningFailure::CertificateUnusable)
    } else if there == judgement.kept.len() {
        change::to(SigningState::Confirmed, SigningEventKind::Confirmed)
    } else if last
        || now.0 > stored.expires_at.0 + milliseconds(pace.grace)
        || stored
            .partial_since
            .is_some_and(|since| now.0 > since.0 + milliseconds(pace.partial))
    {
        partly()
    } else if judgement.good == 0 {
        return None;
    } else {
        let mut change = change::to(SigningState::Waiting, SigningEventKind::Sent);
        change.events.clear();
        change.partial_since = stored.partial_since.or(Some(now));
        change.next_poll_at = Some(Timestamp(now.0 + milliseconds(pace.partial) / 3));
        change
    };
    if stored.state != SigningState::Waiting && change.to != SigningState::Mismatch {
        change.events.insert(0, SigningEventKind::Sent);
    }
    if judgement.bad > 0 && there > 0 && stored.partial_since.is_none() {
        change.events.insert(0, SigningEventKind::Mismatch);
    }
    change.values = Some(judgement.kept);
    change.version = Some(stored.version);
    Some(change)
}

/// The values that are here are all there will be.
pub fn partly() -> Change {
    change::to(SigningState::Confirmed, SigningEventKind::ConfirmedPartly)
}

/// Whether there is a signature of one of the files among values.
pub async fn some_verify(stored: StoredSigning, values: Vec<SignedItem>) -> bool {
    !values.is_empty()
        && tokio::task::spawn_blocking(move || judge(&stored, &values).good > 0)
            .await
            .unwrap_or(false)
}
