//! `/api/officer`: inbox, dossier, signing history, decision.

use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::route::dossier::{file, whole};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use contract::dossier::{
    Decide, Decision, Dossier, DossierEvent, DossierStatus, Inbox, SigningHistory,
};
use contract::fold::fold;
use contract::problem::{FieldProblem, ProblemCode};
use contract::value::{Timestamp, ValueError, VietnamTime};
use serde::Deserialize;
use store::InboxQuery;
use uuid::Uuid;

/// Dossiers of one page.
const PAGE: i64 = 50;
const DAY_MS: i64 = 86_400_000;

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
    let announced = dossier
        .manifest
        .attachments
        .iter()
        .find(|announced| announced.id == attachment)
        .ok_or(ProblemCode::NotFound)?;
    let events = portal.database.signing_history(&announced.signings).await?;
    Ok(Json(SigningHistory { events }))
}

/// So many working days (Monday to Friday) from now. Public holidays are not known yet.
fn working_days_from(now: Timestamp, days: u16) -> Timestamp {
    let mut at = now;
    let mut left = days;
    while left > 0 {
        at = Timestamp(at.0 + DAY_MS);
        // 1970-01-01 was a Thursday; days since then in Vietnam.
        let weekday = ((at.0 + 7 * 3_600_000).div_euclid(DAY_MS) + 3).rem_euclid(7);
        if weekday < 5 {
            left -= 1;
        }
    }
    let day = VietnamTime::from(at);
    // The end of that working day, 17:00.
    let since_midnight =
        (i64::from(day.hour) * 3600 + i64::from(day.minute) * 60 + i64::from(day.second)) * 1000;
    Timestamp(at.0 - since_midnight + 17 * 3_600_000)
}

/// Receives or refuses a new dossier.
pub async fn decide(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<Decide>, JsonRejection>,
) -> Answer<Json<Dossier>> {
    let (Path(id), Json(decide)) = (id?, body?);
    let note = decide.note.trim();
    if note.chars().count() > 2000 {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/note".into(),
            error: ValueError::TooLong,
        }]));
    }
    if decide.decision == Decision::Refuse && note.is_empty() {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/note".into(),
            error: ValueError::Required,
        }]));
    }
    let now = now();
    let stored = portal.database.dossier(None, id).await?;
    let (status, due_at) = match decide.decision {
        Decision::Receive => {
            let due = working_days_from(now, stored.definition.deadline.working_days);
            (DossierStatus::Received, Some(due))
        }
        Decision::Refuse => (DossierStatus::Refused, None),
    };
    portal
        .database
        .decide_dossier(
            id,
            decide.version,
            due_at,
            &DossierEvent {
                at: now,
                actor: account.name.to_string(),
                status,
                note: note.to_owned(),
            },
        )
        .await?;
    let stored = portal.database.dossier(None, id).await?;
    Ok(Json(whole(stored).ok_or(ProblemCode::NotFound)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_skip_the_weekend() {
        // 2026-11-20 is a Friday; 10:00 in Vietnam.
        let friday = Timestamp(1_795_143_600_000);
        assert_eq!(VietnamTime::from(friday).day, 20);
        let due = VietnamTime::from(working_days_from(friday, 1));
        assert_eq!((due.day, due.hour), (23, 17), "Monday 17:00");
        let due = VietnamTime::from(working_days_from(friday, 6));
        assert_eq!(due.day, 30);
    }
}
