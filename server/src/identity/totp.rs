//! Codes of authenticator apps: TOTP (RFC 6238) over HMAC-SHA-1 with six digits every 30 seconds, which all apps can, and recovery codes.

use contract::access::RECOVERY_CODES;
use contract::value::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

/// Bytes of a secret (RFC 4226 §4, R6: as long as the hash).
pub const SECRET: usize = 20;
/// A step, in milliseconds.
const STEP_MS: i64 = 30_000;
/// Six digits.
const DIGITS: u32 = 1_000_000;
/// Bytes of a recovery code: 24 letters of base32. From 112 random bits on a plain hash is enough to keep it (NIST SP 800-63B-4 §3.1.2.2).
const RECOVERY: usize = 15;
/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What was typed where a code is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// Six digits.
    Code(u32),
    /// A recovery code, as it is hashed.
    Recovery(String),
}

impl Typed {
    /// Reads it; spaces, hyphens and small letters are the writer's. None for what is no code at all.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let text: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        if text.len() == 6 && text.bytes().all(|letter| letter.is_ascii_digit()) {
            return text.parse().ok().map(Self::Code);
        }
        let letters = RECOVERY * 8 / 5;
        let is_code = text.len() == letters && text.bytes().all(|letter| BASE32.contains(&letter));
        is_code.then_some(Self::Recovery(text))
    }
}

/// HOTP (RFC 4226 §5.3): the 31 bits of a step.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        // HMAC takes keys of every length.
        return 0;
    };
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(digest[19] & 0x0f);
    let word = digest
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or_default();
    u32::from_be_bytes(word) & 0x7fff_ffff
}

/// The step a code belongs to: this one, the one before or the next, for clocks that differ (RFC 6238 §5.2). All three are looked at,
/// whichever fits.
pub fn step_of(secret: &[u8], code: u32, now: Timestamp) -> Option<i64> {
    let current = now.0.div_euclid(STEP_MS);
    let mut found = Choice::from(0);
    let mut step = 0_i64;
    for candidate in current - 1..=current + 1 {
        let fits = (truncated(secret, candidate) % DIGITS).ct_eq(&code);
        step.conditional_assign(&candidate, fits);
        found |= fits;
    }
    bool::from(found).then_some(step)
}

/// Base32 without padding (RFC 4648 §6).
pub fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| {
        let byte = bytes.get(at / 8).copied().unwrap_or(0);
        usize::from((byte >> (7 - at % 8)) & 1)
    };
    (0..(bytes.len() * 8).div_ceil(5))
        .map(|letter| (0..5).fold(0, |value, place| (value << 1) | bit(letter * 5 + place)))
        .filter_map(|value| BASE32.get(value))
        .map(|letter| char::from(*letter))
        .collect()
}

/// The address authenticator apps read from a QR code (Key URI Format): algorithm, digits and period are the usual ones and stay unsaid,
/// since some apps stumble over them.
pub fn address(secret: &str, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// Percent-encoded (RFC 3986 §2.1), but for what needs it nowhere.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A set of recovery codes: as they are hashed.
pub fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| base32(&rand::random::<[u8; RECOVERY]>()))
        .collect()
}

/// As it is written down: four letters at a time.
pub fn written(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the seed of SHA-1, and codes of eight digits.
    const SEED: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_appendix() {
        for (second, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ] {
            assert_eq!(truncated(SEED, second / 30) % 100_000_000, code, "{second}");
        }
    }

    #[test]
    fn counters_are_those_of_rfc_4226() {
        // Appendix D.
        let codes = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
            520_489,
        ];
        for (counter, code) in (0_i64..).zip(codes) {
            assert_eq!(truncated(SEED, counter) % DIGITS, code);
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let code = truncated(SEED, 100) % DIGITS;
        let at = |step: i64| step_of(SEED, code, Timestamp(step * STEP_MS + 17));
        assert_eq!(at(98), None);
        for step in 99..=101 {
            assert_eq!(at(step), Some(100));
        }
        assert_eq!(at(102), None);
        assert_eq!(
            step_of(b"another secret", code, Timestamp(100 * STEP_MS)),
            None
        );
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        // RFC 4648 §10, without padding.
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
    }

    #[test]
    fn what_is_typed_is_read_as_people_type_it() {
        assert_eq!(Typed::read(" 012 345 "), Some(Typed::Code(12_345)));
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = codes[0].clone();
        assert_eq!(code.len(), 24);
        let written = written(&code);
        assert_eq!(written.len(), 29);
        let read = Typed::read(&format!(" {} ", written.to_lowercase()));
        assert_eq!(read, Some(Typed::Recovery(code)));
        for wrong in [
            "",
            "12345",
            "1234567",
            "12345a",
            "１２３４５６",
            &"A".repeat(25),
            &"1".repeat(24),
            &" ".repeat(100),
        ] {
            assert_eq!(Typed::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_says_whose_code_it_is() {
        assert_eq!(
            address("MZXW6", "Cổng A", "an@b"),
            "otpauth://totp/C%E1%BB%95ng%20A:an%40b?secret=MZXW6&issuer=C%E1%BB%95ng%20A"
        );
    }
}
