//! Talks to an identity provider: its description (OpenID Connect Discovery 1.0) and keys, which are kept, and the exchange of a code.
//! Calls are short, bounded and follow no redirect. A provider that is down keeps nothing from starting.

use super::jws::{Fault, Keys};
use super::settings::OidcSettings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{RequestBuilder, Url};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Longest call.
const PATIENCE: Duration = Duration::from_secs(8);
/// A description and keys are asked for anew after so long.
const FRESH: Duration = Duration::from_secs(3600);
/// They are used for so long when nothing newer can be had.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// After a call that failed none is made for so long: a provider that hangs holds up one person, not everybody.
const REST: Duration = Duration::from_secs(5);
/// Keys are asked for because of a token that names an unknown one at most so often.
const ROTATION: Duration = Duration::from_secs(60);

/// Why a provider gave nothing that can be used. The words are for the log.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer, or a server's error.
    #[error("it does not answer")]
    Unreachable,
    /// It said no.
    #[error("it refused with status {0}")]
    Refused(u16),
    /// Its answer is none.
    #[error("its answer cannot be read: {0}")]
    Malformed(&'static str),
    /// A token is not believed.
    #[error("a token is not believed: {0}")]
    Token(#[from] Fault),
}

/// An address that a provider names.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Place(pub Url);

impl TryFrom<String> for Place {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Url::parse(&text).map(Self).map_err(|_| "no address")
    }
}

/// What a provider says of itself; only what is used.
#[derive(Debug, Clone, Deserialize)]
pub struct Description {
    issuer: String,
    /// Where people sign in.
    pub authorization_endpoint: Place,
    token_endpoint: Place,
    jwks_uri: Place,
    #[serde(default)]
    userinfo_endpoint: Option<Place>,
    /// Where people sign out (RP-Initiated Logout 1.0).
    #[serde(default)]
    pub end_session_endpoint: Option<Place>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether it says who it is when people come back (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// What a code was exchanged for.
#[derive(Deserialize)]
pub struct Tokens {
    /// The identity token.
    pub id_token: String,
    /// What opens the claims.
    pub access_token: String,
}

/// A thing that was fetched, and when.
#[derive(Debug)]
struct Kept<T> {
    last: Option<(Arc<T>, Instant)>,
    failed: Option<Instant>,
    /// When something was missing in it last.
    wanted: Option<Instant>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            last: None,
            failed: None,
            wanted: None,
        }
    }
}

impl<T> Kept<T> {
    /// What is kept, unless it is older than this.
    fn within(&self, age: Duration, now: Instant) -> Option<Arc<T>> {
        let (value, at) = self.last.as_ref()?;
        (now.duration_since(*at) < age).then(|| value.clone())
    }

    fn rests(&self, now: Instant) -> bool {
        self.failed
            .is_some_and(|failed| now.duration_since(failed) < REST)
    }

    /// What a fetch gave; when it gave nothing, what there was before for a while.
    fn took(
        &mut self,
        fetched: Result<T, ClientError>,
        now: Instant,
    ) -> Result<Arc<T>, ClientError> {
        match fetched {
            Ok(value) => {
                let value = Arc::new(value);
                self.last = Some((value.clone(), now));
                self.failed = None;
                Ok(value)
            }
            Err(error) => {
                self.failed = Some(now);
                self.within(STALE, now).ok_or(error)
            }
        }
    }
}

/// One provider.
pub struct Client {
    /// What the operator set.
    pub settings: OidcSettings,
    http: reqwest::Client,
    description: Mutex<Kept<Description>>,
    keys: Mutex<Kept<Keys>>,
}

