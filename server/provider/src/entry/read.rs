//! Reading entries from TOML: unknown, misplaced and wrong keys are refused by the entry's and the key's name.

use super::fault::{EntryError, EntryFault, Faults};
use super::{
    BreakerSettings, Credentials, CscSettings, CscVersion, HashEncoding, ItemForm, Limits,
    MysignSettings, Neac769Settings, Protocol, ProviderEntry, SerialCase, Timeouts, anchor,
};
use contract::provider::ProviderCode;
use contract::signing::ITEMS_MAX;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;

/// The seven providers of the guidance, without addresses and credentials.
const DEFAULT_ENTRIES: &str = include_str!("../../entries.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<toml::Table>,
}

/// An entry as it is written: the keys of all protocols.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: ProviderCode,
    name: String,
    app_name: String,
    #[serde(default)]
    protocol: Word,
    base_url: Option<String>,
    secondary_url: Option<String>,
    paths: Option<toml::Table>,
    account_form: Option<String>,
    #[serde(default)]
    trust_anchors: Vec<String>,
    #[serde(default)]
    policy_oids: Vec<String>,
    // Decision 769.
    sp_id: Option<String>,
    sp_password: Option<SecretString>,
    ca_name: Option<String>,
    hash_encoding: Option<HashEncoding>,
    item_form: Option<ItemForm>,
    serial_case: Option<SerialCase>,
    webhook_url: Option<String>,
    service_type: Option<String>,
    service_types: Option<Vec<String>>,
    start_waits: Option<bool>,
    // MySign and CSC.
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    // MySign.
    profile_id: Option<String>,
    webhook: Option<bool>,
    // CSC.
    api_path: Option<String>,
    token_url: Option<String>,
    scope: Option<String>,
    // All of them.
    connect_seconds: Option<u64>,
    call_seconds: Option<u64>,
    start_seconds: Option<u64>,
    items_max: Option<usize>,
    calls_max: Option<usize>,
    queue_max: Option<usize>,
    queue_seconds: Option<u64>,
    waiting_max: Option<usize>,
    lifetime_seconds: Option<u64>,
    #[serde(default)]
    breaker: BreakerSettings,
    #[serde(default)]
    sandbox: bool,
    phone_page: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    #[default]
    Neac769,
    Mysign,
    CscV1,
    CscV2,
}

/// Reads entries from TOML: a list of `[[provider]]`. Files of trust anchors are looked for in the working folder.
///
/// # Errors
/// [`EntryError`] with everything that is wrong, by entry and key.
pub fn read_entries(text: &str) -> Result<Vec<ProviderEntry>, EntryError> {
    read_entries_in(text, Path::new(""))
}

/// Like [`read_entries`]; files of trust anchors are named from `folder`, where the entries' file lies.
///
/// # Errors
/// [`EntryError`] with everything that is wrong, by entry and key.
pub fn read_entries_in(text: &str, folder: &Path) -> Result<Vec<ProviderEntry>, EntryError> {
    let file: File = toml::from_str(text).map_err(|error| EntryError {
        faults: vec![EntryFault {
            entry: String::new(),
            key: String::new(),
            // The message alone: the excerpt around it may show a secret.
            reason: error.message().to_owned(),
        }],
    })?;
    let mut faults = Vec::new();
    let mut entries: Vec<ProviderEntry> = Vec::new();
    for (position, table) in file.provider.into_iter().enumerate() {
        let called = table
            .get("code")
            .and_then(toml::Value::as_str)
            .map_or_else(|| format!("number {}", position + 1), str::to_owned);
        let mut wrong = Faults {
            entry: called,
            faults: &mut faults,
        };
        match table.try_into::<Written>() {
            Ok(written) => entries.extend(written.entry(folder, &mut wrong)),
            Err(error) => wrong.add("", error.message()),
        }
    }
    for (position, entry) in entries.iter().enumerate() {
        if entries[..position]
            .iter()
            .any(|other| other.code == entry.code)
        {
            faults.push(EntryFault {
                entry: entry.code.as_str().to_owned(),
                key: "code".into(),
                reason: "stands in two entries".into(),
            });
        }
    }
    if faults.is_empty() {
        Ok(entries)
    } else {
        Err(EntryError { faults })
    }
}

