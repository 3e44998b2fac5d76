//! What may follow a signature and what may not: form filling, locks, certification, and the published classes of attack, each built here.

use crate::support::handmade::{Paper, TYPE, certified, cms, signed, stream, with_signature};
use crate::support::judged::{checked, codes};
use contract::validation::{Modifications, ValidationReport, Verdict};

const FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4>>";

/// The text field filled, with an appearance that shows `shown`.
fn filled(held: &str, shown: &str) -> Vec<(u32, String)> {
    vec![
        (
            7,
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4/V({held})/AP<</N 30 0 R>>>>"
            ),
        ),
        (
            30,
            stream(
                "/Type/XObject/Subtype/Form/BBox[0 0 200 20]",
                &format!("/Tx BMC BT /Helv 12 Tf 2 6 Td ({shown}) Tj ET EMC"),
            ),
        ),
    ]
}

fn revised(mut paper: Paper, objects: &[(u32, String)]) -> ValidationReport {
    paper.revise(objects);
    checked(&paper.bytes)
}

#[test]
fn what_is_signed_here_is_valid_before_anything_follows() {
    for paper in [signed(), certified(1), certified(2), certified(3)] {
        let report = checked(&paper.bytes);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        assert_eq!(report.signatures[0].modifications, Modifications::None);
    }
}

#[test]
fn a_field_may_be_filled_where_the_signer_permits_it() {
    for (paper, permitted) in [
        (signed(), true),
        (certified(1), false),
        (certified(2), true),
        (certified(3), true),
    ] {
        let report = revised(paper, &filled("An", "An"));
        if permitted {
            assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
            assert_eq!(report.signatures[0].modifications, Modifications::FormFill);
            assert!(codes(&report).contains(&"field-filled"));
        } else {
            assert_eq!(report.verdict, Verdict::Invalid);
            assert!(codes(&report).contains(&"not-permitted"));
        }
    }
}

#[test]
fn locked_fields_stay_as_they_were() {
    let params = |action: &str, fields: &str| {
        format!(
            "{TYPE}/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/Action/{action}/Fields[{fields}]/V/1.2>>>>]"
        )
    };
    let cases = [
        (params("Include", "(Ten)"), "", true),
        (params("Include", "(Te)"), "", false),
        (params("Include", "(Khac)"), "", false),
        (params("Exclude", "(Khac)"), "", true),
        (params("Exclude", "(Ten)"), "", false),
        (params("All", ""), "", true),
        (
            TYPE.to_owned(),
            "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Ten)]>>",
            true,
        ),
        (
            TYPE.to_owned(),
            "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Khac)]/P 1>>",
            true,
        ),
        (
            TYPE.to_owned(),
            "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Khac)]/P 2>>",
            false,
        ),
    ];
    for (entries, lock, locked) in cases {
        let mut paper = Paper::new(&[]);
        paper.sign(21, &entries, &with_signature(lock), &cms);
        let report = revised(paper, &filled("An", "An"));
        let expected = if locked {
            Verdict::Invalid
        } else {
            Verdict::Valid
        };
        assert_eq!(report.verdict, expected, "{entries} {lock}: {report:#?}");
    }
}

/// A revision: bodies by object number.
type Revision = Vec<(u32, String)>;

