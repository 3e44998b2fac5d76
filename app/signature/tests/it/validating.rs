//! What the validator says of signatures this crate made, and of what was done to them afterwards.

use crate::support::base::{Draft, signable};
use crate::support::handmade::revise;
use crate::support::judged::codes;
use crate::support::pki::{PKI, Pki};
use crate::support::signing::{BOX, sign};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::{
    Coverage, Integrity, Level, Modifications, TrustStatus, ValidationReport, Verdict,
};
use contract::value::{Base64, Timestamp};
use proptest::prelude::*;
use signature::validate;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn checked(bytes: &[u8]) -> ValidationReport {
    let trust = Trust {
        roots: vec![Base64(PKI.root.clone())],
    };
    validate(bytes, &trust, NOW)
}

/// Number and body of the first object that mentions something.
fn object_with(bytes: &[u8], word: &str) -> (u32, String) {
    let text = String::from_utf8_lossy(bytes);
    let object = text
        .split("endobj")
        .find(|object| object.contains(word))
        .expect("there");
    let (head, body) = object.rsplit_once(" 0 obj").expect("an object");
    let number = head.rsplit(char::is_whitespace).next().unwrap();
    (number.parse().unwrap(), body.trim().to_owned())
}

fn one_page() -> Vec<u8> {
    Draft::new(&[""]).table()
}

#[test]
fn what_this_crate_signs_is_valid_whatever_the_base_and_the_key() {
    for (name, base) in signable() {
        for signer in [&PKI.rsa, &PKI.p256, &PKI.p384] {
            let report = checked(&sign(&base, signer, BOX).1);
            assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
            let signature = &report.signatures[0];
            assert_eq!(signature.integrity, Integrity::Intact);
            assert_eq!(signature.coverage, Coverage::WholeFile);
            assert_eq!(signature.modifications, Modifications::None);
            assert_eq!(signature.trust, TrustStatus::Trusted);
            assert_eq!(signature.level, Level::BB);
        }
    }
}

#[test]
fn a_second_and_a_third_signature_leave_the_first_valid() {
    let (_, once) = sign(&one_page(), &PKI.rsa, BOX);
    let (_, twice) = sign(&once, &PKI.p256, Rect { y: 140.0, ..BOX });
    let (prepared, thrice) = sign(&twice, &PKI.p384, Rect { y: 240.0, ..BOX });
    let report = checked(&thrice);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let seen: Vec<_> = report
        .signatures
        .iter()
        .map(|signature| (signature.coverage, signature.modifications))
        .collect();
    assert_eq!(
        seen,
        [
            (Coverage::WholeRevision, Modifications::FormFill),
            (Coverage::WholeRevision, Modifications::FormFill),
            (Coverage::WholeFile, Modifications::None)
        ]
    );
    assert_eq!(
        report.signatures[2].signed_attributes_sha256,
        Some(prepared.digest),
        "the report names the digest that the provider signed"
    );
    assert_eq!(
        report.signatures[0].signer_id.as_deref(),
        Some("062099000011")
    );
}

#[test]
fn an_unknown_root_is_no_proof_and_no_signature_is_no_verdict() {
    let (_, signed) = sign(&one_page(), &PKI.rsa, BOX);
    let other = Trust {
        roots: vec![Base64(Pki::from_seed(1).root)],
    };
    let report = validate(&signed, &other, NOW);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_eq!(report.signatures[0].trust, TrustStatus::Untrusted);
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    assert_eq!(checked(&one_page()).verdict, Verdict::Unsigned);
    assert_eq!(checked(b"no PDF at all").verdict, Verdict::Unsigned);
    let late = Trust {
        roots: vec![Base64(PKI.root.clone())],
    };
    let decades_later = Timestamp(NOW.0 + 100 * 366 * 86_400_000);
    let report = validate(&signed, &late, decades_later);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_eq!(report.signatures[0].trust, TrustStatus::Expired);
}

