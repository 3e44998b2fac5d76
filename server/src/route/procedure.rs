//! `/api/procedures`.

use crate::api::{BlankPdf, Lasting, Told};
use crate::problem::{Answer, Failure};
use crate::state::Portal;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use contract::problem::ProblemCode;
use contract::procedure::{Procedure, ProcedureSummary};

/// The catalogue.
pub async fn list(
    State(portal): State<Portal>,
    asked: HeaderMap,
) -> Told<Lasting<Vec<ProcedureSummary>>> {
    portal.current().catalogue.list().answer(&asked).into()
}

/// One procedure.
pub async fn show(
    State(portal): State<Portal>,
    code: Result<Path<String>, PathRejection>,
    asked: HeaderMap,
) -> Answer<Told<Lasting<Procedure>>> {
    let current = portal.current();
    let told = current
        .catalogue
        .tell(&code?.0)
        .ok_or(ProblemCode::NotFound)?;
    let told = told.map_err(|error| Failure::internal(&error))?;
    Ok(told.answer(&asked).into())
}

/// A blank form of a procedure, as a PDF to keep.
pub async fn form(
    State(portal): State<Portal>,
    names: Result<Path<(String, String)>, PathRejection>,
    asked: HeaderMap,
) -> Answer<Told<BlankPdf>> {
    let Path((code, name)) = names?;
    // The first who asks has it made: fonts are cut to what the form says, off the async threads.
    let made = tokio::task::spawn_blocking(move || -> Answer<Response> {
        let current = portal.current();
        let form = current
            .catalogue
            .form(&code, &name)
            .ok_or(ProblemCode::NotFound)?
            .map_err(|error| Failure::internal(&error))?;
        let mut response = form.answer(&asked);
        // The name was checked when the catalogue was read: letters, digits and hyphens.
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            response
                .headers_mut()
                .insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(response)
    });
    made.await
        .map_err(|error| Failure::internal(&error))?
        .map(Told::from)
}
