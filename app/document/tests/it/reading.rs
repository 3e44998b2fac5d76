//! Pages as people see them: rotation, crop and user unit, and files nobody should have made.

use contract::geometry::{Point, Size};
use contract::text::ProposalReason;
use document::Document;
use proptest::prelude::*;

const BOX: Size = Size {
    width: 150.0,
    height: 50.0,
};

/// One page of 600 × 800 with "NGUOI LAM DON" at (350, 300) from the lower left, and these further entries.
fn page(extra: &str) -> Vec<u8> {
    let content = "BT /F1 14 Tf 350 300 Td (NGUOI LAM DON) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{extra}>>"
        ),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
    for (number, body) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", number + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(
        format!("{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

/// Where the keyword's baseline begins, as seen.
fn begins(bytes: Vec<u8>) -> Point {
    let document = Document::open(bytes, None).expect("opens");
    let hits = document.find("người làm đơn");
    assert_eq!(hits.len(), 1);
    hits[0].quads[0][0]
}

#[test]
fn positions_are_those_people_see() {
    // The lower left corner of the text stands a descender (0.21 em of 14 points) below its baseline.
    let drop = 14.0 * 0.21;
    let cases = [
        ("", (350.0, 800.0 - 300.0 + drop)),
        ("/Rotate 90", (300.0 - drop, 350.0)),
        ("/Rotate 180", (600.0 - 350.0, 300.0 - drop)),
        ("/Rotate 270", (800.0 - 300.0 + drop, 600.0 - 350.0)),
        ("/Rotate -90", (800.0 - 300.0 + drop, 600.0 - 350.0)),
        ("/CropBox[50 100 550 700]", (300.0, 700.0 - 300.0 + drop)),
        (
            "/CropBox[50 100 550 700]/Rotate 90",
            (300.0 - 100.0 - drop, 300.0),
        ),
        ("/UserUnit 2", (700.0, 2.0 * (500.0 + drop))),
    ];
    for (extra, (x, y)) in cases {
        let seen = begins(page(extra));
        assert!(
            (seen.x - x).abs() < 1.0 && (seen.y - y).abs() < 1.0,
            "{extra}: {seen:?} instead of ({x}, {y})"
        );
    }
}

#[test]
fn the_box_stands_beside_the_keyword_inside_the_page_however_it_is_turned() {
    for extra in [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/CropBox[50 100 550 700]",
    ] {
        let document = Document::open(page(extra), None).expect("opens");
        let proposal = document.propose("NGƯỜI LÀM ĐƠN", BOX, &[]);
        assert_eq!(proposal.reason, ProposalReason::Keyword, "{extra}");
        let place = &proposal.places[0];
        let bounds = document.geometry(0).expect("a page").view_bounds();
        assert!(bounds.contains(&place.rect), "{extra}: {:?}", place.rect);
        let anchor = place.anchor.as_ref().expect("the keyword").quads[0][0];
        let middle = (
            place.rect.x + place.rect.width / 2.0,
            place.rect.y + place.rect.height / 2.0,
        );
        let distance = (middle.0 - anchor.x).hypot(middle.1 - anchor.y);
        assert!(distance < 250.0, "{extra}: {distance} points away");
    }
}

#[test]
fn a_box_never_stands_on_another_signature() {
    let document = Document::open(page(""), None).expect("opens");
    let first = document.propose("NGUOI LAM DON", BOX, &[]).places[0].rect;
    let next = document.propose("NGUOI LAM DON", BOX, &[(0, first)]).places[0].rect;
    assert!(!first.overlaps(&next), "{first:?} and {next:?}");
}

#[test]
fn without_keyword_or_text_it_says_so_and_still_proposes() {
    let document = Document::open(page(""), None).expect("opens");
    let proposal = document.propose("KHÔNG CÓ CHỮ NÀY", BOX, &[]);
    assert_eq!(proposal.reason, ProposalReason::KeywordNotFound);
    assert_eq!(proposal.places.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is done to a file, it opens or it does not; nothing panics and nothing hangs.
    #[test]
    fn broken_files_are_errors(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        let mut bytes = page("/Rotate 90");
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if cut.index(4) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(document) = Document::open(bytes, None) {
            for number in 0..document.page_count().min(3) {
                let _ = document.text(number);
                let _ = document.render(number, 0.2);
            }
            let _ = document.propose("nguoi", BOX, &[]);
        }
    }
}
