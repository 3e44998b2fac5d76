//! The only folder that touches IndexedDB: drafts, their files, and signatures that wait, sealed for their account. Nothing of it leaves
//! the device before submission.

mod database;
pub mod desk;
pub mod habit;
mod migrate;
pub mod outbox;
mod record;
mod seal;
mod signing;
pub mod supplement;
pub mod vault;

pub use signing::{
    Stored, begin_signing, end_signing, find_signing, list_signings, note_progress, prepared_bytes,
    store_signed,
};

use crate::session;
use crate::signing::tabs::{Lock, lock};
use contract::dossier::{AttachmentManifest, CopyKind, DossierForm, FeePayment};
use contract::payment::FeeChoices;
use contract::procedure::Procedure;
use contract::session::Account;
use contract::value::{FileName, Sha256, Timestamp};
use database::Store;
use seal::Sealed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// Why the device could not keep or give something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftError {
    /// It is not there (any more).
    Missing,
    /// The browser's storage failed.
    Storage,
    /// The browser's storage is full.
    Full,
    /// It is there, sealed, and its key is not: nobody is signed in, or the server was not reached to bring it.
    Locked,
    /// Another signing of the file waits already, in another window perhaps.
    BeingSigned,
}

/// A dossier that is being prepared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Also the dossier's identifier once announced.
    pub id: Uuid,
    /// Whose it is.
    pub account: Uuid,
    /// The procedure as it was when the draft began.
    pub procedure: Procedure,
    /// Step 1.
    pub form: DossierForm,
    /// Step 2.
    pub attachments: Vec<DraftAttachment>,
    /// Step 3.
    pub payment: FeePayment,
    /// Step 3: counts and the exemption that is claimed.
    #[serde(default)]
    pub fees: FeeChoices,
    /// Step 4.
    #[serde(default)]
    pub declared: bool,
    /// It answers a supplement request of a dossier that was submitted.
    #[serde(default)]
    pub supplement: Option<supplement::Answering>,
    /// It is no dossier but a paper of an agency that an officer signs.
    #[serde(default)]
    pub desk: Option<desk::DeskPaper>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: u32,
}

/// A file of a draft; its bytes are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftAttachment {
    /// Identifier.
    pub id: Uuid,
    /// Component's code.
    pub component: String,
    /// Original or copy.
    pub copy_kind: CopyKind,
    /// How many.
    pub count: u8,
    /// Name.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// Digest of the bytes as they are now.
    pub sha256: Sha256,
    /// Signings the file carries.
    #[serde(default)]
    pub signings: Vec<Uuid>,
    /// A signing that waits.
    #[serde(default)]
    pub waiting: Option<Uuid>,
    /// The identifier under which earlier signings were made: the file comes from the personal document store.
    #[serde(default)]
    pub signed_as: Option<Uuid>,
    /// The DOC or DOCX it was converted from.
    #[serde(default)]
    pub original: Option<Original>,
}

/// A Word file that is kept beside the PDF made of it, and goes along with the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Identifier; its bytes are kept under it.
    pub id: Uuid,
    /// Name.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// Digest of the bytes.
    pub sha256: Sha256,
}

impl DraftAttachment {
    /// What is announced of it: the file, and the original it was converted from.
    pub fn announced(&self) -> impl Iterator<Item = AttachmentManifest> {
        let original = self.original.as_ref().map(|original| AttachmentManifest {
            id: original.id,
            component: self.component.clone(),
            copy_kind: self.copy_kind,
            count: self.count,
            file_name: original.file_name.clone(),
            size: original.size,
            sha256: original.sha256,
            signings: Vec::new(),
            signed_as: None,
            original_of: Some(self.id),
        });
        let file = AttachmentManifest {
            id: self.id,
            component: self.component.clone(),
            copy_kind: self.copy_kind,
            count: self.count,
            file_name: self.file_name.clone(),
            size: self.size,
            sha256: self.sha256,
            signings: self.signings.clone(),
            signed_as: self.signed_as,
            original_of: None,
        };
        std::iter::once(file).chain(original)
    }
}

/// Begins a draft, filled from the account.
pub async fn begin(
    account: &Account,
    procedure: Procedure,
    now: Timestamp,
) -> Result<Draft, DraftError> {
    let mut form = DossierForm {
        applicant: account.person.applicant(),
        ..DossierForm::default()
    };
    form.applicant.name = account.name.as_str().to_owned();
    if form.applicant.nationality.is_empty() {
        form.applicant.nationality = crate::text::n("Việt Nam").into();
    }
    form.applicant.content.clone_from(&procedure.summary.name);
    let payment = if procedure.fees.iter().all(|fee| fee.amount.0 == 0) {
        FeePayment::None
    } else {
        FeePayment::AtCounter
    };
    let draft = Draft {
        id: Uuid::new_v4(),
        account: account.id,
        procedure,
        form,
        attachments: Vec::new(),
        payment,
        fees: FeeChoices::default(),
        declared: false,
        supplement: None,
        desk: None,
        updated_at: now,
        version: 0,
    };
    database::keep().await;
    write(&draft).await?;
    Ok(draft)
}

