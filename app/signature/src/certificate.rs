//! What a certificate says of itself (RFC 5280), and whether one issued another. No trust is decided here.

use crate::key::{KeyKind, PublicKey};
use crate::known::{Known, Read};
use crate::tlv;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519;
use contract::value::{CitizenId, Serial, Timestamp};
use der::{Decode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;
use x509_cert::time::Time;

/// Why a certificate cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Not an X.509 certificate in DER.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// Its key is of a kind or size that is not supported.
    #[error("the certificate's key is of an unsupported kind")]
    UnsupportedKey,
}

/// The facts of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Serial number.
    pub serial: Serial,
    /// Common name of the subject; empty when there is none.
    pub subject: String,
    /// Common name of the issuer, else its organisation.
    pub issuer: String,
    /// Organisation and department of the subject, the widest first; none for a private person.
    pub unit: Option<String>,
    /// Identity number of the subject, from `UID=CCCD:…` or `UID=CMND:…`.
    pub citizen_id: Option<CitizenId>,
    /// Start of validity.
    pub valid_from: Timestamp,
    /// End of validity.
    pub valid_to: Timestamp,
    /// The key; `None` when its kind is not supported.
    pub key: Option<KeyKind>,
    /// Key usage; `None` when the extension is absent, which allows every use (RFC 5280, 4.2.1.3).
    pub usage: Option<Usage>,
    /// `basicConstraints` says it is an issuer.
    pub is_ca: bool,
}

/// The flags of `keyUsage` that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// `digitalSignature`.
    pub digital_signature: bool,
    /// `nonRepudiation` (`contentCommitment`).
    pub non_repudiation: bool,
    /// `keyCertSign`.
    pub key_cert_sign: bool,
    /// `cRLSign`.
    pub crl_sign: bool,
}

impl Facts {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// [`CertificateError::Unreadable`] when it is not one. An unsupported key is no error here: see [`Facts::key`].
    pub fn read(der: &[u8]) -> Result<Self, CertificateError> {
        let facts = Read::of(der, 0).facts().cloned();
        facts.ok_or(CertificateError::Unreadable)
    }

    /// The same of one that was read already, with the kind of its key.
    pub(crate) fn of(
        certificate: &Certificate,
        key: Option<KeyKind>,
    ) -> Result<Self, CertificateError> {
        let body = certificate.tbs_certificate();
        let usage = body
            .get_extension::<KeyUsage>()
            .map_err(|_| CertificateError::Unreadable)?
            .map(|(_, usage)| Usage {
                digital_signature: usage.digital_signature(),
                non_repudiation: usage.non_repudiation(),
                key_cert_sign: usage.key_cert_sign(),
                crl_sign: usage.crl_sign(),
            });
        let is_ca = body
            .get_extension::<BasicConstraints>()
            .map_err(|_| CertificateError::Unreadable)?
            .is_some_and(|(_, constraints)| constraints.ca);
        let issuer = name_part(body.issuer(), rfc4519::COMMON_NAME)
            .or_else(|| name_part(body.issuer(), rfc4519::ORGANIZATION_NAME))
            .unwrap_or_default();
        Ok(Self {
            serial: hex::encode(body.serial_number().as_bytes())
                .parse()
                .map_err(|_| CertificateError::Unreadable)?,
            subject: name_part(body.subject(), rfc4519::COMMON_NAME).unwrap_or_default(),
            issuer,
            unit: unit(body.subject()),
            citizen_id: citizen_id(body.subject()),
            valid_from: timestamp(&body.validity().not_before),
            valid_to: timestamp(&body.validity().not_after),
            key,
            usage,
            is_ca,
        })
    }

    /// Whether it may sign documents: not an issuer's, and `digitalSignature` or `nonRepudiation` when usage is stated.
    #[must_use]
    pub fn may_sign(&self) -> bool {
        !self.is_ca
            && self
                .usage
                .is_none_or(|usage| usage.digital_signature || usage.non_repudiation)
    }
}

/// The public key of a certificate in DER.
///
/// # Errors
/// [`CertificateError::Unreadable`], [`CertificateError::UnsupportedKey`].
pub fn public_key(der: &[u8]) -> Result<PublicKey, CertificateError> {
    let certificate = Certificate::from_der(der).map_err(|_| CertificateError::Unreadable)?;
    PublicKey::from_info(certificate.tbs_certificate().subject_public_key_info())
        .ok_or(CertificateError::UnsupportedKey)
}

