//! What providers speak: one file a protocol. Here is what they share: strict reading, credentials, tokens.

pub(crate) mod ca2;
pub(crate) mod csc;
pub(crate) mod gateway;
pub(crate) mod mysign;
pub(crate) mod neac769;

use crate::desk::now;
use crate::subscriber::{Credential, Standing};
use crate::{CREDENTIALS, Sandbox};
use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .merge(neac769::routes())
        .merge(gateway::routes())
        .merge(ca2::routes())
        .merge(mysign::routes())
        .merge(csc::routes())
}

/// Why a request was refused, for the log: more than the provider's answer tells.
#[derive(Debug, Clone)]
pub(crate) struct Mistake(pub(crate) String);

/// Adds the reason to an answer, for the log.
pub(crate) fn with_mistake(mut response: Response, mistake: impl Into<String>) -> Response {
    response.extensions_mut().insert(Mistake(mistake.into()));
    response
}

/// A JSON object, read strictly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

/// What is wrong with a field.
pub(crate) type Read<T> = Result<T, String>;

/// The object of a body, which says that it is JSON.
pub(crate) fn object(headers: &HeaderMap, body: &[u8]) -> Read<Map<String, Value>> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(format!("Content-Type is {kind:?}, not application/json"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("the body is no JSON object".into()),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    }
}

impl<'a> Fields<'a> {
    /// A text that is there and not empty.
    pub(crate) fn text(self, key: &str) -> Read<&'a str> {
        match self.0.get(key) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(Value::String(_)) => Err(format!("{key} is empty")),
            Some(_) => Err(format!("{key} is no text")),
            None => Err(format!("{key} is missing")),
        }
    }

    /// A text that may be absent, null or empty.
    pub(crate) fn optional(self, key: &str) -> Read<Option<&'a str>> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok((!text.is_empty()).then_some(text)),
            Some(_) => Err(format!("{key} is no text")),
        }
    }

    /// A list that is there and not empty.
    pub(crate) fn list(self, key: &str) -> Read<&'a Vec<Value>> {
        match self.0.get(key) {
            Some(Value::Array(list)) if !list.is_empty() => Ok(list),
            Some(Value::Array(_)) => Err(format!("{key} is an empty list")),
            Some(_) => Err(format!("{key} is no list")),
            None => Err(format!("{key} is missing")),
        }
    }

    /// A number that is there.
    pub(crate) fn number(self, key: &str) -> Read<u64> {
        match self.0.get(key) {
            Some(value) => value
                .as_u64()
                .ok_or_else(|| format!("{key} is no number from 0")),
            None => Err(format!("{key} is missing")),
        }
    }

    /// A list of digests in base64, all of the same size.
    pub(crate) fn hashes(self, key: &str, size: usize) -> Read<Vec<Vec<u8>>> {
        self.list(key)?
            .iter()
            .map(|item| {
                let text = item.as_str().ok_or_else(|| format!("{key}: no text"))?;
                let bytes = STANDARD
                    .decode(text)
                    .map_err(|_| format!("{key}: no base64"))?;
                if bytes.len() == size {
                    Ok(bytes)
                } else {
                    Err(format!("{key}: {} bytes instead of {size}", bytes.len()))
                }
            })
            .collect()
    }
}

/// Whether these are the credentials of the sandbox.
pub(crate) fn right_credentials(name: &str, secret: &str) -> bool {
    (name, secret) == CREDENTIALS
}

/// The certificate's state today, by this provider's clock.
pub(crate) fn standing(sandbox: &Sandbox, provider: &str, credential: &Credential) -> Standing {
    let standing = sandbox.standing(credential);
    let ended = credential.to < sandbox.clock(provider);
    match standing {
        Standing::Good if ended => Standing::Expired,
        other => other,
    }
}

/// Base64 of DER.
pub(crate) fn b64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 as some providers write it: in lines of 76 letters with CR LF.
pub(crate) fn b64_lines(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(76)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    lines.join("\r\n")
}

/// `YYYYMMDDHHMMSSZ` of seconds since 1970.
pub(crate) fn compact_time(seconds: u64) -> String {
    let time = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds));
    time.map_or_else(
        |_| String::new(),
        |time| {
            format!(
                "{:04}{:02}{:02}{:02}{:02}{:02}Z",
                time.year(),
                time.month(),
                time.day(),
                time.hour(),
                time.minutes(),
                time.seconds()
            )
        },
    )
}

/// RFC 3339 of seconds since 1970.
pub(crate) fn long_time(seconds: u64) -> String {
    der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))
        .map_or_else(|_| String::new(), |time| time.to_string())
}

/// Bearer tokens given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens(HashMap<String, Token>);

#[derive(Debug, Clone)]
struct Token {
    provider: &'static str,
    /// Whom it is for; empty when for the service.
    account: String,
    expires_at: u64,
}

/// Seconds a token lives.
pub(crate) const TOKEN_SECONDS: u64 = 3600;
/// Tokens kept; older ones make room.
const TOKENS_MAX: usize = 100_000;

impl Tokens {
    pub(crate) fn give(&mut self, provider: &'static str, account: &str) -> String {
        if self.0.len() >= TOKENS_MAX {
            self.0.clear();
        }
        let token = format!(
            "{}{}",
            uuid::Uuid::new_v4().simple(),
            uuid::Uuid::new_v4().simple()
        );
        self.0.insert(
            token.clone(),
            Token {
                provider,
                account: account.to_owned(),
                expires_at: now() + TOKEN_SECONDS,
            },
        );
        token
    }

    /// Whom a request's bearer token is for; none when it has none that holds.
    pub(crate) fn holder(&self, provider: &str, headers: &HeaderMap) -> Option<String> {
        let token = headers
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?
            .strip_prefix("Bearer ")?;
        self.0
            .get(token)
            .filter(|token| token.provider == provider && token.expires_at > now())
            .map(|token| token.account.clone())
    }
}
