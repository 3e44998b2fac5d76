//! Where files lie: one setting, and for a bucket how to get there.

use super::Environment;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use store::Place;

/// Environment variable with the identifier of a bucket's key; with `_FILE` behind it the file that holds it.
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
/// The same for the key.
const KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// The same for the session token, where there is one.
const TOKEN: &str = "AWS_SESSION_TOKEN";

/// `[files]` of the settings file.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesSettings {
    /// `file:FOLDER` or `s3://BUCKET/PREFIX`; `--files` and `PORTAL_FILES` come before it.
    pub at: Option<String>,
    /// Address of the service; without it Amazon's in the region.
    pub endpoint: Option<String>,
    /// Region [default: us-east-1].
    pub region: Option<String>,
    /// The bucket stands in the path, not in the host's name [default: with an endpoint true, else false].
    pub path_style: Option<bool>,
    /// PEM file with the service's own root certificate.
    pub root: Option<PathBuf>,
}

/// Puts together where the files lie.
pub(super) fn place(
    at: Option<String>,
    settings: Option<FilesSettings>,
    data: &Path,
    environment: &Environment,
    wrong: &mut Vec<String>,
) -> Place {
    let settings = settings.unwrap_or_default();
    let Some(at) = at.or_else(|| settings.at.clone()) else {
        return Place::Folder(data.join("files"));
    };
    match read(&at, settings, environment) {
        Ok(place) => place,
        Err(errors) => {
            wrong.extend(errors.into_iter().map(|error| format!("files: {error}")));
            Place::Folder(data.join("files"))
        }
    }
}

fn read(
    at: &str,
    settings: FilesSettings,
    environment: &Environment,
) -> Result<Place, Vec<String>> {
    let mut bucket = match Place::parse(at).map_err(|error| vec![error])? {
        Place::S3(bucket) => bucket,
        folder @ Place::Folder(_) => return Ok(folder),
    };
    let mut wrong = Vec::new();
    let mut wanted = |name: &str| -> SecretString {
        match environment.secret(name) {
            Ok(Some(found)) => return found,
            Ok(None) => {
                let name = environment.name(name);
                wrong.push(format!("{at} needs {name} or {name}_FILE"));
            }
            Err(error) => wrong.push(error),
        }
        SecretString::default()
    };
    bucket.key_id = wanted(KEY_ID);
    bucket.key = wanted(KEY);
    match environment.secret(TOKEN) {
        Ok(token) => bucket.token = token,
        Err(error) => wrong.push(error),
    }
    if let Some(endpoint) = &settings.endpoint
        && !(endpoint.starts_with("https://") || endpoint.starts_with("http://"))
    {
        wrong.push(format!("endpoint {endpoint} is no http(s) address"));
    }
    bucket.path_style = settings.path_style.unwrap_or(settings.endpoint.is_some());
    bucket.endpoint = settings.endpoint;
    if let Some(region) = settings.region {
        bucket.region = region;
    }
    if let Some(path) = settings.root {
        match std::fs::read(&path) {
            Ok(pem) => bucket.root = Some(pem),
            Err(error) => wrong.push(format!("root {}: {error}", path.display())),
        }
    }
    if wrong.is_empty() {
        Ok(Place::S3(bucket))
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_bucket_needs_its_keys_and_a_folder_needs_nothing() {
        let nothing = &Environment::of(|_| None);
        let folder = read("file:/srv/hoso", FilesSettings::default(), nothing);
        assert!(matches!(folder, Ok(Place::Folder(path)) if path == Path::new("/srv/hoso")));
        let settings = FilesSettings {
            endpoint: Some("minio:9000".into()),
            root: Some("/khong/co.pem".into()),
            ..FilesSettings::default()
        };
        let wrong = read("s3://hoso", settings, nothing).expect_err("all of it");
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert_eq!(
            read("hoso", FilesSettings::default(), nothing)
                .expect_err("no place")
                .len(),
            1
        );

        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), "bi-mat\n").expect("written");
        let path = file.path().display().to_string();
        let environment = &Environment::of(move |name| match name {
            "AWS_ACCESS_KEY_ID" => Some("khoa".to_owned()),
            "AWS_SECRET_ACCESS_KEY_FILE" => Some(path.clone()),
            _ => None,
        });
        let settings = FilesSettings {
            endpoint: Some("https://minio.tinh.vn".into()),
            ..FilesSettings::default()
        };
        let Ok(Place::S3(place)) = read("s3://hoso/tinh", settings, environment) else {
            panic!("a bucket");
        };
        assert_eq!(place.key.expose_secret(), "bi-mat");
        assert!(place.path_style && place.token.is_none());
        let Ok(Place::S3(amazon)) = read("s3://hoso", FilesSettings::default(), environment) else {
            panic!("a bucket");
        };
        assert!(!amazon.path_style && amazon.endpoint.is_none());
    }
}
