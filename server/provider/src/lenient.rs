//! Reading JSON the way providers write it: numbers as text, base64 with line breaks, serials in every spelling.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use contract::value::Serial;
use serde_json::Value;

/// A whole number, also where it is written as text.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// A count of seconds, also where it is written as text.
pub(crate) fn seconds(value: &Value) -> Option<u64> {
    number(value).and_then(|seconds| u64::try_from(seconds).ok())
}

/// The first of the keys that has a text which is not empty.
pub(crate) fn text<'a>(object: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .find_map(|key| object.get(key)?.as_str())
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Base64 as it comes: line breaks inside (also escaped ones), PEM armour around, padding missing.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let body: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("-----"))
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let body = body.replace("\\r", "").replace("\\n", "");
    if body.is_empty() {
        return None;
    }
    STANDARD
        .decode(&body)
        .or_else(|_| STANDARD_NO_PAD.decode(&body))
        .ok()
}

/// The serial of an X.509 certificate (RFC 5280, 4.1): the one the server knows the certificate by.
pub(crate) fn serial(der: &[u8]) -> Option<Serial> {
    let (_, certificate, _) = element(der)?;
    let (_, signed, _) = element(certificate)?;
    let (tag, first, rest) = element(signed)?;
    // The version is tagged [0] and may be missing.
    let number = if tag == 0xa0 { element(rest)?.1 } else { first };
    hex::encode(number).parse().ok()
}

/// One DER element: its tag, its content, what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let count = usize::from(short & 0x7f);
        let digits = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
        let length = digits
            .iter()
            .fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
        (length, rest.get(count..)?)
    };
    Some((tag, rest.get(..length)?, rest.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn base64_is_read_with_breaks_armour_and_without_padding() {
        for text in [
            "AQIDBA==",
            "AQ\r\nID\nBA==",
            "AQIDBA",
            "-----BEGIN CERTIFICATE-----\nAQIDBA==\n-----END CERTIFICATE-----",
            "AQ\\r\\nIDBA==",
        ] {
            assert_eq!(bytes(text), Some(vec![1, 2, 3, 4]), "{text}");
        }
        assert_eq!(bytes(" \r\n"), None);
        assert_eq!(bytes("%%"), None);
    }

    #[test]
    fn numbers_come_as_text_too() {
        assert_eq!(number(&json!(" 4000 ")), Some(4000));
        assert_eq!(number(&json!(4000)), Some(4000));
        assert_eq!(number(&json!("soon")), None);
        assert_eq!(seconds(&json!(-1)), None);
    }

    #[test]
    fn a_serial_is_read_with_and_without_a_version() {
        let with = [0x30, 12, 0x30, 10, 0xa0, 3, 2, 1, 2, 2, 3, 0, 0x9a, 0xbc];
        let without = [0x30, 6, 0x30, 4, 2, 2, 0x9a, 0xbc];
        let expected: Option<Serial> = Some("9ABC".parse().expect("valid"));
        assert_eq!(serial(&with), expected);
        assert_eq!(serial(&without), expected);
        assert_eq!(serial(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(der: Vec<u8>, text in "\\PC{0,80}") {
            let _ = serial(&der);
            let _ = bytes(&text);
        }
    }
}