impl Client {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: OidcSettings) -> Result<Self, reqwest::Error> {
        let http = provider::http_builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE / 2)
            .timeout(PATIENCE)
            .user_agent("ho-so-ky-so")
            .build()?;
        Ok(Self {
            settings,
            http,
            description: Mutex::default(),
            keys: Mutex::default(),
        })
    }

    /// The provider's description.
    pub async fn description(&self) -> Result<Arc<Description>, ClientError> {
        let mut kept = self.description.lock().await;
        let now = Instant::now();
        if let Some(fresh) = kept.within(FRESH, now) {
            return Ok(fresh);
        }
        if kept.rests(now) {
            return kept.within(STALE, now).ok_or(ClientError::Unreachable);
        }
        let fetched = self.fetch_description().await;
        kept.took(fetched, Instant::now())
    }

    async fn fetch_description(&self) -> Result<Description, ClientError> {
        // Discovery §4: the path is put behind the issuer, whose last slash goes.
        let issuer = self.settings.issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let answer = self.json(self.http.get(address)).await?;
        let description: Description =
            serde_json::from_value(answer).map_err(|_| ClientError::Malformed("description"))?;
        if description.issuer != self.settings.issuer {
            return Err(ClientError::Malformed(
                "the description is another issuer's",
            ));
        }
        let addresses = [
            Some(&description.authorization_endpoint),
            Some(&description.token_endpoint),
            Some(&description.jwks_uri),
            description.userinfo_endpoint.as_ref(),
            description.end_session_endpoint.as_ref(),
        ];
        if addresses
            .into_iter()
            .flatten()
            .any(|Place(address)| !self.settings.admits(address))
        {
            return Err(ClientError::Malformed("an address is not https"));
        }
        Ok(description)
    }

    /// The provider's keys. `missing`: a token names one that is not among them, so they may have been changed.
    pub async fn keys(&self, missing: bool) -> Result<Arc<Keys>, ClientError> {
        let description = self.description().await?;
        let mut kept = self.keys.lock().await;
        let now = Instant::now();
        let wanted = missing
            && kept
                .wanted
                .is_none_or(|wanted| now.duration_since(wanted) >= ROTATION);
        if !wanted && let Some(fresh) = kept.within(FRESH, now) {
            return Ok(fresh);
        }
        if wanted {
            kept.wanted = Some(now);
        }
        if kept.rests(now) {
            return kept.within(STALE, now).ok_or(ClientError::Unreachable);
        }
        let request = self.http.get(description.jwks_uri.0.clone());
        let fetched = match self.json(request).await {
            Ok(set) => Some(Keys::read(&set))
                .filter(|keys| !keys.is_empty())
                .ok_or(ClientError::Malformed("no usable key")),
            Err(error) => Err(error),
        };
        kept.took(fetched, Instant::now())
    }

    /// Checks a token; where it names an unknown key, with keys that are asked for anew.
    pub async fn believe<T>(
        &self,
        check: impl Fn(&Keys) -> Result<T, Fault>,
    ) -> Result<T, ClientError> {
        match check(&*self.keys(false).await?) {
            Err(Fault::UnknownKey) => Ok(check(&*self.keys(true).await?)?),
            known => Ok(known?),
        }
    }

    /// Exchanges a code (RFC 6749 §4.1.3 with RFC 7636).
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        back: &str,
    ) -> Result<Tokens, ClientError> {
        let description = self.description().await?;
        let id = self.settings.client_id.as_str();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ];
        let mut request = self.http.post(description.token_endpoint.0.clone());
        let basic = description
            .token_endpoint_auth_methods_supported
            .as_ref()
            .is_none_or(|ways| ways.iter().any(|way| way == "client_secret_basic"));
        match self.settings.client_secret.as_ref() {
            Some(secret) if basic => {
                // RFC 6749 §2.3.1: both are encoded as in a form first.
                let pair = format!("{}:{}", encoded(id), encoded(secret.expose_secret()));
                let value = format!("Basic {}", STANDARD.encode(pair));
                let mut value = reqwest::header::HeaderValue::from_str(&value)
                    .map_err(|_| ClientError::Malformed("client secret"))?;
                value.set_sensitive(true);
                request = request.header(AUTHORIZATION, value);
            }
            Some(secret) => {
                fields.extend([("client_id", id), ("client_secret", secret.expose_secret())])
            }
            None => fields.push(("client_id", id)),
        }
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form(&fields));
        let answer = self.json(request).await?;
        serde_json::from_value(answer).map_err(|_| ClientError::Malformed("tokens"))
    }

    /// What the provider tells of a person; none when it has no such place. It must be of the same person (Core §5.3.2).
    pub async fn claims(
        &self,
        access_token: &str,
        subject: &str,
    ) -> Result<Option<Map<String, Value>>, ClientError> {
        let description = self.description().await?;
        let Some(address) = &description.userinfo_endpoint else {
            return Ok(None);
        };
        let answer = self
            .json(self.http.get(address.0.clone()).bearer_auth(access_token))
            .await?;
        let Value::Object(claims) = answer else {
            return Err(ClientError::Malformed("claims"));
        };
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(ClientError::Malformed("the claims are another person's"));
        }
        Ok(Some(claims))
    }

    /// Sends and reads JSON, no more than allowed.
    async fn json(&self, request: RequestBuilder) -> Result<Value, ClientError> {
        let mut answer = request
            .header(ACCEPT, "application/json")
            .send()
            .await
            .map_err(|_| ClientError::Unreachable)?;
        let status = answer.status();
        if status.is_server_error() {
            return Err(ClientError::Unreachable);
        }
        if !status.is_success() {
            return Err(ClientError::Refused(status.as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| ClientError::Unreachable)? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(ClientError::Malformed("too long"));
            }
            bytes.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&bytes).map_err(|_| ClientError::Malformed("no JSON"))
    }
}

/// Fields as in a form.
fn form(fields: &[(&str, &str)]) -> String {
    // The address itself is nobody's: only its query is used.
    Url::parse_with_params("http://form.invalid/", fields)
        .ok()
        .and_then(|url| url.query().map(str::to_owned))
        .unwrap_or_default()
}

/// One value as in a form.
fn encoded(text: &str) -> String {
    form(&[("", text)]).trim_start_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_secrets_are_encoded_as_in_a_form() {
        assert_eq!(encoded("a:b c+đ"), "a%3Ab+c%2B%C4%91");
        assert_eq!(encoded("=x"), "%3Dx");
        assert_eq!(form(&[("a", "1&2"), ("b", "")]), "a=1%262&b=");
    }

    #[test]
    fn what_was_fetched_is_used_until_it_is_stale_when_nothing_newer_comes() {
        let mut kept = Kept::<u8>::default();
        let start = Instant::now();
        assert!(kept.took(Err(ClientError::Unreachable), start).is_err());
        assert!(kept.rests(start + REST / 2) && !kept.rests(start + REST));
        assert_eq!(*kept.took(Ok(7), start).expect("fetched"), 7);
        assert!(!kept.rests(start));
        let later = start + FRESH;
        assert!(kept.within(FRESH, later).is_none());
        let old = kept.took(Err(ClientError::Unreachable), later);
        assert_eq!(*old.expect("the one of before"), 7);
        let late = start + STALE;
        assert!(kept.took(Err(ClientError::Unreachable), late).is_err());
    }
}
