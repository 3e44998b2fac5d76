//! The key that seals what the database keeps of authenticator apps: AES-256-GCM (NIST SP 800-38D), bound to whose it is.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use anyhow::{Context as _, Result, anyhow, ensure};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

/// Environment variable with the key, 64 hexadecimal digits; with `_FILE` behind it the file that holds it.
pub const VARIABLE: &str = "PORTAL_SECRET_KEY";
/// Where demo mode keeps the key it makes, in the data folder.
const DEMO_FILE: &str = "secret.key";
/// Bytes of a nonce.
const NONCE: usize = 12;

/// The key. Never printed.
#[derive(Clone)]
pub struct SecretKey(Arc<SecretBox<[u8; 32]>>);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("SecretKey")
    }
}

impl SecretKey {
    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// When it is anything else; what it is, is not said.
    pub fn read(text: &SecretString) -> Result<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.expose_secret().trim(), &mut key)
            .map_err(|_| anyhow!("64 hexadecimal digits are wanted"))?;
        Ok(Self(Arc::new(SecretBox::new(Box::new(key)))))
    }

    /// The key of demo mode: made once, kept in the data folder, for its owner only.
    ///
    /// # Errors
    /// When the folder cannot be written or the file is no key.
    pub fn of_demo(data: &Path) -> Result<Self> {
        let path = data.join(DEMO_FILE);
        if !path.exists() {
            fs::create_dir_all(data).with_context(|| data.display().to_string())?;
            let fresh = data.join(format!("{DEMO_FILE}.{}", uuid::Uuid::new_v4().simple()));
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&fresh)
                .with_context(|| fresh.display().to_string())?;
            file.write_all(hex::encode(rand::random::<[u8; 32]>()).as_bytes())?;
            // Whole or not at all; of two instances that begin at once one is first.
            let linked = fs::hard_link(&fresh, &path);
            fs::remove_file(&fresh)?;
            if let Err(error) = linked {
                ensure!(path.exists(), "{}: {error}", path.display());
            }
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Self::read(&text.into()).with_context(|| path.display().to_string())
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.0.expose_secret()).into())
    }

    /// Seals bytes for a place: they open only as what they were sealed for.
    ///
    /// # Errors
    /// When they are too many (64 GiB).
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<String> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: place.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| anyhow!("cannot be sealed"))?;
        Ok(format!("1.{}{}", hex::encode(nonce), hex::encode(sealed)))
    }

    /// Opens what [`SecretKey::seal`] made.
    ///
    /// # Errors
    /// When it was sealed with another key, for another place, or was changed.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Vec<u8>> {
        let bytes = sealed
            .strip_prefix("1.")
            .and_then(|text| hex::decode(text).ok())
            .context("not sealed by this portal")?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().context("too short")?;
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        self.cipher()
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| anyhow!("sealed with another key or for another place"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_sealed_opens_with_its_key_at_its_place_and_unchanged() {
        let key = |digit: &str| SecretKey::read(&digit.repeat(64).into()).expect("a key");
        let sealed = key("a").seal("here", b"secret").expect("sealed");
        assert_ne!(sealed, key("a").seal("here", b"secret").expect("sealed"));
        assert_eq!(key("a").open("here", &sealed).expect("open"), b"secret");
        assert!(key("a").open("there", &sealed).is_err());
        assert!(key("b").open("here", &sealed).is_err());
        let mut changed = sealed.clone();
        let last = changed.pop().expect("not empty");
        changed.push(if last == '0' { '1' } else { '0' });
        for broken in [changed.as_str(), "", "1.", "1.00", "2.00", "1.zz"] {
            assert!(key("a").open("here", broken).is_err(), "{broken}");
        }
        assert_eq!(format!("{:?}", key("a")), "SecretKey");
    }

    #[test]
    fn a_key_is_64_digits() {
        for wrong in ["", "abc", &"g".repeat(64), &"a".repeat(66)] {
            let told = SecretKey::read(&wrong.into()).expect_err("refused");
            assert!(wrong.is_empty() || !told.to_string().contains(wrong));
        }
    }

    #[test]
    fn demo_makes_one_key_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("folder");
        let data = folder.path().join("server");
        let first = SecretKey::of_demo(&data).expect("made");
        let sealed = first.seal("x", b"y").expect("sealed");
        let second = SecretKey::of_demo(&data).expect("read");
        assert_eq!(second.open("x", &sealed).expect("the same key"), b"y");
        let file = fs::metadata(data.join(DEMO_FILE)).expect("there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&data).expect("folder").count(), 1);
    }
}
