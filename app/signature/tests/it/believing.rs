//! Whoever has a faster arithmetic verifies afterwards what was believed: nothing comes out that would not have come out without. All
//! attacks and the published files are judged both ways too ([`crate::support::judged`]).

use crate::support::base::signable;
use crate::support::begun::{Begun, NOW, base};
use crate::support::judged::{believing, judged};
use crate::support::people::{PEOPLE, People};
use crate::support::pki::PKI;
use crate::support::signing::{BOX, sign};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::{Integrity, Level, TrustStatus, Verdict};
use contract::value::{Base64, Sha256};
use contract::worker::SigningEvidence;
use sha2::Digest as _;
use signature::{Claim, Digests, SignError, Signed, Values, claims, embed_knowing};
use std::rc::Rc;

fn trust() -> Trust {
    Trust {
        roots: vec![Base64(PKI.root.clone())],
    }
}

#[test]
fn what_is_believed_and_holds_is_verified_once() {
    for (name, base) in signable() {
        let (_, once) = sign(&base, &PKI.rsa, BOX);
        let (_, twice) = sign(&once, &PKI.p256, Rect { y: 140.0, ..BOX });
        let (none, asked) = believing(&base, &trust(), NOW);
        assert_eq!((none.verdict, asked), (Verdict::Unsigned, 0), "{name}");
        let (one, asked) = believing(&once, &trust(), NOW);
        assert_eq!(one.verdict, Verdict::Valid, "{name}");
        assert!(asked >= 2, "{name}: a signature and a certificate at least");
        let (two, more) = believing(&twice, &trust(), NOW);
        assert_eq!(two.verdict, Verdict::Valid, "{name}");
        assert!((asked + 1..2 * asked).contains(&more), "{name}: {more}");
    }
}

#[test]
fn every_level_is_judged_alike() {
    let begun = Begun::new(&base(), true, BOX);
    let mut before = 0;
    for level in [Level::BB, Level::BT, Level::BLt] {
        let done = begun.complete(&begun.at_level(level)).unwrap();
        assert_eq!(
            judged(&done.bytes, &PEOPLE.trust(), NOW).verdict,
            done.report.verdict
        );
        let (_, asked) = believing(&done.bytes, &PEOPLE.trust(), NOW);
        assert!(asked > before, "timestamps and answers are values too");
        before = asked;
    }
}

#[test]
fn what_is_believed_and_does_not_hold_is_told() {
    let (_, signed) = sign(&base(), &PKI.rsa, BOX);
    // The last digit of the value that is not padding: another value, everything else as it was.
    let end = signed.windows(2).rposition(|two| two == b"0>").unwrap();
    let digit = signed[..end].iter().rposition(|byte| *byte != b'0');
    let mut changed = signed.clone();
    changed[digit.unwrap()] ^= 1;
    let report = judged(&changed, &trust(), NOW);
    assert_eq!(report.signatures[0].integrity, Integrity::Broken);
    assert_eq!(report.verdict, Verdict::Invalid);
    // Certificates of the same names that others issued.
    let begun = Begun::new(&base(), false, BOX);
    let signed = begun.complete(&SigningEvidence::default()).unwrap().bytes;
    let report = judged(&signed, &People::namesakes().trust(), NOW);
    assert_eq!(report.signatures[0].trust, TrustStatus::Untrusted);
}

#[test]
fn a_value_that_is_known_is_not_computed() {
    let begun = Begun::new(&base(), false, BOX);
    let issuers = begun.signer.issuers();
    let value = vec![7; begun.value.len()];
    let signed = Signed {
        prepared: &begun.prepared,
        certificate: &begun.signer.certificate,
        chain: &issuers,
        value: &value,
        password: "",
    };
    let none = SigningEvidence::default();
    let embed = |values: &Values| {
        let bytes = begun.bytes.clone();
        embed_knowing(bytes, &signed, &none, &Digests::default(), values)
    };
    let values = Rc::new(Values::default());
    assert!(matches!(embed(&values), Err(SignError::Value(_))));
    let attributes = &begun.prepared.signed_attributes.0;
    let offered = claims(&begun.signer.certificate, attributes, &value);
    values.know(&offered[0], true);
    let embedded = embed(&values).unwrap();
    let report = embedded.validated(&PEOPLE.trust(), NOW, &values);
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    let report = embedded.validated(&PEOPLE.trust(), NOW, &Rc::default());
    assert_eq!(report.signatures[0].integrity, Integrity::Broken);
    let refused = embedded.completed(report);
    assert!(matches!(refused, Err(SignError::SelfCheckFailed(_))));
}

#[test]
fn claims_are_told_in_both_forms_of_a_value() {
    let signers = [(&PKI.rsa, 2, 256), (&PKI.p256, 1, 64), (&PKI.p384, 1, 96)];
    for (signer, count, length) in signers {
        let message = b"signed attributes";
        let digest = Sha256(sha2::Sha256::digest(message).into());
        for value in [signer.sign(&digest), signer.sign_otherwise(&digest)] {
            let offered = claims(&signer.certificate, message, &value);
            assert_eq!(offered.len(), count);
            let holding = offered.iter().filter(|claim| claim.holds());
            assert_eq!(holding.count(), 1);
            for claim in offered {
                assert_eq!(claim.plain_value().map(|plain| plain.len()), Some(length));
                let noise = Claim {
                    value: vec![1, 2, 3],
                    ..claim
                };
                assert!(!noise.holds());
            }
        }
    }
    assert!(claims(b"no certificate", b"", b"").is_empty());
}
