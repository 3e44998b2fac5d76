//! Find a keyword and propose a box beside it. The input: two bytes for the size of the box, the keyword up to the end of the line, the file.
#![no_main]

use contract::fold::fold;
use contract::geometry::Size;
use contract::text::ProposalReason;
use document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [width, height, rest @ ..] = bytes else {
        return;
    };
    let end = rest.iter().take(96).position(|byte| *byte == b'\n');
    let (keyword, file) = rest.split_at(end.unwrap_or(0));
    let keyword = String::from_utf8_lossy(keyword);
    let Ok(document) = Document::open(document_fuzz::file(file.get(1..).unwrap_or_default()), None)
    else {
        return;
    };
    if document.page_count() > 3 {
        return;
    }
    for hit in document.find(&keyword) {
        assert!(hit.page < document.page_count());
        assert!(
            !hit.quads.is_empty() && !fold(&hit.text).is_empty(),
            "{hit:?}"
        );
        assert!(
            hit.quads
                .iter()
                .flatten()
                .all(|corner| corner.x.is_finite() && corner.y.is_finite()),
            "{hit:?}"
        );
    }
    let size = Size {
        width: f64::from(*width),
        height: f64::from(*height),
    };
    let proposal = document.propose(&keyword, size, &[]);
    for place in &proposal.places {
        let rect = place.rect;
        assert!(place.page < document.page_count());
        assert!(
            [rect.x, rect.y, rect.width, rect.height]
                .iter()
                .all(|number| number.is_finite()),
            "{place:?}"
        );
    }
    if let (ProposalReason::Keyword, Some(best)) = (proposal.reason, proposal.places.first()) {
        let page = document
            .geometry(best.page)
            .expect("a page that is counted exists")
            .view_bounds();
        assert!(
            page.contains(&best.rect),
            "{best:?} is on the page {page:?}"
        );
    }
});
