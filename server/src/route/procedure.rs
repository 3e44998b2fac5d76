//! `/api/procedures`.

use crate::problem::{Answer, Failure};
use crate::state::Portal;
use crate::tagged::Tagged;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use contract::problem::ProblemCode;

/// The catalogue.
pub async fn list(State(portal): State<Portal>, asked: HeaderMap) -> Response {
    portal.catalogue.list().answer(&asked)
}

/// One procedure.
pub async fn show(
    State(portal): State<Portal>,
    code: Result<Path<String>, PathRejection>,
    asked: HeaderMap,
) -> Answer<Response> {
    let found = portal
        .catalogue
        .find(&code?.0)
        .ok_or(ProblemCode::NotFound)?;
    let kept = Tagged::json(found).map_err(|error| Failure::internal(&error))?;
    Ok(kept.answer(&asked))
}

/// A blank form of a procedure, as a PDF to keep.
pub async fn form(
    State(portal): State<Portal>,
    names: Result<Path<(String, String)>, PathRejection>,
    asked: HeaderMap,
) -> Answer<Response> {
    let Path((code, name)) = names?;
    let found = portal
        .catalogue
        .form(&code, &name)
        .ok_or(ProblemCode::NotFound)?;
    let mut response = found
        .map_err(|error| Failure::internal(&error))?
        .answer(&asked);
    // The name was checked when the catalogue was read: letters, digits and hyphens.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
