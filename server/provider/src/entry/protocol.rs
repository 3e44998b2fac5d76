//! The protocols we speak, and the settings of each that differ from provider to provider.

use contract::value::Serial;
use serde::Deserialize;

/// Protocols we speak, each with its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protocol {
    /// The profile of Decision 769/QĐ-BTTTT, straight to a CA or through the national gateway.
    Neac769(Neac769Settings),
    /// Viettel MySign.
    Mysign(MysignSettings),
    /// The Cloud Signature Consortium's API.
    Csc(CscSettings),
}

impl Protocol {
    /// The key of our name in an entry.
    #[must_use]
    pub const fn id_key(&self) -> &'static str {
        match self {
            Self::Neac769(_) => "sp_id",
            Self::Mysign(_) | Self::Csc(_) => "client_id",
        }
    }

    /// The key of our secret in an entry.
    #[must_use]
    pub const fn secret_key(&self) -> &'static str {
        match self {
            Self::Neac769(_) => "sp_password",
            Self::Mysign(_) | Self::Csc(_) => "client_secret",
        }
    }

    /// Its word in an entry.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Neac769(_) => "neac769",
            Self::Mysign(_) => "mysign",
            Self::Csc(CscSettings {
                version: CscVersion::V1,
                ..
            }) => "csc-v1",
            Self::Csc(_) => "csc-v2",
        }
    }
}

/// Settings of [`Protocol::Neac769`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neac769Settings {
    /// Paths below the base address.
    pub paths: Paths,
    /// `ca_name` of the national gateway; none when the CA is called directly.
    pub ca_name: Option<String>,
    /// How digests are written.
    pub hash_encoding: HashEncoding,
    /// How an item tells its kind.
    pub item_form: ItemForm,
    /// How serials are written.
    pub serial_case: SerialCase,
    /// Where the provider posts the result (`urlWebhook`), where it wants to be told with each request.
    pub webhook_url: Option<String>,
    /// `service_type` the certificates are asked with (undocumented at VNPT; seen in a client).
    pub service_type: Option<String>,
    /// Certificates of other `service_type`s are left out; empty takes all.
    pub service_types: Vec<String>,
    /// The call to sign answers only after the person has decided.
    pub start_waits: bool,
}

/// Paths of the calls of Decision 769; `{transaction}` stands for the transaction's number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Certificates.
    pub certificates: String,
    /// Sign.
    pub sign: String,
    /// Status; none in the base profile, where the result comes with the answer or by a callback only.
    #[serde(default)]
    pub status: Option<String>,
}

impl Default for Paths {
    /// VNPT SmartCA's guide v4.
    fn default() -> Self {
        Self {
            certificates: "/v1/credentials/get_certificate".into(),
            sign: "/v1/signatures/sign".into(),
            status: Some("/v1/signatures/sign/{transaction}/status".into()),
        }
    }
}

/// How `data_to_be_signed` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HashEncoding {
    /// Lower-case hexadecimal, as the decision says.
    #[default]
    Hex,
    /// Base64, as some gateway clients send it.
    Base64,
}

/// Where an item of Decision 769 says that it is a hash of a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemForm {
    /// `file_type` and `sign_type` beside `doc_id`, as VNPT and the gateway have it.
    #[default]
    Flat,
    /// Within `file_options`, as the annex of the decision has it.
    FileOptions,
}

/// How a serial number is written; leading zeros never are, except one that makes the digits even.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SerialCase {
    /// `540101…9A`.
    #[default]
    Upper,
    /// `540101…9a`.
    Lower,
}

impl SerialCase {
    pub(crate) fn write(self, serial: &Serial) -> String {
        let digits = serial.as_str();
        let even = if digits.len() % 2 == 1 {
            format!("0{digits}")
        } else {
            digits.to_owned()
        };
        match self {
            Self::Upper => even,
            Self::Lower => even.to_lowercase(),
        }
    }
}

/// Settings of [`Protocol::Mysign`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MysignSettings {
    /// Paths below the base address.
    pub paths: MysignPaths,
    /// `profile_id` of the service.
    pub profile_id: String,
    /// Viettel posts results to the portal (`async: 3`), after it signed in there with the same `client_id` and secret. Only so
    /// a request whose answer was lost is found again.
    pub webhook: bool,
}

/// Paths of MySign's calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MysignPaths {
    /// Login.
    pub login: String,
    /// Certificates.
    pub certificates: String,
    /// Sign.
    pub sign: String,
    /// Status.
    pub status: String,
}

impl Default for MysignPaths {
    /// The integration document v1.8, as public clients have it.
    fn default() -> Self {
        Self {
            login: "/vtss/service/ras/v1/login".into(),
            certificates: "/vtss/service/certificates/info".into(),
            sign: "/vtss/service/signHash".into(),
            status: "/vtss/service/requests/status".into(),
        }
    }
}

/// Settings of [`Protocol::Csc`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CscSettings {
    /// Which edition of the API.
    pub version: CscVersion,
    /// Between the base address and the methods: `/csc/v1`, `/csc/v2`.
    pub api_path: String,
    /// Token endpoint; `/oauth2/token` below the base address when none is given.
    pub token_url: Option<String>,
    /// `scope` asked for, when the provider wants one.
    pub scope: Option<String>,
}

/// Editions of the CSC API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CscVersion {
    /// 1.0.4.
    V1,
    /// 2.
    V2,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_written_with_even_digits_in_the_case_the_provider_wants() {
        let even: Serial = "a9:bc".parse().expect("valid");
        assert_eq!(SerialCase::Upper.write(&even), "A9BC");
        let odd: Serial = "00a9b".parse().expect("valid");
        assert_eq!(SerialCase::Upper.write(&odd), "0A9B");
        assert_eq!(SerialCase::Lower.write(&odd), "0a9b");
    }
}
