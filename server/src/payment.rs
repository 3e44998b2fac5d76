//! Payments: the bill is computed here again, tries at the gateway are begun and found out about, and what people see is put together.
//!
//! The database is the truth. A message of the gateway is believed when its signature holds and its amount is the one that was asked
//! for; a message that was lost is found by asking for the status. Told twice is paid once.

mod asker;
pub mod gateway;
mod sandbox;
mod settings;

pub use asker::run;
pub use gateway::PaymentGateway;
pub use settings::PaymentSettings;

use crate::pace::milliseconds;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::dossier::{DossierManifest, DossierSummary};
use contract::payment::{
    self, Bill, Payment, PaymentMeans, PaymentState, TransferDetails, bill, vietqr,
};
use contract::problem::ProblemCode;
use contract::procedure::Procedure;
use contract::value::{Dong, DossierCode, Timestamp};
use gateway::{Found, GatewayError, Outcome, Start};
use std::sync::Arc;
use store::{NewPayment, OnlineOutcome, OnlineTry, StoreError, StoredDossier, StoredPayment};
use uuid::Uuid;

/// How long a page of the gateway is used again, in milliseconds, where the gateway does not say.
const TRY_MS: i64 = 15 * 60 * 1000;
/// So long the gateway may take to answer to a start, in milliseconds.
const STARTING_MS: i64 = 10_000;
/// A try the gateway knows nothing of is given up so long after its end, in milliseconds.
const LOST_MS: i64 = 60_000;

/// The gateway that settings choose.
#[must_use]
pub fn gateway(settings: &PaymentSettings) -> Option<Arc<dyn PaymentGateway>> {
    let sandbox = settings.sandbox.as_ref()?;
    Some(Arc::new(sandbox::Sandbox::new(sandbox)?))
}

/// What a manifest's fees come to.
#[must_use]
pub fn bill_of(manifest: &DossierManifest, definition: &Procedure) -> Bill {
    bill::bill(definition, &manifest.form, &manifest.fees)
}

/// How fees can be paid here.
#[must_use]
pub fn means(portal: &Portal) -> PaymentMeans {
    PaymentMeans {
        bank: portal.config.payment.bank.clone(),
        gateway: portal
            .gateway
            .as_ref()
            .map(|gateway| gateway.name().to_owned()),
    }
}

/// The payment of a submitted dossier; begun when it is not there yet, as after a release that began it later. Before submission there is no bill that stays.
pub async fn ensure(portal: &Portal, dossier: &StoredDossier) -> Answer<StoredPayment> {
    dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    match portal.database.payment(dossier.id).await {
        Err(StoreError::NotFound) => {}
        known => return Ok(known?),
    }
    let new = NewPayment::of(dossier.id, &dossier.manifest, &dossier.definition, now());
    Ok(portal.database.open_payment(&new).await?)
}

/// How a transfer of so much is made for a dossier; none without an account.
#[must_use]
pub fn transfer(portal: &Portal, code: &DossierCode, amount: Dong) -> Option<TransferDetails> {
    let account = portal.config.payment.bank.clone()?;
    let purpose = vietqr::purpose_of(code);
    let qr = vietqr::text(&vietqr::Transfer {
        bin: account.bin.clone(),
        account: account.account.clone(),
        amount: Some(amount),
        bill: None,
        purpose: Some(purpose.clone()),
    })
    .ok()?;
    Some(TransferDetails {
        account,
        amount,
        purpose,
        qr,
    })
}

/// A payment as people see it.
pub fn told(portal: &Portal, line: &DossierSummary, stored: StoredPayment) -> Payment {
    let (dossier, code) = (line.id, line.code.clone());
    let closed = payment::is_closed(line.status);
    let due = stored.standing.due();
    let open = due.0 > 0
        && !closed
        && matches!(
            stored.standing.state,
            PaymentState::Unpaid | PaymentState::Announced
        );
    Payment {
        dossier,
        transfer: open.then(|| transfer(portal, &code, due)).flatten(),
        gateway: open.then(|| means(portal).gateway).flatten(),
        code,
        bill: stored.bill,
        amount: stored.standing.amount,
        paid: stored.standing.paid,
        state: stored.standing.state,
        method: stored.method,
        exemption: stored.exemption,
        exemption_accepted: stored.standing.accepted,
        closed,
        events: stored.events,
        version: stored.version,
    }
}

/// The payment of a submitted dossier as people see it, after the gateway was asked about tries that are open.
pub async fn show(portal: &Portal, dossier: &StoredDossier) -> Answer<Payment> {
    let line = dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    ensure(portal, dossier).await?;
    ask(portal, dossier.id).await?;
    let stored = portal.database.payment(dossier.id).await?;
    Ok(told(portal, line, stored))
}

