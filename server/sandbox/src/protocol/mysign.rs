//! Viettel MySign (integration document v1.8/1.9): a token for each person, digests in base64, states as text.

use super::{
    Fields, Read, TOKEN_SECONDS, b64, compact_time, object, right_credentials, standing,
    with_mistake,
};
use crate::Sandbox;
use crate::desk::{Asked, Item, Request, State as Stands};
use crate::key::Hash;
use crate::subscriber::{Credential, Standing};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const CODE: &str = "viettel-ca";
const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
/// Longest description and document name, in letters of base64.
const NAME_MAX: usize = 100;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/viettel-ca/vtss/service/ras/v1/login", post(login))
        .route(
            "/viettel-ca/vtss/service/certificates/info",
            post(certificates),
        )
        .route("/viettel-ca/vtss/service/signHash", post(sign))
        .route("/viettel-ca/vtss/service/requests/status", post(status))
}

/// HTTP status, code, and the reason for the log.
struct Refusal(u16, &'static str, String);

impl Refusal {
    fn bad(mistake: impl Into<String>) -> Self {
        Self(400, "invalid_request", mistake.into())
    }
}

impl From<Refusal> for Response {
    fn from(Refusal(http, code, mistake): Refusal) -> Self {
        let description = match code {
            "58007" => "client id unknown",
            "58008" => "user unknown",
            "59033" => "user or password invalid",
            "86024" => "client secret invalid",
            "13004" => "certificate expired or revoked",
            "invalid_token" => "the access token is missing, unknown or expired",
            _ => mistake.as_str(),
        };
        let http = StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": code, "error_description": description });
        with_mistake((http, Json(body)).into_response(), mistake)
    }
}

/// The number behind `CMT_`, `CCCD_` or nothing.
fn citizen(user: &str) -> Read<&str> {
    let number = user
        .strip_prefix("CMT_")
        .or_else(|| user.strip_prefix("CCCD_"))
        .unwrap_or(user);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(number)
    } else {
        Err("user_id is neither CMT_ with digits nor digits".into())
    }
}

fn admitted(fields: Fields<'_>) -> Result<(), Refusal> {
    let id = fields.text("client_id").map_err(Refusal::bad)?;
    let secret = fields.text("client_secret").map_err(Refusal::bad)?;
    if id != crate::CREDENTIALS.0 {
        return Err(Refusal(401, "58007", "client_id is unknown".into()));
    }
    if !right_credentials(id, secret) {
        return Err(Refusal(401, "86024", "client_secret is wrong".into()));
    }
    Ok(())
}

/// `profile_id` and `user_id`.
fn user<'a>(sandbox: &Sandbox, fields: Fields<'a>) -> Result<&'a str, Refusal> {
    let profile = fields.text("profile_id").map_err(Refusal::bad)?;
    if profile != "adss:ras:profile:001" {
        return Err(Refusal::bad("profile_id is not adss:ras:profile:001"));
    }
    let number = citizen(fields.text("user_id").map_err(Refusal::bad)?).map_err(Refusal::bad)?;
    if sandbox.subscribers.find(number).is_none() {
        return Err(Refusal(401, "58008", "user_id is unknown".into()));
    }
    Ok(number)
}

/// Whom the bearer token is for.
fn holder(sandbox: &Sandbox, headers: &HeaderMap) -> Result<String, Refusal> {
    sandbox
        .tokens()
        .holder(CODE, headers)
        .ok_or_else(|| Refusal(401, "invalid_token", "no valid bearer token".into()))
}

fn body(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    object(headers, body).map_err(Refusal::bad)
}

async fn login(State(sandbox): Shared, headers: HeaderMap, bytes: Bytes) -> Response {
    let entered = || -> Result<String, Refusal> {
        let fields = body(&headers, &bytes)?;
        admitted(Fields(&fields))?;
        Ok(user(&sandbox, Fields(&fields))?.to_owned())
    };
    match entered() {
        Ok(number) => {
            let token = sandbox.tokens().give(CODE, &number);
            Json(
                json!({ "access_token": token, "refresh_token": "", "token_type": "Bearer",
                         "expires_in": TOKEN_SECONDS.to_string() }),
            )
            .into_response()
        }
        Err(refusal) => refusal.into(),
    }
}

/// The provider's name of a certificate: not its serial.
fn credential_id(credential: &Credential) -> String {
    format!("VT-{}", credential.serial.get(..16).unwrap_or("0"))
}

fn algorithm(credential: &Credential) -> &'static str {
    if credential.kind.is_rsa() {
        "1.2.840.113549.1.1.1"
    } else {
        "1.2.840.10045.2.1"
    }
}