async fn write(draft: &Draft) -> Result<(), DraftError> {
    record::write(draft.account, Store::Draft, &draft.id.to_string(), draft).await
}

/// One draft of an account.
pub async fn load(account: Uuid, id: Uuid) -> Result<Draft, DraftError> {
    let value = database::get(Store::Draft, &id.to_string()).await?;
    owned(account, id, value).await
}

/// A stored draft, when it is this account's.
async fn owned(account: Uuid, id: Uuid, stored: Option<JsValue>) -> Result<Draft, DraftError> {
    let value = stored.ok_or(DraftError::Missing)?;
    if Sealed::of(&value).is_some_and(|sealed| sealed.account() != account) {
        return Err(DraftError::Missing);
    }
    let draft: Draft = record::opened(Store::Draft, &id.to_string(), &value).await?;
    if draft.account == account {
        Ok(draft)
    } else {
        Err(DraftError::Missing)
    }
}

/// The drafts of an account that become dossiers, newest first.
pub async fn list(account: Uuid) -> Result<Vec<Draft>, DraftError> {
    let mut drafts = list_all(account).await?;
    drafts.retain(|draft| draft.supplement.is_none() && draft.desk.is_none());
    Ok(drafts)
}

/// All drafts of an account, newest first.
async fn list_all(account: Uuid) -> Result<Vec<Draft>, DraftError> {
    let mut drafts: Vec<Draft> = record::list(account, Store::Draft)
        .await?
        .into_iter()
        .map(|(_, draft)| draft)
        .filter(|draft: &Draft| draft.account == account)
        .collect();
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.updated_at));
    Ok(drafts)
}

/// Changes the newest state of a draft. Tabs change different things one after the other, none overwrites the whole.
pub async fn change(
    account: Uuid,
    id: Uuid,
    now: Timestamp,
    edit: impl FnOnce(&mut Draft),
) -> Result<Draft, DraftError> {
    let _turn = turn(id).await;
    let mut draft = load(account, id).await?;
    edit(&mut draft);
    draft.version += 1;
    draft.updated_at = now;
    write(&draft).await?;
    Ok(draft)
}

/// Whoever changes a draft does it alone: opening and sealing take longer than one transaction of the browser's storage may.
async fn turn(draft: Uuid) -> Option<Lock> {
    lock(&format!("ho-so-ky-so/draft/{draft}"), false).await
}

/// Deletes a draft, its files, and what is remembered of it.
pub async fn delete(account: Uuid, id: Uuid) -> Result<(), DraftError> {
    let draft = load(account, id).await?;
    for attachment in &draft.attachments {
        remove_bytes(attachment.id).await?;
        if let Some(original) = &attachment.original {
            remove_bytes(original.id).await?;
        }
    }
    database::delete(Store::Draft, &id.to_string()).await?;
    habit::forget_draft(account, id).await
}

/// Keeps a file's bytes.
pub async fn put_bytes(attachment: Uuid, bytes: &[u8]) -> Result<(), DraftError> {
    let account = session::signed_in().ok_or(DraftError::Locked)?;
    let at = attachment.to_string();
    let value = seal::seal(account, Store::File, &at, bytes).await?;
    database::put(Store::File, &at, &value).await
}

/// A file's bytes as they are now.
pub async fn attachment_bytes(attachment: Uuid) -> Result<Vec<u8>, DraftError> {
    let at = attachment.to_string();
    let value = database::get(Store::File, &at)
        .await?
        .ok_or(DraftError::Missing)?;
    record::bytes(Store::File, &at, &value).await
}

/// A file that is read part by part, so that no more than a part of it is open in memory.
pub struct Reading {
    at: String,
    sealed: Sealed,
}

impl Reading {
    /// Its length, in bytes.
    pub fn size(&self) -> u64 {
        u64::try_from(self.sealed.size()).unwrap_or(u64::MAX)
    }

    /// Some bytes from a place on; fewer at the end.
    pub async fn range(&self, from: u64, length: u64) -> Result<Vec<u8>, DraftError> {
        let piece_bytes = u64::try_from(seal::PIECE_BYTES).unwrap_or(u64::MAX);
        let end = from.saturating_add(length).min(self.size());
        let mut bytes = Vec::new();
        let mut at = from;
        while at < end {
            let number = u32::try_from(at / piece_bytes).map_err(|_| DraftError::Storage)?;
            let piece = self.sealed.piece(Store::File, &self.at, number).await?;
            let begins = u64::from(number) * piece_bytes;
            let inside = |place: u64| usize::try_from(place - begins).unwrap_or(usize::MAX);
            let until = inside(end).min(piece.len());
            let part = piece.get(inside(at)..until).ok_or(DraftError::Storage)?;
            if part.is_empty() {
                return Err(DraftError::Storage);
            }
            bytes.extend_from_slice(part);
            at += u64::try_from(part.len()).unwrap_or(u64::MAX);
        }
        Ok(bytes)
    }
}

