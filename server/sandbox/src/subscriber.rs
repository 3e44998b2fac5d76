//! The invented people, their keys and certificates, and signing with them.

use crate::authority::{Authority, kept, rsa_key};
use anyhow::{Context as _, Result};
use der::{Decode as _, Encode as _};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rsa::Pkcs1v15Sign;
use serde::Deserialize;
use sha2::Sha256;
use spki::SubjectPublicKeyInfoOwned;
use std::path::Path;

const SUBSCRIBERS: &str = include_str!("../subscribers.toml");

/// Everybody who holds certificates here.
pub(crate) struct Subscribers {
    people: Vec<Person>,
    /// Issuing CA and root, DER.
    pub(crate) chain: (Vec<u8>, Vec<u8>),
}

/// One person.
pub(crate) struct Person {
    pub(crate) citizen_id: String,
    pub(crate) name: String,
    credentials: Vec<Credential>,
}

/// A key and its certificate.
pub(crate) struct Credential {
    pub(crate) serial: String,
    pub(crate) subject: String,
    pub(crate) certificate: Vec<u8>,
    pub(crate) from: u64,
    pub(crate) to: u64,
    key: Key,
    /// Only this provider knows it; every provider when none.
    only: Option<&'static str>,
}

enum Key {
    Rsa(Box<rsa::PrivateKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

#[derive(Deserialize)]
struct Listed {
    subscriber: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    citizen_id: String,
    name: String,
    keys: Vec<String>,
    #[serde(default)]
    expired: bool,
}

impl Subscribers {
    /// Reads or makes everybody's keys and certificates.
    pub(crate) fn open(folder: &Path, authority: &Authority) -> Result<Self> {
        let listed: Listed = toml::from_str(SUBSCRIBERS)?;
        let people = listed
            .subscriber
            .into_iter()
            .map(|entry| person(entry, folder, authority))
            .collect::<Result<_>>()?;
        Ok(Self {
            people,
            chain: authority.chain()?,
        })
    }

    /// Everybody.
    pub(crate) fn people(&self) -> &[Person] {
        &self.people
    }

    /// One person by identity number.
    pub(crate) fn find(&self, citizen_id: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.citizen_id == citizen_id)
    }
}

impl Person {
    /// What a provider knows of this person; newest first.
    pub(crate) fn credentials(&self, provider: &str) -> impl Iterator<Item = &Credential> {
        self.credentials
            .iter()
            .filter(move |credential| credential.only.is_none_or(|only| only == provider))
    }
}

impl Credential {
    /// The raw signature value over a SHA-256 digest.
    pub(crate) fn sign(&self, digest: &[u8; 32]) -> Result<Vec<u8>> {
        match &self.key {
            Key::Rsa(key) => Ok(key.sign(Pkcs1v15Sign::new::<Sha256>(), digest)?),
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
        }
    }
}

fn person(entry: Entry, folder: &Path, authority: &Authority) -> Result<Person> {
    let mut credentials = Vec::new();
    for (position, kind) in entry.keys.iter().enumerate() {
        let file = |ending: &str| folder.join(format!("{}-{kind}.{ending}", entry.citizen_id));
        let (key, public) = match kind.as_str() {
            "rsa-2048" => {
                let key = rsa_key(&file("key.pem"))?;
                let public = key.to_public_key().to_public_key_der()?;
                (Key::Rsa(Box::new(key)), public)
            }
            _ => {
                let key = ec_key(&file("key.pem"))?;
                let public = key.verifying_key().to_public_key_der()?;
                (Key::P256(Box::new(key)), public)
            }
        };
        let certificate = kept(&file("pem"), || {
            let public = SubjectPublicKeyInfoOwned::from_der(public.as_bytes())?;
            authority.issue_person(&entry.name, &entry.citizen_id, public, entry.expired)
        })?;
        let tbs = certificate.tbs_certificate();
        credentials.push(Credential {
            serial: hex::encode(tbs.serial_number().as_bytes()),
            subject: tbs.subject().to_string(),
            from: tbs.validity().not_before.to_unix_duration().as_secs(),
            to: tbs.validity().not_after.to_unix_duration().as_secs(),
            certificate: certificate.to_der()?,
            key,
            // A second certificate stands with one provider only, so that both "one" and "several" occur.
            only: (position > 0).then_some("vnpt-ca"),
        });
    }
    Ok(Person {
        citizen_id: entry.citizen_id,
        name: entry.name,
        credentials,
    })
}

fn ec_key(file: &Path) -> Result<p256::ecdsa::SigningKey> {
    if let Ok(text) = std::fs::read_to_string(file) {
        return p256::ecdsa::SigningKey::from_pkcs8_pem(&text)
            .with_context(|| file.display().to_string());
    }
    use p256::elliptic_curve::Generate as _;
    let key = p256::ecdsa::SigningKey::generate_from_rng(&mut rand::rng());
    std::fs::write(file, key.to_pkcs8_pem(LineEnding::LF)?.as_bytes())?;
    Ok(key)
}
