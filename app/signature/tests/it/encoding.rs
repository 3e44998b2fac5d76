//! Signatures of other writers: CMS in BER, padding that is not zero.

use crate::support::base::Draft;
use crate::support::pki::PKI;
use crate::support::signing::{BOX, sign};
use contract::provider::Trust;
use contract::validation::{Integrity, ValidationReport, Verdict};
use contract::value::{Base64, Timestamp};
use signature::validate;

fn checked(bytes: &[u8]) -> ValidationReport {
    let trust = Trust {
        roots: vec![Base64(PKI.root.clone())],
    };
    validate(bytes, &trust, Timestamp(1_795_000_000_000))
}

/// A signed file and where its `/Contents` has its digits.
fn signed() -> (Vec<u8>, std::ops::Range<usize>) {
    let (prepared, bytes) = sign(&Draft::new(&[""]).table(), &PKI.rsa, BOX);
    let [_, before, after, _] = prepared
        .byte_range
        .map(|part| usize::try_from(part).unwrap());
    (bytes, before + 1..after - 1)
}

/// `30 82 hi lo …` becomes `30 80 … 00 00`: the same length.
fn indefinite(der: &[u8], inside: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    assert_eq!(der[1], 0x82, "a long value");
    let mut out = vec![der[0], 0x80];
    out.extend(inside(&der[4..]));
    out.extend([0, 0]);
    assert_eq!(out.len(), der.len());
    out
}

#[test]
fn a_cms_in_ber_is_as_good_as_one_in_der() {
    let (mut bytes, place) = signed();
    let contents = hex::decode(&bytes[place.clone()]).unwrap();
    let length = 4 + usize::from(contents[2]) * 256 + usize::from(contents[3]);
    let (der, padding) = contents.split_at(length);
    let kind_length = 2 + usize::from(der[5]);
    let ber = indefinite(der, |content| {
        let (kind, explicit) = content.split_at(kind_length);
        let inner = indefinite(explicit, |data| indefinite(data, <[u8]>::to_vec));
        [kind, &inner].concat()
    });
    assert_ne!(ber, der);
    let digits = hex::encode([&ber, padding].concat());
    bytes[place].copy_from_slice(digits.as_bytes());
    let report = checked(&bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
}

#[test]
fn padding_that_is_not_zero_is_told_and_decides_nothing() {
    let (mut bytes, place) = signed();
    let last = place.end - 1;
    assert_eq!(&bytes[last - 1..=last], b"00", "padded");
    bytes[last] = b'7';
    let report = checked(&bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let codes: Vec<_> = report.signatures[0]
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert!(codes.contains(&"padding-not-zero"), "{codes:?}");
}
