//! Deletes files that nothing refers to any more, two days after they were put: replaced before submission, taken out of the personal
//! store or a result, or never noted because the server died. A 256th of the store at a time, so that it is gone through once a day.

use crate::problem::Answer;
use crate::state::{Portal, now};
use contract::value::Timestamp;
use futures_util::{StreamExt as _, TryStreamExt as _};
use std::time::{Duration, SystemTime};

/// Files younger than this are left: what refers to them may be about to be written, or a day's attempt to be gone on with.
pub const LEFT_ALONE: Duration = Duration::from_secs(48 * 3600);
/// All folders are gone through in this time, in milliseconds.
const ROUND_MS: i64 = 24 * 3600 * 1000;
/// A dossier that was announced so long ago, in milliseconds, and not submitted is forgotten; the draft on the device stays and may be
/// announced again.
const NEVER_SUBMITTED_MS: i64 = 30 * 24 * 3600 * 1000;
/// Most dossiers forgotten at a time.
const FORGOTTEN_MAX: u32 = 100;
/// Folders of the store.
const FOLDERS: i64 = 256;
/// After so many files that could not be deleted the folder is left for the next round.
const FAILURES_MAX: u32 = 10;

/// Sweeps until aborted.
pub async fn sweep(portal: Portal) {
    let turn = Duration::from_millis(u64::try_from(ROUND_MS / FOLDERS).unwrap_or(u64::MAX));
    loop {
        if crate::clock::is_steady(&portal).await {
            sweep_old(&portal).await;
        }
        let gone = crate::route::presence::gone(now());
        if let Err(error) = portal.database.forget_gone(gone).await {
            tracing::warn!(%error, "officers who are gone cannot be forgotten");
        }
        tokio::time::sleep(turn).await;
    }
}

/// Deletes what is too old, by a clock that can be relied on.
async fn sweep_old(portal: &Portal) {
    match sweep_folder(portal, folder_at(now()), LEFT_ALONE).await {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "files that nothing refers to"),
        Err(failure) => tracing::warn!(code = ?failure.code, "files cannot be swept"),
    }
    match forget_announced(portal).await {
        Ok(0) => {}
        Ok(forgotten) => tracing::info!(forgotten, "dossiers that were never submitted"),
        Err(failure) => tracing::warn!(code = ?failure.code, "dossiers cannot be forgotten"),
    }
    match crate::retention::erase(portal, now()).await {
        Ok(0) => {}
        Ok(erased) => tracing::info!(erased, "dossiers whose term was over"),
        Err(failure) => tracing::warn!(code = ?failure.code, "dossiers cannot be erased"),
    }
}

async fn forget_announced(portal: &Portal) -> Answer<u32> {
    let now = now();
    let before = Timestamp(now.0.saturating_sub(NEVER_SUBMITTED_MS));
    Ok(portal
        .database
        .forget_announced(before, now, FORGOTTEN_MAX)
        .await?)
}

/// Whose turn it is: the clock says it, so that restarts leave none out for long.
fn folder_at(now: Timestamp) -> u8 {
    let place = now.0.rem_euclid(ROUND_MS) / (ROUND_MS / FOLDERS);
    u8::try_from(place).unwrap_or(u8::MAX)
}

/// Deletes what nothing refers to in one folder and is older than `left`; how many files.
///
/// # Errors
/// When the database or the file store fails.
pub async fn sweep_folder(portal: &Portal, folder: u8, left: Duration) -> Answer<u32> {
    let age = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp(now().0.saturating_sub(age));
    let written_before = SystemTime::now()
        .checked_sub(left)
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let (mut deleted, mut failures) = (0, 0);
    let batches = portal
        .files
        .old(folder, written_before, store::LOOKED_UP_MAX);
    let mut batches = std::pin::pin!(batches.into_stream());
    while let Some(batch) = batches.next().await {
        for digest in portal.database.unused_files(&batch?).await? {
            match portal
                .database
                .delete_unused(&portal.files, &digest, before)
                .await
            {
                Ok(done) => deleted += u32::from(done),
                Err(error) => {
                    failures += 1;
                    if failures > FAILURES_MAX {
                        return Err(error.into());
                    }
                }
            }
        }
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_has_its_turn_once_a_day() {
        let turn = ROUND_MS / FOLDERS;
        let day: Vec<u8> = (0..FOLDERS)
            .map(|number| folder_at(Timestamp(ROUND_MS + number * turn)))
            .collect();
        assert_eq!(day, (0..=255).collect::<Vec<u8>>());
        assert_eq!(folder_at(Timestamp(ROUND_MS - 1)), 255);
    }
}
