//! What was named, or lay out of reach of a comparison by use, when the document was signed, and is written only afterwards.

use super::{COVER, form, looks, page, prepared, revised};
use crate::support::judged::{checked, codes};
use contract::validation::Verdict;

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
