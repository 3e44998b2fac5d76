//! What a signature looks like: one Form XObject, drawn the same in the preview and in the document.

pub(crate) mod compose;
pub(crate) mod draw;
pub(crate) mod font;
pub(crate) mod image;
pub(crate) mod layout;
pub(crate) mod text;

use crate::error::SignError;
use crate::pdf::object::{Id, Object};
use crate::update::objects::Objects;
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::{Rotation, Size};
use draw::Drawing;

/// Adds the Form XObject and all it needs; gives its number. `rotation` is the page's: the form is turned against it,
/// so that it stands upright for the reader. `size` is in points as seen.
///
/// # Errors
/// [`SignError::BoxUnusable`], [`SignError::ImageMissing`], [`SignError::ImageUnreadable`], [`SignError::Font`].
pub(crate) fn add(
    objects: &mut Objects,
    appearance: &Appearance,
    size: Size,
    rotation: Rotation,
    image: Option<&[u8]>,
) -> Result<Id, SignError> {
    let picture = match appearance.mode {
        // An invisible signature has no appearance; its preview is as empty as it is.
        AppearanceMode::TextOnly | AppearanceMode::Invisible => None,
        AppearanceMode::ImageOnly | AppearanceMode::ImageAndText => {
            Some(image::read(image.ok_or(SignError::ImageMissing)?)?)
        }
    };
    let faces = font::Faces::load()?;
    let lines = match appearance.mode {
        AppearanceMode::ImageOnly | AppearanceMode::Invisible => Vec::new(),
        AppearanceMode::TextOnly | AppearanceMode::ImageAndText => text::lines(appearance),
    };
    let layout = layout::arrange(
        &faces,
        &lines,
        picture.as_ref().map(image::Picture::ratio),
        size,
    )?;
    let mut drawing = Drawing::new(faces);
    drawing.paint(&layout);
    drawing.add(objects, size, turned(size, rotation), picture.as_ref())
}

/// The form's `/Matrix`: turned counter-clockwise by as much as the page is shown clockwise (12.5.5, algorithm 8.1 fits the
/// turned box to `/Rect`, so only the turn matters; the shift keeps the box in the first quadrant).
pub(crate) fn turned(size: Size, rotation: Rotation) -> Object {
    let Size { width, height } = size;
    Object::numbers(&match rotation {
        Rotation::Upright => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        Rotation::Quarter => [0.0, 1.0, -1.0, 0.0, height, 0.0],
        Rotation::Half => [-1.0, 0.0, 0.0, -1.0, width, height],
        Rotation::ThreeQuarter => [0.0, -1.0, 1.0, 0.0, 0.0, width],
    })
}
