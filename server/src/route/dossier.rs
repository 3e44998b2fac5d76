//! `/api/dossiers`: announced, submitted, shown. What comes after stands in `life`, `supplement`, `returned` and `message`.

use super::saved;
use crate::api::{Kept, Told};
use crate::identity::Citizen;
use crate::payment;
use crate::problem::{Answer, Failure};
use crate::receipt;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use contract::date::Date;
use contract::dossier::{
    ATTACHMENTS_MAX, Attachment, Dossier, DossierManifest, DossierStatus, DossierSummary,
    ManifestAccepted, Receipt, check_form,
};
use contract::payment::check_choices;
use contract::problem::{FieldProblem, ProblemCode};
use contract::procedure::Procedure;
use contract::value::{ValueError, VietnamTime};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{NewDossier, StoreError, StoredDossier, Submission};
use uuid::Uuid;

/// Everything that is wrong with a manifest.
fn check(manifest: &DossierManifest, procedure: &Procedure, today: Date) -> Vec<FieldProblem> {
    let mut wrong: Vec<FieldProblem> = check_form(&manifest.form, procedure, today)
        .into_iter()
        .map(|field| FieldProblem {
            pointer: format!("/form{}", field.pointer),
            error: field.fault.into(),
        })
        .collect();
    wrong.extend(check_choices(procedure, &manifest.fees));
    let mut note = |pointer: String, error| wrong.push(FieldProblem { pointer, error });
    if !manifest.declared {
        note("/declared".into(), ValueError::Required);
    }
    if manifest.attachments.len() > ATTACHMENTS_MAX {
        note("/attachments".into(), ValueError::TooLong);
    }
    for (position, attachment) in manifest.attachments.iter().enumerate() {
        let known = procedure
            .components
            .iter()
            .any(|component| component.code == attachment.component);
        if !known {
            note(
                format!("/attachments/{position}/component"),
                ValueError::Malformed,
            );
        }
        for (field, error) in attachment.faults(&manifest.attachments) {
            note(format!("/attachments/{position}/{field}"), error);
        }
    }
    wrong
}

/// A required component without a file, or a file that must be signed and is not.
fn is_complete(manifest: &DossierManifest, procedure: &Procedure) -> bool {
    procedure.components.iter().all(|component| {
        let mut files = manifest
            .attachments
            .iter()
            // The original of a conversion only goes along.
            .filter(|a| a.component == component.code && a.original_of.is_none())
            .peekable();
        let has_file = files.peek().is_some();
        (has_file || !component.required)
            && (!component.signature_required || files.all(|file| !file.signings.is_empty()))
    })
}

/// Announces a dossier: what it says and which files will come.
pub async fn announce(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<DossierManifest>, JsonRejection>,
) -> Answer<Json<ManifestAccepted>> {
    let (Path(id), Json(mut manifest)) = (id?, body?);
    // What another instance published a moment ago counts for the fee.
    portal.follow().await?;
    let definition = portal
        .current()
        .for_dossier(&manifest.procedure)
        .ok_or(ProblemCode::NotFound)?;
    // Only answers to fields that stand on the form are kept.
    manifest.form.detail = contract::form::tidy(&definition.fields, &manifest.form.detail);
    let wrong = check(&manifest, &definition, Date::in_vietnam(now()));
    if !wrong.is_empty() {
        return Err(Failure::invalid(wrong));
    }
    if !is_complete(&manifest, &definition) {
        return Err(ProblemCode::ComponentMissing.into());
    }
    let wanted: Vec<Uuid> = manifest
        .attachments
        .iter()
        .map(|attachment| attachment.id)
        .collect();
    let new = NewDossier {
        id,
        account: account.id,
        fee_total: payment::bill_of(&manifest, &definition).total,
        manifest,
        definition,
    };
    let arrived = portal.database.announce_dossier(&new, now()).await?;
    let missing = wanted
        .into_iter()
        .filter(|id| !arrived.iter().any(|attachment| attachment.id == *id))
        .collect();
    Ok(Json(ManifestAccepted { missing }))
}

