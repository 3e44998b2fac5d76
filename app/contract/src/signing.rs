//! Remote signing: one transaction for one or many files, and its life (spec `peers.md` D.3).
//!
//! `POST /api/signings` starts (the browser chooses the id, so a repeated request finds the same transaction),
//! `GET /api/signings/{id}` asks (with `?since=VERSION&wait=SECONDS`, at most 25, it answers as soon as there is a newer view),
//! `GET /api/signings/{id}/events` pushes [`SigningView`] as server-sent events whose id is the version,
//! `GET /api/signings/events` pushes those of all open transactions of the person over one connection; both resume by `Last-Event-ID`,
//! `POST /api/signings/{id}/cancellation` cancels, `POST /api/signings/{id}/completion` reports what the browser embedded,
//! `GET /api/signings?open=true` lists what still waits.

use crate::provider::ProviderCode;
use crate::value::{Base64, CitizenId, FileName, Serial, Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most files of one transaction.
pub const ITEMS_MAX: usize = 20;

/// `POST /api/signings`. Digests and names only: the documents stay in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StartSigning {
    /// Chosen by the browser for this attempt; a new attempt has a new id, a new signing time and so new digests.
    pub id: Uuid,
    /// Profile it was started from.
    pub profile: Uuid,
    /// Provider.
    pub provider: ProviderCode,
    /// Account at the provider.
    pub citizen_id: CitizenId,
    /// The chosen certificate.
    pub serial: Serial,
    /// What to sign: all files are confirmed with one PIN.
    pub items: Vec<SigningItem>,
    /// The attempt this one follows (`Ký lại`), for the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Uuid>,
}

/// One file of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SigningItem {
    /// The attachment, as the browser knows it.
    pub attachment: Uuid,
    /// Shown on the phone and in the history.
    pub file_name: FileName,
    /// SHA-256 of the DER of the CMS signed attributes (as `SET OF`): what the provider signs.
    pub digest: Sha256,
    /// SHA-256 of the document that was prepared, before the signature.
    pub document_sha256: Sha256,
}

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SigningState {
    /// The request is on its way to the provider.
    Sending,
    /// The provider did not answer; whether it has the request is being found out.
    Unknown,
    /// The provider has it; the phone asks for the PIN.
    Waiting,
    /// The signature values are here and were verified; the browser has to embed them.
    Confirmed,
    /// The browser embedded and verified every file.
    Done,
    /// Some files are signed, embedded and verified; for the others no value came. They can be asked for again.
    Partial,
    /// The person refused on the phone.
    Rejected,
    /// Time ran out.
    Expired,
    /// The person cancelled on the page.
    Cancelled,
    /// The provider failed.
    Failed,
    /// The returned value does not verify against certificate and digest; nothing was kept.
    Mismatch,
}

impl SigningState {
    /// Whether nothing can change any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Done
                | Self::Partial
                | Self::Rejected
                | Self::Expired
                | Self::Cancelled
                | Self::Failed
                | Self::Mismatch
        )
    }
}

/// Why a transaction failed, when more is known than its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SigningFailure {
    /// The provider cannot be reached.
    ProviderDown,
    /// The provider refused the request.
    ProviderRefused,
    /// The provider knows no such account or certificate.
    NoCertificate,
    /// The certificate is not usable (any more).
    CertificateUnusable,
    /// The PIN was wrong too often; the provider locked the account.
    PinLocked,
    /// The provider failed so often that it is not asked for a while, or the portal asks it too much already. Nothing was sent.
    ProviderBusy,
    /// The conversation with the provider broke off before the person could decide: nothing was signed.
    Interrupted,
    /// The person's contract with the provider has no signatures left.
    QuotaUsedUp,
}

/// A transaction as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SigningView {
    /// Identifier.
    pub id: Uuid,
    /// State.
    pub state: SigningState,
    /// More about a failure.
    #[serde(default)]
    pub failure: Option<SigningFailure>,
    /// Provider.
    pub provider: ProviderCode,
    /// Four digits, also in the description on the phone.
    pub comparison_code: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When the provider stops waiting.
    pub expires_at: Timestamp,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
    /// Files, in the order of the request.
    pub items: Vec<SignedItem>,
    /// Grows with every change: an older view never replaces a newer one.
    pub version: i64,
}

/// One file of a transaction and, once confirmed, its signature value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedItem {
    /// As started.
    #[serde(flatten)]
    pub item: SigningItem,
    /// The raw signature value (RSA block, or DER `ECDSA-Sig-Value`), verified by the server; none for a file the provider
    /// gave no (or no fitting) value for.
    #[serde(default)]
    pub signature: Option<Base64>,
}

/// `POST /api/signings/{id}/completion`: the browser embedded the values and verified the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompleteSigning {
    /// SHA-256 of each signed file, in the order of the request, of those that got a value.
    pub signed: Vec<Sha256>,
}

/// What the signing history the server keeps has lines about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SigningEventKind {
    /// The person asked for a signature.
    Requested,
    /// The provider took the request.
    Sent,
    /// The person approved on the phone; the value arrived and was verified.
    Confirmed,
    /// The person approved, but values came for some files only.
    ConfirmedPartly,
    /// The browser embedded it and verified the file.
    Completed,
    /// Refused on the phone.
    Rejected,
    /// Time ran out.
    Expired,
    /// Cancelled on the page.
    Cancelled,
    /// After that the provider took the request back from the phone.
    Withdrawn,
    /// The provider failed.
    Failed,
    /// The value did not verify.
    Mismatch,
    /// A value came for an attempt that was over; it was not used.
    LateSignatureIgnored,
    /// The signed file arrived with its dossier and the server's validation accepted it.
    Received,
}

/// The code shown on the page and on the phone, so that a person confirms their own request:
/// the last two bytes of SHA-256 over all digests, modulo 10 000 (the Smart-ID rule). `hash` is SHA-256 of the digests in order.
#[must_use]
pub fn comparison_code(hash: &Sha256) -> String {
    let number = u16::from_be_bytes([hash.0[30], hash.0[31]]) % 10_000;
    format!("{number:04}")
}
