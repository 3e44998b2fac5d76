//! Boxes for signatures that hold none, or one that was made elsewhere.

use super::{COVER, Objects, form, looks, page, prepared, revised, waiting};
use crate::support::handmade::{Paper, certified, signed, stream};
use crate::support::judged::{checked, codes};
use contract::validation::Verdict;

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
