//! `Xem lịch sử ký số`: the portal's record of the files of a dossier, and the protocol in which it stands beside what the files prove.

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::content::FileKind;
use contract::dossier::{AttachmentManifest, DossierSummary};
use contract::history::{
    DossierSignings, FORMAT, FileEvidence, FileProtocol, PaperKind, Protocol, RecordedFile,
    RecordedSigning, VERSION, merge, words,
};
use contract::paper::Hands;
use contract::problem::ProblemCode;
use contract::session::Account;
use contract::validation::{ValidationReport, Verdict};
use contract::value::{CitizenId, Sha256, Timestamp};
use sha2::Digest as _;
use signature::report;
use std::collections::BTreeSet;
use store::{Attempt, StoredDossier, StoredResult, StoredSlip};
use uuid::Uuid;

/// What the portal recorded of every file that can carry a signature.
pub async fn signings(portal: &Portal, dossier: &StoredDossier) -> Answer<DossierSignings> {
    let (mut files, mut named) = (BTreeSet::new(), BTreeSet::new());
    for file in dossier.files() {
        files.insert(file.id);
        files.extend(file.signed_as);
        named.extend(file.signings.iter().copied());
    }
    let files: Vec<Uuid> = files.into_iter().collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let attempts = portal
        .database
        .attempts(dossier.account, &files, &named)
        .await?;
    let former = dossier.after.former.iter().map(|one| one.manifest.id);
    let former: BTreeSet<Uuid> = former.collect();
    let mut files: Vec<RecordedFile> = dossier
        .files()
        .filter(|file| file.original_of.is_none())
        .map(|file| {
            let is_former = former.contains(&file.id);
            recorded(portal, dossier, file, is_former, &attempts)
        })
        .collect();
    files.extend(papers(portal, dossier).await?);
    Ok(DossierSignings { files })
}

/// What the agency made: files of the result, and slips that an officer signed.
async fn papers(portal: &Portal, dossier: &StoredDossier) -> Answer<Vec<RecordedFile>> {
    let mut papers: Vec<(RecordedFile, Hands)> = dossier
        .results
        .iter()
        .map(|one| (of_result(one), one.file.hands.clone()))
        .collect();
    let slips = portal.database.slips(dossier.id).await?;
    let signed = slips
        .into_iter()
        .filter(|one| !one.slip.hands.signings.is_empty());
    for one in signed {
        let hands = one.slip.hands.clone();
        papers.push((of_slip(&one)?, hands));
    }
    let named = papers.iter().flat_map(|(_, hands)| hands.signings.clone());
    let named: Vec<Uuid> = named.collect();
    let ids: Vec<Uuid> = papers.iter().map(|(paper, _)| paper.attachment).collect();
    let mut attempts = Vec::new();
    // Whoever signed one, with what came to nothing before it.
    for signer in portal.database.signers(&named).await? {
        attempts.extend(portal.database.attempts(signer, &ids, &named).await?);
    }
    attempts.sort_by_key(|attempt| attempt.signing.started_at);
    let with_signings = papers.into_iter().map(|(mut paper, hands)| {
        let id = paper.attachment;
        paper.signings = attempts
            .iter()
            .filter_map(|attempt| of_file(portal, (id, None), &hands.signings, attempt))
            .collect();
        paper
    });
    Ok(with_signings.collect())
}

fn of_result(one: &StoredResult) -> RecordedFile {
    RecordedFile {
        attachment: one.file.id,
        file_name: one.file.file_name.clone(),
        component: "Kết quả".to_owned(),
        sha256: one.sha256,
        verdict: Some(one.file.verdict),
        handed_in_at: Some(one.file.added_at),
        former: false,
        kind: PaperKind::Result,
        seal: one.file.hands.seal.clone(),
        signings: Vec::new(),
    }
}

