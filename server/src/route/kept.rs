//! `/api/kept`: the personal document store.

use super::saved;
use crate::api::{Kept as KeptFile, NoContent, Told};
use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::receive;
use crate::state::{Portal, now};
use crate::upload;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::dossier::{ATTACHMENT_BYTES_MAX, SIGNINGS_MAX, is_date};
use contract::kept::{KeepAccepted, KeepFile, Kept};
use contract::problem::{FieldProblem, ProblemCode};
use contract::value::{Sha256, ValueError};
use store::{NewKept, StoreError};
use uuid::Uuid;

/// Bytes a person may keep on purpose: two hundred scanned pages and some.
pub const QUOTA_BYTES: u64 = 200 * 1024 * 1024;

/// What an address names.
fn digest(path: Result<Path<Sha256>, PathRejection>) -> Answer<Sha256> {
    Ok(path?.0)
}

/// Everything in the store.
pub async fn list(State(portal): State<Portal>, Citizen(account): Citizen) -> Answer<Json<Kept>> {
    let files = portal.database.kept(account.id).await?;
    let used_bytes = files
        .iter()
        .filter(|file| file.on_purpose)
        .fold(0_u64, |sum, file| sum.saturating_add(file.size));
    Ok(Json(Kept {
        files,
        used_bytes,
        quota_bytes: QUOTA_BYTES,
    }))
}

/// Keeps a file, renames it, notes until when it is worth something.
pub async fn keep(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
    body: Result<Json<KeepFile>, JsonRejection>,
) -> Answer<Json<KeepAccepted>> {
    let (sha256, Json(keep)) = (digest(path)?, body?);
    let mut wrong = Vec::new();
    if keep.size == 0 || keep.size > ATTACHMENT_BYTES_MAX {
        wrong.push(("/size", ValueError::TooLong));
    }
    if keep.expires_on.as_deref().is_some_and(|day| !is_date(day)) {
        wrong.push(("/expires_on", ValueError::Malformed));
    }
    if keep.signings.len() > SIGNINGS_MAX {
        wrong.push(("/signings", ValueError::TooLong));
    }
    if !wrong.is_empty() {
        return Err(Failure::invalid(
            wrong
                .into_iter()
                .map(|(pointer, error)| FieldProblem {
                    pointer: pointer.into(),
                    error,
                })
                .collect(),
        ));
    }
    let new = NewKept {
        account: account.id,
        sha256,
        keep: &keep,
        quota_bytes: QUOTA_BYTES,
        now: now(),
    };
    match portal.database.keep_file(&new).await {
        Ok(missing) => Ok(Json(KeepAccepted { missing })),
        Err(StoreError::TooMany) => Err(ProblemCode::QuotaUsedUp.into()),
        Err(error) => Err(error.into()),
    }
}

/// Validates a whole upload as a file of the store, and keeps it.
async fn accept(portal: &Portal, account: Uuid, sha256: Sha256) -> Answer<()> {
    let judge = {
        let portal = portal.clone();
        move |bytes| async move { Ok(receive::judge(&portal, bytes).await?.verdict) }
    };
    let verdict = upload::accept(portal, account, sha256, judge).await?;
    portal
        .database
        .kept_arrived(account, &sha256, verdict)
        .await?;
    upload::cancel(portal, account, sha256).await
}

/// Takes the bytes of a file that was announced, in one request. What arrived before it broke is there for the next try, also in pieces.
pub async fn write(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
    body: Body,
) -> Answer<NoContent> {
    let sha256 = digest(path)?;
    let (size, _) = portal.database.kept_awaited(account.id, &sha256).await?;
    upload::take(&portal, account.id, sha256, size, body).await?;
    accept(&portal, account.id, sha256).await?;
    Ok(NoContent)
}

/// Makes an upload, whose pieces are all here, the file that was announced. Asking again changes nothing.
pub async fn arrive(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
) -> Answer<NoContent> {
    let sha256 = digest(path)?;
    // Announced by this person, else there is nothing to keep.
    let (_, is_here) = portal.database.kept_awaited(account.id, &sha256).await?;
    if !is_here {
        accept(&portal, account.id, sha256).await?;
    }
    Ok(NoContent)
}

/// The bytes of a file.
pub async fn read(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
) -> Answer<Told<KeptFile>> {
    let sha256 = digest(path)?;
    if !portal.database.owns_file(account.id, &sha256).await? {
        return Err(ProblemCode::NotFound.into());
    }
    saved(&portal, &sha256).await
}

/// Takes the entry away; dossiers keep theirs.
pub async fn remove(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
) -> Answer<NoContent> {
    let sha256 = digest(path)?;
    portal
        .database
        .forget_kept(account.id, &sha256, now())
        .await?;
    Ok(NoContent)
}
