//! SP769 in VNPT's form, for each provider under its own prefix.

use crate::desk::{Fault, Request, State as RequestState, now};
use crate::{CREDENTIALS, PROVIDERS, Sandbox};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::{Serial, Sha256};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

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

fn answer(code: u16, message: &str, data: Value) -> Response {
    let http = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    (
        http,
        Json(json!({ "status_code": code, "message": message, "data": data })),
    )
        .into_response()
}

fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Refuses what every call refuses.
fn refused(sandbox: &Sandbox, ca: &str, body: &Value) -> Option<Response> {
    if !PROVIDERS.iter().any(|(code, _)| *code == ca) {
        return Some(answer(404, "NOT_FOUND", Value::Null));
    }
    if sandbox.desk().fault == Fault::Down {
        return Some(answer(503, "SERVER_INTERNAL_ERROR", Value::Null));
    }
    if (text(body, "sp_id"), text(body, "sp_password")) != CREDENTIALS {
        return Some(answer(401, "SP_CREDENTIAL_INVALID", Value::Null));
    }
    None
}

async fn certificates(
    State(sandbox): Shared,
    Path(ca): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refusal) = refused(&sandbox, &ca, &body) {
        return refusal;
    }
    let Some(person) = sandbox.subscribers.find(text(&body, "user_id")) else {
        return answer(200, "Success", json!({ "user_certificates": [] }));
    };
    let (issuing, root) = &sandbox.subscribers.chain;
    let list: Vec<Value> = person
        .credentials(&ca)
        .map(|credential| {
            // Real answers break base64 into lines.
            let der = STANDARD.encode(&credential.certificate);
            let broken: Vec<&str> = der.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
            let ended = credential.to < now();
            json!({
                "service_type": "SMARTCA", "service_name": "SMARTCA PERSONAL PRO", "cert_id": credential.serial,
                "cert_status": if ended { "Hết hạn" } else { "Đang hoạt động" },
                "cert_status_code": if ended { "EXPIRED" } else { "VALID" },
                "serial_number": credential.serial, "cert_subject": credential.subject,
                "cert_valid_from": credential.from, "cert_valid_to": credential.to,
                "cert_data": broken.join("\r\n"),
                "chain_data": { "ca_cert": STANDARD.encode(issuing), "root_cert": STANDARD.encode(root) },
            })
        })
        .collect();
    answer(200, "Success", json!({ "user_certificates": list }))
}

async fn sign(State(sandbox): Shared, Path(ca): Path<String>, Json(body): Json<Value>) -> Response {
    if let Some(refusal) = refused(&sandbox, &ca, &body) {
        return refusal;
    }
    let Some(person) = sandbox.subscribers.find(text(&body, "user_id")) else {
        return answer(401, "SP_CREDENTIAL_INVALID", Value::Null);
    };
    let wanted = text(&body, "serial_number").parse::<Serial>();
    let credential = person
        .credentials(&ca)
        .find(|credential| credential.serial.parse::<Serial>() == wanted);
    let Some(credential) = credential else {
        return answer(403, "CREDENTIAL_STATUS_INVALID", Value::Null);
    };
    if credential.to < now() {
        return answer(403, "CREDENTIAL_STATUS_INVALID", Value::Null);
    }
    let items: Option<Vec<(String, [u8; 32])>> = body
        .get("sign_files")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|item| {
            let digest = Sha256::try_from(text(item, "data_to_be_signed").to_owned()).ok()?;
            (text(item, "sign_type") == "hash").then(|| (text(item, "doc_id").to_owned(), digest.0))
        })
        .collect();
    let transaction = text(&body, "transaction_id").to_owned();
    let Some(items) = items.filter(|items| !items.is_empty() && !transaction.is_empty()) else {
        return answer(400, "BAD_REQUEST", Value::Null);
    };
    let code = uuid::Uuid::new_v4().to_string();
    let (added, lost, lifetime) = {
        let mut desk = sandbox.desk();
        let lifetime = desk.lifetime_seconds;
        let added = desk.add(Request {
            provider: ca,
            transaction: transaction.clone(),
            code: code.clone(),
            account: person.citizen_id.clone(),
            serial: credential.serial.clone(),
            description: text(&body, "transaction_desc").to_owned(),
            items,
            expires_at: now() + lifetime,
            state: RequestState::Waiting,
        });
        (added, desk.fault == Fault::LostAnswer, lifetime)
    };
    if !added {
        return answer(400, "TRANSACTION_ID_EXISTED", Value::Null);
    }
    if lost {
        tokio::time::sleep(Duration::from_secs(120)).await;
    }
    answer(
        200,
        "sig_wait_for_user_confirm",
        json!({ "transaction_id": transaction, "tran_code": code, "expired_in": lifetime }),
    )
}

async fn status(
    State(sandbox): Shared,
    Path((ca, number)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refusal) = refused(&sandbox, &ca, &body) {
        return refusal;
    }
    let mut desk = sandbox.desk();
    let Some(request) = desk.find(&ca, &number) else {
        return answer(404, "TRANSACTION_NOT_FOUND", Value::Null);
    };
    let data = json!({ "transaction_id": request.transaction });
    match &request.state {
        RequestState::Signed(values) => {
            let signatures: Vec<Value> = values
                .iter()
                .map(|(doc_id, value)| {
                    json!({ "doc_id": doc_id, "signature_value": STANDARD.encode(value), "timestamp_signature": null })
                })
                .collect();
            answer(
                200,
                "SUCCESS",
                json!({ "transaction_id": request.transaction, "signatures": signatures }),
            )
        }
        RequestState::Rejected => answer(200, "REJECTED", data),
        RequestState::PinLocked => answer(200, "PIN_LOCKED", data),
        RequestState::Waiting if request.expires_at <= now() => answer(200, "EXPIRED", data),
        RequestState::Waiting => answer(200, "sig_wait_for_user_confirm", data),
    }
}
