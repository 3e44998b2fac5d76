//! Officers who have the same dossier open right now (`POST` and `DELETE /api/officer/dossiers/{id}/presence`).
//!
//! Whoever has it open says so every [`BEAT_MS`] while the page is seen, and hears of the others. Who was not heard of for
//! [`SEEN_MS`] is gone, whether they said so or not.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// How often a page that is seen says that it is there, in milliseconds.
pub const BEAT_MS: u32 = 20_000;
/// For how long somebody counts as there after they last said so, in milliseconds: two beats may be lost on the way.
pub const SEEN_MS: i64 = 60_000;

/// Who else has the dossier open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presence {
    /// Never who asks; who came first stands first.
    pub others: Vec<PresentOfficer>,
}

/// An officer who has the dossier open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresentOfficer {
    /// Name.
    pub name: String,
    /// Since when without a break.
    pub since: Timestamp,
}
