//! The only file that speaks HTTP: one function an address, problem documents become [`ApiError`].

use contract::dossier::{
    Decide, Dossier, DossierManifest, DossierSummary, Inbox, ManifestAccepted, Receipt,
    SigningHistory, Tracking,
};
use contract::problem::{FieldProblem, Problem, ProblemCode};
use contract::procedure::{Procedure, ProcedureSummary};
use contract::profile::{SaveProfile, SignatureProfile};
use contract::provider::{AskCertificates, CertificateInfo, ProviderInfo, Trust};
use contract::session::{Account, DemoAccount, Person, Session, SignIn};
use contract::signing::{CompleteSigning, SigningView, StartSigning};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// An error on its way to a person; `text::problem` has the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What happened.
    pub code: ProblemCode,
    /// Wrong fields.
    pub fields: Vec<FieldProblem>,
    /// To quote to the help line.
    pub request_id: Option<String>,
}

impl From<ProblemCode> for ApiError {
    fn from(code: ProblemCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            request_id: None,
        }
    }
}

/// What every function gives.
pub type Answer<T> = Result<T, ApiError>;

/// What goes with a request.
enum Body {
    Nothing,
    Json(String),
    Pdf(js_sys::Uint8Array),
}

async fn send(method: &str, path: &str, body: Body) -> Answer<Response> {
    let request = RequestInit::new();
    request.set_method(method);
    let kind = match &body {
        Body::Nothing => None,
        Body::Json(text) => {
            request.set_body(&text.as_str().into());
            Some("application/json")
        }
        Body::Pdf(bytes) => {
            request.set_body(bytes);
            Some("application/pdf")
        }
    };
    if let Some(kind) = kind {
        let headers = Headers::new().map_err(|_| ProblemCode::Internal)?;
        headers
            .set("content-type", kind)
            .map_err(|_| ProblemCode::Internal)?;
        request.set_headers(&headers);
    }
    let window = web_sys::window().ok_or(ProblemCode::Internal)?;
    let answer = window.fetch_with_str_and_init(&format!("/api{path}"), &request);
    let response: Response = JsFuture::from(answer)
        .await
        .map_err(|_| ProblemCode::Offline)?
        .unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    match read::<Problem>(response).await {
        Ok(problem) => Err(ApiError {
            code: problem.code,
            fields: problem.fields,
            request_id: problem.request_id,
        }),
        // Not ours: a proxy in between, or a time-out.
        Err(_) => Err(ProblemCode::Internal.into()),
    }
}

async fn text(response: Response) -> Option<String> {
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    text(response)
        .await
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| ProblemCode::Internal.into())
}

async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(send("GET", path, Body::Nothing).await?).await
}

async fn put<B: Serialize, T: DeserializeOwned>(method: &str, path: &str, body: &B) -> Answer<T> {
    let body = serde_json::to_string(body).map_err(|_| ProblemCode::Internal)?;
    read(send(method, path, Body::Json(body)).await?).await
}

/// Who is signed in.
pub async fn session() -> Answer<Option<Session>> {
    get("/session").await
}

/// Signs in.
pub async fn sign_in(asked: &SignIn) -> Answer<Session> {
    put("POST", "/session", asked).await
}

/// Signs out.
pub async fn sign_out() -> Answer<()> {
    send("DELETE", "/session", Body::Nothing).await.map(|_| ())
}

/// The invented people of demo mode.
pub async fn demo() -> Answer<Vec<DemoAccount>> {
    get("/demo").await
}

/// Replaces personal data.
pub async fn save_person(person: &Person) -> Answer<Account> {
    put("PUT", "/account", person).await
}

/// Own profiles.
pub async fn profiles() -> Answer<Vec<SignatureProfile>> {
    get("/profiles").await
}

/// Adds a profile, or replaces one.
pub async fn save_profile(id: Option<Uuid>, save: &SaveProfile) -> Answer<SignatureProfile> {
    match id {
        None => put("POST", "/profiles", save).await,
        Some(id) => put("PUT", &format!("/profiles/{id}"), save).await,
    }
}

/// Deletes a profile.
pub async fn delete_profile(id: Uuid) -> Answer<()> {
    send("DELETE", &format!("/profiles/{id}"), Body::Nothing)
        .await
        .map(|_| ())
}