/// Begins a payment at the gateway, or finds the page of one that was begun for the same amount.
pub async fn start(portal: &Portal, dossier: &StoredDossier, actor: &str) -> Answer<String> {
    let gateway = portal
        .gateway
        .as_ref()
        .ok_or(ProblemCode::GatewayUnavailable)?;
    let line = dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    if payment::is_closed(line.status) {
        return Err(ProblemCode::Conflict.into());
    }
    let code = &line.code;
    ensure(portal, dossier).await?;
    ask(portal, dossier.id).await?;
    let seen = portal.database.payment(dossier.id).await?;
    let due = seen.standing.due();
    if due.0 == 0 {
        return Err(ProblemCode::Conflict.into());
    }
    let now = now();
    let tries = portal.database.open_tries(dossier.id).await?;
    // Another window asks the gateway at this moment: a second page would be a second payment.
    let asks = |known: &OnlineTry| {
        known.address.is_empty() && known.expires_at.0 > now.0 + TRY_MS - STARTING_MS
    };
    if tries.iter().any(asks) {
        return Err(ProblemCode::GatewayUnavailable.into());
    }
    let begun = tries.into_iter().find(|known| {
        known.amount == due && !known.address.is_empty() && known.expires_at.0 > now.0 + 60_000
    });
    if let Some(begun) = begun {
        return Ok(begun.address);
    }
    let new = OnlineTry {
        id: Uuid::new_v4(),
        dossier: dossier.id,
        amount: due,
        reference: String::new(),
        address: String::new(),
        expires_at: Timestamp(now.0 + TRY_MS),
    };
    let first_look = asker::next_look(&portal.config.pace.gateway_looks, 0, now);
    portal
        .database
        .start_online(&new, actor, now, first_look, seen.version)
        .await?;
    let own = &portal.config.public_url;
    let started = gateway
        .start(&Start {
            id: new.id,
            amount: due,
            purpose: vietqr::purpose_of(code),
            back: format!("{own}/thanh-toan/{}", dossier.id),
            callback: format!("{own}/api/payments/callback"),
        })
        .await
        .map_err(|error| unavailable(&error))?;
    portal
        .database
        .note_online(
            new.id,
            &started.reference,
            &started.address,
            started.expires_at,
        )
        .await?;
    Ok(started.address)
}

fn unavailable(error: &GatewayError) -> Failure {
    tracing::warn!(%error, "payment gateway");
    ProblemCode::GatewayUnavailable.into()
}

/// Asks the gateway about tries that have not ended. A gateway that does not answer changes nothing, and is asked once only: somebody
/// waits.
async fn ask(portal: &Portal, dossier: Uuid) -> Answer<()> {
    let Some(gateway) = &portal.gateway else {
        return Ok(());
    };
    for attempt in portal.database.open_tries(dossier).await? {
        if !look(portal, gateway.as_ref(), &attempt).await? {
            break;
        }
    }
    Ok(())
}

/// Asks the gateway about one try, unless somebody did a moment ago; whether the gateway could be asked. What it says that cannot be
/// used is logged, and people have to look.
async fn look(portal: &Portal, gateway: &dyn PaymentGateway, attempt: &OnlineTry) -> Answer<bool> {
    let now = now();
    let before = Timestamp(now.0 - milliseconds(portal.config.pace.gateway));
    if !portal
        .database
        .may_ask_online(attempt.id, before, now)
        .await?
    {
        return Ok(true);
    }
    match gateway.status(attempt.id).await {
        Ok(found) => match settle(portal, gateway.name(), &found).await {
            Err(failure) if failure.code != ProblemCode::Invalid => return Err(failure),
            _ => {}
        },
        Err(GatewayError::Unknown) if now.0 > attempt.expires_at.0 + LOST_MS => {
            let over = OnlineOutcome::Expired;
            portal
                .database
                .settle_online(attempt.id, over, gateway.name(), now)
                .await?;
        }
        Err(error) => {
            tracing::warn!(%error, "payment gateway");
            return Ok(!matches!(error, GatewayError::Unreachable(_)));
        }
    }
    Ok(true)
}

/// Takes in what the gateway says of a try. Gives whether it changed anything.
///
/// # Errors
/// [`ProblemCode::Invalid`] when the amount is not the one that was asked for: people have to look.
pub async fn settle(portal: &Portal, gateway: &str, found: &Found) -> Answer<bool> {
    let attempt = portal.database.online_try(found.id).await?;
    let outcome = match found.outcome {
        Outcome::Open => return Ok(false),
        Outcome::Paid => OnlineOutcome::Paid,
        Outcome::Declined => OnlineOutcome::Declined,
        Outcome::Expired => OnlineOutcome::Expired,
    };
    if found.amount != attempt.amount {
        tracing::error!(
            attempt = %attempt.id,
            told = found.amount.0,
            asked = attempt.amount.0,
            "the gateway tells another amount"
        );
        return Err(ProblemCode::Invalid.into());
    }
    Ok(portal
        .database
        .settle_online(attempt.id, outcome, gateway, now())
        .await?)
}

/// What anybody may know who has the code.
pub async fn status(portal: &Portal, code: DossierCode) -> Answer<payment::PaymentStatus> {
    let id = portal.database.dossier_of_code(&code).await?;
    let dossier = portal.database.dossier(None, id).await?;
    let stored = ensure(portal, &dossier).await?;
    let line = dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let told = told(portal, line, stored);
    Ok(payment::PaymentStatus {
        due: if told.closed { Dong(0) } else { told.due() },
        code: told.code,
        state: told.state,
        transfer: told.transfer,
    })
}
