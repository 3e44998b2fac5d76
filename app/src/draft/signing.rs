//! Signings that wait, on the device: what was sent, how far it came, the prepared bytes; and the signed file taking the place of the
//! unsigned one. What belongs together is written together, so that a tab that is closed in between leaves nothing half done.

use super::database::{self, Store, Work};
use super::seal::{self, Sealed};
use super::{Draft, DraftError, load, record, turn};
use crate::signing::pending::{Kept, PendingSigning, Progress, StoredFile};
use contract::signing::SigningView;
use contract::value::Timestamp;
use std::collections::BTreeSet;
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// Where a file's prepared bytes lie.
fn prepared_key(signing: Uuid, attachment: Uuid) -> String {
    format!("{signing}/{attachment}")
}

/// Opens an entry, of this form or an older one.
async fn read(id: &str, value: &JsValue) -> Result<Kept, DraftError> {
    let bytes = record::bytes(Store::Pending, id, value).await?;
    Kept::read(&String::from_utf8(bytes).unwrap_or_default()).ok_or(DraftError::Missing)
}

async fn sealed(kept: &Kept) -> Result<JsValue, DraftError> {
    let (account, id) = (kept.pending.account, kept.pending.start.id.to_string());
    record::sealed(account, Store::Pending, &id, kept).await
}

/// A draft that was changed, ready to be written.
async fn changed(draft: &mut Draft, now: Timestamp) -> Result<JsValue, DraftError> {
    draft.version += 1;
    draft.updated_at = now;
    record::sealed(draft.account, Store::Draft, &draft.id.to_string(), draft).await
}

/// Keeps a signing before it is sent, with the prepared bytes of its files (in their order), and marks the files as waiting.
/// A file has one signing at a time ([`DraftError::BeingSigned`]), but one that follows another takes its files over: the other
/// may still be telling the server that it is over.
pub async fn begin_signing(
    kept: &Kept,
    prepared: &[Vec<u8>],
    now: Timestamp,
) -> Result<(), DraftError> {
    let pending = &kept.pending;
    let id = pending.start.id;
    let _turn = turn(pending.draft).await;
    let alive: BTreeSet<String> = database::keys(Store::Pending).await?.into_iter().collect();
    let mut draft = load(pending.account, pending.draft).await?;
    for entry in &mut draft.attachments {
        if pending.file(entry.id).is_none() {
            continue;
        }
        if entry.waiting.is_some_and(|other| {
            other != id
                && pending.start.follows != Some(other)
                && alive.contains(&other.to_string())
        }) {
            return Err(DraftError::BeingSigned);
        }
        entry.waiting = Some(id);
    }
    let mut files = Vec::new();
    for (file, bytes) in pending.files.iter().zip(prepared) {
        let key = prepared_key(id, file.attachment);
        let sealed = seal::seal(pending.account, Store::PreparedFile, &key, bytes).await?;
        files.push((key, sealed));
    }
    let draft_value = changed(&mut draft, now).await?;
    let kept_value = sealed(kept).await?;
    let work = Work::begin(&[Store::Draft, Store::Pending, Store::PreparedFile]).await?;
    for (key, sealed) in &files {
        work.put(Store::PreparedFile, key, sealed).await?;
    }
    work.put(Store::Draft, &draft.id.to_string(), &draft_value)
        .await?;
    work.put(Store::Pending, &id.to_string(), &kept_value)
        .await?;
    work.commit().await
}

/// Every signing of an account that waits.
pub async fn list_signings(account: Uuid) -> Result<Vec<Kept>, DraftError> {
    let mut found = Vec::new();
    for (id, value) in database::entries(Store::Pending).await? {
        if Sealed::of(&value).is_some_and(|sealed| sealed.account() != account) {
            continue;
        }
        match read(&id, &value).await {
            Ok(kept) if kept.pending.account == account => found.push(kept),
            Err(DraftError::Locked) => return Err(DraftError::Locked),
            _ => {}
        }
    }
    Ok(found)
}

/// One signing, while it waits.
pub async fn find_signing(id: Uuid) -> Result<Option<Kept>, DraftError> {
    let id = id.to_string();
    match database::get(Store::Pending, &id).await? {
        Some(value) => match read(&id, &value).await {
            Err(DraftError::Missing) => Ok(None),
            other => other.map(Some),
        },
        None => Ok(None),
    }
}

