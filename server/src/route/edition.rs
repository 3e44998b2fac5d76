//! `/api/admin`: the catalogue's documents and their versions, for administrators.

use crate::api::{Archive, Documents, Sent, Told, Toml};
use crate::data::Fault;
use crate::edition::{self, Key, archive, document};
use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::date::Date;
use contract::difference;
use contract::edition::{
    ARCHIVE_BYTES_MAX, Checked, DOCUMENT_BYTES_MAX, DOCUMENTS_MAX, Document, DocumentFault,
    DocumentKind, DocumentLine, DocumentText, DocumentView, EditionLine, EditionState, ImportLine,
    Imported, NOTE_CHARS_MAX, Outcome, Publish, Published, SINGLE, SaveDraft, Source, Withdraw,
    is_procedure_code,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::procedure::ProcedureSummary;
use contract::right::Action;
use contract::value::ValueError;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use store::{NewDraft, StoreError, StoredEdition};

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

fn today() -> Date {
    Date::in_vietnam(now())
}

/// Kind and code of an address.
fn named(path: Result<Path<(DocumentKind, String)>, PathRejection>) -> Answer<Key> {
    let Path((kind, code)) = path?;
    let is_one = match kind {
        DocumentKind::Procedure => is_procedure_code(&code),
        _ => code == SINGLE,
    };
    if is_one {
        Ok((kind, code))
    } else {
        Err(ProblemCode::NotFound.into())
    }
}

/// What is in force, as of now.
async fn follow(portal: &Portal) -> Answer<()> {
    Ok(portal.follow().await?)
}

/// The names of all events that are in force or will be: a procedure may be written beside those of a draft.
async fn events(portal: &Portal) -> Answer<BTreeSet<String>> {
    let mut names: BTreeSet<String> = portal
        .current()
        .events
        .event
        .iter()
        .map(|event| event.name.clone())
        .collect();
    for edition in portal
        .database
        .editions(DocumentKind::Events, SINGLE)
        .await?
    {
        if edition.state != EditionState::Withdrawn
            && let Ok(events) = crate::catalogue::read_events(&edition.content)
        {
            names.extend(events.event.into_iter().map(|event| event.name));
        }
    }
    Ok(names)
}

/// What somebody wrote as a file; line ends as they are here.
fn text_of(kind: DocumentKind, source: Source) -> Answer<String> {
    let text = match source {
        Source::Text(text) => text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        Source::Document(document) => {
            if document.kind() != kind {
                return Err(wrong("/source", ValueError::Malformed));
            }
            document::write(&document).map_err(|error| Failure::internal(&error))?
        }
        Source::End => String::new(),
    };
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(wrong("/source", ValueError::TooLong));
    }
    Ok(text)
}

/// Checks a file. The end of a procedure is sound when there is one.
fn check_text(
    (kind, code): (DocumentKind, &str),
    text: &str,
    events: &BTreeSet<String>,
    ends: bool,
) -> Result<Option<Document>, Vec<Fault>> {
    if ends && kind == DocumentKind::Procedure {
        return Ok(None);
    }
    if text.trim().is_empty() {
        return Err(vec![Fault {
            line: 1,
            what: "the text is empty".to_owned(),
        }]);
    }
    let known: BTreeSet<&str> = events.iter().map(String::as_str).collect();
    document::read((kind, code), text, &known).map(Some)
}

/// The text in force; empty when there is none.
fn present(portal: &Portal, key: &Key) -> String {
    portal
        .current()
        .documents
        .get(key)
        .map(|known| known.text.to_string())
        .unwrap_or_default()
}

/// How a text differs from what is in force: as values where both can be read, since a form writes its file anew; else as they are.
fn difference_of(
    portal: &Portal,
    key: &Key,
    text: &str,
    events: &BTreeSet<String>,
) -> Vec<difference::Piece> {
    let present = present(portal, key);
    let plain = |text: &str| {
        let read = check_text((key.0, &key.1), text, events, false);
        document::write(&read.ok().flatten()?).ok()
    };
    match (plain(&present), plain(text)) {
        (Some(old), Some(new)) => difference::lines(&old, &new),
        _ => difference::lines(&present, text),
    }
}

