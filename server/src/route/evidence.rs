//! `/api/evidence` and `/api/timestamps`.

use crate::api::{Sent, TimestampQuery, TimestampReply, Told};
use crate::evidence::{QUERY_BYTES_MAX, is_query};
use crate::identity::SignedIn;
use crate::problem::Answer;
use crate::state::Portal;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse as _;
use contract::evidence::{AskEvidence, Evidence, EvidenceOffer};
use contract::problem::ProblemCode;

/// What this portal can fetch.
pub async fn offer(State(portal): State<Portal>) -> Json<EvidenceOffer> {
    Json(EvidenceOffer {
        timestamps: portal.evidence.has_timestamps(),
    })
}

/// Passes a query for a timestamp on.
pub async fn stamp(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    headers: HeaderMap,
    body: Answer<Sent<TimestampQuery>>,
) -> Answer<Told<TimestampReply>> {
    let body = body?.0;
    let typed = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/timestamp-query");
    if body.len() > QUERY_BYTES_MAX {
        return Err(ProblemCode::TooLarge.into());
    }
    if !typed || !is_query(&body) {
        return Err(ProblemCode::Invalid.into());
    }
    if !portal.evidence.may_stamp(account.id) {
        return Err(ProblemCode::TooMany.into());
    }
    let reply = portal.evidence.timestamp(body.to_vec()).await;
    let reply = reply.ok_or(ProblemCode::TimestampUnavailable)?;
    Ok((
        [(header::CONTENT_TYPE, "application/timestamp-reply")],
        reply,
    )
        .into_response()
        .into())
}

/// Asks whether certificates are revoked.
pub async fn collect(
    State(portal): State<Portal>,
    SignedIn(account): SignedIn,
    body: Result<Json<AskEvidence>, JsonRejection>,
) -> Answer<Json<Evidence>> {
    let asked = body?.0;
    if !portal.evidence.may_ask(account.id) {
        return Err(ProblemCode::TooMany.into());
    }
    let found = portal
        .evidence
        .collect(&asked, &portal.config.trust)
        .await
        .map_err(|_| ProblemCode::Invalid)?;
    Ok(Json(found))
}
