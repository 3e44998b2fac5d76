//! First half of a signature: a revision with the field, its appearance and an empty `/Contents`, and the signed attributes
//! whose SHA-256 is all that leaves the browser.

use crate::appearance;
use crate::certificate::{self, CertificateError};
use crate::cms::{attributes, signed_data};
use crate::digests::{Digests, Hashes, Parts};
use crate::error::SignError;
use crate::inspect;
use crate::key::KeyKind;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::write::date;
use crate::place::{Place, placed};
use crate::seed;
use crate::terms::{Permitted, Terms};
use crate::timestamp;
use crate::update::field::{self, Document, widget};
use crate::update::mark::{self, Drawn};
use crate::update::objects::{Body, Objects};
use crate::update::reference;
use crate::update::seal::{self, Sealed};
use crate::update::structure::{self, Leaf};
use contract::value::{Base64, Sha256, VietnamTime};
use contract::worker::{
    FieldRefusal, PrepareRequest, PreparedSignature, SeedConstraint, Signability,
};
use sha2::Digest;
use std::rc::Rc;

/// Appends a signature field to a document. The original bytes stay, byte for byte, as the beginning of the result.
/// The same inputs give the same bytes. `image` is PNG or JPEG and is looked at only when the mode shows one.
///
/// # Errors
/// [`SignError`]: the document cannot be signed, the page, box, image or a certificate is unusable.
pub fn prepare(
    bytes: &[u8],
    request: &PrepareRequest,
    image: Option<&[u8]>,
) -> Result<(PreparedSignature, Vec<u8>), SignError> {
    prepare_on(bytes, request, image, &Terms::default())
}

/// The same on terms: in a field that the document has, certifying, locking fields.
///
/// # Errors
/// Those of [`prepare`]; [`SignError::FieldRefused`], [`SignError::CertifiedLate`].
pub fn prepare_on(
    bytes: &[u8],
    request: &PrepareRequest,
    image: Option<&[u8]>,
    terms: &Terms,
) -> Result<(PreparedSignature, Vec<u8>), SignError> {
    prepare_owned(bytes.to_vec(), request, image, terms)
}

/// Bytes that a revision usually needs. Whoever reads a file to sign it leaves so much room behind it (`Vec::with_capacity`), so that a
/// large one need not be copied once more: that takes as long as hashing it.
pub const ROOM: usize = 128 * 1024;

/// The same of bytes that nobody else needs; with [`ROOM`] behind them they are not copied.
///
/// # Errors
/// Those of [`prepare_on`].
pub fn prepare_owned(
    mut bytes: Vec<u8>,
    request: &PrepareRequest,
    image: Option<&[u8]>,
    terms: &Terms,
) -> Result<(PreparedSignature, Vec<u8>), SignError> {
    let begun = begin(&bytes, request, image, terms, &Digests::default())?;
    begun.append_to(&mut bytes);
    let prepared = begun.digested(&bytes, &Digests::default())?;
    Ok((prepared, bytes))
}

/// The new revision of a document, before anybody hashed it.
pub struct Begun {
    field: String,
    certificate: Vec<u8>,
    key: KeyKind,
    sealed: Sealed,
    /// What was hashed of the document.
    hashes: Rc<Hashes>,
}

impl Begun {
    /// What is to be hashed with SHA-256.
    #[must_use]
    pub const fn parts(&self) -> &Parts {
        &self.sealed.parts
    }

    /// How many bytes it adds.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.sealed.appendix.len()
    }

    /// Puts the revision behind the document that it was made for.
    pub fn append_to(&self, document: &mut Vec<u8>) {
        self.sealed.append_to(document);
    }

    /// With the digest of its parts it is prepared; one that is not known is computed from the whole, the document with its revision.
    ///
    /// # Errors
    /// [`SignError::Certificate`] when the signed attributes cannot be made.
    pub fn digested(self, whole: &[u8], known: &Digests) -> Result<PreparedSignature, SignError> {
        self.hashes.know(known);
        let digest = self.sealed.digest(whole, &self.hashes);
        let signed_attributes = attributes::signed(&digest, &self.certificate, self.key)?;
        let Self { field, sealed, .. } = self;
        Ok(PreparedSignature {
            field,
            byte_range: sealed.byte_range,
            digest: Sha256(sha2::Sha256::digest(&signed_attributes).into()),
            signed_attributes: Base64(signed_attributes),
            document_sha256: Sha256(sealed.document_digest),
        })
    }
}

