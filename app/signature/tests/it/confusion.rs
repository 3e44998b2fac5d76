//! Signatures whose CMS says one thing here and another there, under values that hold: never valid.

use crate::support::authority::{Says, der, oid, purposes, seq, stamp_attribute, usage};
use crate::support::forged::{
    DATA, ECDSA_SHA_384, Forged, SHA_1, SHA_256, SHA_384, attribute, binding, digested,
    old_binding, protection,
};
use crate::support::handmade::{Paper, TYPE, with_signature};
use crate::support::judged::{checked, codes};
use crate::support::people::{ANSWERING, JACK, PEOPLE, RESPONDER, SIGNER, STAMPER, STAMPING};
use contract::validation::{Indication, ValidationReport, Verdict};
use sha2::Digest as _;

fn judged(entries: &str, cms: &dyn Fn(&[u8]) -> Vec<u8>) -> ValidationReport {
    let mut paper = Paper::new(&[]);
    paper.sign(21, entries, &with_signature(""), cms);
    checked(&paper.bytes)
}

const TOKEN: &str = "1.2.840.113549.1.9.16.1.4";
const LEGACY: &str = "/Type/Sig/SubFilter/adbe.pkcs7.detached/M(D:20261101000000Z)";

#[test]
fn honest_forms_of_the_same_are_valid() {
    let own = &PEOPLE.signer.certificate;
    let cases: Vec<(&str, &str, Forged<'_>)> = vec![
        ("plain", TYPE, Forged::new()),
        (
            "attributes not in order",
            TYPE,
            Forged {
                unsorted: true,
                ..Forged::new()
            },
        ),
        (
            "protected algorithms",
            TYPE,
            Forged {
                more: vec![protection(SHA_256, "1.2.840.10045.4.3.2")],
                ..Forged::new()
            },
        ),
        (
            "both bindings",
            TYPE,
            Forged {
                binding: vec![binding(own), old_binding(own)],
                ..Forged::new()
            },
        ),
        (
            "legacy, no binding",
            LEGACY,
            Forged {
                binding: Vec::new(),
                ..Forged::new()
            },
        ),
        (
            "legacy, no attributes",
            LEGACY,
            Forged {
                bare: true,
                ..Forged::new()
            },
        ),
    ];
    for (name, entries, forged) in cases {
        let report = judged(entries, &|message| forged.cms(message));
        assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
    }
}

