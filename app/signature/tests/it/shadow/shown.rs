//! A field that comes to show something else than it holds, or than it showed when it was signed.

use super::{
    COVER, IntoRect as _, Objects, check_box, form, looks, page, prepared, revised, states, text,
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

/// Two buttons of which one is chosen: `states` are what each shows.
fn choice(value: &str, states: [&str; 2]) -> Objects {
    let button = |number: u32, own: &str, state: &str| {
        (
            number,
            format!(
                "<</Type/Annot/Subtype/Widget/Parent 70 0 R/Rect[{number} 600 90 620]/P 3 0 R/F 4/AS/{state}/AP<</N<</{own} 50 0 R/Off 51 0 R>>>>>>"
            ),
        )
    };
    vec![
        (
            70,
            format!("<</FT/Btn/Ff 49152/T(Chon)/V/{value}/Kids[71 0 R 72 0 R]>>"),
        ),
        button(71, "A", states[0]),
        button(72, "B", states[1]),
    ]
}

#[test]
fn a_value_is_not_changed_behind_the_picture_of_another() {
    let looks_of = |number: u32, shown: &str| {
        looks(
            number,
            &format!("/Tx BMC BT /Helv 12 Tf 2 6 Td ({shown}) Tj ET EMC"),
        )
    };
    let drawn = || {
        prepared(&vec![
            text("/V(1000)/AP<</N 30 0 R>>"),
            looks_of(30, "1000"),
        ])
    };
    let apart = |value: &str| {
        vec![
            (73, format!("<</FT/Tx/T(Rieng)/V({value})/Kids[74 0 R]>>")),
            (74, "<</Type/Annot/Subtype/Widget/Parent 73 0 R/Rect[60 600 360 620]/P 3 0 R/F 4/AP<</N 30 0 R>>>>".to_owned()),
            looks_of(30, "1000"),
        ]
    };
    let on_page = |fields: &str, widgets: &str| vec![page(widgets), form(fields, "")];
    let two = |value: &str, states: [&str; 2]| {
        let mut all = on_page("7 0 R 20 0 R 70 0 R", "7 0 R 20 0 R 71 0 R 72 0 R");
        all.extend(choice(value, states));
        all.extend(self::states());
        prepared(&all)
    };
    let alone = |value: &str, state: &str| {
        prepared(&[self::states(), vec![check_box(state, value)]].concat())
    };
    let in_two = {
        let mut all = on_page("7 0 R 20 0 R 73 0 R", "7 0 R 20 0 R 74 0 R");
        all.extend(apart("1000"));
        prepared(&all)
    };
    let parent = |value: &str| vec![choice(value, ["Off", "Off"]).swap_remove(0)];
    let cases: Vec<(&str, Paper, Objects)> = vec![
        ("a sum", drawn(), vec![text("/V(9000)/AP<</N 30 0 R>>")]),
        (
            "a sum that is taken away",
            drawn(),
            vec![text("/V()/AP<</N 30 0 R>>")],
        ),
        (
            "a sum whose value is gone",
            drawn(),
            vec![text("/AP<</N 30 0 R>>")],
        ),
        (
            "a sum behind a picture that is empty",
            prepared(&vec![text("/AP<</N 30 0 R>>"), looks(30, "")]),
            vec![text("/V(9000)/AP<</N 30 0 R>>")],
        ),
        (
            "a name in letters that only the font of the picture knows",
            drawn(),
            vec![text("/V<FEFF00540072011100696E>/AP<</N 30 0 R>>")],
        ),
        (
            "a sum whose box is a part of its own",
            in_two.clone(),
            vec![apart("9000").swap_remove(0)],
        ),
        (
            "a box that is to count as ticked",
            alone("Off", "Off"),
            vec![check_box("Off", "Yes")],
        ),
        (
            "a box that is to count as not ticked",
            alone("Yes", "Yes"),
            vec![check_box("Yes", "Off")],
        ),
        ("another choice", two("A", ["A", "Off"]), parent("B")),
        ("no choice", two("A", ["A", "Off"]), parent("Off")),
        (
            "a choice that nobody sees",
            two("Off", ["Off", "Off"]),
            parent("B"),
        ),
        (
            "both chosen",
            two("Off", ["Off", "Off"]),
            choice("A", ["A", "B"]),
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
        if report.headline() != Headline::Undecided {
            passed.push((name, report.headline(), format!("{:?}", codes(&report))));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
    // With their pictures, or left to the reader to draw, the same are honest.
    let honest: Vec<(&str, Paper, Objects)> = vec![
        (
            "a sum",
            drawn(),
            vec![text("/V(9000)/AP<</N 31 0 R>>"), looks_of(31, "9000")],
        ),
        (
            "a sum whose box is a part of its own",
            in_two,
            [
                vec![apart("9000").swap_remove(0)],
                vec![
                    looks_of(31, "9000"),
                    (
                        74,
                        apart("").swap_remove(1).1.replace("30 0 R>>", "31 0 R>>"),
                    ),
                ],
            ]
            .concat(),
        ),
        (
            "a choice",
            two("Off", ["Off", "Off"]),
            choice("A", ["A", "Off"]),
        ),
        (
            "another choice",
            two("A", ["A", "Off"]),
            choice("B", ["Off", "B"]),
        ),
        (
            "a sum to be drawn by readers",
            prepared(&vec![
                form("7 0 R 20 0 R", "/NeedAppearances true"),
                text("/V(1000)/AP<</N 30 0 R>>"),
                looks_of(30, "1000"),
            ]),
            vec![text("/V(9000)/AP<</N 30 0 R>>")],
        ),
    ];
    for (name, paper, objects) in honest {
        let report = revised(paper, &objects);
        assert_eq!(
            report.headline(),
            Headline::ValidChanged,
            "{name}: {:?}",
            codes(&report)
        );
    }
}
