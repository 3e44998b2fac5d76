//! The portal's own seal: a key and certificate of the operator that sign what the portal itself says (receipts), as PAdES B-B, or B-T
//! where an authority stamps.

use crate::evidence::Evidence;
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::{PrepareRequest, PreparedSignature, SigningEvidence};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::DecodePrivateKey as _;
use rand::Rng as _;
use serde::Deserialize;
use signature::Terms;
use signature::certificate::Facts;
use signature::{Completed, SignError, Signed};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use x509_cert::Certificate;
use x509_cert::der::Encode as _;

/// `[seal]` of the settings file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealSettings {
    /// File of the private key, PKCS#8 in PEM: RSA or P-256. Nobody but the server may read it.
    pub key: PathBuf,
    /// File of the certificate and its issuers, nearest first, PEM.
    pub certificates: PathBuf,
}

/// The box of a seal that nobody sees.
const NOWHERE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
};

enum Key {
    Rsa(Box<rsa::PrivateKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

/// `[[agency_seal]]` of the settings file: the certificate of an agency of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencySealSettings {
    /// The agency by name, as procedures name it.
    pub agency: String,
    /// See [`SealSettings::key`].
    pub key: PathBuf,
    /// See [`SealSettings::certificates`].
    pub certificates: PathBuf,
}

/// The seals there are: the portal's own, and those of agencies that have one.
#[derive(Debug, Clone, Default)]
pub struct Seals {
    own: Option<Seal>,
    agencies: Vec<(String, Seal)>,
}

impl Seals {
    /// Opens those of agencies; what is wrong with any is told.
    pub fn open(
        own: Option<Seal>,
        agencies: Vec<AgencySealSettings>,
        wrong: &mut Vec<String>,
    ) -> Self {
        let mut opened = Vec::new();
        for one in agencies {
            let settings = SealSettings {
                key: one.key,
                certificates: one.certificates,
            };
            match Seal::open(&settings) {
                Ok(seal) => opened.push((one.agency, seal)),
                Err(error) => wrong.push(format!("agency_seal {}: {error}", one.agency)),
            }
        }
        Self {
            own,
            agencies: opened,
        }
    }

    /// Those of agencies, by name.
    pub fn agencies(&self) -> impl Iterator<Item = (&str, &Seal)> {
        self.agencies
            .iter()
            .map(|(name, seal)| (name.as_str(), seal))
    }

    /// The seal for papers of an agency: its own, else the portal's; whether it is its own.
    #[must_use]
    pub fn of(&self, agency: &str) -> Option<(&Seal, bool)> {
        let own = self.agencies.iter().find(|(name, _)| name == agency);
        own.map(|(_, seal)| (seal, true))
            .or_else(|| Some((self.own.as_ref()?, false)))
    }
}

/// The seal, ready to be used; cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<Inner>);

struct Inner {
    key: Key,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    name: String,
    issuer: String,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("name", &self.0.name).finish()
    }
}

/// A document with a place for the seal, and the value that belongs there.
struct Begun {
    prepared: PreparedSignature,
    bytes: Vec<u8>,
    value: Vec<u8>,
}

/// Tells the operator at the start when receipts will be unsigned.
pub fn warn(seal: Option<&Seal>, trust: &Trust, now: Timestamp) {
    match seal {
        None => tracing::warn!("no [seal] is configured: receipts are unsigned and say so"),
        Some(seal) if !seal.is_trusted(trust, now) => tracing::warn!(
            seal = seal.name(),
            "the seal's certificate does not lead to a trusted root or has ended: receipts are unsigned and say so"
        ),
        Some(_) => {}
    }
}

