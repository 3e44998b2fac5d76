//! Headers every answer carries.

use crate::state::Portal;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// No third party, no inline script; wasm may be compiled. What becomes code or markup goes through the one policy of `public/boot.js`.
const POLICY: &str = "default-src 'none'; object-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
    font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types default";

/// In the extensions of an answer that this one other site may show in a frame, an empty page: its origin.
#[derive(Debug, Clone)]
pub struct FramedBy(pub String);

/// What stands for [`POLICY`] there.
fn framed_policy(FramedBy(origin): &FramedBy) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; object-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors {origin}"
    );
    HeaderValue::from_str(&policy).ok()
}

/// Adds them.
pub async fn add(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let framed = response
        .extensions()
        .get::<FramedBy>()
        .and_then(framed_policy);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(), geolocation=(), payment=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(policy) = framed {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if portal.config.https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    let cache = if path.starts_with("/pkg/") {
        "public, max-age=31536000, immutable"
    } else if path.starts_with("/api/") {
        "no-store"
    } else {
        "no-cache"
    };
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    }
    // All text of the portal is UTF-8; the page's files come without a word about it.
    if let Some(kind) = headers.get(header::CONTENT_TYPE)
        && let Some(whole) = with_charset(kind)
    {
        headers.insert(header::CONTENT_TYPE, whole);
    }
    response
}

/// A kind of text that does not say how its letters are encoded, with that said.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let text = kind.to_str().ok()?;
    if !text.starts_with("text/") || text.contains("charset") || text == "text/event-stream" {
        return None;
    }
    HeaderValue::from_str(&format!("{text}; charset=utf-8")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_that_it_is_utf_8_and_nothing_else_is_touched() {
        let told = |kind: &'static str| with_charset(&HeaderValue::from_static(kind));
        for kind in ["text/css", "text/javascript"] {
            let whole = told(kind).expect("told");
            assert_eq!(whole, format!("{kind}; charset=utf-8"));
        }
        for kind in [
            "text/html; charset=utf-8",
            "text/event-stream",
            "application/wasm",
            "application/json",
            "font/woff2",
        ] {
            assert_eq!(told(kind), None, "{kind}");
        }
    }
}
