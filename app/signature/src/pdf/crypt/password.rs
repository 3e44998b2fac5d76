//! From a password to the file's key (ISO 32000-2, 7.6.4, algorithms 2 to 13).

use super::Locked;
use super::cipher::{cbc_decrypt, cbc_encrypt, ecb_decrypt, rc4};
use crate::pdf::object::{Dictionary, Object};
use md5::{Digest as _, Md5};
use sha2::{Sha256, Sha384, Sha512};

/// What short passwords are filled up with.
const PAD: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
/// Longest password of 256-bit files, in bytes of UTF-8.
const UTF8_MAX: usize = 127;

/// What the file says.
pub(super) struct Said<'s> {
    pub(super) revision: i64,
    /// Bytes of the file's key.
    pub(super) length: usize,
    pub(super) permissions: u32,
    pub(super) id: &'s [u8],
    pub(super) metadata: bool,
    pub(super) source: &'s Dictionary,
}

/// What a password opens.
pub(super) struct Opened {
    pub(super) key: Vec<u8>,
    /// It is the owner's.
    pub(super) owner: bool,
    pub(super) permissions: u32,
}

impl Said<'_> {
    fn string(&self, key: &str, least: usize) -> Result<&[u8], Locked> {
        match self.source.get(key) {
            Some(Object::String(bytes)) if bytes.len() >= least => Ok(bytes),
            _ => Err(Locked::Unsupported),
        }
    }
}

/// Tries a password as the owner's, then as a reader's.
///
/// # Errors
/// [`Locked`].
pub(super) fn open(said: &Said<'_>, password: &str) -> Result<Opened, Locked> {
    if said.revision >= 5 {
        return open_256(said, password);
    }
    let mut spellings = vec![password.as_bytes().to_vec()];
    // PDFDocEncoding of letters up to U+00FF is Latin-1.
    let latin: Option<Vec<u8>> = password.chars().map(|c| u8::try_from(c).ok()).collect();
    spellings.extend(latin.filter(|latin| latin.as_slice() != password.as_bytes()));
    let owner = said.string("O", 32)?;
    let user = said.string("U", if said.revision == 2 { 32 } else { 16 })?;
    for (as_owner, spelling) in spellings
        .iter()
        .map(|spelling| (true, spelling))
        .chain(spellings.iter().map(|spelling| (false, spelling)))
    {
        let tried = if as_owner {
            user_of_owner(said, owner, spelling)
        } else {
            padded(spelling).to_vec()
        };
        let key = key(said, owner, &tried);
        if is_users(said, user, &key) {
            return Ok(Opened {
                key,
                owner: as_owner,
                permissions: said.permissions,
            });
        }
    }
    Err(Locked::Password)
}

fn padded(password: &[u8]) -> [u8; 32] {
    let mut filled = [0; 32];
    for (place, byte) in filled.iter_mut().zip(password.iter().chain(&PAD)) {
        *place = *byte;
    }
    filled
}

