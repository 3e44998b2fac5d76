//! CA2 (Nacencomm): Decision 769 by paths of its own, `urlWebhook` in the request, and every answer inside HTTP 200.
//!
//! Field names and the codes of a waiting transaction (1001, 102) are those a public client reads. That errors come inside
//! HTTP 200, and in Vietnamese, is this sandbox's choice: both occur in the field.

use super::neac769::{
    Digests, Refusal, account, admitted, chosen, items, listed, signed, time_stamp, webhook,
};
use super::{Fields, b64, object, with_mistake};
use crate::Sandbox;
use crate::desk::{Asked, Request, State as Stands};
use crate::key::Hash;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use std::sync::Arc;

const CODE: &str = "ca2";

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/ca2/rssp/v2/neac/get_certificate", post(certificates))
        .route("/ca2/api/data/sign", post(sign))
        .route("/ca2/api/data/status", post(status))
}

fn answer(code: u16, message: &str, data: Value) -> Response {
    Json(json!({ "status_code": code, "message": message, "data": data })).into_response()
}

fn refuse(refusal: Refusal) -> Response {
    let message = match refusal.code {
        401 => "Thông tin xác thực không hợp lệ",
        403 => "Chứng thư số không hợp lệ",
        404 => "Không tìm thấy giao dịch",
        _ => "Dữ liệu không hợp lệ",
    };
    with_mistake(answer(refusal.code, message, Value::Null), refusal.mistake)
}

/// The fields CA2's client always sends, empty or not.
fn begun(headers: &HeaderMap, body: &[u8], keys: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let fields = object(headers, body).map_err(Refusal::bad)?;
    admitted(Fields(&fields))?;
    for key in keys {
        if !fields.get(*key).is_some_and(Value::is_string) {
            return Err(Refusal::bad(format!("{key} is missing or no text")));
        }
    }
    Ok(fields)
}

async fn certificates(State(sandbox): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let fields = match begun(
        &headers,
        &body,
        &["user_id", "serial_number", "transaction_id"],
    ) {
        Ok(fields) => fields,
        Err(refusal) => return refuse(refusal),
    };
    let account = match account(Fields(&fields)) {
        Ok(account) => account,
        Err(mistake) => return refuse(Refusal::bad(mistake)),
    };
    let (issuing, root) = &sandbox.subscribers.chain;
    let list: Vec<Value> = sandbox
        .listed_credentials(CODE, account)
        .await
        .iter()
        .map(|credential| {
            let mut entry = listed(&sandbox, CODE, credential);
            entry["serial_number"] = credential.serial.to_uppercase().into();
            entry["cert_data"] = b64(&credential.certificate).into();
            entry["chain_data"] = json!({ "ca_cert": b64(issuing), "root_cert": b64(root) });
            entry
        })
        .collect();
    answer(
        200,
        "Lấy chứng thư số thành công",
        json!({ "user_certificates": list }),
    )
}

async fn sign(State(sandbox): Shared, headers: HeaderMap, body: Bytes) -> Response {
    match taken(&sandbox, &headers, &body).await {
        Ok(request) => {
            let number = &request.asked.transaction;
            answer(
                200,
                &format!("Đang chờ xác thực PIN. Mã giao dịch: {number}"),
                json!({ "transaction_id": number }),
            )
        }
        Err(refusal) => refuse(refusal),
    }
}

async fn taken(
    sandbox: &Arc<Sandbox>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Request, Refusal> {
    let fields = begun(
        headers,
        body,
        &["user_id", "serial_number", "transaction_id", "time_stamp"],
    )?;
    let fields = Fields(&fields);
    let transaction = fields.text("transaction_id").map_err(Refusal::bad)?;
    time_stamp(fields).map_err(Refusal::bad)?;
    let webhook = webhook(fields).map_err(Refusal::bad)?;
    let items = items(fields, Digests::Hex).map_err(Refusal::bad)?;
    let description = fields
        .optional("transaction_desc")
        .map_err(Refusal::bad)?
        .unwrap_or_default();
    let credential = chosen(sandbox, CODE, fields).await?;
    sandbox
        .open(Asked {
            provider: CODE,
            transaction: transaction.to_owned(),
            known_by_callers_number: true,
            account: account(fields).map_err(Refusal::bad)?.to_owned(),
            serial: credential.serial.clone(),
            description: description.to_owned(),
            hash: Hash::Sha256,
            items,
            permission_only: false,
            webhook,
        })
        .map_err(|_| Refusal::bad("transaction_id was used before"))
}

async fn status(State(sandbox): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let fields = match begun(&headers, &body, &["user_id", "transaction_id"]) {
        Ok(fields) => fields,
        Err(refusal) => return refuse(refusal),
    };
    let number = fields["transaction_id"].as_str().unwrap_or_default();
    let Some(request) = sandbox.standing_of(CODE, number) else {
        return refuse(Refusal::new(404, "", "no such transaction"));
    };
    let data = json!({ "transaction_id": request.asked.transaction });
    match &request.state {
        Stands::Signed(values) => answer(
            200,
            "Ký số thành công",
            json!({ "transaction_id": request.asked.transaction, "signed_files": signed(values) }),
        ),
        // Both codes of the same state occur.
        Stands::Waiting if request.count.asked % 2 == 1 => {
            answer(1001, "Đang chờ xác thực PIN", data)
        }
        Stands::Waiting | Stands::Signing | Stands::Permitted => {
            answer(102, "Giao dịch đang xử lý", data)
        }
        Stands::Rejected => answer(400, "Người dùng từ chối ký", data),
        Stands::PinLocked => answer(400, "Tài khoản bị khóa do nhập sai mã PIN", data),
        Stands::Expired => answer(400, "Giao dịch đã hết hạn", data),
        Stands::Failed => answer(500, "Ký số thất bại", data),
    }
}
