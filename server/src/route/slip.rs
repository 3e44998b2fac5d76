//! `…/slips`: slips by the standard forms, for officers and, but for form 05, for the dossier's citizen.

use super::saved;
use crate::api::{Pdf, SentSigning, Told};
use crate::hands::{Before, SealPlace, sealed, signed_paper, with};
use crate::identity::{Citizen, Officer};
use crate::problem::{Answer, Failure};
use crate::slip::{self, About};
use crate::state::{Portal, now};
use crate::upload::whole_body;
use crate::{rights, workflow};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use contract::audit::AuditAction;
use contract::paper::{Hands, PreviewSlip, Slip, SlipForm};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::Action;
use contract::supplement::{Supplement, SupplementState};
use contract::value::{Sha256, ValueError};
use sha2::Digest as _;
use std::sync::Arc;
use store::{StoredDossier, StoredSlip};
use uuid::Uuid;

/// Largest signed slip, in bytes: a page, a picture of a signature and proofs.
const SLIP_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Longest reason that a preview shows, in characters, and most lines of a request.
const NOTE_CHARS_MAX: usize = 2000;

fn lines(slips: Vec<StoredSlip>) -> Json<Vec<Slip>> {
    Json(slips.into_iter().map(|stored| stored.slip).collect())
}

async fn one(portal: &Portal, dossier: &StoredDossier, slip: Uuid) -> Answer<StoredSlip> {
    portal
        .database
        .slips(dossier.id)
        .await?
        .into_iter()
        .find(|stored| stored.slip.id == slip)
        .ok_or_else(|| ProblemCode::NotFound.into())
}

/// A paper that was drawn just now.
fn fresh(bytes: Vec<u8>) -> Told<Pdf> {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response().into()
}

/// Slips of one's own dossier.
pub async fn own_list(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Vec<Slip>>> {
    let stored = portal.database.dossier(Some(account.id), id?.0).await?;
    Ok(lines(slip::all(&portal, &stored).await?))
}

/// One of them.
pub async fn own_download(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Pdf>> {
    let Path((id, slip)) = path?;
    let stored = portal.database.dossier(Some(account.id), id).await?;
    saved(&portal, &one(&portal, &stored, slip).await?.sha256).await
}

/// Slips of a dossier.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Vec<Slip>>> {
    let stored = rights::dossier(&portal, &account, Action::View, id?.0).await?;
    Ok(lines(slip::all(&portal, &stored).await?))
}

/// One of them.
pub async fn download(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Pdf>> {
    let Path((id, slip)) = path?;
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    let found = one(&portal, &stored, slip).await?;
    let action = AuditAction::SlipViewed;
    rights::looked(&portal, &account, action, Some(id), Some(slip)).await?;
    saved(&portal, &found.sha256).await
}

/// One as it was drawn, before any seal: what a person signs.
async fn plain(portal: &Portal, found: &StoredSlip) -> Answer<Vec<u8>> {
    let mut bytes = portal.files.get(&found.sha256).await?;
    bytes.truncate(usize::try_from(found.unsealed).unwrap_or(usize::MAX));
    Ok(bytes)
}

/// The slip to be signed, without the seal, which comes after the person.
pub async fn unsealed(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Pdf>> {
    let Path((id, slip)) = path?;
    let stored = rights::dossier(&portal, &account, Action::SignSlip, id).await?;
    let found = one(&portal, &stored, slip).await?;
    let action = AuditAction::SlipViewed;
    rights::looked(&portal, &account, action, Some(id), Some(slip)).await?;
    Ok(fresh(plain(&portal, &found).await?))
}

/// Takes the signed form of a slip, and seals it again.
pub async fn sign(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
    signing: Result<SentSigning, Failure>,
    body: Body,
) -> Answer<Json<Vec<Slip>>> {
    let Path((id, slip)) = path?;
    rights::dossier(&portal, &account, Action::SignSlip, id).await?;
    let SentSigning(signing) = signing?;
    let broken = ProblemCode::UploadMismatch;
    let bytes = whole_body(&portal, account.id, body, SLIP_BYTES_MAX, broken).await?;
    let stored = rights::dossier(&portal, &account, Action::SignSlip, id).await?;
    let found = one(&portal, &stored, slip).await?;
    if found.slip.hands.signings.contains(&signing) {
        // The same again, after a lost answer.
        return Ok(lines(portal.database.slips(id).await?));
    }
    if !found.slip.hands.signers.is_empty() {
        return Err(ProblemCode::Conflict.into());
    }
    let plain = plain(&portal, &found).await?;
    let before = Before {
        sha256: Sha256(sha2::Sha256::digest(&plain).into()),
        size: plain.len(),
    };
    drop(plain);
    let paper = signed_paper(&portal, &account, (signing, slip), before, bytes).await?;
    let mut hands = with(Hands::default(), paper.signer, signing);
    let agency = &stored.definition.summary.agency;
    let (page, rect) = found.place;
    let place = SealPlace::Box(page, rect);
    // The words of the slip say whether it carries a seal: they were drawn when it was issued.
    let bytes = if found.slip.hands.seal.is_empty() {
        Arc::unwrap_or_clone(paper.bytes)
    } else {
        let held = (paper.bytes, paper.report.verdict);
        let (bytes, seal, _) = sealed(&portal, agency, held, place)
            .await?
            .ok_or(ProblemCode::SealUnavailable)?;
        hands.seal = seal;
        bytes
    };
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let sha256 = portal.files.put(bytes, &portal.database, now()).await?;
    let signed = (slip, sha256, size, &hands);
    portal
        .database
        .sign_slip(id, &found.sha256, signed, account.id, now())
        .await?;
    Ok(lines(portal.database.slips(id).await?))
}

/// Form 05 as things stand.
pub async fn control(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Told<Pdf>> {
    let Path(id) = id?;
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    rights::looked(&portal, &account, AuditAction::SlipViewed, Some(id), None).await?;
    Ok(fresh(slip::control(&portal, &stored).await?))
}

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

/// What an act would issue, as far as it is typed.
pub async fn preview(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<PreviewSlip>, JsonRejection>,
) -> Answer<Told<Pdf>> {
    let (Path(id), Json(asked)) = (id?, body?);
    let stored = rights::dossier(&portal, &account, Action::View, id).await?;
    if asked.note.chars().count() > NOTE_CHARS_MAX {
        return Err(wrong("/note", ValueError::TooLong));
    }
    let (now, actor) = (now(), account.name.as_str());
    let calendar = &portal.office.calendar;
    let request;
    let about = match asked.form {
        SlipForm::Reception => {
            let days = stored.definition.deadline.working_days;
            About::Received(now, actor, calendar.due(now, days))
        }
        SlipForm::Refusal => About::Refused(now, actor, asked.note.trim()),
        SlipForm::Supplement => {
            let faults = workflow::check_list(&asked.items, &stored);
            if !faults.is_empty() {
                return Err(Failure::invalid(faults));
            }
            request = Supplement {
                id: Uuid::nil(),
                items: asked.items,
                asked_at: now,
                asked_by: actor.to_owned(),
                due_at: calendar.due(now, asked.working_days.clamp(1, 60)),
                state: SupplementState::Open,
                answered_at: None,
                before: stored.summary.as_ref().ok_or(ProblemCode::NotFound)?.status,
            };
            About::Asked(&request)
        }
        SlipForm::Apology | SlipForm::Control => {
            return Err(wrong("/form", ValueError::Malformed));
        }
    };
    Ok(fresh(slip::preview(&portal, &stored, &about).await?))
}