#[test]
fn parts_that_do_not_fit_together_are_never_valid() {
    let own = &PEOPLE.signer.certificate;
    let other = &PEOPLE.stamper.certificate;
    let time = |text: &str| attribute("1.2.840.113549.1.9.5", &[&der(0x17, &[text.as_bytes()])]);
    let cases: Vec<(&str, &str, Forged<'_>, &str)> = vec![
        (
            "no content type",
            TYPE,
            Forged {
                stated: None,
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "another content type",
            TYPE,
            Forged {
                stated: Some(TOKEN),
                ..Forged::new()
            },
            "content-type-differs",
        ),
        (
            "signed as a token",
            TYPE,
            Forged {
                kind: TOKEN,
                stated: Some(TOKEN),
                ..Forged::new()
            },
            "content-type-differs",
        ),
        (
            "enveloped kind",
            TYPE,
            Forged {
                kind: "1.2.840.113549.1.7.3",
                stated: Some("1.2.840.113549.1.7.3"),
                ..Forged::new()
            },
            "content-type-differs",
        ),
        (
            "no attributes",
            TYPE,
            Forged {
                bare: true,
                ..Forged::new()
            },
            "signed-attributes-missing",
        ),
        (
            "no attributes, kept as a token",
            LEGACY,
            Forged {
                bare: true,
                kind: TOKEN,
                ..Forged::new()
            },
            "signed-attributes-missing",
        ),
        (
            "no certificate named",
            TYPE,
            Forged {
                binding: Vec::new(),
                ..Forged::new()
            },
            "certificate-not-named",
        ),
        (
            "another certificate named",
            TYPE,
            Forged {
                binding: vec![binding(other)],
                ..Forged::new()
            },
            "certificate-not-bound",
        ),
        (
            "another certificate named, v1",
            TYPE,
            Forged {
                binding: vec![old_binding(other)],
                ..Forged::new()
            },
            "certificate-not-bound",
        ),
        (
            "two certificates named by two attributes",
            TYPE,
            Forged {
                binding: vec![binding(own), old_binding(other)],
                ..Forged::new()
            },
            "certificate-not-bound",
        ),
        (
            "the binding twice",
            TYPE,
            Forged {
                binding: vec![binding(own), binding(other)],
                ..Forged::new()
            },
            "attribute-repeated",
        ),
        (
            "the message digest twice",
            TYPE,
            Forged {
                more: vec![digested(SHA_256, b"other")],
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "the content type twice",
            TYPE,
            Forged {
                more: vec![attribute("1.2.840.113549.1.9.3", &[&oid(TOKEN)])],
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "two content types in one",
            TYPE,
            Forged {
                stated: None,
                more: vec![attribute(
                    "1.2.840.113549.1.9.3",
                    &[&oid(DATA), &oid(TOKEN)],
                )],
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "two signing times",
            LEGACY,
            Forged {
                more: vec![time("260101000000Z"), time("250101000000Z")],
                ..Forged::new()
            },
            "attribute-repeated",
        ),
        (
            "digest and signature algorithm differ",
            TYPE,
            Forged {
                digest: SHA_384,
                ..Forged::new()
            },
            "algorithms-disagree",
        ),
        (
            "weaker digest",
            TYPE,
            Forged {
                digest: SHA_1,
                ..Forged::new()
            },
            "weak-digest",
        ),
        (
            "another algorithm stated for the value",
            TYPE,
            Forged {
                algorithm: ECDSA_SHA_384,
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "RSA stated for a curve's value",
            TYPE,
            Forged {
                algorithm: "1.2.840.113549.1.1.11",
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "Ed25519 stated for a curve's value",
            TYPE,
            Forged {
                algorithm: "1.3.101.112",
                ..Forged::new()
            },
            "digest-or-value-mismatch",
        ),
        (
            "an unknown algorithm",
            TYPE,
            Forged {
                algorithm: "1.3.101.113",
                ..Forged::new()
            },
            "unsupported",
        ),
        (
            "protection of another digest",
            TYPE,
            Forged {
                more: vec![protection(SHA_384, "1.2.840.10045.4.3.2")],
                ..Forged::new()
            },
            "algorithms-disagree",
        ),
        (
            "protection of another algorithm",
            TYPE,
            Forged {
                more: vec![protection(SHA_256, ECDSA_SHA_384)],
                ..Forged::new()
            },
            "algorithms-disagree",
        ),
        (
            "two signers",
            TYPE,
            Forged {
                twice: true,
                ..Forged::new()
            },
            "cms-unreadable",
        ),
    ];
    let mut wrong = Vec::new();
    for (name, entries, forged, code) in cases {
        let report = judged(entries, &|message| forged.cms(message));
        if report.verdict == Verdict::Valid || !codes(&report).contains(&code) {
            wrong.push(format!("{name}: {:?} {:?}", report.verdict, codes(&report)));
        }
        assert_ne!(
            report.signatures[0].indication,
            Indication::TotalPassed,
            "{name}"
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn certificates_for_other_purposes_sign_no_documents() {
    for (name, party, serial) in [
        ("timestamps", &PEOPLE.stamper, STAMPER),
        ("timestamps and answers", &PEOPLE.jack, JACK),
        ("answers", &PEOPLE.responder, RESPONDER),
    ] {
        let forged = Forged {
            signer: party,
            serial,
            binding: vec![binding(&party.certificate)],
            ..Forged::new()
        };
        let report = judged(TYPE, &|message| forged.cms(message));
        assert_ne!(report.verdict, Verdict::Valid, "{name}");
        assert!(
            codes(&report).contains(&"wrong-key-usage"),
            "{name}: {report:#?}"
        );
    }
    // Purposes of persons, and none stated for a critical one that leaves room for more.
    for (serial, names, expected) in [
        (
            40,
            vec!["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"],
            Verdict::Valid,
        ),
        (41, vec!["1.3.6.1.5.5.7.3.36"], Verdict::Valid),
        (42, vec![STAMPING, "1.3.6.1.5.5.7.3.4"], Verdict::Valid),
        (
            43,
            vec!["1.3.6.1.5.5.7.3.1", ANSWERING],
            Verdict::Indeterminate,
        ),
    ] {
        let party = PEOPLE.root.issue(&Says::new(
            "Nguoi ky",
            serial,
            vec![usage(0xc0), purposes(true, &names)],
        ));
        let forged = Forged {
            signer: &party,
            serial,
            binding: vec![binding(&party.certificate)],
            ..Forged::new()
        };
        let report = judged(TYPE, &|message| forged.cms(message));
        assert_eq!(report.verdict, expected, "{names:?}: {report:#?}");
    }
}

#[test]
fn a_timestamp_proves_nothing_when_its_own_parts_do_not_fit() {
    // The signer's certificate has ended: only a timestamp that holds makes the signature valid.
    let stamped = |token: &dyn Fn(&[u8]) -> Vec<u8>| {
        judged(TYPE, &|message| {
            let stamp = |value: &[u8]| stamp_attribute(&token(value));
            PEOPLE
                .former
                .cms(message, None, &PEOPLE.root, 3, &[], &stamp)
        })
    };
    let honest = stamped(&|value| {
        PEOPLE
            .stamper
            .stamp(value, "20250601000000Z", &PEOPLE.root, STAMPER, &[])
    });
    // The certificate began in 2025, and /M says 2026: told, and nothing else.
    assert!(honest.signatures[0].proven_at.is_some(), "{honest:#?}");
    let other_message = stamped(&|value| {
        let longer = [value, b"x"].concat();
        PEOPLE
            .stamper
            .stamp(&longer, "20250601000000Z", &PEOPLE.root, STAMPER, &[])
    });
    let by_the_signer = stamped(&|value| {
        PEOPLE
            .former
            .stamp(value, "20250601000000Z", &PEOPLE.root, 3, &[])
    });
    let by_another = stamped(&|value| {
        // The token names the authority's certificate and is signed by somebody else's key.
        PEOPLE.signer.stamp(
            value,
            "20250601000000Z",
            &PEOPLE.root,
            STAMPER,
            &[&PEOPLE.stamper.certificate],
        )
    });
    let by_jack = stamped(&|value| {
        PEOPLE
            .jack
            .stamp(value, "20250601000000Z", &PEOPLE.root, JACK, &[])
    });
    let from_the_future = stamped(&|value| {
        PEOPLE
            .stamper
            .stamp(value, "20330601000000Z", &PEOPLE.root, STAMPER, &[])
    });
    let no_token = stamped(&|value| {
        // A signature of the authority over the value, kept as data and not as a token.
        PEOPLE.stamper.cms(
            value,
            Some((DATA, value)),
            &PEOPLE.root,
            STAMPER,
            &[],
            &|_| Vec::new(),
        )
    });
    for (name, report) in [
        ("another message", other_message),
        ("the signer itself", by_the_signer),
        ("another's key", by_another),
        ("an authority for everything", by_jack),
        ("the future", from_the_future),
        ("no token", no_token),
    ] {
        assert_eq!(report.signatures[0].proven_at, None, "{name}");
        assert_ne!(report.verdict, Verdict::Valid, "{name}");
    }
}

#[test]
fn bytes_behind_the_cms_and_one_cms_in_another_are_told() {
    let own = Forged::new();
    let behind = Forged {
        trailing: vec![0x30, 3, 2, 1, 1],
        ..Forged::new()
    };
    let report = judged(TYPE, &|message| behind.cms(message));
    assert!(codes(&report).contains(&"padding-not-zero"), "{report:#?}");
    assert_ne!(report.verdict, Verdict::Valid);
    let wrapped = judged(TYPE, &|message| {
        let inner = own.cms(message);
        PEOPLE.signer.cms(
            &inner,
            Some((DATA, &inner)),
            &PEOPLE.root,
            SIGNER,
            &[],
            &|_| Vec::new(),
        )
    });
    assert_ne!(wrapped.verdict, Verdict::Valid);
}

#[test]
fn what_leans_on_a_broken_digest_proves_nothing() {
    // A certificate that was signed with SHA-1, under a signature that was not.
    let party = PEOPLE
        .root
        .issue_weakly(&Says::new("Nguoi ky", 44, vec![usage(0xc0)]));
    let forged = Forged {
        signer: &party,
        serial: 44,
        binding: vec![binding(&party.certificate)],
        ..Forged::new()
    };
    let report = judged(TYPE, &|message| forged.cms(message));
    assert_eq!(report.verdict, Verdict::Indeterminate, "{report:#?}");
    assert!(codes(&report).contains(&"weak-digest"));
    // A timestamp whose imprint is SHA-1, over a signature whose certificate has ended.
    let stamped = |kind: &'static str| {
        judged(TYPE, &|message| {
            let stamp = |value: &[u8]| {
                let hashed = if kind == SHA_1 {
                    sha1::Sha1::digest(value).to_vec()
                } else {
                    sha2::Sha256::digest(value).to_vec()
                };
                let imprint = seq(&[&seq(&[&oid(kind)]), &der(4, &[&hashed])]);
                let at = "20250601000000Z";
                let root = &PEOPLE.root;
                stamp_attribute(&PEOPLE.stamper.stamp_imprint(
                    &imprint,
                    &[],
                    at,
                    root,
                    STAMPER,
                    &[],
                ))
            };
            PEOPLE
                .former
                .cms(message, None, &PEOPLE.root, 3, &[], &stamp)
        })
    };
    assert!(stamped(SHA_256).signatures[0].proven_at.is_some());
    let weak = stamped(SHA_1);
    assert_eq!(weak.signatures[0].proven_at, None);
    assert!(codes(&weak).contains(&"timestamp-weak"), "{weak:#?}");
}
