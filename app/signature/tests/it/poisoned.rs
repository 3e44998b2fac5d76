//! What somebody else puts into a file's store of validation data proves nothing and refutes nothing: it is believed for its signature.

use crate::support::authority::{Says, is_ca, usage};
use crate::support::handmade::{Paper, revise, signed, stream};
use crate::support::judged::{checked, codes};
use crate::support::people::{PEOPLE, People, SIGNER};
use contract::validation::{Revocation, TrustStatus, Verdict};

type Values = Vec<Vec<u8>>;

/// The signed file with a store.
fn with(certificates: &Values, answers: &Values, lists: &Values) -> Vec<u8> {
    let mut objects = vec![(
        1,
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 60 0 R>>".to_owned(),
    )];
    let mut number = 61;
    let mut names = Vec::new();
    for values in [certificates, answers, lists] {
        let mut list = String::new();
        for value in values {
            list.push_str(&format!("{number} 0 R "));
            objects.push((
                number,
                stream("/Filter/ASCIIHexDecode", &hex::encode(value)),
            ));
            number += 1;
        }
        names.push(list);
    }
    let [certificates, answers, lists] = names.as_slice() else {
        unreachable!();
    };
    objects.push((
        60,
        format!(
            "<</Type/DSS/Certs[{certificates}]/OCSPs[{answers}]/CRLs[{lists}]/VRI<</{}<</Cert[{certificates}]/OCSP[{answers}]/CRL[{lists}]>>>>>>",
            "A".repeat(40)
        ),
    ));
    let objects: Vec<(u32, &str)> = objects
        .iter()
        .map(|(number, body)| (*number, body.as_str()))
        .collect();
    revise(&signed().bytes, &objects)
}

const FROM: &str = "20261101000100Z";
const NEXT: &str = "20261201000000Z";

#[test]
fn nobody_but_the_issuer_revokes_or_vouches() {
    let strangers = People::strangers();
    let revoked = Some("20261001000000Z");
    let honest = |revoked| {
        PEOPLE
            .responder
            .ocsp(&PEOPLE.root, SIGNER, revoked, FROM, NEXT)
    };
    // Answers and lists of strangers, of a signer, and of a responder of strangers, in the issuer's name.
    let theirs: Values = vec![
        strangers
            .responder
            .ocsp(&PEOPLE.root, SIGNER, revoked, FROM, NEXT),
        strangers
            .root
            .ocsp(&PEOPLE.root, SIGNER, revoked, FROM, NEXT),
        PEOPLE
            .signer
            .ocsp(&PEOPLE.root, SIGNER, revoked, FROM, NEXT),
        PEOPLE
            .stamper
            .ocsp(&PEOPLE.root, SIGNER, revoked, FROM, NEXT),
        // By the right responder, about another certificate.
        PEOPLE.responder.ocsp(&PEOPLE.root, 77, revoked, FROM, NEXT),
        PEOPLE
            .responder
            .ocsp(&strangers.root, SIGNER, revoked, FROM, NEXT),
        b"no answer".to_vec(),
        Vec::new(),
    ];
    let lists: Values = vec![
        strangers
            .root
            .crl(FROM, NEXT, &[(SIGNER, "20261001000000Z")]),
        PEOPLE
            .signer
            .crl(FROM, NEXT, &[(SIGNER, "20261001000000Z")]),
        b"no list".to_vec(),
    ];
    let report = checked(&with(&Vec::new(), &theirs, &lists));
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
    assert_ne!(report.signatures[0].revocation, Revocation::Revoked);
    assert_ne!(
        report.signatures[0].revocation,
        Revocation::Good,
        "nobody vouched"
    );

    // What the issuer says counts, whatever stands around it.
    let good: Values = [
        theirs.clone(),
        vec![
            strangers
                .responder
                .ocsp(&PEOPLE.root, SIGNER, None, FROM, NEXT),
            honest(revoked),
        ],
    ]
    .concat();
    let report = checked(&with(&Vec::new(), &good, &lists));
    assert_eq!(report.signatures[0].trust, TrustStatus::Revoked);
    assert_eq!(report.verdict, Verdict::Invalid);
    let report = checked(&with(
        &Vec::new(),
        &[theirs, vec![honest(None)]].concat(),
        &lists,
    ));
    assert_eq!(report.signatures[0].revocation, Revocation::Good);
}

#[test]
fn certificates_in_the_store_are_links_and_never_roots() {
    let strangers = People::strangers();
    // Another authority in the root's name, and a signer that plays the issuer.
    let namesake = crate::support::authority::Party::root(&Says::new(
        "Goc thu",
        55,
        vec![is_ca(), usage(0x06)],
    ));
    let certificates = vec![
        namesake.certificate.clone(),
        strangers.root.certificate.clone(),
        strangers.signer.certificate.clone(),
        PEOPLE.signer.certificate[..PEOPLE.signer.certificate.len() - 3].to_vec(),
    ];
    let report = checked(&with(&certificates, &Vec::new(), &Vec::new()));
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
    assert_eq!(report.signatures[0].chain, ["Nguoi ky", "Goc thu"]);

    // Signed by somebody whom only the store's root knows.
    let cms = |message: &[u8]| {
        let nothing = |_: &[u8]| Vec::new();
        strangers.signer.cms(
            message,
            None,
            &strangers.root,
            SIGNER,
            &[&strangers.root.certificate],
            &nothing,
        )
    };
    let mut paper = Paper::new(&[]);
    paper.sign(
        21,
        crate::support::handmade::TYPE,
        &crate::support::handmade::with_signature(""),
        &cms,
    );
    let report = checked(&paper.bytes);
    assert_eq!(report.signatures[0].trust, TrustStatus::Untrusted);
    assert_eq!(report.verdict, Verdict::Indeterminate);
}

#[test]
fn a_store_of_thousands_is_read_to_a_bound() {
    let many: Values = (0..3000_u32)
        .map(|number| number.to_be_bytes().to_vec())
        .collect();
    let report = checked(&with(&many, &many, &many));
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
}
