//! DER put together from parts.

use anyhow::Result;
use const_oid::ObjectIdentifier;
use der::Encode as _;
use der::asn1::GeneralizedTime;
use std::time::Duration;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const SET: u8 = 0x31;

/// A value with its tag and length.
pub(super) fn tagged(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    if let Ok(short @ 0..0x80) = u8::try_from(length) {
        out.push(short);
    } else {
        let bytes = length.to_be_bytes();
        let used: Vec<u8> = bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect();
        out.push(0x80 | u8::try_from(used.len()).unwrap_or(8));
        out.extend(used);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(0x30, parts)
}

/// A set, in DER's order.
pub(super) fn set(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tagged(SET, &[&parts.concat()])
}

/// `[number]` around parts.
pub(super) fn explicit(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    tagged(0xa0 | number, parts)
}

pub(super) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    tagged(0x06, &[oid.as_bytes()])
}

/// An algorithm without parameters.
pub(super) fn algorithm(name: ObjectIdentifier) -> Vec<u8> {
    sequence(&[&oid(name)])
}

/// A number that is not negative, from its bytes.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut used: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    if used.first().is_none_or(|first| *first >= 0x80) {
        used.insert(0, 0);
    }
    tagged(INTEGER, &[&used])
}

/// A bit string of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    tagged(BIT_STRING, &[&[0], bytes])
}

/// `GeneralizedTime` of seconds since 1970.
pub(super) fn time(seconds: u64) -> Result<Vec<u8>> {
    Ok(GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?.to_der()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_are_der() {
        assert_eq!(tagged(4, &[&[1, 2]]), [4, 2, 1, 2]);
        assert_eq!(tagged(4, &[&[0; 200]])[..3], [4, 0x81, 200]);
        assert_eq!(tagged(4, &[&[0; 300]])[..4], [4, 0x82, 1, 44]);
        assert_eq!(integer(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
    }
}
