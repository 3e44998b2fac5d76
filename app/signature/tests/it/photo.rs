//! Photos become a PDF that other readers open, each turned as it was asked.

use document::Document;
use std::process::Command;
use std::sync::Arc;

/// 48 by 32 pixels, red on the left, blue on the right.
const PHOTO: &[u8] = include_bytes!("data/left-red-right-blue.jpg");

/// Red or blue at a place of the page, given as shares of its width and height.
fn color(document: &Document, page: u32, x: f64, y: f64) -> char {
    let picture = document.render(page, 0.5).expect("drawn");
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = ((y * height) as usize * picture.width as usize + (x * width) as usize) * 4;
    match picture.rgba[at..at + 3] {
        [red, _, blue] if red > 180 && blue < 80 => 'r',
        [red, _, blue] if blue > 180 && red < 80 => 'b',
        [255, 255, 255] => 'w',
        _ => '?',
    }
}

#[test]
fn each_photo_is_an_a4_page_turned_clockwise_by_quarters() {
    let photos = vec![PHOTO.to_vec(); 4];
    let bytes = signature::photo::bind(&photos, &[0, 1, 2]).expect("bound");
    assert_eq!(
        bytes,
        signature::photo::bind(&photos, &[0, 1, 2, 0]).expect("bound"),
        "same photos, same bytes"
    );
    let document = Document::open(Arc::new(bytes), None).expect("opens");
    assert_eq!(document.page_count(), 4);
    let sides = |page| {
        (
            color(&document, page, 0.25, 0.5),
            color(&document, page, 0.75, 0.5),
            color(&document, page, 0.5, 0.25),
            color(&document, page, 0.5, 0.75),
        )
    };
    let (left, right, ..) = sides(0);
    assert_eq!((left, right), ('r', 'b'), "as it was taken");
    let (.., top, bottom) = sides(1);
    assert_eq!((top, bottom), ('r', 'b'), "left goes up");
    let (left, right, ..) = sides(2);
    assert_eq!((left, right), ('b', 'r'), "upside down");
    assert_eq!(
        color(&document, 0, 0.01, 0.5),
        'w',
        "the margin stays white"
    );
}

#[test]
fn other_readers_find_nothing_wrong_and_the_jpeg_is_embedded_as_it_is() {
    let bytes = signature::photo::bind(&[PHOTO.to_vec(), PHOTO.to_vec()], &[0, 1]).expect("bound");
    assert!(
        bytes.windows(PHOTO.len()).any(|window| window == PHOTO),
        "the very file"
    );
    assert!(signature::inspect(&bytes).is_ok());
    let file = std::env::temp_dir().join(format!("photos-{}.pdf", std::process::id()));
    std::fs::write(&file, &bytes).expect("written");
    for (program, arguments, wanted) in [
        (
            "qpdf",
            vec!["--check"],
            "No syntax or stream encoding errors",
        ),
        ("pdfinfo", vec![], "841.89 x 595.28 pts (A4)"),
    ] {
        match Command::new(program).args(arguments).arg(&file).output() {
            Ok(said) => {
                let text = String::from_utf8_lossy(&said.stdout);
                assert!(said.status.success() && text.contains(wanted), "{text}");
            }
            Err(error) => eprintln!("skipped {program}: {error}"),
        }
    }
    let _ = std::fs::remove_file(file);
}

#[test]
fn what_is_no_photo_is_refused() {
    assert!(signature::photo::bind(&[], &[]).is_err());
    assert!(signature::photo::bind(&[b"%PDF-1.7".to_vec()], &[]).is_err());
    let cut = PHOTO[..60].to_vec();
    assert!(signature::photo::bind(&[PHOTO.to_vec(), cut], &[]).is_err());
    let many = vec![PHOTO.to_vec(); signature::photo::PHOTOS_MAX + 1];
    assert!(signature::photo::bind(&many, &[]).is_err());
}
