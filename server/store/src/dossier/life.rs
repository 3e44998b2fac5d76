//! A submitted dossier's changes of state. Each writes its event, the notice in the thread, what the citizen is told and the
//! e-mail about it in the same transaction.

use super::StoredDossier;
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one};
use crate::notice::notify;
use crate::reminder::follow_dossier;
use crate::work::{StepChange, add_entry};
use contract::audit::AuditAction;
use contract::dossier::{DossierEvent, DossierManifest, DossierStatus};
use contract::life::{FormerFile, is_over};
use contract::notice::NoticeAbout;
use contract::supplement::{SupplementItem, SupplementState};
use contract::value::{DossierCode, Timestamp};
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// A change of state, decided on what was read before.
#[derive(Debug, Clone)]
pub struct LifeChange<'a> {
    /// Which dossier.
    pub id: Uuid,
    /// The version that was seen.
    pub version: i64,
    /// The state it had then.
    pub from: DossierStatus,
    /// Another due date, if it changes.
    pub due_at: Option<Timestamp>,
    /// The event, with the new state.
    pub event: &'a DossierEvent,
    /// Whether the citizen is told; of one's own deeds nobody is.
    pub tells: bool,
    /// Account of who does it.
    pub by: Uuid,
    /// Where it stands in its processing from then on; none leaves that as it is.
    pub step: Option<StepChange<'a>>,
    /// What goes with it.
    pub with: With<'a>,
}

/// What goes with a change of state.
#[derive(Debug, Clone)]
pub enum With<'a> {
    /// Nothing; an open supplement request ends.
    Nothing,
    /// A supplement request begins.
    Request {
        /// Its identifier.
        id: Uuid,
        /// The complete list.
        items: &'a [SupplementItem],
        /// Until when it is to be answered.
        due_at: Timestamp,
    },
    /// A supplement request was answered.
    Answer {
        /// Which.
        request: Uuid,
        /// The dossier as it is from now on.
        manifest: &'a DossierManifest,
        /// All files that were replaced, now and before.
        former: &'a [FormerFile],
    },
}

impl Database {
    /// Changes a dossier's state, if it still is as it was seen.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody was faster.
    pub async fn change_life(&self, change: &LifeChange<'_>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let id = change.id.to_string();
        let done = sqlx::query(
            "UPDATE dossier SET status = $1, due_at = COALESCE($2, due_at), version = version + 1 WHERE id = $3 AND version = $4 AND status = $5",
        )
        .bind(as_word(&change.event.status)?)
        .bind(change.due_at.map(|at| at.0))
        .bind(&id)
        .bind(change.version)
        .bind(as_word(&change.from)?)
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        match &change.with {
            With::Nothing => end_requests(&mut write, &id).await?,
            With::Request {
                id: request,
                items,
                due_at,
            } => {
                sqlx::query(
                    "INSERT INTO supplement (id, dossier_id, items, asked_at, asked_by, due_at, state, before_status)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                )
                .bind(request.to_string())
                .bind(&id)
                .bind(serde_json::to_string(items)?)
                .bind(change.event.at.0)
                .bind(&change.event.actor)
                .bind(due_at.0)
                .bind(as_word(&SupplementState::Open)?)
                .bind(as_word(&change.from)?)
                .execute(&mut *write)
                .await?;
            }
            With::Answer {
                request,
                manifest,
                former,
            } => {
                let done = sqlx::query("UPDATE supplement SET state = $1, answered_at = $2 WHERE id = $3 AND state = $4")
                    .bind(as_word(&SupplementState::Answered)?)
                    .bind(change.event.at.0)
                    .bind(request.to_string())
                    .bind(as_word(&SupplementState::Open)?)
                    .execute(&mut *write)
                    .await?;
                one(&done, StoreError::Conflict)?;
                let before: DossierManifest = serde_json::from_str(
                    &sqlx::query("SELECT manifest FROM dossier WHERE id = $1")
                        .bind(&id)
                        .fetch_one(&mut *write)
                        .await?
                        .try_get::<String, _>("manifest")?,
                )?;
                crate::inbox::rename(
                    &mut write,
                    change.id,
                    &before.form.applicant,
                    &manifest.form.applicant,
                )
                .await?;
                let signed = manifest
                    .attachments
                    .iter()
                    .filter(|file| !file.signings.is_empty())
                    .count();
                sqlx::query("UPDATE dossier SET manifest = $1, former = $2, files = $3, signed_files = $4, applicant = $5 WHERE id = $6")
                    .bind(serde_json::to_string(manifest)?)
                    .bind(serde_json::to_string(former)?)
                    .bind(i64::try_from(manifest.attachments.len()).unwrap_or(0))
                    .bind(i64::try_from(signed).unwrap_or(0))
                    .bind(&manifest.form.applicant.name)
                    .bind(&id)
                    .execute(&mut *write)
                    .await?;
            }
        }
        if is_over(change.event.status) || change.due_at.is_some() {
            let at = if is_over(change.event.status) {
                None
            } else {
                change.due_at
            };
            follow_dossier(&mut write, change.id, at).await?;
        }
        if let Some(step) = &change.step {
            step.write(&mut write, &id).await?;
            for entry in step.entries {
                add_entry(&mut write, &id, change.by, entry).await?;
            }
        }
        tell(&mut write, change.id, change.event, change.tells).await?;
        let record = NewRecord {
            dossier: Some(change.id),
            detail: &as_word(&change.event.status)?,
            ..NewRecord::of(change.event.at, change.by, AuditAction::StatusChanged)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }
}

/// Requests that nobody answered end with the state they were made for.
async fn end_requests(
    write: &mut Transaction<'static, Any>,
    dossier: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE supplement SET state = $1 WHERE dossier_id = $2 AND state = $3")
        .bind(as_word(&SupplementState::TakenBack)?)
        .bind(dossier)
        .bind(as_word(&SupplementState::Open)?)
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Writes an event, its notice in the thread and, where the citizen is told, the notice and the e-mail.
pub(super) async fn tell(
    write: &mut Transaction<'static, Any>,
    id: Uuid,
    event: &DossierEvent,
    tells: bool,
) -> Result<(), StoreError> {
    super::add_event(write, id, event).await?;
    crate::message::add(write, id, &super::submit::in_thread(event)).await?;
    if tells {
        let about = |dossier, code, procedure_name| NoticeAbout::Status {
            dossier,
            code,
            procedure_name,
            status: event.status,
        };
        tell_owner(write, id, event.at, about).await?;
    }
    Ok(())
}

/// Tells the owner of a dossier something about it.
pub(crate) async fn tell_owner(
    write: &mut Transaction<'static, Any>,
    id: Uuid,
    at: Timestamp,
    about: impl FnOnce(Uuid, DossierCode, String) -> NoticeAbout,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT account_id, code, procedure_name FROM dossier WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(&mut **write)
        .await?;
    let owner = crate::database::uuid(&row.try_get::<String, _>("account_id")?)?;
    let code = DossierCode::try_from(
        row.try_get::<Option<String>, _>("code")?
            .unwrap_or_default(),
    )
    .map_err(|_| StoreError::Malformed("code"))?;
    let about = about(id, code, row.try_get("procedure_name")?);
    notify(write, owner, at, &about).await
}

impl StoredDossier {
    /// The state in which the open supplement request was made.
    #[must_use]
    pub fn before(&self) -> Option<DossierStatus> {
        self.after.open().map(|request| request.before)
    }
}
