//! The sandbox's certification authority: a root, an issuing CA, and the certificates of its people.

use anyhow::{Context as _, Result};
use der::{Decode as _, DecodePem as _, Encode as _, EncodePem as _};
use rsa::PrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use sha2::Sha256;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use std::path::Path;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

const DAY: Duration = Duration::from_secs(86_400);
const ROOT_NAME: &str = "CN=SANDBOX Root CA - test only,O=Ho So Ky So,C=VN";
const ISSUING_NAME: &str = "CN=SANDBOX Issuing CA - test only,O=Ho So Ky So,C=VN";

/// Root and issuing CA.
pub struct Authority {
    root: Certificate,
    issuing: Certificate,
    issuing_key: SigningKey<Sha256>,
}

impl Authority {
    /// Reads both from a folder, or makes them there. `root.pem` is what a demo portal trusts.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let root_key = SigningKey::<Sha256>::new(rsa_key(&folder.join("root.key.pem"))?);
        let issuing_key = SigningKey::<Sha256>::new(rsa_key(&folder.join("issuing.key.pem"))?);
        let root_name = Name::from_str(ROOT_NAME)?;
        let root = kept(&folder.join("root.pem"), || {
            let profile = Profile::authority(&root_name, &root_name, None);
            issue(
                profile,
                public(&root_key)?,
                validity(DAY, DAY * 3650)?,
                &root_key,
            )
        })?;
        let issuing = kept(&folder.join("issuing.pem"), || {
            let profile = Profile::authority(&Name::from_str(ISSUING_NAME)?, &root_name, Some(0));
            issue(
                profile,
                public(&issuing_key)?,
                validity(DAY, DAY * 1825)?,
                &root_key,
            )
        })?;
        Ok(Self {
            root,
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
        name: &str,
        citizen_id: &str,
        key: SubjectPublicKeyInfoOwned,
        expired: bool,
    ) -> Result<Certificate> {
        let subject = Name::from_str(&format!("CN={name},UID=CCCD:{citizen_id},C=VN"))?;
        let validity = if expired {
            ended(DAY * 400, DAY * 35)?
        } else {
            validity(DAY, DAY * 365)?
        };
        issue(
            Profile {
                subject,
                issuer: Name::from_str(ISSUING_NAME)?,
                authority: None,
            },
            key,
            validity,
            &self.issuing_key,
        )
    }
}

/// Reads an RSA key of 2048 bits, or makes one.
pub(crate) fn rsa_key(file: &Path) -> Result<PrivateKey> {
    if let Ok(text) = std::fs::read_to_string(file) {
        return PrivateKey::from_pkcs8_pem(&text).with_context(|| file.display().to_string());
    }
    let key = PrivateKey::new(&mut rand::rng(), 2048)?;
    std::fs::write(file, key.to_pkcs8_pem(LineEnding::LF)?)?;
    Ok(key)
}

/// Reads a certificate, or makes and keeps it.
pub(crate) fn kept(file: &Path, make: impl FnOnce() -> Result<Certificate>) -> Result<Certificate> {
    if let Ok(text) = std::fs::read_to_string(file) {
        return Certificate::from_pem(&text).with_context(|| file.display().to_string());
    }
    let certificate = make()?;
    std::fs::write(file, certificate.to_pem(LineEnding::LF)?)?;
    Ok(certificate)
}

fn public(key: &SigningKey<Sha256>) -> Result<SubjectPublicKeyInfoOwned> {
    use rsa::signature::Keypair as _;
    use spki::EncodePublicKey as _;
    let der = key.verifying_key().to_public_key_der()?;
    Ok(SubjectPublicKeyInfoOwned::from_der(der.as_bytes())?)
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

fn issue(
    profile: Profile,
    key: SubjectPublicKeyInfoOwned,
    validity: Validity,
    issuer: &SigningKey<Sha256>,
) -> Result<Certificate> {
    let serial = SerialNumber::generate(&mut rand::rng());
    Ok(CertificateBuilder::new(profile, serial, validity, key)?
        .build::<_, rsa::pkcs1v15::Signature>(issuer)?)
}

/// Names and extensions of a certificate.
struct Profile {
    subject: Name,
    issuer: Name,
    /// For a CA: its path length.
    authority: Option<Option<u8>>,
}

impl Profile {
    fn authority(subject: &Name, issuer: &Name, path_length: Option<u8>) -> Self {
        Self {
            subject: subject.clone(),
            issuer: issuer.clone(),
            authority: Some(path_length),
        }
    }
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut made = Vec::new();
        let subject = tbs.subject().clone();
        made.push(SubjectKeyIdentifier::try_from(key)?.to_extension(&subject, &made)?);
        made.push(AuthorityKeyIdentifier::try_from(issuer_key)?.to_extension(&subject, &made)?);
        let constraints = BasicConstraints {
            ca: self.authority.is_some(),
            path_len_constraint: self.authority.flatten(),
        };
        made.push(constraints.to_extension(&subject, &made)?);
        let usage = if self.authority.is_some() {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
        };
        made.push(KeyUsage(usage).to_extension(&subject, &made)?);
        Ok(made)
    }
}
