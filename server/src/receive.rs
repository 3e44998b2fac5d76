//! Every file that arrives is validated again with the crate the browser used; a signature must be the one its transaction made.

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::content::FileKind;
use contract::dossier::AttachmentManifest;
use contract::problem::ProblemCode;
use contract::signing::SigningState;
use contract::validation::{
    Coverage, Integrity, Modifications, SignatureReport, ValidationReport, Verdict,
};
use contract::value::Sha256;
use sha2::Digest as _;
use std::sync::Arc;
use store::{StoreError, StoredSigning};
use uuid::Uuid;

/// Accepts a file for an announced attachment; its verdict.
pub async fn accept(
    portal: &Portal,
    owner: Uuid,
    announced: &AttachmentManifest,
    bytes: Arc<Vec<u8>>,
) -> Answer<Verdict> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let hashed = bytes.clone();
    let hash = move || Sha256(sha2::Sha256::digest(hashed.as_slice()).into());
    let digest = tokio::task::spawn_blocking(hash)
        .await
        .map_err(|error| Failure::internal(&error))?;
    if size != announced.size || digest != announced.sha256 {
        return Err(ProblemCode::UploadMismatch.into());
    }
    if announced.original_of.is_some() {
        // What a PDF was converted from goes along unsigned; officers read it, nobody runs it here.
        return if FileKind::of(&bytes).is_convertible() {
            portal.scanner.look(&bytes).await?;
            Ok(Verdict::Unsigned)
        } else {
            Err(ProblemCode::NotConvertible.into())
        };
    }
    let report = judge(portal, bytes).await?;
    for id in &announced.signings {
        matches(portal, owner, *id, announced, &report).await?;
    }
    Ok(report.verdict)
}

/// What a PDF proves; refused when it is none, or when a signature in it is broken.
pub async fn judge(portal: &Portal, bytes: Arc<Vec<u8>>) -> Answer<ValidationReport> {
    if FileKind::of(&bytes) != FileKind::Pdf {
        return Err(ProblemCode::NotPdf.into());
    }
    portal.scanner.look(&bytes).await?;
    let trust = portal.config.trust.clone();
    let report = tokio::task::spawn_blocking(move || signature::validate(&bytes, &trust, now()))
        .await
        .map_err(|error| Failure::internal(&error))?;
    if report
        .signatures
        .iter()
        .any(|signature| signature.integrity == Integrity::Broken)
    {
        return Err(ProblemCode::SignatureInvalid.into());
    }
    Ok(report)
}

/// The file must carry the signature of a transaction: same digest, same certificate, whole, and nothing but permitted changes after it.
async fn matches(
    portal: &Portal,
    owner: Uuid,
    id: Uuid,
    announced: &AttachmentManifest,
    report: &ValidationReport,
) -> Answer<()> {
    // A file of the personal store was signed under the identifier it had then; the digest is what proves it.
    let named = |attachment| attachment == announced.id || announced.signed_as == Some(attachment);
    signed_by(portal, owner, id, named, report).await?;
    Ok(())
}

/// The signature that a transaction of an account made, for an attachment that is `named`.
pub async fn signed_by<'a>(
    portal: &Portal,
    owner: Uuid,
    id: Uuid,
    named: impl Fn(Uuid) -> bool,
    report: &'a ValidationReport,
) -> Answer<(&'a SignatureReport, StoredSigning)> {
    let signing = portal
        .database
        .signing(owner, id)
        .await
        .map_err(|error| match error {
            StoreError::NotFound => ProblemCode::SignatureMismatch.into(),
            // A database that fails says nothing about the file.
            other => Failure::from(other),
        })?;
    if !matches!(
        signing.state,
        SigningState::Confirmed | SigningState::Done | SigningState::Partial
    ) {
        return Err(ProblemCode::SignatureMismatch.into());
    }
    // Of a transaction with values for some files only those files are signed.
    let (_, item) = signing
        .request
        .items
        .iter()
        .enumerate()
        .find(|(position, item)| named(item.attachment) && signing.value(*position).is_some())
        .ok_or(ProblemCode::SignatureMismatch)?;
    let is_it =
        |signature: &&SignatureReport| signature.signed_attributes_sha256 == Some(item.digest);
    let found = report
        .signatures
        .iter()
        .find(is_it)
        .ok_or(ProblemCode::SignatureMismatch)?;
    if found.serial != signing.request.serial {
        return Err(ProblemCode::SignatureMismatch.into());
    }
    let whole = matches!(
        found.coverage,
        Coverage::WholeFile | Coverage::WholeRevision
    );
    if found.integrity != Integrity::Intact || !whole || found.modifications == Modifications::Other
    {
        return Err(ProblemCode::SignatureInvalid.into());
    }
    Ok((found, signing))
}
