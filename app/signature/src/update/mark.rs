//! Marks: the signature's picture on other pages, as stamp annotations (ISO 32000-2, 12.5.6.12). They are pictures for people,
//! written in the revision that is signed, so that the signature covers them.

use super::field::Document;
use super::objects::{Body, Objects};
use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use contract::geometry::{PageGeometry, Rect, Rotation, Size};
use contract::worker::Signability;

/// `Print` and `Locked` (12.5.3): as for the signature's own widget.
const FLAGS: i64 = 132;
/// Most marks of one signature: more than pages of any dossier that was seen.
const MARKS_MAX: usize = 5_000;
/// How much wider or narrower than the signature's box, in proportion, a mark may be.
const STRETCH: f64 = 0.02;

/// The drawn signature that marks repeat.
pub(crate) struct Drawn {
    /// The form.
    pub form: Id,
    /// Its size in points as seen.
    pub size: Size,
    /// The page it was turned for.
    pub rotation: Rotation,
}

/// A mark before its page knows of it.
pub(crate) struct Mark {
    /// Its number.
    pub id: Id,
    /// The page, from 0.
    pub page: usize,
    /// The page's object.
    pub page_id: Id,
    /// The annotation.
    pub dictionary: Dictionary,
}

/// Makes one annotation for each place. `name` is the signature field's, `spoken` what a screen reader says.
///
/// # Errors
/// [`SignError::MarksRefused`] when the document carries a signature or certification that a new annotation would hurt;
/// [`SignError::PageMissing`], [`SignError::BoxUnusable`] when a place is off its page or of another shape than the drawing.
pub(crate) fn make(
    document: &Document<'_, '_>,
    objects: &mut Objects,
    drawn: &Drawn,
    places: &[(u32, Rect)],
    name: &str,
    spoken: &str,
    placed: impl Fn(&PageGeometry, &Rect) -> Result<Rect, SignError>,
) -> Result<Vec<Mark>, SignError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    if document.form.certified || !document.form.signed.is_empty() {
        return Err(SignError::MarksRefused);
    }
    if places.len() > MARKS_MAX {
        return Err(SignError::TooLarge);
    }
    let mut forms = vec![(drawn.rotation, drawn.form)];
    let mut marks = Vec::with_capacity(places.len());
    for (number, (page, view)) in (1_usize..).zip(places) {
        let index = usize::try_from(*page).map_err(|_| SignError::PageMissing)?;
        let page = document.pages.get(index).ok_or(SignError::PageMissing)?;
        let page_id = page
            .id
            .ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
        let geometry = page.geometry(document.file);
        let rect = placed(&geometry, view)?;
        let stretch = (view.width * drawn.size.height) / (view.height * drawn.size.width);
        if (stretch - 1.0).abs() > STRETCH {
            return Err(SignError::BoxUnusable);
        }
        let known = forms.iter().find(|(known, _)| *known == geometry.rotation);
        let form = match known {
            Some((_, form)) => *form,
            None => {
                let form = turned(objects, drawn, geometry.rotation);
                forms.push((geometry.rotation, form));
                form
            }
        };
        let corners = [rect.x, rect.y, rect.right(), rect.far()];
        let dictionary = Dictionary::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Stamp"))
            .with("NM", Object::text(&format!("{name}-mark-{number}")))
            .with("Contents", Object::text(spoken))
            .with("F", Object::Integer(FLAGS))
            .with("P", page_id.into())
            .with("Rect", Object::numbers(&corners))
            .with("AP", Dictionary::new().with("N", form.into()).into());
        marks.push(Mark {
            id: objects.reserve(),
            page: index,
            page_id,
            dictionary,
        });
    }
    Ok(marks)
}

/// The same drawing for a page that is turned otherwise: a form around the first one. `/Matrix` of the inner form is undone by
/// `cm`, that of the outer one turns against its own page.
fn turned(objects: &mut Objects, drawn: &Drawn, rotation: Rotation) -> Id {
    let Size { width, height } = drawn.size;
    let back = match drawn.rotation {
        Rotation::Upright => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        Rotation::Quarter => [0.0, -1.0, 1.0, 0.0, 0.0, height],
        Rotation::Half => [-1.0, 0.0, 0.0, -1.0, width, height],
        Rotation::ThreeQuarter => [0.0, 1.0, -1.0, 0.0, width, 0.0],
    };
    let mut content = String::new();
    for number in back {
        if let Object::Real(text) = Object::real(number) {
            content.push_str(&text);
            content.push(' ');
        }
    }
    content.push_str("cm /Fm0 Do");
    let inner = Dictionary::new().with("Fm0", drawn.form.into());
    let form = Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", Object::numbers(&[0.0, 0.0, width, height]))
        .with("Matrix", crate::appearance::turned(drawn.size, rotation))
        .with(
            "Resources",
            Dictionary::new().with("XObject", inner.into()).into(),
        );
    objects.add(Body::Stream(form, content.into_bytes()))
}
