//! The invented people, their keys and certificates, and signing with them.

use crate::authority::{Authority, Personal, alone, kept};
use crate::certificate::{holds_on, names_revocation};
use crate::key::{Hash, Key, Kind};
use anyhow::Result;
use der::Encode as _;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

const SUBSCRIBERS: &str = include_str!("../subscribers.toml");

/// Everybody who holds certificates here.
pub(crate) struct Subscribers {
    people: Vec<Person>,
    by_number: HashMap<String, usize>,
    authority: Arc<Authority>,
    folder: PathBuf,
    /// Issuing CA and root, DER.
    pub(crate) chain: (Vec<u8>, Vec<u8>),
}

/// One person.
pub(crate) struct Person {
    pub(crate) citizen_id: String,
    pub(crate) name: String,
    certificates: Vec<Wanted>,
    /// Made when first asked for: keys take time.
    made: OnceCell<Vec<Arc<Credential>>>,
}

/// What the CA says about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Standing {
    #[default]
    Good,
    Expired,
    Revoked,
    /// Revoked for a while (certificateHold).
    Suspended,
}

/// A key and its certificate.
pub(crate) struct Credential {
    /// Lower-case hexadecimal.
    pub(crate) serial: String,
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) certificate: Vec<u8>,
    /// Seconds since 1970.
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) standing: Standing,
    pub(crate) kind: Kind,
    key: Key,
    /// Only this provider knows it; every provider when none.
    only: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    subscriber: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    citizen_id: String,
    name: String,
    certificates: Vec<Wanted>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    key: Kind,
    /// Tells several of one kind apart.
    name: Option<String>,
    #[serde(default)]
    state: Standing,
    only: Option<String>,
    /// The identity number it carries when that is somebody else's.
    belongs_to: Option<String>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Usage {
    #[default]
    Signing,
    Encryption,
}

impl Subscribers {
    /// Reads who is there. Certificates that were made before are read, others are made when asked for.
    pub(crate) fn open(folder: &Path, authority: Arc<Authority>) -> Result<Self> {
        let listed: Listed = toml::from_str(SUBSCRIBERS)?;
        let chain = authority.chain()?;
        let people: Vec<Person> = listed
            .subscriber
            .into_iter()
            .map(|entry| Person {
                citizen_id: entry.citizen_id,
                name: entry.name,
                certificates: entry.certificates,
                made: OnceCell::new(),
            })
            .collect();
        for person in &people {
            let all_there = person
                .certificates
                .iter()
                .all(|wanted| file(folder, person, wanted, "pem").exists());
            if all_there {
                let made = made(person, folder, &authority)?;
                let _ = person.made.set(made);
            }
        }
        let by_number = people
            .iter()
            .enumerate()
            .map(|(position, person)| (person.citizen_id.clone(), position))
            .collect();
        Ok(Self {
            people,
            by_number,
            authority,
            folder: folder.to_owned(),
            chain,
        })
    }

    /// Everybody.
    pub(crate) fn people(&self) -> &[Person] {
        &self.people
    }

    /// One person by identity number.
    pub(crate) fn find(&self, citizen_id: &str) -> Option<&Person> {
        self.people.get(*self.by_number.get(citizen_id)?)
    }

    /// What a provider knows of somebody, in the order of the list. Nothing for people it does not know.
    pub(crate) async fn credentials(
        self: &Arc<Self>,
        provider: &str,
        citizen_id: &str,
    ) -> Result<Vec<Arc<Credential>>> {
        let Some(person) = self.find(citizen_id) else {
            return Ok(Vec::new());
        };
        let all = person
            .made
            .get_or_try_init(|| {
                let (everybody, number) = (Arc::clone(self), citizen_id.to_owned());
                async move {
                    tokio::task::spawn_blocking(move || match everybody.find(&number) {
                        Some(person) => made(person, &everybody.folder, &everybody.authority),
                        None => Ok(Vec::new()),
                    })
                    .await?
                }
            })
            .await?;
        Ok(all
            .iter()
            .filter(|credential| {
                credential
                    .only
                    .as_deref()
                    .is_none_or(|only| only == provider)
            })
            .cloned()
            .collect())
    }

    /// Every certificate made so far, for who answers about their status.
    pub(crate) fn made(&self) -> impl Iterator<Item = &Arc<Credential>> {
        self.people
            .iter()
            .filter_map(|person| person.made.get())
            .flatten()
    }
}

impl Credential {
    /// The raw signature value over a digest.
    pub(crate) fn sign(&self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>> {
        self.key.sign(hash, digest)
    }
}

fn file(folder: &Path, person: &Person, wanted: &Wanted, ending: &str) -> PathBuf {
    let name = wanted
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!("-{name}"));
    folder.join(format!(
        "{}-{}{name}.{ending}",
        person.citizen_id,
        wanted.key.name()
    ))
}

/// Makes keys and certificates, or reads them. One after the other: a caller that hangs up leaves its making at work.
fn made(person: &Person, folder: &Path, authority: &Authority) -> Result<Vec<Arc<Credential>>> {
    let _alone = alone(folder)?;
    person
        .certificates
        .iter()
        .map(|wanted| credential(person, wanted, folder, authority))
        .collect()
}

fn credential(
    person: &Person,
    wanted: &Wanted,
    folder: &Path,
    authority: &Authority,
) -> Result<Arc<Credential>> {
    let key = Key::open(&file(folder, person, wanted, "key.pem"), wanted.key)?;
    let good = |certificate: &x509_cert::Certificate| {
        names_revocation(certificate)
            && (wanted.state == Standing::Expired || holds_on(certificate))
    };
    let certificate = kept(&file(folder, person, wanted, "pem"), good, || {
        let says = Personal {
            name: &person.name,
            citizen_id: wanted.belongs_to.as_ref().unwrap_or(&person.citizen_id),
            expired: wanted.state == Standing::Expired,
            encryption: wanted.usage == Usage::Encryption,
        };
        authority.issue_person(&says, key.public()?)
    })?;
    let tbs = certificate.tbs_certificate();
    Ok(Arc::new(Credential {
        serial: hex::encode(tbs.serial_number().as_bytes()),
        subject: tbs.subject().to_string(),
        issuer: tbs.issuer().to_string(),
        from: tbs.validity().not_before.to_unix_duration().as_secs(),
        to: tbs.validity().not_after.to_unix_duration().as_secs(),
        certificate: certificate.to_der()?,
        standing: wanted.state,
        kind: wanted.key,
        key,
        only: wanted.only.clone(),
    }))
}
