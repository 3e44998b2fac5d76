//! Timestamps, revocation and levels: what is proven, by whom, and what is not.

mod lapsed;

use crate::support::authority::{Party, Says, is_ca, stamp_attribute, strange, usage};
use crate::support::handmade::{Paper, stream};
use crate::support::judged::{checked, codes};
use crate::support::people::PEOPLE;
use contract::validation::{
    Indication, Integrity, Level, Revocation, SubIndication, TrustStatus, ValidationReport, Verdict,
};
use contract::value::Timestamp;

fn at(text: &str) -> Timestamp {
    // Whole days of 2025 and 2026 are enough here.
    let days = match text {
        "20250601000000Z" => 20_240,
        "20260601000000Z" => 20_605,
        other => panic!("{other}"),
    };
    Timestamp(days * 86_400_000)
}

/// An invisible signature field as object `field`, beside those before it.
fn sign(
    paper: &mut Paper,
    field: u32,
    entries: &str,
    cms: &dyn Fn(&[u8]) -> Vec<u8>,
    earlier: &str,
    catalog: &str,
) {
    let objects = vec![
        (
            1,
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{catalog}>>"),
        ),
        (
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R {earlier} {field} 0 R]>>"
            ),
        ),
        (
            6,
            format!("<</Fields[7 0 R {earlier} {field} 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>"),
        ),
        (
            field,
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky {field})/Rect[0 0 0 0]/P 3 0 R/F 132/V {} 0 R>>",
                field + 1
            ),
        ),
    ];
    paper.sign(field + 1, entries, &objects, cms);
}

const TYPE: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached/M(D:20250601000000Z)";
const STAMP: &str = "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161";

/// A file signed by a party, its value stamped or not.
fn signed(signer: &Party, serial: u8, token: &dyn Fn(&[u8]) -> Vec<u8>) -> Paper {
    let mut paper = Paper::new(&[]);
    let cms = |message: &[u8]| signer.cms(message, None, &PEOPLE.root, serial, &[], token);
    sign(&mut paper, 20, TYPE, &cms, "", "");
    paper
}

fn plain(_: &[u8]) -> Vec<u8> {
    Vec::new()
}

fn stamped(authority: &'static Party, serial: u8, at: &'static str) -> impl Fn(&[u8]) -> Vec<u8> {
    move |value| stamp_attribute(&authority.stamp(value, at, &PEOPLE.root, serial, &[]))
}

/// Appends a document timestamp.
fn stamp_document(paper: &mut Paper, field: u32, at: &str, earlier: &str, catalog: &str) {
    let cms = |message: &[u8]| PEOPLE.stamper.stamp(message, at, &PEOPLE.root, 4, &[]);
    sign(paper, field, STAMP, &cms, earlier, catalog);
}

/// Values, DER.
type Values = Vec<Vec<u8>>;

/// Appends validation material.
fn store(paper: &mut Paper, answers: &[Vec<u8>], lists: &[Vec<u8>]) {
    let mut objects = vec![(
        1,
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 60 0 R>>".to_owned(),
    )];
    let mut names = [String::new(), String::new()];
    for (place, (list, values)) in names.iter_mut().zip([(61, answers), (71, lists)]) {
        for (number, value) in (list..).zip(values) {
            place.push_str(&format!("{number} 0 R "));
            objects.push((
                number,
                stream("/Filter/ASCIIHexDecode", &hex::encode(value)),
            ));
        }
    }
    objects.push((60, format!("<</OCSPs[{}]/CRLs[{}]>>", names[0], names[1])));
    paper.revise(&objects);
}

#[test]
fn a_signature_timestamp_proves_when_the_certificate_was_valid() {
    let bare = checked(&signed(&PEOPLE.former, 3, &plain).bytes);
    assert_eq!(bare.verdict, Verdict::Indeterminate);
    assert_eq!(bare.signatures[0].trust, TrustStatus::Expired);
    assert_eq!(bare.signatures[0].level, Level::BB);
    assert_eq!(
        bare.signatures[0].sub_indication,
        Some(SubIndication::OutOfBoundsNoPoe)
    );

    let good = checked(
        &signed(
            &PEOPLE.former,
            3,
            &stamped(&PEOPLE.stamper, 4, "20250601000000Z"),
        )
        .bytes,
    );
    assert_eq!(good.verdict, Verdict::Valid, "{good:#?}");
    let signature = &good.signatures[0];
    assert_eq!(signature.level, Level::BT);
    assert_eq!(signature.proven_at, Some(at("20250601000000Z")));
    assert_eq!(signature.indication, Indication::TotalPassed);
    assert_eq!(signature.chain, ["Nguoi ky cu", "Goc thu"]);

    // Stamped only after the certificate ended.
    let late = checked(
        &signed(
            &PEOPLE.former,
            3,
            &stamped(&PEOPLE.stamper, 4, "20260601000000Z"),
        )
        .bytes,
    );
    assert_eq!(late.verdict, Verdict::Indeterminate);
}

