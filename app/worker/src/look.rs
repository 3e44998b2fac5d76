//! Opening, drawing, reading, proposing.

use crate::desk::{Desk, Open};
use crate::protocol::{Parcel, Reply};
use contract::geometry::{Rect, Size};
use contract::value::Sha256;
use contract::worker::{Answer, DocumentFacts, DocumentId, Signability, WorkerProblem};
use document::{AttachmentError, Document, OpenError, PageError, Picture};
use sha2::Digest as _;
use wasm_bindgen::{Clamped, JsCast as _};
use web_sys::{ImageBitmap, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

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
    }
}

/// Opens a document and tells what is known at once.
pub(crate) fn open(
    desk: &mut Desk,
    id: DocumentId,
    password: Option<&str>,
    bytes: Vec<u8>,
) -> Result<Reply, WorkerProblem> {
    let document = Document::open(bytes.clone(), password).map_err(open_problem)?;
    let inspection = signature::inspect(&bytes).ok();
    let pages = (0..document.page_count())
        .map(|page| document.geometry(page).map_err(page_problem))
        .collect::<Result<_, _>>()?;
    let facts = DocumentFacts {
        sha256: Sha256(sha2::Sha256::digest(&bytes).into()),
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
        signatures: inspection.map(|found| found.fields).unwrap_or_default(),
    };
    desk.put(id, document, bytes);
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
    bitmap(picture.map_err(page_problem)?)
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

/// A picture as an `ImageBitmap`.
pub(crate) fn bitmap(picture: Picture) -> Result<Reply, WorkerProblem> {
    let (width, height) = (picture.width, picture.height);
    let made = (|| -> Result<ImageBitmap, wasm_bindgen::JsValue> {
        let data =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&picture.rgba), width, height)?;
        let canvas = OffscreenCanvas::new(width, height)?;
        let context = canvas
            .get_context("2d")?
            .ok_or("no 2d context")?
            .dyn_into::<OffscreenCanvasRenderingContext2d>()?;
        context.put_image_data(&data, 0.0, 0.0)?;
        canvas.transfer_to_image_bitmap()
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

/// Where the box should stand, off the signatures that are there.
pub(crate) fn propose(open: &Open, keyword: &str, size: Size) -> Result<Reply, WorkerProblem> {
    let occupied = signature::inspect(&open.bytes)
        .map(|found| found.boxes)
        .unwrap_or_default();
    let proposal = open.document.propose(keyword, size, &occupied);
    Ok(Answer::Proposed { proposal }.into())
}
