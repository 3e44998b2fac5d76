//! `[identity]` of the settings file: what is asked of those who sign in.

use super::leaked::Leaked;
use super::secret::{SecretKey, VARIABLE};
use crate::config::Environment;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Longest that a session lasts: what is fresh for longer is always fresh.
const FRESH_MINUTES_MAX: u64 = 12 * 60;

/// `[identity]`.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentitySettings {
    /// Officers with a local account need codes of an authenticator app before they can do anything [default: true; in demo mode false].
    pub officers_need_second_factor: Option<bool>,
    /// Whoever signs, or changes what protects the account, proved who they are at most so many minutes ago [default: 60; in demo mode 720].
    pub fresh_minutes: Option<u64>,
    /// Passwords that leaked and that nobody may choose: a list of SHA-1 sums, ordered, as "Have I Been Pwned" gives it away [default:
    /// none; frequent ones are refused all the same].
    pub leaked_passwords: Option<PathBuf>,
}

/// The same, checked.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Officers with a local account need codes of an authenticator app.
    pub officers_need_second_factor: bool,
    /// How long a proof of who somebody is counts as fresh, in milliseconds.
    pub fresh_ms: i64,
    /// Seals the secrets of authenticator apps; without one there are none.
    pub key: Option<SecretKey>,
    /// Passwords that nobody may choose.
    pub leaked: Option<Leaked>,
}

impl IdentitySettings {
    /// Fills in what is not set and reads the key.
    pub fn complete(
        self,
        demo: bool,
        data: &Path,
        environment: &Environment,
        wrong: &mut Vec<String>,
    ) -> Identity {
        let needed = self.officers_need_second_factor.unwrap_or(!demo);
        let minutes = self
            .fresh_minutes
            .unwrap_or(if demo { FRESH_MINUTES_MAX } else { 60 });
        if !(1..=FRESH_MINUTES_MAX).contains(&minutes) {
            wrong.push(format!(
                "identity.fresh_minutes: between 1 and {FRESH_MINUTES_MAX} are wanted"
            ));
        }
        let name = environment.name(VARIABLE);
        let key = match environment.secret(VARIABLE) {
            Ok(Some(text)) => SecretKey::read(&text)
                .map(Some)
                .map_err(|error| anyhow::anyhow!("{name}: {error}")),
            Err(error) => Err(anyhow::anyhow!(error)),
            Ok(None) if demo => SecretKey::of_demo(data).map(Some),
            Ok(None) if needed => Err(anyhow::anyhow!(
                "identity.officers_need_second_factor: neither {name} nor {name}_FILE is set (make a key with `openssl rand -hex 32`)"
            )),
            Ok(None) => Ok(None),
        };
        let key = key.unwrap_or_else(|error| {
            wrong.push(format!("{error:#}"));
            None
        });
        let leaked = self.leaked_passwords.and_then(|file| {
            Leaked::open(&file)
                .map_err(|error| wrong.push(format!("identity.leaked_passwords: {error}")))
                .ok()
        });
        Identity {
            leaked,
            officers_need_second_factor: needed,
            fresh_ms: i64::try_from(minutes.min(FRESH_MINUTES_MAX)).unwrap_or(60) * 60_000,
            key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(settings: &str, demo: bool, key: Option<&str>) -> Result<Identity, Vec<String>> {
        let folder = tempfile::tempdir().expect("folder");
        let settings: IdentitySettings = toml::from_str(settings).expect("settings");
        let mut wrong = Vec::new();
        let key = key.map(str::to_owned);
        let environment = Environment::of(move |name| key.clone().filter(|_| name == VARIABLE));
        let identity = settings.complete(demo, folder.path(), &environment, &mut wrong);
        if wrong.is_empty() {
            Ok(identity)
        } else {
            Err(wrong)
        }
    }

    #[test]
    fn production_asks_officers_for_codes_and_does_not_start_without_a_key() {
        let wrong = complete("", false, None).expect_err("refused");
        assert!(wrong[0].contains(VARIABLE), "{wrong:?}");
        let key = "0123456789abcdef".repeat(4);
        let identity = complete("", false, Some(&key)).expect("taken");
        assert!(identity.officers_need_second_factor && identity.key.is_some());
        assert_eq!(identity.fresh_ms, 3_600_000);
        let without = complete("officers_need_second_factor = false", false, None);
        assert!(without.expect("taken").key.is_none());
    }

    #[test]
    fn demo_asks_for_nothing_that_stands_in_the_way_and_has_a_key() {
        let identity = complete("", true, None).expect("taken");
        assert!(!identity.officers_need_second_factor && identity.key.is_some());
        assert_eq!(identity.fresh_ms, 12 * 3_600_000);
        let strict = "officers_need_second_factor = true\nfresh_minutes = 1";
        let identity = complete(strict, true, None).expect("taken");
        assert!(identity.officers_need_second_factor);
        assert_eq!(identity.fresh_ms, 60_000);
    }

    #[test]
    fn what_cannot_be_is_told_all_at_once() {
        let settings = "fresh_minutes = 0\nleaked_passwords = '/nowhere'";
        let wrong = complete(settings, false, Some("no key")).expect_err("refused");
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(!wrong.concat().contains("no key"), "never printed");
    }
}
