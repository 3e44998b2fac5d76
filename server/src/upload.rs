//! Files that arrive in pieces, for whatever resource wants them: begun, appended, joined, then read and kept by the resource.
//!
//! An upload is an account's and is named by the digest its bytes will have, so that a broken one is found again by the file alone.
//! Pieces lie in the object store, the row in the database says which of them count. No more than a piece is in memory while a
//! file arrives; while files are validated, no more than [`Uploads`] allows.

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::body::{Body, HttpBody as _};
use contract::dossier::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX};
use contract::problem::ProblemCode;
use contract::upload::{PIECE_BYTES_MIN, UploadState};
use contract::value::{Sha256, Timestamp};
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use store::{FileError, StoreError, Upload, UploadBounds};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// What is nobody's after so long is swept away.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);
/// How often it is looked for.
const SWEEP: Duration = Duration::from_secs(3600);
/// Files that are validated at the same time are together no larger, in MiB; twice the largest file at least.
const MEMORY_MIB: u32 = 160;
const MIB: u64 = 1024 * 1024;
/// What one account may have under way: two full dossiers by number, twelve of the largest files by size.
const BOUNDS: UploadBounds = UploadBounds {
    files: 2 * ATTACHMENTS_MAX as u64,
    bytes: 12 * ATTACHMENT_BYTES_MAX,
};

/// Pieces and whole files of one account that may be on their way at the same time: a window or two, and what they left behind.
const ARRIVING_AT_ONCE: usize = 6;
/// Of a file that comes in one request so much is in memory before it is written.
const SPOOLED_BYTES: u64 = 4 * PIECE_BYTES_MIN;

/// What bounds the memory of files and pieces.
#[derive(Debug)]
pub struct Uploads {
    memory: Arc<Semaphore>,
    arriving: Mutex<BTreeMap<Uuid, usize>>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            memory: Arc::new(Semaphore::new(MEMORY_MIB as usize)),
            arriving: Mutex::default(),
        }
    }
}

/// A piece or a file that is on its way, for as long as this lives.
pub struct Arriving {
    portal: Portal,
    account: Uuid,
}

impl Arriving {
    /// Counts it before its bytes are taken.
    pub fn begin(portal: &Portal, account: Uuid) -> Answer<Self> {
        let mut arriving = portal
            .uploads
            .arriving
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = arriving.entry(account).or_default();
        if *count >= ARRIVING_AT_ONCE {
            return Err(ProblemCode::TooMany.into());
        }
        *count += 1;
        Ok(Self {
            portal: portal.clone(),
            account,
        })
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let mut arriving = self
            .portal
            .uploads
            .arriving
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = arriving.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                arriving.remove(&self.account);
            }
        }
    }
}

/// A file in memory, counted for as long as this lives.
struct Held {
    bytes: Arc<Vec<u8>>,
    _counted: OwnedSemaphorePermit,
}

/// Begins an upload, or tells how far it came. One whose last piece came when the server died is joined now.
pub async fn begin(
    portal: &Portal,
    account: Uuid,
    sha256: Sha256,
    size: u64,
) -> Answer<UploadState> {
    if size == 0 || size > ATTACHMENT_BYTES_MAX {
        return Err(ProblemCode::TooLarge.into());
    }
    let upload = portal
        .database
        .begin_upload(account, sha256, size, BOUNDS, now())
        .await?;
    settle(portal, upload).await
}

/// Appends a piece. [`ProblemCode::Conflict`] when another is awaited: ask how far it came, and go on from there.
pub async fn append(
    portal: &Portal,
    account: Uuid,
    sha256: Sha256,
    begins_at: u64,
    bytes: Vec<u8>,
) -> Answer<UploadState> {
    let upload = portal.database.upload(account, sha256).await?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    // Looked at before anything is written; the database decides below.
    if upload.whole || upload.received != begins_at || size == 0 {
        return Err(ProblemCode::Conflict.into());
    }
    if begins_at.saturating_add(size) > upload.size {
        return Err(ProblemCode::UploadMismatch.into());
    }
    let name = portal.files.put_part(&upload, bytes).await?;
    match portal
        .database
        .add_part(&upload, begins_at, size, name, now())
        .await
    {
        Ok(upload) => settle(portal, upload).await,
        Err(error) => {
            portal.files.drop_part(&upload, name).await;
            Err(error.into())
        }
    }
}