/// The first half of [`prepare_on`]: for those who have a faster SHA-256 than ours, and bring that of the document along.
///
/// # Errors
/// Those of [`prepare_on`].
pub fn begin(
    bytes: &[u8],
    request: &PrepareRequest,
    image: Option<&[u8]>,
    terms: &Terms,
    known: &Digests,
) -> Result<Begun, SignError> {
    let file = File::open_with(bytes, terms.password.as_deref().unwrap_or_default())?;
    file.hashes().know(known);
    begin_in(&file, request, image, terms)
}

fn begin_in(
    file: &File<'_>,
    request: &PrepareRequest,
    image: Option<&[u8]>,
    terms: &Terms,
) -> Result<Begun, SignError> {
    let document = inspect::open(file)?;
    match inspect::signability(&document.form) {
        Signability::Ready => {}
        why => return Err(SignError::NotSignable(why)),
    }
    if inspect::is_broken(&document) {
        return Err(SignError::NotSignable(Signability::EarlierBroken));
    }
    let certificate = request.certificate.0.as_slice();
    let chain: Vec<&[u8]> = request
        .chain
        .iter()
        .map(|issuer| issuer.0.as_slice())
        .collect();
    let key = certificate::public_key(certificate)?.kind();
    let token = request.timestamped.then_some(timestamp::TOKEN_MAX);
    let reserved = reserve(certificate, &chain, key, token)?;

    let place = Place::find(&document, request, terms)?;
    let certify = certification(&document, &place, request, terms)?;

    let mut objects = Objects::new(file.chain().next_number);
    let mut locks: Vec<Dictionary> = terms.lock.iter().map(reference::lock).collect();
    locks.extend(
        place
            .waiting
            .and_then(|waiting| reference::lock_of(file, &waiting.field)),
    );
    let mut dictionary = signature_dictionary(request);
    if let Some(references) = reference::references(certify, &locks, document.catalog_id) {
        dictionary.set("Reference", references);
    }
    let signature_id = objects.add(Body::Signature(dictionary, reserved));
    let form = if place.shown {
        Some(appearance::add(
            &mut objects,
            &request.appearance,
            place.size,
            place.geometry.rotation,
            image,
        )?)
    } else {
        None
    };
    let field = place.field.clone();
    let new = place.waiting.is_none().then(|| objects.reserve());
    let spoken = spoken(&request.appearance.signer);
    let said = mark_spoken(&request.appearance.signer, place.page);
    let marks = match form {
        Some(form) => {
            let drawn = Drawn {
                form,
                size: place.size,
                rotation: place.geometry.rotation,
            };
            let places = &request.copies;
            mark::make(
                &document,
                &mut objects,
                &drawn,
                places,
                &field,
                &said,
                placed,
            )?
        }
        None => Vec::new(),
    };
    let mut hung: Vec<Hung<'_>> = marks
        .into_iter()
        .map(|mark| Hung {
            id: mark.id,
            page: mark.page,
            page_id: mark.page_id,
            role: place.shown.then_some("Annot"),
            alternative: &said,
            dictionary: mark.dictionary,
        })
        .collect();
    let places: Vec<_> = hung.iter().map(|mark| (mark.page, mark.id)).collect();
    if let Some(waiting) = place.waiting {
        field::fill(file, &mut objects, waiting, signature_id, form);
    }
    if let Some(id) = new {
        let rect = &place.rect;
        let mut dictionary = widget(&field, &spoken, signature_id, place.page_id, rect, form);
        if let Some(lock) = terms.lock.as_ref().map(reference::lock) {
            let lock = lock.with("Type", Object::name("SigFieldLock"));
            let lock = objects.add(Body::Plain(lock.into()));
            dictionary.set("Lock", lock.into());
        }
        let widget = Hung {
            id,
            page: place.page,
            page_id: place.page_id,
            role: place.shown.then_some("Form"),
            alternative: &spoken,
            dictionary,
        };
        hung.insert(0, widget);
    }
    hang(&document, &mut objects, hung);
    let certifying = certify.map(|_| signature_id);
    let new = new.map(|id| (place.page, id));
    document.attach(&mut objects, new, &places, certifying)?;

    Ok(Begun {
        field,
        certificate: certificate.to_vec(),
        key,
        sealed: seal::seal(file, objects)?,
        hashes: file.hashes().clone(),
    })
}

