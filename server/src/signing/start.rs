//! Starting a transaction: everything that must hold before a phone rings.

use super::{certificate, person, send};
use crate::pace::milliseconds;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::problem::{FieldProblem, ProblemCode};
use contract::session::Account;
use contract::signing::{ITEMS_MAX, SigningView, StartSigning, comparison_code};
use contract::value::{Sha256, Timestamp, ValueError};
use sha2::Digest as _;
use std::collections::BTreeSet;
use store::{NewSigning, StoreError};

/// Starts a transaction; asking again with the same id gives the same one, and sends nothing.
pub async fn start(
    portal: &Portal,
    account: &Account,
    request: StartSigning,
) -> Answer<SigningView> {
    // The same again: whatever changed since, the answer is how it stands.
    match portal.database.signing(account.id, request.id).await {
        Ok(stored) if stored.request == request => return Ok(person::shown(stored)),
        Ok(_) => return Err(ProblemCode::Conflict.into()),
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
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
    if portal.database.add_signing(&new).await? {
        tokio::spawn(send::send(portal.clone(), signer.clone(), new));
    }
    person::view(portal, account.id, id).await
}

fn digest_of_all(request: &StartSigning) -> Sha256 {
    let mut hash = sha2::Sha256::new();
    for item in &request.items {
        hash.update(item.digest.0);
    }
    Sha256(hash.finalize().into())
}
