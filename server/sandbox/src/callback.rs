//! Posting results to who asked for them: webhooks of Decision 769 and of MySign.

use crate::Sandbox;
use crate::desk::{Request, State};
use crate::fault::{Call, Fault};
use crate::post::{PostError, post};
use crate::protocol::{b64, mysign};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

impl Sandbox {
    /// Posts how a request ended, when anybody wants to hear it. Returns at once.
    pub(crate) fn call_back(self: &Arc<Self>, provider: &'static str, code: &str) {
        let Some(request) = self.desk().find(provider, code).cloned() else {
            return;
        };
        let Some(address) = self.listener(&request) else {
            return;
        };
        let faults = [Fault::DuplicateCallbacks, Fault::LateCallbacks];
        let rules = self.faults().strike(provider, Call::Sign, &faults);
        let late: u64 = rules
            .iter()
            .filter(|rule| rule.fault == Fault::LateCallbacks)
            .map(|rule| rule.ms)
            .sum();
        let times = if rules
            .iter()
            .any(|rule| rule.fault == Fault::DuplicateCallbacks)
        {
            2
        } else {
            1
        };
        let sandbox = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(late)).await;
            for _ in 0..times {
                let sent = match provider {
                    "viettel-ca" => sandbox.post_mysign(&address, &request).await,
                    _ => post_neac769(&address, &request).await,
                };
                match sent {
                    Ok(status) => tracing::debug!(provider, %status, "result posted"),
                    Err(error) => tracing::warn!(provider, %error, "the result cannot be posted"),
                }
                sandbox
                    .desk()
                    .count(provider, &request.code, |count| count.called_back += 1);
            }
        });
    }

    /// Where a request's result is posted: as the request says, else the registered address. MySign posts only when the request
    /// says so.
    fn listener(&self, request: &Request) -> Option<String> {
        match &request.asked.webhook {
            Some(address) => Some(address.clone()),
            None if request.asked.provider == "viettel-ca" => None,
            None => self.webhook(request.asked.provider),
        }
    }

    /// Posts that a request expired, when anybody wants to hear it.
    pub(crate) fn call_back_when_over(self: &Arc<Self>, request: &Request) {
        if self.listener(request).is_none() {
            return;
        }
        let (sandbox, code) = (Arc::clone(self), request.code.clone());
        let provider = request.asked.provider;
        let left = request.expires_at.saturating_sub(crate::desk::now()) + 1;
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(left)).await;
            let state = sandbox
                .desk()
                .find(provider, &code)
                .map(|request| request.state.clone());
            if state == Some(State::Expired) {
                sandbox.call_back(provider, &code);
            }
        });
    }

    /// First a token from the other side, then the result with it.
    async fn post_mysign(&self, address: &str, request: &Request) -> Result<u16, PostError> {
        let login = self.manners().webhook_logins.get("viettel-ca").cloned();
        let mut token = None;
        if let Some(login) = login {
            let (id, secret) = crate::CREDENTIALS;
            let body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
            let (_, answer) = post(&login, &body, None).await?;
            token = answer
                .pointer("/data/access_token")
                .and_then(Value::as_str)
                .map(str::to_owned);
        }
        let results: Vec<Value> = match &request.state {
            State::Signed(values) => values
                .iter()
                .map(|signed| json!({ "document_id": signed.doc_id, "signature": b64(&signed.value) }))
                .collect(),
            _ => Vec::new(),
        };
        let now = crate::protocol::compact_time(crate::desk::now());
        let body = json!({
            "meta_data": { "request_id": uuid::Uuid::new_v4().to_string(), "transaction_id": request.code,
                           "description": request.asked.description, "status": mysign::number(&request.state) },
            "data": { "action_timestamp": now, "signature_timestamp": now, "results": results },
        });
        Ok(post(address, &body, token.as_deref()).await?.0)
    }
}

async fn post_neac769(address: &str, request: &Request) -> Result<u16, PostError> {
    let by_gateway = request.asked.transaction.is_empty() || !request.asked.known_by_callers_number;
    let number = if by_gateway {
        &request.code
    } else {
        &request.asked.transaction
    };
    let (code, message, files) = match &request.state {
        State::Signed(values) => {
            let files: Vec<Value> = values
                    .iter()
                    .map(|signed| {
                        json!({ "doc_id": signed.doc_id, "signature_value": b64(&signed.value), "timestamp_signature": null })
                    })
                    .collect();
            (200, "SUCCESS", Value::from(files))
        }
        State::Rejected => (400, "REJECTED", Value::Null),
        State::PinLocked => (400, "PIN_LOCKED", Value::Null),
        State::Expired => (400, "EXPIRED", Value::Null),
        _ => (500, "SIGN_FAILED", Value::Null),
    };
    let body = json!({ "sp_id": crate::CREDENTIALS.0, "status_code": code, "message": message,
                           "transaction_id": number, "signed_files": files });
    Ok(post(address, &body, None).await?.0)
}
