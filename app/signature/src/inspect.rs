//! Looking at a document before anything is asked of the person: can it be signed, and who signed already?

use crate::error::SignError;
use crate::pdf::file::File;
use crate::pdf::form::{Form, decode_text};
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::page;
use crate::place;
use crate::seed;
use crate::update::field::Document;
use crate::validate::{self, fields};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::{Coverage, Integrity, Modifications};
use contract::value::Timestamp;
use contract::waiting::{Locked, WaitingField};
use contract::worker::{FieldRefusal, Signability};
use std::rc::Rc;

/// What is known of a document before it is signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// Whether it can be signed as it is.
    pub signability: Signability,
    /// Names of the fields that hold a signature, in the form's order.
    pub fields: Vec<String>,
    /// Where those signatures stand, visible ones only: page from 0, box in view space.
    pub boxes: Vec<(u32, Rect)>,
    /// Signature fields that wait for a signature, in the form's order.
    pub waiting: Vec<WaitingField>,
    /// Whether an earlier signer certified it, whatever that permits.
    pub certified: bool,
}

/// Looks at a document.
///
/// # Errors
/// [`SignError::NotPdf`]. A PDF that cannot be signed is no error: [`Inspection::signability`] says why.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, SignError> {
    inspect_with(bytes, "")
}

/// Looks at a document that was opened with a password.
///
/// # Errors
/// Those of [`inspect`].
pub fn inspect_with(bytes: &[u8], password: &str) -> Result<Inspection, SignError> {
    let unsignable = |signability| Inspection {
        signability,
        fields: Vec::new(),
        boxes: Vec::new(),
        waiting: Vec::new(),
        certified: false,
    };
    let file = match File::open_with(bytes, password) {
        Err(SignError::NotSignable(why)) => return Ok(unsignable(why)),
        opened => opened?,
    };
    let document = match open(&file) {
        Err(SignError::NotSignable(why)) => return Ok(unsignable(why)),
        opened => opened?,
    };
    let seen = |(index, rect): &(usize, Rect)| {
        let page = document.pages.get(*index)?;
        let number = u32::try_from(*index).ok()?;
        Some((number, page.geometry(&file).rect_to_view(*rect)))
    };
    let boxes = document.form.signed.iter();
    let boxes = boxes.flat_map(|field| &field.boxes).filter_map(seen);
    let boxes = boxes.collect();
    let signed = fields::signed(&file);
    let waiting = document.form.waiting.iter().map(|field| {
        let (asks, refused) = seed::asked(&file, &field.field);
        WaitingField {
            name: field.name.clone(),
            place: field.place.as_ref().and_then(seen),
            lock: locked(&file, &field.field),
            asks,
            refusal: place::refusal(&signed, field).or(refused.map(FieldRefusal::Constrained)),
        }
    });
    let waiting = waiting.collect();
    Ok(Inspection {
        signability: match signability(&document.form) {
            Signability::Ready if place::is_closed(&document) => Signability::CertifiedNoChanges,
            Signability::Ready if !may_sign(&document) => Signability::OwnerForbids,
            Signability::Ready if is_broken(&document) => Signability::EarlierBroken,
            found => found,
        },
        fields: document
            .form
            .signed
            .iter()
            .map(|field| field.name.clone())
            .collect(),
        boxes,
        waiting,
        certified: document.form.certified,
    })
}

/// Whether a file cannot be read without a password.
#[must_use]
pub fn needs_password(bytes: &[u8]) -> bool {
    matches!(
        File::open(bytes),
        Err(SignError::NotSignable(Signability::PasswordRequired))
    )
}

/// Reads catalog, pages and form.
pub(crate) fn open<'f, 'a>(file: &'f File<'a>) -> Result<Document<'f, 'a>, SignError> {
    let (catalog_id, catalog) = file.catalog()?;
    let pages = page::pages(file, &catalog)?;
    let form = Form::read(file, &catalog, &pages);
    Ok(Document {
        file,
        catalog_id,
        catalog,
        pages,
        form,
    })
}

/// What a field's lock meets, when it has one (table 236).
fn locked(file: &File<'_>, field: &Dictionary) -> Option<Locked> {
    let lock = file.dictionary(field, "Lock")?;
    let names = file
        .array(&lock, "Fields")
        .unwrap_or_default()
        .iter()
        .filter_map(|name| match file.resolve(name) {
            Object::String(name) => Some(decode_text(&name)),
            _ => None,
        })
        .collect();
    match file.value(&lock, "Action").as_name()? {
        b"All" => Some(Locked::All),
        b"Include" => Some(Locked::Only(names)),
        b"Exclude" => Some(Locked::AllBut(names)),
        _ => None,
    }
}

/// Whether a signature that is there does not hold, or was followed by more than it permits. Whom it is from is not asked: what was never
/// trusted is not made worse by another signature.
pub(crate) fn is_broken(document: &Document<'_, '_>) -> bool {
    if document.form.signed.is_empty() {
        return false;
    }
    let nobody = Trust { roots: Vec::new() };
    let report = validate::of_file(document.file, &nobody, Timestamp(0), Rc::default());
    report.signatures.iter().any(|signature| {
        signature.integrity == Integrity::Broken
            || matches!(signature.coverage, Coverage::Partial | Coverage::None)
            || signature.modifications == Modifications::Other
    })
}

/// Whether an encrypted file's owner permits any signature: in a field that waits, if not in a new one.
fn may_sign(document: &Document<'_, '_>) -> bool {
    document.file.handler().is_none_or(|handler| {
        handler.may_sign(false) || (!document.form.waiting.is_empty() && handler.may_sign(true))
    })
}

/// What the form says about further signatures.
///
/// A document whose fields are all locked is no matter of the form alone: see [`crate::place`].
pub(crate) fn signability(form: &Form) -> Signability {
    if form.forbids_changes {
        Signability::CertifiedNoChanges
    } else if form.xfa {
        Signability::XfaForm
    } else {
        Signability::Ready
    }
}