/// The prepared bytes of a file.
pub async fn prepared_bytes(signing: Uuid, attachment: Uuid) -> Result<Vec<u8>, DraftError> {
    let key = prepared_key(signing, attachment);
    if let Some(value) = database::get(Store::PreparedFile, &key).await? {
        return record::bytes(Store::PreparedFile, &key, &value).await;
    }
    // As versions with one file a signing kept them.
    let key = signing.to_string();
    let value = database::get(Store::PreparedFile, &key)
        .await?
        .ok_or(DraftError::Missing)?;
    record::bytes(Store::PreparedFile, &key, &value).await
}

/// Notes how far a signing came. [`DraftError::Missing`] when it was put away meanwhile.
pub async fn note_progress(id: Uuid, edit: impl FnOnce(&mut Progress)) -> Result<(), DraftError> {
    let draft = find_signing(id)
        .await?
        .ok_or(DraftError::Missing)?
        .pending
        .draft;
    let _turn = turn(draft).await;
    let mut kept = find_signing(id).await?.ok_or(DraftError::Missing)?;
    edit(&mut kept.progress);
    let value = sealed(&kept).await?;
    database::put(Store::Pending, &id.to_string(), &value).await
}

/// What became of a signed file.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    /// It took the place of the unsigned one, or had done so before.
    Yes(Progress),
    /// The file is not what was signed any more: it was removed, or something else was signed into it meanwhile.
    Changed,
}

