//! `/api/conversions`: DOC and DOCX to PDF.

use crate::api::{Pdf, Told};
use crate::conversion::ConversionError;
use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::state::Portal;
use crate::upload::whole_body;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use contract::conversion::{CONVERSION_BYTES_MAX, ConversionOffer};
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
    body: Body,
) -> Answer<Told<Pdf>> {
    let broken = ProblemCode::Invalid;
    let bytes = whole_body(&portal, account.id, body, CONVERSION_BYTES_MAX, broken).await?;
    portal.scanner.look(&bytes).await?;
    let pdf = portal.conversion.convert(account.id, &bytes).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, pdf).into_response().into())
}