#[test]
fn a_timestamp_of_another_value_or_of_nobody_proves_nothing() {
    let other = |_: &[u8]| {
        stamp_attribute(
            &PEOPLE
                .stamper
                .stamp(b"another", "20250601000000Z", &PEOPLE.root, 4, &[]),
        )
    };
    let report = checked(&signed(&PEOPLE.signer, 2, &other).bytes);
    assert_ne!(report.verdict, Verdict::Valid);
    assert!(codes(&report).contains(&"timestamp-broken"), "{report:#?}");

    // Somebody whose certificate is for other things too, or who is no authority at all, or who stamps the future.
    for token in [
        stamped(&PEOPLE.jack, 5, "20250601000000Z"),
        stamped(&PEOPLE.signer, 2, "20250601000000Z"),
        stamped(&PEOPLE.stamper, 4, "20350601000000Z"),
    ] {
        let report = checked(&signed(&PEOPLE.former, 3, &token).bytes);
        assert_eq!(report.signatures[0].proven_at, None);
        assert_eq!(report.verdict, Verdict::Indeterminate);
        assert!(
            codes(&report).contains(&"timestamp-untrusted"),
            "{report:#?}"
        );
    }
}

#[test]
fn a_document_timestamp_proves_what_stands_before_it() {
    let mut paper = signed(&PEOPLE.former, 3, &plain);
    stamp_document(&mut paper, 30, "20250601000000Z", "20 0 R", "");
    let report = checked(&paper.bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(report.signatures[0].level, Level::BT);
    assert_eq!(report.signatures[0].proven_at, Some(at("20250601000000Z")));
    assert!(report.signatures[1].timestamp);
    assert_eq!(report.signatures[1].integrity, Integrity::Intact);
}

#[test]
fn lists_and_answers_decide_whether_a_certificate_was_revoked() {
    let root = &PEOPLE.root;
    let later = ("20261101000000Z", "20270101000000Z");
    let list = |revoked: &[(u8, &str)]| vec![root.crl(later.0, later.1, revoked)];
    let answer = |party: &Party, revoked| vec![party.ocsp(root, 2, revoked, later.0, later.1)];
    let cases: [(&str, Values, Values, Revocation); 9] = [
        ("an empty list", vec![], list(&[]), Revocation::Good),
        (
            "a list of others",
            vec![],
            list(&[(9, "20250101000000Z")]),
            Revocation::Good,
        ),
        (
            "a list with it",
            vec![],
            list(&[(2, "20250101000000Z")]),
            Revocation::Revoked,
        ),
        (
            "a good answer",
            answer(root, None),
            vec![],
            Revocation::Good,
        ),
        (
            "an appointed responder",
            answer(&PEOPLE.responder, None),
            vec![],
            Revocation::Good,
        ),
        (
            "a bad answer",
            answer(&PEOPLE.responder, Some("20250101000000Z")),
            vec![],
            Revocation::Revoked,
        ),
        (
            "an answer of nobody",
            answer(&PEOPLE.signer, None),
            vec![],
            Revocation::NotChecked,
        ),
        (
            "old data",
            vec![],
            vec![root.crl("20250101000000Z", "20250201000000Z", &[])],
            Revocation::Unknown,
        ),
        (
            "a list somebody else signed",
            vec![],
            vec![
                PEOPLE
                    .signer
                    .crl(later.0, later.1, &[(2, "20250101000000Z")]),
            ],
            Revocation::NotChecked,
        ),
    ];
    for (name, answers, lists, expected) in cases {
        let mut paper = signed(&PEOPLE.signer, 2, &plain);
        store(&mut paper, &answers, &lists);
        let report = checked(&paper.bytes);
        assert_eq!(
            report.signatures[0].revocation, expected,
            "{name}: {report:#?}"
        );
        let verdict = match expected {
            Revocation::Revoked => Verdict::Invalid,
            _ => Verdict::Valid,
        };
        assert_eq!(report.verdict, verdict, "{name}: {report:#?}");
    }
}

#[test]
fn a_certificate_revoked_after_the_proven_time_was_good_then() {
    let revoked = |at| {
        vec![
            PEOPLE
                .root
                .crl("20261101000000Z", "20270101000000Z", &[(2, at)]),
        ]
    };
    for (when, verdict, indication) in [
        ("20260101000000Z", Verdict::Valid, Indication::TotalPassed),
        ("20250101000000Z", Verdict::Invalid, Indication::TotalFailed),
    ] {
        let mut paper = signed(
            &PEOPLE.signer,
            2,
            &stamped(&PEOPLE.stamper, 4, "20250601000000Z"),
        );
        store(&mut paper, &[], &revoked(when));
        let report = checked(&paper.bytes);
        assert_eq!(report.verdict, verdict, "{when}: {report:#?}");
        assert_eq!(report.signatures[0].indication, indication, "{when}");
    }
}

#[test]
fn levels_are_found_up_to_long_term() {
    let mut paper = signed(
        &PEOPLE.signer,
        2,
        &stamped(&PEOPLE.stamper, 4, "20250601000000Z"),
    );
    let level = |paper: &Paper| {
        let report = checked(&paper.bytes);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        report.signatures[0].level
    };
    assert_eq!(level(&paper), Level::BT);
    store(
        &mut paper,
        &[],
        &[PEOPLE.root.crl("20261101000000Z", "20270101000000Z", &[])],
    );
    assert_eq!(level(&paper), Level::BLt);
    stamp_document(&mut paper, 80, "20260601000000Z", "20 0 R", "/DSS 60 0 R");
    assert_eq!(level(&paper), Level::BLta);
}

#[test]
fn a_path_over_what_is_not_understood_or_may_not_issue_leads_nowhere() {
    let root = &PEOPLE.root;
    let strange_signer = root.issue(&Says::new("La", 7, vec![usage(0xc0), strange(true)]));
    let harmless = root.issue(&Says::new("Lanh", 8, vec![usage(0xc0), strange(false)]));
    let no_issuer = root.issue(&Says::new("Khong cap", 9, vec![usage(0xc0)]));
    let under = no_issuer.issue(&Says::new("Duoi", 10, vec![usage(0xc0)]));
    let constrained = root.issue(&Says::new(
        "Han che",
        11,
        vec![is_ca(), usage(0x06), strange(true)],
    ));
    let below = constrained.issue(&Says::new("Duoi han che", 12, vec![usage(0xc0)]));
    let trust_of = |signer: &Party, issuer: &Party, serial, others: &[&[u8]]| {
        let mut paper = Paper::new(&[]);
        let cms = |message: &[u8]| signer.cms(message, None, issuer, serial, others, &plain);
        sign(&mut paper, 20, TYPE, &cms, "", "");
        let report = checked(&paper.bytes);
        assert_eq!(report.signatures[0].integrity, Integrity::Intact);
        report.signatures[0].trust
    };
    assert_eq!(trust_of(&harmless, root, 8, &[]), TrustStatus::Trusted);
    assert_eq!(
        trust_of(&strange_signer, root, 7, &[]),
        TrustStatus::Untrusted
    );
    assert_eq!(
        trust_of(&under, &no_issuer, 10, &[&no_issuer.certificate]),
        TrustStatus::Untrusted
    );
    assert_eq!(
        trust_of(&below, &constrained, 12, &[&constrained.certificate]),
        TrustStatus::Untrusted
    );
}

#[test]
fn a_certificate_for_something_else_leaves_the_signature_undecided() {
    let server = PEOPLE
        .root
        .issue(&Says::new("May chu", 13, vec![usage(0x20)]));
    let mut paper = Paper::new(&[]);
    let cms = |message: &[u8]| server.cms(message, None, &PEOPLE.root, 13, &[], &plain);
    sign(&mut paper, 20, TYPE, &cms, "", "");
    let report = checked(&paper.bytes);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_eq!(
        report.signatures[0].sub_indication,
        Some(SubIndication::ChainConstraintsFailure)
    );
}

#[test]
fn new_fields_of_the_report_are_added_to_the_old_ones() {
    let report = checked(&signed(&PEOPLE.signer, 2, &plain).bytes);
    let json = serde_json::to_value(&report).unwrap();
    let signature = &json["signatures"][0];
    for key in [
        "field",
        "signer",
        "serial",
        "level",
        "integrity",
        "coverage",
        "modifications",
        "trust",
        "findings",
    ] {
        assert!(!signature[key].is_null(), "{key}");
    }
    assert_eq!(signature["revocation"], "not-checked");
    assert_eq!(signature["indication"], "TOTAL-PASSED");
    assert_eq!(json["verdict"], "valid");
    // An older report without the new fields is still read.
    let mut old = json.clone();
    for key in [
        "proven_at",
        "revocation",
        "chain",
        "indication",
        "sub_indication",
    ] {
        old["signatures"][0].as_object_mut().unwrap().remove(key);
    }
    let read: ValidationReport = serde_json::from_value(old).unwrap();
    assert_eq!(read.verdict, Verdict::Valid);
}

#[test]
fn a_claimed_time_outside_the_certificate_leaves_the_signature_undecided() {
    let mut paper = Paper::new(&[]);
    let cms = |message: &[u8]| {
        PEOPLE
            .signer
            .cms(message, None, &PEOPLE.root, 2, &[], &plain)
    };
    let entries = TYPE.replace("20250601", "20190601");
    sign(&mut paper, 20, &entries, &cms, "", "");
    let report = checked(&paper.bytes);
    assert_eq!(report.verdict, Verdict::Indeterminate, "{report:#?}");
    assert!(codes(&report).contains(&"signed-outside-validity"));
}

#[test]
fn revocation_that_could_not_be_checked_is_a_warning_and_names_itself() {
    use contract::validation::Severity;
    let report = checked(&signed(&PEOPLE.signer, 2, &plain).bytes);
    let told = report.signatures[0]
        .findings
        .iter()
        .find(|finding| finding.code == "revocation-not-checked")
        .expect("told");
    assert_eq!(told.severity, Severity::Warning);
    assert_eq!(report.signatures[0].revocation, Revocation::NotChecked);
}