fn of_slip(one: &StoredSlip) -> Answer<RecordedFile> {
    let (form, number) = (one.slip.form.number(), one.slip.number);
    let name = format!("mau-{form}-{number}.pdf");
    Ok(RecordedFile {
        attachment: one.slip.id,
        file_name: name.parse().map_err(|error| Failure::internal(&error))?,
        component: format!("Phiếu theo mẫu số {form}"),
        sha256: one.sha256,
        verdict: None,
        handed_in_at: Some(one.slip.at),
        former: false,
        kind: PaperKind::Slip,
        seal: one.slip.hands.seal.clone(),
        signings: Vec::new(),
    })
}

fn recorded(
    portal: &Portal,
    dossier: &StoredDossier,
    file: &AttachmentManifest,
    former: bool,
    attempts: &[Attempt],
) -> RecordedFile {
    let arrived = dossier.attachments.iter().find(|one| one.id == file.id);
    let component = dossier
        .definition
        .components
        .iter()
        .find(|component| component.code == file.component)
        .map_or_else(|| file.component.clone(), |found| found.name.clone());
    RecordedFile {
        attachment: file.id,
        file_name: file.file_name.clone(),
        component,
        sha256: arrived.map_or(file.sha256, |arrived| arrived.sha256),
        verdict: arrived.map(|arrived| arrived.verdict),
        handed_in_at: handed_in_at(dossier, file, former),
        former,
        kind: PaperKind::Component,
        seal: String::new(),
        signings: attempts
            .iter()
            .filter_map(|attempt| {
                of_file(portal, (file.id, file.signed_as), &file.signings, attempt)
            })
            .collect(),
    }
}

/// With the dossier, unless a supplement brought files of its component: which of them it brought is not recorded.
fn handed_in_at(
    dossier: &StoredDossier,
    file: &AttachmentManifest,
    former: bool,
) -> Option<Timestamp> {
    let replaced = dossier
        .after
        .former
        .iter()
        .any(|one| one.manifest.component == file.component);
    let supplied = !dossier.after.supplied().is_empty();
    let submitted = dossier.summary.as_ref().map(|line| line.submitted_at);
    submitted.filter(|_| !supplied || (!former && !replaced))
}

/// An attempt as far as it concerns a file (its number, and the one under which it was signed); none when it does not. Other files of the
/// same transaction are a number only. `named` are the transactions whose signatures the file is said to carry.
fn of_file(
    portal: &Portal,
    (file, signed_as): (Uuid, Option<Uuid>),
    named: &[Uuid],
    attempt: &Attempt,
) -> Option<RecordedSigning> {
    let Attempt {
        signing,
        origin,
        events,
    } = attempt;
    let request = &signing.request;
    let mut items = request.items.iter().enumerate();
    let item =
        items.find(|(_, item)| item.attachment == file || signed_as == Some(item.attachment));
    let announced = named.contains(&request.id);
    if item.is_none() && !announced {
        return None;
    }
    let provider = portal.provider(&request.provider);
    Some(RecordedSigning {
        id: request.id,
        asked_by: events
            .first()
            .map_or_else(String::new, |event| event.actor.clone()),
        origin: origin.clone(),
        provider: request.provider.clone(),
        provider_name: provider.map_or_else(
            || request.provider.as_str().to_owned(),
            |entry| entry.name.clone(),
        ),
        account: request.citizen_id.masked(),
        serial: request.serial.clone(),
        owner: signing.certificate.owner.clone(),
        issuer: signing.certificate.issuer.clone(),
        certificate_sha256: Sha256(sha2::Sha256::digest(&signing.certificate.der.0).into()),
        state: signing.state,
        failure: signing.failure,
        started_at: signing.started_at,
        provider_transaction: signing.provider_code.clone(),
        digest: item.map(|(_, item)| item.digest),
        document_sha256: item.map(|(_, item)| item.document_sha256),
        has_value: item.is_some_and(|(position, _)| signing.value(position).is_some()),
        files: request.items.len(),
        announced,
        events: events.clone(),
    })
}

