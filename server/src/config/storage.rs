//! What commands about stored data need of the settings: where the data lies and which keys open it. Nothing else is checked, so that
//! a backup does not fail for a provider that is half filled in.

use super::{Environment, Settings, files, tenant};
use secrecy::ExposeSecret as _;
use std::path::PathBuf;
use store::{Keys, Place};

/// Environment variable with the keys that encrypt keys; with `_FILE` behind it the file that holds them.
const KEYS: &str = "PORTAL_KEK";

/// Where stored data lies, as an operator says it.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct StorageSettings {
    /// The portal's settings file.
    #[arg(long, env = "PORTAL_CONFIG")]
    pub config: Option<PathBuf>,
    /// Folder for the SQLite database and the files [default: var/server].
    #[arg(long, env = "PORTAL_DATA")]
    pub data: Option<PathBuf>,
    /// Database address, `sqlite:FILE` or `postgres://…` [default: SQLite in the data folder].
    #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where the files lie, `file:FOLDER` or `s3://BUCKET/PREFIX` [default: `files` in the data folder].
    #[arg(long, env = "PORTAL_FILES")]
    pub files: Option<String>,
    /// Of the tenants in the settings file, which one: its own settings file and its own secrets (`<TENANT>_PORTAL_KEK` …) are used.
    #[arg(long)]
    pub tenant: Option<String>,
}

/// The same, checked.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Database address.
    pub database_url: String,
    /// Where the files lie.
    pub files: Place,
    /// Keys that encrypt keys.
    pub keys: Option<Keys>,
}

impl StorageSettings {
    /// Reads the file and fills in defaults.
    ///
    /// # Errors
    /// Every error there is, in words for an operator.
    pub fn resolve(self) -> Result<Storage, Vec<String>> {
        // They may stand in the environment, where they are another's.
        if self.tenant.is_some()
            && (self.data.is_some() || self.database_url.is_some() || self.files.is_some())
        {
            return Err(vec![
                "where a tenant's data lies stands in its own settings file: with --tenant neither --data, --database-url, --files nor their variables may be set".into(),
            ]);
        }
        self.located()
    }

    /// The same for whoever names another place on purpose.
    pub(crate) fn located(self) -> Result<Storage, Vec<String>> {
        let mut settings = Settings {
            config: self.config,
            data: self.data,
            database_url: self.database_url,
            files_at: self.files,
            ..Settings::default()
        };
        let mut wrong = settings.read_file();
        let mut environment = Environment::process();
        match (settings.tenant.take(), self.tenant) {
            (None, None) => {}
            (Some(tenants), None) => wrong.push(tenant::which(&tenants)),
            (tenants, Some(name)) => {
                environment = environment.of_tenant(&name);
                settings.config = match tenant::find(tenants.as_deref(), &name) {
                    Ok(tenant) => Some(tenant.settings.clone()),
                    Err(error) => {
                        wrong.push(error);
                        None
                    }
                };
                let read = settings.read_file();
                wrong.extend(read.into_iter().map(|error| format!("{name}: {error}")));
            }
        }
        // The environment comes before the file; what stands without a prefix was read with the command line.
        if environment.is_tenants() || settings.database_url.is_none() {
            match environment.secret(super::DATABASE_URL) {
                Ok(Some(url)) => settings.database_url = Some(url.expose_secret().to_owned()),
                Ok(None) => {}
                Err(error) => wrong.push(error),
            }
        }
        let data = settings.data.unwrap_or_else(|| "var/server".into());
        let files = files::place(
            settings.files_at,
            settings.files,
            &data,
            &environment,
            &mut wrong,
        );
        let keys = keys(&environment, &mut wrong);
        if wrong.is_empty() {
            Ok(Storage {
                database_url: database_url(settings.database_url, &data),
                files,
                keys,
            })
        } else {
            Err(wrong)
        }
    }
}

/// The keys alone, a tenant's where one is named: an archive needs nothing else to be read.
pub(crate) fn keys_of(tenant: Option<&str>) -> Result<Option<Keys>, Vec<String>> {
    let mut environment = Environment::process();
    if let Some(name) = tenant {
        environment = environment.of_tenant(name);
    }
    let mut wrong = Vec::new();
    let keys = keys(&environment, &mut wrong);
    if wrong.is_empty() {
        Ok(keys)
    } else {
        Err(wrong)
    }
}

/// The database's address.
pub(super) fn database_url(told: Option<String>, data: &std::path::Path) -> String {
    told.unwrap_or_else(|| format!("sqlite:{}", data.join("portal.sqlite").display()))
}

/// The keys that encrypt keys, where there are some.
pub(super) fn keys(environment: &Environment, wrong: &mut Vec<String>) -> Option<Keys> {
    let parsed = match environment.secret(KEYS) {
        Ok(found) => found.map(|text| Keys::parse(text.expose_secret())),
        Err(error) => Some(Err(error)),
    };
    match parsed? {
        Ok(keys) => Some(keys),
        Err(error) => {
            wrong.push(format!("{}: {error}", environment.name(KEYS)));
            None
        }
    }
}
