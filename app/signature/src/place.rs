//! Where a signature goes: a new box on a page, or a field of the form that waits for one; and whether earlier signatures let it.

use crate::error::SignError;
use crate::pdf::form::Waiting;
use crate::pdf::object::Id;
use crate::terms::Terms;
use crate::update::field::{Document, NOWHERE};
use crate::validate::fields;
use contract::appearance::AppearanceMode;
use contract::geometry::{PageGeometry, Rect, Size};
use contract::worker::{FieldRefusal, PrepareRequest, Signability};

/// How far a box may reach over the edge of the page before it counts as off the page, in points: rounding of the UI.
const EDGE: f64 = 1.0;

/// A place on a page.
pub(crate) struct Place<'d> {
    /// Page, from 0.
    pub page: usize,
    /// Its object.
    pub page_id: Id,
    /// Its boxes and rotation.
    pub geometry: PageGeometry,
    /// Whether anything is drawn.
    pub shown: bool,
    /// In user space.
    pub rect: Rect,
    /// As seen, in points.
    pub size: Size,
    /// Name of the field.
    pub field: String,
    /// The field, when the document has it already.
    pub waiting: Option<&'d Waiting>,
}

impl<'d> Place<'d> {
    /// Finds it.
    ///
    /// # Errors
    /// [`SignError::PageMissing`], [`SignError::BoxUnusable`]; [`SignError::BoxForbidden`] for a new box that an earlier signature does not
    /// take; [`SignError::FieldRefused`].
    pub(crate) fn find(
        document: &'d Document<'_, '_>,
        request: &PrepareRequest,
        terms: &Terms,
    ) -> Result<Self, SignError> {
        let drawn = request.appearance.mode != AppearanceMode::Invisible;
        let place = match &terms.field {
            Some(name) => Self::waiting(document, name, drawn)?,
            None => Self::new(document, request, drawn)?,
        };
        if !place.shown && !request.copies.is_empty() {
            return Err(SignError::BoxUnusable);
        }
        let existing = place.waiting.is_some();
        if document
            .file
            .handler()
            .is_some_and(|handler| !handler.may_sign(existing))
        {
            return Err(SignError::NotSignable(Signability::OwnerForbids));
        }
        let signed = fields::signed(document.file);
        let locked = is_locked(&signed, &place.field);
        match place.waiting {
            Some(_) if locked => Err(SignError::FieldRefused(FieldRefusal::Locked)),
            // A lock of all fields, or of all but some, meets every field that is added for a signature, seen or not.
            None if locked => Err(SignError::NotSignable(Signability::CertifiedNoChanges)),
            // ISO 32000-2, 12.8.2.2.2, permits "signing" under P=2 and 3 without saying whether a field may be added for it. Acrobat
            // adds one; pyHanko refuses a visible one (`allow_new_visible_after_certify`), and so does our validator, because such
            // a box can cover what was certified (the "sneaky signature attack" of 2021). So none is made here: what
            // nobody sees, and fields that the author put there, are taken by all of them.
            None if place.shown && document.form.certified => Err(SignError::BoxForbidden),
            _ => Ok(place),
        }
    }

    fn new(
        document: &'d Document<'_, '_>,
        request: &PrepareRequest,
        shown: bool,
    ) -> Result<Self, SignError> {
        let page = usize::try_from(request.page).map_err(|_| SignError::PageMissing)?;
        let (page_id, geometry) = page_of(document, page)?;
        Ok(Self {
            page,
            page_id,
            shown,
            rect: if shown {
                placed(&geometry, &request.rect)?
            } else {
                NOWHERE
            },
            size: Size {
                width: request.rect.width,
                height: request.rect.height,
            },
            geometry,
            field: document.form.free_name("Signature"),
            waiting: None,
        })
    }

    fn waiting(document: &'d Document<'_, '_>, name: &str, drawn: bool) -> Result<Self, SignError> {
        let form = &document.form;
        let refused = |why| Err(SignError::FieldRefused(why));
        let Some(waiting) = form.waiting.iter().find(|field| field.name == name) else {
            let taken = form.signed.iter().any(|field| field.name == name);
            return refused(if taken {
                FieldRefusal::Taken
            } else {
                FieldRefusal::Missing
            });
        };
        if waiting.widget.is_none() {
            return refused(FieldRefusal::Unusable);
        }
        let (page, rect) = waiting.place.unwrap_or((0, NOWHERE));
        let (page_id, geometry) = page_of(document, page)?;
        let seen = geometry.rect_to_view(rect);
        Ok(Self {
            page,
            page_id,
            shown: drawn && waiting.place.is_some(),
            rect,
            size: Size {
                width: seen.width,
                height: seen.height,
            },
            geometry,
            field: waiting.name.clone(),
            waiting: Some(waiting),
        })
    }
}

/// Whether earlier signatures lock every field that could take another one.
pub(crate) fn is_closed(document: &Document<'_, '_>) -> bool {
    let signed = fields::signed(document.file);
    let form = &document.form;
    is_locked(&signed, &form.free_name("Signature"))
        && form
            .waiting
            .iter()
            .all(|field| is_locked(&signed, &field.name))
}

/// Why a waiting field cannot be signed, whoever signs and whatever its author asks. `signed` are the fields that are signed already.
pub(crate) fn refusal(signed: &[fields::Field], waiting: &Waiting) -> Option<FieldRefusal> {
    if waiting.widget.is_none() {
        return Some(FieldRefusal::Unusable);
    }
    is_locked(signed, &waiting.name).then_some(FieldRefusal::Locked)
}

fn is_locked(signed: &[fields::Field], name: &str) -> bool {
    let mut signed = signed.iter();
    signed.any(|earlier| earlier.permissions.locks(name))
}

fn page_of(document: &Document<'_, '_>, index: usize) -> Result<(Id, PageGeometry), SignError> {
    let page = document.pages.get(index).ok_or(SignError::PageMissing)?;
    let id = page
        .id
        .ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
    Ok((id, page.geometry(document.file)))
}

/// The box in user space; it has to lie on the page.
pub(crate) fn placed(geometry: &PageGeometry, rect: &Rect) -> Result<Rect, SignError> {
    let numbers = [rect.x, rect.y, rect.width, rect.height];
    let bounds = geometry.view_bounds();
    let roomy = Rect {
        x: -EDGE,
        y: -EDGE,
        width: bounds.width + 2.0 * EDGE,
        height: bounds.height + 2.0 * EDGE,
    };
    if numbers.iter().any(|number| !number.is_finite())
        || rect.width <= 0.0
        || rect.height <= 0.0
        || !roomy.contains(rect)
    {
        return Err(SignError::BoxUnusable);
    }
    Ok(geometry.rect_to_user(*rect))
}