/// Gives the code; asking again gives the same receipt.
pub async fn submit(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Receipt>> {
    let Path(id) = id?;
    let now = now();
    let today = VietnamTime::from(now);
    let day = format!(
        "{:02}{:02}{:02}",
        today.year.rem_euclid(100),
        today.month,
        today.day
    );
    let submission = Submission {
        unit: &portal.config.unit,
        day: &day,
        actor: account.name.as_str(),
        now,
    };
    let done = portal
        .database
        .submit_dossier(account.id, id, &submission)
        .await
        .map_err(|error| match error {
            StoreError::Conflict => ProblemCode::ComponentMissing.into(),
            other => Failure::from(other),
        })?;
    receipt::later(&portal, id);
    let line = done.line;
    Ok(Json(Receipt {
        code: line.code,
        submitted_at: line.submitted_at,
        procedure_name: line.procedure_name,
        agency: done.agency,
        applicant: line.applicant,
        files: line.files,
        fee_total: done.fee_total,
        payment: done.payment,
    }))
}

/// Where a page of one's own dossiers begins.
#[derive(Deserialize, JsonSchema)]
pub struct Behind {
    /// The last dossier of the page before.
    behind: Option<Uuid>,
}

/// Own dossiers, newest first, a page of them.
pub async fn list(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    behind: Result<Query<Behind>, QueryRejection>,
) -> Answer<Json<Vec<DossierSummary>>> {
    let behind = behind?.0.behind;
    Ok(Json(portal.database.dossiers_of(account.id, behind).await?))
}

/// One own dossier.
pub async fn show(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Dossier>> {
    let stored = portal.database.dossier(Some(account.id), id?.0).await?;
    Ok(Json(own(stored).ok_or(ProblemCode::NotFound)?))
}

/// A submitted dossier as its citizen sees it: a result that is being prepared is nobody's yet.
pub fn own(stored: StoredDossier) -> Option<Dossier> {
    let mut dossier = whole(stored)?;
    if dossier.summary.status != DossierStatus::Returned {
        dossier.after.results.clear();
    }
    Some(dossier)
}

/// A submitted dossier as the contract has it; none before submission.
pub fn whole(stored: StoredDossier) -> Option<Dossier> {
    let payment = stored.payment();
    let component_name = |code: &str| {
        stored
            .definition
            .components
            .iter()
            .find(|component| component.code == code)
            .map_or_else(|| code.to_owned(), |component| component.name.clone())
    };
    let attachments = stored
        .manifest
        .attachments
        .iter()
        .filter_map(|manifest| {
            let arrived = stored
                .attachments
                .iter()
                .find(|arrived| arrived.id == manifest.id)?;
            Some(Attachment {
                component_name: component_name(&manifest.component),
                manifest: manifest.clone(),
                verdict: arrived.verdict,
            })
        })
        .collect();
    Some(Dossier {
        summary: stored.summary?,
        form: stored.manifest.form,
        definition: stored.definition,
        attachments,
        fee_total: stored.fee_total,
        payment,
        events: stored.events,
        version: stored.version,
        after: stored.after,
    })
}

/// A file of a dossier as a download.
pub async fn file(
    portal: &Portal,
    dossier: &StoredDossier,
    attachment: Uuid,
) -> Answer<Told<Kept>> {
    let arrived = dossier
        .attachments
        .iter()
        .find(|arrived| arrived.id == attachment)
        .ok_or(ProblemCode::NotFound)?;
    saved(portal, &arrived.sha256).await
}

/// A file of one's own dossier.
pub async fn download(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    path: Result<Path<(Uuid, Uuid)>, PathRejection>,
) -> Answer<Told<Kept>> {
    let Path((id, attachment)) = path?;
    let dossier = portal.database.dossier(Some(account.id), id).await?;
    file(&portal, &dossier, attachment).await
}
