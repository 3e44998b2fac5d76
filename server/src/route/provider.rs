//! `/api/providers` and `/api/trust`.

use crate::identity::Signer;
use crate::problem::Answer;
use crate::signing;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::problem::ProblemCode;
use contract::provider::{AskCertificates, CertificateInfo, ProviderCode, ProviderInfo, Trust};
use contract::signing::ITEMS_MAX;

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
                items_max: items_max(&portal, &entry.code),
                available: entry.is_available(),
                phone_page: entry.phone_page.clone().filter(|_| portal.config.demo),
            })
            .collect(),
    )
}

/// Most files of one confirmation.
fn items_max(portal: &Portal, code: &ProviderCode) -> u32 {
    let signer = portal.signers.get(code);
    let most = signer.map_or(ITEMS_MAX, |signer| {
        signer.abilities().items_max.clamp(1, ITEMS_MAX)
    });
    u32::try_from(most).unwrap_or(1)
}

/// The trusted roots.
pub async fn trust(State(portal): State<Portal>) -> Json<Trust> {
    Json(portal.config.trust.clone())
}

/// Certificates of an account that stands in one of the person's profiles.
pub async fn certificates(
    State(portal): State<Portal>,
    Signer(account): Signer,
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
        .filter_map(|certificate| signing::check(&portal, &code, certificate, &asked.citizen_id))
        .collect();
    if checked.is_empty() {
        return Err(ProblemCode::NoCertificate.into());
    }
    portal
        .database
        .remember_certificates(account.id, &code, &asked.citizen_id, &checked, now())
        .await?;
    Ok(Json(checked))
}
