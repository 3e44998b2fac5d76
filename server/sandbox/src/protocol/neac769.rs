//! The profile of Decision 769/QĐ-BTTTT in VNPT's form (guide v4), for each provider under its own prefix.

use super::{
    Fields, Read, b64, b64_lines, long_time, object, right_credentials, standing, with_mistake,
};
use crate::Sandbox;
use crate::desk::{Asked, Item, Request, State as Stands, Value as Signed};
use crate::key::Hash;
use crate::providers::provider;
use crate::subscriber::{Credential, Standing};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/{ca}/v1/credentials/get_certificate", post(certificates))
        .route("/{ca}/v1/signatures/sign", post(sign))
        .route(
            "/{ca}/v1/signatures/sign/{transaction}/status",
            post(status),
        )
}

/// Why a call is refused, in the words of the decision.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) message: &'static str,
    /// For the log.
    pub(super) mistake: String,
}

impl Refusal {
    pub(super) fn new(code: u16, message: &'static str, mistake: impl Into<String>) -> Self {
        Self {
            code,
            message,
            mistake: mistake.into(),
        }
    }

    pub(super) fn bad(mistake: impl Into<String>) -> Self {
        Self::new(400, "BAD_REQUEST", mistake)
    }
}

/// VNPT's envelope.
pub(super) fn answer(code: u16, message: &str, data: Value) -> Response {
    let http = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    (
        http,
        Json(json!({ "status_code": code, "message": message, "data": data })),
    )
        .into_response()
}

fn refuse(refusal: Refusal) -> Response {
    with_mistake(
        answer(refusal.code, refusal.message, Value::Null),
        refusal.mistake,
    )
}

/// `sp_id` and `sp_password`.
pub(super) fn admitted(fields: Fields<'_>) -> Result<(), Refusal> {
    let refused = |mistake| Refusal::new(401, "SP_CREDENTIAL_INVALID", mistake);
    let name = fields.text("sp_id").map_err(refused)?;
    let secret = fields.text("sp_password").map_err(refused)?;
    if right_credentials(name, secret) {
        Ok(())
    } else {
        Err(refused("sp_id or sp_password is wrong".into()))
    }
}

/// How a digest may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digests {
    Hex,
    HexOrBase64,
}

fn digest(text: &str, accepted: Digests) -> Read<Vec<u8>> {
    let lower_hex = text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if lower_hex {
        return hex::decode(text).map_err(|error| error.to_string());
    }
    use base64::Engine as _;
    match base64::engine::general_purpose::STANDARD.decode(text) {
        Ok(bytes) if accepted == Digests::HexOrBase64 && bytes.len() == 32 => Ok(bytes),
        _ if accepted == Digests::Hex => {
            Err("data_to_be_signed is not 64 lower-case hexadecimal digits".into())
        }
        _ => {
            Err("data_to_be_signed is neither 64 hexadecimal digits nor base64 of 32 bytes".into())
        }
    }
}

/// `sign_files`; `file_type` and `sign_type` stand in the item or, in the annex, in `file_options`.
pub(super) fn items(fields: Fields<'_>, accepted: Digests) -> Read<Vec<Item>> {
    let mut seen = HashSet::new();
    fields
        .list("sign_files")?
        .iter()
        .map(|item| {
            let item = item.as_object().ok_or("sign_files: no object")?;
            let item = Fields(item);
            let options = match item.0.get("file_options") {
                Some(Value::Object(options)) => Fields(options),
                Some(_) => return Err("file_options is no object".into()),
                None => item,
            };
            options.text("file_type")?;
            if options.text("sign_type")? != "hash" {
                return Err("sign_type is not hash: only digests are signed here".into());
            }
            let doc_id = item.text("doc_id")?;
            if !seen.insert(doc_id) {
                return Err("doc_id occurs twice".to_owned());
            }
            Ok(Item {
                doc_id: doc_id.to_owned(),
                digest: digest(item.text("data_to_be_signed")?, accepted)?,
            })
        })
        .collect()
}

