//! `/api/admin` and `/api/officer/rights`: the catalogue's versions, and who may what.

use super::{Answer, Body, answered, get, put, read, send};
use contract::edition::{
    Checked, DocumentKind, DocumentLine, DocumentText, DocumentView, ImportLine, Outcome, Publish,
    Published, SaveDraft, Source, Withdraw,
};
use contract::problem::ProblemCode;
use contract::right::{GiveRights, OfficerPage, OfficerQuery, OfficerRights};
use gloo_net::http::{Method, RequestBuilder};
use uuid::Uuid;

fn at(kind: DocumentKind, code: &str) -> String {
    format!(
        "/admin/documents/{}/{}",
        kind.tag(),
        js_sys::encode_uri_component(code)
    )
}

/// All documents.
pub async fn documents() -> Answer<Vec<DocumentLine>> {
    get("/admin/documents").await
}

/// One with its versions.
pub async fn document(kind: DocumentKind, code: &str) -> Answer<DocumentView> {
    get(&at(kind, code)).await
}

/// A version's text; 0 is the file.
pub async fn edition(kind: DocumentKind, code: &str, number: i64) -> Answer<DocumentText> {
    get(&format!("{}/editions/{number}", at(kind, code))).await
}

/// What is wrong with something written.
pub async fn check(kind: DocumentKind, code: &str, source: &Source) -> Answer<Checked> {
    put(Method::POST, &format!("{}/check", at(kind, code)), source).await
}

/// Writes the draft.
pub async fn save(kind: DocumentKind, code: &str, draft: &SaveDraft) -> Answer<Outcome> {
    put(Method::PUT, &format!("{}/draft", at(kind, code)), draft).await
}

/// Takes a draft or a version back.
pub async fn withdraw(
    kind: DocumentKind,
    code: &str,
    number: i64,
    version: i64,
) -> Answer<Outcome> {
    let path = format!("{}/editions/{number}/withdrawal", at(kind, code));
    put(Method::POST, &path, &Withdraw { version }).await
}

/// Publishes drafts together.
pub async fn publish(wanted: &Publish) -> Answer<Published> {
    put(Method::POST, "/admin/publications", wanted).await
}

/// Reads a file or an archive in.
pub async fn import(name: &str, file: &web_sys::File) -> Answer<Vec<ImportLine>> {
    let name = js_sys::encode_uri_component(name);
    let request = RequestBuilder::new(&format!("/api/admin/import?name={name}"))
        .method(Method::POST)
        .header("content-type", "application/octet-stream")
        .body(file.clone())
        .map_err(|_| ProblemCode::Internal)?;
    read(answered(request.send().await).await?).await
}

/// What is in force as a file: one document, or all of them in an archive.
pub async fn export(document: Option<(DocumentKind, &str)>) -> Answer<Vec<u8>> {
    let path = match document {
        None => "/admin/export".to_owned(),
        Some((kind, code)) => format!(
            "/admin/export/{}/{}",
            kind.tag(),
            js_sys::encode_uri_component(code)
        ),
    };
    let response = send(Method::GET, &path, Body::Nothing).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// Officers, a page at a time.
pub async fn officers(query: &OfficerQuery) -> Answer<OfficerPage> {
    put(Method::POST, "/officer/rights", query).await
}

/// Gives an officer rights in place of those there are.
pub async fn give(account: Uuid, rights: &GiveRights) -> Answer<OfficerRights> {
    put(Method::PUT, &format!("/officer/rights/{account}"), rights).await
}
