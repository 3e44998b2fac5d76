//! The text of the first pages: every letter has its place, every place is a number.
#![no_main]

use document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::open(document_fuzz::file(bytes), None) else {
        return;
    };
    for page in 0..document.page_count().min(3) {
        for line in document.text(page).unwrap_or_default().lines {
            assert_eq!(line.advances.len(), line.text.chars().count(), "{line:?}");
            assert!(
                line.quad
                    .iter()
                    .all(|corner| corner.x.is_finite() && corner.y.is_finite()),
                "{line:?}"
            );
            assert!(
                line.advances
                    .iter()
                    .all(|(from, to)| from.is_finite() && to.is_finite()),
                "{line:?}"
            );
        }
    }
});
