//! Whoever has a faster hash brings digests along: everything comes out as without them, and they are really used.

use crate::support::base::{Draft, signable};
use crate::support::begun::{Begun, NOW, base};
use crate::support::people::PEOPLE;
use crate::support::pki::PKI;
use crate::support::signing::{BOX, request, sign};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::{Integrity, Level, Verdict};
use contract::value::{Base64, Sha256};
use sha2::Digest as _;
use signature::key::DigestKind;
use signature::{
    Digests, Parts, Signed, Terms, asked, begin, complete, complete_knowing, prepare_on,
    prepare_owned, validate, validate_knowing,
};

fn trust() -> Trust {
    Trust {
        roots: vec![Base64(PKI.root.clone())],
    }
}

/// The digest of parts of a file, by what lies before and behind.
fn digest(bytes: &[u8], kind: DigestKind, parts: &Parts) -> Vec<u8> {
    kind.digest(&[&bytes[..parts.head], &bytes[parts.tail.clone()]].concat())
}

/// What validating a file asks for.
fn brought(bytes: &[u8]) -> Digests {
    let mut known = Digests::default();
    for (kind, parts) in asked(bytes, "") {
        known.insert(kind, &parts, digest(bytes, kind, &parts));
    }
    known
}

#[test]
fn the_verdict_is_the_same_with_digests_brought_along() {
    for (name, base) in signable() {
        let (_, once) = sign(&base, &PKI.rsa, BOX);
        let (_, twice) = sign(&once, &PKI.p256, Rect { y: 140.0, ..BOX });
        for file in [&base, &once, &twice] {
            let with = validate_knowing(file, "", &trust(), NOW, &brought(file));
            assert_eq!(with, validate(file, &trust(), NOW), "{name}");
        }
        let asked = asked(&twice, "");
        assert_eq!(asked.len(), 2, "{name}");
        assert!(
            asked.iter().all(|(kind, parts)| {
                *kind == DigestKind::Sha256 && parts.length() > base.len()
            })
        );
    }
}

#[test]
fn timestamps_over_a_whole_file_ask_for_their_digest_too() {
    let begun = Begun::new(&base(), true, BOX);
    let done = begun.complete(&begun.at_level(Level::BLt)).unwrap();
    let (prepared, bytes) = signature::archive::prepare_timestamp(&done.bytes).unwrap();
    assert!(asked(&bytes, "").len() < 2, "nothing is signed there yet");
    assert_eq!(
        prepared.digest.0.to_vec(),
        digest(
            &bytes,
            DigestKind::Sha256,
            &Parts {
                head: usize::try_from(prepared.byte_range[1]).unwrap(),
                tail: usize::try_from(prepared.byte_range[2]).unwrap()..bytes.len(),
            }
        )
    );
}

#[test]
fn a_digest_that_is_brought_along_decides() {
    let (_, signed) = sign(&Draft::new(&[""]).table(), &PKI.rsa, BOX);
    let mut wrong = Digests::default();
    for (kind, parts) in asked(&signed, "") {
        wrong.insert(kind, &parts, vec![7; kind.length()]);
    }
    let report = validate_knowing(&signed, "", &trust(), NOW, &wrong);
    assert_eq!(report.signatures[0].integrity, Integrity::Broken);
    assert_eq!(report.verdict, Verdict::Invalid);
}

#[test]
fn preparing_in_two_steps_gives_the_same_bytes() {
    for (name, base) in signable() {
        let (request, terms) = (request(&PKI.rsa, 0, BOX), Terms::default());
        let mut known = Digests::default();
        let whole = Parts::whole(base.len());
        let own = DigestKind::Sha256.digest(&base);
        known.insert(DigestKind::Sha256, &whole, own);
        let begun = begin(&base, &request, None, &terms, &known).unwrap();
        let parts = begun.parts().clone();
        let (mut whole, length) = (base.clone(), begun.length());
        begun.append_to(&mut whole);
        assert_eq!(whole.len(), base.len() + length);
        let own = digest(&whole, DigestKind::Sha256, &parts);
        known.insert(DigestKind::Sha256, &parts, own);
        let in_steps = (begun.digested(&whole, &known).unwrap(), whole);
        let at_once = prepare_on(&base, &request, None, &terms).unwrap();
        assert_eq!(in_steps, at_once, "{name}");
        let owned = prepare_owned(base, &request, None, &terms).unwrap();
        assert_eq!(owned, at_once, "{name}");
    }
}

#[test]
fn completing_with_a_digest_brought_along_gives_the_same_file() {
    let begun = Begun::new(&base(), true, BOX);
    let [_, head, from, length] = begun.prepared.byte_range;
    let place = |number: u64| usize::try_from(number).unwrap();
    let parts = Parts {
        head: place(head),
        tail: place(from)..place(from + length),
    };
    let mut known = Digests::default();
    let own = digest(&begun.bytes, DigestKind::Sha256, &parts);
    known.insert(DigestKind::Sha256, &parts, own);
    for level in [Level::BB, Level::BT, Level::BLt] {
        let evidence = begun.at_level(level);
        let issuers = begun.signer.issuers();
        let signed = Signed {
            prepared: &begun.prepared,
            certificate: &begun.signer.certificate,
            chain: &issuers,
            value: &begun.value,
            password: "",
        };
        let trust = PEOPLE.trust();
        let bytes = begun.bytes.clone();
        let with =
            complete_knowing(bytes.clone(), &signed, &evidence, &trust, NOW, &known).unwrap();
        let without = complete(bytes, &signed, &evidence, &trust, NOW).unwrap();
        assert_eq!(with.bytes, without.bytes);
        assert_eq!(with.report, without.report);
        assert_eq!(with.sha256, None, "nothing was hashed here");
        let whole = Sha256(sha2::Sha256::digest(&without.bytes).into());
        assert_eq!(without.sha256, Some(whole));
    }
}
