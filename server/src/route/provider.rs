//! `/api/providers` and `/api/trust`.

use crate::identity::Citizen;
use crate::problem::Answer;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::problem::ProblemCode;
use contract::provider::{
    AskCertificates, CertificateInfo, ProviderCode, ProviderInfo, Trust, Usability,
};
use contract::value::{Base64, CitizenId};
use provider::ProviderCertificate;
use signature::certificate::{Facts, issued_by};

/// The providers of this portal.
pub async fn list(State(portal): State<Portal>) -> Json<Vec<ProviderInfo>> {
    Json(
        portal
            .config
            .providers
            .iter()
            .map(|entry| ProviderInfo {
                code: entry.code.clone(),
                name: entry.name.clone(),
                app_name: entry.app_name.clone(),
                available: entry.is_available(),
                phone_page: entry.phone_page.clone().filter(|_| portal.config.demo),
            })
            .collect(),
    )
}

/// The trusted roots.
pub async fn trust(State(portal): State<Portal>) -> Json<Trust> {
    Json(portal.config.trust.clone())
}

/// Certificates of an account that stands in one of the person's profiles.
pub async fn certificates(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    code: Result<Path<ProviderCode>, PathRejection>,
    body: Result<Json<AskCertificates>, JsonRejection>,
) -> Answer<Json<Vec<CertificateInfo>>> {
    let (Path(code), Json(asked)) = (code?, body?);
    let own =
        portal
            .database
            .profiles(account.id)
            .await?
            .iter()
            .any(|profile| {
                profile.content.accounts.iter().any(|account| {
                    account.provider == code && account.citizen_id == asked.citizen_id
                })
            });
    if !own {
        return Err(ProblemCode::Forbidden.into());
    }
    let signer = portal
        .signers
        .get(&code)
        .ok_or(ProblemCode::ProviderUnknown)?;
    let given = signer.certificates(&asked.citizen_id).await?;
    let checked: Vec<CertificateInfo> = given
        .into_iter()
        .filter_map(|certificate| check(certificate, &asked.citizen_id))
        .collect();
    if checked.is_empty() {
        return Err(ProblemCode::NoCertificate.into());
    }
    portal
        .database
        .remember_certificates(account.id, &code, &asked.citizen_id, &checked)
        .await?;
    Ok(Json(checked))
}

/// What a certificate says, and whether it may sign now. A certificate that cannot be read is left out.
fn check(given: ProviderCertificate, asked: &CitizenId) -> Option<CertificateInfo> {
    let facts = Facts::read(&given.der).ok()?;
    let now = now();
    // Only issuers that really issued it travel on.
    let mut chain = Vec::new();
    let mut child = given.der.clone();
    for issuer in given.chain {
        if !issued_by(&child, &issuer) {
            break;
        }
        chain.push(Base64(issuer.clone()));
        child = issuer;
    }
    let usability = if facts.valid_to < now {
        Usability::Expired
    } else if facts.valid_from > now {
        Usability::NotYetValid
    } else if !given.active {
        Usability::Suspended
    } else if facts.citizen_id.as_ref().is_some_and(|id| id != asked) {
        Usability::OtherPerson
    } else if !facts.may_sign() {
        Usability::WrongUse
    } else {
        Usability::Usable
    };
    Some(CertificateInfo {
        serial: facts.serial,
        owner: facts.subject,
        issuer: facts.issuer,
        citizen_id: facts.citizen_id,
        valid_from: facts.valid_from,
        valid_to: facts.valid_to,
        usability,
        der: Base64(given.der),
        chain,
    })
}
