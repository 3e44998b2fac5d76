//! `/api/uploads`: files in pieces, and how they become attachments of a dossier.

use crate::api::{NoContent, SentOffset};
use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::receive;
use crate::state::{Portal, now};
use crate::upload;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::dossier::AttachmentManifest;
use contract::problem::ProblemCode;
use contract::session::Account;
use contract::upload::{BeginUpload, PIECE_BYTES_MAX, UploadState};
use contract::value::Sha256;
use store::StoredAttachment;
use uuid::Uuid;

fn digest(path: Result<Path<Sha256>, PathRejection>) -> Answer<Sha256> {
    Ok(path?.0)
}

/// Begins an upload, or tells how far it came.
pub async fn begin(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
    body: Result<Json<BeginUpload>, JsonRejection>,
) -> Answer<Json<UploadState>> {
    let (sha256, Json(asked)) = (digest(path)?, body?);
    upload::begin(&portal, account.id, sha256, asked.size)
        .await
        .map(Json)
}

/// Takes a piece.
pub async fn append(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
    offset: Result<SentOffset, Failure>,
    body: Body,
) -> Answer<Json<UploadState>> {
    let sha256 = digest(path)?;
    let _arriving = upload::Arriving::begin(&portal, account.id)?;
    let SentOffset(begins_at) = offset?;
    let limit = usize::try_from(PIECE_BYTES_MAX).unwrap_or(usize::MAX);
    // Broken off in the middle, or longer than the router lets through: nobody hears the difference.
    let bytes = axum::body::to_bytes(body, limit)
        .await
        .map_err(|_| ProblemCode::TooLarge)?;
    upload::append(&portal, account.id, sha256, begins_at, bytes.into())
        .await
        .map(Json)
}

/// Gives an upload up.
pub async fn cancel(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<Sha256>, PathRejection>,
) -> Answer<NoContent> {
    upload::cancel(&portal, account.id, digest(path)?).await?;
    Ok(NoContent)
}

/// An attachment that was announced and is missing; none when it is there already.
async fn awaited(
    portal: &Portal,
    account: &Account,
    dossier: Uuid,
    attachment: Uuid,
) -> Answer<Option<AttachmentManifest>> {
    let dossier = portal.database.dossier(Some(account.id), dossier).await?;
    // After submission only what answers an open supplement request may come.
    let otherwise = match (&dossier.summary, &dossier.answer) {
        (Some(_), None) => ProblemCode::Conflict,
        _ => ProblemCode::NotFound,
    };
    let announced = dossier.awaited(attachment).cloned().ok_or(otherwise)?;
    let here = dossier
        .attachments
        .iter()
        .any(|arrived| arrived.is(&announced));
    Ok((!here).then_some(announced))
}

/// Validates a whole upload as the attachment it was announced to be, and keeps it.
async fn accept(
    portal: &Portal,
    account: &Account,
    dossier: Uuid,
    announced: &AttachmentManifest,
) -> Answer<()> {
    let judge = {
        let (portal, owner, announced) = (portal.clone(), account.id, announced.clone());
        move |bytes| async move { receive::accept(&portal, owner, &announced, bytes).await }
    };
    let verdict = upload::accept(portal, account.id, announced.sha256, judge).await?;
    let arrived = StoredAttachment {
        id: announced.id,
        sha256: announced.sha256,
        size: announced.size,
        verdict,
    };
    let by = (account.name.as_str(), now());
    portal
        .database
        .add_attachment(dossier, &arrived, &announced.signings, by)
        .await
        .map_err(Failure::while_handing_in)?;
    upload::cancel(portal, account.id, announced.sha256).await
}

/// Makes an upload the attachment of a dossier that was announced with its digest.
pub async fn attach(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<NoContent> {
    let Path((dossier, attachment)) = path?;
    if let Some(announced) = awaited(&portal, &account, dossier, attachment).await? {
        accept(&portal, &account, dossier, &announced).await?;
    }
    Ok(NoContent)
}

/// Takes the bytes of one attachment in one request. What arrived before it broke is there for the next try, also in pieces.
pub async fn attach_whole(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
    body: Body,
) -> Answer<NoContent> {
    let Path((dossier, attachment)) = path?;
    let Some(announced) = awaited(&portal, &account, dossier, attachment).await? else {
        return Ok(NoContent);
    };
    let (sha256, size) = (announced.sha256, announced.size);
    upload::take(&portal, account.id, sha256, size, body).await?;
    accept(&portal, &account, dossier, &announced).await?;
    Ok(NoContent)
}
