//! The only file that speaks HTTP: one function an address, problem documents become [`ApiError`].

pub mod access;
pub mod admin;
pub mod after;
pub mod conversion;
pub mod desk;
mod device;
pub mod feedback;
pub mod history;
pub mod inbox;
pub mod kept;
pub mod news;
pub mod paper;
pub mod password;
pub mod payment;
pub mod unit;
pub mod upload;

pub use device::{device_key, health};

use crate::network;
use contract::dossier::{
    Decide, Dossier, DossierManifest, DossierSummary, ManifestAccepted, Receipt, Tracking,
};
use contract::evidence::{AskEvidence, Evidence, EvidenceOffer};
use contract::oidc::{SignInWay, SignedOut};
use contract::problem::{FieldProblem, Problem, ProblemCode};
use contract::procedure::{Procedure, ProcedureSummary};
use contract::profile::{SaveProfile, SignatureProfile};
use contract::provider::{AskCertificates, CertificateInfo, ProviderInfo, Trust};
use contract::session::{Account, DemoAccount, Person, Session, SignIn};
use contract::signing::{CompleteSigning, SigningView, StartSigning};
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

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
    Bytes(&'static str, js_sys::Uint8Array),
    /// A PDF with its name: names may be personal and stay out of addresses.
    Pdf(String, js_sys::Uint8Array),
    /// A PDF with the transaction that signed it.
    Signed(Uuid, js_sys::Uint8Array),
}

async fn send(method: Method, path: &str, body: Body) -> Answer<Response> {
    let request = RequestBuilder::new(&format!("/api{path}")).method(method);
    let request = match body {
        Body::Nothing => request.build(),
        Body::Json(text) => request
            .header("content-type", "application/json")
            .body(text),
        Body::Bytes(kind, bytes) => request.header("content-type", kind).body(bytes),
        Body::Signed(signing, bytes) => request
            .header("content-type", "application/pdf")
            .header("x-signing", &signing.to_string())
            .body(bytes),
        Body::Pdf(name, bytes) => request
            .header("content-type", "application/pdf")
            .header(
                "x-file-name",
                &String::from(js_sys::encode_uri_component(&name)),
            )
            .body(bytes),
    }
    .map_err(|_| ProblemCode::Internal)?;
    answered(request.send().await).await
}

/// A request that outlives the page. It is sent before this returns, and what comes of it says nothing to anybody: neither that the
/// line is lost, since a page that goes away often loses it, nor that the session ended.
fn send_last(method: Method, path: &str) {
    let init = web_sys::RequestInit::new();
    init.set_method(method.as_ref());
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    let Some(window) = web_sys::window() else {
        return;
    };
    let sent = window.fetch_with_str_and_init(&format!("/api{path}"), &init);
    let answer = wasm_bindgen_futures::JsFuture::from(sent);
    leptos::task::spawn_local(async move {
        let _ = answer.await;
    });
}

/// What came back: the line to the server hears of it, problem documents become errors.
async fn answered(sent: Result<Response, gloo_net::Error>) -> Answer<Response> {
    let Ok(response) = sent else {
        network::lost();
        return Err(ProblemCode::Offline.into());
    };
    // A copy that the service worker kept says nothing of the network.
    if response.headers().get("x-kept").is_none() {
        network::reached();
    }
    if response.ok() {
        return Ok(response);
    }
    match read::<Problem>(response).await {
        Ok(problem) => {
            if problem.code == ProblemCode::SignInRequired {
                network::refused();
            }
            Err(ApiError {
                code: problem.code,
                fields: problem.fields,
                request_id: problem.request_id,
            })
        }
        // Not ours: a proxy in between, or a time-out.
        Err(_) => Err(ProblemCode::Internal.into()),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    let text = response.text().await.map_err(|_| ProblemCode::Internal)?;
    serde_json::from_str(&text).map_err(|_| ProblemCode::Internal.into())
}

async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    read(send(Method::GET, path, Body::Nothing).await?).await
}

async fn put<B: Serialize, T: DeserializeOwned>(method: Method, path: &str, body: &B) -> Answer<T> {
    let body = serde_json::to_string(body).map_err(|_| ProblemCode::Internal)?;
    read(send(method, path, Body::Json(body)).await?).await
}

/// What the document's head says about the page, by the name of a `meta`.
pub fn told(name: &str, attribute: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let meta = document.query_selector(&format!("meta[name={name}]"));
    meta.ok()??.get_attribute(attribute)
}

/// Address of the folder that holds this release's files.
pub fn release() -> String {
    told("base-path", "content").unwrap_or_default()
}

/// The English sentences of this release.
pub async fn english() -> Answer<String> {
    let response = RequestBuilder::new(&format!("{}/en.json", release()))
        .send()
        .await
        .map_err(|_| ProblemCode::Offline)?;
    if !response.ok() {
        return Err(ProblemCode::NotFound.into());
    }
    response
        .text()
        .await
        .map_err(|_| ProblemCode::Internal.into())
}

