//! HTTP in, HTTP out: one file a resource.

pub mod access;
pub mod audit;
pub mod conversion;
pub mod device;
pub mod dossier;
pub mod edition;
pub mod evidence;
pub mod feedback;
pub mod history;
pub mod inbox;
pub mod kept;
pub mod life;
pub mod message;
pub mod news;
pub mod notice;
pub mod officer;
pub mod oidc;
pub mod payment;
pub mod presence;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod reference;
pub mod reminder;
pub mod returned;
pub mod rights;
pub mod session;
pub mod signing;
pub mod slip;
pub mod statistics;
pub mod supplement;
pub mod tracking;
pub mod unit;
pub mod upload;
pub mod work;

use crate::api::Told;
use crate::problem::Answer;
use crate::state::Portal;
use axum::body::Body;
use axum::http::header;
use axum::response::IntoResponse as _;
use contract::value::Sha256;
use futures_util::TryStreamExt as _;

/// What a kept file is, by how it begins: what is kept is a PDF or, beside it, the Word file it was made of.
fn kind(begins: &[u8]) -> &'static str {
    match begins {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "application/msword",
        [b'P', b'K', ..] => {
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
        _ => "application/pdf",
    }
}

/// Somebody's file: a browser saves it, and never shows it as a page of the portal. `headers` sees to it that nobody keeps it on the way.
/// It is sent as it is read, so that no number of readers fills the memory.
async fn saved<K>(portal: &Portal, digest: &Sha256) -> Answer<Told<K>> {
    let (size, begins, bytes) = portal.files.open(digest).await?;
    let bytes = bytes.inspect_err(|error| tracing::error!(%error, "a file breaks off"));
    let headers = [
        (header::CONTENT_TYPE, kind(&begins).to_owned()),
        (header::CONTENT_DISPOSITION, "attachment".to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response().into())
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn a_file_is_what_it_begins_as() {
        assert_eq!(kind(b"%PDF-1.7"), "application/pdf");
        assert_eq!(kind(b"\xd0\xcf\x11\xe0\xa1"), "application/msword");
        assert!(kind(b"PK\x03\x04").ends_with("wordprocessingml.document"));
        assert_eq!(kind(b""), "application/pdf");
    }
}
