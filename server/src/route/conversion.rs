//! `/api/conversions`: DOC and DOCX to PDF.

use crate::conversion::ConversionError;
use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::state::Portal;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::conversion::ConversionOffer;
use contract::problem::ProblemCode;

impl From<ConversionError> for Failure {
    fn from(error: ConversionError) -> Self {
        // The reason names no content; who asked stands in no line.
        tracing::info!(%error, "conversion");
        error.code().into()
    }
}

/// Whether Word files are converted here.
pub async fn offer(State(portal): State<Portal>) -> Json<ConversionOffer> {
    Json(portal.conversion.offer())
}

/// The PDF of the body.
pub async fn convert(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Response> {
    let bytes = body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ProblemCode::TooLarge
        } else {
            ProblemCode::Invalid
        }
    })?;
    let pdf = portal.conversion.convert(account.id, &bytes).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, pdf).into_response())
}