/// Puts a signed file in the place of the unsigned one, which is kept until submission, and lets the prepared bytes go: all of it or
/// nothing. Doing it again changes nothing, also when another tab made another file (another timestamp) of the same value.
pub async fn store_signed(
    pending: &PendingSigning,
    file: StoredFile,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Stored, DraftError> {
    let id = pending.start.id;
    let key = file.attachment.to_string();
    let _turn = turn(pending.draft).await;
    let Ok(mut draft) = load(pending.account, pending.draft).await else {
        return Ok(Stored::Changed);
    };
    let mut kept = find_signing(id).await?.ok_or(DraftError::Missing)?;
    let Some(entry) = draft
        .attachments
        .iter_mut()
        .find(|entry| entry.id == file.attachment)
    else {
        return Ok(Stored::Changed);
    };
    if entry.signings.contains(&id) {
        return Ok(Stored::Yes(kept.progress));
    }
    if pending
        .file(file.attachment)
        .is_none_or(|signed| signed.prepared.document_sha256 != entry.sha256)
    {
        return Ok(Stored::Changed);
    }
    entry.file_name = entry.file_name.signed();
    entry.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    entry.sha256 = file.sha256;
    entry.waiting = None;
    entry.signings.push(id);
    let draft_value = changed(&mut draft, now).await?;
    kept.progress.stored.push(file);
    let kept_value = sealed(&kept).await?;
    let signed = seal::seal(pending.account, Store::File, &key, bytes).await?;
    let unsigned = database::get(Store::File, &key).await?;
    let original = original(pending.account, &key, unsigned.as_ref()).await?;
    let work = Work::begin(&[
        Store::Draft,
        Store::File,
        Store::Original,
        Store::Pending,
        Store::PreparedFile,
    ])
    .await?;
    let now_there = work.get(Store::File, &key).await?;
    let replaced = match (&unsigned, &now_there) {
        (Some(before), Some(now)) => match (Sealed::of(before), Sealed::of(now)) {
            (Some(before), Some(now)) => !before.is(&now),
            (None, None) => false,
            (None, Some(_)) | (Some(_), None) => true,
        },
        (before, now) => before.is_some() != now.is_some(),
    };
    if replaced {
        return Ok(Stored::Changed);
    }
    if let Some(original) = original {
        work.put(Store::Original, &key, &original).await?;
    }
    work.put(Store::File, &key, &signed).await?;
    work.put(Store::Draft, &draft.id.to_string(), &draft_value)
        .await?;
    work.put(Store::Pending, &id.to_string(), &kept_value)
        .await?;
    work.delete(Store::PreparedFile, &prepared_key(id, file.attachment))
        .await?;
    work.commit().await?;
    Ok(Stored::Yes(kept.progress))
}

/// The unsigned file, sealed for its new place; none when an earlier one is kept there.
async fn original(
    account: Uuid,
    key: &str,
    unsigned: Option<&JsValue>,
) -> Result<Option<JsValue>, DraftError> {
    let Some(unsigned) = unsigned else {
        return Ok(None);
    };
    if database::get(Store::Original, key).await?.is_some() {
        return Ok(None);
    }
    let bytes = record::bytes(Store::File, key, unsigned).await?;
    seal::seal(account, Store::Original, key, &bytes)
        .await
        .map(Some)
}

/// Ends a signing: its files are free again and the prepared bytes go. With a view it is kept until somebody looked at how it
/// ended, without one it is forgotten.
pub async fn end_signing(
    pending: &PendingSigning,
    end: Option<&SigningView>,
    now: Timestamp,
) -> Result<(), DraftError> {
    let id = pending.start.id;
    let key = id.to_string();
    let _turn = turn(pending.draft).await;
    let mut freed = None;
    if let Ok(mut draft) = load(pending.account, pending.draft).await {
        let waiting = draft
            .attachments
            .iter_mut()
            .filter(|entry| entry.waiting == Some(id));
        if waiting.map(|entry| entry.waiting = None).count() > 0 {
            freed = Some(changed(&mut draft, now).await?);
        }
    }
    let ended = match (end, find_signing(id).await?) {
        (Some(view), Some(mut kept)) => {
            kept.progress.view = Some(view.clone());
            Some(sealed(&kept).await?)
        }
        (_, _) => None,
    };
    let work = Work::begin(&[Store::Draft, Store::Pending, Store::PreparedFile]).await?;
    if let Some(draft) = freed {
        work.put(Store::Draft, &pending.draft.to_string(), &draft)
            .await?;
    }
    match ended {
        Some(kept) => work.put(Store::Pending, &key, &kept).await?,
        None => work.delete(Store::Pending, &key).await?,
    }
    work.delete(Store::PreparedFile, &key).await?;
    for file in &pending.files {
        work.delete(Store::PreparedFile, &prepared_key(id, file.attachment))
            .await?;
    }
    work.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::{NOW, begun};
    use crate::draft::{DraftAttachment, attachment_bytes, change, load, put_bytes};
    use crate::signing::pending::{Proof, tests::OLD};
    use contract::dossier::CopyKind;
    use contract::value::Sha256;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    /// A draft with one file, and a request to sign it, with new identifiers.
    async fn asked() -> Kept {
        let mut kept = Kept::read(OLD).expect("an entry");
        let (account, attachment) = (Uuid::new_v4(), Uuid::new_v4());
        let pending = &mut kept.pending;
        let draft = begun(account).await;
        (pending.account, pending.draft) = (account, draft.id);
        pending.start.id = Uuid::new_v4();
        pending.start.items[0].attachment = attachment;
        pending.files[0].attachment = attachment;
        put_bytes(attachment, b"%PDF-unsigned").await.expect("kept");
        let sha256 = pending.files[0].prepared.document_sha256;
        change(account, draft.id, NOW, |draft| {
            draft.attachments.push(DraftAttachment {
                id: attachment,
                component: "to-khai".into(),
                copy_kind: CopyKind::Original,
                count: 1,
                file_name: "to-khai.pdf".parse().expect("a name"),
                size: 13,
                sha256,
                signings: Vec::new(),
                waiting: None,
                signed_as: None,
                original: None,
            });
        })
        .await
        .expect("changed");
        kept
    }

    fn signed(kept: &Kept) -> StoredFile {
        StoredFile {
            attachment: kept.pending.files[0].attachment,
            sha256: Sha256([9; 32]),
            proof: Proof::NotOffered,
        }
    }

    async fn file(kept: &Kept) -> DraftAttachment {
        let pending = &kept.pending;
        let draft = load(pending.account, pending.draft).await.expect("draft");
        draft.attachments[0].clone()
    }

    #[wasm_bindgen_test]
    async fn a_file_is_signed_by_one_request_at_a_time() {
        let kept = asked().await;
        let begin =
            |kept: Kept| async move { begin_signing(&kept, &[b"%PDF-1".to_vec()], NOW).await };
        begin(kept.clone()).await.expect("begun");
        begin(kept.clone()).await.expect("the same request again");
        let mut other = kept.clone();
        other.pending.start.id = Uuid::new_v4();
        assert_eq!(begin(other.clone()).await, Err(DraftError::BeingSigned));
        assert_eq!(find_signing(other.pending.start.id).await, Ok(None));
        let view = None;
        end_signing(&kept.pending, view, NOW).await.expect("ended");
        assert_eq!(file(&kept).await.waiting, None);
        begin(other).await.expect("free again");
    }

    #[wasm_bindgen_test]
    async fn a_request_that_follows_another_takes_its_file_over() {
        let kept = asked().await;
        let begin =
            |kept: Kept| async move { begin_signing(&kept, &[b"%PDF-1".to_vec()], NOW).await };
        begin(kept.clone()).await.expect("begun");
        let mut next = kept.clone();
        next.pending.start.id = Uuid::new_v4();
        next.pending.start.follows = Some(kept.pending.start.id);
        begin(next.clone()).await.expect("taken over");
        // The end of the first, heard late, does not free what the second holds.
        end_signing(&kept.pending, None, NOW).await.expect("ended");
        assert_eq!(file(&kept).await.waiting, Some(next.pending.start.id));
    }

    #[wasm_bindgen_test]
    async fn a_signed_file_is_stored_once_and_its_prepared_bytes_go_with_it() {
        let kept = asked().await;
        let (pending, attachment) = (&kept.pending, kept.pending.files[0].attachment);
        let id = pending.start.id;
        begin_signing(&kept, &[b"%PDF-prepared".to_vec()], NOW)
            .await
            .expect("begun");
        assert_eq!(file(&kept).await.waiting, Some(id));
        assert_eq!(
            prepared_bytes(id, attachment).await.expect("there"),
            b"%PDF-prepared"
        );
        let stored = store_signed(pending, signed(&kept), b"%PDF-signed", NOW).await;
        assert!(matches!(stored, Ok(Stored::Yes(progress)) if progress.stored.len() == 1));
        assert_eq!(
            prepared_bytes(id, attachment).await,
            Err(DraftError::Missing)
        );
        // Another tab made another file of the same value.
        let again = StoredFile {
            sha256: Sha256([8; 32]),
            ..signed(&kept)
        };
        let stored = store_signed(pending, again, b"%PDF-other", NOW).await;
        assert!(matches!(stored, Ok(Stored::Yes(progress)) if progress.stored == [signed(&kept)]));
        assert_eq!(
            attachment_bytes(attachment).await.expect("file"),
            b"%PDF-signed"
        );
        let file = file(&kept).await;
        assert_eq!(file.file_name.as_str(), "to-khai_signed.pdf");
        assert_eq!((file.waiting, file.signings), (None, vec![id]));
    }

    #[wasm_bindgen_test]
    async fn a_file_that_changed_since_it_was_sent_is_left_as_it_is() {
        let kept = asked().await;
        let pending = &kept.pending;
        begin_signing(&kept, &[b"%PDF-prepared".to_vec()], NOW)
            .await
            .expect("begun");
        change(pending.account, pending.draft, NOW, |draft| {
            draft.attachments[0].sha256 = Sha256([7; 32]);
        })
        .await
        .expect("changed");
        let stored = store_signed(pending, signed(&kept), b"%PDF-signed", NOW).await;
        assert_eq!(stored, Ok(Stored::Changed));
        assert_eq!(
            attachment_bytes(pending.files[0].attachment)
                .await
                .expect("file"),
            b"%PDF-unsigned"
        );
    }

    #[wasm_bindgen_test]
    async fn a_signing_that_an_older_version_of_the_site_kept_is_finished() {
        let kept = asked().await;
        let (pending, file) = (&kept.pending, &kept.pending.files[0]);
        let mut old: serde_json::Value = serde_json::from_str(OLD).expect("JSON");
        old["account"] = pending.account.to_string().into();
        old["draft"] = pending.draft.to_string().into();
        old["attachment"] = file.attachment.to_string().into();
        old["start"] = serde_json::to_value(&pending.start).expect("JSON");
        let id = pending.start.id.to_string();
        let bytes = js_sys::Uint8Array::from(b"%PDF-prepared".as_slice());
        database::put(Store::PreparedFile, &id, &bytes)
            .await
            .expect("put");
        database::put(Store::Pending, &id, &old.to_string().into())
            .await
            .expect("put");
        let found = list_signings(pending.account).await.expect("list");
        assert_eq!(found, std::slice::from_ref(&kept));
        let bytes = prepared_bytes(pending.start.id, file.attachment).await;
        assert_eq!(bytes.expect("found under its old key"), b"%PDF-prepared");
        let stored = store_signed(pending, signed(&kept), b"%PDF-signed", NOW).await;
        assert!(matches!(stored, Ok(Stored::Yes(_))));
        end_signing(pending, None, NOW).await.expect("ended");
        assert_eq!(find_signing(pending.start.id).await, Ok(None));
    }
}