/// Whether `issuer`'s key signed `child` and the names agree (RFC 5280, 6.1.3 a). Both in DER.
/// Validity, constraints and trust are not looked at.
#[must_use]
pub fn issued_by(child: &[u8], issuer: &[u8]) -> bool {
    Known::default().issued_by(child, issuer)
}

/// Parts of a certificate as the bytes they were issued with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// `TBSCertificate`, the bytes its issuer signed.
    pub to_be_signed: &'a [u8],
    /// `serialNumber`, whole `INTEGER`.
    pub serial: &'a [u8],
    /// `issuer`, whole `Name`.
    pub issuer: &'a [u8],
    /// `subject`, whole `Name`.
    pub subject: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Cuts a certificate in DER; bytes after it are refused.
    pub(crate) fn cut(der: &'a [u8]) -> Option<Self> {
        let (outer, rest) = tlv::expect(der, tlv::SEQUENCE)?;
        if !rest.is_empty() {
            return None;
        }
        let (body, _) = tlv::expect(outer.content, tlv::SEQUENCE)?;
        let (first, after_first) = tlv::read(body.content)?;
        // [0] EXPLICIT version stands before the serial number except in version 1.
        let (serial, rest) = if first.tag == 0xa0 {
            tlv::expect(after_first, tlv::INTEGER)?
        } else {
            tlv::expect(body.content, tlv::INTEGER)?
        };
        let (_algorithm, rest) = tlv::expect(rest, tlv::SEQUENCE)?;
        let (issuer, rest) = tlv::expect(rest, tlv::SEQUENCE)?;
        let (_validity, rest) = tlv::expect(rest, tlv::SEQUENCE)?;
        let (subject, _) = tlv::expect(rest, tlv::SEQUENCE)?;
        Some(Self {
            to_be_signed: body.whole,
            serial: serial.whole,
            issuer: issuer.whole,
            subject: subject.whole,
        })
    }
}

/// The last value of an attribute in a name, as text: in Vietnamese subjects the most specific stands last.
fn name_part(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.iter()
        .filter(|part| part.oid == oid)
        .filter_map(|part| text(part.value.tag(), part.value.value()))
        .last()
}

/// `O` and every `OU` of a name, in its order, each once.
fn unit(name: &Name) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for oid in [
        rfc4519::ORGANIZATION_NAME,
        rfc4519::ORGANIZATIONAL_UNIT_NAME,
    ] {
        for part in name.iter().filter(|part| part.oid == oid) {
            if let Some(text) = text(part.value.tag(), part.value.value())
                && !text.trim().is_empty()
                && !parts.contains(&text)
            {
                parts.push(text);
            }
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A `DirectoryString` or `IA5String` as text (X.520); Teletex is read as Latin-1, as everybody does.
fn text(tag: Tag, bytes: &[u8]) -> Option<String> {
    match tag {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString => {
            String::from_utf8(bytes.to_vec()).ok()
        }
        Tag::TeletexString => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => {
            let (pairs, []) = bytes.as_chunks::<2>() else {
                return None;
            };
            let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

/// `UID=CCCD:012345678901` or `UID=CMND:…`, as Vietnamese authorities write it; other prefixes (`MST:`, `HC:`) are no person's card.
fn citizen_id(subject: &Name) -> Option<CitizenId> {
    subject
        .iter()
        .filter(|part| part.oid == rfc4519::UID)
        .filter_map(|part| text(part.value.tag(), part.value.value()))
        .find_map(|uid| {
            let (kind, number) = uid.split_once(':')?;
            let kind = kind.trim().to_ascii_uppercase();
            matches!(kind.as_str(), "CCCD" | "CMND")
                .then(|| number.parse().ok())
                .flatten()
        })
}

fn timestamp(time: &Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX / 1000);
    Timestamp(seconds.saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_organisation_and_department() {
        let unit = |name: &str| unit(&name.parse::<Name>().expect("a name"));
        assert_eq!(
            unit("CN=Phạm Thị Kiểm,OU=Phòng Tư pháp,O=UBND huyện Đắk Tô,C=VN").as_deref(),
            Some("UBND huyện Đắk Tô, Phòng Tư pháp")
        );
        assert_eq!(unit("CN=Nguyễn Văn Mẫu,C=VN"), None);
        assert_eq!(unit("O=A,OU=A,CN=b").as_deref(), Some("A"), "each once");
    }
}
