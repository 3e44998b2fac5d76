//! Remote signing providers: one trait, one file a protocol, provider entries as data.
//!
//! A client speaks a provider's protocol and nothing else: it neither checks certificates nor signature values, that is
//! the server's business. It sends a request to sign exactly once; after a lost answer only [`RemoteSigner::status`] may be asked.

mod callback;
mod client;
mod clock;
mod credential;
mod csc;
mod entry;
mod guard;
mod lenient;
mod mysign;
mod neac769;
mod plain;
mod token;

pub use client::{Client, http_builder, http_client};
pub use csc::Csc;
pub use entry::{
    BreakerSettings, Credentials, CscSettings, CscVersion, EntryError, EntryFault, HashEncoding,
    ItemForm, Limits, MysignPaths, MysignSettings, Neac769Settings, Paths, Protocol, ProviderEntry,
    SerialCase, Timeouts, default_entries, read_entries, read_entries_in,
};
pub use guard::{Guard, GuardState, Phase};
pub use mysign::Mysign;
pub use neac769::Neac769;

use contract::value::{CitizenId, Serial, Sha256};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

/// A future of a [`RemoteSigner`].
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

/// What the portal needs of a provider.
pub trait RemoteSigner: Send + Sync {
    /// The certificates the provider holds for an account.
    fn certificates<'a>(&'a self, account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>>;
    /// Asks for signatures; the provider then asks the person on the phone.
    fn start<'a>(&'a self, request: &'a Request) -> Answer<'a, Started>;
    /// How a transaction stands. Safe to repeat.
    fn status<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Status>;
    /// Takes a request back from the phone. Safe to repeat; by default the protocol has no such call.
    fn cancel<'a>(&'a self, _handles: &'a Handles) -> Answer<'a, Withdrawal> {
        Box::pin(async { Ok(Withdrawal::NotOffered) })
    }
    /// What this provider can do and how much at once.
    fn abilities(&self) -> Abilities {
        Abilities::default()
    }
    /// How the provider stands, where a guard watches it.
    fn guard(&self) -> Option<GuardState> {
        None
    }
    /// Reads what the provider posted to the portal by itself. Nothing in it is proof of anything but a value that verifies.
    fn callback(&self, _body: &serde_json::Value) -> Option<Callback> {
        None
    }
}

/// What a provider can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Most items of one request.
    pub items_max: usize,
    /// [`RemoteSigner::start`] answers only after the person has decided (CSC with `implicit` authorisation): while it runs the
    /// request waits on the phone, and a call that broke off is lost and signed nothing.
    pub start_waits: bool,
    /// [`RemoteSigner::status`] asks the provider. Without, the values come with the answer to the start or by a callback only,
    /// and a status is [`Status::Pending`] (or [`Status::Unknown`] where the start waits) until then.
    pub asks_status: bool,
    /// [`RemoteSigner::cancel`] reaches the phone.
    pub cancels: bool,
    /// How long the provider waits for the person when it does not tell, in seconds.
    pub lifetime_seconds: u64,
    /// Most requests of all people together that may wait at this provider, counted by each process for those it sent; more are
    /// answered with [`ProviderError::Busy`].
    pub waiting_max: usize,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            items_max: 20,
            start_waits: false,
            asks_status: true,
            cancels: false,
            lifetime_seconds: 300,
            waiting_max: 50_000,
        }
    }
}

/// What became of a request that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// The phone does not ask any more.
    Withdrawn,
    /// The person had decided already.
    TooLate,
    /// The protocol has no such call.
    NotOffered,
}

/// What a provider posted by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// What it calls the transaction: the provider's number, ours, or both; at most a handful.
    pub names: Vec<String>,
    /// Values it carries, unverified; with [`SignedItem::doc_id`] empty where it does not tell.
    pub signed: Vec<SignedItem>,
}

