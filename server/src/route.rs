//! HTTP in, HTTP out: one file a resource.

pub mod conversion;
pub mod device;
pub mod dossier;
pub mod evidence;
pub mod feedback;
pub mod kept;
pub mod life;
pub mod message;
pub mod news;
pub mod notice;
pub mod officer;
pub mod payment;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod reminder;
pub mod returned;
pub mod session;
pub mod signing;
pub mod supplement;
pub mod tracking;
pub mod unit;
pub mod upload;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// Somebody's file: a browser saves it, and never shows it as a page of the portal. `headers` sees to it that nobody keeps it on the way.
fn saved(kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, bytes).into_response()
}