/// The history of one file, or of all that are part of the dossier now, with its evidence: the server checks the files itself.
pub async fn protocol(
    portal: &Portal,
    dossier: &StoredDossier,
    account: &Account,
    only: Option<Uuid>,
) -> Answer<Protocol> {
    let line = dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let wanted = signings(portal, dossier).await?.files.into_iter();
    let wanted: Vec<RecordedFile> = wanted
        .filter(|file| only.map_or(!file.former, |only| only == file.attachment))
        .filter(|file| file.verdict.is_some() || file.kind == PaperKind::Slip)
        .collect();
    if wanted.is_empty() && only.is_some() {
        return Err(ProblemCode::NotFound.into());
    }
    let made_at = now();
    let mut files = Vec::with_capacity(wanted.len());
    // One after the other, so that one file's bytes at most are in memory.
    for recorded in wanted {
        files.push(checked(portal, recorded, made_at).await?);
    }
    Ok(told(dossier, line, account, made_at, files))
}

fn told(
    dossier: &StoredDossier,
    line: &DossierSummary,
    account: &Account,
    made_at: Timestamp,
    files: Vec<FileProtocol>,
) -> Protocol {
    let number = dossier
        .manifest
        .form
        .applicant
        .citizen_id
        .parse::<CitizenId>();
    Protocol {
        format: FORMAT.into(),
        version: VERSION,
        made_at,
        made_for: account.name.as_str().to_owned(),
        code: line.code.clone(),
        procedure: line.procedure_name.clone(),
        agency: dossier.definition.summary.agency.clone(),
        applicant: line.applicant.clone(),
        applicant_id: number.map(|number| number.masked()).unwrap_or_default(),
        status: line.status,
        submitted_at: line.submitted_at,
        files,
    }
}

async fn checked(
    portal: &Portal,
    recorded: RecordedFile,
    made_at: Timestamp,
) -> Answer<FileProtocol> {
    let bytes = portal.files.get(&recorded.sha256).await?;
    let trust = portal.config.trust.clone();
    let check = move || {
        let name = recorded.file_name.to_string();
        let (proof, evidence) = if FileKind::of(&bytes) == FileKind::Pdf {
            let proof = report::of(&bytes, name, &trust, made_at);
            let evidence = report::carried(&proof, &bytes, &trust);
            (Some(proof), evidence)
        } else {
            (None, FileEvidence::default())
        };
        let nothing = ValidationReport {
            verdict: recorded.verdict.unwrap_or(Verdict::Unsigned),
            signatures: Vec::new(),
            findings: Vec::new(),
        };
        let found = proof.as_ref().map_or(&nothing, |proof| &proof.report);
        let digest = proof.as_ref().map(|proof| proof.file.sha256);
        let history = merge(found, digest, &recorded);
        let warnings = history
            .disagreements
            .iter()
            .map(|what| words::disagreement(what, found, &recorded))
            .collect();
        FileProtocol {
            warnings,
            history,
            evidence,
            proof,
            recorded,
        }
    };
    tokio::task::spawn_blocking(check)
        .await
        .map_err(|error| Failure::internal(&error))
}

/// The protocol on paper, sealed where the portal has a seal: nobody sees the seal on the page, every reader of PDF shows it.
pub async fn paper(portal: &Portal, protocol: Protocol) -> Answer<Vec<u8>> {
    let seal = portal.config.seal.clone();
    let sealed = seal.is_some();
    let draw = move |sealed| report::history::pdf(&protocol, sealed).map(|plain| (plain, protocol));
    let (plain, protocol) = tokio::task::spawn_blocking(move || draw(sealed))
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::internal(&error))?;
    let Some(seal) = seal else {
        return Ok(plain);
    };
    let put = seal.put(plain, None, &portal.evidence, &portal.config.trust, now());
    match put.await {
        Ok(done) => Ok(done.bytes),
        Err(error) => {
            tracing::error!(%error, "the protocol is not sealed");
            let draw = move || report::history::pdf(&protocol, false);
            tokio::task::spawn_blocking(draw)
                .await
                .map_err(|error| Failure::internal(&error))?
                .map_err(|error| Failure::internal(&error))
        }
    }
}
