//! Text that is painted and cannot be seen is counted; what is seen, or is meant not to be, is not.

use crate::support::{pdf, stream};
use document::Document;

/// Letters of a page that cannot be seen.
fn unseen(content: &str) -> usize {
    let objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</I1 6 0 R>>/ExtGState<</G1<</ca 0.4>>/G2<</BM/Multiply>>>>>>>>".to_vec(),
        stream("", content.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        stream("/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray", &[0, 255, 255, 0]),
    ];
    let document = Document::open(pdf(&objects), None).expect("opens");
    document.unseen_letters(0).expect("read")
}

const TEXT: &str = "BT /F1 14 Tf 50 200 Td (Dong y) Tj ET";
const LETTERS: usize = 5;

#[test]
fn text_that_is_seen_is_none() {
    assert_eq!(unseen(TEXT), 0);
    assert_eq!(
        unseen(&format!("1 0 0 rg 0 0 400 400 re f 1 g {TEXT}")),
        0,
        "white on red"
    );
    assert_eq!(
        unseen(&format!("{TEXT} 0.5 g 200 190 100 40 re f")),
        0,
        "beside it"
    );
    assert_eq!(
        unseen(&format!("{TEXT} q /G1 gs 1 0 0 rg 0 0 400 400 re f Q")),
        0,
        "a veil"
    );
    assert_eq!(
        unseen(&format!("{TEXT} q /G2 gs 1 1 0 rg 40 190 90 30 re f Q")),
        0,
        "a marker"
    );
}

#[test]
fn text_in_the_papers_colour_is_counted() {
    assert_eq!(unseen(&format!("1 g {TEXT}")), LETTERS);
    assert_eq!(
        unseen(&format!("0 0 1 rg 0 0 400 400 re f {TEXT}")),
        LETTERS,
        "blue on blue"
    );
}

#[test]
fn text_under_something_is_counted() {
    assert_eq!(
        unseen(&format!("{TEXT} 1 g 40 190 90 30 re f")),
        LETTERS,
        "a white box"
    );
    let over = "BT /F1 14 Tf 50 200 Td (Khong) Tj ET";
    let both = format!("{TEXT} 1 g 40 190 90 30 re f 0 g {over}");
    assert!(unseen(&both) >= 3, "other text over the box");
    assert_eq!(
        unseen(&format!("{TEXT} q 200 0 0 100 20 150 cm /I1 Do Q")),
        LETTERS,
        "an image"
    );
}

#[test]
fn the_letters_of_a_scan_are_meant_to_be_unseen() {
    assert_eq!(unseen("BT 3 Tr /F1 14 Tf 50 200 Td (Dong y) Tj ET"), 0);
    let scan = "q 400 0 0 400 0 0 cm /I1 Do Q BT 3 Tr /F1 14 Tf 50 200 Td (Dong y) Tj ET";
    assert_eq!(unseen(scan), 0);
}
