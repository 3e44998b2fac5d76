//! Asking whether a certificate is revoked: where, with what, and which answers are believed.

use crate::support::authority::{Party, Says, der, extension, is_ca, oid, purposes, seq, usage};
use contract::value::Timestamp;
use signature::status::{Sources, Word, ocsp_request, read_list, read_ocsp, sources};
use std::sync::LazyLock;

/// 6 November 2026, 15:06:40 UTC.
const NOW: Timestamp = Timestamp(1_794_000_000_000);
const BEFORE: &str = "20261106000000Z";
const AFTER: &str = "20261107000000Z";
/// AFTER.
const UNTIL: Timestamp = Timestamp(1_794_009_600_000);

struct People {
    root: Party,
    signer: Party,
    responder: Party,
    stranger: Party,
}

fn uri(text: &str) -> Vec<u8> {
    der(0x86, &[text.as_bytes()])
}

static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    let root = Party::root(&Says::new("Goc thu", 1, vec![is_ca(), usage(0x06)]));
    let access = |method: &str, address: &str| seq(&[&oid(method), &uri(address)]);
    let accesses = seq(&[
        &access("1.3.6.1.5.5.7.48.2", "http://ca.test/ca.crt"),
        &access("1.3.6.1.5.5.7.48.1", "http://ca.test/ocsp"),
    ]);
    let full = der(0xa0, &[&der(0xa0, &[&uri("http://ca.test/ca.crl")])]);
    let some_reasons = seq(&[&full, &der(0x81, &[&[6, 0x40]])]);
    let points = seq(&[&some_reasons, &seq(&[&full])]);
    let named = vec![
        usage(0xc0),
        extension("1.3.6.1.5.5.7.1.1", false, &accesses),
        extension("2.5.29.31", false, &points),
    ];
    People {
        signer: root.issue(&Says::new("Nguoi ky", 2, named)),
        responder: root.issue(&Says::new(
            "Tra loi",
            6,
            vec![usage(0x80), purposes(false, &["1.3.6.1.5.5.7.3.9"])],
        )),
        stranger: Party::root(&Says::new("Goc thu", 9, vec![is_ca(), usage(0x06)])),
        root,
    }
});

#[test]
fn a_certificate_says_where_to_ask() {
    let found = sources(&PEOPLE.signer.certificate);
    assert_eq!(
        found,
        Sources {
            ocsp: vec!["http://ca.test/ocsp".into()],
            lists: vec!["http://ca.test/ca.crl".into()],
        }
    );
    assert_eq!(sources(&PEOPLE.root.certificate), Sources::default());
    assert_eq!(sources(b"none"), Sources::default());
}

#[test]
fn a_request_names_the_certificate_as_the_answer_does() {
    let People { root, signer, .. } = &*PEOPLE;
    let request = ocsp_request(&signer.certificate, &root.certificate).unwrap();
    let answer = root.ocsp(root, 2, None, BEFORE, AFTER);
    // CertID: algorithm, two digests, serial number 2.
    let id = &request[8..];
    assert!(answer.windows(id.len()).any(|part| part == id));
    assert!(id.ends_with(&[2, 1, 2]));
    assert_eq!(ocsp_request(b"none", &root.certificate), None);
}

#[test]
fn what_the_issuer_or_its_responder_says_today_is_believed() {
    let People {
        root,
        signer,
        responder,
        ..
    } = &*PEOPLE;
    let good = Some(Word {
        revoked: None,
        until: Some(UNTIL),
    });
    let ocsp = |by: &Party, serial, revoked, from, next| {
        let answer = by.ocsp(root, serial, revoked, from, next);
        read_ocsp(&answer, &signer.certificate, &root.certificate, NOW)
    };
    assert_eq!(ocsp(root, 2, None, BEFORE, AFTER), good);
    assert_eq!(ocsp(responder, 2, None, BEFORE, AFTER), good);
    let revoked = ocsp(root, 2, Some("20261105000000Z"), BEFORE, AFTER).unwrap();
    assert!(revoked.revoked.is_some(), "{revoked:?}");
    assert_eq!(ocsp(root, 3, None, BEFORE, AFTER), None, "about another");
    assert_eq!(
        ocsp(root, 2, None, "20261101000000Z", BEFORE),
        None,
        "its time is over"
    );
    assert_eq!(
        ocsp(root, 2, None, AFTER, "20261108000000Z"),
        None,
        "of tomorrow"
    );
    assert_eq!(
        ocsp(&PEOPLE.stranger, 2, None, BEFORE, AFTER),
        None,
        "of an issuer that only has its name"
    );

    let list = |by: &Party, from, next, revoked: &[(u8, &str)]| {
        let list = by.crl(from, next, revoked);
        read_list(&list, &signer.certificate, &root.certificate, NOW)
    };
    assert_eq!(list(root, BEFORE, AFTER, &[(7, BEFORE)]), good);
    let revoked = list(root, BEFORE, AFTER, &[(7, BEFORE), (2, BEFORE)]).unwrap();
    assert!(revoked.revoked.is_some(), "{revoked:?}");
    assert_eq!(list(root, "20261101000000Z", BEFORE, &[]), None);
    assert_eq!(list(&PEOPLE.stranger, BEFORE, AFTER, &[]), None);
}

#[test]
fn nothing_hides_behind_an_answer_or_takes_its_place() {
    let People { root, signer, .. } = &*PEOPLE;
    let read = |bytes: &[u8]| read_ocsp(bytes, &signer.certificate, &root.certificate, NOW);
    let mut answer = root.ocsp(root, 2, None, BEFORE, AFTER);
    for place in 0..answer.len() {
        assert_eq!(read(&answer[..place]), None, "cut at {place}");
    }
    let list = root.crl(BEFORE, AFTER, &[]);
    assert_eq!(read(&list), None, "a list is no answer");
    answer.push(0);
    assert_eq!(read(&answer), None);
}