/// Opens a file for reading part by part.
pub async fn read_in_parts(attachment: Uuid) -> Result<Reading, DraftError> {
    let at = attachment.to_string();
    let value = database::get(Store::File, &at)
        .await?
        .ok_or(DraftError::Missing)?;
    if let Some(sealed) = Sealed::of(&value) {
        return Ok(Reading { at, sealed });
    }
    // As an older version of the site kept it: sealed now.
    let bytes = record::bytes(Store::File, &at, &value).await?;
    put_bytes(attachment, &bytes).await?;
    let value = database::get(Store::File, &at).await?;
    let sealed = value
        .as_ref()
        .and_then(Sealed::of)
        .ok_or(DraftError::Missing)?;
    Ok(Reading { at, sealed })
}

/// Forgets a file's bytes.
pub async fn remove_bytes(attachment: Uuid) -> Result<(), DraftError> {
    database::delete(Store::File, &attachment.to_string()).await?;
    database::delete(Store::Original, &attachment.to_string()).await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    pub const NOW: Timestamp = Timestamp(1_795_000_000_000);

    pub async fn begun(account: Uuid) -> Draft {
        let account: Account = serde_json::from_value(serde_json::json!({
            "id": account, "name": "Nguyễn Văn Mẫu", "role": "citizen",
            "person": { "citizen_id": "062099000011", "phone": "0900000011" },
        }))
        .expect("an account");
        let procedure = serde_json::from_value(serde_json::json!({
            "code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "field": "Hộ tịch", "level": "commune",
            "service": "full", "agency": "Ủy ban nhân dân cấp xã", "audience": ["citizen"], "life_events": [],
            "description": "", "components": [], "deadline": { "working_days": 1, "text": "" },
        }))
        .expect("a procedure");
        begin(&account, procedure, NOW).await.expect("begun")
    }

    #[wasm_bindgen_test]
    async fn changes_made_at_the_same_time_are_all_kept() {
        let account = Uuid::new_v4();
        let draft = begun(account).await;
        assert_eq!(draft.form.applicant.name, "Nguyễn Văn Mẫu");
        let change = |key: &'static str| {
            change(account, draft.id, NOW, move |draft| {
                draft.form.detail.insert(key.into(), key.into());
            })
        };
        let (one, two, three) =
            futures_util::future::join3(change("a"), change("b"), change("c")).await;
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        let kept = load(account, draft.id).await.expect("there");
        assert_eq!(kept.form.detail.len(), 3, "{:?}", kept.form.detail);
        assert_eq!(kept.version, 3);
    }

    #[wasm_bindgen_test]
    async fn a_draft_is_its_owners_and_goes_with_its_files() {
        let account = Uuid::new_v4();
        let draft = begun(account).await;
        let stranger = Uuid::new_v4();
        assert_eq!(load(stranger, draft.id).await, Err(DraftError::Missing));
        assert_eq!(list(account).await.expect("list").len(), 1);
        assert!(list(stranger).await.expect("list").is_empty());
        let attachment = Uuid::new_v4();
        put_bytes(attachment, b"%PDF-").await.expect("kept");
        change(account, draft.id, NOW, |draft| {
            draft.attachments.push(DraftAttachment {
                id: attachment,
                component: "to-khai".into(),
                copy_kind: CopyKind::Original,
                count: 1,
                file_name: "to-khai.pdf".parse().expect("a name"),
                size: 5,
                sha256: Sha256([0; 32]),
                signings: Vec::new(),
                waiting: None,
                signed_as: None,
                original: None,
            });
        })
        .await
        .expect("changed");
        let gathered = |attachment| habit::Habit::Gathered {
            account,
            draft: draft.id,
            attachment,
        };
        for one in [None, Some(attachment)] {
            habit::remember(gathered(one), &1).await.expect("kept");
        }
        assert_eq!(attachment_bytes(attachment).await.expect("bytes"), b"%PDF-");
        delete(account, draft.id).await.expect("deleted");
        assert_eq!(attachment_bytes(attachment).await, Err(DraftError::Missing));
        assert_eq!(load(account, draft.id).await, Err(DraftError::Missing));
        for one in [None, Some(attachment)] {
            assert_eq!(habit::recall::<u32>(gathered(one)).await, None);
        }
    }
}