/// Why something could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The signature could not be made.
    #[error("{0}")]
    Sign(#[from] SignError),
    /// The key did not sign.
    #[error("the key does not sign")]
    Key,
    /// A thread for it could not be had.
    #[error("{0}")]
    Thread(#[from] tokio::task::JoinError),
}

impl Seal {
    /// Reads key and certificates and checks that they belong together.
    ///
    /// # Errors
    /// In words for an operator.
    pub fn open(settings: &SealSettings) -> Result<Self, String> {
        let read = |path: &Path| {
            std::fs::read_to_string(path)
                .map_err(|error| format!("seal: {}: {error}", path.display()))
        };
        let text = read(&settings.key)?;
        let key = if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(&text) {
            Key::P256(Box::new(key))
        } else {
            let key = rsa::PrivateKey::from_pkcs8_pem(&text).map_err(|_| {
                format!(
                    "seal: {}: no PKCS#8 key of RSA or P-256 in PEM",
                    settings.key.display()
                )
            })?;
            Key::Rsa(Box::new(key))
        };
        let path = settings.certificates.display();
        let list = Certificate::load_pem_chain(read(&settings.certificates)?.as_bytes())
            .map_err(|error| format!("seal: {path}: {error}"))?;
        let mut ders = list
            .iter()
            .map(|certificate| {
                certificate
                    .to_der()
                    .map_err(|error| format!("seal: {path}: {error}"))
            })
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        let certificate = ders
            .next()
            .ok_or_else(|| format!("seal: {path}: no certificate"))?;
        let facts = Facts::read(&certificate).map_err(|error| format!("seal: {path}: {error}"))?;
        let seal = Self(Arc::new(Inner {
            key,
            certificate,
            chain: ders.collect(),
            name: facts.subject,
            issuer: facts.issuer,
        }));
        let digest = Sha256([7; 32]);
        let value = seal
            .value(&digest)
            .map_err(|error| format!("seal: {error}"))?;
        signature::verify_value(&seal.0.certificate, &digest, &value)
            .map_err(|_| format!("seal: {path}: the certificate is another key's"))?;
        Ok(seal)
    }

    /// Who seals, as the certificate says.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.0.certificate
    }

    /// Whether the portal's own roots trust the seal: what they do not trust is not put on anything.
    #[must_use]
    pub fn is_trusted(&self, trust: &Trust, at: Timestamp) -> bool {
        let chain: Vec<&[u8]> = self.0.chain.iter().map(Vec::as_slice).collect();
        signature::trusted::is_trusted(&self.0.certificate, &chain, trust, at)
    }

    fn value(&self, digest: &Sha256) -> Result<Vec<u8>, SealError> {
        match &self.0.key {
            Key::P256(key) => {
                let value: p256::ecdsa::Signature =
                    key.sign_prehash(&digest.0).map_err(|_| SealError::Key)?;
                Ok(value.to_der().as_bytes().to_vec())
            }
            Key::Rsa(key) => key
                .sign(rsa::Pkcs1v15Sign::new::<sha2::Sha256>(), &digest.0)
                .map_err(|_| SealError::Key),
        }
    }

    /// Puts the seal on a document, into a box or where nobody sees it, with a timestamp where one comes. Keys and hashes are worked with off the async threads.
    ///
    /// # Errors
    /// [`SealError`].
    pub async fn put(
        &self,
        document: Vec<u8>,
        place: Option<(u32, Rect)>,
        evidence: &Evidence,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<Completed, SealError> {
        let stamps = evidence.has_timestamps();
        let seal = self.clone();
        let begin = move || seal.begin(document, place, stamps, now);
        let begun = tokio::task::spawn_blocking(begin).await??;
        let mut told = SigningEvidence::default();
        if stamps {
            let mut nonce = [0; 8];
            rand::rng().fill_bytes(&mut nonce);
            let query = signature::timestamp::timestamp_query(&begun.value, &nonce);
            told.timestamp = evidence.timestamp(query).await.map(Base64);
        }
        let (seal, trust) = (self.clone(), trust.clone());
        let end = move || seal.end(begun, &told, &trust, now);
        Ok(tokio::task::spawn_blocking(end).await??)
    }

    fn begin(
        &self,
        document: Vec<u8>,
        place: Option<(u32, Rect)>,
        stamps: bool,
        now: Timestamp,
    ) -> Result<Begun, SealError> {
        let inner = &*self.0;
        let mode = match place {
            Some(_) => AppearanceMode::TextOnly,
            None => AppearanceMode::Invisible,
        };
        let (page, rect) = place.unwrap_or((0, NOWHERE));
        let request = PrepareRequest {
            page,
            rect,
            copies: Vec::new(),
            appearance: Appearance {
                mode,
                signer: inner.name.clone(),
                signed_at: now,
                shows_time: true,
                issuer: Some(inner.issuer.clone()),
                masked_id: None,
                serial: None,
                reason: None,
                location: None,
            },
            certificate: Base64(inner.certificate.clone()),
            chain: inner.chain.iter().cloned().map(Base64).collect(),
            timestamped: stamps,
        };
        let (prepared, bytes) =
            signature::prepare_owned(document, &request, None, &Terms::default())?;
        let value = self.value(&prepared.digest)?;
        Ok(Begun {
            prepared,
            bytes,
            value,
        })
    }

    fn end(
        &self,
        begun: Begun,
        told: &SigningEvidence,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<Completed, SignError> {
        let inner = &*self.0;
        let chain: Vec<&[u8]> = inner.chain.iter().map(Vec::as_slice).collect();
        let signed = Signed {
            prepared: &begun.prepared,
            certificate: &inner.certificate,
            chain: &chain,
            value: &begun.value,
            password: "",
        };
        match signature::complete(begun.bytes.clone(), &signed, told, trust, now) {
            // Without the stamp rather than without the seal.
            Err(SignError::Timestamp(_) | SignError::TimestampTooLarge { .. }) => {
                tracing::warn!("the seal's timestamp is unusable");
                let none = SigningEvidence::default();
                signature::complete(begun.bytes, &signed, &none, trust, now)
            }
            done => done,
        }
    }
}
