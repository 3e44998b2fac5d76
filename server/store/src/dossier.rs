//! Dossiers from manifest to result, one file a part of their life.

mod abandoned;
mod announce;
pub(crate) mod life;
mod list;
mod read;
mod returned;
mod submit;
mod supplement;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod together;

pub(crate) use announce::Announcing;
pub use life::{LifeChange, With};
pub use submit::Submitted;
pub(crate) use submit::Submitting;

use crate::database::{StoreError, as_word, uuid, word};
use crate::rows::{self, Cell};
use contract::dossier::{
    AttachmentManifest, DossierEvent, DossierManifest, DossierSummary, FeePayment,
};
use contract::life::{After, ResultFile};
use contract::procedure::Procedure;
use contract::supplement::SupplementAnswer;
use contract::validation::Verdict;
use contract::value::{Dong, DossierCode, Sha256, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A dossier as announced; it has no code yet.
#[derive(Debug, Clone)]
pub struct NewDossier {
    /// Chosen by the browser.
    pub id: Uuid,
    /// Owner.
    pub account: Uuid,
    /// As announced.
    pub manifest: DossierManifest,
    /// The procedure as it is now.
    pub definition: Procedure,
    /// Sum of the fees.
    pub fee_total: Dong,
}

/// A whole dossier.
#[derive(Debug, Clone)]
pub struct StoredDossier {
    /// Identifier.
    pub id: Uuid,
    /// Owner.
    pub account: Uuid,
    /// As announced.
    pub manifest: DossierManifest,
    /// The procedure as it was.
    pub definition: Procedure,
    /// Its line, once submitted.
    pub summary: Option<DossierSummary>,
    /// Sum of the fees.
    pub fee_total: Dong,
    /// Files that arrived.
    pub attachments: Vec<StoredAttachment>,
    /// What happened.
    pub events: Vec<DossierEvent>,
    /// Grows with every change.
    pub version: i64,
    /// What came after submission.
    pub after: After,
    /// The announced answer to the open supplement request.
    pub answer: Option<SupplementAnswer>,
    /// Files of the result with their digests.
    pub results: Vec<StoredResult>,
    /// At which step of its processing it stands, from 0.
    pub step: Option<usize>,
    /// When that step is due.
    pub step_due_at: Option<Timestamp>,
    /// Account of who has it.
    pub assignee: Option<Uuid>,
}

/// A file of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResult {
    /// As people see it.
    pub file: ResultFile,
    /// Digest: its name in the file store.
    pub sha256: Sha256,
}

/// A file that arrived and was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAttachment {
    /// Identifier.
    pub id: Uuid,
    /// Digest: its name in the file store.
    pub sha256: Sha256,
    /// Length in bytes.
    pub size: u64,
    /// The server's verdict.
    pub verdict: Verdict,
}

impl StoredAttachment {
    /// Whether it is the file that was announced, with the bytes that were announced.
    #[must_use]
    pub fn is(&self, announced: &AttachmentManifest) -> bool {
        self.id == announced.id && self.sha256 == announced.sha256
    }
}

/// Submission of a complete dossier.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// Identifier of the receiving unit: the first part of the code.
    pub unit: &'a str,
    /// Day in Vietnam, `yymmdd`.
    pub day: &'a str,
    /// Who submits, by name.
    pub actor: &'a str,
    /// Now.
    pub now: Timestamp,
}

pub(crate) fn summary(row: &AnyRow) -> Result<Option<DossierSummary>, StoreError> {
    let Some(code) = row.try_get::<Option<String>, _>("code")? else {
        return Ok(None);
    };
    let count = |column: &str| -> Result<usize, StoreError> {
        usize::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Malformed("count"))
    };
    Ok(Some(DossierSummary {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        code: DossierCode::try_from(code).map_err(|_| StoreError::Malformed("code"))?,
        procedure: row.try_get("procedure")?,
        procedure_name: row.try_get("procedure_name")?,
        applicant: row.try_get("applicant")?,
        status: word(
            row.try_get::<Option<String>, _>("status")?
                .unwrap_or_default(),
        )?,
        submitted_at: Timestamp(
            row.try_get::<Option<i64>, _>("submitted_at")?
                .unwrap_or_default(),
        ),
        due_at: row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp),
        files: count("files")?,
        signed_files: count("signed_files")?,
    }))
}

fn attachment(row: &AnyRow) -> Result<StoredAttachment, StoreError> {
    Ok(StoredAttachment {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        sha256: Sha256::try_from(row.try_get::<String, _>("sha256")?)
            .map_err(|_| StoreError::Malformed("digest"))?,
        size: u64::try_from(row.try_get::<i64, _>("size")?)
            .map_err(|_| StoreError::Malformed("size"))?,
        verdict: word(row.try_get("verdict")?)?,
    })
}

async fn add_event(
    write: &mut sqlx::Transaction<'static, sqlx::Any>,
    id: Uuid,
    event: &DossierEvent,
) -> Result<(), StoreError> {
    add_events(write, &[(id, event)]).await?;
    crate::hook::dossier(write, id, event.status, event.at).await?;
    crate::inbox::settle(write, id).await
}

/// Writes events and nothing of what goes with them.
async fn add_events(
    write: &mut sqlx::Transaction<'static, sqlx::Any>,
    events: &[(Uuid, &DossierEvent)],
) -> Result<(), StoreError> {
    let rows: Vec<[Cell; 6]> = events
        .iter()
        .map(|(id, event)| {
            Ok([
                Uuid::now_v7().into(),
                (*id).into(),
                event.at.0.into(),
                event.actor.as_str().into(),
                as_word(&event.status)?.into(),
                event.note.as_str().into(),
            ])
        })
        .collect::<Result<_, StoreError>>()?;
    rows::insert(
        write,
        "INSERT INTO dossier_event (id, dossier_id, at, actor, status, note)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

impl StoredDossier {
    /// See [`DossierManifest::payment`].
    #[must_use]
    pub const fn payment(&self) -> FeePayment {
        self.manifest.payment
    }

    /// An announced file whose bytes may come: of the dossier before it is submitted, then of the answer to an open supplement request.
    #[must_use]
    pub fn awaited(&self, id: Uuid) -> Option<&AttachmentManifest> {
        let announced = match (&self.summary, &self.answer) {
            (None, _) => self.manifest.attachments.as_slice(),
            (Some(_), Some(answer)) => answer.attachments.as_slice(),
            (Some(_), None) => &[],
        };
        announced.iter().find(|announced| announced.id == id)
    }

    /// Every file that is or was part of it.
    pub fn files(&self) -> impl Iterator<Item = &AttachmentManifest> {
        let former = self.after.former.iter().map(|former| &former.manifest);
        self.manifest.attachments.iter().chain(former)
    }
}
