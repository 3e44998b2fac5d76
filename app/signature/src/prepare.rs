//! First half of a signature: a revision with the field, its appearance and an empty `/Contents`, and the signed attributes
//! whose SHA-256 is all that leaves the browser.

use crate::appearance;
use crate::certificate::{self, CertificateError};
use crate::cms::{attributes, signed_data};
use crate::error::SignError;
use crate::inspect;
use crate::key::KeyKind;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::timestamp;
use crate::update::mark::{self, Drawn};
use crate::update::objects::{BYTE_RANGE_WIDTH, Body, Objects};
use crate::update::section::{self, Appendix};
use crate::update::structure::{self, Leaf};
use contract::appearance::AppearanceMode;
use contract::geometry::{PageGeometry, Rect, Size};
use contract::value::{Base64, Sha256, VietnamTime};
use contract::worker::{PrepareRequest, PreparedSignature, Signability};
use sha2::Digest;

/// `Print` and `Locked` (ISO 32000-2, 12.5.3): the widget is printed and cannot be moved.
const WIDGET_FLAGS: i64 = 132;
/// The rectangle of a signature that is not seen (12.7.5.5).
const NOWHERE: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 0.0,
    height: 0.0,
};
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
    let field = document.form.free_name();
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

    let mut hasher = sha2::Sha256::new_with_prefix(bytes);
    let document_digest: [u8; 32] = hasher.clone().finalize().into();
    let mut appendix = section::append(&file, objects, &document_digest)?;
    let byte_range = fill_byte_range(&mut appendix, bytes.len())?;
    let [before, after] = covered(&appendix, bytes.len()).ok_or(SignError::TooLarge)?;
    hasher.update(before);
    hasher.update(after);
    let signed_attributes = attributes::signed(&hasher.finalize().into(), certificate, key)?;

    let mut prepared_bytes = Vec::with_capacity(bytes.len() + appendix.bytes.len());
    prepared_bytes.extend_from_slice(bytes);
    prepared_bytes.extend_from_slice(&appendix.bytes);
    let prepared = PreparedSignature {
        field,
        byte_range,
        digest: Sha256(sha2::Sha256::digest(&signed_attributes).into()),
        signed_attributes: Base64(signed_attributes),
        document_sha256: Sha256(document_digest),
    };
    Ok((prepared, prepared_bytes))
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

/// Field and widget in one (12.5.6.19). `/TU` is what a screen reader says.
fn widget(
    name: &str,
    spoken: &str,
    signature: Id,
    page: Id,
    rect: &Rect,
    form: Option<Id>,
) -> Dictionary {
    let corners = [rect.x, rect.y, rect.right(), rect.far()];
    let widget = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(name))
        .with("TU", Object::text(spoken))
        .with("V", signature.into())
        .with("F", Object::Integer(WIDGET_FLAGS))
        .with("P", page.into())
        .with("Rect", Object::numbers(&corners));
    match form {
        Some(form) => widget.with("AP", Dictionary::new().with("N", form.into()).into()),
        None => widget,
    }
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

/// Writes `/ByteRange` into its hole: numbers of ten digits at most, blanks behind, so that its length is known before its values.
fn fill_byte_range(appendix: &mut Appendix, base: usize) -> Result<[u64; 4], SignError> {
    let number = |value: usize| u64::try_from(value).map_err(|_| SignError::TooLarge);
    let total = base + appendix.bytes.len();
    let holes = appendix.holes;
    let range = [
        0,
        number(holes.contents_start)?,
        number(holes.contents_end)?,
        number(total.saturating_sub(holes.contents_end))?,
    ];
    let [_, first, second, third] = range;
    let text = format!("0 {first} {second} {third}");
    let text = format!("{text:<BYTE_RANGE_WIDTH$}");
    let start = holes.byte_range.saturating_sub(base);
    appendix
        .bytes
        .get_mut(start..start + BYTE_RANGE_WIDTH)
        .filter(|hole| hole.len() == text.len())
        .ok_or(SignError::TooLarge)?
        .copy_from_slice(text.as_bytes());
    Ok(range)
}

/// The parts of the appendix that the signature covers.
fn covered(appendix: &Appendix, base: usize) -> Option<[&[u8]; 2]> {
    let start = appendix.holes.contents_start.checked_sub(base)?;
    let end = appendix.holes.contents_end.checked_sub(base)?;
    Some([appendix.bytes.get(..start)?, appendix.bytes.get(end..)?])
}
