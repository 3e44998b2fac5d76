//! `[mail]` of the settings file: through which server e-mail goes.

use crate::config::Environment;
use secrecy::SecretString;
use serde::Deserialize;

/// Environment variable with the password; with `_FILE` behind it the file that holds it.
const PASSWORD: &str = "PORTAL_MAIL_PASSWORD";

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Begins in the clear on port 587 and must be upgraded before anything is sent.
    #[default]
    Starttls,
    /// From the first byte, on port 465.
    Tls,
    /// Not at all: for a mail server on this machine only.
    None,
}

/// `[mail]`; without it no e-mail is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Host name of the mail server.
    pub server: String,
    /// Port [default: 587 for starttls, 465 for tls, 25 for none].
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
    /// Name to sign in with. The password stands in the environment: `PORTAL_MAIL_PASSWORD`, or the file that
    /// `PORTAL_MAIL_PASSWORD_FILE` names.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(skip)]
    pub password: Option<SecretString>,
    /// Sender, e.g. `Cổng dịch vụ công <khong-tra-loi@example.vn>`.
    pub from: String,
    /// The portal's address, for links in e-mail; comes from `public_url`.
    #[serde(skip)]
    pub portal: String,
    /// The portal's name, which stands below each e-mail; comes from `[province]`.
    #[serde(skip)]
    pub portal_name: String,
}

impl MailSettings {
    /// Reads the password and tells what is wrong.
    pub fn check(&mut self, environment: &Environment, wrong: &mut Vec<String>) {
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            wrong.push(format!("mail.from: {} is no e-mail address", self.from));
        }
        let local = matches!(self.server.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.tls == Tls::None && !local {
            wrong.push(
                "mail.tls: without TLS only a mail server on this machine may be used".into(),
            );
        }
        if self.user.is_some() && self.password.is_none() {
            match environment.needed(PASSWORD) {
                Ok(password) => self.password = Some(password),
                Err(error) => wrong.push(error),
            }
        }
    }

    /// The port, or the usual one.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            Tls::Starttls => 587,
            Tls::Tls => 465,
            Tls::None => 25,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_all_at_once() {
        let mut mail: MailSettings =
            toml::from_str("server = 'mail.example.vn'\nfrom = 'nobody'\ntls = 'none'")
                .expect("read");
        let mut wrong = Vec::new();
        mail.check(&Environment::of(|_| None), &mut wrong);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        let mut mail: MailSettings = toml::from_str(
            "server = 'localhost'\nfrom = 'Cổng <cong@example.vn>'\ntls = 'none'\nport = 2525",
        )
        .expect("read");
        let mut wrong = Vec::new();
        mail.check(&Environment::of(|_| None), &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(mail.port(), 2525);
    }
}
