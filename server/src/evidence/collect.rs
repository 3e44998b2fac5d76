//! Revocation data for chains: OCSP where a certificate names it, else its revocation list; checked before it is kept or given.

use super::Evidence;
use super::cache::{Fresh, Key};
use crate::state::now;
use contract::evidence::{AskEvidence, CERTIFICATES_MAX, Missing, MissingReason};
use contract::provider::Trust;
use contract::value::{Base64, Timestamp};
use sha2::{Digest as _, Sha256};
use signature::certificate::{Facts, issued_by};
use signature::status::{Word, ocsp_request, read_list, read_ocsp, sources};
use std::collections::BTreeSet;
use std::sync::Arc;
use x509_cert::der::Document;

/// Largest OCSP answer, in bytes.
const OCSP_BYTES_MAX: usize = 64 * 1024;
/// Largest revocation list, in bytes: those of large authorities are megabytes.
const LIST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest that an answer is kept, in milliseconds.
const KEPT_MS: i64 = 3_600_000;
/// What ends sooner than this is asked anew, so that it does not end on its way.
const MARGIN_MS: i64 = 120_000;
/// For so long it is remembered that nothing was found.
const NOTHING_MS: i64 = 60_000;
/// Most addresses that are tried of one kind.
const TRIES_MAX: usize = 2;

/// What was found for one certificate.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// An `OCSPResponse`.
    Ocsp(Arc<Vec<u8>>),
    /// A `CertificateList`.
    List(Arc<Vec<u8>>),
    /// Nothing, and why.
    Nothing(MissingReason),
}

/// More than may be asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many certificates")]
pub struct TooMany;

impl Evidence {
    /// Fetches what these chains need. Only certificates beneath a trusted root are asked about: for others nobody could use it.
    ///
    /// # Errors
    /// [`TooMany`].
    pub async fn collect(
        &self,
        asked: &AskEvidence,
        trust: &Trust,
    ) -> Result<contract::evidence::Evidence, TooMany> {
        let count: usize = asked.chains.iter().map(Vec::len).sum();
        if count > CERTIFICATES_MAX {
            return Err(TooMany);
        }
        let mut known = BTreeSet::new();
        let mut open = Vec::new();
        for chain in &asked.chains {
            let issuers = issuers(chain, trust);
            for (position, certificate) in chain.iter().enumerate() {
                let is_root = trust.roots.contains(certificate);
                if is_root || !known.insert(&certificate.0) {
                    continue;
                }
                let issuer = issuers.as_ref().and_then(|issuers| issuers.get(position));
                open.push((certificate, issuer.copied()));
            }
        }
        let found = open.iter().map(async |(certificate, issuer)| match issuer {
            Some(issuer) => self.status(&certificate.0, &issuer.0).await,
            None => Found::Nothing(MissingReason::Unusable),
        });
        let found = futures_util::future::join_all(found).await;
        let mut evidence = contract::evidence::Evidence::default();
        for ((certificate, _), found) in open.iter().zip(found) {
            match found {
                Found::Ocsp(bytes) => add(&mut evidence.ocsp, &bytes),
                Found::List(bytes) => add(&mut evidence.crls, &bytes),
                Found::Nothing(why) => evidence.missing.push(Missing {
                    subject: Facts::read(&certificate.0)
                        .map(|facts| facts.subject)
                        .unwrap_or_default(),
                    why,
                }),
            }
        }
        Ok(evidence)
    }

    async fn status(&self, certificate: &[u8], issuer: &[u8]) -> Found {
        let make = async {
            let (value, until) = self.ask(certificate, issuer).await;
            let bytes = match &value {
                Found::Ocsp(bytes) => bytes.len(),
                // The list itself is counted where lists are kept.
                Found::List(_) | Found::Nothing(_) => 256,
            };
            Fresh {
                value,
                until,
                bytes,
            }
        };
        self.found.get(key(&[certificate, issuer]), now, make).await
    }

