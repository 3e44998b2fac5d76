//! Shadow attacks through forms, widgets and what is not there yet: each prepared before it is signed or slipped in behind it, none plainly
//! valid; and the honest revisions that look alike.

use crate::support::handmade::{
    Paper, TYPE, certified, cms, revise, signed, stream, with_signature,
};
use crate::support::judged::{checked, codes};
use contract::validation::{Headline, ValidationReport, Verdict};

type Objects = Vec<(u32, String)>;

/// A file with these objects, signed as it stands.
fn prepared(objects: &Objects) -> Paper {
    let mut paper = Paper::new(objects);
    let mut all = with_signature("");
    // What is given counts before the usual.
    all.retain(|(number, _)| !objects.iter().any(|(own, _)| own == number));
    paper.sign(21, TYPE, &all, &cms);
    paper
}

fn revised(mut paper: Paper, objects: &Objects) -> ValidationReport {
    paper.revise(objects);
    checked(&paper.bytes)
}

fn page(annotations: &str) -> (u32, String) {
    (
        3,
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[{annotations}]>>"
        ),
    )
}

fn form(fields: &str, more: &str) -> (u32, String) {
    (
        6,
        format!("<</Fields[{fields}]/SigFlags 3/DA(/Helv 0 Tf 0 g){more}>>"),
    )
}

fn text(more: &str) -> (u32, String) {
    (
        7,
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 690 360 730]/P 3 0 R/F 4{more}>>"
        ),
    )
}

/// A picture as an appearance.
fn looks(number: u32, content: &str) -> (u32, String) {
    (
        number,
        stream("/Type/XObject/Subtype/Form/BBox[0 0 300 40]", content),
    )
}

const COVER: &str = "1 1 1 rg 0 0 300 40 re f 0 g 10 10 m 20 30 l S";

/// A box for a signature over the text, in form and page beside the usual ones.
fn waiting(more: &str) -> Objects {
    vec![
        page("7 0 R 20 0 R 40 0 R"),
        form("7 0 R 20 0 R 40 0 R", ""),
        (
            40,
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Cho)/Rect[60 690 360 730]/P 3 0 R/F 4{more}>>"
            ),
        ),
    ]
}

fn check_box(state: &str, value: &str) -> (u32, String) {
    (
        7,
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Btn/T(Ten)/Rect[60 690 80 710]/P 3 0 R/F 4/V/{value}/AS/{state}/AP<</N<</Yes 50 0 R/Off 51 0 R>>>>>>"
        ),
    )
}

fn states() -> Objects {
    vec![looks(50, "0 0 m 20 20 l S"), looks(51, "")]
}