async fn certificates(State(sandbox): Shared, headers: HeaderMap, bytes: Bytes) -> Response {
    let asked = || -> Result<(String, bool), Refusal> {
        let fields = body(&headers, &bytes)?;
        let fields = Fields(&fields);
        let holder = holder(&sandbox, &headers)?;
        admitted(fields)?;
        if user(&sandbox, fields)? != holder {
            return Err(Refusal(
                401,
                "invalid_token",
                "the token is for somebody else".into(),
            ));
        }
        let depth = fields.text("certificates").map_err(Refusal::bad)?;
        if !["none", "single", "chain"].contains(&depth) {
            return Err(Refusal::bad("certificates is not none, single or chain"));
        }
        for key in ["certInfo", "authInfo"] {
            if !fields.0.get(key).is_some_and(Value::is_boolean) {
                return Err(Refusal::bad(format!("{key} is missing or no boolean")));
            }
        }
        Ok((holder, depth == "chain"))
    };
    let (account, chain) = match asked() {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into(),
    };
    let (issuing, root) = &sandbox.subscribers.chain;
    let list: Vec<Value> = sandbox
        .listed_credentials(CODE, &account)
        .await
        .iter()
        .map(|credential| {
            let mut certificates = vec![b64(&credential.certificate)];
            if chain {
                certificates.extend([b64(issuing), b64(root)]);
            }
            let standing = standing(&sandbox, CODE, credential);
            let words = match standing {
                Standing::Good => "valid",
                Standing::Expired => "expired",
                Standing::Revoked => "revoked",
                Standing::Suspended => "suspended",
            };
            json!({
                "description": "MySign",
                "key": { "status": if standing == Standing::Good { "enabled" } else { "disabled" },
                         "algo": [algorithm(credential)], "len": credential.kind.bits().to_string() },
                "cert": { "status": words, "certificates": certificates, "issuerDN": credential.issuer,
                          "serialNumber": credential.serial, "subjectDN": credential.subject,
                          "validFrom": offset_time(credential.from), "validTo": offset_time(credential.to) },
                "authMode": "implicit", "multisign": "2147483647",
                "credential_id": credential_id(credential), "scal": "2",
            })
        })
        .collect();
    Json(list).into_response()
}

/// `20221017043150+0000`.
fn offset_time(seconds: u64) -> String {
    compact_time(seconds).replace('Z', "+0000")
}

