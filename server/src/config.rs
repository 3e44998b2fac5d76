//! Settings: command line, environment, one TOML file; all errors at once.

mod files;
mod providers;
mod secret;
mod storage;

pub use files::FilesSettings;
pub use storage::{Storage, StorageSettings};

use crate::conversion::ConversionSettings;
use crate::evidence::EvidenceSettings;
use crate::identity::oidc::{self, OidcSettings};
use crate::identity::{Identity, IdentitySettings};
use crate::pace::Pace;
use crate::payment::PaymentSettings;
use crate::seal::{AgencySealSettings, Seal, SealSettings, Seals};
use contract::provider::Trust;
use contract::value::Base64;
use provider::ProviderEntry;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The address of the database, and the file that holds it.
const DATABASE_URL: &str = "PORTAL_DATABASE_URL";
const DATABASE_URL_FILE: &str = "PORTAL_DATABASE_URL_FILE";

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
}

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where operators' machines ask.
    pub metrics_listen: Option<SocketAddr>,
    /// A collector of traces.
    pub otlp_endpoint: Option<String>,
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

impl Settings {
    /// Reads the file, fills in defaults and checks everything.
    ///
    /// # Errors
    /// Every error there is, in words for an operator.
    pub fn resolve(mut self) -> Result<Config, Vec<String>> {
        let mut wrong = Vec::new();
        if let Some(path) = self.config.take() {
            match read::<Self>(&path) {
                Ok(file) => self.fill(file),
                Err(error) => wrong.push(error),
            }
        }
        // It may carry a password: where secrets are files, it is one.
        if self.database_url.is_none() && std::env::var_os(DATABASE_URL_FILE).is_some() {
            match crate::evidence::secret(DATABASE_URL) {
                Ok(url) => self.database_url = Some(url.expose_secret().to_owned()),
                Err(error) => wrong.push(error),
            }
        }
        let data = self.data.unwrap_or_else(|| "var/server".into());
        let listen = self
            .listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let unit = self.unit.unwrap_or_else(|| "000.00.00.H34".into());
        if format!("{unit}-260101-0001")
            .parse::<contract::value::DossierCode>()
            .is_err()
        {
            wrong.push(format!("unit: {unit} does not make a dossier code"));
        }
        let mut trust = Trust { roots: Vec::new() };
        if let Some(folder) = &self.roots {
            match crate::verify::roots(folder) {
                Ok(found) => trust = found,
                Err(error) => wrong.push(format!("roots: {error:#}")),
            }
        }
        let mut providers = providers::read(self.providers.as_deref(), &mut wrong);
        providers::complete(
            &mut providers,
            self.demo,
            |name| std::env::var(name).ok(),
            &mut wrong,
        );
        let mut evidence = self.evidence.unwrap_or_default();
        let mut payment = self.payment.unwrap_or_default();
        let mut seal = self.seal.take();
        if self.demo {
            let url = self
                .sandbox_url
                .as_deref()
                .unwrap_or("http://localhost:8090");
            crate::demo::use_sandbox(&mut providers, url.trim_end_matches('/'));
            evidence.use_sandbox(url.trim_end_matches('/'));
            payment.use_sandbox(url.trim_end_matches('/'));
            let root = self
                .sandbox_root
                .unwrap_or_else(|| "var/sandbox/root.pem".into());
            if seal.is_none() {
                seal = crate::demo::sandbox_seal(&root);
            }
            match crate::verify::certificate_file(&root) {
                Ok(der) => trust.roots.push(Base64(der)),
                Err(error) => wrong.push(format!("sandbox root: {error:#}")),
            }
        } else {
            providers::production(&providers, &trust, &mut wrong);
        }
        evidence.check(&mut wrong);
        payment.check(&mut wrong);
        let seal = seal.and_then(|settings| match Seal::open(&settings) {
            Ok(seal) => Some(seal),
            Err(error) => {
                wrong.push(error);
                None
            }
        });
        let agencies = self.agency_seal.take().unwrap_or_default();
        let seals = Seals::open(seal.clone(), agencies, &mut wrong);
        let public_url = self.public_url.clone().map_or_else(
            || format!("http://localhost:{}", listen.port()),
            |url| url.trim_end_matches('/').to_owned(),
        );
        let files = files::place(self.files_at, self.files, &data, &mut wrong);
        let keys = storage::keys(&mut wrong);
        let conversion = self.conversion.unwrap_or_default();
        conversion.check(&mut wrong);
        if let Some(scan) = &self.scan {
            scan.check(&mut wrong);
        }
        providers::check(&providers, &mut wrong);
        let mut webhooks = self.webhook.take().unwrap_or_default();
        crate::hook::check(&mut webhooks, self.demo, &mut wrong);
        if let Some(mail) = &mut self.mail {
            mail.check(&mut wrong);
            mail.portal.clone_from(&public_url);
        }
        let https = public_url.starts_with("https://");
        let mut oidc = self.oidc.take().unwrap_or_default();
        oidc::complete(
            &mut oidc,
            self.demo,
            https,
            |name| secret::secret(name, &|name| std::env::var(name).ok()),
            &mut wrong,
        );
        let identity = self.identity.unwrap_or_default().complete(
            self.demo,
            &data,
            |name| std::env::var(name).ok(),
            &mut wrong,
        );
        if wrong.is_empty() {
            Ok(Config {
                listen,
                metrics_listen: self.metrics_listen,
                otlp_endpoint: self.otlp_endpoint,
                database_url: storage::database_url(self.database_url, &data),
                files,
                keys,
                site: self.site.unwrap_or_else(|| "target/site".into()),
                https,
                behind_proxy: self.behind_proxy,
                public_url,
                payment,
                seal,
                seals,
                unit,
                providers,
                trust,
                news: self.news,
                procedures: self.procedures,
                holidays: self.holidays,
                units: self.units,
                evidence,
                scan: self.scan,
                webhooks,
                mail: self.mail,
                conversion,
                oidc,
                identity,
                pace: self.pace.unwrap_or_else(|| Pace {
                    // The invented people are many visitors at once.
                    starts_per_minute: if self.demo { 100 } else { 10 },
                    requests_per_address: if self.demo { 5000 } else { 200 },
                    requests_per_person: if self.demo { 1000 } else { 50 },
                    ..Pace::default()
                }),
                demo: self.demo,
            })
        } else {
            Err(wrong)
        }
    }

    fn fill(&mut self, file: Self) {
        macro_rules! fill {
            ($($field:ident),*) => { $(if self.$field.is_none() { self.$field = file.$field; })* };
        }
        fill!(
            listen,
            metrics_listen,
            otlp_endpoint,
            data,
            database_url,
            site,
            public_url,
            mail,
            unit,
            providers,
            roots,
            news,
            procedures,
            holidays,
            units,
            sandbox_url,
            sandbox_root,
            evidence,
            conversion,
            scan,
            payment,
            seal,
            agency_seal,
            oidc,
            identity,
            files,
            webhook,
            pace
        );
        self.demo |= file.demo;
        self.behind_proxy |= file.behind_proxy;
    }
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
            DATABASE_URL_FILE.into(),
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
