//! How people prove who they are, and where they are signed in.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignInMethod {
    /// With the password of a local account.
    Password,
    /// With it and a code of the authenticator app, or a recovery code.
    PasswordAndCode,
    /// At a provider of identities (OpenID Connect).
    OpenId,
}

/// What a session runs on, by families: browsers tell no more that is of use, and more would tell people apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Device {
    /// E.g. `Chrome`; empty when it is none that is known.
    pub browser: String,
    /// E.g. `Android`; empty when it is none that is known.
    pub platform: String,
}

impl Device {
    /// From a `User-Agent` (RFC 9110 §10.1.5). Browsers name those they descend from as well: the more particular is looked for first.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let first = |names: &[(&str, &str)]| {
            names
                .iter()
                .find(|(mark, _)| user_agent.contains(mark))
                .map(|(_, name)| (*name).to_owned())
                .unwrap_or_default()
        };
        Self {
            browser: first(&[
                ("coc_coc", "Cốc Cốc"),
                ("Edg", "Edge"),
                ("OPR/", "Opera"),
                ("SamsungBrowser", "Samsung Internet"),
                ("Firefox", "Firefox"),
                ("FxiOS", "Firefox"),
                ("CriOS", "Chrome"),
                ("Chrome", "Chrome"),
                ("Safari", "Safari"),
            ]),
            platform: first(&[
                ("Android", "Android"),
                ("iPhone", "iPhone"),
                ("iPad", "iPad"),
                ("Windows", "Windows"),
                ("CrOS", "ChromeOS"),
                ("Mac OS X", "macOS"),
                ("Linux", "Linux"),
            ]),
        }
    }
}

/// One place where an account is signed in: a line of `GET /api/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenSession {
    /// Identifier; says nothing of the token.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub here: bool,
    /// What it runs on.
    pub device: Device,
    /// How it began.
    pub method: SignInMethod,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// `POST /api/session/code`: the second step of a sign-in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GiveCode {
    /// Six digits of the authenticator app, or a recovery code; never logged.
    pub code: String,
}

/// `POST /api/session/confirmation`: proves again who somebody is.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfirmSession {
    /// Password; never logged.
    pub password: String,
    /// Where codes are set up: six digits of the authenticator app, or a recovery code; never logged.
    #[serde(default)]
    pub code: String,
}

/// Recovery codes of one set.
pub const RECOVERY_CODES: usize = 10;

/// `GET /api/account/second-factor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecondFactorState {
    /// Whether this portal can keep secrets of authenticator apps.
    pub offered: bool,
    /// Whether codes are asked for at sign-in.
    pub on: bool,
    /// Whether this portal demands them of this account.
    pub demanded: bool,
    /// Recovery codes that were not used yet.
    pub recovery_left: u64,
}

/// `POST /api/account/second-factor`: a new secret. It counts once a code of it was given; until then asking again gives another one.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfferedSecret {
    /// The secret as authenticator apps take it by hand: base32 (RFC 4648 §6) without padding.
    pub secret: String,
    /// The same as an address (`otpauth://totp/…`), for a QR code.
    pub address: String,
}

/// `PUT /api/account/second-factor`: the first code of the app, and the answer: recovery codes, told this once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryCodes {
    /// Ten of them, as they are written down.
    pub codes: Vec<String>,
}

/// `GET /api/password-reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResetOffer {
    /// Whether this portal sends links by e-mail.
    pub by_mail: bool,
}

/// `POST /api/password-reset`: asks for a link. The answer is the same whoever asks.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskReset {
    /// User name: for citizens their identity number.
    pub user_name: String,
}

/// `PUT /api/password-reset`: sets a new password by the token of a link.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResetPassword {
    /// From the link's fragment; never logged.
    pub token: String,
    /// The new password; never logged.
    pub wanted: String,
}

/// A link is good for so many minutes.
pub const RESET_MINUTES: i64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_by_its_families_only() {
        let shown = |agent: &str| {
            let device = Device::of(agent);
            format!("{} {}", device.browser, device.platform)
        };
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                "Chrome Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "Edge Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                "Firefox Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/120.0 Chrome/114.0 Safari/537.36",
                "Cốc Cốc Windows",
            ),
            ("curl/8.5.0", " "),
            ("", " "),
        ] {
            assert_eq!(shown(agent), expected, "{agent}");
        }
    }
}
