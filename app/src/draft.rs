//! The only folder that touches IndexedDB: drafts, their files, and signatures that wait. Nothing of it leaves the device before submission.

mod database;
pub mod habit;
mod signing;

pub use signing::{
    Stored, begin_signing, end_signing, find_signing, list_signings, note_progress, prepared_bytes,
    store_signed,
};

use contract::dossier::{CopyKind, DossierForm, FeePayment};
use contract::procedure::Procedure;
use contract::session::Account;
use contract::value::{FileName, Sha256, Timestamp};
use database::Store;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// Why the device could not keep or give something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftError {
    /// It is not there (any more).
    Missing,
    /// The browser's storage failed or is full.
    Storage,
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
    /// Step 4.
    #[serde(default)]
    pub declared: bool,
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
}

/// Begins a draft, filled from the account.
pub async fn begin(
    account: &Account,
    procedure: Procedure,
    now: Timestamp,
) -> Result<Draft, DraftError> {
    let person = &account.person;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut form = DossierForm::default();
    form.applicant.name = account.name.as_str().to_owned();
    form.applicant.citizen_id = person
        .citizen_id
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    form.applicant.id_issued_on = text(&person.id_issued_on);
    form.applicant.id_issued_by = text(&person.id_issued_by);
    form.applicant.nationality = person
        .nationality
        .clone()
        .unwrap_or_else(|| "Việt Nam".into());
    form.applicant.born_on = text(&person.born_on);
    form.applicant.sex = text(&person.sex);
    form.applicant.phone = person
        .phone
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    form.applicant.province = text(&person.province);
    form.applicant.ward = text(&person.ward);
    form.applicant.address = text(&person.address);
    form.applicant.email = text(&person.email);
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
        declared: false,
        updated_at: now,
        version: 0,
    };
    database::keep().await;
    write(&draft).await?;
    Ok(draft)
}

async fn write(draft: &Draft) -> Result<(), DraftError> {
    let text = serde_json::to_string(draft).map_err(|_| DraftError::Storage)?;
    database::put(Store::Draft, &draft.id.to_string(), &text.into()).await
}

/// One draft of an account.
pub async fn load(account: Uuid, id: Uuid) -> Result<Draft, DraftError> {
    owned(account, database::get(Store::Draft, &id.to_string()).await?)
}

/// A stored draft, when it is this account's.
fn owned(account: Uuid, stored: Option<JsValue>) -> Result<Draft, DraftError> {
    let value = stored.ok_or(DraftError::Missing)?;
    let draft: Draft = serde_json::from_str(&value.as_string().unwrap_or_default())
        .map_err(|_| DraftError::Missing)?;
    if draft.account == account {
        Ok(draft)
    } else {
        Err(DraftError::Missing)
    }
}

/// All drafts of an account, newest first.
pub async fn list(account: Uuid) -> Result<Vec<Draft>, DraftError> {
    let mut drafts: Vec<Draft> = database::all(Store::Draft)
        .await?
        .into_iter()
        .filter_map(|value| serde_json::from_str(&value.as_string()?).ok())
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
    database::change(Store::Draft, &id.to_string(), |stored| {
        let mut draft = owned(account, stored)?;
        edit(&mut draft);
        draft.version += 1;
        draft.updated_at = now;
        let text = serde_json::to_string(&draft).map_err(|_| DraftError::Storage)?;
        Ok((text.into(), draft))
    })
    .await
}

/// Deletes a draft and its files.
pub async fn delete(account: Uuid, id: Uuid) -> Result<(), DraftError> {
    let draft = load(account, id).await?;
    for attachment in &draft.attachments {
        remove_bytes(attachment.id).await?;
    }
    database::delete(Store::Draft, &id.to_string()).await
}

/// Keeps a file's bytes.
pub async fn put_bytes(attachment: Uuid, bytes: &[u8]) -> Result<(), DraftError> {
    let value = js_sys::Uint8Array::from(bytes);
    database::put(Store::File, &attachment.to_string(), &value.into()).await
}

/// A file's bytes as they are now.
pub async fn attachment_bytes(attachment: Uuid) -> Result<Vec<u8>, DraftError> {
    let value = database::get(Store::File, &attachment.to_string())
        .await?
        .ok_or(DraftError::Missing)?;
    Ok(js_sys::Uint8Array::new(&value).to_vec())
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
            });
        })
        .await
        .expect("changed");
        assert_eq!(attachment_bytes(attachment).await.expect("bytes"), b"%PDF-");
        delete(account, draft.id).await.expect("deleted");
        assert_eq!(attachment_bytes(attachment).await, Err(DraftError::Missing));
        assert_eq!(load(account, draft.id).await, Err(DraftError::Missing));
    }
}
