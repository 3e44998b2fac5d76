//! `[[tenant]]` of the main settings file: several portals in one process, each with settings, data and secrets of its own.
//!
//! What is the process's (where it listens, where its numbers go) stands in the main file and nowhere else; everything else stands in
//! the tenants' files and nowhere else, so that nothing of one becomes another's by accident.

use super::apart::{self, Places};
use super::{Config, DATABASE_URL, Environment, Settings};
use reqwest::Url;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Longest name of a tenant.
const NAME_MAX: usize = 32;
/// Keys of the process: a tenant's file does not say them.
const PROCESS: [&str; 5] = [
    "listen",
    "metrics_listen",
    "otlp_endpoint",
    "behind_proxy",
    "tenant",
];

/// One `[[tenant]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// Short name: small letters, digits, hyphens. In upper case, with `_` for `-` and one more behind it, its secrets' variables begin
    /// with it: `HA_NOI_PORTAL_KEK` for `ha-noi`.
    pub name: String,
    /// Host names that lead to it, without ports.
    pub hosts: Vec<String>,
    /// Its settings file, seen from the folder of the main file.
    pub settings: PathBuf,
}

/// Which of several portals one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its short name.
    pub name: String,
    /// Host names that lead to it, in lower case.
    pub hosts: Vec<String>,
}

impl Tenant {
    /// People are led back to the portal's own address by e-mail and by providers: it has to lead here.
    pub(super) fn check_address(&self, public_url: &str, wrong: &mut Vec<String>) {
        let host = Url::parse(public_url)
            .ok()
            .and_then(|url| Some(url.host_str()?.trim_matches(['[', ']']).to_owned()));
        if !host.is_some_and(|host| self.hosts.contains(&host)) {
            wrong.push(format!("public_url: {public_url} is at none of its hosts"));
        }
    }
}

impl TenantSettings {
    fn check(&self, wrong: &mut Vec<String>) -> Tenant {
        let named = (1..=NAME_MAX).contains(&self.name.len())
            && self
                .name
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !named {
            wrong.push(format!(
                "name: up to {NAME_MAX} small letters, digits and hyphens are wanted"
            ));
        }
        if self.hosts.is_empty() {
            wrong.push("hosts: none; nobody could reach it".into());
        }
        let hosts: Vec<String> = self
            .hosts
            .iter()
            .map(|host| host.to_ascii_lowercase())
            .collect();
        for host in hosts.iter().filter(|host| !is_host(host)) {
            wrong.push(format!("hosts: {host} is no host name (no port, no `*`)"));
        }
        Tenant {
            name: self.name.clone(),
            hosts,
        }
    }

    /// Its settings, and the keys in its file that are the process's to say.
    fn read(&self) -> Result<(Settings, Vec<String>), String> {
        let table: toml::Table = super::read(&self.settings)?;
        let mut wrong: Vec<String> = PROCESS
            .iter()
            .filter(|key| table.contains_key(**key))
            .map(|key| (*key).to_owned())
            .collect();
        if keys_of_pace(&table).any(|key| key == "drain") {
            wrong.push("pace.drain".into());
        }
        for key in &mut wrong {
            key.push_str(": is the whole process's; it belongs into the main settings file");
        }
        Ok((super::read(&self.settings)?, wrong))
    }

    /// Everything about it, with what `main` says for all. What it is told apart by comes too, even where something else is wrong.
    fn resolve(
        &self,
        main: &Settings,
        process: &Environment,
    ) -> (Option<Places>, Result<Config, Vec<String>>) {
        let mut wrong = Vec::new();
        let tenant = self.check(&mut wrong);
        let (file, refused) = match self.read() {
            Ok(read) => read,
            Err(error) => {
                wrong.push(error);
                return (None, Err(wrong));
            }
        };
        wrong.extend(refused);
        let environment = process.of_tenant(&self.name);
        let mut settings = Settings {
            listen: main.listen,
            metrics_listen: main.metrics_listen,
            otlp_endpoint: main.otlp_endpoint.clone(),
            behind_proxy: main.behind_proxy,
            site: file.site.clone().or_else(|| main.site.clone()),
            public_url: file.public_url.clone().or_else(|| {
                let host = tenant.hosts.first()?;
                Some(format!("https://{host}"))
            }),
            tenant: None,
            ..file
        };
        // The environment comes before the file, as everywhere.
        if !matches!(environment.secret(DATABASE_URL), Ok(None)) {
            settings.database_url = None;
        }
        let places = Places::of(&tenant, &settings, &environment);
        let config = settings.checked(&environment, Some(tenant), wrong);
        let config = config.map(|mut config| {
            config.pace.drain = main
                .pace
                .as_ref()
                .map_or_else(Default::default, |pace| pace.drain);
            config
        });
        (Some(places), config)
    }
}

impl Settings {
    /// Every portal that a process with these settings serves: one, or its tenants. Never none.
    ///
    /// # Errors
    /// Every error of every tenant, each beginning with the tenant's name.
    pub fn resolve_all(self) -> Result<Vec<Config>, Vec<String>> {
        self.resolve_in(&Environment::process())
    }

    /// The same with the secrets of a given environment.
    ///
    /// # Errors
    /// See [`Settings::resolve_all`].
    pub fn resolve_in(mut self, process: &Environment) -> Result<Vec<Config>, Vec<String>> {
        let (tenants, mut wrong) = self.read_tenants();
        let Some(tenants) = tenants else {
            return Ok(vec![self.checked(process, None, wrong)?]);
        };
        if tenants.is_empty() {
            wrong.push("tenant: none".into());
        }
        let mut names = BTreeSet::new();
        let (mut configs, mut all) = (Vec::new(), Vec::new());
        for tenant in &tenants {
            let name = &tenant.name;
            if !names.insert(name) {
                wrong.push(format!("{name}: two tenants of one name"));
            }
            let (places, config) = tenant.resolve(&self, process);
            all.extend(places);
            match config {
                Ok(config) => configs.push(config),
                Err(errors) => {
                    wrong.extend(errors.into_iter().map(|error| format!("{name}: {error}")));
                }
            }
        }
        apart::check(&all, &mut wrong);
        if wrong.is_empty() {
            Ok(configs)
        } else {
            Err(wrong)
        }
    }

