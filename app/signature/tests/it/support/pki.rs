//! Root, issuing authority and signers made up on the spot. Nobody here exists.

use contract::value::Sha256;
use der::asn1::UtcTime;
use der::{DateTime, Encode};
use p256::elliptic_curve::Generate;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rsa::signature::hazmat::PrehashSigner;
use spki::{DynSignatureAlgorithmIdentifier, EncodePublicKey, SubjectPublicKeyInfo};
use std::str::FromStr;
use std::sync::LazyLock;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

/// A signer's private key.
#[derive(Clone)]
pub enum Key {
    Rsa(rsa::PrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

/// A signer with certificate and issuers (nearest first), DER.
#[derive(Clone)]
pub struct Signer {
    pub key: Key,
    pub certificate: Vec<u8>,
    pub chain: Vec<Vec<u8>>,
}

/// Everything.
pub struct Pki {
    pub root: Vec<u8>,
    pub issuing: Vec<u8>,
    pub rsa: Signer,
    pub p256: Signer,
    pub p384: Signer,
}

/// One for the whole process: an RSA key takes a second or two.
pub static PKI: LazyLock<Pki> = LazyLock::new(Pki::generate);

enum Role {
    Root,
    Issuing,
    Signer,
}

struct Profile {
    issuer: Name,
    subject: Name,
    role: Role,
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
        own: spki::SubjectPublicKeyInfoRef<'_>,
        issuer: spki::SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let mut extensions: Vec<Extension> = Vec::new();
        let ca = !matches!(self.role, Role::Signer);
        let constraints = BasicConstraints {
            ca,
            path_len_constraint: matches!(self.role, Role::Issuing).then_some(0),
        };
        let usage = if ca {
            KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
        } else {
            KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)
        };
        let mut add = |extension: x509_cert::builder::Result<Extension>| {
            extension.map(|extension| extensions.push(extension))
        };
        add(Ok(constraints.to_extension(tbs.subject(), &[])?))?;
        add(Ok(usage.to_extension(tbs.subject(), &[])?))?;
        add(Ok(
            SubjectKeyIdentifier::try_from(own)?.to_extension(tbs.subject(), &[])?
        ))?;
        add(Ok(
            AuthorityKeyIdentifier::try_from(issuer)?.to_extension(tbs.subject(), &[])?
        ))?;
        Ok(extensions)
    }
}

const ROOT: &str = "CN=Root thử nghiệm,O=Cơ quan không có thật,C=VN";
const ISSUING: &str = "CN=CA thử nghiệm,O=Cơ quan không có thật,C=VN";

fn validity() -> Validity {
    let date = |year| {
        Time::UtcTime(UtcTime::from_date_time(DateTime::new(year, 1, 1, 0, 0, 0).unwrap()).unwrap())
    };
    Validity::new(date(2026), date(2036))
}

fn issue<S>(profile: Profile, serial: u64, public: &impl EncodePublicKey, signer: &S) -> Vec<u8>
where
    S: rsa::signature::Keypair
        + DynSignatureAlgorithmIdentifier
        + PrehashSigner<p256::ecdsa::DerSignature>,
    S: rsa::signature::Signer<p256::ecdsa::DerSignature>,
    S::VerifyingKey: EncodePublicKey,
{
    let info = SubjectPublicKeyInfo::from_key(public).unwrap();
    let builder =
        CertificateBuilder::new(profile, SerialNumber::from(serial), validity(), info).unwrap();
    builder
        .build::<S, p256::ecdsa::DerSignature>(signer)
        .unwrap()
        .to_der()
        .unwrap()
}

impl Pki {
    fn generate() -> Self {
        Self::from_seed(20_261_123)
    }

    /// Another authority for every seed.
    pub fn from_seed(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let name = |text: &str| Name::from_str(text).unwrap();
        let root_key = p256::ecdsa::SigningKey::generate_from_rng(&mut random);
        let issuing_key = p256::ecdsa::SigningKey::generate_from_rng(&mut random);
        let profile = |issuer: &str, subject: &str, role| Profile {
            issuer: name(issuer),
            subject: name(subject),
            role,
        };
        let root = issue(
            profile(ROOT, ROOT, Role::Root),
            1,
            root_key.verifying_key(),
            &root_key,
        );
        let issuing = issue(
            profile(ROOT, ISSUING, Role::Issuing),
            2,
            issuing_key.verifying_key(),
            &root_key,
        );
        let chain = vec![issuing.clone(), root.clone()];
        let person = |name: &str, id: &str| format!("UID=CCCD:{id},CN={name},C=VN");

        let rsa = rsa::PrivateKey::new(&mut random, 2048).unwrap();
        let p256 = p256::ecdsa::SigningKey::generate_from_rng(&mut random);
        let p384 = p384::ecdsa::SigningKey::generate_from_rng(&mut random);
        let subject = person("Nguyễn Văn Mẫu", "062099000011");
        let rsa_certificate = issue(
            profile(ISSUING, &subject, Role::Signer),
            0x54_01,
            &rsa.to_public_key(),
            &issuing_key,
        );
        let subject = person("Trần Thị Thử", "062199000022");
        let p256_certificate = issue(
            profile(ISSUING, &subject, Role::Signer),
            0x54_02,
            p256.verifying_key(),
            &issuing_key,
        );
        let subject = person("Lê Hoàng Ví Dụ", "062099000033");
        let p384_certificate = issue(
            profile(ISSUING, &subject, Role::Signer),
            0x54_03,
            p384.verifying_key(),
            &issuing_key,
        );
        let signer = |key, certificate| Signer {
            key,
            certificate,
            chain: chain.clone(),
        };
        Self {
            root,
            issuing,
            rsa: signer(Key::Rsa(rsa), rsa_certificate),
            p256: signer(Key::P256(p256), p256_certificate),
            p384: signer(Key::P384(p384), p384_certificate),
        }
    }
}

impl Signer {
    /// What a provider returns for a digest: RSA PKCS#1 v1.5, ECDSA in DER.
    pub fn sign(&self, digest: &Sha256) -> Vec<u8> {
        match &self.key {
            Key::Rsa(key) => key
                .sign(rsa::Pkcs1v15Sign::new::<sha2::Sha256>(), &digest.0)
                .unwrap(),
            Key::P256(key) => {
                let value: p256::ecdsa::Signature = key.sign_prehash(&digest.0).unwrap();
                value.to_der().as_bytes().to_vec()
            }
            Key::P384(key) => {
                let value: p384::ecdsa::Signature = key.sign_prehash(&digest.0).unwrap();
                value.to_der().as_bytes().to_vec()
            }
        }
    }

    /// ECDSA as `r || s`; RSA-PSS for an RSA key.
    pub fn sign_otherwise(&self, digest: &Sha256) -> Vec<u8> {
        match &self.key {
            Key::Rsa(key) => {
                let mut random = StdRng::seed_from_u64(7);
                key.sign_with_rng(&mut random, rsa::Pss::<sha2::Sha256>::new(), &digest.0)
                    .unwrap()
            }
            Key::P256(key) => {
                let value: p256::ecdsa::Signature = key.sign_prehash(&digest.0).unwrap();
                value.to_bytes().to_vec()
            }
            Key::P384(key) => {
                let value: p384::ecdsa::Signature = key.sign_prehash(&digest.0).unwrap();
                value.to_bytes().to_vec()
            }
        }
    }

    /// The issuers as slices.
    pub fn issuers(&self) -> Vec<&[u8]> {
        self.chain.iter().map(Vec::as_slice).collect()
    }
}
