//! Opening, drawing, reading, proposing.

use crate::desk::{Desk, Open};
use crate::protocol::{Parcel, Reply};
use contract::caution::{self, Caution, CautionKind};
use contract::geometry::{Rect, Size};
use contract::worker::{Answer, DocumentFacts, DocumentId, Signability, WorkerProblem};
use document::{AttachmentError, Document, OpenError, PageError, Picture};
use js_sys::Promise;
use std::sync::Arc;
use wasm_bindgen::{Clamped, JsCast as _, JsValue};
use web_sys::{ImageBitmapOptions, ImageData, PremultiplyAlpha, WorkerGlobalScope};

fn open_problem(error: OpenError) -> WorkerProblem {
    match error {
        OpenError::NotPdf => WorkerProblem::NotPdf,
        OpenError::Damaged => WorkerProblem::Damaged,
        OpenError::PasswordRequired => WorkerProblem::PasswordRequired,
        OpenError::UnsupportedEncryption => WorkerProblem::UnsupportedEncryption,
        OpenError::TooLarge => WorkerProblem::TooLarge,
    }
}

pub(crate) fn page_problem(error: PageError) -> WorkerProblem {
    match error {
        PageError::Missing | PageError::Undrawable => WorkerProblem::PageUnreadable,
        PageError::TooComplex => WorkerProblem::PageTooComplex,
    }
}

/// Opens a document and tells what is known at once.
pub(crate) fn open(
    desk: &mut Desk,
    id: DocumentId,
    password: Option<String>,
    bytes: Vec<u8>,
) -> Result<Reply, WorkerProblem> {
    let bytes = Arc::new(bytes);
    let document = Document::open_with(bytes.clone(), password.as_deref(), &desk.resources)
        .map_err(open_problem)?;
    let word = password.as_deref().unwrap_or_default();
    let inspection = signature::inspect_with(&bytes, word).ok();
    let unlocks = !word.is_empty() && signature::needs_password(&bytes);
    let pages = (0..document.page_count())
        .map(|page| document.geometry(page).map_err(page_problem))
        .collect::<Result<_, _>>()?;
    let facts = DocumentFacts {
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        pages,
        title: document.title(),
        signability: inspection
            .as_ref()
            .map_or(Signability::DamagedStructure, |found| found.signability),
        signature_boxes: inspection
            .as_ref()
            .map(|found| found.boxes.clone())
            .unwrap_or_default(),
        waiting: inspection
            .as_ref()
            .map(|found| found.waiting.clone())
            .unwrap_or_default(),
        certified: inspection.as_ref().is_some_and(|found| found.certified),
        unlocks,
        signatures: inspection.map(|found| found.fields).unwrap_or_default(),
    };
    let signatures = facts.signature_boxes.clone();
    desk.put(id, document, bytes, password, signatures);
    Ok(Answer::Opened { facts }.into())
}

/// Draws a page, or a part of it.
pub(crate) fn render(
    document: &Document,
    page: u32,
    scale: f64,
    clip: Option<Rect>,
) -> Result<Reply, WorkerProblem> {
    let picture = match clip {
        Some(clip) => document.render_part(page, scale, clip),
        None => document.render(page, scale),
    };
    bitmap(&picture.map_err(page_problem)?, true)
}

/// Fewer letters than this make no word that matters.
const UNSEEN_LEAST: usize = 3;

