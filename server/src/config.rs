//! Settings: command line, environment, one TOML file; all errors at once.

mod apart;
mod environment;
mod files;
mod providers;
mod province;
mod resolve;
mod storage;
mod tenant;

pub use environment::Environment;
pub use files::FilesSettings;
pub use province::{Logo, Province, ProvinceSettings};
pub(crate) use storage::keys_of;
pub use storage::{Storage, StorageSettings};
pub use tenant::{Tenant, TenantSettings};

use crate::conversion::ConversionSettings;
use crate::evidence::EvidenceSettings;
use crate::identity::oidc::OidcSettings;
use crate::identity::{Identity, IdentitySettings};
use crate::pace::Pace;
use crate::payment::PaymentSettings;
use crate::seal::{AgencySealSettings, Seal, SealSettings, Seals};
use contract::provider::Trust;
use provider::ProviderEntry;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The address of the database; with `_FILE` behind it the file that holds it.
const DATABASE_URL: &str = "PORTAL_DATABASE_URL";

/// What an operator may set. Command line before environment before file before default.
#[derive(Debug, Default, Clone, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Read further settings from this TOML file; its keys are these names with underscores.
    #[arg(long, env = "PORTAL_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, env = "PORTAL_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Folder for the SQLite database and the files [default: var/server].
    #[arg(long, env = "PORTAL_DATA")]
    pub data: Option<PathBuf>,
    /// Database address, `sqlite:FILE` or `postgres://…` [default: SQLite in the data folder].
    #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Address for operators' machines: `/metrics`, `/live`, `/ready` [default: none]. Nobody else should reach it.
    #[arg(long, env = "PORTAL_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// A collector that takes traces by OTLP over HTTP, e.g. http://localhost:4318 [default: none].
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// Where the files lie, `file:FOLDER` or `s3://BUCKET/PREFIX` [default: `files` in the data folder].
    #[arg(long = "files", env = "PORTAL_FILES")]
    #[serde(skip)]
    pub files_at: Option<String>,
    /// The same and how to get to a bucket: `[files]` of the settings file.
    #[arg(skip)]
    pub files: Option<FilesSettings>,
    /// Folder of the built site [default: target/site].
    #[arg(long, env = "PORTAL_SITE")]
    pub site: Option<PathBuf>,
    /// The portal's own address as people see it; https makes cookies secure [default: http://localhost and the port].
    #[arg(long, env = "PORTAL_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The portal is reached through one proxy that adds each caller's address to `X-Forwarded-For`.
    #[arg(long, env = "PORTAL_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Identifier of the receiving unit: the first part of dossier codes [default: 000.00.00.H34].
    #[arg(long, env = "PORTAL_UNIT")]
    pub unit: Option<String>,
    /// TOML file with `[[provider]]` entries [default: the seven of the guidance, not yet filled in].
    #[arg(long, env = "PORTAL_PROVIDERS")]
    pub providers: Option<PathBuf>,
    /// Folder with trusted root certificates, PEM or DER.
    #[arg(long, env = "PORTAL_ROOTS")]
    pub roots: Option<PathBuf>,
    /// Folder with news to show instead of the built-in ones.
    #[arg(long, env = "PORTAL_NEWS")]
    pub news: Option<PathBuf>,
    /// Folder with procedures to use instead of the built-in ones.
    #[arg(long, env = "PORTAL_PROCEDURES")]
    pub procedures: Option<PathBuf>,
    /// TOML file with public holidays and days worked in exchange, to use instead of the built-in ones.
    #[arg(long, env = "PORTAL_HOLIDAYS")]
    pub holidays: Option<PathBuf>,
    /// TOML file with administrative units to use instead of the built-in ones.
    #[arg(long, env = "PORTAL_UNITS")]
    pub units: Option<PathBuf>,
    /// Demo mode: invented people, the sandbox provider. Never with real data.
    #[arg(long)]
    pub demo: bool,
    /// Demo mode: address of the sandbox provider [default: http://localhost:8090].
    #[arg(long)]
    pub sandbox_url: Option<String>,
    /// Demo mode: the sandbox's root certificate [default: var/sandbox/root.pem].
    #[arg(long)]
    pub sandbox_root: Option<PathBuf>,
    /// Timestamps and revocation data: `[evidence]` of the settings file.
    #[arg(skip)]
    pub evidence: Option<EvidenceSettings>,
    /// Word files to PDF: `[conversion]` of the settings file.
    #[arg(skip)]
    pub conversion: Option<ConversionSettings>,
    /// Where malware is looked for: `[scan]` of the settings file; without it nothing is scanned.
    #[arg(skip)]
    pub scan: Option<crate::scan::ScanSettings>,
    /// E-mail: `[mail]` of the settings file; without it none is sent.
    #[arg(skip)]
    pub mail: Option<crate::notify::MailSettings>,
    /// The account for transfers: `[payment]` of the settings file.
    #[arg(skip)]
    pub payment: Option<PaymentSettings>,
    /// Key and certificate of the portal's own seal: `[seal]` of the settings file.
    #[arg(skip)]
    pub seal: Option<SealSettings>,
    /// Keys and certificates of agencies: `[[agency_seal]]` of the settings file.
    #[arg(skip)]
    pub agency_seal: Option<Vec<AgencySealSettings>>,
    /// Identity providers to sign in at: `[[oidc]]` of the settings file.
    #[arg(skip)]
    pub oidc: Option<Vec<OidcSettings>>,
    /// What is asked of those who sign in: `[identity]` of the settings file.
    #[arg(skip)]
    pub identity: Option<IdentitySettings>,
    /// Other systems that are told of events: `[[webhook]]` of the settings file.
    #[arg(skip)]
    pub webhook: Option<Vec<crate::hook::WebhookSettings>>,
    /// Pauses, patience and bounds: `[pace]` of the settings file.
    #[arg(skip)]
    pub pace: Option<Pace>,
    /// What the province calls its portal, and its logo: `[province]` of the settings file.
    #[arg(skip)]
    pub province: Option<ProvinceSettings>,
    /// Several portals in one process: `[[tenant]]` of the settings file.
    #[arg(skip)]
    pub tenant: Option<Vec<TenantSettings>>,
}

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which of several portals it is; none when it is the only one.
    pub tenant: Option<Tenant>,
    /// What the province calls its portal, and its logo.
    pub province: Province,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where operators' machines ask.
    pub metrics_listen: Option<SocketAddr>,
    /// A collector of traces.
    pub otlp_endpoint: Option<String>,
    /// Folder for what is kept on this machine.
    pub data: PathBuf,
    /// Database address.
    pub database_url: String,
    /// Where uploaded files lie.
    pub files: store::Place,
    /// Keys that encrypt the keys of stored data; without them it lies there as it is.
    pub keys: Option<store::Keys>,
    /// Folder of the built site.
    pub site: PathBuf,
    /// The portal's own address, without a slash at its end.
    pub public_url: String,
    /// How fees are paid.
    pub payment: PaymentSettings,
    /// The portal's own seal; without one receipts are unsigned and say so.
    pub seal: Option<Seal>,
    /// The seals for papers of agencies.
    pub seals: Seals,
    /// Whether people reach the portal by https.
    pub https: bool,
    /// Whether callers' addresses are told by a proxy.
    pub behind_proxy: bool,
    /// First part of dossier codes.
    pub unit: String,
    /// Providers.
    pub providers: Vec<ProviderEntry>,
    /// Trusted roots.
    pub trust: Trust,
    /// Folder with news, when not the built-in ones.
    pub news: Option<PathBuf>,
    /// Folder with procedures, when not the built-in ones.
    pub procedures: Option<PathBuf>,
    /// File with public holidays, when not the built-in ones.
    pub holidays: Option<PathBuf>,
    /// File with administrative units, when not the built-in ones.
    pub units: Option<PathBuf>,
    /// Timestamps and revocation data.
    pub evidence: EvidenceSettings,
    /// Word files to PDF.
    pub conversion: ConversionSettings,
    /// Where malware is looked for.
    pub scan: Option<crate::scan::ScanSettings>,
    /// Other systems that are told of events.
    pub webhooks: Vec<crate::hook::WebhookSettings>,
    /// E-mail.
    pub mail: Option<crate::notify::MailSettings>,
    /// Identity providers to sign in at.
    pub oidc: Vec<OidcSettings>,
    /// What is asked of those who sign in.
    pub identity: Identity,
    /// Pauses, patience and bounds.
    pub pace: Pace,
    /// Demo mode.
    pub demo: bool,
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_that_operators_begin_with_are_read_and_their_unit_names_what_is_looked_for() {
        let settings: Settings =
            toml::from_str(include_str!("../deploy/portal.toml")).expect("read");
        assert!(settings.behind_proxy && settings.mail.is_some() && settings.pace.is_some());
        assert!(settings.province.is_some());
        let unit = include_str!("../deploy/portal.service");
        let entries = provider::default_entries().expect("entries");
        let vnpt = entries
            .iter()
            .find(|entry| entry.code.as_str() == "vnpt-ca")
            .expect("VNPT");
        for variable in [
            vnpt.secret_variable() + "_FILE",
            "PORTAL_MAIL_PASSWORD_FILE".into(),
            "PORTAL_SECRET_KEY_FILE".into(),
            format!("{DATABASE_URL}_FILE"),
        ] {
            assert!(
                unit.contains(&format!("Environment={variable}=%d/")),
                "{variable}"
            );
        }
    }

    #[test]
    fn production_without_roots_does_not_start_and_says_everything_that_is_wrong() {
        let folder = tempfile::tempdir().expect("folder");
        let providers = folder.path().join("providers.toml");
        std::fs::write(
            &providers,
            "[[provider]]\ncode='vnpt-ca'\nname='V'\napp_name='V'\nbase_url='http://localhost:1'\nsandbox=true\n",
        )
        .expect("written");
        let wrong = Settings {
            providers: Some(providers),
            unit: Some("not a unit".into()),
            ..Settings::default()
        }
        .resolve()
        .expect_err("refused");
        // The unit, the sandbox, http, no roots, an entry half filled in (`sp_id` and `sp_password` are missing), and no key for what
        // officers sign in with.
        assert_eq!(wrong.len(), 7, "{wrong:?}");
    }
}
