//! Around every protocol call: what was made to go wrong with it, and its line in the log.

use crate::Sandbox;
use crate::connection::Line;
use crate::desk::now;
use crate::fault::{Call, Fault, PKI, Rule};
use crate::protocol::{Mistake, long_time};
use crate::record::{Record, redacted};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Largest body, in bytes.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// How long a call without an answer is held.
const HELD: Duration = Duration::from_secs(600);

/// What happens to calls, not to values.
const TRANSPORT: [Fault; 9] = [
    Fault::Slow,
    Fault::HttpError,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::CutWithin,
    Fault::LostAnswer,
    Fault::NeverAnswers,
    Fault::OkAroundError,
    Fault::Garbage,
];

/// Provider and kind of a call, by its path.
fn classified(path: &str) -> Option<(&str, Call)> {
    let rest = path.trim_start_matches('/');
    match rest.split('/').next().unwrap_or_default() {
        "ocsp" | "crl" | "certificates" => return Some((PKI, Call::Revocation)),
        "tsa" => return Some((PKI, Call::Timestamp)),
        _ => {}
    }
    let (provider, call) = rest.split_once('/')?;
    let call = match call {
        "oauth2/token" | "vtss/service/ras/v1/login" => Call::Token,
        _ if call.ends_with("/credentials/authorize") => Call::Authorize,
        _ if call.ends_with("get_certificate")
            || call.ends_with("/certificates/info")
            || call.ends_with("/credentials/list")
            || call.ends_with("/credentials/info") =>
        {
            Call::Certificates
        }
        _ if call.ends_with("/status") => Call::Status,
        _ if call.ends_with("/sign") || call.ends_with("/signHash") => Call::Sign,
        _ if call.ends_with("/timestamp") => Call::Timestamp,
        _ => Call::Other,
    };
    Some((provider, call))
}

/// Lets a call through, or not.
pub(crate) async fn exchange(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let Some((provider, call)) = classified(&path) else {
        return next.run(request).await;
    };
    let began = Instant::now();
    let method = request.method().to_string();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let asked = redacted(&body, is_form(&parts.headers));
    let rules = sandbox.faults().strike(provider, call, &TRANSPORT);
    let mut log = Log {
        sandbox: &sandbox,
        began,
        record: Record {
            number: 0,
            at: long_time(now()),
            provider: provider.to_owned(),
            call,
            method,
            path: path.clone(),
            request: asked,
            status: None,
            answer: Value::Null,
            mistake: None,
            faults: rules.iter().map(|rule| rule.fault).collect(),
            milliseconds: 0,
        },
    };
    if let Some(response) = before(&rules, provider, &line, &mut log).await {
        return response;
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    after(response, &rules, &line, log).await
}

fn is_form(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    })
}

/// The line in the log while a call is at work; kept when it ends, also when the caller hangs up.
struct Log<'a> {
    sandbox: &'a Sandbox,
    began: Instant,
    record: Record,
}

impl Drop for Log<'_> {
    fn drop(&mut self) {
        let mut record = self.record.clone();
        record.milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.sandbox.records().add(record);
    }
}

/// What goes wrong before anything is done.
async fn before(
    rules: &[Rule],
    provider: &str,
    line: &Line,
    log: &mut Log<'_>,
) -> Option<Response> {
    for rule in rules {
        match rule.fault {
            Fault::Slow => tokio::time::sleep(Duration::from_millis(rule.ms)).await,
            Fault::HttpError => {
                log.record.status = Some(rule.status);
                return Some(error(provider, rule.status, rule.status));
            }
            Fault::OkAroundError => {
                log.record.status = Some(200);
                return Some(error(provider, 200, 500));
            }
            Fault::CutBefore => {
                line.cut();
                return Some(StatusCode::OK.into_response());
            }
            Fault::NeverAnswers => {
                tokio::time::sleep(HELD).await;
                line.cut();
                return Some(StatusCode::OK.into_response());
            }
            _ => {}
        }
    }
    None
}

/// An error in the provider's own shape.
fn error(provider: &str, http: u16, code: u16) -> Response {
    let status = StatusCode::from_u16(http).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let body = match provider {
        "viettel-ca" => json!({ "error": "50000", "error_description": "internal error" }),
        "csc-v1" | "csc-v2" => {
            json!({ "error": "server_error", "error_description": "internal error" })
        }
        _ => json!({ "status_code": code, "message": "SERVER_INTERNAL_ERROR", "data": null }),
    };
    (status, axum::Json(body)).into_response()
}

/// What goes wrong with the answer.
async fn after(response: Response, rules: &[Rule], line: &Line, mut log: Log<'_>) -> Response {
    let mistake = response.extensions().get::<Mistake>().cloned();
    log.record.mistake = mistake.map(|mistake| mistake.0);
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    log.record.answer = redacted(&bytes, false);
    for rule in rules {
        match rule.fault {
            Fault::CutAfter => {
                line.cut();
                return StatusCode::OK.into_response();
            }
            Fault::LostAnswer => {
                tokio::time::sleep(HELD).await;
                line.cut();
                return StatusCode::OK.into_response();
            }
            Fault::CutWithin => return cut_within(&bytes),
            Fault::Garbage => {
                log.record.status = Some(200);
                return "<html><body>502 Bad Gateway</bo".into_response();
            }
            _ => {}
        }
    }
    log.record.status = Some(parts.status.as_u16());
    Response::from_parts(parts, Body::from(bytes))
}

/// Half an answer that said how long it would be.
fn cut_within(bytes: &Bytes) -> Response {
    let half = bytes.slice(..bytes.len() / 2);
    // The first half has to leave before the connection ends.
    let pieces = futures_util::stream::unfold(Some(half), |half| async {
        match half {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            Some(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let cut = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
                Some((Err(cut), None))
            }
            None => None,
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_LENGTH, bytes.len().to_string()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_by_their_paths() {
        let cases = [
            (
                "/vnpt-ca/v1/credentials/get_certificate",
                "vnpt-ca",
                Call::Certificates,
            ),
            ("/vnpt-ca/v1/signatures/sign", "vnpt-ca", Call::Sign),
            (
                "/vnpt-ca/v1/signatures/sign/x/status",
                "vnpt-ca",
                Call::Status,
            ),
            ("/ca2/api/data/status", "ca2", Call::Status),
            ("/fpt-ca/sign_v2/sign", "fpt-ca", Call::Sign),
            (
                "/viettel-ca/vtss/service/signHash",
                "viettel-ca",
                Call::Sign,
            ),
            (
                "/viettel-ca/vtss/service/requests/status",
                "viettel-ca",
                Call::Status,
            ),
            (
                "/viettel-ca/vtss/service/ras/v1/login",
                "viettel-ca",
                Call::Token,
            ),
            (
                "/csc-v1/csc/v1/credentials/authorize",
                "csc-v1",
                Call::Authorize,
            ),
            ("/csc-v2/csc/v2/signatures/signHash", "csc-v2", Call::Sign),
            ("/csc-v2/csc/v2/info", "csc-v2", Call::Other),
            ("/ocsp/MEg", PKI, Call::Revocation),
            ("/tsa", PKI, Call::Timestamp),
        ];
        for (path, provider, call) in cases {
            assert_eq!(classified(path), Some((provider, call)), "{path}");
        }
    }
}
