//! Posting JSON to a webhook on this machine: plain HTTP, no redirects, short patience. The crates that reach outside are others.

use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes.
const ANSWER_MAX: u64 = 64 * 1024;

/// Where something is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address<'a> {
    /// Host with port, as the `Host` header has it.
    host: &'a str,
    has_port: bool,
    path: &'a str,
}

/// Why nothing could be posted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    #[error("the address is not http://host/path")]
    Address,
    #[error("no connection, or it ended: {0}")]
    Connection(#[from] std::io::Error),
    #[error("no answer in time")]
    Late,
    #[error("the answer is no HTTP")]
    Answer,
}

/// Whether something can be posted there.
pub(crate) fn is_address(text: &str) -> bool {
    address(text).is_some()
}

fn address(text: &str) -> Option<Address<'_>> {
    let rest = text.strip_prefix("http://")?;
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let plain = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'@')
    };
    // A colon behind the last bracket of IPv6 begins the port.
    let port = host.rsplit(']').next().is_some_and(|end| end.contains(':'));
    (!host.is_empty() && plain(host) && plain(path)).then_some(Address {
        host,
        has_port: port,
        path,
    })
}

/// Posts, and reads status and JSON of the answer (null when it is none).
pub(crate) async fn post(
    to: &str,
    body: &Value,
    bearer: Option<&str>,
) -> Result<(u16, Value), PostError> {
    let to = address(to).ok_or(PostError::Address)?;
    tokio::time::timeout(PATIENCE, posted(to, body, bearer))
        .await
        .map_err(|_| PostError::Late)?
}

async fn posted(
    to: Address<'_>,
    body: &Value,
    bearer: Option<&str>,
) -> Result<(u16, Value), PostError> {
    let body = body.to_string();
    let token = bearer
        .filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()))
        .map_or_else(String::new, |token| {
            format!("Authorization: Bearer {token}\r\n")
        });
    // HTTP/1.0: the answer comes in one piece, and the connection ends with it.
    let head = format!(
        "POST {} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{token}\r\n",
        to.path,
        to.host,
        body.len()
    );
    let mut stream = if to.has_port {
        TcpStream::connect(to.host).await?
    } else {
        TcpStream::connect((to.host, 80)).await?
    };
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    read(&answer).ok_or(PostError::Answer)
}

fn read(answer: &[u8]) -> Option<(u16, Value)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let status = head
        .strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .get(..3)?
        .parse()
        .ok()?;
    let body = serde_json::from_slice(answer.get(end + 4..)?).unwrap_or(Value::Null);
    Some((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain_http_and_nothing_else() {
        let read = |text| address(text).map(|found| (found.host, found.has_port, found.path));
        assert_eq!(read("http://a:81/b?c"), Some(("a:81", true, "/b?c")));
        assert_eq!(read("http://a"), Some(("a", false, "/")));
        assert_eq!(read("http://[::1]:81/"), Some(("[::1]:81", true, "/")));
        for wrong in [
            "https://a/",
            "http://",
            "http://a/ b",
            "http://a/\r\nX: y",
            "http://u@a/",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn answers_are_read_with_and_without_json() {
        let json = read(b"HTTP/1.1 200 OK\r\na: b\r\n\r\n{\"x\":1}");
        assert_eq!(json, Some((200, serde_json::json!({ "x": 1 }))));
        assert_eq!(read(b"HTTP/1.0 404\r\n\r\nno"), Some((404, Value::Null)));
        for wrong in [
            &b""[..],
            b"HTTP/1.1 200 OK",
            b"SSH-2.0\r\n\r\n",
            b"HTTP/1.1 ab\r\n\r\n",
        ] {
            assert_eq!(read(wrong), None);
        }
    }
}
