//! First half of a signature: a revision with the field, its appearance and an empty `/Contents`, and the signed attributes
//! whose SHA-256 is all that leaves the browser.

use crate::appearance;
use crate::certificate::{self, CertificateError};
use crate::cms::{attributes, signed_data};
use crate::error::SignError;
use crate::inspect;
use crate::key::KeyKind;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Object};
use crate::timestamp;
use crate::update::field::{NOWHERE, widget};
use crate::update::mark::{self, Drawn};
use crate::update::objects::{Body, Objects};
use crate::update::seal;
use crate::update::structure::{self, Leaf};
use contract::appearance::AppearanceMode;
use contract::geometry::{PageGeometry, Rect, Size};
use contract::value::{Base64, Sha256, VietnamTime};
use contract::worker::{PrepareRequest, PreparedSignature, Signability};
use sha2::Digest;

/// How far a box may reach over the edge of the page before it counts as off the page, in points: rounding of the UI.
const EDGE: f64 = 1.0;

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
    let file = File::open(bytes)?;
    let document = inspect::open(&file)?;
    match inspect::signability(&document.form) {
        Signability::Ready => {}
        why => return Err(SignError::NotSignable(why)),
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

    let page_index = usize::try_from(request.page).map_err(|_| SignError::PageMissing)?;
    let page = document
        .pages
        .get(page_index)
        .ok_or(SignError::PageMissing)?;
    let page_id = page
        .id
        .ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
    let geometry = page.geometry(&file);
    let shown = request.appearance.mode != AppearanceMode::Invisible;
    let rect = if shown {
        placed(&geometry, &request.rect)?
    } else {
        NOWHERE
    };
    if !shown && !request.copies.is_empty() {
        return Err(SignError::BoxUnusable);
    }

    let mut objects = Objects::new(file.chain().next_number);
    let field = document.form.free_name("Signature");
    let signature_id = objects.add(Body::Signature(signature_dictionary(request), reserved));
    let size = Size {
        width: request.rect.width,
        height: request.rect.height,
    };
    let form = if shown {
        Some(appearance::add(
            &mut objects,
            &request.appearance,
            size,
            geometry.rotation,
            image,
        )?)
    } else {
        None
    };
    let widget_id = objects.reserve();
    let spoken = spoken(&request.appearance.signer);
    let mut widget = widget(&field, &spoken, signature_id, page_id, &rect, form);
    let said = mark_spoken(&request.appearance.signer, request.page);
    let mut marks = match form {
        Some(form) => {
            let drawn = Drawn {
                form,
                size,
                rotation: geometry.rotation,
            };
            mark::make(
                &document,
                &mut objects,
                &drawn,
                &request.copies,
                &field,
                &said,
                placed,
            )?
        }
        None => Vec::new(),
    };
    let mut leaves = Vec::with_capacity(marks.len() + 1);
    if shown {
        leaves.push(Leaf {
            annotation: widget_id,
            page: page_id,
            role: "Form",
            alternative: &spoken,
        });
    }
    leaves.extend(marks.iter().map(|mark| Leaf {
        annotation: mark.id,
        page: mark.page_id,
        role: "Annot",
        alternative: &said,
    }));
    if let Some(first) = structure::attach(&document, &mut objects, &leaves) {
        let annotations =
            std::iter::once(&mut widget).chain(marks.iter_mut().map(|mark| &mut mark.dictionary));
        for (key, annotation) in (first..).zip(annotations) {
            annotation.set("StructParent", Object::Integer(key));
        }
    }
    objects.set(widget_id, Body::Plain(widget.into()));
    let mut places = Vec::with_capacity(marks.len());
    for mark in marks {
        places.push((mark.page, mark.id));
        objects.set(mark.id, Body::Plain(mark.dictionary.into()));
    }
    document.attach(&mut objects, page_index, widget_id, &places)?;

    let sealed = seal::seal(&file, objects)?;
    let signed_attributes = attributes::signed(&sealed.digest, certificate, key)?;
    let prepared = PreparedSignature {
        field,
        byte_range: sealed.byte_range,
        digest: Sha256(sha2::Sha256::digest(&signed_attributes).into()),
        signed_attributes: Base64(signed_attributes),
        document_sha256: Sha256(sealed.document_digest),
    };
    Ok((prepared, sealed.bytes))
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

/// The box in user space; it has to lie on the page.
fn placed(geometry: &PageGeometry, rect: &Rect) -> Result<Rect, SignError> {
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

/// A PDF date (7.9.4) in Vietnam's time.
fn date(time: &VietnamTime) -> String {
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        time.year, time.month, time.day, time.hour, time.minute, time.second
    )
}

/// What a screen reader says of the box.
fn spoken(signer: &str) -> String {
    format!("Chữ ký số của {}", appearance::text::one_line(signer))
}

/// What a screen reader says of a mark: it must not be taken for the signature. Pages count from 1 for people.
fn mark_spoken(signer: &str, page: u32) -> String {
    format!(
        "Hình minh họa chữ ký của {}. Chữ ký số ở trang {}.",
        appearance::text::one_line(signer),
        page.saturating_add(1)
    )
}