#[test]
fn every_change_after_signing_that_nobody_permits_is_told() {
    let (_, signed) = sign(&one_page(), &PKI.rsa, BOX);
    let page = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents 150 0 R>>";
    let text = "<</Length 40>>stream\nBT /F1 24 Tf 60 700 Td (Da bi thay) Tj ET\nendstream";
    let attacks: [(&str, Vec<(u32, &str)>); 5] = [
        ("content replaced", vec![(4, text)]),
        ("page replaced", vec![(10, page), (150, text)]),
        (
            "a page added",
            vec![
                (
                    2,
                    "<</Type/Pages/Kids[10 0 R 150 0 R]/Count 2/MediaBox[0 0 595 842]>>",
                ),
                (150, "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"),
            ],
        ),
        (
            "font replaced",
            vec![(3, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")],
        ),
        (
            "another catalog entry",
            vec![(1, "<</Type/Catalog/Pages 2 0 R/OpenAction[10 0 R/Fit]>>")],
        ),
    ];
    for (name, objects) in attacks {
        let report = checked(&revise(&signed, &objects));
        // Whoever drops the form drops the field: then the signature's data is an orphan.
        let Some(signature) = report.signatures.first() else {
            assert_eq!(report.verdict, Verdict::Indeterminate, "{name}");
            assert_eq!(codes(&report), ["orphan-signature"], "{name}");
            continue;
        };
        assert_eq!(report.verdict, Verdict::Invalid, "{name}: {report:#?}");
        assert_eq!(signature.integrity, Integrity::Intact, "{name}");
        assert_eq!(signature.modifications, Modifications::Other, "{name}");
        assert!(codes(&report).contains(&"changed-after-signing"), "{name}");
    }
}

#[test]
fn a_date_of_the_file_may_change() {
    let base = Draft::new(&[""])
        .with(50, "<</Producer(a)>>")
        .table_with("1.7", "/Info 50 0 R");
    let (_, signed) = sign(&base, &PKI.p256, BOX);
    let mut changed = revise(&signed, &[(50, "<</Producer(b)>>")]);
    let report = checked(&changed);
    // A revision that drops /Info from its trailer leaves the object without use, but it was one.
    assert_eq!(
        report.signatures[0].modifications,
        Modifications::Lta,
        "{report:#?}"
    );
    assert_eq!(report.verdict, Verdict::Valid);
    changed.extend_from_slice(b"%");
    assert_ne!(checked(&changed).verdict, Verdict::Valid);
}

#[test]
fn bytes_nobody_signed_are_never_green() {
    let (_, signed) = sign(&one_page(), &PKI.rsa, BOX);
    let mut longer = signed.clone();
    longer.extend_from_slice(b"\n% appended\n");
    assert_ne!(checked(&longer).verdict, Verdict::Valid);
    let mut garbage = signed.clone();
    garbage.extend_from_slice(b"150 0 obj\n<</Evil true>>\nendobj\n");
    assert_ne!(checked(&garbage).verdict, Verdict::Valid);
    // The appearance of a standing signature is part of what was signed.
    let (number, body) = object_with(&signed, "/Widget");
    let without = body.replacen("/AP", "/Ap", 1);
    assert_ne!(body, without);
    let report = checked(&revise(&signed, &[(number, &without)]));
    assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
}

#[test]
fn the_value_of_another_document_or_certificate_does_not_pass() {
    let (_, signed) = sign(&one_page(), &PKI.rsa, BOX);
    let (prepared, other) = sign(&Draft::new(&["/Rotate 90"]).table(), &PKI.rsa, BOX);
    let [_, before, after, _] = prepared
        .byte_range
        .map(|part| usize::try_from(part).unwrap());
    let text = String::from_utf8_lossy(&signed).into_owned();
    let range: Vec<usize> = text
        .split("/ByteRange")
        .nth(1)
        .unwrap()
        .trim_start_matches([' ', '['])
        .split([' ', ']'])
        .filter_map(|part| part.parse().ok())
        .take(4)
        .collect();
    let mut transplanted = signed.clone();
    assert_eq!(after - before, range[2] - range[1], "the same length");
    transplanted[range[1]..range[2]].copy_from_slice(&other[before..after]);
    let report = checked(&transplanted);
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(report.signatures[0].integrity, Integrity::Broken);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever byte of the signed part is changed, the file is not valid any more; and nothing panics.
    #[test]
    fn one_changed_byte_is_one_too_many(place in any::<prop::sample::Index>(), flip in 1_u8..) {
        let (prepared, mut signed) = sign(&one_page(), &PKI.p256, BOX);
        let [_, before, after, _] = prepared.byte_range.map(|part| usize::try_from(part).unwrap());
        let place = place.index(signed.len());
        signed[place] ^= flip;
        let report = checked(&signed);
        if place < before || place >= after {
            prop_assert_ne!(report.verdict, Verdict::Valid);
        }
    }

    /// Cut anywhere, it neither panics nor is it valid.
    #[test]
    fn a_cut_file_is_not_valid(place in any::<prop::sample::Index>()) {
        let (_, signed) = sign(&one_page(), &PKI.p256, BOX);
        let report = checked(&signed[..place.index(signed.len())]);
        prop_assert_ne!(report.verdict, Verdict::Valid);
    }
}

/// Whether a report finds nothing wrong but the trust that only configured roots can give.
fn looks_sound(report: &ValidationReport) -> bool {
    use contract::validation::Severity;
    let no_error = |findings: &[contract::validation::Finding]| {
        findings
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    };
    !report.signatures.is_empty()
        && no_error(&report.findings)
        && report.signatures.iter().all(|signature| {
            signature.integrity == Integrity::Intact
                && matches!(
                    signature.coverage,
                    Coverage::WholeFile | Coverage::WholeRevision
                )
                && signature.modifications != Modifications::Other
                && no_error(&signature.findings)
        })
}

/// Published files with a known verdict, when they are on this machine: attacks are never sound, plain good files are.
#[test]
fn published_attacks_are_seen_and_published_good_files_pass() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/signatures");
    if !folder.is_dir() {
        println!("skipped: no corpus at {}", folder.display());
        return;
    }
    let report = |name: &str| checked(&std::fs::read(folder.join(name)).unwrap());
    for name in [
        "pyhanko/one-byterange.pdf",
        "pyhanko/signature-gap-too-big.pdf",
        "pyhanko/tail-uncovered.pdf",
        "pyhanko/weird-byterange.pdf",
        "pyhanko/extensions-indirect-not-all-paths.pdf",
        "pyhanko/form-update-override-appearance-stream-sneaky.pdf",
        "pyhanko/form-update-override-appearance-stream-ap-indirect-sneaky.pdf",
        "pyhanko/ed448-disallowed-hash.pdf",
        "pyhanko/pdf-sig-with-econtent.pdf",
        "dss/BadEncodedCMS.pdf",
        "dss/annotation-and-visible-change.pdf",
        "dss/hello_signed_INCSAVE_signed_EDITED.pdf",
        "dss/hide.pdf",
        "dss/modified_after_signature.pdf",
        "dss/pades-spoofing-replaced-reason.pdf",
        "dss/pdf-byterange-overlap.pdf",
        "dss/pdf-eof.pdf",
        "dss/pdf-removed-pages.pdf",
        "dss/pdf-signed-added-page.pdf",
        "dss/pdf-signed-corrupted.pdf",
        "dss/pdf-signed-out-of-byteRange.pdf",
        "dss/pdf-spoofing-attack.pdf",
        "dss/replace.pdf",
        "dss/siwa.pdf",
        "dss/wrong-digest-algo.pdf",
    ] {
        let report = report(name);
        assert!(!looks_sound(&report), "{name}: {report:#?}");
        assert_ne!(report.verdict, Verdict::Valid, "{name}");
    }
    for name in [
        "dss/DSS-2601.pdf",
        "dss/DSS-3567.pdf",
        "dss/Signature-P-DE_CRY-2 (HASH_FAILURE).pdf",
        "dss/Signature-P-HU_MIC-1.pdf",
        "dss/belgian_pki_multiple_ocsps.pdf",
        "dss/muestra-firmado-firmado.pdf",
        "dss/pades3_Baseline_B.pdf",
        "dss/pades-ltv.pdf",
        "dss/pdf-signed-original.pdf",
        "dss/pdf-with-eof-cr.pdf",
        "dss/pdfa2u-gray.pdf",
        "dss/sample_document_mra.pdf",
        "pyhanko/sig-with-ski-sid.pdf",
    ] {
        let report = report(name);
        assert!(looks_sound(&report), "{name}: {report:#?}");
    }
}
