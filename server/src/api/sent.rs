//! Parts of requests that are neither JSON nor in the address.

use super::answer::Kind;
use crate::problem::{Answer, Failure};
use crate::state::Portal;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use contract::problem::{FieldProblem, ProblemCode};
use contract::upload::OFFSET_HEADER;
use contract::value::{FileName, ValueError};
use std::convert::Infallible;
use std::marker::PhantomData;
use uuid::Uuid;

/// A body of a known kind, whole in memory: its route bounds it.
#[derive(Debug)]
pub struct Sent<K>(pub Bytes, PhantomData<K>);

impl<K: Kind> FromRequest<Portal> for Sent<K> {
    type Rejection = Failure;
    async fn from_request(request: Request, portal: &Portal) -> Answer<Self> {
        match Bytes::from_request(request, portal).await {
            Ok(bytes) => Ok(Self(bytes, PhantomData)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ProblemCode::TooLarge.into())
            }
            Err(_) => Err(ProblemCode::Invalid.into()),
        }
    }
}

impl<K: Kind> super::sketch::Input for Answer<Sent<K>> {
    fn input(sketch: &mut super::sketch::Sketch) {
        <Sent<K> as super::sketch::Input>::input(sketch);
    }
}

/// Text of a percent-encoded header.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.into(),
        error,
    }])
}

/// The name of an uploaded file, percent-encoded UTF-8 in a header: names may be personal and stay out of addresses.
#[derive(Debug)]
pub struct SentName(pub FileName);

impl SentName {
    /// The header.
    pub const HEADER: &'static str = "x-file-name";
}

impl FromRequestParts<Portal> for SentName {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Answer<Self> {
        header(parts, Self::HEADER)
            .and_then(|value| decoded(value)?.parse().ok())
            .map(Self)
            .ok_or_else(|| wrong("/file_name", ValueError::Malformed))
    }
}

/// The transaction that a signed file belongs to: a header, for the body is the file.
#[derive(Debug)]
pub struct SentSigning(pub Uuid);

impl SentSigning {
    /// The header.
    pub const HEADER: &'static str = "x-signing";
}

impl FromRequestParts<Portal> for SentSigning {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Answer<Self> {
        header(parts, Self::HEADER)
            .and_then(|value| value.parse().ok())
            .map(Self)
            .ok_or_else(|| wrong("/signing", ValueError::Required))
    }
}

/// Where in its file a piece begins.
#[derive(Debug)]
pub struct SentOffset(pub u64);

impl FromRequestParts<Portal> for SentOffset {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Answer<Self> {
        header(parts, OFFSET_HEADER)
            .and_then(|value| value.parse().ok())
            .map(Self)
            .ok_or_else(|| ProblemCode::Invalid.into())
    }
}

/// What a browser that reconnects saw last.
#[derive(Debug)]
pub struct LastEventId(pub Option<i64>);

impl FromRequestParts<Portal> for LastEventId {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Infallible> {
        Ok(Self(
            header(parts, "last-event-id").and_then(|value| value.parse().ok()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_percent_encoded() {
        assert_eq!(
            decoded("Gi%E1%BA%A5y%20khai%20sinh.pdf").as_deref(),
            Some("Giấy khai sinh.pdf")
        );
        for broken in ["%", "%4", "%zz", "%E1%BA"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}