    /// Asks the hosts that the certificate names, one after the other.
    async fn ask(&self, certificate: &[u8], issuer: &[u8]) -> (Found, Timestamp) {
        let named = sources(certificate);
        let mut why = MissingReason::NotNamed;
        for address in named.ocsp.iter().take(TRIES_MAX) {
            match self.ask_responder(address, certificate, issuer).await {
                Ok((bytes, word)) => return (Found::Ocsp(Arc::new(bytes)), kept_until(word)),
                Err(reason) => why = clearer(why, reason),
            }
        }
        for address in named.lists.iter().take(TRIES_MAX) {
            match self.ask_list(address, certificate, issuer).await {
                Ok((bytes, word)) => return (Found::List(bytes), kept_until(word)),
                Err(reason) => why = clearer(why, reason),
            }
        }
        (Found::Nothing(why), Timestamp(now().0 + NOTHING_MS))
    }

    async fn ask_responder(
        &self,
        address: &str,
        certificate: &[u8],
        issuer: &[u8],
    ) -> Result<(Vec<u8>, Word), MissingReason> {
        let target = self.allow.target(address);
        let target = target.ok_or(MissingReason::NotAllowed)?;
        let request = ocsp_request(certificate, issuer).ok_or(MissingReason::Unusable)?;
        let bytes = self
            .fetcher
            .post(target, "application/ocsp-request", request, OCSP_BYTES_MAX)
            .await?;
        let word = read_ocsp(&bytes, certificate, issuer, now());
        word.map(|word| (bytes, word))
            .ok_or(MissingReason::Unusable)
    }

    async fn ask_list(
        &self,
        address: &str,
        certificate: &[u8],
        issuer: &[u8],
    ) -> Result<(Arc<Vec<u8>>, Word), MissingReason> {
        let target = self.allow.target(address);
        let target = target.ok_or(MissingReason::NotAllowed)?;
        let make = async {
            let fetched = self.fetcher.get(target, LIST_BYTES_MAX).await;
            let list = fetched.map(der_of).and_then(|bytes| {
                let word = read_list(&bytes, certificate, issuer, now());
                word.map(|word| (bytes, kept_until(word)))
                    .ok_or(MissingReason::Unusable)
            });
            match list {
                Ok((bytes, until)) => Fresh {
                    bytes: bytes.len(),
                    until,
                    value: Ok(Arc::new(bytes)),
                },
                Err(reason) => Fresh {
                    value: Err(reason),
                    until: Timestamp(now().0 + NOTHING_MS),
                    bytes: 256,
                },
            }
        };
        let list = self
            .lists
            .get(key(&[address.as_bytes(), issuer]), now, make)
            .await?;
        let word = read_list(&list, certificate, issuer, now());
        word.map(|word| (list, word)).ok_or(MissingReason::Unusable)
    }
}

/// The issuer of every certificate of a chain that leads to a trusted root; none when it does not.
fn issuers<'a>(chain: &'a [Base64], trust: &'a Trust) -> Option<Vec<&'a Base64>> {
    let mut found = Vec::new();
    for (position, certificate) in chain.iter().enumerate() {
        if trust.roots.contains(certificate) {
            return Some(found);
        }
        let next = chain.get(position + 1).into_iter();
        // Beyond the end of the chain, or in place of a cross certificate, a root that is known.
        let issuer = next
            .chain(&trust.roots)
            .find(|issuer| issued_by(&certificate.0, &issuer.0))?;
        found.push(issuer);
        if trust.roots.contains(issuer) {
            return Some(found);
        }
    }
    None
}

/// Some authorities publish their list as PEM.
fn der_of(bytes: Vec<u8>) -> Vec<u8> {
    let decoded = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.trim_start().starts_with("-----BEGIN X509 CRL-----"))
        .and_then(|text| Document::from_pem(text.trim()).ok())
        .map(|(_, document)| document.as_bytes().to_vec());
    decoded.unwrap_or(bytes)
}

fn kept_until(word: Word) -> Timestamp {
    let now = now().0;
    let ends = word.until.map_or(now + NOTHING_MS, |until| until.0);
    Timestamp((ends - MARGIN_MS).min(now + KEPT_MS))
}

fn key(parts: &[&[u8]]) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn add(list: &mut Vec<Base64>, bytes: &[u8]) {
    if !list.iter().any(|known| known.0 == bytes) {
        list.push(Base64(bytes.to_vec()));
    }
}

/// Of two reasons the one that tells an operator more.
fn clearer(one: MissingReason, other: MissingReason) -> MissingReason {
    let rank = |reason| match reason {
        MissingReason::NotNamed => 0,
        MissingReason::NotAllowed => 1,
        MissingReason::Unusable => 2,
        MissingReason::NoAnswer => 3,
    };
    if rank(other) >= rank(one) { other } else { one }
}
