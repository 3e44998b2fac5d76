//! `/api/procedures`.

use crate::problem::Answer;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::problem::ProblemCode;
use contract::procedure::{Procedure, ProcedureSummary};

/// The catalogue.
pub async fn list(State(portal): State<Portal>) -> Json<Vec<ProcedureSummary>> {
    Json(portal.catalogue.list())
}

/// One procedure.
pub async fn show(
    State(portal): State<Portal>,
    code: Result<Path<String>, PathRejection>,
) -> Answer<Json<Procedure>> {
    let found = portal
        .catalogue
        .find(&code?.0)
        .ok_or(ProblemCode::NotFound)?;
    Ok(Json(found.clone()))
}
