//! `/api/officer`: inbox, dossier, signing history. What officers do to a dossier stands in `life`.

use crate::identity::Officer;
use crate::problem::Answer;
use crate::route::dossier::{file, whole};
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::dossier::{Dossier, DossierStatus, Inbox, SigningHistory};
use contract::fold::fold;
use contract::problem::ProblemCode;
use contract::value::Timestamp;
use serde::Deserialize;
use store::InboxQuery;
use uuid::Uuid;

/// Dossiers of one page.
const PAGE: i64 = 50;

/// What the inbox is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    status: Option<DossierStatus>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: Option<String>,
}

fn cursor(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

/// The inbox.
pub async fn inbox(
    State(portal): State<Portal>,
    Officer(_): Officer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer<Json<Inbox>> {
    let Query(asked) = asked?;
    let before = match asked.after.as_deref() {
        None => None,
        Some(text) => Some(cursor(text).ok_or(ProblemCode::Invalid)?),
    };
    let query = InboxQuery {
        status: asked.status,
        search: fold(&asked.q),
        before,
        limit: PAGE,
    };
    let (dossiers, counts) = portal.database.inbox(&query).await?;
    let full = i64::try_from(dossiers.len()).is_ok_and(|length| length == PAGE);
    let next = dossiers
        .last()
        .filter(|_| full)
        .map(|last| format!("{}_{}", last.submitted_at.0, last.id));
    Ok(Json(Inbox {
        dossiers,
        next,
        counts,
    }))
}

/// One dossier.
pub async fn show(
    State(portal): State<Portal>,
    Officer(_): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let stored = portal.database.dossier(None, id?.0).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

/// A file.
pub async fn download(
    State(portal): State<Portal>,
    Officer(_): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Response> {
    let Path((id, attachment)) = path?;
    let dossier = portal.database.dossier(None, id).await?;
    dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    file(&portal, &dossier, attachment).await
}

/// `Xem lịch sử ký số`: the portal's side.
pub async fn history(
    State(portal): State<Portal>,
    Officer(_): Officer,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Json<SigningHistory>> {
    let Path((id, attachment)) = path?;
    let dossier = portal.database.dossier(None, id).await?;
    dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let announced = dossier
        .files()
        .find(|announced| announced.id == attachment)
        .ok_or(ProblemCode::NotFound)?;
    let events = portal.database.signing_history(&announced.signings).await?;
    Ok(Json(SigningHistory { events }))
}