fn md5(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

fn first(bytes: &[u8], count: usize) -> &[u8] {
    bytes.get(..count.min(bytes.len())).unwrap_or_default()
}

/// Algorithm 2; the password is padded already.
fn key(said: &Said<'_>, owner: &[u8], padded: &[u8]) -> Vec<u8> {
    let hidden: &[u8] = if said.revision >= 4 && !said.metadata {
        &[0xff; 4]
    } else {
        &[]
    };
    let permissions = said.permissions.to_le_bytes();
    let mut hash = md5(&[
        first(padded, 32),
        first(owner, 32),
        &permissions,
        said.id,
        hidden,
    ]);
    if said.revision >= 3 {
        for _ in 0..50 {
            hash = md5(&[first(&hash, said.length)]);
        }
    }
    hash.truncate(said.length);
    hash
}

/// Algorithm 6: whether a key is the right one.
fn is_users(said: &Said<'_>, user: &[u8], key: &[u8]) -> bool {
    if said.revision == 2 {
        return rc4(key, &PAD) == first(user, 32);
    }
    let mut value = md5(&[&PAD, said.id]);
    for round in 0..20_u8 {
        let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        value = rc4(&key, &value);
    }
    value == first(user, 16)
}

/// Algorithm 7: the reader's password as the owner's opens it.
fn user_of_owner(said: &Said<'_>, owner: &[u8], password: &[u8]) -> Vec<u8> {
    let mut hash = md5(&[&padded(password)]);
    if said.revision >= 3 {
        for _ in 0..50 {
            hash = md5(&[&hash]);
        }
    }
    hash.truncate(said.length);
    let mut value = first(owner, 32).to_vec();
    if said.revision == 2 {
        return rc4(&hash, &value);
    }
    for round in (0..20_u8).rev() {
        let key: Vec<u8> = hash.iter().map(|byte| byte ^ round).collect();
        value = rc4(&key, &value);
    }
    value
}

/// Algorithms 2.A and 2.B.
fn open_256(said: &Said<'_>, password: &str) -> Result<Opened, Locked> {
    let password = first(password.as_bytes(), UTF8_MAX);
    let (user, owner) = (said.string("U", 48)?, said.string("O", 48)?);
    let known = first(user, 48);
    for (as_owner, value, entry, extra) in
        [(true, owner, "OE", known), (false, user, "UE", &[][..])]
    {
        let part = |from: usize, to: usize| value.get(from..to).unwrap_or_default();
        if hash(said.revision, password, part(32, 40), extra) != part(0, 32) {
            continue;
        }
        let between = hash(said.revision, password, part(40, 48), extra);
        let key = cbc_decrypt(&between, [0; 16], first(said.string(entry, 32)?, 32));
        let permissions = permitted(said, &key)?;
        return Ok(Opened {
            key,
            owner: as_owner,
            permissions,
        });
    }
    Err(Locked::Password)
}

/// Algorithm 13: `/Perms` repeats `/P` under the file's key; where they differ somebody changed one, and only what both permit counts.
fn permitted(said: &Said<'_>, key: &[u8]) -> Result<u32, Locked> {
    let perms = said.string("Perms", 16)?;
    let Some(block) = perms.first_chunk::<16>() else {
        return Err(Locked::Unsupported);
    };
    let plain = ecb_decrypt(key, *block);
    let Some(stated) = plain.first_chunk::<4>() else {
        return Err(Locked::Unsupported);
    };
    if plain.get(9..12) != Some(b"adb") {
        return Ok(0);
    }
    Ok(said.permissions & u32::from_le_bytes(*stated))
}

/// Algorithm 2.B (revision 6), or the plain digest of revision 5.
fn hash(revision: i64, password: &[u8], salt: &[u8], extra: &[u8]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in [password, salt, extra] {
        hasher.update(part);
    }
    let mut key = hasher.finalize().to_vec();
    if revision == 5 {
        return key;
    }
    let mut round = 0_u32;
    loop {
        let once: Vec<u8> = [password, &key, extra].concat();
        let many = once.repeat(64);
        let (Some(short), Some(vector)) = (
            key.get(..16),
            key.get(16..32).and_then(|part| part.first_chunk::<16>()),
        ) else {
            return Vec::new();
        };
        let encrypted = cbc_encrypt(short, *vector, &many);
        // 256 is 1 modulo 3, so the number's remainder is that of its digits' sum.
        let remainder = first(&encrypted, 16)
            .iter()
            .map(|byte| u32::from(*byte))
            .sum::<u32>()
            % 3;
        key = match remainder {
            0 => Sha256::digest(&encrypted).to_vec(),
            1 => Sha384::digest(&encrypted).to_vec(),
            _ => Sha512::digest(&encrypted).to_vec(),
        };
        round += 1;
        let last = encrypted.last().map_or(0, |byte| u32::from(*byte));
        if round >= 64 && last + 32 <= round {
            break;
        }
    }
    key.truncate(32);
    key
}
