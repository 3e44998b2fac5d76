//! A paper of the agency that an officer signs: on the device it is a draft of one file, so that the signing screen and all that waits,
//! resumes and finishes is the citizens' own. It goes away as soon as the signed form is where it belongs.

use super::{
    Draft, DraftAttachment, DraftError, database, delete, list_all, put_bytes, turn, write,
};
use contract::dossier::{CopyKind, Dossier};
use contract::payment::FeeChoices;
use contract::value::{FileName, Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which paper a draft holds. The paper's number is its only attachment's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPaper {
    /// The dossier it belongs to.
    pub dossier: Uuid,
    /// A slip, else a file of the result.
    pub slip: bool,
}

/// A paper as it came from the server.
pub struct Paper {
    /// Its number.
    pub id: Uuid,
    /// A slip, else a file of the result.
    pub slip: bool,
    /// Its name.
    pub file_name: FileName,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub sha256: Sha256,
}

/// Finds the draft of a paper as it is now, or begins it. One of the same paper as it was before is put away.
pub async fn begin(
    account: Uuid,
    dossier: &Dossier,
    paper: Paper,
    now: Timestamp,
) -> Result<Uuid, DraftError> {
    let _turn = turn(paper.id).await;
    for known in of(account, dossier.summary.id).await? {
        let Some(file) = known.attachments.iter().find(|file| file.id == paper.id) else {
            continue;
        };
        // It may wait for the phone in this moment, or be signed and not brought to its dossier yet.
        let kept = file.waiting.is_some() || !file.signings.is_empty();
        if kept || file.sha256 == paper.sha256 {
            return Ok(known.id);
        }
        delete(account, known.id).await?;
    }
    put_bytes(paper.id, &paper.bytes).await?;
    let size = u64::try_from(paper.bytes.len()).unwrap_or(u64::MAX);
    let draft = Draft {
        id: Uuid::new_v4(),
        account,
        procedure: dossier.definition.clone(),
        form: contract::dossier::DossierForm::default(),
        attachments: vec![DraftAttachment {
            id: paper.id,
            component: component(paper.slip).to_owned(),
            copy_kind: CopyKind::Original,
            count: 1,
            file_name: paper.file_name,
            size,
            sha256: paper.sha256,
            signings: Vec::new(),
            waiting: None,
            signed_as: None,
            original: None,
        }],
        payment: dossier.payment,
        fees: FeeChoices::default(),
        declared: false,
        supplement: None,
        desk: Some(DeskPaper {
            dossier: dossier.summary.id,
            slip: paper.slip,
        }),
        updated_at: now,
        version: 0,
    };
    database::keep().await;
    write(&draft).await?;
    Ok(draft.id)
}

/// What places of boxes are remembered by.
const fn component(slip: bool) -> &'static str {
    if slip { "slip" } else { "result" }
}

/// The drafts of papers of a dossier on this device.
pub async fn of(account: Uuid, dossier: Uuid) -> Result<Vec<Draft>, DraftError> {
    let mut drafts = list_all(account).await?;
    drafts.retain(|draft| draft.desk.is_some_and(|desk| desk.dossier == dossier));
    Ok(drafts)
}
