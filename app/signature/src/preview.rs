//! The appearance alone, as a one-page PDF that draws the very form a signature would embed.

use crate::appearance;
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Object};
use crate::update::objects::{Body, Objects};
use crate::update::whole;
use contract::appearance::Appearance;
use contract::geometry::{Rotation, Size};

/// A PDF of one page of exactly `size` (points), transparent but for the appearance.
///
/// # Errors
/// As [`crate::prepare`] for box, image and font.
pub fn preview(shown: &Appearance, size: Size, image: Option<&[u8]>) -> Result<Vec<u8>, SignError> {
    let mut objects = Objects::new(1);
    let (catalog, pages, page) = (objects.reserve(), objects.reserve(), objects.reserve());
    let form = appearance::add(&mut objects, shown, size, Rotation::Upright, image)?;
    let content = objects.add(Body::Stream(Dictionary::new(), b"/Fm0 Do".to_vec()));
    let forms = Dictionary::new().with("Fm0", form.into());
    objects.set(
        page,
        Body::Plain(
            Dictionary::new()
                .with("Type", Object::name("Page"))
                .with("Parent", pages.into())
                .with(
                    "MediaBox",
                    Object::numbers(&[0.0, 0.0, size.width, size.height]),
                )
                .with(
                    "Resources",
                    Dictionary::new().with("XObject", forms.into()).into(),
                )
                .with("Contents", content.into())
                .into(),
        ),
    );
    Ok(whole::of_pages(objects, catalog, pages, vec![page.into()]))
}