/// Each attack: its name, the signed file, the revision that follows, the finding that must be told.
fn attacks() -> Vec<(&'static str, Paper, Revision, &'static str)> {
    let page = |annotations: &str| {
        (
            3_u32,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[{annotations}]>>"
            ),
        )
    };
    let looks = |number: u32| {
        (
            number,
            stream(
                "/Type/XObject/Subtype/Form/BBox[0 0 200 60]",
                "1 1 1 rg 0 0 200 60 re f",
            ),
        )
    };
    let annotation = |kind: &str| {
        vec![
            page("7 0 R 20 0 R 40 0 R"),
            (
                40,
                format!(
                    "<</Type/Annot/Subtype/{kind}/Rect[60 690 260 730]/P 3 0 R/F 4/Contents(2000)/AP<</N 41 0 R>>>>"
                ),
            ),
            looks(41),
        ]
    };
    let sneaky = vec![
        page("7 0 R 20 0 R 40 0 R"),
        (6, "<</Fields[7 0 R 20 0 R 40 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into()),
        (40, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Khac)/Rect[60 690 260 730]/P 3 0 R/F 132/AP<</N 41 0 R>>>>".into()),
        looks(41),
    ];
    let mut over = sneaky.clone();
    over[2].1 = over[2].1.replace("[60 690 260 730]", "[60 310 200 350]");
    let overlaid = || {
        let mut paper = Paper::new(&filled("9000", "1000"));
        paper.sign(21, TYPE, &with_signature(""), &cms);
        paper
    };
    let hidden = || {
        let mut paper = Paper::new(&[(7, FIELD.replace("/F 4", "/F 2"))]);
        paper.sign(21, TYPE, &with_signature(""), &cms);
        paper
    };
    vec![
        ("evil annotation, FreeText", certified(3), annotation("FreeText"), "annotation-drawn"),
        ("evil annotation, Stamp", certified(3), annotation("Stamp"), "annotation-drawn"),
        ("evil annotation, Redact", certified(3), annotation("Redact"), "annotation-drawn"),
        ("evil annotation, a note with looks of its own", certified(3), annotation("Text"), "annotation-drawn"),
        ("annotation where only forms may be filled", certified(2), annotation("Text"), "not-permitted"),
        ("annotation on an ordinary signature", signed(), annotation("FreeText"), "annotation-drawn"),
        ("sneaky signature", certified(2), sneaky.clone(), "signature-drawn-on-certified"),
        ("sneaky signature, P=3", certified(3), sneaky.clone(), "signature-drawn-on-certified"),
        ("signature where nothing may change", certified(1), sneaky, "not-permitted"),
        ("signature box over a signature", signed(), over, "signature-covers-annotation"),
        (
            "permissions removed",
            certified(2),
            vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>".into())],
            "permissions-changed",
        ),
        (
            "permissions widened",
            certified(1),
            vec![(21, format!("<</Filter/Adobe.PPKLite{TYPE}/Contents<00>/ByteRange[0 1 2 3]/Reference[<</TransformMethod/DocMDP/TransformParams<</P 3>>>>]>>"))],
            "unverifiable",
        ),
        ("shadow replace: looks alone", overlaid(), filled("9000", "9000"), "field-changed"),
        ("shadow replace: looks that lie", signed(), filled("1000", "9000"), "appearance-differs-from-value"),
        ("shadow hide: a hidden field shows", hidden(), vec![(7, FIELD.into())], "field-changed"),
        ("shadow hide: an annotation goes", signed(), vec![page("20 0 R")], "annotation-removed"),
        (
            "shadow replace: a font of the page",
            signed(),
            vec![(4, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".into())],
            "page-changed",
        ),
        (
            "shadow hide-and-replace: the catalog's pages",
            signed(),
            vec![
                (1, "<</Type/Catalog/Pages 50 0 R/AcroForm 6 0 R>>".into()),
                (50, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into()),
            ],
            "pages-changed",
        ),
        (
            "page content behind the same number",
            signed(),
            vec![(5, stream("", "BT /F1 24 Tf 60 700 Td (So tien 9000) Tj ET"))],
            "page-changed",
        ),
        (
            "a text field nobody signed",
            signed(),
            vec![
                (6, "<</Fields[7 0 R 20 0 R 40 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into()),
                (40, "<</FT/Tx/T(Moi)/V(x)>>".into()),
            ],
            "field-added",
        ),
        (
            "a field moved",
            signed(),
            vec![(7, FIELD.replace("[60 500 260 520]", "[60 690 260 730]"))],
            "field-changed",
        ),
        (
            "an action on opening",
            signed(),
            vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction<</S/JavaScript/JS(1)>>>>".into())],
            "catalog-changed",
        ),
        (
            "what a signature shows",
            signed(),
            vec![(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 300 260 360]/P 3 0 R/F 132/V 21 0 R/AP<</N 41 0 R>>>>".into()), looks(41)],
            "signature-changed",
        ),
    ]
}

#[test]
fn every_class_of_attack_has_its_finding_and_is_never_valid() {
    for (name, paper, objects, code) in attacks() {
        assert_eq!(
            checked(&paper.bytes).verdict,
            Verdict::Valid,
            "{name}: before"
        );
        let report = revised(paper, &objects);
        assert_ne!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
        assert_ne!(report.verdict, Verdict::Unsigned, "{name}: {report:#?}");
        assert!(
            codes(&report).contains(&code),
            "{name}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn an_appearance_that_the_page_uses_too_may_not_change() {
    // The field's looks are also drawn by the page: filling the field changes the page.
    let mut objects = filled("", "");
    objects.push((3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 30 0 R>>>>/Contents 5 0 R/Annots[7 0 R]>>".into()));
    let mut paper = Paper::new(&objects);
    let mut fields = with_signature("");
    fields[0].1 = fields[0]
        .1
        .replace("/Font<</F1 4 0 R>>", "/XObject<</X 30 0 R>>");
    paper.sign(21, TYPE, &fields, &cms);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let report = revised(paper, &filled("An", "An"));
    assert_eq!(report.verdict, Verdict::Invalid);
    assert!(codes(&report).contains(&"page-changed"), "{report:#?}");
}

#[test]
fn a_second_certification_is_none() {
    let mut paper = certified(3);
    let mut objects = with_signature("");
    objects[0].1 = objects[0].1.replace("20 0 R]", "20 0 R 40 0 R]");
    objects[1].1 = objects[1].1.replace("20 0 R]", "20 0 R 40 0 R]");
    objects.truncate(2);
    objects.push((
        40,
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Hai)/Rect[0 0 0 0]/P 3 0 R/F 132/V 41 0 R>>".into(),
    ));
    paper.sign(
        41,
        &format!("{TYPE}/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 3/V/1.2>>>>]"),
        &objects,
        &cms,
    );
    let report = checked(&paper.bytes);
    assert_ne!(report.verdict, Verdict::Valid);
    assert!(
        codes(&report).contains(&"second-certification"),
        "{report:#?}"
    );
}

#[test]
fn a_frame_without_a_signature_is_told_and_is_no_signature() {
    for (value, rect, expected) in [
        (
            "<</Type/Sig/Filter/Adobe.PPKLite>>",
            "[0 0 0 0]",
            Verdict::Unsigned,
        ),
        (
            "<</Type/Sig/Contents<0000>>>",
            "[0 0 0 0]",
            Verdict::Unsigned,
        ),
        (
            "<</Type/Sig/Contents()/ByteRange[0 1 2 3]>>",
            "[0 0 0 0]",
            Verdict::Unsigned,
        ),
        // What looks signed on the page is no empty frame.
        (
            "<</Type/Sig/Filter/Adobe.PPKLite>>",
            "[60 300 260 360]",
            Verdict::Invalid,
        ),
        (
            "<</Type/Sig/Contents null/ByteRange null>>",
            "[60 300 260 360]",
            Verdict::Invalid,
        ),
        (
            "<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>",
            "[60 300 260 360]",
            Verdict::Invalid,
        ),
        (
            "<</Type/Sig/Contents<3000>/ByteRange[0 -1 2 3]>>",
            "[0 0 0 0]",
            Verdict::Invalid,
        ),
        (
            "<</Type/Sig/Contents<3000>>>",
            "[0 0 0 0]",
            Verdict::Invalid,
        ),
    ] {
        let mut objects = with_signature("");
        objects[2].1 = objects[2].1.replace("[60 300 260 360]", rect);
        objects.push((21, value.into()));
        let mut paper = Paper::new(&[]);
        paper.revise(&objects);
        let report = checked(&paper.bytes);
        assert_eq!(report.verdict, expected, "{value}: {report:#?}");
        let code = if expected == Verdict::Unsigned {
            "signature-empty"
        } else {
            "unverifiable"
        };
        assert!(codes(&report).contains(&code), "{value}: {report:#?}");
    }
}

#[test]
fn what_writers_do_besides_is_permitted() {
    let cases: [(&str, Revision, Modifications); 4] = [
        (
            "an extension level",
            vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>>>".into())],
            Modifications::Lta,
        ),
        (
            "validation material",
            vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 60 0 R>>".into()), (60, "<</Type/DSS/Certs[61 0 R]>>".into()), (61, stream("", "x"))],
            Modifications::Lta,
        ),
        ("the same again", vec![(5, stream("", "BT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET"))], Modifications::None),
        (
            "the same in another number",
            vec![
                (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 70 0 R>>>>/Contents 5 0 R/Annots[7 0 R 20 0 R]>>".into()),
                (70, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into()),
            ],
            Modifications::None,
        ),
    ];
    for (name, objects, class) in cases {
        let report = revised(signed(), &objects);
        assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
        assert_eq!(report.signatures[0].modifications, class, "{name}");
    }
}

#[test]
fn bytes_that_no_section_names_are_told_wherever_they_stand() {
    let after = |stray: &str| {
        let mut paper = signed();
        paper.bytes.extend_from_slice(stray.as_bytes());
        paper.then(&[(90, "<</Later true>>")])
    };
    let clean = checked(&after("").bytes);
    assert_eq!(clean.verdict, Verdict::Valid, "{clean:#?}");
    assert_eq!(
        checked(&after("% a remark\n").bytes).verdict,
        Verdict::Valid
    );
    for stray in [
        "5 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n",
        "anything\n",
        "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\n",
    ] {
        let report = checked(&after(stray).bytes);
        assert_ne!(report.verdict, Verdict::Valid, "{stray}");
        assert!(
            codes(&report).contains(&"unaccounted-bytes"),
            "{stray}: {report:#?}"
        );
    }
}

/// A first signature covers everything, also what was slipped in with it: whoever knows the document from before has to look.
#[test]
fn what_came_with_a_first_signature_is_told_from_the_signature() {
    let plain = Paper::new(&[]);
    let before = plain.bytes.len();
    let with = |more: &[(u32, String)]| {
        let mut paper = plain.clone();
        let mut objects = with_signature("");
        objects.extend_from_slice(more);
        paper.sign(21, TYPE, &objects, &cms);
        assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
        let told = signature::brought(&paper.bytes, "").expect("a revision before");
        let class = signature::added(&paper.bytes, before);
        assert_eq!(told.modifications, class);
        assert!(told.before.abs_diff(before as u64) <= 2, "{}", told.before);
        (class, told.pages)
    };
    let (class, pages) = with(&[]);
    assert!(class <= Modifications::FormFill, "{class:?}");
    assert_eq!(pages, [0], "where its box stands");
    let text = "BT /F1 24 Tf 60 700 Td (So tien 9000) Tj ET";
    assert_eq!(
        with(&[(5, stream("", text))]),
        (Modifications::Other, vec![0])
    );
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction<</S/JavaScript/JS(1)>>>>";
    assert_eq!(with(&[(1, catalog.to_owned())]).0, Modifications::Other);
    assert_eq!(signature::added(b"no document", 3), Modifications::Other);
    assert_eq!(signature::brought(b"no document", ""), None);
    assert_eq!(
        signature::brought(&plain.bytes, ""),
        None,
        "nothing before it"
    );
}