    /// One portal: the only one, or the tenant of a name.
    ///
    /// # Errors
    /// Every error there is about it.
    pub fn resolve_one(mut self, tenant: Option<&str>) -> Result<Config, Vec<String>> {
        let Some(name) = tenant else {
            return self.resolve();
        };
        let (tenants, mut wrong) = self.read_tenants();
        match find(tenants.as_deref(), name) {
            Ok(tenant) if wrong.is_empty() => tenant
                .resolve(&self, &Environment::process())
                .1
                .map_err(|errors| {
                    let told = errors.into_iter().map(|error| format!("{name}: {error}"));
                    told.collect()
                }),
            Ok(_) => Err(wrong),
            Err(error) => {
                wrong.push(error);
                Err(wrong)
            }
        }
    }

    /// The tenants of the main file, and what is wrong with what is said for all of them.
    fn read_tenants(&mut self) -> (Option<Vec<TenantSettings>>, Vec<String>) {
        let file = self.config.clone();
        let mut wrong = self.read_file();
        let tenants = self.tenant.take();
        if tenants.is_some() {
            let table = file.and_then(|file| super::read::<toml::Table>(&file).ok());
            let mut keys: Vec<String> = self.of_one_portal().map(str::to_owned).collect();
            let pace = table.iter().flat_map(keys_of_pace);
            keys.extend(
                pace.filter(|key| *key != "drain")
                    .map(|key| format!("pace.{key}")),
            );
            wrong.extend(keys.into_iter().map(|key| {
                format!("{key}: every tenant says its own; it belongs into the tenants' files")
            }));
        }
        (tenants, wrong)
    }

    /// What is set that only one portal can have; named one by one, so that a new setting does not compile until somebody has thought
    /// about whose it is.
    fn of_one_portal(&self) -> impl Iterator<Item = &'static str> {
        let Self {
            config: _,
            listen: _,
            metrics_listen: _,
            otlp_endpoint: _,
            site: _,
            behind_proxy: _,
            pace: _,
            tenant: _,
            data,
            database_url,
            files_at,
            files,
            public_url,
            unit,
            providers,
            roots,
            news,
            procedures,
            holidays,
            units,
            demo,
            sandbox_url,
            sandbox_root,
            evidence,
            conversion,
            scan,
            mail,
            payment,
            seal,
            agency_seal,
            oidc,
            identity,
            webhook,
            province,
        } = self;
        [
            ("data", data.is_some()),
            ("database_url", database_url.is_some()),
            ("files", files_at.is_some() || files.is_some()),
            ("public_url", public_url.is_some()),
            ("unit", unit.is_some()),
            ("providers", providers.is_some()),
            ("roots", roots.is_some()),
            ("news", news.is_some()),
            ("procedures", procedures.is_some()),
            ("holidays", holidays.is_some()),
            ("units", units.is_some()),
            ("demo", *demo),
            ("sandbox_url", sandbox_url.is_some()),
            ("sandbox_root", sandbox_root.is_some()),
            ("evidence", evidence.is_some()),
            ("conversion", conversion.is_some()),
            ("scan", scan.is_some()),
            ("mail", mail.is_some()),
            ("payment", payment.is_some()),
            ("seal", seal.is_some()),
            ("agency_seal", agency_seal.is_some()),
            ("oidc", oidc.is_some()),
            ("identity", identity.is_some()),
            ("webhook", webhook.is_some()),
            ("province", province.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, set)| set.then_some(key))
    }
}

fn keys_of_pace(table: &toml::Table) -> impl Iterator<Item = &str> {
    let pace = table.get("pace").and_then(toml::Value::as_table);
    pace.into_iter()
        .flat_map(|pace| pace.keys().map(String::as_str))
}

/// A name of the domain name system, or an address of numbers.
fn is_host(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
        || (host.len() <= 253
            && host.split('.').all(|part| {
                (1..=63).contains(&part.len())
                    && !part.starts_with('-')
                    && !part.ends_with('-')
                    && part
                        .bytes()
                        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            }))
}

/// The tenants' files stand where the main file says, seen from its own folder.
pub(super) fn beside(main: &Path, tenants: Option<&mut [TenantSettings]>) {
    let folder = main.parent().unwrap_or_else(|| Path::new(""));
    for tenant in tenants.into_iter().flatten() {
        tenant.settings = folder.join(&tenant.settings);
    }
}

/// What is said when one of several is wanted and none is named.
pub(super) fn which(tenants: &[TenantSettings]) -> String {
    let names: Vec<&str> = tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    format!(
        "there are several tenants: name one by --tenant ({})",
        names.join(", ")
    )
}

/// The tenant of a name.
pub(super) fn find<'a>(
    tenants: Option<&'a [TenantSettings]>,
    name: &str,
) -> Result<&'a TenantSettings, String> {
    let tenants =
        tenants.ok_or("--tenant wants the main settings file, the one with `[[tenant]]`")?;
    let mut found = tenants.iter().filter(|tenant| tenant.name == name);
    match (found.next(), found.next()) {
        (Some(tenant), None) => Ok(tenant),
        (Some(_), Some(_)) => Err(format!("{name}: two tenants of one name")),
        (None, _) => Err(which(tenants)),
    }
}

#[cfg(test)]
mod tests;