fn line_of(edition: &StoredEdition) -> EditionLine {
    EditionLine {
        number: edition.number,
        state: edition.state,
        effective_from: edition.effective_from,
        author: edition.author.clone(),
        note: edition.note.clone(),
        changed_at: edition.changed_at,
        ends: edition.content.is_empty(),
        version: edition.version,
    }
}

async fn view(portal: &Portal, (kind, code): Key) -> Answer<DocumentView> {
    let editions = portal.database.editions(kind, &code).await?;
    let base = portal.living.base().text(kind, &code).is_some();
    if editions.is_empty() && !base {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(DocumentView {
        base,
        number: portal
            .current()
            .documents
            .get(&(kind, code.clone()))
            .map(|known| known.number),
        today: today(),
        editions: editions.iter().map(line_of).collect(),
        kind,
        code,
    })
}

/// All documents: what is in force, what is being written, what comes.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Vec<DocumentLine>>> {
    rights::desk(&account, Action::Catalogue)?;
    follow(&portal).await?;
    let current = portal.current();
    let (_, drafts) = portal.database.editions_in(EditionState::Draft).await?;
    let (_, published) = portal.database.editions_in(EditionState::Published).await?;
    let day = today();
    let mut lines: BTreeMap<Key, DocumentLine> = BTreeMap::new();
    let empty = |(kind, code): &Key| DocumentLine {
        kind: *kind,
        code: code.clone(),
        name: String::new(),
        field: String::new(),
        agency: String::new(),
        number: None,
        since: None,
        draft: None,
        next: None,
    };
    let put = |line: &mut DocumentLine, summary: &ProcedureSummary| {
        line.name.clone_from(&summary.name);
        line.field.clone_from(&summary.field);
        line.agency.clone_from(&summary.agency);
    };
    for (key, known) in &current.documents {
        let line = lines.entry(key.clone()).or_insert_with(|| empty(key));
        line.number = Some(known.number);
        line.since = known.since;
        if let Some(procedure) = current.catalogue.find(&key.1) {
            put(line, &procedure.summary);
        }
    }
    for edition in published.iter().chain(&drafts) {
        let key = (edition.kind, edition.code.clone());
        let line = lines.entry(key.clone()).or_insert_with(|| empty(&key));
        if edition.state == EditionState::Draft {
            line.draft = Some(edition.version);
        } else if let Some(from) = edition.effective_from.filter(|from| *from > day) {
            line.next = Some(line.next.map_or(from, |next| next.min(from)));
        }
        // Not in force: it is called what its file says.
        if line.name.is_empty()
            && edition.kind == DocumentKind::Procedure
            && let Ok(summary) = crate::data::parse::<ProcedureSummary>(&edition.content)
        {
            put(line, &summary);
        }
    }
    Ok(Json(lines.into_values().collect()))
}

/// One document with its versions.
pub async fn show(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String)>, PathRejection>,
) -> Answer<Json<DocumentView>> {
    rights::desk(&account, Action::Catalogue)?;
    let key = named(path)?;
    follow(&portal).await?;
    Ok(Json(view(&portal, key).await?))
}

/// A version's text, and how it differs from what is in force. Version 0 is the file.
pub async fn text(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String, i64)>, PathRejection>,
) -> Answer<Json<DocumentText>> {
    rights::desk(&account, Action::Catalogue)?;
    let Path((kind, code, number)) = path?;
    let key = named(Ok(Path((kind, code))))?;
    follow(&portal).await?;
    let text = if number == 0 {
        portal
            .living
            .base()
            .text(key.0, &key.1)
            .ok_or(ProblemCode::NotFound)?
            .to_owned()
    } else {
        portal
            .database
            .editions(key.0, &key.1)
            .await?
            .into_iter()
            .find(|edition| edition.number == number)
            .ok_or(ProblemCode::NotFound)?
            .content
    };
    let events = events(&portal).await?;
    Ok(Json(DocumentText {
        number,
        document: check_text((key.0, &key.1), &text, &events, text.is_empty())
            .ok()
            .flatten(),
        difference: difference_of(&portal, &key, &text, &events),
        text,
    }))
}

