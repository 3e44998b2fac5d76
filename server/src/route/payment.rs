//! `/api/payments`, `/api/payment-means`, `/api/payment-status`, and the payment and receipt of a dossier.

use crate::api::{NoContent, Pdf, Told};
use crate::identity::{Citizen, Officer};
use crate::limit::{Address, Bound};
use crate::payment;
use crate::problem::{Answer, Failure};
use crate::receipt;
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use contract::audit::AuditAction;
use contract::dossier::FeePayment;
use contract::payment::{
    NOTE_MAX, OfficerPayment, OnlinePayment, PayerAct, Payment, PaymentAct, PaymentLine,
    PaymentMeans, PaymentStatus, REFERENCE_MAX,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::Action;
use contract::value::{Dong, DossierCode, ValueError};
use std::time::{Duration, Instant};
use store::PaymentChange;
use uuid::Uuid;

/// What one address may look up by code.
const LOOKING: Bound = Bound {
    name: "payment-code",
    burst: 20,
    pause: Duration::from_secs(10),
    all: 200,
};

/// What one address may do about payments: each leaves a row for ever.
const DOING: Bound = Bound {
    name: "payment",
    burst: 40,
    pause: Duration::from_secs(5),
    all: 500,
};

/// How fees can be paid.
pub async fn means(State(portal): State<Portal>) -> Json<PaymentMeans> {
    Json(payment::means(&portal))
}

/// One's own payments.
pub async fn list(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
) -> Answer<Json<Vec<PaymentLine>>> {
    Ok(Json(portal.database.payments_of(account.id).await?))
}

/// The payment of one's own dossier.
pub async fn show(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Payment>> {
    let dossier = portal.database.dossier(Some(account.id), id?.0).await?;
    Ok(Json(payment::show(&portal, &dossier).await?))
}

fn short(pointer: &str, text: &str, most: usize) -> Answer<()> {
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: pointer.into(),
            error: ValueError::TooLong,
        }]));
    }
    Ok(())
}

/// The applicant chooses how to pay, or says that money was transferred.
pub async fn act(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    address: Address,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<PayerAct>, JsonRejection>,
) -> Answer<Json<Payment>> {
    portal.limits.take(&DOING, address, Instant::now())?;
    let (Path(id), Json(asked)) = (id?, body?);
    let dossier = portal.database.dossier(Some(account.id), id).await?;
    if payment::show(&portal, &dossier).await?.closed {
        return Err(ProblemCode::Conflict.into());
    }
    let (act, method, reference) = match asked {
        PayerAct::Choose { method } => {
            let offered = payment::means(&portal);
            let possible = match method {
                FeePayment::AtCounter => true,
                FeePayment::BankTransfer => offered.bank.is_some(),
                FeePayment::Online => offered.gateway.is_some(),
                FeePayment::None => false,
            };
            if !possible {
                return Err(ProblemCode::Invalid.into());
            }
            (PaymentAct::Chosen, method, String::new())
        }
        PayerAct::Announce { reference } => {
            short("/reference", &reference, REFERENCE_MAX)?;
            let reference = reference.trim().to_owned();
            (PaymentAct::Announced, FeePayment::BankTransfer, reference)
        }
    };
    let change = PaymentChange {
        act,
        money: Dong(0),
        method: Some(method),
        actor: account.name.as_str(),
        by: Some(account.id),
        reference: &reference,
        note: "",
        version: None,
        now: now(),
    };
    portal.database.change_payment(id, &change).await?;
    Ok(Json(payment::show(&portal, &dossier).await?))
}

/// `Thanh toán trực tuyến`: where to pay.
pub async fn online(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    address: Address,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<OnlinePayment>> {
    portal.limits.take(&DOING, address, Instant::now())?;
    let dossier = portal.database.dossier(Some(account.id), id?.0).await?;
    let address = payment::start(&portal, &dossier, account.name.as_str()).await?;
    Ok(Json(OnlinePayment { address }))
}

/// What a gateway posts by itself. Told again it changes nothing and is answered the same.
pub async fn callback(
    State(portal): State<Portal>,
    body: Result<Json<serde_json::Value>, JsonRejection>,
) -> Answer<NoContent> {
    let Json(body) = body?;
    let gateway = portal.gateway.as_ref().ok_or(ProblemCode::NotFound)?;
    let found = gateway.callback(&body).ok_or(ProblemCode::Forbidden)?;
    payment::settle(&portal, gateway.name(), &found).await?;
    Ok(NoContent)
}

/// State and amount by code: nothing personal.
pub async fn status(
    State(portal): State<Portal>,
    address: Address,
    code: Result<Path<String>, PathRejection>,
) -> Answer<Json<PaymentStatus>> {
    portal.limits.take(&LOOKING, address, Instant::now())?;
    let code: DossierCode = code?.0.parse().map_err(|_| ProblemCode::NotFound)?;
    Ok(Json(payment::status(&portal, code).await?))
}

/// The payment of a dossier, for an officer.
pub async fn officer_show(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Payment>> {
    let Path(id) = id?;
    let dossier = rights::dossier(&portal, &account, Action::View, id).await?;
    rights::looked(
        &portal,
        &account,
        AuditAction::PaymentViewed,
        Some(id),
        None,
    )
    .await?;
    Ok(Json(payment::show(&portal, &dossier).await?))
}

/// An officer confirms money, gives it back, or decides on an exemption.
pub async fn officer_act(
    State(portal): State<Portal>,
    Officer(account): Officer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<OfficerPayment>, JsonRejection>,
) -> Answer<Json<Payment>> {
    let (Path(id), Json(asked)) = (id?, body?);
    if !asked.act.is_officers() {
        return Err(ProblemCode::Forbidden.into());
    }
    short("/reference", &asked.reference, REFERENCE_MAX)?;
    short("/note", &asked.note, NOTE_MAX)?;
    let (reference, note) = (asked.reference.trim(), asked.note.trim());
    let explains = matches!(
        asked.act,
        PaymentAct::Refunded | PaymentAct::ExemptionRefused | PaymentAct::TransferMissing
    );
    if explains && note.is_empty() {
        return Err(Failure::invalid(vec![FieldProblem {
            pointer: "/note".into(),
            error: ValueError::Required,
        }]));
    }
    let dossier = rights::dossier(&portal, &account, Action::Settle, id).await?;
    payment::ensure(&portal, &dossier).await?;
    let change = PaymentChange {
        act: asked.act,
        money: Dong(0),
        method: match asked.act {
            PaymentAct::CashReceived => Some(FeePayment::AtCounter),
            PaymentAct::TransferConfirmed => Some(FeePayment::BankTransfer),
            _ => None,
        },
        actor: account.name.as_str(),
        by: Some(account.id),
        reference,
        note,
        version: Some(asked.version),
        now: now(),
    };
    portal.database.change_payment(id, &change).await?;
    Ok(Json(payment::show(&portal, &dossier).await?))
}

/// `Giấy tiếp nhận hồ sơ`: the same bytes every time.
pub async fn receipt(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Told<Pdf>> {
    let dossier = portal.database.dossier(Some(account.id), id?.0).await?;
    let bytes = receipt::bytes(&portal, &dossier).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"giay-tiep-nhan.pdf\"",
        ),
    ];
    Ok((headers, bytes).into_response().into())
}
