//! The signature of a message (Standard Webhooks 1.0, "Signature scheme"): HMAC-SHA256 over id, time and body.

use contract::value::Base64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Shortest key, in bytes (the specification's bounds are 24 and 64).
const KEY_BYTES_MIN: usize = 24;
/// How secrets of the specification begin; base64 of the key follows.
const PREFIX: &str = "whsec_";

/// What a system and the portal share.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl Key {
    /// Reads a secret: `whsec_` and base64, or base64 alone.
    ///
    /// # Errors
    /// In words, without the secret.
    pub fn read(secret: &str) -> Result<Self, &'static str> {
        let text = secret.trim();
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let Base64(key) = Base64::try_from(text.to_owned()).map_err(
            |_| "the secret is no base64 (`whsec_…`, as `openssl rand -base64 32` makes it)",
        )?;
        if key.len() < KEY_BYTES_MIN {
            return Err("the secret is shorter than 24 bytes");
        }
        Ok(Self(key))
    }

    /// The value of `Webhook-Signature`.
    #[must_use]
    pub fn signature(&self, id: &str, seconds: &str, body: &str) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        let value = mac.finalize().into_bytes().to_vec();
        format!("v1,{}", String::from(Base64(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_published_example_is_signed_alike() {
        let key = Key::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key");
        let signature = key.signature(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn short_and_broken_secrets_are_refused() {
        assert!(Key::read("whsec_c2hvcnQ=").is_err());
        assert!(Key::read("not base64!").is_err());
    }
}
