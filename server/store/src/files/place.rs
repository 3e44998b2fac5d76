//! Where files lie: a folder, or a bucket of anything that speaks S3 (Amazon's, MinIO, Ceph, R2 …).

use super::FileError;
use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, Certificate, ClientOptions, ObjectStore, RetryConfig};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A connection takes no longer.
const CONNECT: Duration = Duration::from_secs(3);
/// So long nothing at all comes before a request counts as lost. There is no bound for the whole: a person with a slow line fetches a
/// large file for minutes.
const SILENCE: Duration = Duration::from_secs(20);
/// Nobody waits longer for a store that does not answer: the page tries again by itself.
const TRIES: Duration = Duration::from_secs(10);

/// Where files lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a local folder.
    Folder(PathBuf),
    /// In a bucket.
    S3(S3Place),
}

/// A bucket and how to get there.
#[derive(Debug, Clone)]
pub struct S3Place {
    /// Name of the bucket.
    pub bucket: String,
    /// What every key begins with; empty for none.
    pub prefix: String,
    /// Address of the service; none: Amazon's in the region.
    pub endpoint: Option<String>,
    /// Region; services other than Amazon's mostly take any.
    pub region: String,
    /// The bucket stands in the path, not in the name of the host.
    pub path_style: bool,
    /// The service's own root certificate (PEM), where the system does not have it.
    pub root: Option<Vec<u8>>,
    /// Identifier of the key.
    pub key_id: SecretString,
    /// The key.
    pub key: SecretString,
    /// Session token, where the key is one for a while.
    pub token: Option<SecretString>,
}

impl Place {
    /// Reads `file:PATH` or `s3://BUCKET/PREFIX`; how to get to a bucket and its keys are filled in by the caller.
    ///
    /// # Errors
    /// What it should look like.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if !path.is_empty() {
                return Ok(Self::Folder(path.into()));
            }
        } else if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if !bucket.is_empty() {
                return Ok(Self::S3(S3Place {
                    bucket: bucket.to_owned(),
                    prefix: prefix.trim_matches('/').to_owned(),
                    endpoint: None,
                    region: "us-east-1".to_owned(),
                    path_style: true,
                    root: None,
                    key_id: String::new().into(),
                    key: String::new().into(),
                    token: None,
                }));
            }
        }
        Err(format!(
            "{text} is neither file:FOLDER nor s3://BUCKET/PREFIX"
        ))
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "file:{}", folder.display()),
            Self::S3(place) => write!(formatter, "s3://{}/{}", place.bucket, place.prefix),
        }
    }
}

impl S3Place {
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, FileError> {
        let said = |error: object_store::Error| FileError::Place(error.to_string());
        let mut options = ClientOptions::new()
            .with_connect_timeout(CONNECT)
            .with_timeout_disabled()
            .with_read_timeout(SILENCE)
            .with_user_agent(object_store::HeaderValue::from_static("ho-so-ky-so"));
        if let Some(root) = &self.root {
            for certificate in Certificate::from_pem_bundle(root).map_err(said)? {
                options = options.with_root_certificate(certificate);
            }
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_virtual_hosted_style_request(!self.path_style)
            .with_access_key_id(self.key_id.expose_secret())
            .with_secret_access_key(self.key.expose_secret())
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 4,
                retry_timeout: TRIES,
            })
            // Deleting one by one is what every service has.
            .with_disable_bulk_delete(true)
            .with_client_options(options);
        if let Some(token) = &self.token {
            builder = builder.with_token(token.expose_secret());
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        let store = builder.build().map_err(said)?;
        Ok(if self.prefix.is_empty() {
            Arc::new(store)
        } else {
            Arc::new(PrefixStore::new(store, self.prefix.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket_and_shows_no_key() {
        for text in ["file:var/files", "file:/srv/files", "s3://hoso/tinh/a"] {
            let place = Place::parse(text).expect("a place");
            assert_eq!(place.to_string(), text);
        }
        for text in ["", "var/files", "file:", "s3:///x", "https://hoso"] {
            assert!(Place::parse(text).is_err(), "{text}");
        }
        let Ok(Place::S3(mut place)) = Place::parse("s3://hoso/") else {
            panic!("a bucket");
        };
        assert_eq!((place.bucket.as_str(), place.prefix.as_str()), ("hoso", ""));
        place.key = "bi-mat".to_owned().into();
        assert!(!format!("{place:?}").contains("bi-mat"));
    }
}
