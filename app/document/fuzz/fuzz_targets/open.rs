//! Open, tell everything, draw the first page: an error is fine, a panic or a hang is not.
#![no_main]

use document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::open(document_fuzz::file(bytes), None) else {
        return;
    };
    for page in 0..document.page_count().min(50) {
        let geometry = document
            .geometry(page)
            .expect("a page that is counted exists");
        let size = geometry.view_size();
        assert!(
            size.width.is_finite() && size.height.is_finite(),
            "{geometry:?}"
        );
        assert!(size.width > 0.0 && size.height > 0.0, "{geometry:?}");
    }
    let details = document.details();
    for index in 0..u32::try_from(details.attachments.len()).unwrap_or(0).min(3) {
        let _ = document.attachment(index);
    }
    for link in document.links(0).unwrap_or_default() {
        assert!(
            link.rect.x.is_finite() && link.rect.y.is_finite(),
            "{link:?}"
        );
        assert!(
            link.rect.width >= 0.0 && link.rect.height >= 0.0,
            "{link:?}"
        );
    }
    document_fuzz::draw(&document, 0);
});
