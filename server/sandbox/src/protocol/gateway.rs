//! The national gateway in hash mode: `ca_name` is required and checked, and the gateway gives transactions a number of its own.
//!
//! Base addresses are `/{provider}` for one CA, and `/gateway` for all. Its specification is handed out on registration and not
//! public: fields are those that public clients send, the separate status call is an assumption.

use super::neac769::{
    Digests, Refusal, account, admitted, answer, chosen, items, listed, signed, time_stamp,
    webhook, word,
};
use super::{Fields, b64, object, with_mistake};
use crate::Sandbox;
use crate::desk::{Asked, Request, State as Stands};
use crate::key::Hash;
use crate::providers::{Manner, PROVIDERS, Provider};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/{ca}/sign_v2/get_certificate", post(certificates))
        .route("/{ca}/sign_v2/sign", post(sign))
        .route("/{ca}/sign_v2/sign/{transaction}/status", post(status))
}

/// The envelope: numbers, or text in the annex.
fn enveloped(manner: Manner, code: u16, message: &str, data: Value) -> Response {
    if manner != Manner::Annex {
        return answer(code, message, data);
    }
    let http = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    (
        http,
        Json(json!({ "code": code.to_string(), "message": message, "data": data })),
    )
        .into_response()
}

/// A refusal, and how it is to be written.
struct Refused(Manner, Refusal);

impl From<Refused> for Response {
    fn from(Refused(manner, refusal): Refused) -> Self {
        let response = enveloped(manner, refusal.code, refusal.message, Value::Null);
        with_mistake(response, refusal.mistake)
    }
}

/// The CA by `ca_name`, which has to fit the address.
fn named(code: &str, fields: &Map<String, Value>) -> Result<&'static Provider, Refused> {
    let refused = |refusal| Refused(Manner::Usual, refusal);
    let name = Fields(fields)
        .text("ca_name")
        .map_err(|mistake| refused(Refusal::bad(mistake)))?;
    let found = PROVIDERS
        .iter()
        .find(|provider| provider.ca_name == Some(name))
        .ok_or_else(|| {
            refused(Refusal::bad(format!(
                "ca_name {name:?} is not on the gateway's list"
            )))
        })?;
    if code != "gateway" && code != found.code {
        return Err(refused(Refusal::bad(format!(
            "ca_name {name:?} does not belong to /{code}"
        ))));
    }
    Ok(found)
}

/// What every call begins with.
fn begun(
    code: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Map<String, Value>, &'static Provider), Refused> {
    let fields =
        object(headers, body).map_err(|mistake| Refused(Manner::Usual, Refusal::bad(mistake)))?;
    admitted(Fields(&fields)).map_err(|refusal| Refused(Manner::Usual, refusal))?;
    let provider = named(code, &fields)?;
    Ok((fields, provider))
}

async fn certificates(
    State(sandbox): Shared,
    Path(ca): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (fields, provider) = match begun(&ca, &headers, &body) {
        Ok(begun) => begun,
        Err(refused) => return refused.into(),
    };
    let manner = provider.manner;
    let account = match account(Fields(&fields)) {
        Ok(account) => account,
        Err(mistake) => return Refused(manner, Refusal::bad(mistake)).into(),
    };
    let known = sandbox.listed_credentials(provider.code, account).await;
    if manner == Manner::Annex {
        let (issuing, root) = &sandbox.subscribers.chain;
        let list: Vec<Value> = known
            .iter()
            .map(|credential| {
                json!({ "cert_id": credential.serial, "cert_data": b64(&credential.certificate),
                        "chain_data": [b64(issuing), b64(root)], "serial_number": credential.serial.to_uppercase(),
                        "transaction_id": uuid::Uuid::new_v4().to_string() })
            })
            .collect();
        return enveloped(manner, 200, "Lấy chứng thư thành công", list.into());
    }
    let list: Vec<Value> = known
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
    let (fields, provider) = match begun(&ca, &headers, &body) {
        Ok(begun) => begun,
        Err(refused) => return refused.into(),
    };
    let manner = provider.manner;
    let request = match taken(&sandbox, provider, Fields(&fields)).await {
        Ok(request) => request,
        Err(refusal) => return Refused(manner, refusal).into(),
    };
    if sandbox.answers_when_decided(provider.code)
        && let Some(decided) = sandbox.decided(provider.code, &request.code).await
    {
        return result(manner, &decided);
    }
    let data = match manner {
        Manner::Annex => json!({ "transaction_id": request.code, "signed_files": null }),
        _ => json!({ "transaction_id": request.code,
                     "expired_in": request.expires_at - request.created_at }),
    };
    enveloped(manner, 200, "sig_wait_for_user_confirm", data)
}

async fn taken(
    sandbox: &Arc<Sandbox>,
    provider: &'static Provider,
    fields: Fields<'_>,
) -> Result<Request, Refusal> {
    time_stamp(fields).map_err(Refusal::bad)?;
    let items = items(fields, Digests::HexOrBase64).map_err(Refusal::bad)?;
    let text = |key| -> Result<String, Refusal> {
        let text = fields.optional(key).map_err(Refusal::bad)?;
        Ok(text.unwrap_or_default().to_owned())
    };
    let credential = chosen(sandbox, provider.code, fields).await?;
    sandbox
        .open(Asked {
            provider: provider.code,
            transaction: text("transaction_id")?,
            known_by_callers_number: provider.manner != Manner::OwnNumberOnly,
            account: account(fields).map_err(Refusal::bad)?.to_owned(),
            serial: credential.serial.clone(),
            description: text("transaction_desc")?,
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

fn result(manner: Manner, request: &Request) -> Response {
    let data = match &request.state {
        Stands::Signed(values) => {
            json!({ "transaction_id": request.code, "signed_files": signed(values) })
        }
        _ => json!({ "transaction_id": request.code, "signed_files": null }),
    };
    enveloped(manner, 200, word(&request.state), data)
}

async fn status(
    State(sandbox): Shared,
    Path((ca, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (_, provider) = match begun(&ca, &headers, &body) {
        Ok(begun) => begun,
        Err(refused) => return refused.into(),
    };
    match sandbox.standing_of(provider.code, &number) {
        Some(request) => result(provider.manner, &request),
        None => Refused(
            provider.manner,
            Refusal::new(404, "TRANSACTION_NOT_FOUND", "no such transaction"),
        )
        .into(),
    }
}
