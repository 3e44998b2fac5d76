//! Honest revisions that look like the attacks beside them.

use super::{Objects, check_box, form, looks, prepared, revised, states, text, waiting};
use crate::support::handmade::{Paper, revise, signed};
use crate::support::judged::{checked, codes};
use contract::validation::Headline;

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
