//! Photos as one PDF: a page each, A4 with a margin, the JPEG embedded as it is.

use crate::appearance::image::{self, Picture};
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::objects::{Body, Objects};
use crate::update::whole;

/// Most pages.
pub const PHOTOS_MAX: usize = 60;
/// A4 in points, upright.
const PAPER: (f64, f64) = (595.28, 841.89);
/// 10 mm in points: printers cut off what is nearer to the edge.
const MARGIN: f64 = 28.35;

/// Binds photos (JPEG or PNG) to a PDF, in order. `turns` are quarter turns clockwise of each page; what is missing is none.
/// Same photos, same bytes.
///
/// # Errors
/// [`SignError::ImageMissing`] without photos, [`SignError::ImageUnreadable`] for one that is damaged, too large, or one too many.
pub fn bind(photos: &[Vec<u8>], turns: &[u8]) -> Result<Vec<u8>, SignError> {
    if photos.is_empty() {
        return Err(SignError::ImageMissing);
    }
    if photos.len() > PHOTOS_MAX {
        return Err(SignError::ImageUnreadable);
    }
    let mut objects = Objects::new(1);
    let (catalog, pages) = (objects.reserve(), objects.reserve());
    let mut kids = Vec::with_capacity(photos.len());
    for (position, photo) in photos.iter().enumerate() {
        let picture = image::read(photo)?;
        let turn = turns.get(position).map_or(0, |turn| turn % 4);
        kids.push(page(&mut objects, pages, &picture, turn).into());
    }
    Ok(whole::of_pages(objects, catalog, pages, kids))
}

/// One sheet, lying where the photo lies, with the photo as large as the margins let it be.
fn page(objects: &mut Objects, pages: Id, picture: &Picture, turn: u8) -> Id {
    let ratio = if turn.is_multiple_of(2) {
        picture.ratio()
    } else {
        picture.ratio().recip()
    };
    let (across, down) = if ratio > 1.0 {
        (PAPER.1, PAPER.0)
    } else {
        PAPER
    };
    let width = (across - 2.0 * MARGIN).min((down - 2.0 * MARGIN) * ratio);
    let height = width / ratio;
    let (x, y) = ((across - width) / 2.0, (down - height) / 2.0);
    // The image fills the unit square; the matrix puts it on the page (ISO 32000-2, 8.9.5).
    let matrix = match turn {
        0 => [width, 0.0, 0.0, height, x, y],
        1 => [0.0, -height, width, 0.0, x, y + height],
        2 => [-width, 0.0, 0.0, -height, x + width, y + height],
        _ => [0.0, height, -width, 0.0, x + width, y],
    };
    let numbers: Vec<String> = matrix.iter().map(|value| format!("{value:.3}")).collect();
    let content = format!("q {} cm /Im0 Do Q", numbers.join(" "));
    let image = picture.add(objects);
    let content = objects.add(Body::Stream(Dictionary::new(), content.into_bytes()));
    let images = Dictionary::new().with("Im0", image.into());
    objects.add(Body::Plain(
        Dictionary::new()
            .with("Type", Object::name("Page"))
            .with("Parent", pages.into())
            .with("MediaBox", Object::numbers(&[0.0, 0.0, across, down]))
            .with(
                "Resources",
                Dictionary::new().with("XObject", images.into()).into(),
            )
            .with("Contents", content.into())
            .into(),
    ))
}
