//! Two rules for every JSON request, before anything of it is read by a handler: it is an object (serde takes an array for a struct too,
//! by the order of its fields, which is nobody's contract), and no text in it holds U+0000, which PostgreSQL cannot keep.
//!
//! In JSON it can only stand as the escape `\u0000`: a raw one is no JSON. The body is looked through as it streams by.

use crate::problem::Failure;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use contract::problem::ProblemCode;
use futures_util::StreamExt as _;

/// Where in an escape the last byte stood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// In none.
    #[default]
    Text,
    /// Behind a backslash that escapes what follows.
    Escape,
    /// Behind `\u` and so many zeros.
    Zeros(u8),
}

impl At {
    fn next(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Text | Self::Zeros(_), b'\\') => Self::Escape,
            (Self::Escape, b'u') => Self::Zeros(0),
            (Self::Zeros(zeros), b'0') => Self::Zeros(zeros.saturating_add(1)),
            _ => Self::Text,
        }
    }

    /// Goes through a piece; whether there is an escaped U+0000 in it, which may have begun in the piece before.
    fn meets(&mut self, piece: &[u8]) -> bool {
        for byte in piece {
            *self = self.next(*byte);
            if *self == Self::Zeros(4) {
                return true;
            }
        }
        false
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| {
            kind.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
                .ends_with("json")
        })
}

/// The first byte that says something.
fn begins(piece: &[u8]) -> Option<u8> {
    piece
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

fn wrong(what: &'static str) -> axum::Error {
    axum::Error::new(std::io::Error::new(std::io::ErrorKind::InvalidData, what))
}

/// Refuses such requests: 422, as any text that cannot be taken.
pub async fn refuse(request: Request, next: Next) -> Response {
    // In an address it is never anything we gave out.
    if request.uri().to_string().contains("%00") {
        return Failure::from(ProblemCode::Invalid).into_response();
    }
    if !is_json(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // Providers are answered in their own way (`route::signing::webhook`).
    let (mut at, mut first) = (At::default(), !parts.uri.path().contains("/webhooks/"));
    let looked = body.into_data_stream().map(move |piece| {
        let piece: Bytes = piece?;
        if first && let Some(begins) = begins(&piece) {
            first = false;
            if begins != b'{' {
                return Err(wrong("the body is no object"));
            }
        }
        if at.meets(&piece) {
            return Err(wrong("a text holds U+0000"));
        }
        Ok(piece)
    });
    next.run(Request::from_parts(parts, Body::from_stream(looked)))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn met(text: &str, cut: usize) -> bool {
        let bytes = text.as_bytes();
        let (first, rest) = bytes.split_at(cut.min(bytes.len()));
        let mut at = At::default();
        at.meets(first) || at.meets(rest)
    }

    proptest! {
        /// Whatever the text and wherever the body is cut into pieces, exactly what would be read as U+0000 is met.
        #[test]
        fn it_is_met_where_json_reads_it(text in r#"[\\u0a"\x00é]{0,12}"#, cut in 0_usize..40) {
            let json = serde_json::to_string(&text).expect("JSON");
            prop_assert_eq!(met(&json, cut), text.contains('\0'), "{}", json);
        }
    }

    #[test]
    fn a_backslash_that_stands_for_itself_begins_no_escape() {
        assert!(!met(r#""\\u0000""#, 3));
        assert!(met(r#""\\\u0000""#, 5));
        assert!(!met(r#""\u000""#, 2));
        assert!(!met(r#""\u00e1""#, 4));
    }
}
