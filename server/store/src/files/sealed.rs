//! Encrypted files: a header, then segments of 64 KiB, each with AES-256-GCM by the STREAM construction (Hoang, Reyhanitabar, Rogaway,
//! Vizár 2015; nonce = prefix, number of the segment, whether it is the last), so that they are read as they come and a segment that
//! is missing, exchanged or cut off is noticed. Every file has a key of its own, which the header has sealed by a key of the store.

use crate::keys::{self, KEY_BYTES, KeyError, Secret};
use crate::vault::Vault;
use crate::{FileError, StoreError};
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::Aead as _;
use uuid::Uuid;

const MAGIC: &[u8; 8] = b"HSKSENC1";
/// What files' keys are sealed for.
const PURPOSE: &[u8] = b"file";
/// Nonce, key and tag.
const SEALED_KEY_BYTES: usize = 12 + KEY_BYTES + TAG_BYTES;
const PREFIX_BYTES: usize = 7;
const TAG_BYTES: usize = 16;
/// Bytes of a segment before it is sealed.
const SEGMENT_BYTES: usize = 64 * 1024;
/// Bytes before the first segment.
pub(super) const HEADER_BYTES: usize = MAGIC.len() + 16 + SEALED_KEY_BYTES + PREFIX_BYTES;

/// Whether bytes that begin an object are a header.
pub(super) fn is_sealed(begins: &[u8]) -> bool {
    begins.starts_with(MAGIC)
}

/// How long the file is in an object of this length.
pub(super) fn plain_size(object: u64) -> u64 {
    let [header, segment, tag] = [HEADER_BYTES, SEGMENT_BYTES + TAG_BYTES, TAG_BYTES]
        .map(|number| u64::try_from(number).unwrap_or(u64::MAX));
    let body = object.saturating_sub(header);
    body.saturating_sub(body.div_ceil(segment) * tag)
}

/// The segments' nonces in their order.
struct Segments {
    cipher: Aes256Gcm,
    prefix: [u8; PREFIX_BYTES],
    number: u32,
}

impl Segments {
    fn nonce(&mut self, last: bool) -> Result<[u8; 12], KeyError> {
        let mut nonce = [0; 12];
        let (prefix, rest) = nonce.split_at_mut(PREFIX_BYTES);
        prefix.copy_from_slice(&self.prefix);
        let (number, end) = rest.split_at_mut(4);
        number.copy_from_slice(&self.number.to_be_bytes());
        end.fill(u8::from(last));
        // 256 TiB: never reached, and never begun again from 0.
        self.number = self.number.checked_add(1).ok_or(KeyError::Damaged)?;
        Ok(nonce)
    }
}

/// Seals a file as it comes.
pub(super) struct Sealer {
    segments: Segments,
    /// What is not sealed yet: whether it is the last segment is not known.
    held: Vec<u8>,
}

