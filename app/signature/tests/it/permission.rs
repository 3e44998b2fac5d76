//! Locks and certifications that are written in unusual ways, or taken back behind the signature: what the signer meant counts, and what is
//! not understood permits least.

use crate::support::handmade::{Paper, TYPE, certified, cms, stream, with_signature};
use crate::support::judged::{checked, codes};
use contract::validation::{Headline, ValidationReport, Verdict};

type Objects = Vec<(u32, String)>;

/// The text field filled.
fn filled() -> Objects {
    vec![
        (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4/V(An)/AP<</N 30 0 R>>>>".into()),
        (30, stream("/Type/XObject/Subtype/Form/BBox[0 0 200 20]", "/Tx BMC BT /Helv 12 Tf 2 6 Td (An) Tj ET EMC")),
    ]
}

/// Signed with these entries of the signature and of its field, and these objects.
fn signed_with(entries: &str, field: &str, more: &Objects) -> Paper {
    let mut paper = Paper::new(&[]);
    let mut objects = with_signature(field);
    objects.extend(more.iter().cloned());
    paper.sign(21, &format!("{TYPE}{entries}"), &objects, &cms);
    assert_eq!(
        checked(&paper.bytes).verdict,
        Verdict::Valid,
        "{entries} {field}"
    );
    paper
}

fn then(mut paper: Paper, objects: &Objects) -> ValidationReport {
    paper.revise(objects);
    checked(&paper.bytes)
}

fn perms() -> Objects {
    vec![(
        1,
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 21 0 R>>>>".into(),
    )]
}

fn transform(method: &str, parameters: &str) -> String {
    format!("/Reference[<</Type/SigRef/TransformMethod/{method}/TransformParams {parameters}>>]")
}

#[test]
fn a_lock_is_understood_however_its_names_are_written() {
    let fields =
        |names: &str| format!("<</Type/TransformParams/Action/Include/Fields[{names}]/V/1.2>>");
    for (name, entries, field, more) in [
        (
            "in UTF-16",
            transform("FieldMDP", &fields("<FEFF00540065006E>")),
            "",
            vec![],
        ),
        (
            "in UTF-8",
            transform("FieldMDP", &fields("<EFBBBF54656E>")),
            "",
            vec![],
        ),
        (
            "in octal",
            transform("FieldMDP", &fields("(\\124en)")),
            "",
            vec![],
        ),
        (
            "behind a reference",
            transform("FieldMDP", &fields("90 0 R")),
            "",
            vec![(90, "(Ten)".to_owned())],
        ),
        (
            "a list behind a reference",
            transform("FieldMDP", "<</Action/Include/Fields 90 0 R>>"),
            "",
            vec![(90, "[(Ten)]".to_owned())],
        ),
        (
            "parameters behind a reference",
            transform("FieldMDP", "90 0 R"),
            "",
            vec![(90, fields("(Ten)"))],
        ),
        (
            "an action nobody knows",
            transform("FieldMDP", "<</Action/Lock/Fields[(Khac)]>>"),
            "",
            vec![],
        ),
        (
            "no parameters",
            "/Reference[<</Type/SigRef/TransformMethod/FieldMDP>>]".to_owned(),
            "",
            vec![],
        ),
        (
            "a lock behind a reference",
            String::new(),
            "/Lock 90 0 R",
            vec![(90, "<</Type/SigFieldLock/Action/All>>".to_owned())],
        ),
        (
            "a lock of everything but others",
            String::new(),
            "/Lock<</Type/SigFieldLock/Action/Exclude/Fields[(Khac)(Te)]>>",
            vec![],
        ),
        (
            "two rules, the second of which locks",
            format!(
                "/Reference[<</TransformMethod/FieldMDP/TransformParams {}>><</TransformMethod/FieldMDP/TransformParams {}>>]",
                fields("(Khac)"),
                fields("(Ten)")
            ),
            "",
            vec![],
        ),
    ] {
        let report = then(signed_with(&entries, field, &more), &filled());
        assert_eq!(
            report.verdict,
            Verdict::Invalid,
            "{name}: {:?}",
            codes(&report)
        );
        assert!(
            codes(&report).contains(&"locked-field-changed"),
            "{name}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn what_a_signer_permitted_is_not_widened_afterwards() {
    let wide = || vec![(90, "<</Type/TransformParams/P 3/V/1.2>>".to_owned())];
    let narrow = (90, "<</Type/TransformParams/P 1/V/1.2>>".to_owned());
    let doc = |more: Objects| [perms(), vec![narrow.clone()], more].concat();
    let open = (90, "<</Action/Include/Fields[(Khac)]>>".to_owned());
    let shut = (90, "<</Action/Include/Fields[(Ten)]>>".to_owned());
    let cases: Vec<(&str, Paper, Objects)> = vec![
        ("the level behind a reference", signed_with(&transform("DocMDP", "90 0 R"), "", &doc(vec![])), wide()),
        ("the number itself behind a reference", signed_with(&transform("DocMDP", "<</P 91 0 R>>"), "", &[perms(), vec![(91, "1".into())]].concat()), vec![(91, "3".into())]),
        ("the reference list behind a reference", signed_with("/Reference 92 0 R", "", &doc(vec![(92, format!("[<</TransformMethod/DocMDP/TransformParams {}>>]", narrow.1))])), vec![(92, "[]".into())]),
        ("the list of locked fields", signed_with(&transform("FieldMDP", "90 0 R"), "", &vec![shut.clone()]), vec![open.clone()]),
        ("the lock of the field", signed_with("", "/Lock 90 0 R", &vec![shut.clone()]), vec![open]),
        ("the lock is gone", signed_with("", "/Lock 90 0 R", &vec![shut]), vec![(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 300 260 360]/P 3 0 R/F 132/V 21 0 R>>".into())]),
        ("permissions that lead to another signature", certified(1), vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 93 0 R>>>>".into()), (93, "<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P 3>>>>]>>".into())]),
        ("permissions that lead nowhere", certified(1), vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 199 0 R>>>>".into())]),
        ("permissions that are null", certified(1), vec![(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms null>>".into())]),
        ("a certifying field that is renamed", certified(1), vec![(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Khac)/Rect[60 300 260 360]/P 3 0 R/F 132/V 21 0 R>>".into())]),
    ];
    let mut passed = Vec::new();
    for (name, paper, objects) in cases {
        // The widening alone, and together with what it would permit.
        for more in [Vec::new(), filled()] {
            let report = then(paper.clone(), &[objects.clone(), more].concat());
            if report.verdict != Verdict::Invalid {
                passed.push((name, report.verdict, format!("{:?}", codes(&report))));
            }
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn a_level_that_is_none_permits_least_and_one_that_is_missing_is_the_usual() {
    for (parameters, permitted) in [
        ("<</P 2>>", true),
        ("<<>>", true),
        ("<</V/1.2>>", true),
        ("<</P 3>>", true),
        ("<</P 1>>", false),
        ("<</P 0>>", false),
        ("<</P 4>>", false),
        ("<</P -1>>", false),
        ("<</P(3)>>", false),
        ("<</P/3>>", false),
        ("<</P 2.5>>", false),
        ("<</P 99999999999999999999>>", false),
        ("<</P null>>", false),
    ] {
        let paper = signed_with(&transform("DocMDP", parameters), "", &perms());
        let report = then(paper, &filled());
        let expected = if permitted {
            Headline::ValidChanged
        } else {
            Headline::Invalid
        };
        assert_eq!(
            report.headline(),
            expected,
            "{parameters}: {:?}",
            codes(&report)
        );
    }
    // Two levels in one signature: the stricter one counts, in whichever order they stand.
    for (first, second) in [(1, 3), (3, 1)] {
        let one = |level: i64| format!("<</TransformMethod/DocMDP/TransformParams<</P {level}>>>>");
        let paper = signed_with(
            &format!("/Reference[{}{}]", one(first), one(second)),
            "",
            &perms(),
        );
        assert_eq!(
            then(paper, &filled()).verdict,
            Verdict::Invalid,
            "{first}, {second}"
        );
    }
}

#[test]
fn a_certified_file_is_certified_by_its_signature_even_where_the_catalog_does_not_say_so() {
    // ISO 32000-2, 12.8.2.2.1 asks for /Perms; a signature that limits changes is not believed to permit them because it is missing.
    let paper = signed_with(&transform("DocMDP", "<</P 1>>"), "", &vec![]);
    let report = then(paper, &filled());
    assert_eq!(report.verdict, Verdict::Invalid, "{:?}", codes(&report));
}

#[test]
fn an_annotation_that_was_certified_is_not_changed_into_another_unseen() {
    let page = |annotations: &str| {
        (
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[{annotations}]>>"
            ),
        )
    };
    let note = |more: &str| (40, format!("<</Type/Annot/P 3 0 R/F 4{more}>>"));
    let own = "/Subtype/FreeText/Rect[60 600 260 630]/Contents(1000)/DA(/Helv 12 Tf 0 g)";
    let mut paper = Paper::new(&[]);
    let mut objects = with_signature("");
    objects.retain(|(number, _)| *number != 3);
    objects.extend([page("7 0 R 20 0 R 40 0 R"), note(own)]);
    objects.extend(perms());
    paper.sign(
        21,
        &format!("{TYPE}{}", transform("DocMDP", "<</P 3/V/1.2>>")),
        &objects,
        &cms,
    );
    assert_eq!(checked(&paper.bytes).headline(), Headline::Valid);
    let looks = (
        41,
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 200 30]",
            "1 g 0 0 200 30 re f",
        ),
    );
    let cases: Vec<(&str, Objects)> = vec![
        ("another text", vec![note(&own.replace("1000", "9000"))]),
        ("moved over the text", vec![note(&own.replace("[60 600 260 630]", "[60 690 260 730]"))]),
        ("a picture of its own", vec![note(&format!("{own}/AP<</N 41 0 R>>")), looks.clone()]),
        ("hidden", vec![note(&own.replace("/Subtype", "/F 2/Subtype"))]),
        ("another kind", vec![note(&own.replace("FreeText", "Redact"))]),
        ("gone from the page", vec![page("7 0 R 20 0 R")]),
        ("another one in its place", vec![page("7 0 R 20 0 R 42 0 R"), (42, format!("<</Type/Annot/P 3 0 R/F 4{}>>", own.replace("1000", "9000")))]),
        ("white letters", vec![note(&own.replace("0 g", "1 g"))]),
        ("an answer that covers it", vec![page("7 0 R 20 0 R 40 0 R 42 0 R"), (42, "<</Type/Annot/Subtype/Square/Rect[60 600 260 630]/IC[1 1 1]/IRT 40 0 R/P 3 0 R/F 4>>".into())]),
    ];
    for (name, objects) in cases {
        let report = then(paper.clone(), &objects);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{name}: {:?}",
            codes(&report)
        );
    }
    // A note beside the text is what P=3 is for.
    let objects = vec![
        page("7 0 R 20 0 R 40 0 R 42 0 R"),
        (
            42,
            "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(Xem lai)/P 3 0 R/F 28>>"
                .into(),
        ),
    ];
    assert_eq!(then(paper, &objects).headline(), Headline::ValidChanged);
}
