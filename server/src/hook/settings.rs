//! `[[webhook]]` of the settings file: who is told of what.

use super::sign::Key;
use crate::config::Environment;
use crate::evidence::is_public;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::net::IpAddr;
use store::HookEvent;

/// One `[[webhook]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Short name: small letters, digits, hyphens. Its secret stands in the environment: `WEBHOOK_<NAME>_SECRET` (hyphens as `_`), or
    /// the file that `WEBHOOK_<NAME>_SECRET_FILE` names.
    pub name: String,
    /// Where messages go, by https.
    pub url: String,
    /// What it is told.
    pub events: Vec<HookEvent>,
    /// It stands in the portal's own network; without this only public addresses are connected to.
    #[serde(default)]
    pub internal: bool,
    /// The secret, once it was read.
    #[serde(skip)]
    pub secret: Option<SecretString>,
}

impl WebhookSettings {
    /// The environment variable with the secret.
    fn variable(&self) -> String {
        let name = self.name.to_uppercase().replace('-', "_");
        format!("WEBHOOK_{name}_SECRET")
    }

    /// Reads the secret and tells what is wrong.
    fn check(&mut self, demo: bool, environment: &Environment, wrong: &mut Vec<String>) {
        let name = self.name.clone();
        let mut note = |what: &str| wrong.push(format!("webhook {name}: {what}"));
        let named = (1..=32).contains(&name.len())
            && name
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !named {
            note("a name has up to 32 small letters, digits and hyphens");
        }
        if self.events.is_empty() {
            note("`events` names nothing");
        }
        match Url::parse(&self.url) {
            Ok(url) => {
                if !(url.scheme() == "https" || (demo && url.scheme() == "http")) {
                    note("`url` has to be https");
                }
                if !url.username().is_empty() || url.password().is_some() {
                    note("`url` carries a password; the signature proves who sends");
                }
                // Names are looked at when they are resolved, at every try.
                let number = url
                    .host_str()
                    .and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
                if number.is_some_and(|address| !self.internal && !is_public(address)) {
                    note("`url` leads into an inner network; say `internal = true` if it shall");
                }
            }
            Err(_) => note("`url` is no address"),
        }
        if self.secret.is_none() {
            match environment.needed(&self.variable()) {
                Ok(found) => self.secret = Some(found),
                Err(error) => note(&error),
            }
        }
        if self.secret.is_some()
            && let Err(error) = self.key()
        {
            note(&error);
        }
    }

    /// What messages are signed with.
    ///
    /// # Errors
    /// In words, without the secret.
    pub fn key(&self) -> Result<Key, String> {
        let secret = self.secret.as_ref().ok_or("there is no secret")?;
        Key::read(secret.expose_secret()).map_err(str::to_owned)
    }
}

/// Reads the secrets and tells what is wrong with any of them.
pub fn check(
    hooks: &mut [WebhookSettings],
    demo: bool,
    environment: &Environment,
    wrong: &mut Vec<String>,
) {
    let mut names = BTreeSet::new();
    for hook in hooks {
        hook.check(demo, environment, wrong);
        if !names.insert(hook.name.clone()) {
            wrong.push(format!("webhook {}: two of one name", hook.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, demo: bool) -> Vec<String> {
        let mut hook: WebhookSettings = toml::from_str(text).expect("settings");
        hook.secret = Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned().into());
        let mut wrong = Vec::new();
        let nothing = Environment::of(|_| None);
        check(std::slice::from_mut(&mut hook), demo, &nothing, &mut wrong);
        wrong
    }

    #[test]
    fn what_would_open_the_portal_to_others_is_told() {
        let at = |url: &str| format!("name = 'thue'\nurl = '{url}'\nevents = ['dossier.decided']");
        assert_eq!(
            told(&at("https://thue.example.vn/hook"), false),
            Vec::<String>::new()
        );
        for url in [
            "http://thue.example.vn/hook",
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://2130706433/",
            "https://a:b@thue.example.vn/",
            "ftp://thue.example.vn/",
            "thue.example.vn",
        ] {
            assert_eq!(told(&at(url), false).len(), 1, "{url}");
        }
        let inner = format!("{}\ninternal = true", at("https://10.1.2.3/hook"));
        assert_eq!(told(&inner, false), Vec::<String>::new());
        let nothing = "name = 'Thuế'\nurl = 'http://localhost:1/'\nevents = []";
        assert_eq!(told(nothing, true).len(), 2);
        assert!(
            toml::from_str::<WebhookSettings>(&at("https://a.vn").replace("decided", "x")).is_err()
        );
    }

    #[test]
    fn a_secret_that_is_missing_is_told_by_its_variable() {
        let mut hooks = [toml::from_str::<WebhookSettings>(
            "name = 'kho-du-lieu'\nurl = 'https://kho.example.vn/'\nevents = ['dossier.submitted']",
        )
        .expect("settings")];
        let mut wrong = Vec::new();
        check(&mut hooks, false, &Environment::of(|_| None), &mut wrong);
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("WEBHOOK_KHO_DU_LIEU_SECRET"), "{wrong:?}");
    }
}
