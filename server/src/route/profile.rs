//! `/api/profiles`.

use crate::api::{Created, NoContent};
use crate::identity::Signer;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::problem::FieldProblem;
use contract::profile::{IMAGE_BYTES_MAX, SaveProfile, SignatureProfile};
use contract::value::ValueError;
use uuid::Uuid;

/// Most profiles of one account.
const PROFILES_MAX: usize = 50;

fn check(portal: &Portal, save: &SaveProfile) -> Answer<()> {
    let mut wrong = Vec::new();
    if let Some(image) = &save.content.image {
        let error = if image.0.len() > IMAGE_BYTES_MAX {
            Some(ValueError::TooLong)
        } else if image.0.starts_with(b"\x89PNG\r\n\x1a\n") {
            None
        } else {
            Some(ValueError::Malformed)
        };
        if let Some(error) = error {
            wrong.push(FieldProblem {
                pointer: "/image".into(),
                error,
            });
        }
    }
    for (position, account) in save.content.accounts.iter().enumerate() {
        if portal.provider(&account.provider).is_none() {
            wrong.push(FieldProblem {
                pointer: format!("/accounts/{position}/provider"),
                error: ValueError::Malformed,
            });
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::invalid(wrong))
    }
}

/// Own profiles.
pub async fn list(
    State(portal): State<Portal>,
    Signer(account): Signer,
) -> Answer<Json<Vec<SignatureProfile>>> {
    Ok(Json(portal.database.profiles(account.id).await?))
}

/// `+ Thêm chữ ký`.
pub async fn add(
    State(portal): State<Portal>,
    Signer(account): Signer,
    body: Result<Json<SaveProfile>, JsonRejection>,
) -> Answer<Created<SignatureProfile>> {
    let Json(save) = body?;
    check(&portal, &save)?;
    if portal.database.profiles(account.id).await?.len() >= PROFILES_MAX {
        return Err(contract::problem::ProblemCode::TooMany.into());
    }
    let saved = portal
        .database
        .save_profile(account.id, None, &save, now())
        .await?;
    Ok(Created(saved))
}

/// Edits one.
pub async fn replace(
    State(portal): State<Portal>,
    Signer(account): Signer,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<SaveProfile>, JsonRejection>,
) -> Answer<Json<SignatureProfile>> {
    let (Path(id), Json(save)) = (id?, body?);
    check(&portal, &save)?;
    Ok(Json(
        portal
            .database
            .save_profile(account.id, Some(id), &save, now())
            .await?,
    ))
}

/// Deletes one.
pub async fn remove(
    State(portal): State<Portal>,
    Signer(account): Signer,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<NoContent> {
    portal.database.delete_profile(account.id, id?.0).await?;
    Ok(NoContent)
}
