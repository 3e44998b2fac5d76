//! `[[oidc]]` of the settings file: the identity providers that people may sign in with.

use super::claims::ClaimNames;
use super::jws::ALGORITHMS;
use crate::config::Environment;
use contract::provider::ProviderCode;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// One `[[oidc]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// Short name in addresses: lower-case letters, digits, hyphens, e.g. `vneid`.
    pub code: ProviderCode,
    /// What the button says, e.g. `Định danh điện tử (VNeID)`.
    pub name: String,
    /// The issuer's address, to the letter as it stands in its tokens; its description is found below it.
    pub issuer: String,
    /// Who the portal is there.
    pub client_id: String,
    /// The client's secret: in the environment as `OIDC_<CODE>_CLIENT_SECRET`, or in the file that the same name with `_FILE` names; in
    /// this file in demo mode only. Without one the portal is a public client, protected by PKCE alone.
    #[serde(default)]
    pub client_secret: Option<SecretString>,
    /// What is asked for besides `openid` [default: profile].
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// Which claim is what of a person.
    #[serde(default)]
    pub claims: ClaimNames,
    /// Whether the identity number (and the officer's user name) that it tells is believed: an account that has it is signed in to.
    #[serde(default = "yes")]
    pub trusted: bool,
    /// Levels of authentication (`acr`) that are good enough, e.g. `["LoA2", "LoA3"]`; empty: any.
    #[serde(default)]
    pub acr: Vec<String>,
    /// Signature algorithms of its tokens that are accepted [default: RS256, PS256, ES256].
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<String>,
}

const fn yes() -> bool {
    true
}

fn default_scopes() -> Vec<String> {
    vec!["profile".into()]
}

fn default_algorithms() -> Vec<String> {
    ["RS256", "PS256", "ES256"].map(str::to_owned).to_vec()
}

/// Whether a host is this very machine.
fn is_local(url: &Url) -> bool {
    matches!(
        url.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]" | "::1")
    )
}

impl OidcSettings {
    /// Environment variable of the secret.
    #[must_use]
    pub fn secret_variable(&self) -> String {
        let code = self.code.as_str().replace('-', "_").to_ascii_uppercase();
        format!("OIDC_{code}_CLIENT_SECRET")
    }

    /// Whether an address of the provider may be gone to: https, or this machine.
    #[must_use]
    pub fn admits(&self, address: &Url) -> bool {
        match address.scheme() {
            "https" => true,
            "http" => is_local(address),
            _ => false,
        }
    }

    fn check(&self, wrong: &mut Vec<String>) {
        let mut tell = |what: String| wrong.push(format!("oidc {}: {what}", self.code.as_str()));
        match Url::parse(&self.issuer) {
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                tell("`issuer` has a query or a fragment".into());
            }
            Ok(url) if !self.admits(&url) => {
                tell(format!("`issuer` {} is not https", self.issuer));
            }
            Ok(_) => {}
            Err(error) => tell(format!("`issuer`: {error}")),
        }
        if self.name.trim().is_empty() {
            tell("`name` is what the button says; it is empty".into());
        }
        if self.client_id.trim().is_empty() {
            tell("`client_id` is empty".into());
        }
        let is_token =
            |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        for scope in self.scopes.iter().filter(|scope| !is_token(scope)) {
            tell(format!("`scopes`: \"{scope}\" is no scope"));
        }
        for acr in self.acr.iter().filter(|acr| !is_token(acr)) {
            tell(format!("`acr`: \"{acr}\" is no level"));
        }
        if self.algorithms.is_empty() {
            tell("`algorithms` is empty: no token could be believed".into());
        }
        for algorithm in &self.algorithms {
            if !ALGORITHMS.contains(&algorithm.as_str()) {
                tell(format!(
                    "`algorithms`: {algorithm} is none of {}",
                    ALGORITHMS.join(", ")
                ));
            }
        }
        if self.trusted && self.claims.citizen_id.is_empty() {
            tell(
                "`claims.citizen_id` is empty, but a trusted provider tells the identity number"
                    .into(),
            );
        }
        if self
            .client_secret
            .as_ref()
            .is_some_and(|secret| secret.expose_secret().is_empty())
        {
            tell("`client_secret` is empty".into());
        }
    }
}

