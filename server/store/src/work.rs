//! How a received dossier is worked on: where it stands, and the lines of who did what. Citizens see none of it.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one};
use crate::dossier::life::tell_owner;
use contract::audit::AuditAction;
use contract::dossier::DossierStatus;
use contract::message::Message;
use contract::notice::NoticeAbout;
use contract::value::Timestamp;
use contract::work::WorkEntry;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// Where a dossier stands from now on.
#[derive(Debug, Clone)]
pub struct StepChange<'a> {
    /// The step, from 0; none: it is not being worked on.
    pub step: Option<usize>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Who has it.
    pub assignee: Option<Uuid>,
    /// What was done.
    pub entries: &'a [WorkEntry],
}

impl StepChange<'_> {
    /// Writes where it stands, not its lines.
    pub(crate) async fn write(
        &self,
        write: &mut Transaction<'static, Any>,
        dossier: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE dossier SET step = $1, step_due_at = $2, assignee = $3 WHERE id = $4")
            .bind(self.step.and_then(|step| i64::try_from(step).ok()))
            .bind(self.due_at.map(|at| at.0))
            .bind(self.assignee.map(|id| id.to_string()))
            .bind(dossier)
            .execute(&mut **write)
            .await?;
        Ok(())
    }
}

/// A change within processing, decided on what was read before.
#[derive(Debug, Clone)]
pub struct WorkChange<'a> {
    /// Which dossier.
    pub id: Uuid,
    /// The version that was seen.
    pub version: i64,
    /// The state it had then, and keeps.
    pub status: DossierStatus,
    /// Account of who does it.
    pub by: Uuid,
    /// Now.
    pub now: Timestamp,
    /// Another date for the citizen.
    pub due_at: Option<Timestamp>,
    /// What the citizen is told.
    pub message: Option<Message>,
    /// The act, as the journal names it.
    pub act: &'a str,
    /// Where it stands then.
    pub step: StepChange<'a>,
}

/// Adds a line.
pub(crate) async fn add_entry(
    write: &mut Transaction<'static, Any>,
    dossier: &str,
    by: Uuid,
    entry: &WorkEntry,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO work_entry (id, dossier_id, at, actor, name, done, step, to_name, note, due_at, late)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(dossier)
    .bind(entry.at.0)
    .bind(by.to_string())
    .bind(&entry.actor)
    .bind(serde_json::to_string(&entry.act)?)
    .bind(&entry.step)
    .bind(&entry.to)
    .bind(&entry.note)
    .bind(entry.due_at.map(|at| at.0))
    .bind(i64::from(entry.late))
    .execute(&mut **write)
    .await?;
    Ok(())
}

impl Database {
    /// Moves a dossier within its processing, if it still is as it was seen.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody was faster.
    pub async fn change_work(&self, change: &WorkChange<'_>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let id = change.id.to_string();
        let done = sqlx::query(
            "UPDATE dossier SET due_at = COALESCE($1, due_at), version = version + 1 WHERE id = $2 AND version = $3 AND status = $4",
        )
        .bind(change.due_at.map(|at| at.0))
        .bind(&id)
        .bind(change.version)
        .bind(as_word(&change.status)?)
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        change.step.write(&mut write, &id).await?;
        for entry in change.step.entries {
            add_entry(&mut write, &id, change.by, entry).await?;
        }
        if let Some(due_at) = change.due_at {
            crate::reminder::follow_dossier(&mut write, change.id, Some(due_at)).await?;
        }
        if let Some(message) = &change.message {
            crate::message::add(&mut write, change.id, message).await?;
            let about = |dossier, code, procedure_name| NoticeAbout::Message {
                dossier,
                code,
                procedure_name,
            };
            tell_owner(&mut write, change.id, change.now, about).await?;
        }
        let record = NewRecord {
            dossier: Some(change.id),
            detail: change.act,
            ..NewRecord::of(change.now, change.by, AuditAction::WorkDone)
        };
        crate::inbox::settle(&mut write, change.id).await?;
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }

    /// What was done to a dossier, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work_entries(&self, dossier: Uuid) -> Result<Vec<WorkEntry>, StoreError> {
        sqlx::query("SELECT * FROM work_entry WHERE dossier_id = $1 ORDER BY at, id LIMIT 1000")
            .bind(dossier.to_string())
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                Ok(WorkEntry {
                    at: Timestamp(row.try_get("at")?),
                    actor: row.try_get("name")?,
                    act: serde_json::from_str(&row.try_get::<String, _>("done")?)?,
                    step: row.try_get("step")?,
                    to: row.try_get("to_name")?,
                    note: row.try_get("note")?,
                    due_at: row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp),
                    late: row.try_get::<i64, _>("late")? != 0,
                })
            })
            .collect()
    }
}
