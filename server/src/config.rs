//! Settings: command line, environment, one TOML file; all errors at once.

use crate::evidence::EvidenceSettings;
use contract::provider::Trust;
use contract::value::Base64;
use provider::ProviderEntry;
use secrecy::SecretString;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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
    /// Folder of the built site [default: target/site].
    #[arg(long, env = "PORTAL_SITE")]
    pub site: Option<PathBuf>,
    /// The portal's own address as people see it; https makes cookies secure [default: http://localhost and the port].
    #[arg(long, env = "PORTAL_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Identifier of the receiving unit: the first part of dossier codes [default: 000.00.00.H34].
    #[arg(long, env = "PORTAL_UNIT")]
    pub unit: Option<String>,
    /// TOML file with `[[provider]]` entries [default: the seven of the guidance, not yet filled in].
    #[arg(long, env = "PORTAL_PROVIDERS")]
    pub providers: Option<PathBuf>,
    /// Folder with trusted root certificates, PEM or DER.
    #[arg(long, env = "PORTAL_ROOTS")]
    pub roots: Option<PathBuf>,
    /// Folder with procedures to use instead of the built-in ones.
    #[arg(long, env = "PORTAL_PROCEDURES")]
    pub procedures: Option<PathBuf>,
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
}

/// Settings that were checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Database address.
    pub database_url: String,
    /// Folder of uploaded files.
    pub files: PathBuf,
    /// Folder of the built site.
    pub site: PathBuf,
    /// Whether people reach the portal by https.
    pub https: bool,
    /// First part of dossier codes.
    pub unit: String,
    /// Providers.
    pub providers: Vec<ProviderEntry>,
    /// Trusted roots.
    pub trust: Trust,
    /// Folder with procedures, when not the built-in ones.
    pub procedures: Option<PathBuf>,
    /// Timestamps and revocation data.
    pub evidence: EvidenceSettings,
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
        let mut providers = match &self.providers {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| format!("providers: {}: {error}", path.display()))
                .and_then(|text| provider::read_entries(&text).map_err(|error| error.to_string())),
            None => provider::default_entries().map_err(|error| error.to_string()),
        }
        .unwrap_or_else(|error| {
            wrong.push(error);
            Vec::new()
        });
        for entry in &mut providers {
            match secret(&entry.code.as_str().to_uppercase().replace('-', "_")) {
                Ok(Some(password)) => entry.sp_password = Some(password),
                Ok(None) => {}
                Err(error) => wrong.push(error),
            }
        }
        let mut evidence = self.evidence.unwrap_or_default();
        if self.demo {
            let url = self
                .sandbox_url
                .as_deref()
                .unwrap_or("http://localhost:8090");
            crate::demo::use_sandbox(&mut providers, url.trim_end_matches('/'));
            evidence.use_sandbox(url.trim_end_matches('/'));
            let root = self
                .sandbox_root
                .unwrap_or_else(|| "var/sandbox/root.pem".into());
            match crate::verify::certificate_file(&root) {
                Ok(der) => trust.roots.push(Base64(der)),
                Err(error) => wrong.push(format!("sandbox root: {error:#}")),
            }
        } else {
            production(&providers, &trust, &mut wrong);
        }
        evidence.check(&mut wrong);
        if wrong.is_empty() {
            Ok(Config {
                listen,
                database_url: self
                    .database_url
                    .unwrap_or_else(|| format!("sqlite:{}", data.join("portal.sqlite").display())),
                files: data.join("files"),
                site: self.site.unwrap_or_else(|| "target/site".into()),
                https: self
                    .public_url
                    .is_some_and(|url| url.starts_with("https://")),
                unit,
                providers,
                trust,
                procedures: self.procedures,
                evidence,
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
            data,
            database_url,
            site,
            public_url,
            unit,
            providers,
            roots,
            procedures,
            sandbox_url,
            sandbox_root,
            evidence
        );
        self.demo |= file.demo;
    }
}

/// What would let test keys into a real portal.
fn production(providers: &[ProviderEntry], trust: &Trust, wrong: &mut Vec<String>) {
    for entry in providers {
        let name = entry.code.as_str();
        let Some(url) = &entry.base_url else { continue };
        if entry.sandbox {
            wrong.push(format!(
                "provider {name} is a sandbox; that is for demo mode"
            ));
        }
        if !url.starts_with("https://") {
            wrong.push(format!("provider {name}: {url} is not https"));
        }
    }
    if trust.roots.is_empty() {
        wrong.push("roots: no trusted root certificate; nothing could be validated".into());
    }
    for root in &trust.roots {
        let facts = signature::certificate::Facts::read(&root.0);
        if facts.is_ok_and(|facts| facts.subject.contains("SANDBOX")) {
            wrong.push("roots: the sandbox's root is for demo mode".into());
        }
    }
}

/// `PROVIDER_<NAME>_SP_PASSWORD`, or the file that `…_FILE` names.
fn secret(name: &str) -> Result<Option<SecretString>, String> {
    let variable = format!("PROVIDER_{name}_SP_PASSWORD");
    if let Ok(password) = std::env::var(&variable) {
        return Ok(Some(password.into()));
    }
    let Ok(path) = std::env::var(format!("{variable}_FILE")) else {
        return Ok(None);
    };
    std::fs::read_to_string(&path)
        .map(|text| Some(text.trim_end().to_owned().into()))
        .map_err(|error| format!("{variable}_FILE: {path}: {error}"))
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
        assert_eq!(wrong.len(), 4, "{wrong:?}");
    }
}
