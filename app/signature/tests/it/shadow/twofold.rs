//! One dictionary that is a field, the form or the catalog and a list of drawings at once: what may change of the one may not of the other.

use super::{IntoRect as _, Objects, form, prepared, revised, text};
use crate::support::handmade::stream;
use crate::support::judged::codes;
use contract::validation::Verdict;

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