/// Takes a whole file in one request, written as it comes. What arrived before it broke is there for the next try, also in pieces.
pub async fn take(
    portal: &Portal,
    account: Uuid,
    sha256: Sha256,
    size: u64,
    body: Body,
) -> Answer<()> {
    let _arriving = Arriving::begin(portal, account)?;
    // Another file than the announced one: nothing of it is kept for a next try.
    if body.size_hint().exact().is_some_and(|told| told != size) {
        return Err(ProblemCode::UploadMismatch.into());
    }
    let mut state = begin(portal, account, sha256, size).await?;
    let mut stream = body.into_data_stream();
    let mut seen = 0_u64;
    let mut piece: Vec<u8> = Vec::new();
    loop {
        let next = stream.next().await;
        if let Some(bytes) = &next {
            let bytes = bytes.as_ref().map_err(|_| ProblemCode::UploadMismatch)?;
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            // What is on the disk already is not kept again.
            let known = state.received.saturating_sub(seen).min(length);
            seen = seen.saturating_add(length);
            if seen > size {
                return Err(ProblemCode::UploadMismatch.into());
            }
            let known = usize::try_from(known).unwrap_or(usize::MAX);
            piece.extend_from_slice(bytes.get(known..).unwrap_or_default());
        }
        let full = u64::try_from(piece.len()).unwrap_or(u64::MAX) >= SPOOLED_BYTES;
        if !piece.is_empty() && (full || next.is_none()) {
            let bytes = std::mem::take(&mut piece);
            state = append(portal, account, sha256, state.received, bytes).await?;
        }
        if next.is_none() {
            break;
        }
    }
    if seen == size {
        Ok(())
    } else {
        Err(ProblemCode::UploadMismatch.into())
    }
}

/// The bytes of a request that are read whole, no more than `limit`. They count against the account while they arrive.
pub async fn whole_body(
    portal: &Portal,
    account: Uuid,
    body: Body,
    limit: u64,
    broken: ProblemCode,
) -> Answer<Vec<u8>> {
    let _arriving = Arriving::begin(portal, account)?;
    if body.size_hint().exact().is_some_and(|told| told > limit) {
        return Err(ProblemCode::TooLarge.into());
    }
    let mut stream = body.into_data_stream();
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(next) = stream.next().await {
        bytes.extend_from_slice(&next.map_err(|_| broken)?);
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
            return Err(ProblemCode::TooLarge.into());
        }
    }
    Ok(bytes)
}

