//! Annotations that cover or carry programs without looking like it.

use super::{page, revised};
use crate::support::handmade::{certified, signed};
use crate::support::judged::codes;
use contract::validation::{Headline, Verdict};

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