/// Providers.
pub async fn providers() -> Answer<Vec<ProviderInfo>> {
    get("/providers").await
}

/// Certificates of an account.
pub async fn certificates(provider: &str, asked: &AskCertificates) -> Answer<Vec<CertificateInfo>> {
    put(
        "POST",
        &format!("/providers/{provider}/certificates"),
        asked,
    )
    .await
}

/// Trusted roots.
pub async fn trust() -> Answer<Trust> {
    get("/trust").await
}

/// The catalogue.
pub async fn procedures() -> Answer<Vec<ProcedureSummary>> {
    get("/procedures").await
}

/// One procedure.
pub async fn procedure(code: &str) -> Answer<Procedure> {
    get(&format!(
        "/procedures/{}",
        js_sys::encode_uri_component(code)
    ))
    .await
}

/// Starts a signing.
pub async fn start_signing(start: &StartSigning) -> Answer<SigningView> {
    put("POST", "/signings", start).await
}

/// How a signing stands.
pub async fn signing(id: Uuid) -> Answer<SigningView> {
    get(&format!("/signings/{id}")).await
}

/// Where a signing's events come from.
pub fn signing_events(id: Uuid) -> String {
    format!("/api/signings/{id}/events")
}

/// `Hủy`.
pub async fn cancel_signing(id: Uuid) -> Answer<SigningView> {
    read(
        send(
            "POST",
            &format!("/signings/{id}/cancellation"),
            Body::Nothing,
        )
        .await?,
    )
    .await
}

/// Everything is embedded and verified.
pub async fn complete_signing(id: Uuid, report: &CompleteSigning) -> Answer<SigningView> {
    put("POST", &format!("/signings/{id}/completion"), report).await
}

/// Announces a dossier.
pub async fn announce(id: Uuid, manifest: &DossierManifest) -> Answer<ManifestAccepted> {
    put("PUT", &format!("/dossiers/{id}"), manifest).await
}

/// Sends one file.
pub async fn upload(dossier: Uuid, attachment: Uuid, bytes: &[u8]) -> Answer<()> {
    let body = Body::Pdf(js_sys::Uint8Array::from(bytes));
    send(
        "PUT",
        &format!("/dossiers/{dossier}/attachments/{attachment}"),
        body,
    )
    .await
    .map(|_| ())
}

/// Submits.
pub async fn submit(id: Uuid) -> Answer<Receipt> {
    read(send("POST", &format!("/dossiers/{id}/submission"), Body::Nothing).await?).await
}

/// Own dossiers.
pub async fn dossiers() -> Answer<Vec<DossierSummary>> {
    get("/dossiers").await
}

/// One own dossier.
pub async fn dossier(id: Uuid) -> Answer<Dossier> {
    get(&format!("/dossiers/{id}")).await
}

/// Status by code.
pub async fn track(code: &str) -> Answer<Tracking> {
    get(&format!("/tracking/{}", js_sys::encode_uri_component(code))).await
}

/// The inbox; `query` is an encoded query string.
pub async fn inbox(query: &str) -> Answer<Inbox> {
    get(&format!("/officer/dossiers{query}")).await
}

/// One dossier of the inbox.
pub async fn officer_dossier(id: Uuid) -> Answer<Dossier> {
    get(&format!("/officer/dossiers/{id}")).await
}

/// Decides.
pub async fn decide(id: Uuid, decide: &Decide) -> Answer<Dossier> {
    put("POST", &format!("/officer/dossiers/{id}/decision"), decide).await
}

/// The portal's side of a signing history.
pub async fn history(dossier: Uuid, attachment: Uuid) -> Answer<SigningHistory> {
    get(&format!(
        "/officer/dossiers/{dossier}/attachments/{attachment}/history"
    ))
    .await
}

/// A file; `officer` says whose address it has.
pub async fn file(officer: bool, dossier: Uuid, attachment: Uuid) -> Answer<Vec<u8>> {
    let side = if officer { "/officer" } else { "" };
    let response = send(
        "GET",
        &format!("{side}/dossiers/{dossier}/attachments/{attachment}"),
        Body::Nothing,
    )
    .await?;
    let buffer = JsFuture::from(response.array_buffer().map_err(|_| ProblemCode::Internal)?)
        .await
        .map_err(|_| ProblemCode::Offline)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
