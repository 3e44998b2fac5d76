//! The HTTP client towards providers: no redirects, bounded answers, bounded waiting.

use crate::ProviderError;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A client for all providers; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

/// Makes the client. The caller has installed rustls' crypto provider.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http_client() -> Result<Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .user_agent("ho-so-ky-so")
        .build()
        .map(Client)
}

impl Client {
    /// `POST` of JSON; the JSON answer whatever its HTTP status, since many providers wrap errors in 200 and reasons in 4xx.
    pub(crate) async fn post(
        &self,
        url: &str,
        body: &impl Serialize,
    ) -> Result<(u16, Value), ProviderError> {
        let mut response = self.0.post(url).json(body).send().await.map_err(|error| {
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
        if status >= 500 {
            return Err(ProviderError::Down(status));
        }
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok((status, value)),
            Err(_) if status == 404 => Ok((status, Value::Null)),
            Err(_) => Err(ProviderError::Malformed("the answer is not JSON")),
        }
    }
}
