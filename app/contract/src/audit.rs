//! The journal: who did what to whose data, each record bound to the one before. It names people and dossiers by number only.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AuditAction {
    /// Signed in.
    SignIn,
    /// Tried to, with a wrong password or code.
    SignInFailed,
    /// Signed out.
    SignOut,
    /// Bound an identity of an identity provider to the account.
    IdentityBound,
    /// Proved again who they are, in a session that was open.
    SignInConfirmed,
    /// Ended sessions on other devices.
    SessionEnded,
    /// Changed the password.
    PasswordChanged,
    /// Asked for a link to set a new password.
    PasswordResetAsked,
    /// Set a new password by such a link.
    PasswordReset,
    /// Set up codes of an authenticator app.
    SecondFactorAdded,
    /// Took them away, from oneself or as an administrator.
    SecondFactorRemoved,
    /// Signed in with a recovery code, which is used up by that.
    RecoveryCodeUsed,
    /// Changed personal data.
    PersonChanged,
    /// Submitted a dossier.
    DossierSubmitted,
    /// Listed or searched dossiers.
    DossiersSearched,
    /// Opened a dossier.
    DossierViewed,
    /// Fetched one of its files.
    FileDownloaded,
    /// Read the signing history of a file.
    SigningHistoryViewed,
    /// Read the messages.
    MessagesViewed,
    /// Wrote a message.
    MessageSent,
    /// Changed a dossier's state.
    StatusChanged,
    /// Moved a dossier between steps, gave it to somebody, apologised.
    WorkDone,
    /// Added a file to the result.
    ResultAdded,
    /// Took one out.
    ResultRemoved,
    /// Fetched one.
    ResultDownloaded,
    /// Put a signed file in the place of one of the result.
    ResultSigned,
    /// Had the organisation's seal put on one.
    ResultSealed,
    /// A slip was issued.
    SlipIssued,
    /// Put a signed slip in the place of one.
    SlipSigned,
    /// Fetched a slip.
    SlipViewed,
    /// Looked at a payment.
    PaymentViewed,
    /// Something happened to a payment.
    PaymentChanged,
    /// Something happened to a signing.
    Signing,
    /// Read what people tell, or the survey's comments.
    FeedbackViewed,
    /// Answered it.
    FeedbackAnswered,
    /// Searched this journal.
    AuditSearched,
    /// Took a copy of this journal away.
    AuditExported,
    /// Somebody's rights were changed.
    RightsChanged,
    /// The catalogue was changed: a draft, a publication, a withdrawal.
    CatalogueChanged,
    /// The keys that encrypt stored data were changed.
    KeysChanged,
    /// Data was erased because its term was over.
    DataErased,
}

impl AuditAction {
    /// All of them, in the order the screen offers them.
    pub const ALL: [Self; 41] = [
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::IdentityBound,
        Self::SignInConfirmed,
        Self::SessionEnded,
        Self::PasswordChanged,
        Self::PasswordResetAsked,
        Self::PasswordReset,
        Self::SecondFactorAdded,
        Self::SecondFactorRemoved,
        Self::RecoveryCodeUsed,
        Self::PersonChanged,
        Self::DossierSubmitted,
        Self::DossiersSearched,
        Self::DossierViewed,
        Self::FileDownloaded,
        Self::SigningHistoryViewed,
        Self::MessagesViewed,
        Self::MessageSent,
        Self::StatusChanged,
        Self::WorkDone,
        Self::ResultAdded,
        Self::ResultRemoved,
        Self::ResultDownloaded,
        Self::ResultSigned,
        Self::ResultSealed,
        Self::SlipIssued,
        Self::SlipSigned,
        Self::SlipViewed,
        Self::PaymentViewed,
        Self::PaymentChanged,
        Self::Signing,
        Self::FeedbackViewed,
        Self::FeedbackAnswered,
        Self::AuditSearched,
        Self::AuditExported,
        Self::RightsChanged,
        Self::CatalogueChanged,
        Self::KeysChanged,
        Self::DataErased,
    ];
}

/// One record as the auditor reads it. The names stand beside it, not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditRecord {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Account of who did it; none: the portal itself.
    #[serde(default)]
    pub actor: Option<Uuid>,
    /// What.
    pub action: AuditAction,
    /// The dossier it was done to.
    #[serde(default)]
    pub dossier: Option<Uuid>,
    /// What else it was done to: a file, a signing, a message, an account.
    #[serde(default)]
    pub subject: Option<Uuid>,
    /// More, in the portal's own words: a state, an act. Never what somebody wrote.
    #[serde(default)]
    pub detail: String,
    /// SHA-256 of the record before, and of this one; hexadecimal.
    pub hash: String,
    /// Name of who did it.
    #[serde(default)]
    pub name: String,
    /// Code of the dossier.
    #[serde(default)]
    pub code: String,
}

/// `POST /api/officer/audit/search`; the filters combine. In a body, since names and numbers of people stay out of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AuditQuery {
    /// User name of who did it (for citizens their number); empty for everybody.
    pub person: String,
    /// Code of a dossier; empty for all.
    pub dossier: String,
    /// Only this.
    pub action: Option<AuditAction>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Only what has a smaller number than this (the next page).
    pub before: Option<i64>,
}

/// Answer to [`AuditQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditPage {
    /// Newest first.
    pub records: Vec<AuditRecord>,
    /// Ask again with this `before` for what is older; none at the end.
    #[serde(default)]
    pub next: Option<i64>,
}

/// `GET /api/officer/audit/state`: the whole chain, followed from its first record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditState {
    /// Records that hold.
    pub records: i64,
    /// Hash of the last of them; kept elsewhere it proves later that nothing before was changed.
    pub hash: String,
    /// Number of the first record that does not hold.
    #[serde(default)]
    pub broken_at: Option<i64>,
}
