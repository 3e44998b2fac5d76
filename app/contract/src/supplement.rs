//! Supplement requests (`Yêu cầu bổ sung`): one complete list of what is missing, answered in place.
//!
//! `PUT /api/dossiers/{id}/supplement` (answer) → `PUT /api/dossiers/{id}/attachments/{attachment}` (bytes, each) →
//! `POST /api/dossiers/{id}/supplement/submission`. Every step may be repeated without harm.

use crate::dossier::{AttachmentManifest, DossierStatus};
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most lines of one request.
pub const SUPPLEMENT_ITEMS_MAX: usize = 50;
/// Longest reason of a line, in characters.
pub const REASON_CHARS_MAX: usize = 500;

/// What a line of the list is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SupplementTarget {
    /// A component gets new files, which take the place of those it has.
    Component {
        /// Code within the procedure.
        code: String,
    },
    /// A field of step 1 is corrected.
    Field {
        /// JSON pointer into [`crate::dossier::DossierForm`], e.g. `/applicant/address`.
        pointer: String,
    },
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SupplementItem {
    /// What is to be supplied.
    #[serde(flatten)]
    pub target: SupplementTarget,
    /// Its name as the officer saw it.
    pub label: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SupplementState {
    /// Waits for the citizen.
    Open,
    /// Answered.
    Answered,
    /// The agency took it back, or the dossier ended.
    TakenBack,
}

/// A request as both sides see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Supplement {
    /// Identifier.
    pub id: Uuid,
    /// The complete list.
    pub items: Vec<SupplementItem>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// By whom, by name.
    pub asked_by: String,
    /// Until when it is to be answered.
    pub due_at: Timestamp,
    /// How it stands.
    pub state: SupplementState,
    /// When it was answered.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    /// The dossier's state when it was asked: there it goes back to.
    pub before: DossierStatus,
}

impl Supplement {
    /// Whether a component may get new files.
    #[must_use]
    pub fn unlocks(&self, component: &str) -> bool {
        self.items.iter().any(|item| {
            matches!(&item.target, SupplementTarget::Component { code } if code == component)
        })
    }

    /// Whether a field may be corrected.
    #[must_use]
    pub fn unlocks_field(&self, field: &str) -> bool {
        self.items.iter().any(
            |item| matches!(&item.target, SupplementTarget::Field { pointer } if pointer == field),
        )
    }
}

/// `POST /api/officer/dossiers/{id}/supplement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskSupplement {
    /// The complete list.
    pub items: Vec<SupplementItem>,
    /// Working days the citizen has.
    pub working_days: u16,
    /// The officer knows that a second request makes the dossier count as late.
    #[serde(default)]
    pub late_accepted: bool,
    /// The version the officer saw.
    pub version: i64,
}

/// `PUT /api/dossiers/{id}/supplement`: the answer, before its files arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SupplementAnswer {
    /// The request it answers.
    pub request: Uuid,
    /// New files of the unlocked components, with ids nobody used before.
    pub attachments: Vec<AttachmentManifest>,
    /// Corrected fields by pointer.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}
