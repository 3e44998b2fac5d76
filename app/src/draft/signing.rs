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
/// A file has one signing at a time: [`DraftError::BeingSigned`].
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
        if entry
            .waiting
            .is_some_and(|other| other != id && alive.contains(&other))
        {
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

/// Keeps the newest view of the server: with the values in it, finishing needs no network.
pub async fn note_view(id: Uuid, view: &SigningView) -> Result<(), DraftError> {
    database::change(Store::Pending, &id.to_string(), |value| {
        let mut kept = value.as_ref().and_then(read).ok_or(DraftError::Missing)?;
        let newer = |known: &SigningView| known.version < view.version;
        if kept.progress.view.as_ref().is_none_or(newer) {
            kept.progress.view = Some(view.clone());
        }
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

/// Forgets a signing that is over: its files are free again.
pub async fn forget_signing(pending: &PendingSigning, now: Timestamp) -> Result<(), DraftError> {
    let id = pending.start.id;
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
    work.delete(Store::Pending, &id.to_string()).await?;
    work.delete(Store::PreparedFile, &id.to_string()).await?;
    for file in &pending.files {
        work.delete(Store::PreparedFile, &prepared_key(id, file.attachment))
            .await?;
    }
    work.commit().await
}
