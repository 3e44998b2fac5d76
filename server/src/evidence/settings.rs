//! What an operator sets for evidence: `[evidence]` in the settings file.

use crate::config::Environment;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Hosts that Vietnamese certificates name for OCSP and revocation lists, as far as public sources tell. Those of CA2 and MISA-CA
/// are not among them: an operator who accepts their certificates adds them.
const HOSTS: [&str; 12] = [
    "rootca.gov.vn",
    "ca.gov.vn",
    "vnpt-ca.vn",
    "viettel-ca.vn",
    "bkavca.vn",
    "newca.vn",
    "fpt-ca.vn",
    "ocsp.fis.com.vn",
    "efyca.vn",
    "safecert.com.vn",
    "smartsign.com.vn",
    "winca.vn",
];
/// The host that the sandbox's certificates name.
const SANDBOX_HOST: &str = "pki.sandbox.test";

/// `[evidence]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceSettings {
    /// `[[evidence.timestamp]]`: authorities for timestamps, asked in this order; none means no timestamps.
    pub timestamp: Vec<TimestampAuthority>,
    /// Hosts that may be asked about certificates, each with all hosts beneath it [default: those of the Vietnamese authorities].
    pub hosts: Vec<String>,
    /// Ports that may be asked beside 80 (http) and 443 (https).
    pub ports: Vec<u16>,
    /// `[evidence.stand_ins]`: host → base address that is asked in its place, wherever it is; for a mirror in one's own network.
    pub stand_ins: BTreeMap<String, String>,
    /// Longest that one answer may take, in milliseconds [default: 8000].
    pub patience_ms: u64,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self {
            timestamp: Vec::new(),
            hosts: HOSTS.iter().map(|host| (*host).to_owned()).collect(),
            ports: Vec::new(),
            stand_ins: BTreeMap::new(),
            patience_ms: 8000,
        }
    }
}

/// One timestamp authority (RFC 3161 over HTTP).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampAuthority {
    /// Where queries are posted.
    pub url: String,
    /// Name for basic authentication. The password stands in the environment: `EVIDENCE_TIMESTAMP_1_PASSWORD` for the first, or in
    /// the file that `EVIDENCE_TIMESTAMP_1_PASSWORD_FILE` names.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(skip)]
    pub password: Option<SecretString>,
}

impl EvidenceSettings {
    /// Demo mode: the sandbox stamps and answers for its own certificates.
    pub fn use_sandbox(&mut self, url: &str) {
        if self.timestamp.is_empty() {
            self.timestamp.push(TimestampAuthority {
                url: format!("{url}/tsa"),
                user: None,
                password: None,
            });
        }
        self.stand_ins
            .entry(SANDBOX_HOST.to_owned())
            .or_insert_with(|| url.to_owned());
    }

    /// Reads the passwords and tells what is wrong.
    pub fn check(&mut self, environment: &Environment, wrong: &mut Vec<String>) {
        for (position, authority) in self.timestamp.iter_mut().enumerate() {
            let name = format!("EVIDENCE_TIMESTAMP_{}_PASSWORD", position + 1);
            if authority.user.is_some() {
                match environment.needed(&name) {
                    Ok(password) => authority.password = Some(password),
                    Err(error) => wrong.push(error),
                }
            }
            let url = &authority.url;
            let secure = url.starts_with("https://");
            if !secure && !url.starts_with("http://") {
                wrong.push(format!("evidence.timestamp: {url} is no web address"));
            } else if !secure && authority.user.is_some() {
                wrong.push(format!(
                    "evidence.timestamp: {url} would send the password in the clear; https is needed"
                ));
            }
        }
        for host in &self.hosts {
            if !is_host(host) {
                wrong.push(format!("evidence.hosts: {host} is no host name"));
            }
        }
        for (host, base) in &self.stand_ins {
            let usable = reqwest::Url::parse(base)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !is_host(host) || !usable {
                wrong.push(format!("evidence.stand_ins: {host} = {base} is unusable"));
            }
        }
        if !(100..=30_000).contains(&self.patience_ms) {
            wrong.push("evidence.patience_ms: between 100 and 30000".into());
        }
    }
}

/// A host name of at least two parts, in lower case; an address of numbers is none.
fn is_host(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && last.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('.').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_open_the_portal_to_others_is_told() {
        let mut settings: EvidenceSettings = toml::from_str(
            "hosts = ['10.0.0.1', 'vn', 'ca.gov.vn']\npatience_ms = 0\n\
             [[timestamp]]\nurl = 'ftp://tsa.test'\n[stand_ins]\n'a.test' = 'nowhere'\n",
        )
        .expect("settings");
        let mut wrong = Vec::new();
        let nothing = Environment::of(|_| None);
        settings.check(&nothing, &mut wrong);
        assert_eq!(wrong.len(), 5, "{wrong:#?}");
        let mut usual = EvidenceSettings::default();
        usual.use_sandbox("http://localhost:8090");
        wrong.clear();
        usual.check(&nothing, &mut wrong);
        assert_eq!(wrong, Vec::<String>::new());
    }
}