impl Sealer {
    /// Begins; writes the header.
    pub(super) fn begin(vault: &Vault, out: &mut Vec<u8>) -> Result<Self, KeyError> {
        let (id, with) = vault.newest()?;
        let key = keys::fresh();
        let prefix: [u8; PREFIX_BYTES] = rand::random();
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(id.as_bytes());
        out.extend_from_slice(&keys::seal(&with, PURPOSE, key.as_slice())?);
        out.extend_from_slice(&prefix);
        Ok(Self {
            segments: Segments {
                cipher: keys::cipher(&key),
                prefix,
                number: 0,
            },
            held: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), KeyError> {
        while self.held.len() + bytes.len() > SEGMENT_BYTES {
            let (now, rest) = bytes.split_at(SEGMENT_BYTES - self.held.len());
            self.held.extend_from_slice(now);
            bytes = rest;
            self.seal(false, out)?;
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    fn seal(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), KeyError> {
        let nonce = self.segments.nonce(last)?;
        let sealed = self
            .segments
            .cipher
            .encrypt(&nonce.into(), self.held.as_slice())
            .map_err(|_| KeyError::Damaged)?;
        out.extend_from_slice(&sealed);
        self.held.clear();
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), KeyError> {
        self.seal(true, out)
    }
}

/// Opens a file as it comes.
pub(super) struct Opener {
    segments: Segments,
    held: Vec<u8>,
}

impl Opener {
    /// Begins with an object's header.
    pub(super) async fn begin(vault: Option<&Vault>, header: &[u8]) -> Result<Self, FileError> {
        let damaged = || FileError::Damaged;
        let rest = header.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let (id, rest) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
        let (sealed, rest) = rest
            .split_first_chunk::<SEALED_KEY_BYTES>()
            .ok_or_else(damaged)?;
        let (prefix, _) = rest
            .split_first_chunk::<PREFIX_BYTES>()
            .ok_or_else(damaged)?;
        let id = Uuid::from_bytes(*id);
        let vault = vault
            .ok_or_else(|| StoreError::from(KeyError::Missing(format!("of the store, {id}"))))?;
        let with = vault.key(id).await?;
        let opened = keys::open(&with, PURPOSE, sealed).map_err(|_| FileError::Damaged)?;
        let mut key = Secret::default();
        if opened.len() != KEY_BYTES {
            return Err(FileError::Damaged);
        }
        key.copy_from_slice(&opened);
        Ok(Self {
            segments: Segments {
                cipher: keys::cipher(&key),
                prefix: *prefix,
                number: 0,
            },
            held: Vec::new(),
        })
    }

    /// Takes what comes after the header; gives what can be opened.
    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), FileError> {
        while self.held.len() + bytes.len() > SEGMENT_BYTES + TAG_BYTES {
            let (now, rest) = bytes.split_at(SEGMENT_BYTES + TAG_BYTES - self.held.len());
            self.held.extend_from_slice(now);
            bytes = rest;
            self.open(false, out)?;
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    fn open(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), FileError> {
        let nonce = self.segments.nonce(last).map_err(|_| FileError::Damaged)?;
        let opened = self
            .segments
            .cipher
            .decrypt(&nonce.into(), self.held.as_slice())
            .map_err(|_| FileError::Damaged)?;
        out.extend_from_slice(&opened);
        self.held.clear();
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FileError> {
        self.open(true, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::keys::tests::keys;
    use contract::value::Timestamp;

    async fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().expect("folder");
        let database = Database::open_file(&folder.path().join("a.sqlite")).await;
        let vault = Vault::open(&database.expect("SQLite"), keys(&["a"]), Timestamp(1)).await;
        (folder, vault.expect("opens"))
    }

    fn sealed(vault: &Vault, bytes: &[u8], step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sealer = Sealer::begin(vault, &mut out).expect("begun");
        for some in bytes.chunks(step) {
            sealer.push(some, &mut out).expect("sealed");
        }
        sealer.finish(&mut out).expect("sealed");
        out
    }

    async fn opened(vault: &Vault, object: &[u8], step: usize) -> Result<Vec<u8>, FileError> {
        let (header, rest) = object.split_at(HEADER_BYTES.min(object.len()));
        let mut opener = Opener::begin(Some(vault), header).await?;
        let mut out = Vec::new();
        for some in rest.chunks(step) {
            opener.push(some, &mut out)?;
        }
        opener.finish(&mut out)?;
        Ok(out)
    }

    #[tokio::test]
    async fn any_length_in_any_steps_comes_back() {
        let (_folder, vault) = vault().await;
        for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            for step in [7000, 65_536, 1_000_000] {
                let object = sealed(&vault, &bytes, step);
                let size = u64::try_from(object.len()).expect("small");
                assert_eq!(plain_size(size), u64::try_from(length).expect("small"));
                assert!(opened(&vault, &object, step).await.expect("opened") == bytes);
                assert!(opened(&vault, &object, 9999).await.expect("opened") == bytes);
            }
        }
    }

    #[tokio::test]
    async fn segments_cannot_be_changed_cut_off_or_exchanged() {
        let (_folder, vault) = vault().await;
        let bytes = vec![7; 4 * SEGMENT_BYTES];
        let object = sealed(&vault, &bytes, 1_000_000);
        let segment = SEGMENT_BYTES + TAG_BYTES;
        for place in (0..object.len()).step_by(object.len() / 60) {
            let mut changed = object.clone();
            changed[place] ^= 1;
            assert!(opened(&vault, &changed, 50_000).await.is_err(), "{place}");
        }
        for kept in [0, 1, 3] {
            let cut = &object[..HEADER_BYTES + kept * segment];
            let told = opened(&vault, cut, 50_000).await;
            assert!(matches!(told, Err(FileError::Damaged)), "{kept} segments");
        }
        let mut exchanged = object.clone();
        let (one, other) = exchanged[HEADER_BYTES..].split_at_mut(segment);
        one.swap_with_slice(&mut other[..segment]);
        assert!(opened(&vault, &exchanged, 50_000).await.is_err());
        assert_ne!(object, sealed(&vault, &bytes, 1_000_000), "a key each");
    }
}
