//! The HTTP client towards providers: no redirects, TLS always verified, bounded answers, bounded waiting, and no host but those
//! of the provider's entry.

use crate::lenient;
use crate::{ProviderEntry, ProviderError};
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use rustls_platform_verifier::ConfigVerifierExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;
use std::time::Duration;

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A client for all providers; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

/// TLS that believes what the system believes. The roots are read once for the process: a hundred and fifty files, which every client
/// read again for itself, were half of the time that the portal took to start.
static TLS: LazyLock<Option<rustls::ClientConfig>> =
    LazyLock::new(|| rustls::ClientConfig::with_platform_verifier().ok());

/// A builder of clients for what goes out of the portal. The caller has installed rustls' crypto provider.
pub fn http_builder() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder();
    match &*TLS {
        Some(config) => builder.tls_backend_preconfigured(config.clone()),
        // What is wrong is told when the client is built.
        None => builder,
    }
}

/// Makes the client. The caller has installed rustls' crypto provider.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http_client() -> Result<Client, reqwest::Error> {
    with_connect_timeout(Duration::from_secs(10)).map(Client)
}

fn with_connect_timeout(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    http_builder()
        .redirect(reqwest::redirect::Policy::none())
        // What was tried with providers; HTTP/2 is there for the object store's sake.
        .http1_only()
        .connect_timeout(timeout)
        .timeout(Duration::from_secs(30))
        .user_agent("ho-so-ky-so")
        .build()
}

/// The way to one provider: its addresses and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    http: reqwest::Client,
    bases: Vec<Url>,
    allowed: Vec<Url>,
    patience: Duration,
}

/// One call.
pub(crate) struct Call<'a> {
    /// Path below the base address, or a whole address of the entry.
    pub(crate) to: &'a str,
    pub(crate) bearer: Option<&'a SecretString>,
    pub(crate) body: Body,
    /// How long to wait for the answer; the entry's usual time when none.
    pub(crate) patience: Option<Duration>,
}

/// What is sent.
pub(crate) enum Body {
    Json(Vec<u8>),
    Form(String),
}

impl Body {
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, ProviderError> {
        serde_json::to_vec(value)
            .map(Self::Json)
            .map_err(|_| ProviderError::Malformed("the request cannot be written"))
    }

    /// `application/x-www-form-urlencoded`.
    pub(crate) fn form(pairs: &[(&str, &str)]) -> Self {
        let mut text = String::new();
        for (position, (key, value)) in pairs.iter().enumerate() {
            if position > 0 {
                text.push('&');
            }
            encode(key, &mut text);
            text.push('=');
            encode(value, &mut text);
        }
        Self::Form(text)
    }
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode_upper([byte]));
        }
    }
}

/// An answer: HTTP status and JSON, whatever the status, since many providers wrap errors in 200 and reasons in 4xx.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Line {
    /// None when the entry has no address that can be called.
    pub(crate) fn new(entry: &ProviderEntry, client: &Client) -> Option<Self> {
        let parse = |address: &str| Url::parse(address).ok();
        let bases: Vec<Url> = [entry.base_url.as_deref(), entry.secondary_url.as_deref()]
            .into_iter()
            .flatten()
            .map(parse)
            .collect::<Option<_>>()?;
        if bases.is_empty() {
            return None;
        }
        // The shared client serves where a second one cannot be made: only the time to connect is another then.
        let http =
            with_connect_timeout(entry.timeouts.connect).unwrap_or_else(|_| client.0.clone());
        Some(Self {
            http,
            bases,
            allowed: entry.addresses().map(parse).collect::<Option<_>>()?,
            patience: entry.timeouts.call,
        })
    }

    /// `POST`. The second address is tried only when no connection to the first could be made, so that nothing is sent twice.
    pub(crate) async fn post(&self, call: Call<'_>) -> Result<Reply, ProviderError> {
        let targets = self.targets(call.to)?;
        let mut last = ProviderError::Unreachable;
        for url in targets {
            match self.send(url, &call).await {
                Err(ProviderError::Unreachable) => last = ProviderError::Unreachable,
                other => return other,
            }
        }
        Err(last)
    }

    /// The addresses of a call, first choice first; each on a host of the entry.
    fn targets(&self, to: &str) -> Result<Vec<Url>, ProviderError> {
        let urls: Option<Vec<Url>> = if to.starts_with('/') {
            self.bases
                .iter()
                .map(|base| {
                    let base = base.as_str().trim_end_matches('/');
                    Url::parse(&format!("{base}{to}")).ok()
                })
                .collect()
        } else {
            Url::parse(to).ok().map(|url| vec![url])
        };
        urls.filter(|urls| {
            urls.iter()
                .all(|url| self.allowed.iter().any(|allowed| same_origin(allowed, url)))
        })
        .ok_or(ProviderError::Malformed(
            "an address that is not the entry's was not called",
        ))
    }

    async fn send(&self, url: Url, call: &Call<'_>) -> Result<Reply, ProviderError> {
        let (kind, bytes) = match &call.body {
            Body::Json(bytes) => ("application/json", bytes.clone()),
            Body::Form(text) => (
                "application/x-www-form-urlencoded",
                text.clone().into_bytes(),
            ),
        };
        let mut request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, HeaderValue::from_static(kind))
            .timeout(call.patience.unwrap_or(self.patience))
            .body(bytes);
        if let Some(token) = call.bearer {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut response = request.send().await.map_err(|error| {
            if error.is_connect() {
                ProviderError::Unreachable
            } else {
                ProviderError::NoAnswer
            }
        })?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| ProviderError::NoAnswer)?
        {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(ProviderError::Malformed("the answer is too large"));
            }
            bytes.extend_from_slice(&chunk);
        }
        match status {
            300..=399 => Err(ProviderError::Malformed("a redirect is not followed")),
            429 => Err(ProviderError::Busy),
            500.. => Err(ProviderError::Down(status)),
            _ => match serde_json::from_slice(&bytes) {
                Ok(body) => Ok(Reply { status, body }),
                // A refusal speaks by its status even where a proxy or a framework wrote the page.
                Err(_) if status >= 400 || bytes.is_empty() => Ok(Reply {
                    status,
                    body: Value::Null,
                }),
                Err(_) => Err(ProviderError::Malformed("the answer is not JSON")),
            },
        }
    }
}

/// An error of a call that came before the person was asked: whatever happened, nothing was sent to the phone.
pub(crate) fn before_asking(error: ProviderError) -> ProviderError {
    match error {
        ProviderError::NoAnswer | ProviderError::Down(_) | ProviderError::Malformed(_) => {
            ProviderError::Unreachable
        }
        other => other,
    }
}

/// OAuth 2's answer of a token endpoint, and MySign's login.
pub(crate) fn token(body: &Value) -> Option<crate::token::Token> {
    let secret = lenient::text(body, &["access_token"])?;
    Some(crate::token::Token {
        secret: secret.to_owned().into(),
        lifetime: Duration::from_secs(
            body.get("expires_in")
                .and_then(lenient::seconds)
                .unwrap_or(3600)
                .min(86_400),
        ),
    })
}

/// The same scheme, host and port.
fn same_origin(one: &Url, other: &Url) -> bool {
    one.has_host() && one.origin() == other.origin()
}

#[cfg(test)]
mod tests;
