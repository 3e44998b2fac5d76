//! A payment gateway to develop and test against: a page where one pays, declines or lets the time run out, and a signed message to
//! who asked. No money moves.
//!
//! Every message is signed by HMAC-SHA256 in hexadecimal over its values, one a line, in the order they are written below. Asking twice with the
//! same reference gives the same payment. What was decided stays; the message may be sent any number of times.

mod page;

use crate::desk::now;
use crate::post::{is_address, post};
use crate::{CREDENTIALS, Sandbox};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post as posted};
use axum::{Json, Router};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a payment page waits, in seconds.
const LIFETIME: u64 = 900;
/// Most payments that are kept: the oldest goes.
const KEPT_MAX: usize = 10_000;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/gateway/payments", posted(begin))
        .route("/gateway/payments/{reference}", get(status))
        .route("/gateway/pay/{id}", get(page::page).post(page::decide))
}

/// The signature over values.
pub(crate) fn sign(values: &[&str]) -> String {
    // HMAC takes keys of any length.
    Hmac::<sha2::Sha256>::new_from_slice(CREDENTIALS.1.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(values.join("\n").as_bytes());
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PayState {
    Open,
    Paid,
    Declined,
    Expired,
}

impl PayState {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Asked {
    merchant: String,
    pub(crate) reference: String,
    pub(crate) amount: u64,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) return_url: String,
    notify_url: String,
    signature: String,
}

/// A payment.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) id: String,
    pub(crate) asked: Asked,
    pub(crate) state: PayState,
    expires_at: u64,
}

/// All payments, by number.
#[derive(Debug, Default)]
pub(crate) struct Payments(BTreeMap<u64, Payment>, u64);

impl Payments {
    fn by_reference(&mut self, reference: &str) -> Option<&mut Payment> {
        self.0
            .values_mut()
            .find(|payment| payment.asked.reference == reference)
    }

    fn by_id(&mut self, id: &str) -> Option<&mut Payment> {
        self.0.values_mut().find(|payment| payment.id == id)
    }

    fn add(&mut self, asked: Asked) -> Payment {
        self.1 += 1;
        let payment = Payment {
            id: format!("GD{:08}", self.1),
            asked,
            state: PayState::Open,
            expires_at: now() + LIFETIME,
        };
        self.0.insert(self.1, payment.clone());
        if self.0.len() > KEPT_MAX {
            self.0.pop_first();
        }
        payment
    }
}

/// What happens by itself.
fn lapse(payment: &mut Payment) {
    if payment.state == PayState::Open && payment.expires_at <= now() {
        payment.state = PayState::Expired;
    }
}

fn told(payment: &Payment) -> serde_json::Value {
    let amount = payment.asked.amount.to_string();
    let (id, reference, state) = (&payment.id, &payment.asked.reference, payment.state.word());
    json!({
        "id": id, "reference": reference, "amount": payment.asked.amount, "state": state,
        "signature": sign(&[id, reference, &amount, state]),
    })
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

async fn begin(State(sandbox): State<Arc<Sandbox>>, Json(asked): Json<Asked>) -> Response {
    let amount = asked.amount.to_string();
    let wanted = sign(&[
        &asked.merchant,
        &asked.reference,
        &amount,
        &asked.return_url,
        &asked.notify_url,
    ]);
    if asked.merchant != CREDENTIALS.0 || asked.signature != wanted {
        return refused(StatusCode::UNAUTHORIZED, "signature");
    }
    if asked.amount == 0 || !is_address(&asked.notify_url) || !is_web(&asked.return_url) {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "request");
    }
    let payment = {
        let mut payments = sandbox.payments();
        match payments.by_reference(&asked.reference) {
            Some(known) if known.asked.amount == asked.amount => known.clone(),
            Some(_) => return refused(StatusCode::CONFLICT, "another amount"),
            None => payments.add(asked),
        }
    };
    Json(json!({
        "id": payment.id,
        "path": format!("/gateway/pay/{}", payment.id),
        "expires_at": payment.expires_at,
    }))
    .into_response()
}

fn is_web(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[derive(Deserialize)]
struct Signed {
    merchant: String,
    signature: String,
}

async fn status(
    State(sandbox): State<Arc<Sandbox>>,
    Path(reference): Path<String>,
    Query(signed): Query<Signed>,
) -> Response {
    if signed.signature != sign(&[&signed.merchant, &reference]) {
        return refused(StatusCode::UNAUTHORIZED, "signature");
    }
    match sandbox.payments().by_reference(&reference) {
        Some(payment) => {
            lapse(payment);
            Json(told(payment)).into_response()
        }
        None => refused(StatusCode::NOT_FOUND, "unknown"),
    }
}

/// Notes what the person decided, once.
pub(crate) fn decided(sandbox: &Sandbox, id: &str, state: PayState) -> Option<Payment> {
    let mut payments = sandbox.payments();
    let payment = payments.by_id(id)?;
    lapse(payment);
    if payment.state == PayState::Open {
        payment.state = state;
    }
    Some(payment.clone())
}

/// A payment by its own number.
pub(crate) fn find(sandbox: &Sandbox, id: &str) -> Option<Payment> {
    let mut payments = sandbox.payments();
    let payment = payments.by_id(id)?;
    lapse(payment);
    Some(payment.clone())
}

/// Tells who asked, and waits for the answer as gateways do: the person goes back only then.
pub(crate) async fn tell(payment: &Payment) {
    match post(&payment.asked.notify_url, &told(payment), None).await {
        Ok((status, _)) => tracing::debug!(%status, "payment told"),
        Err(error) => tracing::warn!(%error, "the payment cannot be told"),
    }
}
