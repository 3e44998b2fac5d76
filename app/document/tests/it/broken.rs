//! What the fuzzers found (`cargo xtask fuzz`): each input that once broke a promise keeps it from now on.

use crate::support::{pdf, stream};
use contract::geometry::Size;
use document::{Document, PageError};

fn page(entries: &str, content: &[u8]) -> Document {
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{entries}>>").into(),
        stream("", content),
    ];
    Document::open(pdf(&objects), None).expect("opens")
}

#[test]
fn boxes_beyond_measure_are_no_place_for_a_signature() {
    let endless = "9".repeat(60);
    for entries in [
        format!("/MediaBox[0 0 612 {endless}]"),
        format!("/MediaBox[-{endless} 0 612 792]"),
        format!("/MediaBox[0 0 612 {endless}]/CropBox[0 -{endless} 612 {endless}]"),
    ] {
        let document = page(&entries, b"");
        let seen = document.geometry(0).expect("the page exists").view_size();
        assert!(
            seen.width.is_finite() && seen.height.is_finite(),
            "{seen:?}"
        );
        let size = Size {
            width: 150.0,
            height: 60.0,
        };
        for place in document.propose("the", size, &[]).places {
            assert!(place.rect.far().is_finite() && place.rect.right().is_finite());
        }
        assert_eq!(
            document.render(0, 1.0).map(|_| ()),
            Err(PageError::Undrawable)
        );
    }
}
