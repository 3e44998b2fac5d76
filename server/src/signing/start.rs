//! Starting a transaction: everything that must hold before a phone rings.

use super::{certificate, person, send};
use crate::identity::AnySession;
use crate::pace::milliseconds;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::problem::{FieldProblem, ProblemCode};
use contract::signing::{ITEMS_MAX, SigningView, StartSigning, comparison_code};
use contract::value::{Sha256, Timestamp, ValueError};
use sha2::Digest as _;
use std::collections::BTreeSet;
use store::{NewSigning, StoreError};

/// Starts a transaction for somebody who proved not long ago who they are; asking again with the same id gives the same one, and sends
/// nothing.
pub async fn start(
    portal: &Portal,
    session: &AnySession,
    request: StartSigning,
) -> Answer<SigningView> {
    let account = &session.account;
    // The same again: whatever changed since, the answer is how it stands.
    match portal.database.signing(account.id, request.id).await {
        Ok(stored) if stored.request == request => return Ok(person::shown(stored)),
        Ok(_) => return Err(ProblemCode::Conflict.into()),
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    session.must_be_fresh(portal)?;
    let signer = portal
        .signers
        .get(&request.provider)
        .ok_or(ProblemCode::ProviderUnknown)?;
    let abilities = signer.abilities();
    let files: BTreeSet<_> = request.items.iter().map(|item| item.attachment).collect();
    if files.is_empty() || files.len() != request.items.len() {
        return Err(ProblemCode::Invalid.into());
    }
    // The page knows the limit from `ProviderInfo::items_max` and splits; this is for one that does not.
    if request.items.len() > abilities.items_max.min(ITEMS_MAX) {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/items".into(),
            error: ValueError::TooLong,
        }]));
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
            StoreError::NotFound => ProblemCode::NoCertificate.into(),
            other => Failure::from(other),
        })?;
    let now = now();
    if !certificate::may_sign(
        portal,
        &request.provider,
        &request.citizen_id,
        &certificate,
        now,
    ) {
        return Err(ProblemCode::CertificateUnusable.into());
    }
    let pace = &portal.config.pace;
    let lifetime = i64::try_from(abilities.lifetime_seconds.clamp(1, 1800)).unwrap_or(1800);
    let new = NewSigning {
        account: account.id,
        actor: account.name.as_str().to_owned(),
        comparison_code: comparison_code(&digest_of_all(&request)),
        certificate,
        start_waits: abilities.start_waits,
        now,
        expires_at: Timestamp(now.0 + lifetime * 1000),
        look_at: Timestamp(now.0 + milliseconds(pace.lost)),
        starts_per_minute: pace.starts_per_minute,
        request,
    };
    let id = new.request.id;
    // Of two who ask at the same time one adds the row, and only that one sends.
    let added = portal.database.add_signing(&new).await?;
    if !added {
        return person::view(portal, account.id, id).await;
    }
    // The person's other tabs hear of it first as it is now.
    let stored = portal.database.signing(account.id, id).await;
    if let Ok(stored) = &stored {
        portal.hub.tell(account.id, stored.changed_at, || {
            person::shown(stored.clone())
        });
    }
    // Even if the row could not be read back: it is there, and only this process may send it.
    tokio::spawn(send::send(portal.clone(), signer.clone(), new));
    Ok(person::shown(stored?))
}

fn digest_of_all(request: &StartSigning) -> Sha256 {
    let mut hash = sha2::Sha256::new();
    for item in &request.items {
        hash.update(item.digest.0);
    }
    Sha256(hash.finalize().into())
}
