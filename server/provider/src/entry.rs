//! Provider entries: what an operator fills in, as data.

use contract::provider::ProviderCode;
use secrecy::SecretString;
use serde::Deserialize;

/// The seven providers of the guidance, without addresses and credentials.
const DEFAULT_ENTRIES: &str = include_str!("../entries.toml");

/// One provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderEntry {
    /// Code in addresses and stored profiles.
    pub code: ProviderCode,
    /// Name as the guidance writes it.
    pub name: String,
    /// The app on the person's phone.
    pub app_name: String,
    /// What it speaks.
    #[serde(default)]
    pub protocol: Protocol,
    /// Base address without a slash at its end; none until the operator has one.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Paths below it.
    #[serde(default)]
    pub paths: Paths,
    /// `ca_name` of the national gateway; none when the CA is called directly.
    #[serde(default)]
    pub ca_name: Option<String>,
    /// How digests are written.
    #[serde(default)]
    pub hash_encoding: HashEncoding,
    /// `sp_id`.
    #[serde(default)]
    pub sp_id: String,
    /// `sp_password`; in files only for the sandbox, else from the environment (`PROVIDER_<CODE>_SP_PASSWORD`).
    #[serde(default)]
    pub sp_password: Option<SecretString>,
    /// The sandbox of this project: refused outside demo mode.
    #[serde(default)]
    pub sandbox: bool,
    /// The sandbox's phone page.
    #[serde(default)]
    pub phone_page: Option<String>,
}

impl ProviderEntry {
    /// Whether everything needed to call it is there.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.base_url.is_some() && !self.sp_id.is_empty() && self.sp_password.is_some()
    }
}

/// Protocols we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// The profile of Decision 769/QĐ-BTTTT, straight to a CA or through the national gateway.
    #[default]
    Neac769,
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

/// Paths of the three calls; `{transaction}` stands for the transaction's number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Certificates.
    pub certificates: String,
    /// Sign.
    pub sign: String,
    /// Status.
    pub status: String,
}

impl Default for Paths {
    /// VNPT SmartCA's guide v4.
    fn default() -> Self {
        Self {
            certificates: "/v1/credentials/get_certificate".into(),
            sign: "/v1/signatures/sign".into(),
            status: "/v1/signatures/sign/{transaction}/status".into(),
        }
    }
}

/// Why entries could not be read.
#[derive(Debug, thiserror::Error)]
#[error("provider entries: {0}")]
pub struct EntryError(#[from] toml::de::Error);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    provider: Vec<ProviderEntry>,
}

/// Reads entries from TOML: a list of `[[provider]]`.
///
/// # Errors
/// [`EntryError`] with line and column.
pub fn read_entries(text: &str) -> Result<Vec<ProviderEntry>, EntryError> {
    Ok(toml::from_str::<Entries>(text)?.provider)
}

/// The seven of the guidance.
///
/// # Errors
/// Never: the embedded text is tested.
pub fn default_entries() -> Result<Vec<ProviderEntry>, EntryError> {
    read_entries(DEFAULT_ENTRIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_of_the_guidance_are_there_and_unavailable() {
        let entries = default_entries().expect("embedded");
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "VNPT-CA",
                "Viettel-CA",
                "MISA-CA",
                "CA2",
                "BkavCA",
                "FPT-CA",
                "Newtel-CA"
            ]
        );
        assert!(entries.iter().all(|entry| !entry.is_available()));
    }

    #[test]
    fn a_password_is_not_printed() {
        let entries = read_entries(
            "[[provider]]\ncode='x1'\nname='X'\napp_name='X'\nsp_password='tell-nobody'\n",
        )
        .expect("valid");
        assert!(!format!("{entries:?}").contains("tell-nobody"));
    }
}
