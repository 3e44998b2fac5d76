//! Forms of signatures that nobody makes any more and many files still carry: they are read, told what they are worth, and a changed file is
//! told as changed.

use crate::support::begun::NOW;
use crate::support::handmade::{Paper, stream, with_signature};
use crate::support::judged::codes;
use crate::support::pki::{Key, PKI};
use contract::provider::Trust;
use contract::validation::{Integrity, Level, TrustStatus, ValidationReport, Verdict};
use contract::value::Base64;
use sha1::Digest as _;
use signature::validate;

const OLDEST: &str = "/Type/Sig/SubFilter/adbe.x509.rsa_sha1/M(D:20261101000000Z)";

fn checked(bytes: &[u8]) -> ValidationReport {
    let trust = Trust {
        roots: vec![Base64(PKI.root.clone())],
    };
    validate(bytes, &trust, NOW)
}

/// An RSA value over SHA-1, as an octet string.
fn value(message: &[u8]) -> Vec<u8> {
    let Key::Rsa(key) = &PKI.rsa.key else {
        panic!("an RSA key")
    };
    let digest = sha1::Sha1::digest(message);
    let value = key
        .sign(rsa::Pkcs1v15Sign::new::<sha1::Sha1>(), &digest)
        .unwrap();
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[0x04, 0x82, length[0], length[1]], value.as_slice()].concat()
}

/// Signed in the oldest form, with these certificates.
fn oldest(certificates: &str) -> Paper {
    let mut paper = Paper::new(&[]);
    let entries = format!("{OLDEST}{certificates}");
    paper.sign(21, &entries, &with_signature(""), &value);
    paper
}

fn hex_of(certificate: &[u8]) -> String {
    format!("<{}>", hex::encode(certificate))
}

#[test]
fn the_oldest_form_is_read_with_its_certificates_beside_it() {
    let (own, issuing) = (hex_of(&PKI.rsa.certificate), hex_of(&PKI.issuing));
    for certificates in [
        format!("/Cert[{own}{issuing}]"),
        format!("/Cert [ {own} {issuing} null 5 0 R ]"),
    ] {
        let report = checked(&oldest(&certificates).bytes);
        let [signature] = report.signatures.as_slice() else {
            panic!("one signature")
        };
        assert_eq!(signature.integrity, Integrity::Intact, "{report:#?}");
        assert_eq!(signature.trust, TrustStatus::Trusted);
        assert_eq!(signature.level, Level::None);
        // SHA-1 was given up long ago: it is never plainly valid.
        assert!(codes(&report).contains(&"weak-digest"));
        assert_eq!(report.verdict, Verdict::Indeterminate);
    }
    // One certificate alone, whose issuer nobody brought.
    let report = checked(&oldest(&format!("/Cert {own}")).bytes);
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    assert_eq!(report.signatures[0].trust, TrustStatus::Untrusted);
}

#[test]
fn the_oldest_form_tells_a_changed_file_and_another_signer() {
    let certificates = format!("/Cert {}", hex_of(&PKI.rsa.certificate));
    let mut bytes = oldest(&certificates).bytes;
    let at = bytes.windows(4).position(|part| part == b"1000").unwrap();
    bytes[at] = b'9';
    let report = checked(&bytes);
    assert_eq!(report.signatures[0].integrity, Integrity::Broken);
    assert_eq!(report.verdict, Verdict::Invalid);

    let mut paper = oldest(&certificates);
    paper.revise(&[(5, stream("", "BT /F1 24 Tf 60 700 Td (So tien 9000) Tj ET"))]);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Invalid);

    let other = format!("/Cert {}", hex_of(&PKI.issuing));
    let report = checked(&oldest(&other).bytes);
    assert_ne!(report.signatures[0].integrity, Integrity::Intact);
    assert_ne!(report.verdict, Verdict::Valid);

    let none = checked(&oldest("").bytes);
    assert!(codes(&none).contains(&"no-certificate"));
    assert_ne!(none.verdict, Verdict::Valid);
}
