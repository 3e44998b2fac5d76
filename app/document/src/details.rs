//! What a document says of itself.

use crate::catalog::Catalog;
use crate::open::Document;
use crate::text_string::decode_line;
use crate::{attachment, form, outline};
use contract::document::DocumentDetails;
use hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro_syntax::{Pdf, PdfVersion};

use std::borrow::Cow;

impl Document {
    /// Title from the document information.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        self.with_pdf(|pdf, _| decode_line(pdf.metadata().title.as_deref()?))
    }

    /// What the document says of itself, its outline, attached files and form fields. What is damaged or too much is left out.
    #[must_use]
    pub fn details(&self) -> DocumentDetails {
        self.with_catalog(|catalog| {
            let facts = catalog.pdf.metadata();
            let text = |bytes: &Option<Box<[u8]>>| decode_line(bytes.as_deref()?);
            DocumentDetails {
                version: version(catalog.pdf.version()).to_owned(),
                producer: text(&facts.producer),
                creator: text(&facts.creator),
                author: text(&facts.author),
                language: crate::catalog::line(&catalog.root, b"Lang"),
                tagged: is_tagged(catalog),
                encrypted: is_encrypted(catalog.pdf),
                outline: outline::outline(catalog),
                attachments: attachment::attachments(catalog),
                fields: form::fields(catalog),
            }
        })
    }
}

/// The newer of header and catalog wins (ISO 32000-2, 7.7.2); an unknown one counts as 1.0.
const fn version(version: PdfVersion) -> &'static str {
    match version {
        PdfVersion::Pdf10 => "1.0",
        PdfVersion::Pdf11 => "1.1",
        PdfVersion::Pdf12 => "1.2",
        PdfVersion::Pdf13 => "1.3",
        PdfVersion::Pdf14 => "1.4",
        PdfVersion::Pdf15 => "1.5",
        PdfVersion::Pdf16 => "1.6",
        PdfVersion::Pdf17 => "1.7",
        PdfVersion::Pdf20 => "2.0",
    }
}

fn is_tagged(catalog: &Catalog<'_>) -> bool {
    catalog
        .root
        .get::<Dict<'_>>(b"MarkInfo")
        .and_then(|marks| marks.get::<bool>(b"Marked"))
        .unwrap_or(false)
}

/// hayro does not show the trailer, but it hands out a copy of a stream's bytes only where it had to decrypt them.
fn is_encrypted(pdf: &Pdf) -> bool {
    let of_pages = pdf.pages().iter().take(8).find_map(|page| {
        let contents = page.raw();
        contents.get::<Stream<'_>>(b"Contents").or_else(|| {
            contents
                .get::<Array<'_>>(b"Contents")?
                .iter::<Stream<'_>>()
                .next()
        })
    });
    let any = of_pages.or_else(|| pdf.objects().into_iter().find_map(Object::into_stream));
    any.is_some_and(|stream| matches!(stream.raw_data(), Cow::Owned(_)))
}