/// What a signer may not see of some pages; with the first page, of the document.
pub(crate) fn cautions(open: &Open, first: u32, count: u32) -> Reply {
    let word = open.password.as_deref().unwrap_or_default();
    let mut cautions = if first == 0 {
        signature::cautions(&open.bytes, word)
    } else {
        Vec::new()
    };
    let covers = signature::covers(&open.bytes, word);
    let last = first.saturating_add(count).min(open.document.page_count());
    let (mut unseen, mut covered) = (Vec::new(), Vec::new());
    for page in first..last {
        let letters = open.document.unseen_letters(page);
        if letters.is_ok_and(|letters| letters >= UNSEEN_LEAST) {
            unseen.push(page);
        }
        let mut here = covers.iter().filter(|(on, _)| *on == page).peekable();
        if here.peek().is_none() {
            continue;
        }
        let Ok(text) = open.document.text(page) else {
            continue;
        };
        let over = |rect: &Rect| {
            text.lines.iter().any(|line| {
                let [from, _, to, _] = line.quad;
                let line = Rect::from_corners(from, to);
                let middle = line.y + line.height / 2.0;
                let across = line.right().min(rect.right()) - line.x.max(rect.x);
                (rect.y..rect.far()).contains(&middle) && across > line.height
            })
        };
        if here.any(|(_, rect)| over(rect)) {
            covered.push(page);
        }
    }
    for (kind, pages) in [
        (CautionKind::HiddenText, unseen),
        (CautionKind::CoveringAnnotation, covered),
    ] {
        if !pages.is_empty() {
            let names = Vec::new();
            caution::merge(&mut cautions, vec![Caution { kind, pages, names }]);
        }
    }
    Answer::Cautions { cautions }.into()
}

/// Links of a page.
pub(crate) fn links(document: &Document, page: u32) -> Result<Reply, WorkerProblem> {
    let links = document.links(page).map_err(page_problem)?;
    Ok(Answer::Links { links }.into())
}

/// Bytes of an attached file.
pub(crate) fn attachment(document: &Document, index: u32) -> Result<Reply, WorkerProblem> {
    let bytes = document.attachment(index).map_err(|error| match error {
        AttachmentError::TooLarge => WorkerProblem::TooLarge,
        AttachmentError::Missing | AttachmentError::Damaged => WorkerProblem::Damaged,
    })?;
    Ok(Reply {
        answer: Answer::Attachment,
        parcels: vec![Parcel::Bytes(bytes)],
    })
}

/// A picture as an `ImageBitmap`, which the browser copies out of our memory at once and which is transferred to the page then.
///
/// Measured in Chromium 156 on A4 at 1.5 pixels a point (893 × 1263), milliseconds in the worker, on the page, until the next
/// frame has ended: `createImageBitmap` without multiplying by alpha 2.2, 0.2, 20.4; `OffscreenCanvas` and
/// `transferToImageBitmap` 3.4, 0.2, 20.2; the bare pixels and `putImageData` on the page 2.6, 3.3, 19.7; a `VideoFrame`
/// 0.7, 6.3, 20. The page's own thread is the scarce one.
pub(crate) fn bitmap(picture: &Picture, opaque: bool) -> Result<Reply, WorkerProblem> {
    let (width, height) = (picture.width, picture.height);
    let made = (|| -> Result<Promise, JsValue> {
        let data =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&picture.rgba), width, height)?;
        let scope = js_sys::global().dyn_into::<WorkerGlobalScope>()?;
        if !opaque {
            return scope.create_image_bitmap_with_image_data(&data);
        }
        let options = ImageBitmapOptions::new();
        options.set_premultiply_alpha(PremultiplyAlpha::None);
        scope.create_image_bitmap_with_image_data_and_image_bitmap_options(&data, &options)
    })();
    match made {
        Ok(bitmap) => Ok(Reply {
            answer: Answer::Rendered { width, height },
            parcels: vec![Parcel::Picture(bitmap)],
        }),
        Err(_) => Err(WorkerProblem::PageUnreadable),
    }
}

/// Text of a page.
pub(crate) fn text(document: &Document, page: u32) -> Result<Reply, WorkerProblem> {
    let text = document.text(page).map_err(page_problem)?;
    Ok(Answer::Text { text }.into())
}

/// Finds a text in some pages.
pub(crate) fn find(document: &Document, query: &str, first: u32, count: u32) -> Reply {
    let found = document.find_in_pages(query, first, count);
    Answer::Found {
        hits: found.hits,
        unsure: found.unsure,
    }
    .into()
}

/// Where the box should stand, off the signatures of the file and those that are placed already.
pub(crate) fn propose(
    open: &Open,
    keyword: &str,
    size: Size,
    mut taken: Vec<(u32, Rect)>,
) -> Result<Reply, WorkerProblem> {
    taken.extend(&open.signatures);
    let proposal = open.document.propose(keyword, size, &taken);
    Ok(Answer::Proposed { proposal }.into())
}
