//! Attacks that were published or could be, beside those of `later.rs`, each built here and never called plainly valid; and revisions that
//! honest writers make, which are.

use crate::support::handmade::{Paper, TYPE, certified, cms, signed, stream, with_signature};
use crate::support::judged::checked;
use contract::validation::{Headline, Modifications, ValidationReport, Verdict};

type Revision = Vec<(u32, String)>;

fn revised(mut paper: Paper, objects: &[(u32, String)]) -> ValidationReport {
    paper.revise(objects);
    checked(&paper.bytes)
}

fn page(more: &str, annotations: &str) -> (u32, String) {
    (
        3,
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[{annotations}]{more}>>"
        ),
    )
}

fn catalog(more: &str) -> (u32, String) {
    (
        1,
        format!("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{more}>>"),
    )
}

fn form(more: &str) -> (u32, String) {
    (
        6,
        format!("<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g){more}>>"),
    )
}

fn field(more: &str) -> (u32, String) {
    (
        7,
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4{more}>>"
        ),
    )
}

/// A new signature field, as object 40, that shows nothing.
fn new_field(more: &str) -> Revision {
    vec![
        page("", "7 0 R 20 0 R 40 0 R"),
        (
            6,
            "<</Fields[7 0 R 20 0 R 40 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into(),
        ),
        (
            40,
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Khac)/Rect[0 0 0 0]/P 3 0 R/F 132{more}>>"
            ),
        ),
    ]
}

const FORGED: &str = "BT /F1 24 Tf 60 700 Td (So tien 9000) Tj ET";