/// `time_stamp`: `YYYYMMDDHHMMSS` with or without `Z`, or nothing.
pub(super) fn time_stamp(fields: Fields<'_>) -> Read<()> {
    let Some(text) = fields.optional("time_stamp")? else {
        return Ok(());
    };
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err("time_stamp is not YYYYMMDDHHMMSSZ".into())
    }
}

/// `urlWebhook`: where the result is to be posted, if the request says so.
pub(super) fn webhook(fields: Fields<'_>) -> Read<Option<String>> {
    match fields.optional("urlWebhook")? {
        Some(address) if !crate::post::is_address(address) => {
            Err("urlWebhook is not http://host/path: the sandbox posts without TLS".into())
        }
        other => Ok(other.map(str::to_owned)),
    }
}

/// The account of a request: digits.
pub(super) fn account(fields: Fields<'_>) -> Read<&str> {
    let account = fields.text("user_id")?;
    if account.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(account)
    } else {
        Err("user_id is not all digits".into())
    }
}

/// The certificate a request to sign means, if it may sign.
pub(super) async fn chosen(
    sandbox: &Arc<Sandbox>,
    provider: &'static str,
    fields: Fields<'_>,
) -> Result<Arc<Credential>, Refusal> {
    let account = account(fields).map_err(Refusal::bad)?;
    if sandbox.subscribers.find(account).is_none() {
        return Err(Refusal::new(
            401,
            "SP_CREDENTIAL_INVALID",
            "user_id is unknown",
        ));
    }
    let known = sandbox.credentials(provider, account).await;
    let wanted = fields.optional("serial_number").map_err(Refusal::bad)?;
    let found = match wanted {
        Some(serial) => known.into_iter().find(|credential| {
            credential
                .serial
                .trim_start_matches('0')
                .eq_ignore_ascii_case(serial.trim_start_matches('0'))
        }),
        None if known.len() == 1 => known.into_iter().next(),
        None => {
            return Err(Refusal::bad(
                "serial_number is missing and there are several certificates",
            ));
        }
    };
    let unusable = |mistake| Refusal::new(403, "CREDENTIAL_STATUS_INVALID", mistake);
    let found = found.ok_or_else(|| unusable("no certificate of this serial_number"))?;
    match standing(sandbox, provider, &found) {
        Standing::Good => Ok(found),
        Standing::Expired => Err(unusable("the certificate is expired")),
        Standing::Revoked => Err(unusable("the certificate is revoked")),
        Standing::Suspended => Err(unusable("the certificate is suspended")),
    }
}

/// Vietnamese text and code of a certificate's state.
pub(super) const fn state_words(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Good => ("Đang hoạt động", "VALID"),
        Standing::Expired => ("Hết hạn", "EXPIRED"),
        Standing::Revoked => ("Đã thu hồi", "REVOKED"),
        Standing::Suspended => ("Tạm dừng", "SUSPENDED"),
    }
}

/// One certificate in VNPT's form.
pub(super) fn listed(sandbox: &Sandbox, provider: &str, credential: &Credential) -> Value {
    let (issuing, root) = &sandbox.subscribers.chain;
    let (words, code) = state_words(standing(sandbox, provider, credential));
    json!({
        "service_type": "SMARTCA", "service_name": "SMARTCA PERSONAL PRO", "cert_id": credential.serial,
        "cert_status": words, "cert_status_code": code,
        "serial_number": credential.serial, "cert_subject": credential.subject,
        "cert_valid_from": long_time(credential.from), "cert_valid_to": long_time(credential.to),
        // Real answers break base64 into lines.
        "cert_data": b64_lines(&credential.certificate),
        "chain_data": { "ca_cert": b64(issuing), "root_cert": b64(root) },
    })
}

/// Values as `signatures` or `signed_files`.
pub(super) fn signed(values: &[Signed]) -> Vec<Value> {
    values
        .iter()
        .map(|signed| {
            json!({ "doc_id": signed.doc_id, "signature_value": b64(&signed.value), "timestamp_signature": null })
        })
        .collect()
}

