//! The API of the Cloud Signature Consortium, versions 1.0.4.0 and 2: the person permits in the app while `authorize` waits
//! (`implicit`), the permission (SAD) is bound to the credential and the digests, and is spent by one signature each.

use super::{
    Fields, Read, TOKEN_SECONDS, b64, compact_time, object, right_credentials, standing,
    with_mistake,
};
use crate::Sandbox;
use crate::desk::{Asked, Item, Request, State as Stands, Value as Signed};
use crate::key::Hash;
use crate::subscriber::{Credential, Standing};
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

/// Credentials on a page when the caller names no number.
const PAGE: usize = 10;

async fn list(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(listed(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn listed(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    // The token is the service's, not a person's: the person has to be named.
    let account = fields.text("userID").map_err(Refusal::bad)?;
    let size = match fields.0.get("maxResults") {
        None => PAGE,
        Some(_) => {
            let most = fields.number("maxResults").map_err(Refusal::bad)?;
            usize::try_from(most).unwrap_or(PAGE)
        }
    };
    if size == 0 {
        return Err(Refusal::bad("maxResults is 0"));
    }
    let start = match fields.optional("pageToken").map_err(Refusal::bad)? {
        None => 0,
        Some(token) => token
            .strip_prefix("from-")
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Refusal::bad("pageToken is none of ours"))?,
    };
    let known = sandbox.listed_credentials(version.code(), account).await;
    let ids: Vec<String> = known
        .iter()
        .skip(start)
        .take(size)
        .map(|credential| credential_id(account, credential))
        .collect();
    let mut answer = json!({ "credentialIDs": ids });
    if start.saturating_add(size) < known.len() {
        answer["nextPageToken"] = format!("from-{}", start + size).into();
    }
    Ok(Json(answer).into_response())
}

/// The service's name of a certificate: whose it is and which.
fn credential_id(account: &str, credential: &Credential) -> String {
    format!(
        "csc-{account}-{}",
        credential.serial.get(..16).unwrap_or("0")
    )
}

async fn credential(
    sandbox: &Arc<Sandbox>,
    version: Version,
    fields: Fields<'_>,
) -> Result<(String, Arc<Credential>), Refusal> {
    let id = fields.text("credentialID").map_err(Refusal::bad)?;
    let account = id.split('-').nth(1).unwrap_or_default().to_owned();
    sandbox
        .listed_credentials(version.code(), &account)
        .await
        .into_iter()
        .find(|credential| credential_id(&account, credential) == id)
        .map(|credential| (account, credential))
        .ok_or_else(|| Refusal::bad("Invalid parameter credentialID"))
}

fn algorithms(credential: &Credential) -> Vec<&'static str> {
    if credential.kind.is_rsa() {
        vec!["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"]
    } else {
        vec![
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
        ]
    }
}

async fn credential_info(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(described(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn described(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let depth = fields
        .optional("certificates")
        .map_err(Refusal::bad)?
        .unwrap_or("single");
    let flag = |key: &str| match fields.0.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refusal::bad(format!("{key} is no boolean"))),
    };
    let (with_info, with_auth) = (flag("certInfo")?, flag("authInfo")?);
    let (_, credential) = credential(sandbox, version, fields).await?;
    let (issuing, root) = &sandbox.subscribers.chain;
    let certificates = match depth {
        "none" => Vec::new(),
        "single" => vec![b64(&credential.certificate)],
        "chain" => vec![b64(&credential.certificate), b64(issuing), b64(root)],
        _ => return Err(Refusal::bad("certificates is not none, single or chain")),
    };
    let standing = standing(sandbox, version.code(), &credential);
    let mut certificate = json!({ "status": match standing {
        Standing::Good => "valid",
        Standing::Expired => "expired",
        Standing::Revoked => "revoked",
        Standing::Suspended => "suspended",
    } });
    if depth != "none" {
        certificate["certificates"] = certificates.into();
    }
    if with_info {
        certificate["issuerDN"] = credential.issuer.as_str().into();
        certificate["serialNumber"] = credential.serial.as_str().into();
        certificate["subjectDN"] = credential.subject.as_str().into();
        certificate["validFrom"] = compact_time(credential.from).into();
        certificate["validTo"] = compact_time(credential.to).into();
    }
    let mut key = json!({
        "status": if standing == Standing::Good { "enabled" } else { "disabled" },
        "algo": algorithms(&credential), "len": credential.kind.bits(),
    });
    match credential.kind {
        crate::key::Kind::P256 => key["curve"] = "1.2.840.10045.3.1.7".into(),
        crate::key::Kind::P384 => key["curve"] = "1.3.132.0.34".into(),
        _ => {}
    }
    let mut answer = json!({
        "description": "SANDBOX, test key", "key": key, "cert": certificate, "SCAL": "2", "multisign": 100,
    });
    match version {
        Version::V1 => answer["authMode"] = "implicit".into(),
        Version::V2 if with_auth => answer["auth"] = json!({ "mode": "implicit" }),
        Version::V2 => answer["auth"] = json!({ "mode": "implicit" }),
    }
    Ok(Json(answer).into_response())
}

/// Permissions given: which request each belongs to.
#[derive(Debug, Default)]
pub(crate) struct Permissions(HashMap<String, String>);

/// Seconds a permission lives.
const SAD_SECONDS: u64 = 300;
/// Most digests of one permission.
const MOST: u64 = 100;

async fn authorize(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(authorized(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn authorized(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let (account, credential) = credential(sandbox, version, fields).await?;
    let number = fields.number("numSignatures").map_err(Refusal::bad)?;
    if number == 0 || number > MOST {
        return Err(Refusal::bad("Numbers of signatures is too high"));
    }
    let hash = match fields.optional(version.algorithm()).map_err(Refusal::bad)? {
        None => Hash::Sha256,
        Some(oid) => algorithm(oid)?,
    };
    // SCAL 2: a permission is for these digests only.
    let hashes = fields
        .hashes(version.hashes(), hash.size())
        .map_err(Refusal::bad)?;
    if u64::try_from(hashes.len()) != Ok(number) {
        return Err(Refusal::bad("numSignatures does not fit the hashes"));
    }
    let description = fields
        .optional("description")
        .map_err(Refusal::bad)?
        .unwrap_or_default();
    if description.chars().count() > 500 {
        return Err(Refusal::bad("description has more than 500 characters"));
    }
    if standing(sandbox, version.code(), &credential) != Standing::Good {
        return Err(Refusal::bad(
            "The credential identified by credentialID is disabled",
        ));
    }
    let items = hashes
        .into_iter()
        .enumerate()
        .map(|(position, digest)| Item {
            doc_id: format!("hash-{}", position + 1),
            digest,
        })
        .collect();
    let request = sandbox
        .open(Asked {
            provider: version.code(),
            transaction: String::new(),
            known_by_callers_number: false,
            account,
            serial: credential.serial.clone(),
            description: description.to_owned(),
            hash,
            items,
            permission_only: true,
            webhook: None,
        })
        .map_err(|_| Refusal::bad("the request exists"))?;
    let decided = sandbox.decided(version.code(), &request.code).await;
    let denied = |mistake: &str| Err(Refusal(400, "access_denied", mistake.into()));
    match decided.map(|request| request.state) {
        Some(Stands::Permitted) => {
            let sad = format!("SAD-{}", uuid::Uuid::new_v4().simple());
            sandbox
                .permissions()
                .0
                .insert(sad.clone(), request.code.clone());
            Ok(Json(json!({ "SAD": sad, "expiresIn": SAD_SECONDS })).into_response())
        }
        Some(Stands::Rejected) => denied("The user refused on the phone"),
        Some(Stands::PinLocked) => Err(Refusal(400, "invalid_pin", "PIN locked".into())),
        Some(Stands::Expired) => denied("The user did not answer in time: expired"),
        _ => Err(Refusal(500, "server_error", "the request is gone".into())),
    }
}

fn algorithm(oid: &str) -> Result<Hash, Refusal> {
    Hash::by_oid(oid).ok_or_else(|| Refusal::bad("Invalid parameter hashAlgo"))
}

async fn sign_hash(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(signed(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

/// The request a permission belongs to, if it is for this credential and these digests.
fn permitted(
    sandbox: &Sandbox,
    version: Version,
    sad: &str,
    serial: &str,
    hashes: &[Vec<u8>],
) -> Read<Request> {
    let code = sandbox
        .permissions()
        .0
        .get(sad)
        .cloned()
        .ok_or("Invalid parameter SAD")?;
    let mut desk = sandbox.desk();
    let request = desk
        .find(version.code(), &code)
        .ok_or("Invalid parameter SAD")?;
    let asked = &request.asked;
    if request.created_at + SAD_SECONDS + desk_lifetime(request) < crate::desk::now() {
        return Err("The SAD has expired".into());
    }
    if asked.serial != serial {
        return Err("The SAD is for another credential".into());
    }
    if !hashes
        .iter()
        .all(|hash| asked.items.iter().any(|item| item.digest == *hash))
    {
        return Err("Hash is not authorized by the SAD".into());
    }
    if asked.items.len() != hashes.len() {
        return Err("The SAD is for another number of signatures".into());
    }
    Ok(request.clone())
}

/// How long the request could wait for its person.
const fn desk_lifetime(request: &Request) -> u64 {
    request.expires_at - request.created_at
}

async fn signed(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let (_, credential) = credential(sandbox, version, fields).await?;
    let sad = fields.text("SAD").map_err(Refusal::bad)?;
    let name = fields.text("signAlgo").map_err(Refusal::bad)?;
    if !algorithms(&credential).contains(&name) {
        return Err(Refusal::bad("Invalid parameter signAlgo"));
    }
    // Required unless the signature algorithm tells it.
    let hash = match fields.optional(version.algorithm()).map_err(Refusal::bad)? {
        Some(oid) => algorithm(oid)?,
        None => match name {
            "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Hash::Sha256,
            "1.2.840.10045.4.3.3" => Hash::Sha384,
            "1.2.840.10045.4.3.4" => Hash::Sha512,
            _ => return Err(Refusal::bad("Missing hash algorithm")),
        },
    };
    let hashes = fields
        .hashes(version.hashes(), hash.size())
        .map_err(Refusal::bad)?;
    if version == Version::V2
        && fields
            .optional("operationMode")
            .map_err(Refusal::bad)?
            .is_some_and(|mode| mode != "S")
    {
        return Err(Refusal::bad("operationMode A is not offered"));
    }
    let request =
        permitted(sandbox, version, sad, &credential.serial, &hashes).map_err(Refusal::bad)?;
    let claimed = sandbox.desk().claim(
        version.code(),
        &request.code,
        &Stands::Permitted,
        Stands::Signing,
    );
    let Some(claimed) = claimed else {
        return Err(Refusal::bad("The SAD has been used"));
    };
    sandbox.permissions().0.remove(sad);
    sandbox.make_values(&claimed).await;
    let values = match sandbox.standing_of(version.code(), &request.code) {
        Some(Request {
            state: Stands::Signed(values),
            ..
        }) => values,
        _ => return Err(Refusal(500, "server_error", "signing failed".into())),
    };
    let signatures = in_order(&request, &hashes, &values);
    Ok(Json(json!({ "signatures": signatures })).into_response())
}

/// Values in the order of the digests of this call.
fn in_order(request: &Request, hashes: &[Vec<u8>], values: &[Signed]) -> Vec<String> {
    let asked: Vec<&[u8]> = request
        .asked
        .items
        .iter()
        .map(|item| item.digest.as_slice())
        .collect();
    if asked == hashes {
        return values.iter().map(|signed| b64(&signed.value)).collect();
    }
    hashes
        .iter()
        .filter_map(|hash| {
            let item = request
                .asked
                .items
                .iter()
                .find(|item| item.digest == *hash)?;
            let value = values.iter().find(|value| value.doc_id == item.doc_id)?;
            Some(b64(&value.value))
        })
        .collect()
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
