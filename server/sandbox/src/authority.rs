//! The sandbox's certification authority: a root, an issuing CA, its OCSP responder and timestamp unit, and the certificates of its people.

use crate::certificate::{Profile, Role, holds_on, issue, names_revocation};
use crate::key::{Key, Kind};
use anyhow::{Context as _, Result};
use der::{DecodePem as _, Encode as _, EncodePem as _};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::LineEnding;
use sha2::Sha256;
use spki::SubjectPublicKeyInfoOwned;
use std::fs::File;
use std::path::Path;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};
use x509_cert::Certificate;
use x509_cert::name::Name;
use x509_cert::time::{Time, Validity};

const DAY: Duration = Duration::from_secs(86_400);
const ROOT_NAME: &str = "CN=SANDBOX Root CA - test only,O=Ho So Ky So,C=VN";
const ISSUING_NAME: &str = "CN=SANDBOX Issuing CA - test only,O=Ho So Ky So,C=VN";
const RESPONDER_NAME: &str = "CN=SANDBOX OCSP - test only,O=Ho So Ky So,C=VN";
const SEAL_NAME: &str = "CN=SANDBOX Cổng dịch vụ công (con dấu thử nghiệm),O=Ho So Ky So,C=VN";
const STAMPER_NAME: &str = "CN=SANDBOX TSA - test only,O=Ho So Ky So,C=VN";

/// Root and issuing CA, and who answers for them.
pub struct Authority {
    pub(crate) root: Certificate,
    pub(crate) root_key: SigningKey<Sha256>,
    pub(crate) issuing: Certificate,
    pub(crate) issuing_key: SigningKey<Sha256>,
    /// Signs OCSP answers for the issuing CA.
    pub(crate) responder: (Certificate, Key),
    /// Signs timestamps.
    pub(crate) stamper: (Certificate, Key),
}

/// What a person's certificate says.
pub(crate) struct Personal<'a> {
    pub(crate) name: &'a str,
    pub(crate) citizen_id: &'a str,
    pub(crate) expired: bool,
    /// For keys that may not sign: keyEncipherment only.
    pub(crate) encryption: bool,
}

impl Authority {
    /// Reads all from a folder, or makes them there. `root.pem` is what a demo portal trusts.
    ///
    /// In a folder of an older sandbox the root and all keys stay, and certificates that do not say where their status is
    /// asked are issued anew for the same keys.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let _alone = alone(folder)?;
        let signing = |name: &str| -> Result<(SigningKey<Sha256>, SubjectPublicKeyInfoOwned)> {
            let key = Key::open(&folder.join(name), Kind::Rsa2048)?;
            let public = key.public()?;
            match key {
                Key::Rsa(key) => Ok((SigningKey::new(*key), public)),
                _ => anyhow::bail!("{name} is not an RSA key"),
            }
        };
        let (root_key, root_public) = signing("root.key.pem")?;
        let (issuing_key, issuing_public) = signing("issuing.key.pem")?;
        let root_name = Name::from_str(ROOT_NAME)?;
        let issuing_name = Name::from_str(ISSUING_NAME)?;
        let root = kept(&folder.join("root.pem"), holds_on, || {
            let profile = Profile::new(&root_name, &root_name, Role::Root);
            issue(profile, root_public, validity(DAY, DAY * 3650)?, &root_key)
        })?;
        let issuing = kept(&folder.join("issuing.pem"), is_current, || {
            let profile = Profile::new(&issuing_name, &root_name, Role::Issuing);
            issue(
                profile,
                issuing_public,
                validity(DAY, DAY * 1825)?,
                &root_key,
            )
        })?;
        let service = |name: &str, subject: &str, role: Role| -> Result<(Certificate, Key)> {
            let key = Key::open(&folder.join(format!("{name}.key.pem")), Kind::P256)?;
            let certificate = kept(&folder.join(format!("{name}.pem")), is_current, || {
                let profile = Profile::new(&Name::from_str(subject)?, &issuing_name, role);
                issue(
                    profile,
                    key.public()?,
                    validity(DAY, DAY * 1800)?,
                    &issuing_key,
                )
            })?;
            Ok((certificate, key))
        };
        // The portal's own seal: it reads `seal.key.pem` and `seal.chain.pem` in demo mode.
        let (seal, _) = service("seal", SEAL_NAME, Role::Person)?;
        let chain = format!(
            "{}{}",
            seal.to_pem(LineEnding::LF)?,
            issuing.to_pem(LineEnding::LF)?
        );
        std::fs::write(folder.join("seal.chain.pem"), chain)?;
        Ok(Self {
            responder: service("ocsp", RESPONDER_NAME, Role::Responder)?,
            stamper: service("tsa", STAMPER_NAME, Role::Stamper)?,
            root,
            root_key,
            issuing,
            issuing_key,
        })
    }

    /// The root, DER.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn root_der(&self) -> Result<Vec<u8>> {
        Ok(self.root.to_der()?)
    }

    /// Issuing CA and root, DER.
    pub(crate) fn chain(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        Ok((self.issuing.to_der()?, self.root.to_der()?))
    }

    /// A certificate for a person: digitalSignature and contentCommitment, `UID=CCCD:number` in the subject.
    pub(crate) fn issue_person(
        &self,
        person: &Personal<'_>,
        key: SubjectPublicKeyInfoOwned,
    ) -> Result<Certificate> {
        let subject = Name::from_str(&format!(
            "CN={},UID=CCCD:{},C=VN",
            person.name, person.citizen_id
        ))?;
        let validity = if person.expired {
            ended(DAY * 400, DAY * 35)?
        } else {
            validity(DAY, DAY * 365)?
        };
        let role = if person.encryption {
            Role::Encryption
        } else {
            Role::Person
        };
        let profile = Profile::new(&subject, &Name::from_str(ISSUING_NAME)?, role);
        issue(profile, key, validity, &self.issuing_key)
    }
}