/// Completes the entries with their secrets and tells everything that is wrong.
pub fn complete(
    entries: &mut [OidcSettings],
    demo: bool,
    https: bool,
    environment: &Environment,
    wrong: &mut Vec<String>,
) {
    for entry in entries.iter_mut() {
        let name = environment.name(&entry.secret_variable());
        if entry.client_secret.is_some() && !demo {
            wrong.push(format!(
                "oidc {}: `client_secret` does not belong into a file: give it as {name} or {name}_FILE",
                entry.code.as_str()
            ));
        }
        match environment.secret(&entry.secret_variable()) {
            Ok(Some(found)) => entry.client_secret = Some(found),
            Ok(None) => {}
            Err(error) => wrong.push(error),
        }
        entry.check(wrong);
    }
    for (place, entry) in entries.iter().enumerate() {
        let before = entries.get(..place).unwrap_or_default();
        if before.iter().any(|other| other.code == entry.code) {
            wrong.push(format!("oidc {}: there twice", entry.code.as_str()));
        }
        // Sessions and identities are told apart by it.
        if before.iter().any(|other| other.issuer == entry.issuer) {
            wrong.push(format!(
                "oidc {}: another entry has its issuer",
                entry.code.as_str()
            ));
        }
    }
    if !entries.is_empty() && !demo && !https {
        wrong.push("oidc: `public_url` must be https: people come back there with a code".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        oidc: Vec<OidcSettings>,
    }

    fn read(text: &str) -> Vec<OidcSettings> {
        toml::from_str::<File>(text).expect("settings").oidc
    }

    #[test]
    fn a_provider_needs_little_and_its_secret_comes_from_the_environment() {
        let mut entries = read(
            "[[oidc]]\ncode='vn-eid'\nname='VNeID'\nissuer='https://sso.example.vn/realm'\nclient_id='portal'\n\
             [[oidc]]\ncode='open'\nname='Khác'\nissuer='http://localhost:8999'\nclient_id='portal'\n",
        );
        let mut wrong = Vec::new();
        let secret = Environment::of(|name| {
            (name == "OIDC_VN_EID_CLIENT_SECRET").then(|| "from-environment".to_owned())
        });
        complete(&mut entries, false, true, &secret, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(entries[0].client_secret.is_some() && entries[1].client_secret.is_none());
        assert!(entries[0].trusted && entries[0].acr.is_empty());
        assert!(!format!("{entries:?}").contains("from-environment"));
    }

    #[test]
    fn everything_that_is_wrong_is_told_and_no_secret() {
        let mut entries = read(
            "[[oidc]]\ncode='vneid'\nname=' '\nissuer='http://sso.example.vn'\nclient_id=''\nclient_secret='tell-nobody'\n\
             scopes=['two words']\nacr=['']\nalgorithms=['RS256', 'none', 'HS256']\n\
             [[oidc]]\ncode='vneid'\nname='B'\nissuer='nowhere'\nclient_id='b'\nalgorithms=[]\n\
             [[oidc]]\ncode='other'\nname='C'\nissuer='http://sso.example.vn'\nclient_id='c'\nclaims={citizen_id=[]}\n",
        );
        let mut wrong = Vec::new();
        complete(
            &mut entries,
            false,
            false,
            &Environment::of(|_| None),
            &mut wrong,
        );
        let told = wrong.join("\n");
        for words in [
            "vneid: `client_secret` does not belong",
            "vneid: `name`",
            "vneid: `client_id`",
            "vneid: `issuer` http://sso.example.vn is not https",
            "\"two words\" is no scope",
            "\"\" is no level",
            "none is none of",
            "HS256 is none of",
            "vneid: `issuer`: ",
            "vneid: `algorithms` is empty",
            "other: `claims.citizen_id` is empty",
            "vneid: there twice",
            "other: another entry has its issuer",
            "`public_url` must be https",
        ] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        assert!(!told.contains("tell-nobody"));
    }
}
