//! Pictures of pages and of parts of them.

use crate::support::{pdf, stream};
use contract::geometry::Rect;
use document::{Document, PageError, Picture};
use proptest::prelude::*;

/// Text, lines, a curve, an image, a gradient, a pattern and a transparent group on a page with these further entries.
fn page(extra: &str) -> Document {
    let content = b"q 0.8 0.1 0.1 rg 50 50 120.5 80.25 re f Q \
        q 3 w 20 20 m 300 390 l 380 30 l S Q \
        q 0 0 1 RG 0.3 w 100 100 m 150 300 250 300 300 100 c S Q \
        BT /F1 19 Tf 30 330 Td (Cong hoa xa hoi) Tj ET \
        q 80 0 0 60 210 220 cm /I1 Do Q \
        q 200 50 100 60 re W n /S1 sh Q \
        /Pattern cs /P1 scn 30 150 90 60 re f \
        /G1 gs /X1 Do";
    let objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400.4 400.6]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</I1 6 0 R/X1 8 0 R>>/Shading<</S1 9 0 R>>/Pattern<</P1 7 0 R>>/ExtGState<</G1<</ca 0.5>>>>>>{extra}>>").into(),
        stream("", content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        stream("/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceRGB", &[255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]),
        stream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>", b"0 0.6 0 rg 0 0 5 5 re f"),
        stream("/Subtype/Form/BBox[0 0 400 400]/Group<</S/Transparency>>", b"0 0 1 rg 120 120 150 150 re f 1 1 0 rg 180 180 60 60 re f"),
        b"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[200 0 300 0]/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>".to_vec(),
    ];
    Document::open(pdf(&objects), None).expect("opens")
}

/// The largest difference of any colour, and how many pixels differ by more than 8.
fn difference(whole: &Picture, part: &Picture, left: u32, top: u32) -> (u8, usize) {
    let (mut most, mut many) = (0, 0);
    for y in 0..part.height {
        for x in 0..part.width {
            let at = |picture: &Picture, x: u32, y: u32| {
                let start = ((y * picture.width + x) * 4) as usize;
                <[u8; 4]>::try_from(&picture.rgba[start..start + 4]).unwrap()
            };
            let (a, b) = (at(whole, x + left, y + top), at(part, x, y));
            let apart = a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            most = most.max(apart);
            many += usize::from(apart > 8);
        }
    }
    (most, many)
}

#[test]
fn a_part_has_the_pixels_of_the_whole() {
    for extra in [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/CropBox[20 30 380 390]/Rotate 270",
        "/UserUnit 2",
    ] {
        let document = page(extra);
        for scale in [0.7, 1.0, 2.5] {
            let whole = document.render(0, scale).expect("drawn");
            let size = document.geometry(0).expect("a page").view_size();
            for (x, y, width, height) in [
                (0.0, 0.0, 0.5, 0.5),
                (0.25, 0.4, 0.3, 0.35),
                (0.6, 0.6, 0.4, 0.4),
            ] {
                let clip = Rect {
                    x: x * size.width,
                    y: y * size.height,
                    width: width * size.width,
                    height: height * size.height,
                };
                let part = document.render_part(0, scale, clip).expect("drawn");
                let (left, top) = (
                    (clip.x * scale).round() as u32,
                    (clip.y * scale).round() as u32,
                );
                assert!(left + part.width <= whole.width && top + part.height <= whole.height);
                let (most, many) = difference(&whole, &part, left, top);
                // Tiling patterns are painted from a picture of one cell, whose edge may fall differently.
                assert!(
                    many * 500 <= part.rgba.len() / 4,
                    "{extra} at {scale}: {many} of {} pixels differ, by {most} at most",
                    part.rgba.len() / 4
                );
            }
        }
    }
}

#[test]
fn tiles_cover_the_page_once() {
    let document = page("");
    let scale = 1.5;
    let whole = document.render(0, scale).expect("drawn");
    let tile = 256.0;
    let mut covered = 0;
    let mut row = 0.0;
    while row < f64::from(whole.height) {
        let mut column = 0.0;
        while column < f64::from(whole.width) {
            let clip = Rect {
                x: column / scale,
                y: row / scale,
                width: tile / scale,
                height: tile / scale,
            };
            let part = document.render_part(0, scale, clip).expect("drawn");
            let right = (f64::from(whole.width) - column).min(tile);
            let below = (f64::from(whole.height) - row).min(tile);
            assert_eq!((part.width, part.height), (right as u32, below as u32));
            covered += part.width * part.height;
            column += tile;
        }
        row += tile;
    }
    assert_eq!(covered, whole.width * whole.height);
}

#[test]
fn a_page_at_any_zoom_is_drawn_in_parts_of_its_own_size() {
    let document = page("");
    let clip = Rect {
        x: 100.0,
        y: 100.0,
        width: 16.0,
        height: 8.0,
    };
    // The whole page would have 410 million pixels.
    let part = document.render_part(0, 50.0, clip).expect("drawn");
    assert_eq!((part.width, part.height), (800, 400));
    let whole = document.render(0, 50.0).expect("drawn smaller");
    assert!(f64::from(whole.width * whole.height) <= document::PIXELS_MAX);
}

#[test]
fn what_is_not_on_the_page_is_not_drawn() {
    let document = page("");
    let at = |x, y, width, height| {
        document.render_part(
            0,
            1.0,
            Rect {
                x,
                y,
                width,
                height,
            },
        )
    };
    assert_eq!(at(500.0, 0.0, 10.0, 10.0), Err(PageError::Undrawable));
    assert_eq!(at(0.0, 0.0, 0.0, 10.0), Err(PageError::Undrawable));
    assert!(at(f64::NAN, 0.0, 10.0, 10.0).is_err());
    assert_eq!(
        document.render(0, f64::INFINITY),
        Err(PageError::Undrawable)
    );
    assert_eq!(document.render(1, 1.0), Err(PageError::Missing));
    let over = at(-50.0, -50.0, 100.0, 100.0).expect("the part that is on it");
    assert_eq!((over.width, over.height), (50, 50));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_part_is_drawn_or_refused(x in -1e4..1e4, y in -1e4..1e4, width in 0.0..1e5, height in 0.0..1e5, scale in 1e-3..0.5) {
        if let Ok(part) = page("").render_part(0, scale, Rect { x, y, width, height }) {
            prop_assert_eq!(part.rgba.len(), (part.width * part.height * 4) as usize);
            prop_assert!(f64::from(part.width * part.height) <= document::PIXELS_MAX);
        }
    }
}