/// What is wrong with something written, its other form, and how it differs from what is in force. Changes nothing.
pub async fn check(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String)>, PathRejection>,
    body: Result<Json<Source>, JsonRejection>,
) -> Answer<Json<Checked>> {
    rights::desk(&account, Action::Catalogue)?;
    let (key, Json(source)) = (named(path)?, body?);
    let ends = source == Source::End;
    let text = text_of(key.0, source)?;
    let events = events(&portal).await?;
    let (document, faults) = match check_text((key.0, &key.1), &text, &events, ends) {
        Ok(document) => (document, Vec::new()),
        Err(faults) => (None, document::told("", &faults)),
    };
    Ok(Json(Checked {
        faults,
        document,
        difference: difference_of(&portal, &key, &text, &events),
        text,
    }))
}

/// Writes the draft of a document; refused when anything in it is wrong.
pub async fn save(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String)>, PathRejection>,
    body: Result<Json<SaveDraft>, JsonRejection>,
) -> Answer<Json<Outcome>> {
    rights::desk(&account, Action::Catalogue)?;
    let (key, Json(draft)) = (named(path)?, body?);
    if draft.note.chars().count() > NOTE_CHARS_MAX || draft.note.contains('\0') {
        return Err(wrong("/note", ValueError::TooLong));
    }
    follow(&portal).await?;
    let ends = draft.source == Source::End;
    if ends && (key.0 != DocumentKind::Procedure || present(&portal, &key).is_empty()) {
        return Err(wrong("/source", ValueError::Malformed));
    }
    let text = text_of(key.0, draft.source)?;
    let events = events(&portal).await?;
    if let Err(faults) = check_text((key.0, &key.1), &text, &events, ends) {
        return Ok(Json(Outcome::Refused(document::told("", &faults))));
    }
    portal
        .database
        .save_draft(&NewDraft {
            kind: key.0,
            code: &key.1,
            content: &text,
            effective_from: draft.effective_from,
            note: draft.note.trim(),
            author: account.id,
            version: draft.version,
            now: now(),
        })
        .await?;
    Ok(Json(Outcome::Done(Box::new(view(&portal, key).await?))))
}

/// What would be wrong from a day on, that day and whenever a planned version comes into force after it.
async fn faults_from(
    portal: &Portal,
    published: Vec<StoredEdition>,
    from: Date,
) -> Answer<Vec<DocumentFault>> {
    let base = portal.living.base().clone();
    let found = tokio::task::spawn_blocking(move || {
        let mut days: BTreeSet<Date> = published
            .iter()
            .filter_map(|edition| edition.effective_from)
            .filter(|day| *day > from)
            .collect();
        days.insert(from);
        let mut told: BTreeSet<(String, usize, String)> = BTreeSet::new();
        for day in days {
            told.extend(
                edition::faults_on(&base, &published, day)
                    .into_iter()
                    .map(|(file, fault)| (file, fault.line, fault.what)),
            );
        }
        told.into_iter()
            .flat_map(|(file, line, what)| document::told(&file, &[Fault { line, what }]))
            .collect()
    });
    found.await.map_err(|error| Failure::internal(&error))
}

