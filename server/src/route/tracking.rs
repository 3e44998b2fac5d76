//! `/api/tracking/{code}`: `Tra cứu hồ sơ` by anybody who has the code. Status, procedure, agency and dates, nothing of the person.

use crate::limit::{Address, Bound};
use crate::problem::Answer;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::dossier::Tracking;
use contract::problem::ProblemCode;
use contract::value::DossierCode;
use std::time::{Duration, Instant};

/// Codes count up, so that whoever may ask often enough learns how many dossiers there are and how they stand.
const BOUND: Bound = Bound {
    name: "tracking",
    burst: 30,
    pause: Duration::from_secs(4),
    all: 40,
};

/// The status. What is no code and what nobody has are answered alike.
pub async fn show(
    State(portal): State<Portal>,
    address: Address,
    code: Result<Path<String>, PathRejection>,
) -> Answer<Json<Tracking>> {
    portal.limits.take(&BOUND, address, Instant::now())?;
    let code: DossierCode = code?.0.parse().map_err(|_| ProblemCode::NotFound)?;
    let (line, agency) = portal.database.dossier_by_code(&code).await?;
    Ok(Json(Tracking {
        code: line.code,
        procedure_name: line.procedure_name,
        agency,
        status: line.status,
        submitted_at: line.submitted_at,
        due_at: line.due_at,
    }))
}
