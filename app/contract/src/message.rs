//! Messages between citizen and agency about one dossier (`Trao đổi`); every automatic notice stands in the same thread.

use crate::dossier::DossierStatus;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest message, in characters.
pub const MESSAGE_CHARS_MAX: usize = 2000;

/// Who wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// The citizen.
    Citizen,
    /// The agency.
    Officer,
    /// Nobody: the portal tells of a change of state.
    Portal,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// Chosen by the browser that sent it, so that sending twice is sending once.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Which side.
    pub author: Author,
    /// Who, by name.
    pub name: String,
    /// What; of an automatic notice the note or reason, if any.
    pub body: String,
    /// The new state an automatic notice tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DossierStatus>,
}

/// `GET /api/dossiers/{id}/messages` and the officer's side: the newest 500, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Thread {
    /// Messages.
    pub messages: Vec<Message>,
    /// How many of the other side this side has not read yet.
    pub unread: u64,
}

/// `POST /api/dossiers/{id}/messages` and the officer's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendMessage {
    /// Chosen by the browser.
    pub id: Uuid,
    /// What.
    pub body: String,
}