/// Keeps others away from a folder of keys until what it answers is dropped: threads, and processes that were started on the same
/// folder. Two at the same files would lay one's certificate beside the other's key.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn alone(folder: &Path) -> Result<File> {
    let file = File::create(folder.join("lock"))?;
    file.lock()?;
    Ok(file)
}

/// Reads a certificate that is good enough, or makes and keeps another.
pub(crate) fn kept(
    file: &Path,
    good: impl FnOnce(&Certificate) -> bool,
    make: impl FnOnce() -> Result<Certificate>,
) -> Result<Certificate> {
    if let Ok(text) = std::fs::read_to_string(file) {
        let certificate =
            Certificate::from_pem(&text).with_context(|| file.display().to_string())?;
        if good(&certificate) {
            return Ok(certificate);
        }
    }
    let certificate = make()?;
    std::fs::write(file, certificate.to_pem(LineEnding::LF)?)?;
    Ok(certificate)
}

/// Neither over nor of an older sandbox.
fn is_current(certificate: &Certificate) -> bool {
    names_revocation(certificate) && holds_on(certificate)
}

fn validity(before: Duration, after: Duration) -> Result<Validity> {
    let now = SystemTime::now();
    Ok(Validity::new(
        Time::try_from(now - before)?,
        Time::try_from(now + after)?,
    ))
}

fn ended(began: Duration, ended: Duration) -> Result<Validity> {
    let now = SystemTime::now();
    Ok(Validity::new(
        Time::try_from(now - began)?,
        Time::try_from(now - ended)?,
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn those_who_start_at_once_on_an_empty_folder_have_the_same_keys() {
        let folder = tempfile::tempdir().unwrap();
        let opened: Vec<Authority> = std::thread::scope(|scope| {
            let open = || scope.spawn(|| Authority::open(folder.path()).unwrap());
            let all = [open(), open(), open()];
            all.map(|one| one.join().unwrap()).into()
        });
        for one in &opened {
            assert_eq!(one.root, opened[0].root);
            assert_eq!(one.issuing, opened[0].issuing);
            for (certificate, key) in [&one.responder, &one.stamper] {
                let stated = certificate.tbs_certificate().subject_public_key_info();
                assert_eq!(*stated, key.public().unwrap());
            }
        }
    }
}
