//! `/api/officer`: how a dossier is worked on, the journal, and who may what.

use super::{Answer, Body, get, put, read, send};
use contract::audit::{AuditPage, AuditQuery, AuditState};
use contract::presence::Presence;
use contract::problem::ProblemCode;
use contract::statistics::{PublicStatistics, Statistics};
use contract::work::{DoWork, Work};
use gloo_net::http::Method;
use uuid::Uuid;

/// Where a dossier stands.
pub async fn work(dossier: Uuid) -> Answer<Work> {
    get(&format!("/officer/dossiers/{dossier}/work")).await
}

/// Moves it.
pub async fn do_work(dossier: Uuid, asked: &DoWork) -> Answer<Work> {
    let path = format!("/officer/dossiers/{dossier}/work");
    put(Method::POST, &path, asked).await
}

/// Tells that who is signed in has a dossier open; who else has.
pub async fn be_present(dossier: Uuid) -> Answer<Presence> {
    let path = format!("/officer/dossiers/{dossier}/presence");
    read(send(Method::POST, &path, Body::Nothing).await?).await
}

/// Tells that it was closed. Sent even when the page goes away in this moment; nobody waits for the answer.
pub fn leave(dossier: Uuid) {
    let path = format!("/officer/dossiers/{dossier}/presence");
    super::send_last(Method::DELETE, &path);
}

/// A page of the journal.
pub async fn audit(query: &AuditQuery) -> Answer<AuditPage> {
    put(Method::POST, "/officer/audit/search", query).await
}

/// The journal as a table to keep.
pub async fn export_audit(query: &AuditQuery) -> Answer<Vec<u8>> {
    let body = serde_json::to_string(query).map_err(|_| ProblemCode::Internal)?;
    let response = send(Method::POST, "/officer/audit/export", Body::Json(body)).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// Whether the journal's chain holds.
pub async fn audit_state() -> Answer<AuditState> {
    get("/officer/audit/state").await
}

/// Totals, for everybody.
pub async fn public_statistics() -> Answer<PublicStatistics> {
    get("/statistics").await
}

/// Numbers by agency, field and month.
pub async fn statistics() -> Answer<Statistics> {
    get("/officer/statistics").await
}
