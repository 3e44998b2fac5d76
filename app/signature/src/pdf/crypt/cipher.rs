//! The ciphers of the standard security handler (ISO 32000-2, 7.6.3).

use crate::pdf::object::Id;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256};
use md5::{Digest as _, Md5};

/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// How strings or streams are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Not at all.
    Identity,
    /// RC4 with a key for each object.
    Rc4,
    /// AES-128 in CBC with a key for each object.
    Aes128,
    /// AES-256 in CBC with the file's key.
    Aes256,
}

/// Reads a string or stream. What is no whole number of blocks is read as far as it goes, as other readers do.
pub(super) fn decrypt(method: Method, key: &[u8], id: Id, bytes: &[u8]) -> Vec<u8> {
    match method {
        Method::Identity => bytes.to_vec(),
        Method::Rc4 => rc4(&object_key(key, id, false), bytes),
        Method::Aes128 => unpadded(&object_key(key, id, true), bytes),
        Method::Aes256 => unpadded(key, bytes),
    }
}

/// Writes one; `vector` is the initial value where the method has one.
pub(super) fn encrypt(
    method: Method,
    key: &[u8],
    id: Id,
    bytes: &[u8],
    vector: [u8; BLOCK],
) -> Vec<u8> {
    match method {
        Method::Identity => bytes.to_vec(),
        Method::Rc4 => rc4(&object_key(key, id, false), bytes),
        Method::Aes128 => padded(&object_key(key, id, true), bytes, vector),
        Method::Aes256 => padded(key, bytes, vector),
    }
}

/// Algorithm 1: the key of an object.
fn object_key(key: &[u8], id: Id, aes: bool) -> Vec<u8> {
    let mut hasher = Md5::new();
    hasher.update(key);
    hasher.update(id.number.to_le_bytes().get(..3).unwrap_or_default());
    hasher.update(id.generation.to_le_bytes());
    if aes {
        hasher.update(b"sAlT");
    }
    let length = (key.len() + 5).min(16);
    hasher.finalize().into_iter().take(length).collect()
}

/// RC4, for reading and writing alike.
pub(super) fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or(0));
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or(0);
    if key.is_empty() {
        return bytes.to_vec();
    }
    let mut j = 0_u8;
    for (i, part) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&state, i)).wrapping_add(*part);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    bytes
        .iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            state.swap(usize::from(i), usize::from(j));
            byte ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

/// AES with a key of 16 or 32 bytes.
enum Aes {
    Short(Box<Aes128>),
    Long(Box<Aes256>),
}

impl Aes {
    fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Some(Self::Short(Box::new(Aes128::new_from_slice(key).ok()?))),
            32 => Some(Self::Long(Box::new(Aes256::new_from_slice(key).ok()?))),
            _ => None,
        }
    }

    fn encrypt(&self, block: &mut [u8; BLOCK]) {
        let mut inner = Array::from(*block);
        match self {
            Self::Short(cipher) => cipher.encrypt_block(&mut inner),
            Self::Long(cipher) => cipher.encrypt_block(&mut inner),
        }
        *block = inner.into();
    }

    fn decrypt(&self, block: &mut [u8; BLOCK]) {
        let mut inner = Array::from(*block);
        match self {
            Self::Short(cipher) => cipher.decrypt_block(&mut inner),
            Self::Long(cipher) => cipher.decrypt_block(&mut inner),
        }
        *block = inner.into();
    }
}

/// CBC without padding: whole blocks only.
pub(super) fn cbc_encrypt(key: &[u8], mut vector: [u8; BLOCK], bytes: &[u8]) -> Vec<u8> {
    let Some(aes) = Aes::new(key) else {
        return Vec::new();
    };
    let mut out = Vec::with_capacity(bytes.len());
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        for (own, above) in vector.iter_mut().zip(block) {
            *own ^= above;
        }
        aes.encrypt(&mut vector);
        out.extend_from_slice(&vector);
    }
    out
}

/// Undoes [`cbc_encrypt`].
pub(super) fn cbc_decrypt(key: &[u8], mut vector: [u8; BLOCK], bytes: &[u8]) -> Vec<u8> {
    let Some(aes) = Aes::new(key) else {
        return Vec::new();
    };
    let mut out = Vec::with_capacity(bytes.len());
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        let mut plain = *block;
        aes.decrypt(&mut plain);
        for (own, above) in plain.iter_mut().zip(vector) {
            *own ^= above;
        }
        vector = *block;
        out.extend_from_slice(&plain);
    }
    out
}

/// One block without chaining: `/Perms`.
pub(super) fn ecb_decrypt(key: &[u8], mut block: [u8; BLOCK]) -> [u8; BLOCK] {
    if let Some(aes) = Aes::new(key) {
        aes.decrypt(&mut block);
    }
    block
}

fn padded(key: &[u8], bytes: &[u8], vector: [u8; BLOCK]) -> Vec<u8> {
    let missing = BLOCK - bytes.len() % BLOCK;
    let mut plain = bytes.to_vec();
    plain.extend(std::iter::repeat_n(
        u8::try_from(missing).unwrap_or(0),
        missing,
    ));
    let mut out = vector.to_vec();
    out.extend(cbc_encrypt(key, vector, &plain));
    out
}

fn unpadded(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Some((vector, rest)) = bytes.split_first_chunk::<BLOCK>() else {
        return Vec::new();
    };
    let mut plain = cbc_decrypt(key, *vector, rest);
    let padding = plain.last().map_or(0, |last| usize::from(*last));
    if (1..=BLOCK).contains(&padding) && padding <= plain.len() {
        plain.truncate(plain.len() - padding);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_gives_the_published_values() {
        assert_eq!(
            hex::encode_upper(rc4(b"Key", b"Plaintext")),
            "BBF316E8D940AF0AD3"
        );
        assert_eq!(hex::encode_upper(rc4(b"Wiki", b"pedia")), "1021BF0420");
    }

    #[test]
    fn what_is_written_is_read_back_by_every_method() {
        let id = Id::new(7);
        for (method, length) in [
            (Method::Identity, 5),
            (Method::Rc4, 5),
            (Method::Rc4, 16),
            (Method::Aes128, 16),
            (Method::Aes256, 32),
        ] {
            let key = vec![9; length];
            for text in [
                "",
                "x",
                "mười sáu byte",
                "0123456789abcdef",
                "0123456789abcdefg",
            ] {
                let closed = encrypt(method, &key, id, text.as_bytes(), [3; 16]);
                assert_eq!(decrypt(method, &key, id, &closed), text.as_bytes());
                if method != Method::Identity && !text.is_empty() {
                    assert_ne!(closed, text.as_bytes());
                }
            }
        }
    }
}