/// The guarded client for an entry, or none while the operator has not filled it in.
#[must_use]
pub fn signer(entry: &ProviderEntry, client: &Client) -> Option<Arc<dyn RemoteSigner>> {
    if !entry.is_available() {
        return None;
    }
    let inner: Arc<dyn RemoteSigner> = match &entry.protocol {
        Protocol::Neac769(_) => Arc::new(Neac769::new(entry, client)?),
        Protocol::Mysign(_) => Arc::new(Mysign::new(entry, client)?),
        Protocol::Csc(_) => Arc::new(Csc::new(entry, client)?),
    };
    Some(Arc::new(Guard::new(inner, entry)))
}

/// A certificate as the provider gave it, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCertificate {
    /// X.509, DER.
    pub der: Vec<u8>,
    /// Issuers, nearest first, DER.
    pub chain: Vec<Vec<u8>>,
    /// Serial as the provider writes it; requests to sign repeat it.
    pub serial: Serial,
    /// Whether the provider says it may be used.
    pub active: bool,
}

/// A request to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Our transaction number, unique for ever.
    pub transaction: Uuid,
    /// Account at the provider.
    pub account: CitizenId,
    /// Certificate.
    pub serial: Serial,
    /// Shown on the phone; ASCII letters only are safe with every provider.
    pub description: String,
    /// When, as `YYYYMMDDHHmmSSZ`.
    pub time_stamp: String,
    /// What to sign.
    pub items: Vec<Item>,
}

/// One digest of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Shown on the page and on the phone.
    pub doc_id: String,
    /// SHA-256 of the signed attributes.
    pub digest: Sha256,
}

/// Names of a transaction: providers disagree on which one the status call wants, so both are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handles {
    /// Ours.
    pub transaction: Uuid,
    /// Account at the provider.
    pub account: CitizenId,
    /// Certificate.
    pub serial: Serial,
    /// The provider's (`tran_code`), once known.
    pub provider_code: Option<String>,
    /// The `doc_id`s of the request, in order: some providers answer without them.
    pub doc_ids: Vec<String>,
}

/// The provider took the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Started {
    /// The provider's own transaction number.
    pub provider_code: Option<String>,
    /// How long the provider waits for the person, in seconds, when it tells.
    pub expires_in: Option<u64>,
    /// Synchronous providers answer with the values at once.
    pub signed: Option<Vec<SignedItem>>,
    /// Where [`Abilities::start_waits`]: how it ended without a value (refused, expired, locked, failed).
    pub ended: Option<Status>,
}

/// One returned value, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedItem {
    /// As in the request.
    pub doc_id: String,
    /// Raw signature value.
    pub value: Vec<u8>,
}

/// How a transaction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The person has not decided yet.
    Pending,
    /// Values are here.
    Signed(Vec<SignedItem>),
    /// The person refused.
    Rejected,
    /// The provider stopped waiting.
    Expired,
    /// The provider locked the account after wrong PINs.
    PinLocked,
    /// The provider does not know the transaction: it never got the request.
    Unknown,
    /// The provider failed for good.
    Failed,
}

/// Why a provider could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No connection was made: nothing was sent.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// The request may have arrived, the answer did not.
    #[error("the provider did not answer in time")]
    NoAnswer,
    /// The provider answered 5xx.
    #[error("the provider failed with status {0}")]
    Down(u16),
    /// Our credentials, or the account, are wrong (401).
    #[error("the provider refused the credentials or the account")]
    Credentials,
    /// The account has no certificate.
    #[error("the provider has no certificate for this account")]
    NoCertificate,
    /// The certificate may not be used (403).
    #[error("the provider says that the certificate may not be used")]
    CertificateUnusable,
    /// The person's contract has no signatures left.
    #[error("the account has no signatures left")]
    QuotaUsedUp,
    /// Not asked: it failed too often lately, or too many requests wait for it already.
    #[error("the provider is not asked for a while")]
    Busy,
    /// The key is released by a password or one-time code typed into a page, or by a sign-in at the provider (CSC `explicit`,
    /// `oauth2code`): not built, since the portal never asks for such a secret.
    #[error("the provider releases this key by a way that is not built")]
    ModeUnsupported,
    /// Any other refusal, with the provider's code.
    #[error("the provider refused the request with code {0}")]
    Refused(i64),
    /// The answer is not what the protocol says.
    #[error("the provider's answer cannot be read: {0}")]
    Malformed(&'static str),
}
