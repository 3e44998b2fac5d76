//! Several portals behind one address: who is asked for is told by the host that a request names. They share the process and nothing
//! else: each has its own database, files, keys, limits and routes.

use crate::state::Portal;
use axum::Json;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use contract::problem::MEDIA_TYPE;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use tower::ServiceExt as _;

/// The routes of each host.
type Houses = Arc<HashMap<String, Router>>;

/// All portals of a process as one service: the only one for every host, tenants each for their own.
pub fn service(portals: &[Portal]) -> Router {
    if let [only] = portals
        && only.config.tenant.is_none()
    {
        return crate::router(only.clone());
    }
    let mut houses = HashMap::new();
    for portal in portals {
        let router = crate::router(portal.clone());
        let tenant = portal.config.tenant.iter();
        for host in tenant.flat_map(|tenant| &tenant.hosts) {
            houses.insert(host.clone(), router.clone());
        }
    }
    Router::new()
        .fallback(lead)
        .with_state(Arc::new(houses) as Houses)
}

async fn lead(State(houses): State<Houses>, request: Request) -> Response {
    let house = host(request.uri(), request.headers()).and_then(|host| houses.get(&host));
    match house {
        Some(router) => match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        None => nobody(),
    }
}

/// Which host a request is for, in lower case and without a port: HTTP/2 and proxies say it in the address, HTTP/1 in a header. A request
/// that says two different things is for nobody.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let mut told = headers.get_all(header::HOST).iter();
    let header = told.next();
    if told.next().is_some() {
        return None;
    }
    let header = header.map(|value| value.to_str().ok().and_then(name));
    let authority = uri.authority().map(|authority| name(authority.as_str()));
    match (authority, header) {
        (Some(one), Some(other)) if one == other => one,
        (Some(_), Some(_)) => None,
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => None,
    }
}

/// A host's name out of `HOST:PORT`.
fn name(authority: &str) -> Option<String> {
    let host = match authority.strip_prefix('[') {
        Some(six) => {
            let (host, port) = six.split_once(']')?;
            (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(host)?
        }
        None => match authority.split_once(':') {
            Some((host, port)) => is_port(port).then_some(host)?,
            None => authority,
        },
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    Some(host.to_ascii_lowercase())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The answer to who asks for a host that nobody here has. It says nothing of those that are here.
fn nobody() -> Response {
    tracing::debug!("a request for a host that no tenant has");
    let problem = json!({
        "code": "not-found",
        "status": StatusCode::MISDIRECTED_REQUEST.as_u16(),
        "title": "Misdirected Request",
        "detail": "Địa chỉ này không thuộc cổng dịch vụ công nào trên máy chủ này. Vui lòng kiểm tra lại tên miền.",
    });
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CONTENT_LANGUAGE, "vi"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    let mut response = (StatusCode::MISDIRECTED_REQUEST, Json(problem)).into_response();
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(address: &str, hosts: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_str(host).expect("text"));
        }
        host(&address.parse().expect("an address"), &headers)
    }

    #[test]
    fn a_host_is_the_same_with_any_port_and_in_any_case() {
        for (address, hosts) in [
            ("/", &["a.gov.vn"] as &[&str]),
            ("/x", &["A.Gov.VN:8080"]),
            ("/x", &["a.gov.vn."]),
            ("https://a.gov.vn/x", &[]),
            ("http://A.gov.vn:80/x", &["a.gov.vn"]),
        ] {
            let found = asked(address, hosts);
            assert_eq!(found.as_deref(), Some("a.gov.vn"), "{address} {hosts:?}");
        }
        assert_eq!(asked("/", &["[::1]:80"]).as_deref(), Some("::1"));
        assert_eq!(asked("/", &["127.0.0.1:80"]).as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn who_says_nothing_or_two_things_asks_for_nobody() {
        for (address, hosts) in [
            ("/", &[] as &[&str]),
            ("/", &["a.gov.vn", "b.gov.vn"]),
            ("/", &["a.gov.vn", "a.gov.vn"]),
            ("https://a.gov.vn/", &["b.gov.vn"]),
            ("/", &["a.gov.vn:80x"]),
            ("/", &["b.gov.vn:1@a.gov.vn"]),
            ("/", &["[a.gov.vn"]),
        ] {
            assert_eq!(asked(address, hosts), None, "{address} {hosts:?}");
        }
    }
}
