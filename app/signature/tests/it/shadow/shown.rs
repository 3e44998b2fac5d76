//! A field that comes to show something else than it holds, or than it showed when it was signed.

use super::{
    COVER, IntoRect as _, Objects, check_box, form, looks, prepared, revised, states, text,
};
use crate::support::handmade::{Paper, signed};
use crate::support::judged::{checked, codes};
use contract::validation::Headline;

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
