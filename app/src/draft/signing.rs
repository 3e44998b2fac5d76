//! Signings that wait, on the device: what was sent, how far it came, the prepared bytes; and the signed file taking the place of the
//! unsigned one. What belongs together is written together, so that a tab that is closed in between leaves nothing half done.

use super::database::{self, Store, Work};
use super::{Draft, DraftError, owned};
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

fn read(value: &JsValue) -> Option<Kept> {
    Kept::read(&value.as_string()?)
}

fn written<T: serde::Serialize>(value: &T) -> Result<JsValue, DraftError> {
    let text = serde_json::to_string(value).map_err(|_| DraftError::Storage)?;
    Ok(text.into())
}

/// Writes a draft that was changed.
async fn write_draft(work: &Work, draft: &mut Draft, now: Timestamp) -> Result<(), DraftError> {
    draft.version += 1;
    draft.updated_at = now;
    work.put(Store::Draft, &draft.id.to_string(), &written(draft)?)
        .await
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
    let work = Work::begin(&[Store::Draft, Store::Pending, Store::PreparedFile]).await?;
    let alive: BTreeSet<Uuid> = work
        .all(Store::Pending)
        .await?
        .iter()
        .filter_map(|value| Some(read(value)?.pending.start.id))
        .collect();
    let stored = work.get(Store::Draft, &pending.draft.to_string()).await?;
    let mut draft = owned(pending.account, stored)?;
    for entry in &mut draft.attachments {
        if pending.file(entry.id).is_none() {
            continue;
        }
        if entry.waiting.is_some_and(|other| {
            other != id && pending.start.follows != Some(other) && alive.contains(&other)
        }) {
            return Err(DraftError::BeingSigned);
        }
        entry.waiting = Some(id);
    }
    for (file, bytes) in pending.files.iter().zip(prepared) {
        let bytes = js_sys::Uint8Array::from(bytes.as_slice());
        work.put(
            Store::PreparedFile,
            &prepared_key(id, file.attachment),
            &bytes,
        )
        .await?;
    }
    write_draft(&work, &mut draft, now).await?;
    work.put(Store::Pending, &id.to_string(), &written(kept)?)
        .await?;
    work.commit().await
}

/// Every signing of an account that waits.
pub async fn list_signings(account: Uuid) -> Result<Vec<Kept>, DraftError> {
    Ok(database::all(Store::Pending)
        .await?
        .iter()
        .filter_map(read)
        .filter(|kept| kept.pending.account == account)
        .collect())
}

/// One signing, while it waits.
pub async fn find_signing(id: Uuid) -> Result<Option<Kept>, DraftError> {
    Ok(database::get(Store::Pending, &id.to_string())
        .await?
        .as_ref()
        .and_then(read))
}

/// The prepared bytes of a file.
pub async fn prepared_bytes(signing: Uuid, attachment: Uuid) -> Result<Vec<u8>, DraftError> {
    let key = prepared_key(signing, attachment);
    let value = match database::get(Store::PreparedFile, &key).await? {
        Some(value) => value,
        // As versions with one file a signing kept them.
        None => database::get(Store::PreparedFile, &signing.to_string())
            .await?
            .ok_or(DraftError::Missing)?,
    };
    Ok(js_sys::Uint8Array::new(&value).to_vec())
}

/// Notes how far a signing came. [`DraftError::Missing`] when it was put away meanwhile.
pub async fn note_progress(id: Uuid, edit: impl FnOnce(&mut Progress)) -> Result<(), DraftError> {
    database::change(Store::Pending, &id.to_string(), |value| {
        let mut kept = value.as_ref().and_then(read).ok_or(DraftError::Missing)?;
        edit(&mut kept.progress);
        Ok((written(&kept)?, ()))
    })
    .await
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
    let work = Work::begin(&[
        Store::Draft,
        Store::File,
        Store::Original,
        Store::Pending,
        Store::PreparedFile,
    ])
    .await?;
    let stored = work.get(Store::Draft, &pending.draft.to_string()).await?;
    let Ok(mut draft) = owned(pending.account, stored) else {
        return Ok(Stored::Changed);
    };
    let mut kept = work
        .get(Store::Pending, &id.to_string())
        .await?
        .as_ref()
        .and_then(read)
        .ok_or(DraftError::Missing)?;
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
    if work.get(Store::Original, &key).await?.is_none()
        && let Some(original) = work.get(Store::File, &key).await?
    {
        work.put(Store::Original, &key, &original).await?;
    }
    work.put(Store::File, &key, &js_sys::Uint8Array::from(bytes))
        .await?;
    entry.file_name = entry.file_name.signed();
    entry.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    entry.sha256 = file.sha256;
    entry.waiting = None;
    entry.signings.push(id);
    write_draft(&work, &mut draft, now).await?;
    kept.progress.stored.push(file);
    work.put(Store::Pending, &id.to_string(), &written(&kept)?)
        .await?;
    work.delete(Store::PreparedFile, &prepared_key(id, file.attachment))
        .await?;
    work.commit().await?;
    Ok(Stored::Yes(kept.progress))
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
    let work = Work::begin(&[Store::Draft, Store::Pending, Store::PreparedFile]).await?;
    let stored = work.get(Store::Draft, &pending.draft.to_string()).await?;
    if let Ok(mut draft) = owned(pending.account, stored) {
        let waiting = draft
            .attachments
            .iter_mut()
            .filter(|entry| entry.waiting == Some(id));
        let freed = waiting.map(|entry| entry.waiting = None).count();
        if freed > 0 {
            write_draft(&work, &mut draft, now).await?;
        }
    }
    let kept = work.get(Store::Pending, &key).await?;
    match (end, kept.as_ref().and_then(read)) {
        (Some(view), Some(mut kept)) => {
            kept.progress.view = Some(view.clone());
            work.put(Store::Pending, &key, &written(&kept)?).await?;
        }
        (_, _) => work.delete(Store::Pending, &key).await?,
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
