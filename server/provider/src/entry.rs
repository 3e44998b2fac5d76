//! Provider entries: everything that is particular to one provider, as data an operator fills in.

mod anchor;
mod fault;
mod protocol;
mod read;

pub use fault::{EntryError, EntryFault};
pub use protocol::{
    CscSettings, CscVersion, HashEncoding, ItemForm, MysignPaths, MysignSettings, Neac769Settings,
    Paths, Protocol, SerialCase,
};
pub use read::{default_entries, read_entries, read_entries_in};

use crate::Abilities;
use contract::provider::ProviderCode;
use contract::value::CitizenId;
use secrecy::SecretString;
use serde::Deserialize;
use std::time::Duration;

/// One provider. What the keys of a file are called and mean stands in `entries.toml`.
#[derive(Debug, Clone)]
pub struct ProviderEntry {
    /// Code in addresses and stored profiles.
    pub code: ProviderCode,
    /// Name as the guidance writes it.
    pub name: String,
    /// The app on the person's phone.
    pub app_name: String,
    /// What it speaks, with the settings of that protocol.
    pub protocol: Protocol,
    /// Base address without a slash at its end; none until the operator has one.
    pub base_url: Option<String>,
    /// A second base address of the same service, tried only when no connection to the first could be made.
    pub secondary_url: Option<String>,
    /// Our name at the provider and its secret.
    pub credentials: Credentials,
    /// How an identity number becomes the provider's account name: `{account}` stands for the number.
    pub account_form: String,
    /// Certificates (DER) to one of which every certificate this provider offers has to lead; empty when the portal's roots are
    /// enough. Validation of signed files goes by the portal's roots in any case.
    pub trust_anchors: Vec<Vec<u8>>,
    /// Certificate policies (dotted numbers) of which a certificate has to name one; empty when none is required.
    pub policy_oids: Vec<String>,
    /// How long is waited.
    pub timeouts: Timeouts,
    /// How much at once.
    pub limits: Limits,
    /// When a provider that fails is left alone.
    pub breaker: BreakerSettings,
    /// The sandbox of this project: refused outside demo mode.
    pub sandbox: bool,
    /// The sandbox's phone page.
    pub phone_page: Option<String>,
}

impl ProviderEntry {
    /// Whether everything needed to call it is there.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.base_url.is_some()
            && !self.credentials.id.is_empty()
            && self.credentials.secret.is_some()
    }

    /// The environment variable its secret comes from; with `_FILE` behind it, the file that holds the secret.
    #[must_use]
    pub fn secret_variable(&self) -> String {
        format!(
            "PROVIDER_{}_{}",
            self.code.as_str().to_uppercase().replace('-', "_"),
            self.protocol.secret_key().to_uppercase()
        )
    }

    /// An entry that somebody began to fill in has to be complete.
    ///
    /// # Errors
    /// One fault for each missing key.
    pub fn check(&self) -> Result<(), EntryError> {
        let present = [
            self.base_url.is_some(),
            !self.credentials.id.is_empty(),
            self.credentials.secret.is_some(),
        ];
        if present == [false; 3] {
            return Ok(());
        }
        let keys = [
            "base_url".to_owned(),
            self.protocol.id_key().to_owned(),
            self.protocol.secret_key().to_owned(),
        ];
        let missing: Vec<EntryFault> = keys
            .into_iter()
            .zip(present)
            .filter(|(_, present)| !present)
            .map(|(key, _)| EntryFault {
                reason: if key == self.protocol.secret_key() {
                    format!("is missing: give it as {}", self.secret_variable())
                } else {
                    "is missing, though the entry is filled in otherwise".into()
                },
                entry: self.code.as_str().to_owned(),
                key,
            })
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(EntryError { faults: missing })
        }
    }

    /// The addresses this provider's client may call, and no others.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let token = match &self.protocol {
            Protocol::Csc(settings) => settings.token_url.as_deref(),
            _ => None,
        };
        [
            self.base_url.as_deref(),
            self.secondary_url.as_deref(),
            token,
        ]
        .into_iter()
        .flatten()
    }

    /// The provider's account name of a person.
    #[must_use]
    pub fn account(&self, citizen: &CitizenId) -> String {
        self.account_form.replace("{account}", citizen.as_str())
    }

    pub(crate) const fn abilities(&self, start_waits: bool, asks_status: bool) -> Abilities {
        Abilities {
            items_max: self.limits.items_max,
            start_waits,
            asks_status,
            cancels: false,
            lifetime_seconds: self.limits.lifetime.as_secs(),
            waiting_max: self.limits.waiting_max,
        }
    }
}

/// Our name at a provider and its secret: `sp_id` and `sp_password`, or `client_id` and `client_secret`.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// The name; empty until the operator has one.
    pub id: String,
    /// The secret; from the environment, in files only for the sandbox.
    pub secret: Option<SecretString>,
}

/// How long is waited for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the answer to a call.
    pub call: Duration,
    /// For the answer to the call that asks the person.
    pub start: Duration,
}

/// How much a provider is asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most items of one request.
    pub items_max: usize,
    /// Most calls at the same time.
    pub calls_max: usize,
    /// Most calls that wait for their turn; one more is answered with [`crate::ProviderError::Busy`].
    pub queue_max: usize,
    /// How long a call waits for its turn.
    pub queue: Duration,
    /// Most requests that wait for people at the same time.
    pub waiting_max: usize,
    /// How long the provider waits for the person when it does not tell.
    pub lifetime: Duration,
}

/// When a provider that fails is left alone, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSettings {
    /// Failures one after the other that open the breaker.
    pub failures: u32,
    /// Share of failures among the last `window` calls that opens it, in hundredths.
    pub percent: u32,
    /// How many of the last calls are looked at.
    pub window: usize,
    /// How long nothing is asked before one call tries again, in seconds; doubles with each failed try, up to eight times this.
    pub pause_seconds: u64,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 5,
            percent: 50,
            window: 20,
            pause_seconds: 15,
        }
    }
}