#[test]
fn what_a_field_shows_never_changes_unseen() {
    let with = |mut objects: Objects, more: Objects| {
        objects.extend(more);
        objects
    };
    let lying = || {
        prepared(&vec![
            text("/V(9000)/AP<</N 30 0 R>>"),
            looks(30, "BT /Helv 12 Tf 2 6 Td (1000) Tj ET"),
        ])
    };
    let bare = || prepared(&vec![text("/V(1000)")]);
    let fonts = |font: &str| {
        vec![
            form("7 0 R 20 0 R", "/DR<</Font<</Helv 61 0 R>>>>"),
            (61, font.to_owned()),
        ]
    };
    let cases: Vec<(&str, Paper, Objects)> = vec![
        (
            "an empty field is drawn",
            signed(),
            vec![text("/AP<</N 30 0 R>>").into_rect(), looks(30, COVER)],
        ),
        (
            "an empty field is drawn as letters of its own",
            signed(),
            vec![
                text("/AP<</N 30 0 R>>").into_rect(),
                looks(30, "BT /X 12 Tf 2 6 Td <0102> Tj ET"),
            ],
        ),
        (
            "an empty field shows a picture",
            signed(),
            vec![text("/AP<</N 30 0 R>>").into_rect(), looks(30, "/Im Do")],
        ),
        (
            "a value without a picture gets one of shapes",
            bare(),
            vec![text("/V(1000)/AP<</N 30 0 R>>"), looks(30, COVER)],
        ),
        (
            "a value without a picture gets one in letters of its own",
            bare(),
            vec![
                text("/V(1000)/AP<</N 30 0 R>>"),
                looks(30, "BT /X 12 Tf 2 6 Td <0102> Tj ET"),
            ],
        ),
        (
            "a box is ticked that holds no",
            prepared(&with(states(), vec![check_box("Off", "Off")])),
            vec![check_box("Yes", "Off")],
        ),
        (
            "a box is unticked that holds yes",
            prepared(&with(states(), vec![check_box("Yes", "Yes")])),
            vec![check_box("Off", "Yes")],
        ),
        (
            "a value that shows another state",
            prepared(&with(states(), vec![check_box("Off", "Off")])),
            vec![check_box("Yes", "Other")],
        ),
        (
            "all fields are to be drawn anew, one of which lied",
            lying(),
            vec![form("7 0 R 20 0 R", "/NeedAppearances true")],
        ),
        (
            "all fields are to be drawn anew",
            bare(),
            vec![form("7 0 R 20 0 R", "/NeedAppearances true")],
        ),
        (
            "a font comes for a value that has no picture",
            bare(),
            fonts("<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"),
        ),
        (
            "an encoding comes for it",
            bare(),
            fonts(
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[48/nine/eight]>>>>",
            ),
        ),
        (
            "a font of shapes comes for it",
            bare(),
            fonts("<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/CharProcs<<>>>>"),
        ),
        (
            "a field prints no more",
            prepared(&vec![text("/V(1000)")]),
            vec![(7, text("/V(1000)").1.replace("/F 4", "/F 0"))],
        ),
        (
            "a field prints from now on",
            prepared(&vec![(7, text("/V(1000)").1.replace("/F 4", "/F 0"))]),
            vec![text("/V(1000)")],
        ),
    ];
    let mut passed = Vec::new();
    for (name, paper, objects) in cases {
        assert_eq!(
            checked(&paper.bytes).headline(),
            Headline::Valid,
            "{name}: before"
        );
        let report = revised(paper, &objects);
        if report.headline() == Headline::Valid {
            passed.push((name, format!("{:?}", codes(&report))));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

trait IntoRect {
    fn into_rect(self) -> Self;
}

impl IntoRect for (u32, String) {
    /// The place of the field in `Paper`, which may not move.
    fn into_rect(self) -> Self {
        (
            self.0,
            self.1.replace("[60 690 360 730]", "[60 500 260 520]"),
        )
    }
}

#[test]
fn a_signature_box_that_holds_none_draws_nothing() {
    let drawn = |number: u32| looks(number, COVER);
    let cases: Vec<(&str, Paper, Objects)> = vec![
        (
            "a waiting box is drawn",
            prepared(&waiting("")),
            vec![waiting("/AP<</N 41 0 R>>").remove(2), drawn(41)],
        ),
        (
            "a waiting box gets a background",
            prepared(&waiting("")),
            vec![waiting("/MK<</BG[1 1 1]/CA(9000)>>").remove(2)],
        ),
        ("a box is added and drawn", signed(), {
            let mut all = waiting("/AP<</N 41 0 R>>");
            all.push(drawn(41));
            all
        }),
        ("a box is added, drawn, and holds zeros", signed(), {
            let mut all = waiting("/AP<</N 41 0 R>>/V 42 0 R");
            all.push(drawn(41));
            all.push((42, "<</Type/Sig/Contents<0000>/ByteRange[0 1 2 3]>>".into()));
            all
        }),
        ("the looks cannot be read", signed(), {
            let mut all = waiting("/AP<</N 41 0 R>>");
            all.push((
                41,
                stream(
                    "/Type/XObject/Subtype/Form/BBox[0 0 300 40]/Filter/DCTDecode",
                    "x",
                ),
            ));
            all
        }),
    ];
    for (name, paper, objects) in cases {
        let report = revised(paper, &objects);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{name}: {:?}",
            codes(&report)
        );
    }
    // Only for paper, or in a box nobody can read: on a certified file such a box is told as any other.
    for (name, more, rect) in [
        ("printed only", "/F 36", "[60 690 360 730]"),
        ("a box of three numbers", "/F 4", "[60 690 360]"),
        ("no box", "/F 4", "null"),
    ] {
        let mut objects = waiting("/AP<</N 41 0 R>>");
        objects[2].1 = objects[2]
            .1
            .replace("/F 4", more)
            .replace("[60 690 360 730]", rect);
        objects.push(drawn(41));
        let report = revised(certified(2), &objects);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{name}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn what_was_named_when_it_was_signed_does_not_come_later_unseen() {
    let annotation = || {
        (60, "<</Type/Annot/Subtype/FreeText/Rect[60 690 260 730]/P 3 0 R/F 4/Contents(9000)/AP<</N 41 0 R>>>>".to_owned())
    };
    let paper = prepared(&vec![page("7 0 R 20 0 R 60 0 R")]);
    let report = revised(paper, &vec![annotation(), looks(41, COVER)]);
    assert_ne!(
        report.verdict,
        Verdict::Valid,
        "an annotation: {:?}",
        codes(&report)
    );

    let paper = prepared(&vec![form("7 0 R 20 0 R 60 0 R", "")]);
    let report = revised(paper, &vec![(60, "<</FT/Tx/T(Moi)/V(9000)>>".into())]);
    assert_ne!(
        report.verdict,
        Verdict::Valid,
        "a field: {:?}",
        codes(&report)
    );
}

#[test]
fn pages_written_into_their_tree_and_deep_fields_are_compared_too() {
    let inline = "<</Type/Pages/Count 1/Kids[<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[60 0 R 20 0 R]>>]>>";
    let annotation = |number: u32| {
        (
            60,
            format!("<</Type/Annot/Subtype/Stamp/Rect[60 690 260 730]/F 4/AP<</N {number} 0 R>>>>"),
        )
    };
    let paper = prepared(&vec![
        (2, inline.into()),
        annotation(41),
        looks(41, ""),
        looks(42, COVER),
    ]);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let report = revised(paper, &vec![annotation(42)]);
    assert_ne!(
        report.verdict,
        Verdict::Valid,
        "an inline page: {:?}",
        codes(&report)
    );

    // Forty levels of fields, a text field at the bottom that the page shows.
    let mut objects = vec![page("139 0 R 20 0 R"), form("100 0 R 20 0 R", "")];
    objects.extend(
        (100..139).map(|number| (number, format!("<</T(a)/FT/Tx/Kids[{} 0 R]>>", number + 1))),
    );
    let deep = |shown: u32| {
        (
            139,
            format!(
                "<</Type/Annot/Subtype/Widget/T(a)/Rect[60 690 360 730]/P 3 0 R/F 4/V(1000)/AP<</N {shown} 0 R>>>>"
            ),
        )
    };
    objects.extend([deep(41), looks(41, ""), looks(42, COVER)]);
    let paper = prepared(&objects);
    let report = revised(paper, &vec![deep(42)]);
    assert_ne!(
        report.verdict,
        Verdict::Valid,
        "a deep field: {:?}",
        codes(&report)
    );
}

#[test]
fn a_part_added_to_a_field_brings_a_signature_of_its_own() {
    let parent = |kids: &str| (30, format!("<</T(Nhom)/FT/Sig/Kids[{kids}]>>"));
    let fields = vec![form("7 0 R 20 0 R 30 0 R", ""), parent("")];
    let paper = prepared(&fields);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let kid = |more: &str| {
        vec![
            page("7 0 R 20 0 R 40 0 R"),
            parent("40 0 R"),
            (
                40,
                format!(
                    "<</Type/Annot/Subtype/Widget/T(Moi)/Parent 30 0 R/Rect[60 100 360 140]/P 3 0 R/F 4{more}>>"
                ),
            ),
        ]
    };
    let honest = revised(paper.clone(), &kid(""));
    assert_eq!(honest.verdict, Verdict::Valid, "{:?}", codes(&honest));
    for more in [
        "/V 21 0 R",
        "/AA<</E<</S/JavaScript/JS(1)>>>>",
        "/FT/Tx/V(9000)",
    ] {
        let report = revised(paper.clone(), &kid(more));
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{more}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn a_link_with_a_wide_border_covers_what_it_surrounds() {
    let link = |more: &str| {
        vec![
            page("7 0 R 20 0 R 40 0 R"),
            (
                40,
                format!("<</Type/Annot/Subtype/Link/Rect[60 690 260 730]/P 3 0 R/C[1 1 1]{more}>>"),
            ),
        ]
    };
    for more in [
        "/Border[0 0 80]",
        "/BS<</W 80>>",
        "/Border[0 0 (x)]",
        "/Border[0 0 1]/BS<</W 9>>",
    ] {
        let report = revised(certified(3), &link(more));
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{more}: {:?}",
            codes(&report)
        );
    }
    for more in ["", "/Border[0 0 0]", "/Border[0 0 1]", "/BS<</W 1/S/U>>"] {
        let report = revised(certified(3), &link(more));
        assert_eq!(
            report.headline(),
            Headline::ValidChanged,
            "{more}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn models_and_media_without_a_box_are_never_valid_wherever_they_come() {
    for kind in ["3D", "RichMedia"] {
        for base in [signed(), certified(1), certified(2), certified(3)] {
            let objects = vec![
                page("7 0 R 20 0 R 40 0 R"),
                (
                    40,
                    format!("<</Type/Annot/Subtype/{kind}/Rect[0 0 0 0]/F 2/P 3 0 R>>"),
                ),
            ];
            let report = revised(base, &objects);
            assert_eq!(
                report.verdict,
                Verdict::Invalid,
                "{kind}: {:?}",
                codes(&report)
            );
        }
    }
    // A program in another kind of annotation, in its own action or in what follows one.
    for more in [
        "/Subtype/Screen/A<</S/Rendition/OP 0/JS(1)>>",
        "/Subtype/Screen/AA<</PO<</S/JavaScript/JS(1)>>>>",
        "/Subtype/Movie/A true",
        "/Subtype/Link/A<</S/GoTo/D[3 0 R/Fit]/Next<</S/JavaScript/JS(1)>>>>",
        "/Subtype/Link/A<</S/GoToE/T<<>>>>",
        "/Subtype/Link/A<</S/SubmitForm/F(http://a.vn)>>",
        "/Subtype/Link/A<</S/Launch/F(x)>>",
        "/Subtype/Link/A 99 0 R",
    ] {
        let objects = vec![
            page("7 0 R 20 0 R 40 0 R"),
            (
                40,
                format!("<</Type/Annot/Rect[0 0 0 0]/F 2/P 3 0 R{more}>>"),
            ),
        ];
        let report = revised(certified(3), &objects);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{more}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn honest_fillers_are_not_suspected() {
    let cases: Vec<(&str, Paper, Objects, Headline)> = vec![
        (
            "a field filled and drawn",
            prepared(&vec![text("")]),
            vec![
                text("/V(An)/AP<</N 30 0 R>>"),
                looks(30, "/Tx BMC q BT /Helv 12 Tf 0 g 2 6 Td (An) Tj ET Q EMC"),
            ],
            Headline::ValidChanged,
        ),
        (
            "a field with a frame filled",
            prepared(&vec![text("/MK<</BC[0]/BG[1]>>")]),
            vec![
                text("/MK<</BC[0]/BG[1]>>/V(An)/AP<</N 30 0 R>>"),
                looks(
                    30,
                    "1 g 0 0 300 40 re f 0 G 0 0 300 40 re s /Tx BMC BT /Helv 12 Tf 2 6 Td (An) Tj ET EMC",
                ),
            ],
            Headline::ValidChanged,
        ),
        (
            "a box ticked",
            prepared(&[states(), vec![check_box("Off", "Off")]].concat()),
            vec![check_box("Yes", "Yes")],
            Headline::ValidChanged,
        ),
        (
            "a choice made",
            prepared(&vec![(
                7,
                text("/Opt[[(vn)(Viet Nam)][(la)(Lao)]]")
                    .1
                    .replace("/FT/Tx", "/FT/Ch"),
            )]),
            vec![
                (
                    7,
                    text("/Opt[[(vn)(Viet Nam)][(la)(Lao)]]/V(vn)/AP<</N 30 0 R>>")
                        .1
                        .replace("/FT/Tx", "/FT/Ch"),
                ),
                looks(30, "BT /Helv 12 Tf 2 6 Td (Viet Nam) Tj ET"),
            ],
            Headline::ValidChanged,
        ),
        (
            "an empty field gets its empty looks",
            prepared(&vec![text("")]),
            vec![text("/AP<</N 30 0 R>>"), looks(30, "/Tx BMC EMC")],
            Headline::ValidChanged,
        ),
        (
            "a box for a signature is added with a frame",
            signed(),
            {
                let mut all = waiting("/AP<</N 41 0 R>>");
                all[2].1 = all[2].1.replace("[60 690 360 730]", "[60 100 360 140]");
                all.push(looks(41, "0 0 300 40 re S"));
                all
            },
            Headline::Valid,
        ),
        (
            "a usual font beside a value without looks",
            prepared(&vec![text("/V(An)")]),
            vec![
                form("7 0 R 20 0 R", "/DR<</Font<</Helv 61 0 R>>>>"),
                (
                    61,
                    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
                        .into(),
                ),
            ],
            Headline::Valid,
        ),
        (
            "fields drawn anew where none holds anything",
            signed(),
            vec![form("7 0 R 20 0 R", "/NeedAppearances true")],
            Headline::Valid,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, paper, objects, expected) in cases {
        let report = revised(paper, &objects);
        if report.headline() != expected {
            wrong.push((name, report.headline(), format!("{:?}", codes(&report))));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The very same objects written once more by another tool.
    let again = revise(
        &signed().bytes,
        &[(
            5,
            "<</Length 43>>stream\nBT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET\nendstream",
        )],
    );
    assert_eq!(checked(&again).headline(), Headline::Valid);
}

#[test]
fn a_dictionary_that_is_field_and_drawing_at_once_changes_neither() {
    // The page's own list of drawings is the catalog, the form, a field, or the page itself.
    let drawn = |kind: &str, holder: u32, content: &str| {
        vec![
            (
                3,
                format!(
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>/{kind} {holder} 0 R>>/Contents 5 0 R/Annots[7 0 R 20 0 R]>>"
                ),
            ),
            (
                5,
                stream(
                    "",
                    &format!("BT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET {content}"),
                ),
            ),
        ]
    };
    let own = |more: &str| {
        (
            3,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>/XObject 3 0 R>>/Contents 5 0 R/Annots[7 0 R 20 0 R]{more}>>"
            ),
        )
    };
    let picture = |number: u32| {
        (
            number,
            stream(
                "/Type/XObject/Subtype/Form/BBox[0 0 600 800]",
                "1 g 60 690 300 40 re f",
            ),
        )
    };
    let empty = |number: u32| {
        (
            number,
            stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]", ""),
        )
    };
    let field = |more: &str| text(more).into_rect();
    let catalog = |more: &str| {
        (
            1,
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{more}>>"),
        )
    };
    let cases: Vec<(&str, Objects, Objects)> = vec![
        (
            "a field's date",
            [
                drawn("XObject", 7, "/M Do"),
                vec![field("/M 50 0 R"), empty(50)],
            ]
            .concat(),
            vec![field("/M 51 0 R"), picture(51)],
        ),
        (
            "a field's value",
            [
                drawn("XObject", 7, "/V Do"),
                vec![field("/V 50 0 R"), empty(50)],
            ]
            .concat(),
            vec![field("/V 51 0 R"), picture(51)],
        ),
        (
            "the security store",
            [
                drawn("XObject", 1, "/DSS Do"),
                vec![catalog("/DSS 50 0 R"), empty(50)],
            ]
            .concat(),
            vec![catalog("/DSS 51 0 R"), picture(51)],
        ),
        (
            "the security store as a state",
            [drawn("ExtGState", 1, ""), vec![catalog("/DSS<</ca 1>>")]].concat(),
            vec![catalog("/DSS<</ca 0>>")],
        ),
        (
            "the extensions as a state",
            [
                drawn("ExtGState", 1, ""),
                vec![catalog("/Extensions<</ca 1>>")],
            ]
            .concat(),
            vec![catalog("/Extensions<</ca 0>>")],
        ),
        (
            "metadata",
            [
                drawn("XObject", 1, "/Metadata Do"),
                vec![catalog("/Metadata 50 0 R"), empty(50)],
            ]
            .concat(),
            vec![catalog("/Metadata 51 0 R"), picture(51)],
        ),
        (
            "the form's letters",
            [drawn("XObject", 6, "/DA Do")].concat(),
            vec![
                (6, "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA 51 0 R>>".into()),
                picture(51),
            ],
        ),
        (
            "the form's flags",
            [drawn("XObject", 6, "/SigFlags Do")].concat(),
            vec![
                (
                    6,
                    "<</Fields[7 0 R 20 0 R]/SigFlags 51 0 R/DA(/Helv 0 Tf 0 g)>>".into(),
                ),
                picture(51),
            ],
        ),
        (
            "the form's resources as a state",
            [
                drawn("ExtGState", 6, ""),
                vec![form("7 0 R 20 0 R", "/DR<<>>")],
            ]
            .concat(),
            vec![form("7 0 R 20 0 R", "/DR<</ca 0>>")],
        ),
        (
            "the page's order of tabs",
            vec![own("/Tabs 50 0 R"), empty(50)],
            vec![own("/Tabs 51 0 R"), picture(51)],
        ),
        (
            "the page's date",
            vec![own(""), empty(50)],
            vec![own("/LastModified 51 0 R"), picture(51)],
        ),
    ];
    let mut passed = Vec::new();
    for (name, before, after) in cases {
        let report = revised(prepared(&before), &after);
        if report.verdict == Verdict::Valid {
            passed.push((name, format!("{:?}", codes(&report))));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}
