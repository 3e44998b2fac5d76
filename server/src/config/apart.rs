//! Tenants that would share what each has to have for itself are refused before anything is opened.

use super::{Environment, Settings, Tenant, storage};
use reqwest::Url;
use secrecy::ExposeSecret as _;
use std::path::{Component, Path, PathBuf};
use store::Place;

/// What no two tenants may have in common.
#[derive(Debug)]
pub(super) struct Places {
    name: String,
    hosts: Vec<String>,
    data: String,
    database: String,
    files: String,
}

impl Places {
    /// Those of a tenant, whatever else may be wrong with its settings.
    pub(super) fn of(tenant: &Tenant, settings: &Settings, environment: &Environment) -> Self {
        let data = settings.data.clone().unwrap_or_else(|| "var/server".into());
        let told = environment.secret(super::DATABASE_URL).ok().flatten();
        let told = told.map(|url| url.expose_secret().to_owned());
        let url = storage::database_url(told.or_else(|| settings.database_url.clone()), &data);
        let section = settings.files.as_ref();
        let at = settings.files_at.clone();
        let at = at.or_else(|| section.and_then(|files| files.at.clone()));
        let files = match at.and_then(|at| Place::parse(&at).ok()) {
            Some(Place::Folder(folder)) => format!("file:{}/", path(&folder)),
            Some(bucket @ Place::S3(_)) => {
                let endpoint = section.and_then(|files| files.endpoint.as_deref());
                let endpoint = endpoint.unwrap_or_default().trim_end_matches('/');
                format!("{endpoint} {}/", bucket.to_string().trim_end_matches('/'))
            }
            None => format!("file:{}/", path(&data.join("files"))),
        };
        Self {
            name: tenant.name.clone(),
            hosts: tenant.hosts.clone(),
            data: path(&data),
            database: database(&url),
            files,
        }
    }
}

/// Tells every pair that shares something, once, at the later of both.
pub(super) fn check(all: &[Places], wrong: &mut Vec<String>) {
    for (at, one) in all.iter().enumerate() {
        for other in all.get(..at).unwrap_or_default() {
            let mut tell = |what: &str| {
                wrong.push(format!("{}: {what} is {}'s too", one.name, other.name));
            };
            for host in one.hosts.iter().filter(|host| other.hosts.contains(host)) {
                tell(&format!("host {host}"));
            }
            if one.data == other.data {
                tell(&format!("data folder {}", one.data));
            }
            // An address may carry a password, so it is not told.
            if one.database == other.database {
                tell("the database (`database_url`)");
            }
            // What one sweeps must not be another's: no place lies in another either.
            if one.files.starts_with(&other.files) || other.files.starts_with(&one.files) {
                tell(&format!("the place of files {}", one.files.trim()));
            }
        }
    }
}

/// A path by which the same folder is the same text: from the root, without `.` and `..`, links followed as far as it is there.
fn path(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => {
                plain.push(part);
                plain = plain.canonicalize().unwrap_or(plain);
            }
        }
    }
    plain.display().to_string()
}

/// A database's address by which the same database is the same text: who connects to it, and how, makes no difference.
fn database(url: &str) -> String {
    if let Some(file) = url.strip_prefix("sqlite:") {
        let file = file.split('?').next().unwrap_or_default();
        return format!("sqlite:{}", path(Path::new(file.trim_start_matches("//"))));
    }
    let Ok(parsed) = Url::parse(url) else {
        return url.to_owned();
    };
    let options: Vec<String> = parsed
        .query_pairs()
        .filter(|(key, _)| matches!(&**key, "options" | "host" | "hostaddr" | "port" | "dbname"))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    format!(
        "postgres://{}:{}{} {}",
        parsed.host_str().unwrap_or_default().to_ascii_lowercase(),
        parsed.port().unwrap_or(5432),
        parsed.path(),
        options.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_database_is_the_same_whoever_connects_to_it() {
        let same = [
            "postgres://a:x@db.tinh.vn/hoso",
            "postgresql://b@DB.tinh.vn:5432/hoso?sslmode=verify-full",
        ];
        assert_eq!(database(same[0]), database(same[1]));
        assert!(!database(same[0]).contains('x'), "no password");
        for other in [
            "postgres://a:x@db.tinh.vn/hoso2",
            "postgres://a:x@db.tinh.vn:5433/hoso",
            "postgres://a:x@db2.tinh.vn/hoso",
            "postgres://a:x@db.tinh.vn/hoso?options=-csearch_path%3Db",
        ] {
            assert_ne!(database(same[0]), database(other), "{other}");
        }
        let folder = tempfile::tempdir().expect("folder");
        let link = folder.path().join("link");
        let real = folder.path().join("real");
        std::fs::create_dir(&real).expect("made");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        let at =
            |folder: &Path, rest: &str| database(&format!("sqlite:{}{rest}", folder.display()));
        assert_eq!(at(&real, "/a.sqlite"), at(&link, "/b/../a.sqlite?mode=rwc"));
        assert_ne!(at(&real, "/a.sqlite"), at(&real, "/b.sqlite"));
    }
}