/// Revisions of an ordinary signature that nobody may make.
fn forbidden() -> Vec<(&'static str, Revision)> {
    let forged = || (60, stream("", FORGED));
    let mut all: Vec<(&'static str, Revision)> = vec![
        ("the page turned", vec![page("/Rotate 180", "7 0 R 20 0 R")]),
        ("the page cropped", vec![page("/CropBox[0 0 99 99]", "7 0 R 20 0 R")]),
        ("the page's unit", vec![page("/UserUnit 9", "7 0 R 20 0 R")]),
        ("an action of the page", vec![page("/AA<</O<</S/JavaScript/JS(1)>>>>", "7 0 R 20 0 R")]),
        ("a duplicate key, the forged one first", vec![(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 60 0 R/Contents 5 0 R/Annots[7 0 R 20 0 R]>>".into()), forged()]),
        ("a duplicate key, the forged one last", vec![(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Contents 60 0 R/Annots[7 0 R 20 0 R]>>".into()), forged()]),
        ("content added", vec![(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents[5 0 R 60 0 R]/Annots[7 0 R 20 0 R]>>".into()), forged()]),
        ("inherited resources", vec![(2, "<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 61 0 R>>>>>>".into()), (61, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".into())]),
        ("an inherited turn", vec![(2, "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>".into())]),
        ("a page added", vec![(2, "<</Type/Pages/Kids[3 0 R 62 0 R]/Count 2>>".into()), (62, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>".into())]),
        ("the page twice", vec![(2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>".into())]),
        ("another page in front", vec![(2, "<</Type/Pages/Kids[62 0 R 3 0 R]/Count 2>>".into()), (62, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 60 0 R>>".into()), forged()]),
        ("validation data that writes over the content", vec![catalog("/DSS<</Type/DSS/Certs[5 0 R]>>"), (5, stream("", FORGED))]),
        ("metadata that is the content", vec![catalog("/Metadata 5 0 R"), (5, stream("/Type/Metadata/Subtype/XML", FORGED))]),
        ("a timestamp field that writes over the content", { let mut all = new_field("/V 41 0 R"); all.push((41, "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/Contents<00>/ByteRange[0 0 0 0]>>".into())); all.push((5, stream("", FORGED))); all }),
        ("a field's program", vec![field("/V(An)/AA<</K<</S/JavaScript/JS(1)>>>>")]),
        ("a field's action", vec![field("/A<</S/JavaScript/JS(1)>>")]),
        ("a field turned into a button", vec![(7, "<</Type/Annot/Subtype/Widget/FT/Btn/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4>>".into())]),
        ("a field renamed", vec![(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Khac)/Rect[60 500 260 520]/P 3 0 R/F 4>>".into())]),
        ("a field hidden", vec![(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 2>>".into())]),
        ("the form's XFA", vec![form("/XFA 63 0 R"), (63, stream("", "<xdp/>"))]),
        ("the form's order of calculation", vec![form("/CO[7 0 R]")]),
        ("fields gone", vec![(6, "<</Fields[20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into())]),
        ("the signature emptied", vec![(21, "<</Filter/Adobe.PPKLite/Type/Sig>>".into())]),
        ("the signature taken from its field", vec![(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 300 260 360]/P 3 0 R/F 132>>".into())]),
        ("the signature's box moved", vec![(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 690 260 750]/P 3 0 R/F 132/V 21 0 R>>".into())]),
        ("another field shows the same signature", new_field("/V 21 0 R")),
        ("a signature field with a program", new_field("/AA<</E<</S/JavaScript/JS(1)>>>>")),
        ("a model with a program", vec![page("", "7 0 R 20 0 R 40 0 R"), (40, "<</Type/Annot/Subtype/3D/Rect[0 0 0 0]/P 3 0 R/3DA<</A/PO>>/3DD 41 0 R>>".into()), (41, stream("/Type/3D/Subtype/U3D/OnInstantiate 42 0 R", "")), (42, stream("", "1"))]),
        ("media that begin by themselves", vec![page("", "7 0 R 20 0 R 40 0 R"), (40, "<</Type/Annot/Subtype/RichMedia/Rect[0 0 0 0]/P 3 0 R/RichMediaSettings<</Activation<</Condition/PO>>>>>>".into())]),
        ("a signature field with an action", new_field("/A<</S/Launch/F(x)>>")),
        ("a signature field without a page", vec![(6, "<</Fields[7 0 R 20 0 R 40 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into()), (40, "<</FT/Tx/T(Khac)/Kids[41 0 R]>>".into()), (41, "<</FT/Sig>>".into())]),
    ];
    for entry in [
        "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>",
        "/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(x)>>]>>>>",
        "/AA<</WC<</S/JavaScript/JS(1)>>>>",
        "/OpenAction[3 0 R/Fit]",
        "/OCProperties<</OCGs[]/D<<>>>>",
        "/Collection<</View/T>>",
        "/PageLabels<</Nums[0<</S/r>>]>>",
        "/ViewerPreferences<</HideToolbar true>>",
        "/Outlines<</Count 1>>",
        "/PageLayout/TwoColumnLeft",
        "/PageMode/UseAttachments",
        "/URI<</Base(http://a.vn)>>",
        "/Requirements[]",
        "/OutputIntents[]",
        "/Threads[]",
        "/Lang(en)",
        "/NeedsRendering true",
        "/AF[]",
        "/Legal<<>>",
        "/Perms<</UR3 21 0 R>>",
        "/Perms<</DocMDP 21 0 R>>",
    ] {
        all.push((entry, vec![catalog(entry)]));
    }
    all
}

#[test]
fn what_nobody_may_change_is_never_valid() {
    let mut passed = Vec::new();
    for (name, objects) in forbidden() {
        let report = revised(signed(), &objects);
        if report.verdict == Verdict::Valid {
            passed.push((name, format!("{:?}", report.signatures[0].findings)));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn no_kind_of_annotation_is_plainly_valid_on_a_certified_file() {
    let mut passed = Vec::new();
    for level in [1, 2, 3] {
        for kind in [
            "Text",
            "Link",
            "FreeText",
            "Line",
            "Square",
            "Circle",
            "Polygon",
            "PolyLine",
            "Highlight",
            "Underline",
            "Squiggly",
            "StrikeOut",
            "Caret",
            "Stamp",
            "Ink",
            "Popup",
            "FileAttachment",
            "Sound",
            "Movie",
            "Screen",
            "PrinterMark",
            "TrapNet",
            "Watermark",
            "3D",
            "Redact",
            "Projection",
            "RichMedia",
            "Unknown",
        ] {
            for more in [
                "",
                "/AP<</N 41 0 R>>",
                "/A<</S/JavaScript/JS(1)>>",
                "/AA<</E<</S/JavaScript/JS(1)>>>>",
                "/OC 42 0 R",
            ] {
                let objects = vec![
                    page("", "7 0 R 20 0 R 40 0 R"),
                    (
                        40,
                        format!(
                            "<</Type/Annot/Subtype/{kind}/Rect[60 690 260 730]/P 3 0 R/F 4/Contents(2000){more}>>"
                        ),
                    ),
                    (
                        41,
                        stream(
                            "/Type/XObject/Subtype/Form/BBox[0 0 200 60]",
                            "1 1 1 rg 0 0 200 60 re f",
                        ),
                    ),
                    (42, "<</Type/OCG/Name(a)>>".into()),
                ];
                let report = revised(certified(level), &objects);
                let acts = more.contains("JavaScript");
                let plain = report.headline() == Headline::Valid;
                let valid = report.verdict == Verdict::Valid;
                if plain || (valid && (level < 3 || acts || more.contains("AP"))) {
                    passed.push(format!("P={level} {kind} {more}: {:?}", report.headline()));
                }
            }
        }
    }
    assert!(passed.is_empty(), "{} {passed:#?}", passed.len());
}

#[test]
fn an_object_that_was_missing_when_it_was_signed_does_not_come_later() {
    // The page asks for content that is not there yet; it comes after signing.
    let mut paper = Paper::new(&[]);
    let mut objects = with_signature("");
    objects[0].1 = objects[0]
        .1
        .replace("/Contents 5 0 R", "/Contents[5 0 R 60 0 R]");
    paper.sign(21, TYPE, &objects, &cms);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let report = revised(paper, &[(60, stream("", FORGED))]);
    assert_ne!(report.verdict, Verdict::Valid, "{report:#?}");
}

#[test]
fn honest_revisions_stay_valid() {
    let looks = |text: &str| {
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 200 20]",
            &format!("/Tx BMC BT /Helv 12 Tf 2 6 Td ({text}) Tj ET EMC"),
        )
    };
    let cases: Vec<(&str, Revision, Modifications)> = vec![
        ("nothing", vec![], Modifications::None),
        (
            "an object that nothing leads to",
            vec![(80, "<</A 1>>".into())],
            Modifications::None,
        ),
        (
            "a dead object again",
            vec![(80, "(x)".into()), (81, "[80 0 R]".into())],
            Modifications::None,
        ),
        (
            "a field filled",
            vec![field("/V(An)/AP<</N 30 0 R>>"), (30, looks("An"))],
            Modifications::FormFill,
        ),
        (
            "a field filled without looks",
            vec![field("/V(An)")],
            Modifications::FormFill,
        ),
        (
            "metadata",
            vec![
                catalog("/Metadata 64 0 R"),
                (64, stream("/Type/Metadata/Subtype/XML", "<x/>")),
            ],
            Modifications::Lta,
        ),
        (
            "a newer version",
            vec![catalog("/Version/2.0")],
            Modifications::Lta,
        ),
        (
            "a store in the catalog itself",
            vec![catalog("/DSS<</Type/DSS/VRI<<>>>>")],
            Modifications::Lta,
        ),
        (
            "an empty signature field that shows nothing",
            new_field(""),
            Modifications::FormFill,
        ),
        (
            "a flag of the form",
            vec![(
                6,
                "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/NeedAppearances false>>"
                    .into(),
            )],
            Modifications::FormFill,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, objects, class) in cases {
        let report = revised(signed(), &objects);
        let found = report.signatures[0].modifications;
        if report.verdict != Verdict::Valid || found > class {
            wrong.push((name, found, format!("{:?}", report.signatures[0].findings)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn how_fields_look_may_not_be_turned_behind_their_values() {
    // A font that the form's fields are drawn with becomes another.
    let fonts = |number: u32| form(&format!("/DR<</Font<</Helv {number} 0 R>>>>"));
    let mut paper = Paper::new(&[]);
    let mut objects = with_signature("");
    objects[1] = fonts(4);
    paper.sign(21, TYPE, &objects, &cms);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let other = vec![
        fonts(61),
        (61, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".into()),
    ];
    assert_ne!(revised(paper, &other).verdict, Verdict::Valid);
    // White letters for whatever has no picture of its own: told, never plainly valid.
    let white = (
        6,
        "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 1 g)>>".into(),
    );
    assert_eq!(
        revised(signed(), &[white]).headline(),
        Headline::ValidChanged
    );
}

#[test]
fn a_second_revision_of_an_honest_one_is_judged_too() {
    let mut paper = signed();
    paper.revise(&[field("/V(An)")]);
    paper.revise(&[(5, stream("", FORGED))]);
    assert_ne!(checked(&paper.bytes).verdict, Verdict::Valid);
    // Undone again: what is seen is what was signed, so nothing is wrong with it.
    let mut paper = signed();
    paper.revise(&[(5, stream("", FORGED))]);
    paper.revise(&[(5, stream("", "BT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET"))]);
    let report = checked(&paper.bytes);
    assert!(
        report.signatures[0].modifications <= Modifications::Lta,
        "{report:#?}"
    );
}

/// Gives object 70 another generation than the table says: some readers do not look.
fn hide(paper: &mut Paper) {
    let header = b"\n70 0 obj";
    while let Some(at) = paper
        .bytes
        .windows(header.len())
        .position(|bytes| bytes == header)
    {
        paper.bytes[at + 4] = b'1';
    }
}

#[test]
fn what_only_lenient_readers_read_is_not_the_same_because_it_is_nothing_here() {
    let with = |(number, body): (u32, String)| {
        let plain = "/Resources<</Font<</F1 4 0 R>>>>";
        (number, body.replace(plain, "/Resources 70 0 R"))
    };
    let mut paper = Paper::new(&[(70, "<</Font<</F1 4 0 R>>>>".into())]);
    hide(&mut paper);
    let objects: Revision = with_signature("").into_iter().map(with).collect();
    paper.sign(21, TYPE, &objects, &cms);
    let untouched = revised(paper.clone(), &[field("/V(An)")]);
    assert_eq!(
        untouched.signatures[0].modifications,
        Modifications::FormFill
    );
    paper.revise(&[
        (61, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".into()),
        (70, "<</Font<</F1 61 0 R>>>>".into()),
    ]);
    hide(&mut paper);
    let report = checked(&paper.bytes);
    assert_eq!(report.signatures[0].modifications, Modifications::Other);
    assert_ne!(report.verdict, Verdict::Valid);
}