/// Base64 of ASCII letters, digits, `_`, `-` and blanks, short.
fn plain_name(text: &str) -> Read<String> {
    if text.len() >= NAME_MAX {
        return Err(format!("{} letters of base64, at most 99", text.len()));
    }
    let bytes = STANDARD.decode(text).map_err(|_| "no base64")?;
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ');
    if !bytes.iter().all(allowed) {
        return Err("other letters than A-Z a-z 0-9 _ - and blanks".into());
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// A request to sign, read.
struct Order {
    credential: String,
    description: String,
    items: Vec<Item>,
    algorithm: String,
    /// 0 waits, 1 and 2 are asked for, 3 is called back.
    mode: u64,
}

fn order(fields: Fields<'_>) -> Read<Order> {
    let description = plain_name(fields.text("description")?)
        .map_err(|mistake| format!("description: {mistake}"))?;
    if fields.text("hashAlgo")? != SHA_256 {
        return Err("hashAlgo is not that of SHA-256".into());
    }
    let hashes = fields.hashes("hash", Hash::Sha256.size())?;
    let documents = fields.list("documents")?;
    let number = fields.number("numSignatures")?;
    if u64::try_from(hashes.len()) != Ok(number) || documents.len() != hashes.len() {
        return Err("numSignatures, hash and documents are not equally many".into());
    }
    let items = documents
        .iter()
        .zip(hashes)
        .map(|(document, digest)| {
            let document = Fields(document.as_object().ok_or("documents: no object")?);
            plain_name(document.text("document_name")?)
                .map_err(|mistake| format!("document_name: {mistake}"))?;
            Ok(Item {
                doc_id: document.text("document_id")?.to_owned(),
                digest,
            })
        })
        .collect::<Read<Vec<Item>>>()?;
    let mode = fields.number("async")?;
    if mode > 3 {
        return Err("async is not 0, 1, 2 or 3".into());
    }
    Ok(Order {
        credential: fields.text("credentialID")?.to_owned(),
        description,
        items,
        algorithm: fields.text("signAlgo")?.to_owned(),
        mode,
    })
}

async fn sign(State(sandbox): Shared, headers: HeaderMap, bytes: Bytes) -> Response {
    let (request, mode) = match taken(&sandbox, &headers, &bytes).await {
        Ok(taken) => taken,
        Err(refusal) => return refusal.into(),
    };
    if mode == 0 {
        return match sandbox.decided(CODE, &request.code).await {
            Some(decided) => waited(&decided),
            None => Refusal(500, "50000", "the transaction is gone".into()).into(),
        };
    }
    Json(json!({ "transactionId": request.code })).into_response()
}

async fn taken(
    sandbox: &Arc<Sandbox>,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<(Request, u64), Refusal> {
    let fields = body(headers, bytes)?;
    let fields = Fields(&fields);
    let holder = holder(sandbox, headers)?;
    admitted(fields)?;
    let order = order(fields).map_err(Refusal::bad)?;
    let credential = sandbox
        .credentials(CODE, &holder)
        .await
        .into_iter()
        .find(|credential| credential_id(credential) == order.credential)
        .ok_or_else(|| Refusal::bad("credentialID is unknown for this token"))?;
    if algorithm(&credential) != order.algorithm {
        return Err(Refusal::bad("signAlgo does not fit the key"));
    }
    if standing(sandbox, CODE, &credential) != Standing::Good {
        return Err(Refusal(
            400,
            "13004",
            "the certificate may not be used".into(),
        ));
    }
    let webhook = (order.mode == 3).then(|| sandbox.webhook(CODE)).flatten();
    if order.mode == 3 && webhook.is_none() {
        return Err(Refusal::bad("async 3, but no webhook is registered"));
    }
    let asked = Asked {
        provider: CODE,
        transaction: String::new(),
        known_by_callers_number: false,
        account: holder,
        serial: credential.serial.clone(),
        description: order.description,
        hash: Hash::Sha256,
        items: order.items,
        permission_only: false,
        webhook,
    };
    match sandbox.open(asked) {
        Ok(request) => Ok((request, order.mode)),
        Err(_) => Err(Refusal::bad("the transaction exists")),
    }
}

/// The state's number.
pub(crate) const fn number(state: &Stands) -> &'static str {
    match state {
        Stands::Signed(_) => "1",
        Stands::Waiting => "4000",
        Stands::Signing | Stands::Permitted => "6000",
        Stands::Expired => "4001",
        Stands::Rejected => "4002",
        // Not in Viettel's list; the number VNPT's older interface has for it, which otherwise shares Viettel's.
        Stands::PinLocked => "4003",
        Stands::Failed => "4004",
    }
}

fn values(request: &Request) -> Vec<String> {
    match &request.state {
        Stands::Signed(values) => values.iter().map(|signed| b64(&signed.value)).collect(),
        _ => Vec::new(),
    }
}

/// The answer of a call that waited.
fn waited(request: &Request) -> Response {
    if matches!(request.state, Stands::Signed(_)) {
        return Json(json!({ "signatures": values(request) })).into_response();
    }
    let body =
        json!({ "error": number(&request.state), "error_description": request.state.word() });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

async fn status(State(sandbox): Shared, headers: HeaderMap, bytes: Bytes) -> Response {
    let asked = || -> Result<Request, Refusal> {
        let fields = body(&headers, &bytes)?;
        let holder = holder(&sandbox, &headers)?;
        let transaction = Fields(&fields)
            .text("transactionId")
            .map_err(Refusal::bad)?;
        sandbox
            .standing_of(CODE, transaction)
            .filter(|request| request.asked.account == holder)
            .ok_or_else(|| Refusal::bad("transactionId is unknown for this token"))
    };
    match asked() {
        Ok(request) => {
            let signatures = values(&request);
            let mut answer = json!({ "status": number(&request.state) });
            if !signatures.is_empty() {
                answer["signatures"] = signatures.into();
            }
            Json(answer).into_response()
        }
        Err(refusal) => refusal.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_base64_of_plain_letters_and_short() {
        let written = |text: &str| plain_name(&STANDARD.encode(text));
        assert_eq!(written("Ma doi chieu 4821"), Ok("Ma doi chieu 4821".into()));
        assert!(written("Mã đối chiếu").is_err());
        assert!(written(&"a".repeat(75)).is_err());
        assert!(plain_name("Ma doi chieu").is_err());
    }

    #[test]
    fn accounts_come_with_or_without_their_kind() {
        assert_eq!(citizen("CMT_062099000011"), Ok("062099000011"));
        assert_eq!(citizen("062099000011"), Ok("062099000011"));
        assert!(citizen("CMT_").is_err());
        assert!(citizen("nobody").is_err());
    }
}
