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
    /// The same in brotli, where that is shorter.
    packed: Option<Bytes>,
    tag: String,
    kind: &'static str,
}

/// Text shorter than this fits into the first packet as it is.
const PACKED_FROM: usize = 1_000;

impl Tagged {
    /// An answer of any kind.
    #[must_use]
    pub fn new(kind: &'static str, body: Vec<u8>) -> Self {
        let sum = hex::encode(Sha256::digest(&body));
        Self {
            tag: format!("\"{}\"", sum.get(..32).unwrap_or(&sum)),
            body: body.into(),
            packed: None,
            kind,
        }
    }

    /// An answer of text, which browsers get in brotli.
    #[must_use]
    pub fn packed(kind: &'static str, body: Vec<u8>) -> Self {
        let packed = brotli(&body).filter(|packed| packed.len() < body.len());
        Self {
            packed: packed.map(Bytes::from),
            ..Self::new(kind, body)
        }
    }

    /// JSON that is asked for often.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self> {
        Ok(Self::packed("application/json", serde_json::to_vec(value)?))
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
        let packed = self.packed.as_ref().filter(|_| takes_brotli(asked));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let body = packed.unwrap_or(&self.body).clone();
            ([(header::CONTENT_TYPE, self.kind)], body).into_response()
        };
        let headers = response.headers_mut();
        if self.packed.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if packed.is_some() && !known {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        // Weak where the bytes may differ by encoding: what they say is the same.
        let weak = if self.packed.is_some() { "W/" } else { "" };
        if let Ok(tag) = HeaderValue::from_str(&format!("{weak}{}", self.tag)) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// Whether a browser takes brotli.
pub fn takes_brotli(asked: &HeaderMap) -> bool {
    asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br") && parts.next().is_none_or(|weight| weight != "q=0")
        })
}

fn brotli(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < PACKED_FROM {
        return None;
    }
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 9,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*body, &mut packed, &parameters).ok()?;
    Some(packed)
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

    #[test]
    fn long_text_is_packed_for_who_takes_it_and_both_have_one_tag() {
        let text = "Đăng ký khai sinh. ".repeat(200);
        let kept = Tagged::json(&text).expect("JSON");
        let with = |coding: &'static str| {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding));
            kept.answer(&asked)
        };
        let packed = with("gzip, deflate, br");
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(packed.headers()[header::VARY], "accept-encoding");
        for plain in [with("gzip"), with("br;q=0"), kept.answer(&HeaderMap::new())] {
            assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(
                plain.headers()[header::ETAG],
                packed.headers()[header::ETAG]
            );
        }
        let mut asked = HeaderMap::new();
        asked.insert(
            header::IF_NONE_MATCH,
            packed.headers()[header::ETAG].clone(),
        );
        assert_eq!(kept.answer(&asked).status(), StatusCode::NOT_MODIFIED);
    }
}
