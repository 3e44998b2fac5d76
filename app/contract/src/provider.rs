//! Providers of remote signatures and the certificates they hold for a person.

use crate::value::{Base64, CitizenId, Serial, Timestamp, ValueError};
use serde::{Deserialize, Serialize};

/// A provider's short name in configuration and URLs: lower-case letters, digits, hyphens, e.g. `vnpt-ca`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderCode(String);

impl ProviderCode {
    /// The code itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProviderCode {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        let valid = (2..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if valid {
            Ok(Self(text))
        } else {
            Err(ValueError::Malformed)
        }
    }
}

impl From<ProviderCode> for String {
    fn from(code: ProviderCode) -> Self {
        code.0
    }
}

/// One entry of `GET /api/providers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderInfo {
    /// Code.
    pub code: ProviderCode,
    /// Name as the guidance writes it, e.g. `VNPT-CA`.
    pub name: String,
    /// The app on the phone, e.g. `VNPT SmartCA`.
    pub app_name: String,
    /// Most files of one confirmation with the PIN; more are split into several. 0 = not known yet.
    #[serde(default)]
    pub items_max: u32,
    /// Whether this portal can reach it; a provider without configuration is listed but cannot sign yet.
    pub available: bool,
    /// In demo mode: the sandbox's phone page for this provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_page: Option<String>,
}

/// `POST /api/providers/{code}/certificates`: the certificates of an account of the signed-in person's profiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskCertificates {
    /// Account at the provider; must stand in one of the person's profiles.
    pub citizen_id: CitizenId,
}

/// A certificate as the provider gave it, checked by the server (signature of its issuer, key usage).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CertificateInfo {
    /// Serial number (`Chứng chỉ`).
    pub serial: Serial,
    /// Common name of the subject.
    pub owner: String,
    /// Common name of the issuer.
    pub issuer: String,
    /// `CCCD:…` or `CMND:…` of the subject without its prefix, when the certificate tells it.
    #[serde(default)]
    pub citizen_id: Option<CitizenId>,
    /// Start of validity.
    pub valid_from: Timestamp,
    /// End of validity.
    pub valid_to: Timestamp,
    /// Whether it may be chosen now, and if not, why.
    pub usability: Usability,
    /// X.509, DER.
    pub der: Base64,
    /// Issuers, nearest first, DER; the root may be missing.
    pub chain: Vec<Base64>,
}

/// Whether a certificate can sign now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Usability {
    /// It can.
    Usable,
    /// Its validity has ended.
    Expired,
    /// Its validity has not begun.
    NotYetValid,
    /// The provider says it is suspended, revoked or locked.
    Suspended,
    /// It was issued to another identity number than the account's.
    OtherPerson,
    /// Its key usage does not allow signatures.
    WrongUse,
    /// It was not issued by a trusted authority, or not under a policy its provider signs with.
    Untrusted,
}

/// `GET /api/trust`: the roots that browser and server validate against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trust {
    /// Self-signed certificates, DER.
    pub roots: Vec<Base64>,
}