/// Joins the pieces once all are there. Two may do it at the same time: the whole is the same, and the slower finds it done.
async fn settle(portal: &Portal, upload: Upload) -> Answer<UploadState> {
    let state = |upload: Upload| UploadState {
        received: upload.received,
        whole: upload.whole,
    };
    if upload.whole || upload.received < upload.size {
        return Ok(state(upload));
    }
    let parts = portal.database.parts(&upload).await?;
    match portal.files.join(&upload, &parts).await {
        Ok(true) => {
            portal.database.joined(&upload).await?;
            Ok(UploadState {
                received: upload.size,
                whole: true,
            })
        }
        Ok(false) => {
            forget(portal, &upload).await?;
            Err(ProblemCode::UploadMismatch.into())
        }
        Err(FileError::NotFound) => {
            let newest = portal
                .database
                .upload(upload.account, upload.sha256)
                .await?;
            if newest.whole {
                return Ok(state(newest));
            }
            // The process died between joining and saying so, or pieces are lost.
            match portal.files.whole(&upload).await {
                Ok(_) => {
                    portal.database.joined(&upload).await?;
                    Ok(UploadState {
                        received: upload.size,
                        whole: true,
                    })
                }
                Err(FileError::NotFound | FileError::Damaged) => {
                    forget(portal, &upload).await?;
                    Err(ProblemCode::Conflict.into())
                }
                // A store that does not answer has lost nothing.
                Err(error) => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads an upload that is whole, to validate it. Waits while others fill the memory.
///
/// [`ProblemCode::NotFound`] when it is not whole or not there.
async fn read(portal: &Portal, account: Uuid, sha256: Sha256) -> Answer<Held> {
    let upload = portal.database.upload(account, sha256).await?;
    if !settle(portal, upload).await?.whole {
        return Err(ProblemCode::NotFound.into());
    }
    let upload = Upload {
        whole: true,
        ..upload
    };
    let mib = u32::try_from(upload.size.div_ceil(MIB)).unwrap_or(MEMORY_MIB);
    let counted = portal
        .uploads
        .memory
        .clone()
        .acquire_many_owned(mib.min(MEMORY_MIB))
        .await
        .map_err(|error| Failure::internal(&error))?;
    let bytes = match portal.files.whole(&upload).await {
        // In its place already, and whoever put it there died before noting what it is for: the row says that this person sent it.
        Err(FileError::NotFound) => portal.files.get(&sha256).await?,
        other => other?,
    };
    Ok(Held {
        bytes: Arc::new(bytes),
        _counted: counted,
    })
}

/// Validates an upload that is whole and keeps it among the portal's files. One that is refused is forgotten: sent again it would be
/// refused again. One that is kept stays an upload until [`cancel`], after it was noted what the file is for: a process that dies
/// between the two loses nothing of what was sent.
pub async fn accept<T, F>(
    portal: &Portal,
    account: Uuid,
    sha256: Sha256,
    judge: impl FnOnce(Arc<Vec<u8>>) -> F,
) -> Answer<T>
where
    T: Send + 'static,
    F: Future<Output = Answer<T>> + Send + 'static,
{
    // Counted as one that arrives: nobody has the memory of all to himself.
    let arriving = Arriving::begin(portal, account)?;
    let held = read(portal, account, sha256).await?;
    let judging = judge(held.bytes.clone());
    let task = tokio::spawn(async move {
        // Here to the end, also when the person hangs up: validation goes on then, and its memory counts until it is free.
        let _counted = (held, arriving);
        judging.await
    });
    let found = match task.await.map_err(|error| Failure::internal(&error))? {
        Ok(found) => found,
        Err(failed) => {
            // What was not judged can be judged later.
            let is_judged = !matches!(
                failed.code,
                ProblemCode::Internal
                    | ProblemCode::StorageUnavailable
                    | ProblemCode::ScannerUnavailable
            );
            if is_judged {
                cancel(portal, account, sha256).await?;
            }
            return Err(failed);
        }
    };
    keep(portal, account, sha256).await?;
    Ok(found)
}

/// Puts an upload that is whole among the portal's files, where [`store::Files::get`] finds it by its digest.
async fn keep(portal: &Portal, account: Uuid, sha256: Sha256) -> Answer<()> {
    match portal.database.upload(account, sha256).await {
        Ok(upload) => {
            portal
                .files
                .promote(&upload, &portal.database, now())
                .await?;
            Ok(())
        }
        // Another request of the same person kept it a moment ago.
        Err(StoreError::NotFound) => Ok(portal.files.present(&sha256).await?),
        Err(error) => Err(error.into()),
    }
}

/// Gives an upload up, or what is left of it once its file is kept.
pub async fn cancel(portal: &Portal, account: Uuid, sha256: Sha256) -> Answer<()> {
    match portal.database.upload(account, sha256).await {
        Ok(upload) => forget(portal, &upload).await,
        Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn forget(portal: &Portal, upload: &Upload) -> Answer<()> {
    portal
        .database
        .end_upload(upload.account, upload.sha256)
        .await?;
    // What cannot be deleted now is nobody's, and is swept in its time: whoever kept a file is not told that it failed.
    if let Err(error) = portal.files.drop_upload(upload).await {
        tracing::warn!(%error, "the rest of an upload lies there still");
    }
    Ok(())
}

/// Sweeps until aborted.
pub async fn sweep(portal: Portal) {
    loop {
        if crate::clock::is_steady(&portal).await
            && let Err(failure) = sweep_once(&portal, ABANDONED).await
        {
            tracing::warn!(code = ?failure.code, "uploads could not be swept");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Removes what nobody went on with for so long: uploads first, then pieces that no row names.
pub async fn sweep_once(portal: &Portal, abandoned: Duration) -> Answer<()> {
    let age = i64::try_from(abandoned.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp(now().0.saturating_sub(age));
    loop {
        let old = portal.database.abandoned_uploads(before).await?;
        for upload in &old {
            forget(portal, upload).await?;
        }
        if old.is_empty() {
            break;
        }
    }
    let before = SystemTime::now()
        .checked_sub(abandoned)
        .unwrap_or(SystemTime::UNIX_EPOCH);
    for (account, sha256) in portal.files.lying_uploads(before).await? {
        match portal.database.upload(account, sha256).await {
            // Its own pieces; they go with it.
            Ok(_) => {}
            Err(StoreError::NotFound) => {
                let gone = Upload {
                    account,
                    sha256,
                    size: 0,
                    received: 0,
                    whole: false,
                };
                portal.files.drop_upload(&gone).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
