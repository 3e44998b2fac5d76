//! The owner's password of older encryption (ISO 32000-2, 7.6.4.4, revisions 2 to 4), which hayro does not know: it unlocks the user's
//! password, which stands encrypted in `/O`. (Of revisions 5 and 6 hayro takes either.)

use hayro_syntax::object::{Dict, FromBytes as _, String as PdfString};
use md5::{Digest as _, Md5};

/// Fills a password up to 32 bytes (algorithm 2, step a).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// The user's password, if `owner` is the owner's; gibberish or nothing if not.
pub(crate) fn user_password(bytes: &[u8], owner: &str) -> Option<String> {
    let dict = encryption(bytes)?;
    let revision = dict.get::<u8>(b"R")?;
    if !(2..=4).contains(&revision) {
        return None;
    }
    let length = match revision {
        2 => 5,
        _ => usize::from(dict.get::<u16>(b"Length").unwrap_or(128) / 8),
    };
    let locked = dict.get::<PdfString<'_>>(b"O")?;
    let mut password = locked.get(..32)?.to_vec();
    let padded: Vec<u8> = owner.bytes().chain(PADDING).take(32).collect();
    let mut hash = Md5::digest(&padded).to_vec();
    let rounds = if revision == 2 { 1 } else { 20 };
    if revision > 2 {
        for _ in 0..50 {
            hash = Md5::digest(&hash).to_vec();
        }
    }
    let key = hash.get(..length)?;
    // Algorithm 7: the key of every round is the key with each byte turned by the round's number.
    for round in (0..rounds).rev() {
        let turned: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        rc4(&turned, &mut password);
    }
    let end = (0..=32).find(|end| {
        password
            .get(*end..)
            .is_some_and(|rest| PADDING.starts_with(rest))
    })?;
    password.truncate(end);
    String::from_utf8(password).ok()
}

/// The encryption dictionary: the trailer's last word on it, direct or by reference. Its strings are never encrypted.
fn encryption(bytes: &[u8]) -> Option<Dict<'_>> {
    const KEY: &[u8] = b"/Encrypt";
    let at = bytes.windows(KEY.len() + 1).rposition(|window| {
        window.starts_with(KEY)
            && window
                .last()
                .is_some_and(|next| matches!(next, b' ' | b'\n' | b'\r' | b'\t' | b'<'))
    })?;
    let value = bytes.get(at + KEY.len()..)?.trim_ascii_start();
    if value.starts_with(b"<<") {
        return Dict::from_bytes(value);
    }
    let mut words = value.split(u8::is_ascii_whitespace);
    let (number, generation) = (words.next()?, words.next()?);
    if !number.iter().chain(generation).all(u8::is_ascii_digit) {
        return None;
    }
    let head = [number, b" ", generation, b" obj"].concat();
    let at = bytes.windows(head.len()).enumerate().rposition(|(at, window)| {
        window == head
            // `17 0 obj` is not `7 0 obj`.
            && at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|before| !before.is_ascii_digit())
    })?;
    Dict::from_bytes(bytes.get(at + head.len()..)?.trim_ascii_start())
}

/// RC4, which is its own inverse.
fn rc4(key: &[u8], data: &mut [u8]) {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut other = 0_usize;
    for at in 0..256 {
        let (own, key) = (
            state.get(at).copied().unwrap_or(0),
            key.get(at % key.len().max(1)).copied().unwrap_or(0),
        );
        other = (other + usize::from(own) + usize::from(key)) % 256;
        state.swap(at, other);
    }
    let (mut at, mut other) = (0_usize, 0_usize);
    for byte in data {
        at = (at + 1) % 256;
        let own = usize::from(state.get(at).copied().unwrap_or(0));
        other = (other + own) % 256;
        state.swap(at, other);
        let sum = own + usize::from(state.get(at).copied().unwrap_or(0));
        *byte ^= state.get(sum % 256).copied().unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_unlocks_the_users_password() {
        let file = include_bytes!("../tests/it/encrypted/rc4-128.pdf");
        assert_eq!(user_password(file, "chu").as_deref(), Some("nguoi"));
        assert_ne!(user_password(file, "khac").as_deref(), Some("nguoi"));
        assert_eq!(user_password(b"%PDF-1.7 /Encrypt 9 0 R", "chu"), None);
    }
}
