//! The personal store as this device has it: the list and the bytes that were here before are here without a network too.

use crate::api;
use crate::draft;
use crate::draft::habit::{self, Habit};
use crate::outbox::send_whole;
use crate::signing::Trouble;
use contract::kept::{KeepFile, Kept};
use contract::problem::ProblemCode;
use contract::value::Sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shelf {
    /// As the portal told it.
    pub kept: Kept,
    /// Files whose bytes are on this device.
    pub here: BTreeSet<Sha256>,
    /// Whether the portal could not be asked just now.
    #[serde(skip)]
    pub offline: bool,
}

impl Shelf {
    /// Whether a file can be had now.
    pub fn is_reachable(&self, file: &Sha256) -> bool {
        !self.offline || self.here.contains(file)
    }
}

/// Under which name the bytes of a file lie on this device.
fn key(file: &Sha256) -> Uuid {
    let mut head = [0; 16];
    for (to, from) in head.iter_mut().zip(file.0) {
        *to = from;
    }
    Uuid::from_bytes(head)
}

/// What is in the store; without a network what was in it when it was last asked for.
pub async fn list(account: Uuid) -> Result<Shelf, Trouble> {
    let before: Option<Shelf> = habit::recall(Habit::Shelf { account }).await;
    match api::kept::list().await {
        Ok(kept) => {
            let mut here = before.map(|shelf| shelf.here).unwrap_or_default();
            here.retain(|file| kept.files.iter().any(|known| known.sha256 == *file));
            let shelf = Shelf {
                kept,
                here,
                offline: false,
            };
            let _ = habit::remember(Habit::Shelf { account }, &shelf).await;
            Ok(shelf)
        }
        Err(error) if error.code == ProblemCode::Offline => before
            .map(|shelf| Shelf {
                offline: true,
                ..shelf
            })
            .ok_or_else(|| error.into()),
        Err(error) => Err(error.into()),
    }
}

/// The bytes of a file: from this device, else from the portal, after which they are here.
pub async fn bytes(account: Uuid, file: &Sha256) -> Result<Vec<u8>, Trouble> {
    // What somebody else kept under the same digest on a shared device is sealed for them.
    if let Ok(bytes) = draft::attachment_bytes(key(file)).await {
        return Ok(bytes);
    }
    let bytes = api::kept::read(file).await?;
    lay_down(account, file, &bytes).await;
    Ok(bytes)
}

/// Keeps the bytes on this device; where it has no room the portal is asked again next time.
async fn lay_down(account: Uuid, file: &Sha256, bytes: &[u8]) {
    if draft::put_bytes(key(file), bytes).await.is_err() {
        return;
    }
    let shelf: Option<Shelf> = habit::recall(Habit::Shelf { account }).await;
    if let Some(mut shelf) = shelf {
        shelf.here.insert(*file);
        let _ = habit::remember(Habit::Shelf { account }, &shelf).await;
    }
}

/// Puts a file into the store; its bytes are sent when the portal does not have them from this person, in pieces that go on where an
/// earlier try broke off. `told` hears how many are there.
pub async fn keep(
    account: Uuid,
    file: &Sha256,
    keep: &KeepFile,
    bytes: &[u8],
    told: &impl Fn(u64),
) -> Result<(), Trouble> {
    if api::kept::keep(file, keep).await?.missing {
        send_whole(*file, bytes, told).await?;
        api::kept::take_up(file).await?;
    }
    // The list is not known to have it yet.
    let _ = list(account).await;
    lay_down(account, file, bytes).await;
    Ok(())
}

/// Takes a file out of the store and off this device.
pub async fn forget(file: &Sha256) -> Result<(), Trouble> {
    api::kept::forget(file).await?;
    let _ = draft::remove_bytes(key(file)).await;
    Ok(())
}
