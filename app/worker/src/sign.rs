//! Previewing, preparing and finishing a signature.

use crate::desk::Open;
use crate::look::{bitmap, page_problem};
use crate::protocol::{Parcel, Reply};
use crate::{arithmetic, digest};
use contract::appearance::Appearance;
use contract::blank::BlankForm;
use contract::geometry::Size;
use contract::provider::Trust;
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::{Answer, PrepareRequest, PreparedSignature, SigningEvidence, WorkerProblem};
use document::Document;
use sha2::Digest as _;
use signature::key::DigestKind;
use signature::{Digests, Parts, Signed, Terms, Values, timestamp};
use std::rc::Rc;
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
pub(crate) async fn prepare(
    open: &Open,
    request: &PrepareRequest,
    field: Option<String>,
    image: Option<Vec<u8>>,
) -> Result<Reply, WorkerProblem> {
    let mut terms = Terms {
        field,
        password: open.password.clone(),
        ..Terms::default()
    };
    // Whoever receives the file has no password: what is signed is a copy without it. A file that anybody can read stays encrypted.
    let unlocked;
    let base = match open.password.as_deref().filter(|word| !word.is_empty()) {
        Some(word) if signature::needs_password(&open.bytes) => {
            terms.password = None;
            unlocked = signature::unlock(&open.bytes, word).map_err(|error| error.problem())?;
            unlocked.as_slice()
        }
        _ => open.bytes.as_slice(),
    };
    let mut known = Digests::default();
    let is_own = std::ptr::eq(base, open.bytes.as_slice());
    if let Some(ahead) = open.ahead.done().filter(|_| is_own) {
        known.go_on_from(ahead);
    } else if let Some(own) = digest::of_whole(base).await {
        known.insert(DigestKind::Sha256, &Parts::whole(base.len()), own);
    }
    let begun = signature::begin(base, request, image.as_deref(), &terms, &known)
        .map_err(|error| error.problem())?;
    // The document stays open: the one copy of it that is made goes to the page.
    let mut updated = Vec::with_capacity(base.len().saturating_add(begun.length()));
    updated.extend_from_slice(base);
    begun.append_to(&mut updated);
    let asked = [(DigestKind::Sha256, begun.parts().clone())];
    digest::of_parts(&mut known, &mut updated, &asked).await;
    let mut prepared = begun
        .digested(&updated, &known)
        .map_err(|error| error.problem())?;
    if !is_own {
        // The page knows the file as it was given.
        prepared.document_sha256 = Sha256(sha2::Sha256::digest(open.bytes.as_slice()).into());
    }
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
    pub(crate) evidence: SigningEvidence,
    pub(crate) roots: Vec<Base64>,
    pub(crate) now: Timestamp,
}

/// Embeds the value with its evidence; what comes out is validated, and thrown away when it does not pass. `hashed` is known
/// where the document was hashed ahead, with what its earlier signatures cover.
pub(crate) async fn finish(
    finish: Finish,
    mut bytes: Vec<u8>,
    hashed: Option<Digests>,
) -> Result<Reply, WorkerProblem> {
    let known = match hashed {
        Some(known) => known,
        None => {
            let own = parts(finish.prepared.byte_range);
            digest::of_file(&mut bytes, "", own).await
        }
    };
    let values = Rc::new(Values::default());
    let attributes = &finish.prepared.signed_attributes.0;
    let offered = signature::claims(&finish.certificate.0, attributes, &finish.value.0);
    arithmetic::know_first(&values, &offered).await;
    let chain = slices(&finish.chain);
    let signed = Signed {
        prepared: &finish.prepared,
        certificate: &finish.certificate.0,
        chain: &chain,
        value: &finish.value.0,
        password: "",
    };
    let trust = Trust {
        roots: finish.roots.clone(),
    };
    let Finish { evidence, now, .. } = &finish;
    let embedded = signature::embed_knowing(bytes, &signed, evidence, &known, &values)
        .map_err(|error| error.problem())?;
    let run = |values: &Rc<Values>| embedded.validated(&trust, *now, values);
    let report = arithmetic::validated(&values, run).await;
    let completed = embedded
        .completed(report)
        .map_err(|error| error.problem())?;
    let told = match completed.sha256 {
        Some(known) => Some(known.0),
        None => digest::of_whole(&completed.bytes)
            .await
            .and_then(|own| own.try_into().ok()),
    };
    Ok(Reply {
        answer: Answer::Finished {
            sha256: Sha256(told.unwrap_or_else(|| sha2::Sha256::digest(&completed.bytes).into())),
            report: completed.report,
        },
        parcels: vec![Parcel::Bytes(completed.bytes)],
    })
}

/// What a range covers.
fn parts([_, head, from, length]: [u64; 4]) -> Option<Parts> {
    let place = |number: u64| usize::try_from(number).ok();
    Some(Parts {
        head: place(head)?,
        tail: place(from)?..place(from.checked_add(length)?)?,
    })
}

/// Photos as one PDF; it must open with as many pages.
pub(crate) fn bind(photos: &[Vec<u8>], turns: &[u8]) -> Result<Reply, WorkerProblem> {
    let bytes =
        Arc::new(
            signature::photo::bind(photos, turns).map_err(|error| WorkerProblem::Other {
                detail: error.to_string(),
            })?,
        );
    let pages = Document::open(bytes.clone(), None).map_or(0, |document| document.page_count());
    match Arc::try_unwrap(bytes) {
        Ok(bytes) if usize::try_from(pages) == Ok(photos.len()) => Ok(Reply {
            answer: Answer::Bound { pages },
            parcels: vec![Parcel::Bytes(bytes)],
        }),
        _ => Err(WorkerProblem::SelfCheckFailed),
    }
}

/// A blank form with its answers; it must open.
pub(crate) fn fill_form(
    form: &BlankForm,
    code: &str,
    answers: Vec<(String, String)>,
) -> Result<Reply, WorkerProblem> {
    let answers = answers.into_iter().collect();
    let bytes =
        Arc::new(signature::blank::paper(form, code, &answers).map_err(|error| error.problem())?);
    let pages = Document::open(bytes.clone(), None).map_or(0, |document| document.page_count());
    match Arc::try_unwrap(bytes) {
        Ok(bytes) if pages > 0 => Ok(Reply {
            answer: Answer::Bound { pages },
            parcels: vec![Parcel::Bytes(bytes)],
        }),
        _ => Err(WorkerProblem::SelfCheckFailed),
    }
}

/// What to ask of a timestamp authority.
pub(crate) fn timestamp_query(value: &Base64, nonce: &Base64) -> Reply {
    Answer::TimestampQuery {
        query: Base64(timestamp::timestamp_query(&value.0, &nonce.0)),
    }
    .into()
}

/// Checks the authority's answer; whose status is to be asked next.
pub(crate) fn read_timestamp(
    query: &Base64,
    reply: &Base64,
    certificate: Base64,
    chain: Vec<Base64>,
) -> Result<Reply, WorkerProblem> {
    let stamped = timestamp::read_timestamp(&query.0, &reply.0, &slices(&chain))
        .map_err(|_| WorkerProblem::TimestampRefused)?;
    let signer = std::iter::once(certificate).chain(chain).collect();
    let authority = stamped.chain.into_iter().map(Base64).collect();
    Ok(Answer::EvidenceWanted {
        chains: vec![signer, authority],
    }
    .into())
}

fn slices(list: &[Base64]) -> Vec<&[u8]> {
    list.iter().map(|value| value.0.as_slice()).collect()
}
