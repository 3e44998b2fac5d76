//! The API of the Cloud Signature Consortium, versions 1.0.4.0 and 2: the person permits in the app while `authorize` waits
//! (`implicit`), the permission (SAD) is bound to the credential and the digests, and is spent by one signature each.

mod credentials;
mod permission;

pub(crate) use permission::Permissions;

use super::{Fields, TOKEN_SECONDS, b64, object, right_credentials, with_mistake};
use crate::Sandbox;
use crate::key::Hash;
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credentials::{credential_info, list};
use permission::{authorize, sign_hash};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    let mut router = Router::new();
    for (base, version) in [("csc-v1", "v1"), ("csc-v2", "v2")] {
        let api = |path: &str| format!("/{base}/csc/{version}/{path}");
        router = router
            .route(&format!("/{base}/oauth2/token"), post(token))
            .route(&api("info"), post(info).get(info))
            .route(&api("credentials/list"), post(list))
            .route(&api("credentials/info"), post(credential_info))
            .route(&api("credentials/authorize"), post(authorize))
            .route(&api("signatures/signHash"), post(sign_hash))
            .route(&api("signatures/timestamp"), post(timestamp));
    }
    router
}

/// Which version an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V1,
    V2,
}

impl Version {
    fn of(path: &str) -> Self {
        if path.starts_with("/csc-v2/") {
            Self::V2
        } else {
            Self::V1
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::V1 => "csc-v1",
            Self::V2 => "csc-v2",
        }
    }

    const fn hashes(self) -> &'static str {
        match self {
            Self::V1 => "hash",
            Self::V2 => "hashes",
        }
    }

    const fn algorithm(self) -> &'static str {
        match self {
            Self::V1 => "hashAlgo",
            Self::V2 => "hashAlgorithmOID",
        }
    }
}

/// HTTP status, error word, description.
struct Refusal(u16, &'static str, String);

impl Refusal {
    fn bad(mistake: impl Into<String>) -> Self {
        Self(400, "invalid_request", mistake.into())
    }
}

impl From<Refusal> for Response {
    fn from(Refusal(http, word, mistake): Refusal) -> Self {
        let http = StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": word, "error_description": mistake });
        with_mistake((http, Json(body)).into_response(), mistake)
    }
}

type Answer = Result<Response, Refusal>;

fn answered(answer: Answer) -> Response {
    answer.unwrap_or_else(Into::into)
}

/// A call with a service's token, its body read.
fn called(
    sandbox: &Sandbox,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Map<String, Value>, Refusal> {
    if sandbox.tokens().holder(version.code(), headers).is_none() {
        return Err(Refusal(
            401,
            "invalid_token",
            "the access token is missing, unknown or expired".into(),
        ));
    }
    object(headers, body).map_err(Refusal::bad)
}

/// Client credentials, as a form or with HTTP Basic.
async fn token(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    form: Result<Form<HashMap<String, String>>, FormRejection>,
) -> Response {
    let version = Version::of(uri.path());
    let refused = |http, word| Refusal(http, word, "client credentials are refused".into());
    let form = match form {
        Ok(Form(form)) => form,
        Err(rejection) => return Refusal::bad(rejection.body_text()).into(),
    };
    let of = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    if of("grant_type") != "client_credentials" {
        return Refusal(
            400,
            "unsupported_grant_type",
            "grant_type is not client_credentials".into(),
        )
        .into();
    }
    let basic = basic(&headers);
    let (id, secret) = match &basic {
        Some((id, secret)) => (id.as_str(), secret.as_str()),
        None => (of("client_id"), of("client_secret")),
    };
    if !right_credentials(id, secret) {
        return refused(401, "invalid_client").into();
    }
    let token = sandbox.tokens().give(version.code(), "");
    let answer =
        json!({ "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS });
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let bytes = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

async fn info(uri: OriginalUri) -> Response {
    let version = Version::of(uri.path());
    let methods = [
        "credentials/list",
        "credentials/info",
        "credentials/authorize",
        "signatures/signHash",
        "signatures/timestamp",
    ];
    let mut answer = json!({
        "specs": match version { Version::V1 => "1.0.4.0", Version::V2 => "2.0.0.2" },
        "name": "SANDBOX", "logo": "http://pki.sandbox.test/logo.png", "region": "VN", "lang": "vi-VN",
        "description": "Test keys only: nothing it signs has legal value", "authType": ["oauth2client"],
        "methods": methods,
    });
    if version == Version::V2 {
        answer["asynchronousOperationMode"] = false.into();
        answer["signAlgorithms"] = json!({ "algos": ["1.2.840.113549.1.1.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"] });
    }
    Json(answer).into_response()
}

fn algorithm(oid: &str) -> Result<Hash, Refusal> {
    Hash::by_oid(oid).ok_or_else(|| Refusal::bad("Invalid parameter hashAlgo"))
}

async fn timestamp(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(stamped(&sandbox, Version::of(uri.path()), &headers, &body))
}

fn stamped(sandbox: &Sandbox, version: Version, headers: &HeaderMap, body: &[u8]) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let oid = fields
        .text("hashAlgo")
        .or_else(|_| fields.text("hashAlgorithmOID"))
        .map_err(Refusal::bad)?;
    let hash = algorithm(oid)?;
    let digest = STANDARD
        .decode(fields.text("hash").map_err(Refusal::bad)?)
        .ok()
        .filter(|digest| digest.len() == hash.size())
        .ok_or_else(|| Refusal::bad("Invalid parameter hash"))?;
    let nonce = fields.optional("nonce").map_err(Refusal::bad)?;
    let nonce = match nonce {
        None => None,
        Some(text) => Some(
            hex::decode(text)
                .map_err(|_| Refusal::bad("Invalid parameter nonce: no hexadecimal"))?,
        ),
    };
    let token = sandbox
        .timestamp(hash, &digest, nonce.as_deref())
        .map_err(|error| Refusal(500, "server_error", error.to_string()))?;
    Ok(Json(json!({ "timestamp": b64(&token) })).into_response())
}
