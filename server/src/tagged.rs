//! Answers that are the same for everybody until the server starts again: made once, with an ETag, so that a browser asks in vain cheaply
//! and may keep them for when there is no network.

use anyhow::Result;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// An answer with its tag.
#[derive(Debug, Clone)]
pub struct Tagged {
    body: Bytes,
    tag: String,
    kind: &'static str,
}

impl Tagged {
    /// An answer of any kind.
    #[must_use]
    pub fn new(kind: &'static str, body: Vec<u8>) -> Self {
        let sum = hex::encode(Sha256::digest(&body));
        Self {
            tag: format!("\"{}\"", sum.get(..32).unwrap_or(&sum)),
            body: body.into(),
            kind,
        }
    }

    /// JSON.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self> {
        Ok(Self::new("application/json", serde_json::to_vec(value)?))
    }

    /// The answer, or that the browser has it.
    #[must_use]
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| {
                let tag = tag.trim();
                tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.tag
            });
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, self.kind)], self.body.clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_the_answer_is_told_so_and_gets_nothing() {
        let kept = Tagged::json(&["một", "hai"]).expect("JSON");
        let first = kept.answer(&HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG].clone();
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, tag.clone());
        let again = kept.answer(&asked);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::ETAG], tag);
        let other = Tagged::json(&["một"]).expect("JSON");
        assert_eq!(other.answer(&asked).status(), StatusCode::OK);
    }
}