/// Whether it certifies: as asked for, or as the field's author asks.
fn certification(
    document: &Document<'_, '_>,
    place: &Place<'_>,
    request: &PrepareRequest,
    terms: &Terms,
) -> Result<Option<Permitted>, SignError> {
    let refused = |why| SignError::FieldRefused(FieldRefusal::Constrained(why));
    let asked = match place.waiting {
        Some(waiting) => seed::keep(document.file, &waiting.field, request).map_err(refused)?,
        None => None,
    };
    let certify = match (terms.certify, asked) {
        (Some(wanted), Some(asked)) if wanted != asked => {
            return Err(refused(SeedConstraint::Certification));
        }
        (wanted, asked) => wanted.or(asked),
    };
    if certify.is_some() && (document.form.certified || !document.form.signed.is_empty()) {
        return Err(SignError::CertifiedLate);
    }
    Ok(certify)
}

/// A new annotation.
struct Hung<'s> {
    id: Id,
    page: usize,
    page_id: Id,
    /// Its role in a tagged document, when it is seen.
    role: Option<&'static str>,
    alternative: &'s str,
    dictionary: Dictionary,
}

/// Writes annotations, with their elements of the structure tree.
fn hang(document: &Document<'_, '_>, objects: &mut Objects, mut hung: Vec<Hung<'_>>) {
    let leaves: Vec<Leaf<'_>> = hung
        .iter()
        .filter_map(|one| {
            Some(Leaf {
                annotation: one.id,
                page: one.page_id,
                role: one.role?,
                alternative: one.alternative,
            })
        })
        .collect();
    if let Some(first) = structure::attach(document, objects, &leaves) {
        let seen = hung.iter_mut().filter(|one| one.role.is_some());
        for (key, one) in (first..).zip(seen) {
            one.dictionary.set("StructParent", Object::Integer(key));
        }
    }
    for one in hung {
        objects.set(one.id, Body::Plain(one.dictionary.into()));
    }
}

/// Bytes of `/Contents`: the largest CMS this certificate, chain and key can give, with a token of so many bytes. The attributes' length does not
/// depend on the digest, so it is known before the document is.
fn reserve(
    certificate: &[u8],
    chain: &[&[u8]],
    key: KeyKind,
    token: Option<usize>,
) -> Result<usize, CertificateError> {
    let attributes = attributes::signed(&[0; 32], certificate, key)?;
    signed_data::largest(certificate, chain, &attributes, key, token)
}

/// The signature dictionary (12.8.1, table 255) without `/ByteRange` and `/Contents`.
fn signature_dictionary(request: &PrepareRequest) -> Dictionary {
    let mut dictionary = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with(
            "M",
            Object::text(&date(&VietnamTime::from(request.appearance.signed_at))),
        );
    for (key, value) in [
        ("Reason", &request.appearance.reason),
        ("Location", &request.appearance.location),
    ] {
        let value = value
            .as_deref()
            .map(appearance::text::one_line)
            .unwrap_or_default();
        if !value.is_empty() {
            dictionary.set(key, Object::text(&value));
        }
    }
    dictionary
}

/// What a screen reader says of the box.
fn spoken(signer: &str) -> String {
    format!("Chữ ký số của {}", appearance::text::one_line(signer))
}

/// What a screen reader says of a mark: it must not be taken for the signature. Pages count from 1 for people.
fn mark_spoken(signer: &str, page: usize) -> String {
    format!(
        "Hình minh họa chữ ký của {}. Chữ ký số ở trang {}.",
        appearance::text::one_line(signer),
        page.saturating_add(1)
    )
}
