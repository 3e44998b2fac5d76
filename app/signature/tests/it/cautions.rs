//! Material that a signer may not see is told before signing, each kind by a file made for it; ordinary files tell nothing.

use crate::support::base::{Draft, signable};
use crate::support::begun::{Begun, NOW};
use crate::support::handmade::{revise, stream};
use crate::support::people::PEOPLE;
use crate::support::signing::BOX;
use contract::caution::CautionKind;
use contract::worker::{Signability, WorkerProblem};
use signature::{SignError, cautions, covers, inspect};

fn kinds(bytes: &[u8]) -> Vec<CautionKind> {
    assert_eq!(inspect(bytes).unwrap().signability, Signability::Ready);
    cautions(bytes, "").iter().map(|one| one.kind).collect()
}

fn page(more: &str) -> Draft {
    Draft::new(&[more])
}

#[test]
fn ordinary_files_tell_nothing() {
    for (name, base) in signable() {
        assert_eq!(kinds(&base), [], "{name}");
    }
    let signed = Begun::new(&page("").table(), false, BOX);
    let signed = signed.complete(&signed.at_level(contract::validation::Level::BB));
    assert_eq!(kinds(&signed.unwrap().bytes), []);
}

#[test]
fn every_kind_of_hidden_material_is_told() {
    let layer = |usage: &str, off: &str| {
        page("/PieceInfo<</MC0 20 0 R>>")
            .catalog(&format!("/OCProperties<</OCGs[20 0 R]/D<<{off}>>>>"))
            .with(20, &format!("<</Type/OCG/Name(Gia khac){usage}>>"))
            .table()
    };
    let cases: Vec<(&str, Vec<u8>, CautionKind)> = vec![
        ("script", page("").catalog("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>").table(), CautionKind::Script),
        ("script in a tree", page("").catalog("/Names<</JavaScript<</Names[(a)20 0 R]>>>>").with(20, "<</S/JavaScript/JS(x)>>").table(), CautionKind::Script),
        ("launch", page("/AA<</O<</S/Launch/F(cmd.exe)>>>>").table(), CautionKind::Action),
        ("layer state", page("/Annots[20 0 R]").with(20, "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/SetOCGState/State[/ON 21 0 R]>>>>").with(21, "<</Type/OCG/Name(a)>>").table(), CautionKind::Action),
        ("layer off", layer("", "/OFF[20 0 R]"), CautionKind::HiddenLayer),
        ("all off", layer("", "/BaseState/OFF"), CautionKind::HiddenLayer),
        ("layer for print", layer("/Usage<</Print<</PrintState/ON>>/View<</ViewState/OFF>>>>", ""), CautionKind::PrintsOtherwise),
        ("annotation for print", page("/Annots[20 0 R]").with(20, "<</Type/Annot/Subtype/Stamp/F 36/Rect[0 0 90 90]/AP<</N 21 0 R>>>>").with(21, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "")).table(), CautionKind::PrintsOtherwise),
        ("another picture for print", page("/PieceInfo<</I 20 0 R>>").with(20, &stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Alternates[<</Image 21 0 R/DefaultForPrinting true>>]", "x")).with(21, &stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "y")).table(), CautionKind::PrintsOtherwise),
        ("attached", page("").catalog("/Names<</EmbeddedFiles<</Names[(a)20 0 R]>>>>").with(20, "<</Type/Filespec/F(bang.xlsx)/EF<</F 21 0 R>>>>").with(21, &stream("/Type/EmbeddedFile", "x")).table(), CautionKind::Attachment),
        ("from outside", page("/PieceInfo<</I 20 0 R>>").with(20, &stream("/Type/XObject/Subtype/Image/Width 1/Height 1/F(http://a.vn/x.jpg)", "")).table(), CautionKind::OutsideContent),
        ("a page of another file", page("/PieceInfo<</I 20 0 R>>").with(20, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(b.pdf)/Page 0>>", "")).table(), CautionKind::OutsideContent),
        ("a page nobody sees", page("").with(20, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 21 0 R>>").with(21, &stream("", "BT ET")).table(), CautionKind::SpareContent),
        ("another document", page("").with(20, "<</Type/Catalog/Pages 21 0 R>>").with(21, "<</Type/Pages/Kids[]/Count 0>>").table(), CautionKind::SpareContent),
        ("a template", page("").catalog("/Names<</Templates<</Names[(a)20 0 R]>>>>").with(20, "<</Type/Template/MediaBox[0 0 9 9]>>").table(), CautionKind::SpareContent),
        ("a field that shows something else", page("/Annots[20 0 R]").catalog("/AcroForm<</Fields[20 0 R]>>").with(20, "<</Type/Annot/Subtype/Widget/FT/Tx/T(so_tien)/V(100)/Rect[0 0 90 20]/AP<</N 21 0 R>>>>").with(21, &stream("/Type/XObject/Subtype/Form/BBox[0 0 90 20]", "/Tx BMC BT /F1 9 Tf (999) Tj ET EMC")).table(), CautionKind::ValueDiffers),
    ];
    for (name, bytes, kind) in cases {
        assert_eq!(kinds(&bytes), [kind], "{name}");
    }
}

#[test]
fn names_are_told_where_there_are_any() {
    let file = page("/PieceInfo<</MC0 20 0 R>>")
        .catalog("/OCProperties<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>")
        .with(20, "<</Type/OCG/Name(Gia khac)>>")
        .table();
    assert_eq!(cautions(&file, "")[0].names, ["Gia khac"]);
}

#[test]
fn a_layer_that_nothing_uses_is_no_matter() {
    let file = page("")
        .catalog("/OCProperties<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>")
        .with(20, "<</Type/OCG/Name(Khong dung)>>")
        .table();
    assert_eq!(kinds(&file), []);
}

/// The file with one more object before its table, which does not name it.
fn beside(base: &[u8], hidden: &[u8]) -> Vec<u8> {
    let at = base
        .windows(5)
        .position(|bytes| bytes == b"xref\n")
        .unwrap();
    let mut file = base[..at].to_vec();
    file.extend_from_slice(hidden);
    file.extend_from_slice(&base[at..]);
    let text = String::from_utf8_lossy(base).into_owned();
    let start: usize = text
        .rsplit("startxref\n")
        .next()
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let moved = format!("startxref\n{}\n", start + hidden.len());
    let tail = file
        .windows(9)
        .rposition(|bytes| bytes == b"startxref")
        .unwrap();
    file.truncate(tail);
    file.extend_from_slice(moved.as_bytes());
    file.extend_from_slice(b"%%EOF\n");
    file
}

#[test]
fn a_second_version_of_an_object_that_no_table_names_is_told() {
    let base = page("").table();
    let text = String::from_utf8_lossy(&base).into_owned();
    let stream = text
        .split("endobj\n")
        .find(|object| object.contains(") Tj"))
        .expect("a page with text");
    let from = stream.find(" 0 obj").unwrap();
    let from = stream[..from].rfind('\n').map_or(0, |at| at + 1);
    let meant = format!("{}endobj\n", &stream[from..]);
    assert_eq!(
        kinds(&beside(&base, meant.as_bytes())),
        [],
        "the same twice"
    );
    let other = meant.replace(") Tj", ") '_");
    let longer = "4 0 obj\n<</Length 9>>stream\nBT (B) Tj\nendstream\nendobj\n";
    for hidden in [other.as_str(), longer] {
        let found = kinds(&beside(&base, hidden.as_bytes()));
        assert_eq!(found, [CautionKind::DoubledObject], "{hidden}");
    }
}

#[test]
fn an_annotation_that_covers_is_found_and_a_field_or_marker_is_not() {
    let annotation = |kind: &str| {
        page("/Annots[20 0 R]")
            .with(
                20,
                &format!("<</Type/Annot/Subtype/{kind}/Rect[10 10 90 90]/AP<</N 21 0 R>>>>"),
            )
            .with(21, &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", ""))
            .table()
    };
    assert_eq!(covers(&annotation("FreeText"), "").len(), 1);
    assert_eq!(covers(&annotation("Stamp"), "").len(), 1);
    for kind in ["Widget", "Highlight", "Link"] {
        assert_eq!(covers(&annotation(kind), "").len(), 0, "{kind}");
    }
}

#[test]
fn what_was_changed_within_an_earlier_signatures_permission_is_told() {
    let base = page("/Annots[20 0 R]")
        .catalog("/AcroForm<</Fields[20 0 R]>>")
        .with(
            20,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(ghi_chu)/Rect[300 300 400 320]>>",
        )
        .table();
    let begun = Begun::new(&base, false, BOX);
    let done = begun
        .complete(&begun.at_level(contract::validation::Level::BB))
        .unwrap();
    let filled = "<</Type/Annot/Subtype/Widget/FT/Tx/T(ghi_chu)/Rect[300 300 400 320]/V(An)>>";
    let later = revise(&done.bytes, &[(20, filled)]);
    assert_eq!(kinds(&later), [CautionKind::LaterChanges]);
}

#[test]
fn a_file_whose_earlier_signature_does_not_hold_is_not_signed() {
    let begun = Begun::new(&page("").table(), false, BOX);
    let done = begun
        .complete(&begun.at_level(contract::validation::Level::BB))
        .unwrap()
        .bytes;
    let mut touched = done.clone();
    let at = touched
        .windows(8)
        .position(|bytes| bytes == b"MediaBox")
        .unwrap();
    touched[at..at + 8].copy_from_slice(b"Mediabox");
    let changed = revise(
        &done,
        &[(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>")],
    );
    for broken in [touched, changed] {
        let why = SignError::NotSignable(Signability::EarlierBroken);
        assert_eq!(
            inspect(&broken).unwrap().signability,
            Signability::EarlierBroken
        );
        let error = Begun::by(&PEOPLE.signer, &broken, BOX, |_| {})
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error, why);
        assert_eq!(
            error.problem(),
            WorkerProblem::NotSignable {
                why: Signability::EarlierBroken
            }
        );
    }
    let _ = NOW;
}