async fn certificates(
    State(sandbox): Shared,
    Path(ca): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(provider) = provider(&ca) else {
        return refuse(Refusal::new(404, "NOT_FOUND", "no such provider"));
    };
    let fields = match object(&headers, &body) {
        Ok(fields) => fields,
        Err(mistake) => return refuse(Refusal::bad(mistake)),
    };
    let fields = Fields(&fields);
    if let Err(refusal) = admitted(fields) {
        return refuse(refusal);
    }
    let account = match account(fields) {
        Ok(account) => account,
        Err(mistake) => return refuse(Refusal::bad(mistake)),
    };
    let list: Vec<Value> = sandbox
        .listed_credentials(provider.code, account)
        .await
        .iter()
        .map(|credential| listed(&sandbox, provider.code, credential))
        .collect();
    answer(200, "Success", json!({ "user_certificates": list }))
}

async fn sign(
    State(sandbox): Shared,
    Path(ca): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match taken(&sandbox, &ca, &headers, &body).await {
        Ok(request) => answer(
            200,
            "sig_wait_for_user_confirm",
            json!({ "transaction_id": request.asked.transaction, "tran_code": request.code,
                    "expired_in": request.expires_at - request.created_at }),
        ),
        Err(refusal) => refuse(refusal),
    }
}

async fn taken(
    sandbox: &Arc<Sandbox>,
    ca: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Request, Refusal> {
    let provider =
        provider(ca).ok_or_else(|| Refusal::new(404, "NOT_FOUND", "no such provider"))?;
    let fields = object(headers, body).map_err(Refusal::bad)?;
    let fields = Fields(&fields);
    admitted(fields)?;
    let transaction = fields.text("transaction_id").map_err(Refusal::bad)?;
    time_stamp(fields).map_err(Refusal::bad)?;
    let items = items(fields, Digests::Hex).map_err(Refusal::bad)?;
    let description = fields
        .optional("transaction_desc")
        .map_err(Refusal::bad)?
        .unwrap_or_default();
    let credential = chosen(sandbox, provider.code, fields).await?;
    sandbox
        .open(Asked {
            provider: provider.code,
            transaction: transaction.to_owned(),
            known_by_callers_number: true,
            account: account(fields).map_err(Refusal::bad)?.to_owned(),
            serial: credential.serial.clone(),
            description: description.to_owned(),
            hash: Hash::Sha256,
            items,
            permission_only: false,
            webhook: webhook(fields).map_err(Refusal::bad)?,
        })
        .map_err(|_| {
            Refusal::new(
                400,
                "TRANSACTION_ID_EXISTED",
                "transaction_id was used before",
            )
        })
}

/// VNPT's words for how a request stands.
pub(super) const fn word(state: &Stands) -> &'static str {
    match state {
        Stands::Signed(_) => "SUCCESS",
        Stands::Rejected => "REJECTED",
        Stands::PinLocked => "PIN_LOCKED",
        Stands::Expired => "EXPIRED",
        Stands::Failed => "SIGN_FAILED",
        Stands::Waiting | Stands::Signing | Stands::Permitted => "sig_wait_for_user_confirm",
    }
}

async fn status(
    State(sandbox): Shared,
    Path((ca, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(provider) = provider(&ca) else {
        return refuse(Refusal::new(404, "NOT_FOUND", "no such provider"));
    };
    // The guide's samples send an empty body or `{}`; some clients send their credentials again.
    let fields = if body.is_empty() {
        Ok(serde_json::Map::new())
    } else {
        object(&headers, &body)
    };
    let fields = match fields {
        Ok(fields) => fields,
        Err(mistake) => return refuse(Refusal::bad(mistake)),
    };
    if fields.contains_key("sp_id")
        && let Err(refusal) = admitted(Fields(&fields))
    {
        return refuse(refusal);
    }
    let Some(request) = sandbox.standing_of(provider.code, &number) else {
        return refuse(Refusal::new(
            404,
            "TRANSACTION_NOT_FOUND",
            "no such transaction",
        ));
    };
    let transaction = &request.asked.transaction;
    let data = match &request.state {
        Stands::Signed(values) => {
            json!({ "transaction_id": transaction, "signatures": signed(values) })
        }
        _ => json!({ "transaction_id": transaction }),
    };
    answer(200, word(&request.state), data)
}
