//! Fees, payments and receipts.

use super::{Answer, Body, get, put, read, send};
use contract::payment::{
    OfficerPayment, OnlinePayment, PayerAct, Payment, PaymentLine, PaymentMeans, PaymentStatus,
};
use contract::problem::ProblemCode;
use gloo_net::http::Method;
use uuid::Uuid;

/// How fees can be paid here.
pub async fn means() -> Answer<PaymentMeans> {
    get("/payment-means").await
}

/// One's own payments.
pub async fn list() -> Answer<Vec<PaymentLine>> {
    get("/payments").await
}

/// State and amount by a dossier's code.
pub async fn status(code: &str) -> Answer<PaymentStatus> {
    get(&format!(
        "/payment-status/{}",
        js_sys::encode_uri_component(code)
    ))
    .await
}

/// The payment of a dossier; `officer` says whose address it has.
pub async fn show(officer: bool, dossier: Uuid) -> Answer<Payment> {
    let side = if officer { "/officer" } else { "" };
    get(&format!("{side}/dossiers/{dossier}/payment")).await
}

/// The applicant chooses, or announces a transfer.
pub async fn act(dossier: Uuid, act: &PayerAct) -> Answer<Payment> {
    put(Method::POST, &format!("/dossiers/{dossier}/payment"), act).await
}

/// Where to pay online.
pub async fn online(dossier: Uuid) -> Answer<OnlinePayment> {
    let path = format!("/dossiers/{dossier}/payment/online");
    read(send(Method::POST, &path, Body::Nothing).await?).await
}

/// An officer confirms, gives back or decides on an exemption.
pub async fn decide(dossier: Uuid, act: &OfficerPayment) -> Answer<Payment> {
    let path = format!("/officer/dossiers/{dossier}/payment");
    put(Method::POST, &path, act).await
}

/// The receipt of a submission, a PDF.
pub async fn receipt(dossier: Uuid) -> Answer<Vec<u8>> {
    let path = format!("/dossiers/{dossier}/receipt");
    let response = send(Method::GET, &path, Body::Nothing).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}
