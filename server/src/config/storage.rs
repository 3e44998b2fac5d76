//! What commands about stored data need of the settings: where the data lies and which keys open it. Nothing else is checked, so that
//! a backup does not fail for a provider that is half filled in.

use super::{Settings, files, secret::secret};
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
        let mut wrong = Vec::new();
        let mut settings = Settings {
            data: self.data,
            database_url: self.database_url,
            files_at: self.files,
            ..Settings::default()
        };
        if let Some(path) = self.config {
            match super::read::<Settings>(&path) {
                Ok(file) => settings.fill(file),
                Err(error) => wrong.push(error),
            }
        }
        let data = settings.data.unwrap_or_else(|| "var/server".into());
        let files = files::place(settings.files_at, settings.files, &data, &mut wrong);
        let keys = keys(&mut wrong);
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

/// The database's address.
pub(super) fn database_url(told: Option<String>, data: &std::path::Path) -> String {
    told.unwrap_or_else(|| format!("sqlite:{}", data.join("portal.sqlite").display()))
}

/// The keys that encrypt keys, where there are some.
pub(super) fn keys(wrong: &mut Vec<String>) -> Option<Keys> {
    let found = secret(KEYS, &|name: &str| std::env::var(name).ok());
    let parsed = match found {
        Ok(found) => found.map(|text| Keys::parse(text.expose_secret())),
        Err(error) => Some(Err(error)),
    };
    match parsed? {
        Ok(keys) => Some(keys),
        Err(error) => {
            wrong.push(format!("{KEYS}: {error}"));
            None
        }
    }
}