/// The seven of the guidance.
///
/// # Errors
/// Never: the embedded text is tested.
pub fn default_entries() -> Result<Vec<ProviderEntry>, EntryError> {
    read_entries(DEFAULT_ENTRIES)
}

impl Written {
    fn entry(mut self, folder: &Path, wrong: &mut Faults<'_>) -> Option<ProviderEntry> {
        let before = wrong.faults.len();
        self.misplaced(wrong);
        let protocol = self.protocol(wrong);
        let (id, secret) = match self.protocol {
            Word::Neac769 => (self.sp_id, self.sp_password),
            _ => (self.client_id, self.client_secret),
        };
        let account_form = self.account_form.unwrap_or_else(|| "{account}".into());
        if !account_form.contains("{account}") {
            wrong.add("account_form", "does not say where {account} stands");
        }
        for oid in &self.policy_oids {
            let sound = oid.contains('.')
                && oid
                    .split('.')
                    .all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()));
            if !sound {
                wrong.add(
                    "policy_oids",
                    format!("has {oid}, which is no object identifier"),
                );
            }
        }
        let mut trust_anchors = Vec::new();
        for name in &self.trust_anchors {
            let path = folder.join(name);
            match std::fs::read(&path) {
                Ok(bytes) => match anchor::certificates(&bytes) {
                    Some(found) => trust_anchors.extend(found),
                    None => wrong.add(
                        "trust_anchors",
                        format!("names {}, which holds no certificate", path.display()),
                    ),
                },
                Err(error) => {
                    wrong.add(
                        "trust_anchors",
                        format!("names {}: {error}", path.display()),
                    );
                }
            }
        }
        let lifetime = wrong.within("lifetime_seconds", self.lifetime_seconds, 300, (10, 3600));
        let waits = match &protocol {
            Protocol::Neac769(settings) => settings.start_waits,
            Protocol::Mysign(_) => false,
            Protocol::Csc(_) => true,
        };
        let (start, waiting) = if waits {
            (lifetime + 30, 500)
        } else {
            (30, 50_000)
        };
        if self.breaker.failures == 0
            || self.breaker.window == 0
            || self.breaker.window > 1000
            || !(1..=100).contains(&self.breaker.percent)
            || !(1..=600).contains(&self.breaker.pause_seconds)
        {
            wrong.add(
                "breaker",
                "needs failures ≥ 1, window 1 to 1000, percent 1 to 100, pause_seconds 1 to 600",
            );
        }
        let entry = ProviderEntry {
            code: self.code,
            name: self.name,
            app_name: self.app_name,
            base_url: wrong.address("base_url", self.base_url),
            secondary_url: wrong.address("secondary_url", self.secondary_url),
            credentials: Credentials {
                id: id.unwrap_or_default(),
                secret,
            },
            account_form,
            trust_anchors,
            policy_oids: self.policy_oids,
            timeouts: Timeouts {
                connect: Duration::from_secs(wrong.within(
                    "connect_seconds",
                    self.connect_seconds,
                    10,
                    (1, 60),
                )),
                call: Duration::from_secs(wrong.within(
                    "call_seconds",
                    self.call_seconds,
                    30,
                    (1, 120),
                )),
                start: Duration::from_secs(wrong.within(
                    "start_seconds",
                    self.start_seconds,
                    start,
                    (1, 3660),
                )),
            },
            limits: Limits {
                items_max: wrong.within("items_max", self.items_max, ITEMS_MAX, (1, ITEMS_MAX)),
                calls_max: wrong.within("calls_max", self.calls_max, 32, (1, 10_000)),
                queue_max: wrong.within("queue_max", self.queue_max, 1000, (0, 100_000)),
                queue: Duration::from_secs(wrong.within(
                    "queue_seconds",
                    self.queue_seconds,
                    10,
                    (0, 60),
                )),
                waiting_max: wrong.within("waiting_max", self.waiting_max, waiting, (1, 1_000_000)),
                lifetime: Duration::from_secs(lifetime),
            },
            breaker: self.breaker,
            sandbox: self.sandbox,
            phone_page: self.phone_page,
            protocol,
        };
        (wrong.faults.len() == before).then_some(entry)
    }

    /// Keys of other protocols: what they should do would not happen.
    fn misplaced(&self, wrong: &mut Faults<'_>) {
        use Word::{CscV1, CscV2, Mysign, Neac769};
        let keys: [(&str, bool, &[Word]); 15] = [
            ("sp_id", self.sp_id.is_some(), &[Neac769]),
            ("sp_password", self.sp_password.is_some(), &[Neac769]),
            ("ca_name", self.ca_name.is_some(), &[Neac769]),
            ("hash_encoding", self.hash_encoding.is_some(), &[Neac769]),
            ("item_form", self.item_form.is_some(), &[Neac769]),
            ("serial_case", self.serial_case.is_some(), &[Neac769]),
            ("webhook_url", self.webhook_url.is_some(), &[Neac769]),
            ("service_type", self.service_type.is_some(), &[Neac769]),
            ("service_types", self.service_types.is_some(), &[Neac769]),
            ("start_waits", self.start_waits.is_some(), &[Neac769]),
            (
                "client_id",
                self.client_id.is_some(),
                &[Mysign, CscV1, CscV2],
            ),
            (
                "client_secret",
                self.client_secret.is_some(),
                &[Mysign, CscV1, CscV2],
            ),
            ("profile_id", self.profile_id.is_some(), &[Mysign]),
            ("webhook", self.webhook.is_some(), &[Mysign]),
            ("paths", self.paths.is_some(), &[Neac769, Mysign]),
        ];
        let csc: [(&str, bool); 3] = [
            ("api_path", self.api_path.is_some()),
            ("token_url", self.token_url.is_some()),
            ("scope", self.scope.is_some()),
        ];
        let all = keys.into_iter().chain(
            csc.into_iter()
                .map(|(key, given)| (key, given, &[CscV1, CscV2][..])),
        );
        for (key, given, of) in all {
            if given && !of.contains(&self.protocol) {
                wrong.add(key, "does not belong to this protocol");
            }
        }
    }

    fn protocol(&mut self, wrong: &mut Faults<'_>) -> Protocol {
        match self.protocol {
            Word::Neac769 => {
                let paths: super::Paths = paths(self.paths.take(), wrong);
                wrong.path("paths.certificates", &paths.certificates);
                wrong.path("paths.sign", &paths.sign);
                if let Some(status) = &paths.status {
                    wrong.path("paths.status", status);
                }
                Protocol::Neac769(Neac769Settings {
                    paths,
                    ca_name: self.ca_name.take(),
                    hash_encoding: self.hash_encoding.unwrap_or_default(),
                    item_form: self.item_form.unwrap_or_default(),
                    serial_case: self.serial_case.unwrap_or_default(),
                    webhook_url: wrong.address("webhook_url", self.webhook_url.take()),
                    service_type: self.service_type.take(),
                    service_types: self.service_types.take().unwrap_or_default(),
                    start_waits: self.start_waits.unwrap_or_default(),
                })
            }
            Word::Mysign => {
                let paths: super::MysignPaths = paths(self.paths.take(), wrong);
                for (key, path) in [
                    ("paths.login", &paths.login),
                    ("paths.certificates", &paths.certificates),
                    ("paths.sign", &paths.sign),
                    ("paths.status", &paths.status),
                ] {
                    wrong.path(key, path);
                }
                Protocol::Mysign(MysignSettings {
                    paths,
                    profile_id: self
                        .profile_id
                        .take()
                        .unwrap_or_else(|| "adss:ras:profile:001".into()),
                    webhook: self.webhook.unwrap_or_default(),
                })
            }
            Word::CscV1 | Word::CscV2 => {
                let (version, default) = if self.protocol == Word::CscV1 {
                    (CscVersion::V1, "/csc/v1")
                } else {
                    (CscVersion::V2, "/csc/v2")
                };
                let api_path = self.api_path.take().unwrap_or_else(|| default.into());
                wrong.path("api_path", &api_path);
                Protocol::Csc(CscSettings {
                    version,
                    api_path,
                    token_url: wrong.address("token_url", self.token_url.take()),
                    scope: self.scope.take(),
                })
            }
        }
    }
}

fn paths<T: Default + for<'de> Deserialize<'de>>(
    table: Option<toml::Table>,
    wrong: &mut Faults<'_>,
) -> T {
    let Some(table) = table else {
        return T::default();
    };
    table.try_into().unwrap_or_else(|error: toml::de::Error| {
        wrong.add("paths", format!("cannot be read: {}", error.message()));
        T::default()
    })
}

#[cfg(test)]
mod tests;
