//! Shadow attacks through forms, widgets and what is not there yet, one file an attack: each prepared before it is signed or slipped in
//! behind it, none plainly valid; and the honest revisions that look alike. Here stands what the files are made of.

mod annotations;
mod boxes;
mod honest;
mod late;
mod shown;
mod twofold;

use crate::support::handmade::{Paper, TYPE, cms, stream, with_signature};
use crate::support::judged::checked;
use contract::validation::ValidationReport;

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
