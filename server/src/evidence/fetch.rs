//! Fetching within bounds: time, size, how many at once, and no way to elsewhere.

use super::address::{PublicOnly, Target};
use contract::evidence::MissingReason;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Url};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Most fetches at once.
const FETCHES_MAX: usize = 32;
/// Most redirects within a host.
const REDIRECTS_MAX: usize = 2;

/// See the module.
pub(super) struct Fetcher {
    /// Connects to public addresses only.
    public: Client,
    /// For addresses the operator wrote down.
    chosen: Client,
    places: Semaphore,
    patience: Duration,
}

impl Fetcher {
    pub(super) fn new(patience: Duration) -> Result<Self, reqwest::Error> {
        let client = || {
            provider::http_builder()
                .redirect(Policy::custom(|attempt| {
                    let from = attempt.previous().last();
                    let near = from.is_some_and(|from| is_near(from, attempt.url()));
                    if near && attempt.previous().len() <= REDIRECTS_MAX {
                        attempt.follow()
                    } else {
                        attempt.stop()
                    }
                }))
                // A proxy would resolve names by itself, past the check.
                .no_proxy()
                .connect_timeout(patience / 2)
                .timeout(patience)
                .pool_idle_timeout(Duration::from_secs(20))
                .user_agent("ho-so-ky-so")
        };
        Ok(Self {
            public: client().dns_resolver(Arc::new(PublicOnly)).build()?,
            chosen: client().build()?,
            places: Semaphore::new(FETCHES_MAX),
            patience,
        })
    }

    /// `GET`.
    pub(super) async fn get(
        &self,
        target: Target,
        bytes_max: usize,
    ) -> Result<Vec<u8>, MissingReason> {
        let request = match target {
            Target::Public(url) => self.public.get(url),
            Target::StandIn(url) => self.chosen.get(url),
        };
        self.send(request, bytes_max).await
    }

    /// `POST`.
    pub(super) async fn post(
        &self,
        target: Target,
        media_type: &'static str,
        body: Vec<u8>,
        bytes_max: usize,
    ) -> Result<Vec<u8>, MissingReason> {
        let request = match target {
            Target::Public(url) => self.public.post(url),
            Target::StandIn(url) => self.chosen.post(url),
        };
        let request = request.header("content-type", media_type).body(body);
        self.send(request, bytes_max).await
    }

    /// `POST` to an address of the operator's, with basic authentication when there is a name.
    pub(super) fn post_chosen(&self, url: Url) -> RequestBuilder {
        self.chosen.post(url)
    }

    /// Sends and reads no more than allowed; waiting for a place counts as waiting.
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        bytes_max: usize,
    ) -> Result<Vec<u8>, MissingReason> {
        let whole = async {
            let _place = self
                .places
                .acquire()
                .await
                .map_err(|_| MissingReason::NoAnswer)?;
            let mut response = request.send().await.map_err(|_| MissingReason::NoAnswer)?;
            if !response.status().is_success() {
                return Err(MissingReason::Unusable);
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = response
                .chunk()
                .await
                .map_err(|_| MissingReason::NoAnswer)?
            {
                if bytes.len() + chunk.len() > bytes_max {
                    return Err(MissingReason::Unusable);
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok(bytes)
        };
        tokio::time::timeout(self.patience * 2, whole)
            .await
            .unwrap_or(Err(MissingReason::NoAnswer))
    }
}

/// Whether a redirect stays at the same door, or goes from the usual one to the other usual one (http to https).
fn is_near(from: &Url, to: &Url) -> bool {
    let usual = |url: &Url| url.port().is_none();
    let web = matches!(to.scheme(), "http" | "https");
    let same_port = from.port_or_known_default() == to.port_or_known_default();
    web && from.host_str() == to.host_str() && (same_port || (usual(from) && usual(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_goes_nowhere_else() {
        let near = |from: &str, to: &str| {
            is_near(
                &Url::parse(from).expect("address"),
                &Url::parse(to).expect("address"),
            )
        };
        assert!(near("http://ca.test/a", "http://ca.test/b"));
        assert!(near("http://ca.test/a", "https://ca.test/a"));
        assert!(near("http://ca.test:81/a", "http://ca.test:81/b"));
        assert!(!near("http://ca.test/a", "http://169.254.169.254/"));
        assert!(!near("http://ca.test/a", "http://ca.test:22/"));
        assert!(!near("http://ca.test:81/a", "http://ca.test/b"));
        assert!(!near("http://ca.test/a", "ftp://ca.test/b"));
    }
}
