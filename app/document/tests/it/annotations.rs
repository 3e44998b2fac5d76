//! What annotations and fields show that bring no appearance: other viewers draw them, so a person has to see them here too.

use crate::support::{pdf, stream};
use document::{Document, PageError, Picture};
use proptest::prelude::*;

/// A page of 400 × 400 points with a gray band and these annotations.
fn page(annotations: &str) -> Document {
    let objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/DA(/Helv 12 Tf 0 0 1 rg)>>>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<<>>/Annots[{annotations}]>>").into_bytes(),
        stream("", b"0.5 g 0 300 400 50 re f"),
    ];
    Document::open(pdf(&objects), None).expect("opens")
}

fn drawn(annotations: &str) -> Picture {
    page(annotations).render(0, 1.0).expect("drawn")
}

/// The colour at a point of user space.
fn at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let start = (((picture.height - 1 - y) * picture.width + x) * 4) as usize;
    picture.rgba[start..start + 3].try_into().unwrap()
}

/// Pixels inside a box of user space that are not white.
fn inked(picture: &Picture, x: std::ops::Range<u32>, y: std::ops::Range<u32>) -> usize {
    y.flat_map(|y| x.clone().map(move |x| (x, y)))
        .filter(|(x, y)| at(picture, *x, *y) != [255; 3])
        .count()
}

const WHITE: [u8; 3] = [255; 3];

#[test]
fn a_marker_lets_through_what_is_below() {
    let picture = drawn(
        "<</Subtype/Highlight/Rect[100 280 200 370]/C[1 1 0]/QuadPoints[100 370 200 370 100 280 200 280]>>",
    );
    assert_eq!(at(&picture, 150, 360), [255, 255, 0], "on white");
    let gray = at(&picture, 150, 320);
    assert!(
        gray[0].abs_diff(128) < 3 && gray[1].abs_diff(128) < 3 && gray[2] == 0,
        "{gray:?}"
    );
    assert_eq!(at(&picture, 50, 360), WHITE);
}

#[test]
fn lines_and_figures_are_where_they_say() {
    let picture = drawn(
        "<</Subtype/Square/Rect[10 10 60 60]/C[1 0 0]/IC[0 1 0]/BS<</W 4>>>>\
         <</Subtype/Circle/Rect[100 10 160 60]/IC[0 0 1]/C[]>>\
         <</Subtype/Line/Rect[200 10 300 60]/L[200 30 300 30]/C[1 0 1]/BS<</W 3>>/LE[/None/ClosedArrow]/IC[1 0 1]>>\
         <</Subtype/Ink/Rect[10 100 60 160]/InkList[[10 110 60 110][10 150 60 150]]/C[0 0 0]/BS<</W 2>>>>\
         <</Subtype/Polygon/Rect[100 100 160 160]/Vertices[100 100 160 100 130 160]/IC[1 0.5 0]>>\
         <</Subtype/Underline/Rect[200 100 300 120]/C[0 0.5 0]>>\
         <</Subtype/StrikeOut/Rect[200 140 300 160]/C[1 0 0]>>\
         <</Subtype/Squiggly/Rect[200 180 300 200]/C[0 0 1]>>",
    );
    assert_eq!(at(&picture, 12, 30), [255, 0, 0], "the frame");
    assert_eq!(at(&picture, 35, 35), [0, 255, 0], "inside it");
    assert_eq!(at(&picture, 130, 35), [0, 0, 255]);
    assert_eq!(at(&picture, 102, 12), WHITE, "a circle has no corners");
    assert_eq!(at(&picture, 250, 30), [255, 0, 255]);
    assert_eq!(at(&picture, 290, 34), [255, 0, 255], "the arrow's head");
    assert_eq!(at(&picture, 30, 110), [0, 0, 0]);
    assert_eq!(at(&picture, 30, 130), WHITE);
    assert_eq!(at(&picture, 130, 120), [255, 128, 0]);
    assert!(inked(&picture, 200..300, 99..105) > 100, "underlined");
    assert!(inked(&picture, 200..300, 146..152) > 100, "struck out");
    assert!(inked(&picture, 200..300, 178..186) > 100, "wavy");
}

#[test]
fn values_of_fields_and_free_text_can_be_read() {
    let picture = drawn(
        "<</Subtype/FreeText/Rect[10 10 190 60]/Contents(Da tra phi)/DA(/Helv 14 Tf 1 0 0 rg)>>\
         <</Subtype/Widget/FT/Tx/T(a)/V(062099000011)/Rect[210 10 390 30]>>\
         <</Subtype/Widget/FT/Btn/T(b)/AS/Yes/Rect[10 100 30 120]>>\
         <</Subtype/Widget/FT/Btn/T(c)/AS/Off/Rect[50 100 70 120]>>\
         <</Subtype/Widget/FT/Ch/T(d)/V(Nam)/Rect[210 100 390 120]>>\
         <</Subtype/Widget/FT/Tx/T(e)/Ff 8192/V(secret)/Rect[210 200 390 220]>>\
         <</Subtype/Widget/FT/Tx/T(f)/Ff 16777216/MaxLen 4/V(1234)/Rect[10 200 90 220]>>",
    );
    assert!(inked(&picture, 10..190, 30..60) > 100, "free text");
    assert!(inked(&picture, 210..390, 10..30) > 200, "a value");
    assert!(inked(&picture, 10..30, 100..120) > 20, "ticked");
    assert_eq!(inked(&picture, 50..70, 100..120), 0, "not ticked");
    assert!(inked(&picture, 210..240, 100..120) > 50, "a choice");
    assert_eq!(
        inked(&picture, 210..390, 200..220),
        0,
        "a password stays hidden"
    );
    for cell in 0..4 {
        assert!(
            inked(&picture, 10 + cell * 20..30 + cell * 20, 200..220) > 10,
            "cell {cell}"
        );
    }
}

