//! A signing that waits, as the device keeps it: everything needed to finish after a reload, a closed tab or a lost network.

use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::signing::StartSigning;
use contract::value::Base64;
use contract::worker::PreparedSignature;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One waiting signing of one attachment. The prepared bytes are kept beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingSigning {
    /// Whose.
    pub account: Uuid,
    /// Draft it belongs to.
    pub draft: Uuid,
    /// Attachment it signs.
    pub attachment: Uuid,
    /// As sent to the server; sending it again is the same transaction.
    pub start: StartSigning,
    /// Page of the box, from 0.
    pub page: u32,
    /// The box in view space.
    pub rect: Rect,
    /// Marks on other pages, so that another try has them too.
    #[serde(default)]
    pub copies: Vec<(u32, Rect)>,
    /// What it shows.
    pub mode: AppearanceMode,
    /// What the engine told.
    pub prepared: PreparedSignature,
    /// Signer's certificate, DER.
    pub certificate: Base64,
    /// Its issuers.
    pub chain: Vec<Base64>,
    /// Provider's name and app, for the waiting screen.
    pub provider_name: String,
    /// The app on the phone.
    pub app_name: String,
    /// Demo mode: the sandbox's phone page.
    pub phone_page: Option<String>,
}
