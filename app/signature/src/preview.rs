//! The appearance alone, as a one-page PDF that draws the very form a signature would embed.

use crate::appearance;
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::write;
use crate::update::objects::{Body, Objects};
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
    objects.set(
        pages,
        Body::Plain(
            Dictionary::new()
                .with("Type", Object::name("Pages"))
                .with("Kids", Object::Array(vec![page.into()]))
                .with("Count", Object::Integer(1))
                .into(),
        ),
    );
    let root = Dictionary::new()
        .with("Type", Object::name("Catalog"))
        .with("Pages", pages.into());
    objects.set(catalog, Body::Plain(root.into()));

    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let count = objects.next_number();
    let (offsets, _) = objects.write(&mut out, 0);
    let start = out.len();
    write::text(
        &mut out,
        &format!("xref\n0 {count}\n0000000000 65535 f\r\n"),
    );
    for (_, offset) in offsets {
        write::text(&mut out, &format!("{offset:010} 00000 n\r\n"));
    }
    let trailer = Dictionary::new()
        .with("Size", Object::Integer(i64::from(count)))
        .with("Root", catalog.into());
    write::text(&mut out, "trailer\n");
    write::dictionary(&mut out, &trailer);
    write::text(&mut out, &format!("\nstartxref\n{start}\n%%EOF\n"));
    Ok(out)
}
