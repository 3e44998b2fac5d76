//! `…/results`: files an agency returns. Officers add them while a dossier is worked on, its citizen reads them once it was returned.

use super::saved;
use crate::api::{Kept, SentName, SentSigning, Told};
use crate::hands::{Before, SealPlace, sealed, signed_paper, with};
use crate::identity::{Citizen, Officer};
use crate::problem::{Answer, Failure};
use crate::receive::judge;
use crate::rights;
use crate::route::dossier::whole;
use crate::state::{Portal, now};
use crate::upload::whole_body;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::audit::AuditAction;
use contract::dossier::{ATTACHMENT_BYTES_MAX, Dossier, DossierStatus};
use contract::life::{RESULTS_MAX, ResultFile};
use contract::paper::Hands;
use contract::problem::ProblemCode;
use contract::right::Action;
use contract::validation::Verdict;
use std::sync::Arc;
use store::{StoredDossier, StoredResult};
use uuid::Uuid;

/// Adds a file to the result: a PDF, signed elsewhere or not, validated before it is kept.
pub async fn add(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
    name: Result<SentName, Failure>,
    body: Body,
) -> Answer<Json<Dossier>> {
    let Path((id, result)) = path?;
    let SentName(file_name) = name?;
    let broken = ProblemCode::UploadMismatch;
    // Asked before the bytes are taken into memory, and again when they are here: that takes minutes.
    rights::dossier(&portal, &account, Action::PrepareResult, id).await?;
    let bytes = whole_body(&portal, account.id, body, ATTACHMENT_BYTES_MAX, broken).await?;
    let stored = rights::dossier(&portal, &account, Action::PrepareResult, id).await?;
    if stored.results.len() >= RESULTS_MAX {
        return Err(ProblemCode::TooMany.into());
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let bytes = Arc::new(bytes);
    let report = judge(&portal, bytes.clone()).await?;
    let bytes = Arc::try_unwrap(bytes).unwrap_or_else(|shared| shared.as_ref().clone());
    let sha256 = portal.files.put(bytes, &portal.database, now()).await?;
    let file = ResultFile {
        id: result,
        file_name,
        size,
        verdict: report.verdict,
        added_at: now(),
        hands: Hands::default(),
    };
    portal
        .database
        .add_result(
            id,
            &StoredResult { file, sha256 },
            (account.id, account.name.as_str()),
        )
        .await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

fn result_of(stored: &StoredDossier, result: Uuid) -> Answer<&StoredResult> {
    stored
        .results
        .iter()
        .find(|stored| stored.file.id == result)
        .ok_or_else(|| ProblemCode::NotFound.into())
}

/// Puts a file of the result in the place of the same file as it was, signed or sealed.
async fn replace(
    portal: &Portal,
    dossier: Uuid,
    before: &StoredResult,
    (bytes, verdict, hands): (Vec<u8>, Verdict, Hands),
    (by, action): (Uuid, AuditAction),
) -> Answer<Json<Dossier>> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let sha256 = portal.files.put(bytes, &portal.database, now()).await?;
    let mut file = before.file.clone();
    if action == AuditAction::ResultSigned && before.file.hands.signers.is_empty() {
        file.file_name = before.file.file_name.signed();
    }
    (file.size, file.verdict, file.hands) = (size, verdict, hands);
    let next = StoredResult { file, sha256 };
    portal
        .database
        .replace_result(dossier, &before.sha256, &next, (by, action), now())
        .await?;
    let stored = portal.database.dossier(None, dossier).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

/// Takes the signed form of a file of the result: signed by who asks, in a transaction of their own.
pub async fn sign(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
    signing: Result<SentSigning, Failure>,
    body: Body,
) -> Answer<Json<Dossier>> {
    let Path((id, result)) = path?;
    rights::dossier(&portal, &account, Action::SignResult, id).await?;
    let SentSigning(signing) = signing?;
    let broken = ProblemCode::UploadMismatch;
    let bytes = whole_body(&portal, account.id, body, ATTACHMENT_BYTES_MAX, broken).await?;
    let stored = rights::dossier(&portal, &account, Action::SignResult, id).await?;
    let found = result_of(&stored, result)?;
    let hands = &found.file.hands;
    if hands.signings.contains(&signing) {
        // The same again, after a lost answer.
        return Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?));
    }
    if !hands.seal.is_empty() {
        // The seal is the last word.
        return Err(ProblemCode::Conflict.into());
    }
    let before = Before {
        sha256: found.sha256,
        size: usize::try_from(found.file.size).unwrap_or(usize::MAX),
    };
    let paper = signed_paper(&portal, &account, (signing, result), before, bytes).await?;
    let hands = with(hands.clone(), paper.signer, signing);
    let bytes = Arc::unwrap_or_clone(paper.bytes);
    let done = (bytes, paper.report.verdict, hands);
    let who = (account.id, AuditAction::ResultSigned);
    replace(&portal, id, found, done, who).await
}

/// Puts the organisation's seal on a file of the result that a person signed here.
pub async fn seal(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let Path((id, result)) = path?;
    let stored = rights::dossier(&portal, &account, Action::SealResult, id).await?;
    let found = result_of(&stored, result)?;
    let hands = &found.file.hands;
    if hands.signers.is_empty() || !hands.seal.is_empty() {
        return Err(ProblemCode::Conflict.into());
    }
    let bytes = Arc::new(portal.files.get(&found.sha256).await?);
    let agency = &stored.definition.summary.agency;
    let held = (bytes, found.file.verdict);
    let (bytes, name, report) = sealed(&portal, agency, held, SealPlace::BesideTheLast)
        .await?
        .ok_or(ProblemCode::SealUnavailable)?;
    let hands = Hands {
        seal: name,
        ..hands.clone()
    };
    let done = (bytes, report.verdict, hands);
    let who = (account.id, AuditAction::ResultSealed);
    replace(&portal, id, found, done, who).await
}

/// Takes a file out of the result again.
pub async fn remove(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let Path((id, result)) = path?;
    rights::dossier(&portal, &account, Action::PrepareResult, id).await?;
    portal
        .database
        .remove_result(id, result, account.id, now())
        .await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

async fn send(portal: &Portal, stored: &StoredDossier, result: Uuid) -> Answer<Told<Kept>> {
    let found = result_of(stored, result)?;
    saved(portal, &found.sha256).await
}

/// A file of the result, for officers.
pub async fn officer_download(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Kept>> {
    let Path((id, result)) = path?;
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    let action = AuditAction::ResultDownloaded;
    rights::looked(&portal, &account, action, Some(id), Some(result)).await?;
    send(&portal, &stored, result).await
}

/// A file of the result of one's own dossier, once it was returned.
pub async fn download(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Kept>> {
    let Path((id, result)) = path?;
    let stored = portal.database.dossier(Some(account.id), id).await?;
    let returned = stored
        .summary
        .as_ref()
        .is_some_and(|line| line.status == DossierStatus::Returned);
    if !returned {
        return Err(ProblemCode::NotFound.into());
    }
    send(&portal, &stored, result).await
}
