//! Links of a page (ISO 32000-2, 12.5.6.5): into the document, to the web, to a mailbox, and nowhere else.

use crate::catalog::Catalog;
use crate::limits::{ADDRESS_MAX, ANNOTATIONS_MAX};
use crate::open::{Document, PageError, geometry};
use crate::text_string::is_direction_mark;
use contract::document::{Link, LinkTarget};
use contract::geometry::{Point, Rect};
use hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, String as PdfString};
use hayro_syntax::page::Page;

/// `Hidden` and `NoView` (ISO 32000-2, table 167): not there for people.
const UNSEEN: i32 = 1 << 1 | 1 << 5;

impl Document {
    /// Links of a page, in the order of its annotations. What leads to programs, scripts or other files is left out.
    ///
    /// # Errors
    /// [`PageError::Missing`].
    pub fn links(&self, page: u32) -> Result<Vec<Link>, PageError> {
        self.with_catalog(|catalog| {
            let index = usize::try_from(page).map_err(|_| PageError::Missing)?;
            let page = catalog.pdf.pages().get(index).ok_or(PageError::Missing)?;
            let boxes = geometry(page);
            let bounds = boxes.view_bounds();
            let mut links = Vec::new();
            each_annotation(catalog, page, |annotation| {
                let is_link = annotation
                    .get::<Name<'_>>(b"Subtype")
                    .is_some_and(|kind| kind.as_ref() == b"Link");
                if is_link
                    && let Some(rect) = seen_rect(annotation)
                    && let Some(rect) = within(&boxes.rect_to_view(rect), &bounds)
                    && let Some(target) = target(catalog, annotation)
                {
                    links.push(Link { rect, target });
                }
            });
            Ok(links)
        })
    }
}

/// Looks at every annotation of a page, as many as the limits allow; how many there were.
pub(crate) fn each_annotation<'a>(
    catalog: &Catalog<'a>,
    page: &Page<'a>,
    mut see: impl FnMut(&Dict<'a>),
) -> usize {
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else {
        return 0;
    };
    let mut count = 0;
    for annotation in annotations.raw_iter().take(ANNOTATIONS_MAX) {
        count += 1;
        if let Some(annotation) = catalog.resolve(annotation).and_then(Object::into_dict) {
            see(&annotation);
        }
    }
    count
}

/// Whether an annotation is there for people.
pub(crate) fn is_seen(annotation: &Dict<'_>) -> bool {
    annotation.get::<i32>(b"F").unwrap_or(0) & UNSEEN == 0
}

/// The box of an annotation in user space, when it is seen.
pub(crate) fn seen_rect(annotation: &Dict<'_>) -> Option<Rect> {
    if !is_seen(annotation) {
        return None;
    }
    let rect = annotation.get::<PdfRect>(b"Rect")?;
    let rect = Rect::from_corners(
        Point {
            x: rect.x0,
            y: rect.y0,
        },
        Point {
            x: rect.x1,
            y: rect.y1,
        },
    );
    (rect.width > 0.0 && rect.height > 0.0).then_some(rect)
}

/// The part of a box that lies on the page.
pub(crate) fn within(rect: &Rect, bounds: &Rect) -> Option<Rect> {
    let (x, y) = (rect.x.max(bounds.x), rect.y.max(bounds.y));
    let (width, height) = (
        rect.right().min(bounds.right()) - x,
        rect.far().min(bounds.far()) - y,
    );
    let numbers = [rect.x, rect.y, rect.width, rect.height];
    (numbers.iter().all(|number| number.is_finite()) && width > 0.0 && height > 0.0).then_some(
        Rect {
            x,
            y,
            width,
            height,
        },
    )
}

fn target<'a>(catalog: &Catalog<'a>, annotation: &Dict<'a>) -> Option<LinkTarget> {
    // `/Dest` is not allowed beside `/A` (ISO 32000-2, table 176); where a file has both, `/A` is the newer way.
    if let Some(action) = annotation.get::<Dict<'_>>(b"A") {
        if let Some(spot) = catalog.action_spot(&action) {
            return Some(LinkTarget::Spot { spot });
        }
        let kind = action.get::<Name<'_>>(b"S")?;
        if kind.as_ref() == b"URI" {
            let address = address(&action.get::<PdfString<'_>>(b"URI")?)?;
            return Some(LinkTarget::Address { address });
        }
        return None;
    }
    let spot = catalog.spot(annotation.get::<Object<'_>>(b"Dest")?)?;
    Some(LinkTarget::Spot { spot })
}

/// An address a person may be led to: `http`, `https` or `mailto`, with something behind it and nothing in it that is not seen.
fn address(bytes: &[u8]) -> Option<String> {
    if bytes.len() > ADDRESS_MAX {
        return None;
    }
    let decoded = crate::text_string::decode(bytes);
    let text = decoded.trim();
    let unseen =
        |letter: char| letter.is_control() || letter.is_whitespace() || is_direction_mark(letter);
    if text.contains(unseen) {
        return None;
    }
    let known = ["http://", "https://", "mailto:"].iter().any(|scheme| {
        text.len() > scheme.len()
            && text
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    known.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_and_of_mailboxes_are_links() {
        for good in [
            "https://dichvucong.gov.vn/p/home",
            "HTTP://example.vn",
            "mailto:mot-cua@example.gov.vn",
            " https://example.vn/đơn ",
        ] {
            assert_eq!(address(good.as_bytes()).as_deref(), Some(good.trim()));
        }
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https:",
            "http://",
            "data:text/html,x",
            "https://a\u{202e}b",
            "https://a\nb",
            "java\nscript:https://a",
            "",
        ] {
            assert_eq!(address(bad.as_bytes()), None, "{bad:?}");
        }
    }
}
