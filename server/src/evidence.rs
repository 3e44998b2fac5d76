//! Evidence that a signature needs to last, fetched for browsers: timestamps and revocation data. Digests and certificates are all
//! that leaves, and only towards hosts this portal chose. Nothing is given that was not checked to be about what was asked.

mod address;
pub(crate) mod allowance;
mod cache;
mod collect;
mod fetch;
mod settings;
mod timestamp;

pub use settings::{EvidenceSettings, TimestampAuthority};

use address::AllowList;
use allowance::Allowance;
use cache::Cache;
use collect::Found;
use contract::evidence::MissingReason;
use fetch::Fetcher;
use std::sync::Arc;
use std::time::Duration;
use timestamp::Authorities;
use uuid::Uuid;

/// Timestamps one account may ask for in a minute: a dossier signed with one PIN needs one a file.
const TIMESTAMPS_PER_MINUTE: u32 = 90;
/// Asks for revocation data one account may make in a minute.
const ASKS_PER_MINUTE: u32 = 40;
/// Most bytes of revocation data that are kept in memory.
const KEPT_BYTES_MAX: usize = 48 * 1024 * 1024;

/// Fetches for everybody, within bounds.
pub struct Evidence {
    allow: AllowList,
    fetcher: Fetcher,
    authorities: Authorities,
    /// By certificate and issuer.
    found: Cache<Found>,
    /// Revocation lists by address and issuer: one list speaks of many certificates.
    lists: Cache<Result<Arc<Vec<u8>>, MissingReason>>,
    timestamps_asked: Allowance,
    evidence_asked: Allowance,
}

impl Evidence {
    /// From settings that were checked.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &EvidenceSettings) -> Result<Self, reqwest::Error> {
        let patience = Duration::from_millis(settings.patience_ms);
        Ok(Self {
            allow: AllowList::new(settings),
            fetcher: Fetcher::new(patience)?,
            authorities: Authorities::new(settings.timestamp.clone(), patience),
            found: Cache::new(KEPT_BYTES_MAX / 2),
            lists: Cache::new(KEPT_BYTES_MAX / 2),
            timestamps_asked: Allowance::new(TIMESTAMPS_PER_MINUTE),
            evidence_asked: Allowance::new(ASKS_PER_MINUTE),
        })
    }

    /// Whether there is an authority to ask for timestamps.
    pub fn has_timestamps(&self) -> bool {
        self.authorities.any()
    }

    /// Whether an account may ask for one more timestamp now.
    pub fn may_stamp(&self, account: Uuid) -> bool {
        self.timestamps_asked.take(account)
    }

    /// Whether an account may ask for revocation data now.
    pub fn may_ask(&self, account: Uuid) -> bool {
        self.evidence_asked.take(account)
    }

    /// A timestamp for a query (DER); none when no authority gave one.
    pub async fn timestamp(&self, query: Vec<u8>) -> Option<Vec<u8>> {
        self.authorities.ask(&self.fetcher, query).await
    }
}

/// Names lead to public addresses only.
pub(crate) fn public_only() -> std::sync::Arc<address::PublicOnly> {
    std::sync::Arc::new(address::PublicOnly)
}

pub(crate) use address::is_public;
pub use timestamp::{QUERY_BYTES_MAX, is_query};
