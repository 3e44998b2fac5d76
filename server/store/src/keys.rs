//! Keys that encrypt keys. They come from the environment and lie in no database and no archive; what they encrypt are keys alone,
//! so that one is replaced without writing any file anew.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use secrecy::zeroize::Zeroizing;
use std::sync::Arc;

/// Length of a key in bytes.
pub(crate) const KEY_BYTES: usize = 32;
/// Length of a nonce in bytes.
const NONCE_BYTES: usize = 12;

/// A key that is wiped when it is not needed any more.
pub(crate) type Secret = Zeroizing<[u8; KEY_BYTES]>;

/// A key could not be opened, or what it seals is not what was sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key that is needed is not among those that were given.
    #[error("the key {0} is needed and was not given")]
    Missing(String),
    /// Not what was sealed with this key and for this purpose.
    #[error("sealed data is damaged, or was sealed with another key of the same name")]
    Damaged,
}

/// Keys by their names: the first encrypts, all decrypt.
#[derive(Clone)]
pub struct Keys(Arc<Vec<(String, Secret)>>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        formatter.debug_list().entries(names).finish()
    }
}

/// A key that another one sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// Name of the key that opens it.
    pub(crate) by: String,
    /// Nonce and what was sealed, hexadecimal.
    pub(crate) sealed: String,
}

impl Keys {
    /// Reads keys: one a line, `NAME:KEY`, the key 64 hexadecimal digits (`openssl rand -hex 32`).
    ///
    /// # Errors
    /// What is wrong, without any part of a key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut keys: Vec<(String, Secret)> = Vec::new();
        for (place, line) in text.split_whitespace().enumerate() {
            let place = place + 1;
            let (name, digits) = line
                .split_once(':')
                .ok_or(format!("key {place} is not NAME:KEY"))?;
            let proper = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            if name.is_empty() || name.len() > 64 || !name.chars().all(proper) {
                return Err(format!(
                    "the name of key {place} has other than letters, digits, - _ ."
                ));
            }
            if keys.iter().any(|(known, _)| known == name) {
                return Err(format!("there are two keys {name}"));
            }
            let mut key = Secret::default();
            hex::decode_to_slice(digits, key.as_mut())
                .map_err(|_| format!("key {name} is not 64 hexadecimal digits"))?;
            keys.push((name.to_owned(), key));
        }
        if keys.is_empty() {
            return Err("there is no key".to_owned());
        }
        Ok(Self(Arc::new(keys)))
    }

    /// Name of the key that encrypts.
    #[must_use]
    pub fn newest(&self) -> &str {
        self.0.first().map_or("", |(name, _)| name)
    }

    /// Seals a key with the newest one. `purpose` has to be told again to open it.
    pub(crate) fn wrap(&self, purpose: &str, key: &Secret) -> Result<Wrapped, KeyError> {
        let (by, with) = self.0.first().ok_or(KeyError::Damaged)?;
        Ok(Wrapped {
            by: by.clone(),
            sealed: hex::encode(seal(with, purpose.as_bytes(), key.as_slice())?),
        })
    }

    /// Opens a sealed key.
    pub(crate) fn unwrap(&self, purpose: &str, wrapped: &Wrapped) -> Result<Secret, KeyError> {
        let (_, with) = self
            .0
            .iter()
            .find(|(name, _)| *name == wrapped.by)
            .ok_or_else(|| KeyError::Missing(wrapped.by.clone()))?;
        let sealed = hex::decode(&wrapped.sealed).map_err(|_| KeyError::Damaged)?;
        let opened = Zeroizing::new(open(with, purpose.as_bytes(), &sealed)?);
        let mut key = Secret::default();
        if opened.len() != KEY_BYTES {
            return Err(KeyError::Damaged);
        }
        key.copy_from_slice(&opened);
        Ok(key)
    }
}

/// A fresh key.
pub(crate) fn fresh() -> Secret {
    Zeroizing::new(rand::random())
}

/// The cipher of a key.
pub(crate) fn cipher(key: &Secret) -> Aes256Gcm {
    Aes256Gcm::new((&**key).into())
}

/// Seals bytes with a key: a random nonce, then AES-256-GCM over them and `about`. For keys and short values, of which no key
/// seals billions.
pub(crate) fn seal(key: &Secret, about: &[u8], bytes: &[u8]) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let payload = Payload {
        msg: bytes,
        aad: about,
    };
    let sealed = cipher(key)
        .encrypt(&nonce.into(), payload)
        .map_err(|_| KeyError::Damaged)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made.
pub(crate) fn open(key: &Secret, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(KeyError::Damaged)?;
    let payload = Payload {
        msg: sealed,
        aad: about,
    };
    cipher(key)
        .decrypt(&(*nonce).into(), payload)
        .map_err(|_| KeyError::Damaged)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Keys with these names; the same name is always the same key.
    pub(crate) fn keys(names: &[&str]) -> Keys {
        use sha2::Digest as _;
        let lines: Vec<String> = names
            .iter()
            .map(|name| format!("{name}:{}", hex::encode(sha2::Sha256::digest(name))))
            .collect();
        Keys::parse(&lines.join("\n")).expect("keys")
    }

    #[test]
    fn the_first_key_seals_and_all_open_what_was_sealed_for_the_same_purpose() {
        let (old, both) = (keys(&["2025"]), keys(&["2026", "2025"]));
        let key = fresh();
        let sealed = old.wrap("file", &key).expect("sealed");
        assert_eq!(both.unwrap("file", &sealed).expect("opened"), key);
        assert_eq!(both.unwrap("archive", &sealed), Err(KeyError::Damaged));
        let anew = both.wrap("file", &key).expect("sealed");
        assert_eq!(anew.by, "2026");
        let missing = Err(KeyError::Missing("2026".into()));
        assert_eq!(old.unwrap("file", &anew), missing);
        let renamed = Wrapped {
            by: "2025".into(),
            ..anew
        };
        assert_eq!(both.unwrap("file", &renamed), Err(KeyError::Damaged));
        assert_ne!(
            old.wrap("file", &key).expect("sealed"),
            sealed,
            "a nonce each"
        );
        assert_eq!(format!("{both:?}"), r#"["2026", "2025"]"#);
    }

    #[test]
    fn what_is_no_key_is_refused_without_showing_it() {
        let key = "ab".repeat(32);
        for text in [
            String::new(),
            key.clone(),
            format!(":{key}"),
            format!("a b:{key}"),
            format!("a:{key}0"),
            format!("a:{}", &key[2..]),
            format!("a:{key}\na:{key}"),
        ] {
            let wrong = Keys::parse(&text).expect_err("refused");
            assert!(!wrong.contains("abab"), "{wrong}");
        }
    }
}
