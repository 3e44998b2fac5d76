//! Revocation lists (RFC 5280, 5).

use super::Known;
use crate::subscriber::Standing;
use anyhow::Result;
use der::Encode as _;
use der::asn1::BitString;
use der::referenced::OwnedToRef as _;
use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use sha2::Sha256;
use spki::DynSignatureAlgorithmIdentifier as _;
use std::time::{Duration, UNIX_EPOCH};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::ToExtension as _;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

/// How long a list holds, in seconds.
const HOLDS: u64 = 86_400;

fn time(seconds: u64) -> Result<Time> {
    Ok(Time::try_from(UNIX_EPOCH + Duration::from_secs(seconds))?)
}

/// The list of an issuer, DER.
pub(super) fn list(
    issuer: &Certificate,
    key: &SigningKey<Sha256>,
    issued: &[Known],
    now: u64,
) -> Result<Vec<u8>> {
    let name = issuer.tbs_certificate().subject();
    let mut revoked: Vec<RevokedCert> = Vec::new();
    for known in issued {
        let Some((at, standing)) = known.revoked else {
            continue;
        };
        let reason = match standing {
            Standing::Suspended => CrlReason::CertificateHold,
            _ => CrlReason::KeyCompromise,
        };
        revoked.push(RevokedCert {
            serial_number: SerialNumber::new(&known.serial)?,
            revocation_date: time(at)?,
            crl_entry_extensions: Some(vec![reason.to_extension(name, &[])?]),
        });
    }
    // By hand: x509-cert's builder names the issuer of the issuer in the authority key identifier.
    let key_identifier = AuthorityKeyIdentifier::try_from(
        issuer
            .tbs_certificate()
            .subject_public_key_info()
            .owned_to_ref(),
    )?;
    let extensions = vec![
        CrlNumber::try_from(now)?.to_extension(name, &[])?,
        key_identifier.to_extension(name, &[])?,
    ];
    let algorithm = key.signature_algorithm_identifier()?;
    let body = TbsCertList {
        version: Version::V2,
        signature: algorithm.clone(),
        issuer: name.clone(),
        this_update: time(now)?,
        next_update: Some(time(now + HOLDS)?),
        revoked_certificates: (!revoked.is_empty()).then_some(revoked),
        crl_extensions: Some(extensions),
    };
    let value = key.try_sign(&body.to_der()?)?;
    let list: CertificateList = CertificateList {
        signature: BitString::from_bytes(&value.to_bytes())?,
        signature_algorithm: algorithm,
        tbs_cert_list: body,
    };
    Ok(list.to_der()?)
}