#[test]
fn what_is_hidden_or_has_an_appearance_is_not_drawn_again() {
    let hidden = drawn(
        "<</Subtype/Square/F 2/Rect[10 10 60 60]/IC[1 0 0]>><</Subtype/Square/F 32/Rect[10 10 60 60]/IC[1 0 0]>>",
    );
    assert_eq!(inked(&hidden, 0..100, 0..100), 0);
    let objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Annots[<</Subtype/Square/Rect[10 10 60 60]/IC[1 0 0]/AP<</N 4 0 R>>>>]>>".to_vec(),
        stream("/Subtype/Form/BBox[0 0 50 50]", b"0 0 1 rg 0 0 50 50 re f"),
    ];
    let picture = Document::open(pdf(&objects), None)
        .expect("opens")
        .render(0, 1.0)
        .expect("drawn");
    assert_eq!(at(&picture, 30, 30), [0, 0, 255]);
}

#[test]
fn a_part_shows_the_same_as_the_whole() {
    let document = page(
        "<</Subtype/FreeText/Rect[10 10 190 60]/Contents(Da tra phi)/DA(/Helv 14 Tf)/C[1 1 0.8]>>",
    );
    let whole = document.render(0, 2.0).expect("drawn");
    let clip = contract::geometry::Rect {
        x: 0.0,
        y: 300.0,
        width: 200.0,
        height: 100.0,
    };
    let part = document.render_part(0, 2.0, clip).expect("drawn");
    let mut differ = 0;
    for y in 0..part.height {
        for x in 0..part.width {
            let of = |picture: &Picture, y: u32| {
                let start = ((y * picture.width + x) * 4) as usize;
                <[u8; 3]>::try_from(&picture.rgba[start..start + 3]).unwrap()
            };
            differ += usize::from(
                of(&whole, y + 600)
                    .iter()
                    .zip(of(&part, y))
                    .any(|(a, b)| a.abs_diff(b) > 8),
            );
        }
    }
    assert_eq!(differ, 0);
}

/// A page whose annotations are these, with object 5 for them to name.
fn crowded(annotations: &str, shared: &str) -> Result<Picture, PageError> {
    let objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Annots[{annotations}]>>"
        )
        .into_bytes(),
        stream("", b""),
        shared.as_bytes().to_vec(),
    ];
    Document::open(pdf(&objects), None)
        .expect("opens")
        .render(0, 1.0)
}

#[test]
fn a_small_file_cannot_ask_for_gigabytes_of_strokes() {
    // The same long stroke, named thousands of times.
    let stroke = format!("[{}]", "1 1 399 399 ".repeat(20_000));
    let list = "5 0 R ".repeat(4_000);
    let ink = format!("<</Subtype/Ink/Rect[0 0 400 400]/InkList[{list}]>>");
    assert_eq!(crowded(&ink, &stroke), Err(PageError::TooComplex));
    // Thousands of long wavy lines.
    let quads = format!("[{}]", "0 8 399999 8 0 0 399999 0 ".repeat(20_000));
    let wavy = "<</Subtype/Squiggly/Rect[0 0 400 400]/QuadPoints 5 0 R>>";
    assert_eq!(crowded(wavy, &quads), Err(PageError::TooComplex));
    // Whole pages marked over and over.
    let quads = format!("[{}]", "0 400 400 400 0 0 400 0 ".repeat(20_000));
    let marked = "<</Subtype/Highlight/Rect[0 0 400 400]/QuadPoints 5 0 R>>";
    assert_eq!(crowded(marked, &quads), Err(PageError::TooComplex));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever stands in an annotation, the page is drawn.
    #[test]
    fn nonsense_is_drawn_without_panic(
        kind in prop::sample::select(vec!["Highlight", "Squiggly", "Square", "Circle", "Line", "Polygon", "Ink", "FreeText", "Widget/FT/Tx", "Text", "StrikeOut"]),
        numbers in prop::collection::vec(prop_oneof![-1e9_f64..1e9, Just(0.0), -500.0..500.0_f64], 0..12),
        text in "[ -~]{0,40}",
    ) {
        let list: String = numbers.iter().map(|number| format!("{number:.3} ")).collect();
        let text = text.replace(['(', ')', '\\'], "");
        let picture = drawn(&format!(
            "<</Subtype/{kind}/Rect[{list}]/QuadPoints[{list}]/L[{list}]/Vertices[{list}]/InkList[[{list}]]/C[{list}]/IC[{list}]/RD[{list}]\
             /BS<</W {}/S/D/D[{list}]>>/DA({text} Tf {list} rg)/V({text})/Contents({text})/Q 1/CA {}>>\
             <</Subtype/{kind}/Rect[0 0 400 400]/QuadPoints[{list}]/L[{list}]/Vertices[{list}]/InkList[[{list}]]/BS<</W 3/S/D/D[{list}]>>/DA({text} Tf)/V({text})/Contents({text})>>",
            numbers.first().unwrap_or(&1.0), numbers.last().unwrap_or(&1.0),
        ));
        prop_assert_eq!((picture.width, picture.height), (400, 400));
    }
}
