//! Timestamps (RFC 3161): a browser's query is passed on to the operator's authorities, one after the other; nothing is kept.

use super::fetch::Fetcher;
use super::settings::TimestampAuthority;
use crate::state::now;
use reqwest::Url;
use secrecy::ExposeSecret as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};

/// Largest query, in bytes.
pub const QUERY_BYTES_MAX: usize = 4096;
/// Largest reply, in bytes.
const REPLY_BYTES_MAX: usize = 64 * 1024;
/// An authority that failed is asked last for so long, in milliseconds.
const SHUNNED_MS: i64 = 60_000;

/// The operator's authorities.
pub(super) struct Authorities {
    all: Vec<(TimestampAuthority, Url, AtomicI64)>,
    patience: Duration,
}

impl Authorities {
    pub(super) fn new(all: Vec<TimestampAuthority>, patience: Duration) -> Self {
        let all = all
            .into_iter()
            .filter_map(|authority| {
                let url = Url::parse(&authority.url).ok()?;
                Some((authority, url, AtomicI64::new(0)))
            })
            .collect();
        Self { all, patience }
    }

    pub(super) fn any(&self) -> bool {
        !self.all.is_empty()
    }

    /// Asks one after the other until one grants.
    pub(super) async fn ask(&self, fetcher: &Fetcher, query: Vec<u8>) -> Option<Vec<u8>> {
        let mut order: Vec<_> = self.all.iter().collect();
        order.sort_by_key(|(_, _, shunned)| shunned.load(Ordering::Relaxed) > now().0);
        let digest = imprint(&query)?;
        for (authority, url, shunned) in order {
            let mut request = fetcher
                .post_chosen(url.clone())
                .header("content-type", "application/timestamp-query")
                .header("accept", "application/timestamp-reply")
                .timeout(self.patience)
                .body(query.clone());
            if let Some(user) = &authority.user {
                let password = authority.password.as_ref().map(|word| word.expose_secret());
                request = request.basic_auth(user, password);
            }
            let answer = fetcher.send(request, REPLY_BYTES_MAX).await;
            if let Ok(reply) = answer
                && is_granted(&reply, &digest)
            {
                shunned.store(0, Ordering::Relaxed);
                return Some(reply);
            }
            tracing::warn!(host = url.host_str(), "no timestamp came");
            shunned.store(now().0 + SHUNNED_MS, Ordering::Relaxed);
        }
        None
    }
}

/// The values of a `SEQUENCE` that fills `bytes`.
fn parts(bytes: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let outer = AnyRef::from_der(bytes).ok()?;
    if outer.tag() != Tag::Sequence {
        return None;
    }
    let mut reader = SliceReader::new(outer.value()).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() == 16 {
            return None;
        }
        found.push(reader.decode().ok()?);
    }
    Some(found)
}

/// The digest a query asks about: `TimeStampReq { version 1, MessageImprint { algorithm, digest }, … }` without extensions.
fn imprint(query: &[u8]) -> Option<Vec<u8>> {
    let request = parts(query)?;
    let [version, imprint, rest @ ..] = request.as_slice() else {
        return None;
    };
    let plain = rest.iter().all(|part| {
        matches!(
            part.tag(),
            Tag::ObjectIdentifier | Tag::Integer | Tag::Boolean
        ) && part.value().len() <= 64
    });
    if version.tag() != Tag::Integer || version.value() != [1] || !plain {
        return None;
    }
    let mut reader = SliceReader::new(imprint.value()).ok()?;
    let algorithm: AnyRef<'_> = reader.decode().ok()?;
    let digest: AnyRef<'_> = reader.decode().ok()?;
    let fits = imprint.tag() == Tag::Sequence
        && algorithm.tag() == Tag::Sequence
        && digest.tag() == Tag::OctetString
        && reader.is_finished()
        && matches!(digest.value().len(), 32 | 48 | 64);
    fits.then(|| digest.value().to_vec())
}

/// Whether these bytes are a query for a timestamp and nothing else, so that nothing else can leave this way.
pub fn is_query(bytes: &[u8]) -> bool {
    bytes.len() <= QUERY_BYTES_MAX && imprint(bytes).is_some()
}

/// Whether a reply grants a stamp for the digest; the browser's worker checks the stamp itself.
fn is_granted(reply: &[u8], digest: &[u8]) -> bool {
    let Some(response) = parts(reply) else {
        return false;
    };
    let [status, _token] = response.as_slice() else {
        return false;
    };
    let Ok(status) = SliceReader::new(status.value()).and_then(|mut reader| {
        let status: AnyRef<'_> = reader.decode()?;
        Ok(status.value().to_vec())
    }) else {
        return false;
    };
    matches!(status.as_slice(), [0 | 1])
        && reply.windows(digest.len()).any(|window| window == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of 32 times 7, nonce 5, certificate wanted.
    fn query() -> Vec<u8> {
        let mut imprint = hex::decode("300d06096086480165030402010500").expect("hex");
        imprint.extend([4, 32]);
        imprint.extend([7; 32]);
        let mut body = vec![2, 1, 1, 0x30, u8::try_from(imprint.len()).expect("short")];
        body.extend(imprint);
        body.extend([2, 1, 5, 1, 1, 0xff]);
        let mut whole = vec![0x30, u8::try_from(body.len()).expect("short")];
        whole.extend(body);
        whole
    }

    #[test]
    fn only_a_query_is_passed_on() {
        assert!(is_query(&query()));
        let mut longer = query();
        longer.push(0);
        assert!(!is_query(&longer));
        assert!(!is_query(b"%PDF-1.7"));
        assert!(!is_query(&[]));
        let mut version = query();
        version[4] = 2;
        assert!(!is_query(&version));
        for cut in 0..query().len() {
            assert!(!is_query(&query()[..cut]), "{cut}");
        }
    }

    #[test]
    fn a_refusal_and_a_stamp_of_another_digest_are_no_grant() {
        let reply = |status: u8, digest: u8| {
            let mut whole = vec![0x30, 5 + 34, 0x30, 3, 2, 1, status, 4, 32];
            whole.extend([digest; 32]);
            whole
        };
        assert!(is_granted(&reply(0, 7), &[7; 32]));
        assert!(is_granted(&reply(1, 7), &[7; 32]));
        assert!(!is_granted(&reply(2, 7), &[7; 32]));
        assert!(!is_granted(&reply(0, 8), &[7; 32]));
        assert!(!is_granted(&[0x30, 5, 0x30, 3, 2, 1, 2], &[7; 32]));
        assert!(!is_granted(b"<html>", &[7; 32]));
    }
}