/// Who is signed in.
pub async fn session() -> Answer<Option<Session>> {
    get("/session").await
}

/// Signs in.
pub async fn sign_in(asked: &SignIn) -> Answer<Session> {
    put(Method::POST, "/session", asked).await
}

/// Where one may sign in besides with a password.
pub async fn sign_in_ways() -> Answer<Vec<SignInWay>> {
    get("/oidc").await
}

/// Signs out; where the browser goes to sign out of the identity provider too, if it was one.
pub async fn sign_out() -> Answer<Option<SignedOut>> {
    let response = send(Method::DELETE, "/session", Body::Nothing).await?;
    if response.status() == 204 {
        return Ok(None);
    }
    read(response).await.map(Some)
}

/// The invented people of demo mode.
pub async fn demo() -> Answer<Vec<DemoAccount>> {
    get("/demo").await
}

/// Replaces personal data.
pub async fn save_person(person: &Person) -> Answer<Account> {
    put(Method::PUT, "/account", person).await
}

/// Own profiles.
pub async fn profiles() -> Answer<Vec<SignatureProfile>> {
    get("/profiles").await
}

/// Adds a profile, or replaces one.
pub async fn save_profile(id: Option<Uuid>, save: &SaveProfile) -> Answer<SignatureProfile> {
    match id {
        None => put(Method::POST, "/profiles", save).await,
        Some(id) => put(Method::PUT, &format!("/profiles/{id}"), save).await,
    }
}

/// Deletes a profile.
pub async fn delete_profile(id: Uuid) -> Answer<()> {
    send(Method::DELETE, &format!("/profiles/{id}"), Body::Nothing)
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
        Method::POST,
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
    put(Method::POST, "/signings", start).await
}

/// How a signing stands.
pub async fn signing(id: Uuid) -> Answer<SigningView> {
    get(&format!("/signings/{id}")).await
}

/// `Hủy`.
pub async fn cancel_signing(id: Uuid) -> Answer<SigningView> {
    read(
        send(
            Method::POST,
            &format!("/signings/{id}/cancellation"),
            Body::Nothing,
        )
        .await?,
    )
    .await
}

/// Everything is embedded and verified.
pub async fn complete_signing(id: Uuid, report: &CompleteSigning) -> Answer<SigningView> {
    put(Method::POST, &format!("/signings/{id}/completion"), report).await
}

/// Where the events of all signings of the account come from.
pub const SIGNINGS_EVENTS: &str = "/api/signings/events";

/// What can be fetched to prove a signature later.
pub async fn evidence_offer() -> Answer<EvidenceOffer> {
    get("/evidence").await
}

/// A timestamp over a signature value: a `TimeStampReq` gives a `TimeStampResp`, both DER.
pub async fn timestamp(query: &[u8]) -> Answer<Vec<u8>> {
    let body = Body::Bytes(
        "application/timestamp-query",
        js_sys::Uint8Array::from(query),
    );
    let response = send(Method::POST, "/timestamps", body).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// What says today whether certificates are revoked.
pub async fn evidence(asked: &AskEvidence) -> Answer<Evidence> {
    put(Method::POST, "/evidence", asked).await
}

/// Announces a dossier.
pub async fn announce(id: Uuid, manifest: &DossierManifest) -> Answer<ManifestAccepted> {
    put(Method::PUT, &format!("/dossiers/{id}"), manifest).await
}

/// Submits.
pub async fn submit(id: Uuid) -> Answer<Receipt> {
    read(
        send(
            Method::POST,
            &format!("/dossiers/{id}/submission"),
            Body::Nothing,
        )
        .await?,
    )
    .await
}

/// Own dossiers, newest first: the first page, or the one behind a dossier.
pub async fn dossiers(behind: Option<Uuid>) -> Answer<Vec<DossierSummary>> {
    match behind {
        None => get("/dossiers").await,
        Some(id) => get(&format!("/dossiers?behind={id}")).await,
    }
}

/// One own dossier.
pub async fn dossier(id: Uuid) -> Answer<Dossier> {
    get(&format!("/dossiers/{id}")).await
}

/// Status by code.
pub async fn track(code: &str) -> Answer<Tracking> {
    get(&format!("/tracking/{}", js_sys::encode_uri_component(code))).await
}

/// One dossier of the inbox.
pub async fn officer_dossier(id: Uuid) -> Answer<Dossier> {
    get(&format!("/officer/dossiers/{id}")).await
}

/// Decides.
pub async fn decide(id: Uuid, decide: &Decide) -> Answer<Dossier> {
    put(
        Method::POST,
        &format!("/officer/dossiers/{id}/decision"),
        decide,
    )
    .await
}

/// A file; `officer` says whose address it has.
pub async fn file(officer: bool, dossier: Uuid, attachment: Uuid) -> Answer<Vec<u8>> {
    let side = if officer { "/officer" } else { "" };
    let response = send(
        Method::GET,
        &format!("{side}/dossiers/{dossier}/attachments/{attachment}"),
        Body::Nothing,
    )
    .await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}