/// Publishes drafts together: from a day on they are in force, all of them or none.
pub async fn publish(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<Publish>, JsonRejection>,
) -> Answer<Json<Published>> {
    rights::desk(&account, Action::Catalogue)?;
    let Json(wanted) = body?;
    if wanted.drafts.is_empty() || wanted.drafts.len() > DOCUMENTS_MAX {
        return Err(wrong("/drafts", ValueError::Malformed));
    }
    if wanted.effective_from < today() {
        return Err(wrong("/effective_from", ValueError::Malformed));
    }
    let (stamp, mut published) = portal.database.editions_in(EditionState::Published).await?;
    let (_, drafts) = portal.database.editions_in(EditionState::Draft).await?;
    for name in &wanted.drafts {
        let draft = drafts
            .iter()
            .find(|draft| {
                draft.kind == name.kind && draft.code == name.code && draft.version == name.version
            })
            .ok_or(ProblemCode::Conflict)?;
        published.push(StoredEdition {
            state: EditionState::Published,
            effective_from: Some(wanted.effective_from),
            ..draft.clone()
        });
    }
    let faults = faults_from(&portal, published, wanted.effective_from).await?;
    if faults.is_empty() {
        portal
            .database
            .publish_drafts(
                &wanted.drafts,
                wanted.effective_from,
                stamp,
                (account.id, now()),
            )
            .await?;
        follow(&portal).await?;
    }
    Ok(Json(Published { faults }))
}

/// Takes a draft or a published version back. What was in force before it is in force again.
pub async fn withdraw(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String, i64)>, PathRejection>,
    body: Result<Json<Withdraw>, JsonRejection>,
) -> Answer<Json<Outcome>> {
    rights::desk(&account, Action::Catalogue)?;
    let Path((kind, code, number)) = path?;
    let (key, Json(ask)) = (named(Ok(Path((kind, code))))?, body?);
    let (stamp, mut published) = portal.database.editions_in(EditionState::Published).await?;
    let editions = portal.database.editions(key.0, &key.1).await?;
    let edition = editions
        .iter()
        .find(|edition| edition.number == number)
        .ok_or(ProblemCode::NotFound)?;
    if edition.state == EditionState::Published {
        published.retain(|other| other.id != edition.id);
        let faults = faults_from(&portal, published, today()).await?;
        if !faults.is_empty() {
            return Ok(Json(Outcome::Refused(faults)));
        }
    }
    portal
        .database
        .withdraw_edition(edition.id, ask.version, stamp, (account.id, now()))
        .await?;
    follow(&portal).await?;
    // A draft of a document that never was leaves its versions behind, so that there is always something to show.
    Ok(Json(Outcome::Done(Box::new(view(&portal, key).await?))))
}

fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        bytes,
    )
        .into_response()
}

/// The document in force as a file.
pub async fn export(
    State(portal): State<Portal>,
    Officer(account): Officer,
    path: Result<Path<(DocumentKind, String)>, PathRejection>,
) -> Answer<Told<Toml>> {
    rights::desk(&account, Action::Catalogue)?;
    let key = named(path)?;
    follow(&portal).await?;
    let text = present(&portal, &key);
    if text.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    let name = key.0.file_name(&key.1);
    Ok(download(&name, "application/toml; charset=utf-8", text.into_bytes()).into())
}

/// Everything in force as one archive of the files.
pub async fn export_all(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Told<Archive>> {
    rights::desk(&account, Action::Catalogue)?;
    follow(&portal).await?;
    let packed = tokio::task::spawn_blocking(move || {
        let current = portal.current();
        let files: Vec<(String, &str)> = current
            .documents
            .iter()
            .map(|((kind, code), known)| (kind.file_name(code), known.text.as_ref()))
            .collect();
        archive::pack(&files)
    });
    let bytes = packed
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::internal(&error))?;
    let name = format!("danh-muc-{}.zip", today());
    Ok(download(&name, "application/zip", bytes).into())
}

/// The name of a file that is read in.
#[derive(Deserialize, JsonSchema)]
pub struct FileName {
    /// Says what it is, unless it is an archive.
    name: String,
}

