//! What each kind of certificate says, and issuing one.

use anyhow::Result;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ID_CE_CRL_DISTRIBUTION_POINTS, ID_KP_OCSP_SIGNING, ID_KP_TIME_STAMPING,
};
use const_oid::db::rfc5912::{ID_AD_CA_ISSUERS, ID_AD_OCSP};
use const_oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK;
use der::Encode as _;
use der::asn1::{Ia5String, Null, OctetString};
use rsa::pkcs1v15::SigningKey;
use sha2::Sha256;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

/// Host that certificates name. Who tests lets it stand for the sandbox's own address.
pub const PKI_HOST: &str = "pki.sandbox.test";

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Root,
    Issuing,
    Person,
    /// A person's, but not for signing.
    Encryption,
    /// OCSP responder.
    Responder,
    /// Timestamp unit.
    Stamper,
}

/// Names and extensions of a certificate.
pub(crate) struct Profile {
    subject: Name,
    issuer: Name,
    role: Role,
}

impl Profile {
    pub(crate) fn new(subject: &Name, issuer: &Name, role: Role) -> Self {
        Self {
            subject: subject.clone(),
            issuer: issuer.clone(),
            role,
        }
    }

    /// Where the status is asked.
    fn places(&self) -> Option<Places> {
        match self.role {
            Role::Root => None,
            Role::Issuing => Some(Places {
                ocsp: None,
                issuer: "/certificates/root.cer",
                list: "/crl/root.crl",
            }),
            _ => Some(Places {
                ocsp: Some("/ocsp"),
                issuer: "/certificates/issuing.cer",
                list: "/crl/issuing.crl",
            }),
        }
    }
}

struct Places {
    ocsp: Option<&'static str>,
    issuer: &'static str,
    list: &'static str,
}

fn address(path: &str) -> der::Result<GeneralName> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(
        &format!("http://{PKI_HOST}{path}"),
    )?))
}

fn access(method: ObjectIdentifier, path: &str) -> der::Result<AccessDescription> {
    Ok(AccessDescription {
        access_method: method,
        access_location: address(path)?,
    })
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
            ca: matches!(self.role, Role::Root | Role::Issuing),
            path_len_constraint: (self.role == Role::Issuing).then_some(0),
        };
        made.push(constraints.to_extension(&subject, &made)?);
        let usage = match self.role {
            Role::Root | Role::Issuing => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Role::Person => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            Role::Encryption => KeyUsages::KeyEncipherment.into(),
            Role::Responder | Role::Stamper => KeyUsages::DigitalSignature.into(),
        };
        made.push(KeyUsage(usage).to_extension(&subject, &made)?);
        match self.role {
            Role::Responder => {
                made.push(
                    ExtendedKeyUsage(vec![ID_KP_OCSP_SIGNING]).to_extension(&subject, &made)?,
                );
                made.push(Extension {
                    extn_id: ID_PKIX_OCSP_NOCHECK,
                    critical: false,
                    extn_value: OctetString::new(Null.to_der()?)?,
                });
            }
            // RFC 3161 asks for this one to be critical.
            Role::Stamper => made.push(Extension {
                critical: true,
                ..ExtendedKeyUsage(vec![ID_KP_TIME_STAMPING]).to_extension(&subject, &made)?
            }),
            _ => {}
        }
        if let Some(places) = self.places() {
            let mut ways = Vec::new();
            if let Some(path) = places.ocsp {
                ways.push(access(ID_AD_OCSP, path)?);
            }
            ways.push(access(ID_AD_CA_ISSUERS, places.issuer)?);
            made.push(AuthorityInfoAccessSyntax(ways).to_extension(&subject, &made)?);
            let point = DistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![address(
                    places.list,
                )?])),
                reasons: None,
                crl_issuer: None,
            };
            made.push(CrlDistributionPoints(vec![point]).to_extension(&subject, &made)?);
        }
        Ok(made)
    }
}

/// Whether a certificate still holds tomorrow.
pub(crate) fn holds_on(certificate: &Certificate) -> bool {
    let tomorrow = std::time::SystemTime::now() + std::time::Duration::from_secs(86_400);
    let end = certificate.tbs_certificate().validity().not_after;
    end.to_system_time() > tomorrow
}

/// Whether a certificate says where its revocation list is.
pub(crate) fn names_revocation(certificate: &Certificate) -> bool {
    certificate
        .tbs_certificate()
        .extensions()
        .is_some_and(|list| {
            list.iter()
                .any(|extension| extension.extn_id == ID_CE_CRL_DISTRIBUTION_POINTS)
        })
}

/// Issues.
pub(crate) fn issue(
    profile: Profile,
    key: SubjectPublicKeyInfoOwned,
    validity: Validity,
    issuer: &SigningKey<Sha256>,
) -> Result<Certificate> {
    let serial = SerialNumber::generate(&mut rand::rng());
    Ok(CertificateBuilder::new(profile, serial, validity, key)?
        .build::<_, rsa::pkcs1v15::Signature>(issuer)?)
}
