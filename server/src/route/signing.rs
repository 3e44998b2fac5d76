//! `/api/signings`, and `/api/webhooks` of the providers.

use crate::api::{Events, LastEventId, Message, Sent, Told};
use crate::identity::{Signer, SignerSession};
use crate::limit::{Address, Bound};
use crate::problem::Answer;
use crate::signing::{self, Heard};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use contract::history::Origin;
use contract::provider::ProviderCode;
use contract::signing::{CompleteSigning, SigningView, StartSigning};
use provider::Protocol;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Sign-ins of a provider that posts results: one for each result, at worst.
const SIGN_INS: Bound = Bound {
    name: "webhook-token",
    burst: 500,
    pause: Duration::from_millis(20),
    all: 4,
};

/// Longest wait of a request for a newer view, in seconds: shorter than what proxies bear.
const WAIT_MAX: u64 = 25;

/// Own transactions that are not over.
pub async fn list(
    State(portal): State<Portal>,
    Signer(account): Signer,
) -> Answer<Json<Vec<SigningView>>> {
    let open = portal.database.open_signings(account.id).await?;
    Ok(Json(open.into_iter().map(signing::shown).collect()))
}

/// Starts one.
pub async fn start(
    State(portal): State<Portal>,
    SignerSession(session): SignerSession,
    Address(address): Address,
    body: Result<Json<StartSigning>, JsonRejection>,
) -> Answer<Json<SigningView>> {
    let view = signing::start(&portal, &session, body?.0).await?;
    // The history is poorer without it; the signing goes on.
    if let Err(error) = portal
        .database
        .note_origin(view.id, &Origin::of(address))
        .await
    {
        tracing::warn!(%error, "where a signing was asked for is not recorded");
    }
    Ok(Json(view))
}

/// What a view is wanted of.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Newer {
    /// The version that is known already.
    since: Option<i64>,
    /// How long to wait for a newer one, in seconds.
    #[serde(default)]
    wait: u64,
}

/// One of them; with `since` and `wait` as soon as there is news.
pub async fn show(
    State(portal): State<Portal>,
    Signer(account): Signer,
    id: Result<Path<Uuid>, PathRejection>,
    newer: Result<Query<Newer>, QueryRejection>,
) -> Answer<Json<SigningView>> {
    let (Path(id), Query(newer)) = (id?, newer?);
    let view = match newer.since {
        Some(version) if newer.wait > 0 => {
            let patience = Duration::from_secs(newer.wait.min(WAIT_MAX));
            signing::view_after(&portal, account.id, id, version, patience).await?
        }
        _ => signing::view(&portal, account.id, id).await?,
    };
    Ok(Json(view))
}

/// `Hủy`.
pub async fn cancel(
    State(portal): State<Portal>,
    Signer(account): Signer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(signing::cancel(&portal, &account, id?.0).await?))
}

/// The browser has finished.
pub async fn complete(
    State(portal): State<Portal>,
    Signer(account): Signer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<CompleteSigning>, JsonRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(
        signing::complete(&portal, &account, id?.0, &body?.0).await?,
    ))
}

/// Pushes the view whenever it changes, until it is final.
pub async fn events(
    State(portal): State<Portal>,
    citizen: SignerSession,
    id: Result<Path<Uuid>, PathRejection>,
    last: LastEventId,
) -> Answer<Told<Events<SigningView>>> {
    let told = signing::events(&portal, &citizen, id?.0, last.0).await?;
    Ok(told.into())
}

/// Pushes the views of all open transactions of the person, for as long as the page listens.
pub async fn all_events(
    State(portal): State<Portal>,
    citizen: SignerSession,
    last: LastEventId,
) -> Answer<Told<Events<SigningView>>> {
    let told = signing::all_events(&portal, &citizen, last.0).await?;
    Ok(told.into())
}

/// A provider signs in, to tell something afterwards.
pub async fn webhook_token(
    State(portal): State<Portal>,
    code: Result<Path<ProviderCode>, PathRejection>,
    address: Address,
    body: Answer<Sent<Message>>,
) -> Answer<Told<Message>> {
    let Path(code) = code?;
    portal.limits.take(&SIGN_INS, address, Instant::now())?;
    let body = serde_json::from_slice::<Value>(&body?.0).unwrap_or_default();
    let answer = portal
        .provider(&code)
        .and_then(|entry| signing::sign_in(entry, &body, now()));
    let answer = answer.map(|answer| Json(answer).into_response());
    Ok(answer
        .unwrap_or_else(|| StatusCode::UNAUTHORIZED.into_response())
        .into())
}

/// A provider tells something. Anybody can post here, so the answer is the same whatever is known.
pub async fn webhook(
    State(portal): State<Portal>,
    code: Result<Path<ProviderCode>, PathRejection>,
    headers: HeaderMap,
    body: Answer<Sent<Message>>,
) -> Answer<Told<Message>> {
    let Path(code) = code?;
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if portal
        .provider(&code)
        .is_some_and(|entry| !signing::admits(entry, shown, now()))
    {
        return Ok(StatusCode::UNAUTHORIZED.into_response().into());
    }
    let Ok(message) = serde_json::from_slice::<Value>(&body?.0) else {
        return Ok(StatusCode::BAD_REQUEST.into_response().into());
    };
    let answer = match signing::hear(&portal, &code, &message).await? {
        // In the words of MySign, and of the decision's annex.
        Heard::Taken => {
            let entry = portal.provider(&code);
            let mysign = entry.is_some_and(|entry| matches!(entry.protocol, Protocol::Mysign(_)));
            let status_code = if mysign { json!("00") } else { json!(200) };
            Json(json!({ "status_code": status_code, "message": "SUCCESS" })).into_response()
        }
        Heard::TooMany => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Heard::Nobody => StatusCode::NOT_FOUND.into_response(),
    };
    Ok(answer.into())
}
