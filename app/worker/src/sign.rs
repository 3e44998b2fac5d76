//! Previewing, preparing and finishing a signature.

use crate::desk::Open;
use crate::look::{bitmap, page_problem};
use crate::protocol::{Parcel, Reply};
use contract::appearance::Appearance;
use contract::geometry::Size;
use contract::provider::Trust;
use contract::validation::{Coverage, Integrity, TrustStatus};
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::{Answer, PrepareRequest, PreparedSignature, WorkerProblem};
use document::Document;
use sha2::Digest as _;
use std::sync::Arc;

/// The appearance alone, drawn from the very stream that would be embedded.
pub(crate) fn preview(
    appearance: &Appearance,
    size: Size,
    scale: f64,
    image: Option<Vec<u8>>,
) -> Result<Reply, WorkerProblem> {
    let page =
        signature::preview(appearance, size, image.as_deref()).map_err(|error| error.problem())?;
    let document = Document::open(page, None).map_err(|error| WorkerProblem::Other {
        detail: error.to_string(),
    })?;
    let picture = document
        .render_transparent(0, scale)
        .map_err(page_problem)?;
    bitmap(&picture, false)
}

/// Appends the field; the result must open again with the same pages before anybody is asked for a PIN.
pub(crate) fn prepare(
    open: &Open,
    request: &PrepareRequest,
    image: Option<Vec<u8>>,
) -> Result<Reply, WorkerProblem> {
    let (prepared, updated) = signature::prepare(&open.bytes, request, image.as_deref())
        .map_err(|error| error.problem())?;
    let updated = Arc::new(updated);
    let same = Document::open(updated.clone(), None)
        .is_ok_and(|after| after.page_count() == open.document.page_count());
    match Arc::try_unwrap(updated) {
        Ok(updated) if same => Ok(Reply {
            answer: Answer::Prepared { prepared },
            parcels: vec![Parcel::Bytes(updated)],
        }),
        _ => Err(WorkerProblem::SelfCheckFailed),
    }
}

/// What finishing needs beside the prepared bytes.
pub(crate) struct Finish {
    pub(crate) prepared: PreparedSignature,
    pub(crate) certificate: Base64,
    pub(crate) chain: Vec<Base64>,
    pub(crate) value: Base64,
    pub(crate) roots: Vec<Base64>,
    pub(crate) now: Timestamp,
}

/// Embeds the value and validates the finished file; a file that does not pass is thrown away.
pub(crate) fn finish(finish: Finish, bytes: Vec<u8>) -> Result<Reply, WorkerProblem> {
    let chain: Vec<&[u8]> = finish
        .chain
        .iter()
        .map(|issuer| issuer.0.as_slice())
        .collect();
    let signed = signature::finish(
        bytes,
        &finish.prepared,
        &finish.certificate.0,
        &chain,
        &finish.value.0,
    )
    .map_err(|error| error.problem())?;
    let report = signature::validate(
        &signed,
        &Trust {
            roots: finish.roots,
        },
        finish.now,
    );
    let own = report
        .signatures
        .iter()
        .find(|signature| signature.signed_attributes_sha256 == Some(finish.prepared.digest));
    let sound = own.is_some_and(|own| {
        own.integrity == Integrity::Intact
            && own.coverage == Coverage::WholeFile
            && own.trust == TrustStatus::Trusted
    });
    if !sound {
        return Err(WorkerProblem::SelfCheckFailed);
    }
    Ok(Reply {
        answer: Answer::Finished {
            sha256: Sha256(sha2::Sha256::digest(&signed).into()),
            report,
        },
        parcels: vec![Parcel::Bytes(signed)],
    })
}