/// Reads a file or an archive in: what differs from what is in force becomes a draft, a draft that is there stays.
pub async fn import(
    State(portal): State<Portal>,
    Officer(account): Officer,
    name: Result<Query<FileName>, QueryRejection>,
    body: Answer<Sent<Documents>>,
) -> Answer<Json<Vec<ImportLine>>> {
    rights::desk(&account, Action::Catalogue)?;
    let Query(FileName { name }) = name?;
    let bytes = body?.0;
    if bytes.is_empty() {
        return Err(wrong("/", ValueError::Required));
    }
    if bytes.len() > ARCHIVE_BYTES_MAX {
        return Err(ProblemCode::TooLarge.into());
    }
    let files = if bytes.starts_with(b"PK") {
        let unpacked =
            tokio::task::spawn_blocking(move || archive::unpack(&bytes, DOCUMENTS_MAX)).await;
        match unpacked.map_err(|error| Failure::internal(&error))? {
            Ok(files) => files,
            Err(archive::ArchiveError::TooLarge) => return Err(ProblemCode::TooLarge.into()),
            Err(_) => return Err(wrong("/", ValueError::Malformed)),
        }
    } else {
        vec![(name, bytes.to_vec())]
    };
    follow(&portal).await?;
    let mut texts: Vec<(String, Option<Key>, Result<String, Fault>)> = files
        .into_iter()
        .map(|(file, bytes)| {
            let text = String::from_utf8(bytes)
                .map(|text| text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
                .map_err(|_| Fault {
                    line: 1,
                    what: "the text is no UTF-8".to_owned(),
                });
            let key = DocumentKind::of_file(&file).or_else(|| code_within(text.as_deref().ok()?));
            (file, key, text)
        })
        .collect();
    // Events before the procedures that name them.
    texts.sort_by_key(|(_, key, _)| {
        key.as_ref()
            .is_none_or(|(kind, _)| *kind == DocumentKind::Procedure)
    });
    let mut lines = Vec::new();
    for (file, key, text) in texts {
        let result = match &key {
            None => Imported::Unknown,
            Some(key) => take_in(&portal, account.id, &file, key, text).await?,
        };
        lines.push(ImportLine {
            file,
            document: key,
            result,
        });
    }
    Ok(Json(lines))
}

/// A procedure's code, in a file that is called otherwise.
fn code_within(text: &str) -> Option<Key> {
    let summary = crate::data::parse::<ProcedureSummary>(text).ok()?;
    is_procedure_code(&summary.code).then_some((DocumentKind::Procedure, summary.code))
}

async fn take_in(
    portal: &Portal,
    author: uuid::Uuid,
    file: &str,
    key: &Key,
    text: Result<String, Fault>,
) -> Answer<Imported> {
    let text = match text {
        Ok(text) if text.len() <= DOCUMENT_BYTES_MAX => text,
        Ok(_) => {
            let fault = Fault {
                line: 1,
                what: format!("the text is longer than {DOCUMENT_BYTES_MAX} bytes"),
            };
            return Ok(Imported::Wrong(document::told(file, &[fault])));
        }
        Err(fault) => return Ok(Imported::Wrong(document::told(file, &[fault]))),
    };
    if text.trim() == present(portal, key).trim() {
        return Ok(Imported::Same);
    }
    let events = events(portal).await?;
    if let Err(faults) = check_text((key.0, &key.1), &text, &events, false) {
        return Ok(Imported::Wrong(document::told(file, &faults)));
    }
    let note: String = format!("Nhập từ tệp {file}")
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NOTE_CHARS_MAX)
        .collect();
    let saved = portal
        .database
        .save_draft(&NewDraft {
            kind: key.0,
            code: &key.1,
            content: &text,
            effective_from: None,
            note: &note,
            author,
            version: 0,
            now: now(),
        })
        .await;
    match saved {
        Ok(version) => Ok(Imported::Draft(version)),
        Err(StoreError::Conflict) => Ok(Imported::Taken),
        Err(other) => Err(other.into()),
    }
}
