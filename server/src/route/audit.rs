//! `/api/officer/audit`: the journal for auditors. Whoever reads it is in it.

use crate::api::{Csv, Told};
use crate::identity::Officer;
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header;
use axum::response::IntoResponse as _;
use contract::audit::{AuditAction, AuditPage, AuditQuery, AuditRecord, AuditState};
use contract::problem::FieldProblem;
use contract::right::Action;
use contract::session::Account;
use contract::value::{DossierCode, Timestamp, ValueError};
use store::{AuditFilter, Chain, StoreError};

/// Records of one page.
const PAGE: i64 = 100;
/// Most records of one copy: about 20 MB.
const EXPORT_MAX: i64 = 100_000;
/// Records read at once for a copy.
const EXPORT_PAGE: i64 = 5000;
/// Longest user name or code, in characters.
const WORD_CHARS_MAX: usize = 100;

/// The filter, or none when it names somebody or something that does not exist: then nothing is found.
async fn filter(portal: &Portal, query: &AuditQuery) -> Answer<Option<AuditFilter>> {
    let mut filter = AuditFilter {
        action: query.action,
        from: query.from,
        until: query.until,
        before: query.before,
        ..AuditFilter::default()
    };
    for (pointer, word) in [("/person", &query.person), ("/dossier", &query.dossier)] {
        if word.chars().count() > WORD_CHARS_MAX {
            return Err(Failure::invalid(vec![FieldProblem {
                pointer: pointer.into(),
                error: ValueError::TooLong,
            }]));
        }
    }
    let person = query.person.trim();
    if !person.is_empty() {
        match portal.database.account_by_name(person).await {
            Ok(stored) => filter.actor = Some(stored.account.id),
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    let code = query.dossier.trim();
    if !code.is_empty() {
        let Ok(code) = code.to_uppercase().parse::<DossierCode>() else {
            return Ok(None);
        };
        match portal.database.dossier_of_code(&code).await {
            Ok(id) => filter.dossier = Some(id),
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(filter))
}

/// A page of the journal.
pub async fn search(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<AuditQuery>, JsonRejection>,
) -> Answer<Json<AuditPage>> {
    rights::desk(&account, Action::Audit)?;
    let Json(query) = body?;
    let filter = filter(&portal, &query).await?;
    note(
        &portal,
        &account,
        AuditAction::AuditSearched,
        filter.as_ref(),
    )
    .await?;
    let records = match filter {
        Some(filter) => portal.database.audit(&filter, PAGE).await?,
        None => Vec::new(),
    };
    let full = i64::try_from(records.len()).is_ok_and(|length| length == PAGE);
    Ok(Json(AuditPage {
        next: records.last().filter(|_| full).map(|last| last.number),
        records,
    }))
}

async fn note(
    portal: &Portal,
    account: &Account,
    action: AuditAction,
    filter: Option<&AuditFilter>,
) -> Answer<()> {
    let about = filter.and_then(|filter| filter.dossier);
    let subject = filter.and_then(|filter| filter.actor);
    rights::looked(portal, account, action, about, subject).await
}

/// A record as a line of comma-separated values. Nothing in it can be a formula: numbers, words of ours, codes, and names in quotes
/// behind an apostrophe where a spreadsheet would calculate.
fn line(record: &AuditRecord) -> String {
    let optional = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let action = serde_json::to_value(record.action).unwrap_or_default();
    let calculates = record.name.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!(
        "{},{},{},\"{}{}\",{},{},{},{},{},{}\r\n",
        record.number,
        record.at.0,
        optional(record.actor),
        if calculates { "'" } else { "" },
        record.name.replace('"', "\"\""),
        action.as_str().unwrap_or_default(),
        optional(record.dossier),
        record.code,
        optional(record.subject),
        record.detail.replace(',', " "),
        record.hash,
    )
}

/// The journal as a table to keep, newest first, with the hashes.
pub async fn export(
    State(portal): State<Portal>,
    Officer(account): Officer,
    body: Result<Json<AuditQuery>, JsonRejection>,
) -> Answer<Told<Csv>> {
    rights::desk(&account, Action::Audit)?;
    let Json(query) = body?;
    let filter = filter(&portal, &query).await?;
    note(
        &portal,
        &account,
        AuditAction::AuditExported,
        filter.as_ref(),
    )
    .await?;
    // The mark of UTF-8, without which spreadsheets read names wrongly.
    let mut text =
        String::from("\u{feff}number,at_ms,actor,name,action,dossier,code,subject,detail,hash\r\n");
    if let Some(mut filter) = filter {
        let mut read = 0;
        while read < EXPORT_MAX {
            let records = portal.database.audit(&filter, EXPORT_PAGE).await?;
            let Some(last) = records.last() else { break };
            filter.before = Some(last.number);
            read += EXPORT_PAGE;
            records
                .iter()
                .for_each(|record| text.push_str(&line(record)));
        }
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"nhat-ky.csv\"",
        ),
    ];
    Ok((headers, text).into_response().into())
}

/// How far this instance followed the chain, and when it began at the first record. Records hold what they held when nobody changed
/// them since; from the first record it is followed again once a day, and always by `server audit verify`.
#[derive(Default)]
pub struct Followed(tokio::sync::Mutex<Option<(Timestamp, Chain)>>);

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

async fn followed(portal: &Portal) -> Answer<Chain> {
    // Two auditors at once: the second one waits for the first, and then has little to follow.
    let mut last = portal.followed.0.lock().await;
    // It stays what it was while the records are read: whoever hangs up loses nothing of it.
    let before = last
        .clone()
        .filter(|(since, _)| now().0.saturating_sub(since.0) < DAY_MS);
    let (since, chain) = match before {
        Some((since, before)) => (since, portal.database.verify_audit_from(&before).await?),
        None => (now(), portal.database.verify_audit(None).await?),
    };
    *last = chain.broken.is_none().then(|| (since, chain.clone()));
    Ok(chain)
}

/// Whether the chain holds.
pub async fn state(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<AuditState>> {
    rights::desk(&account, Action::Audit)?;
    let chain = followed(&portal).await?;
    Ok(Json(AuditState {
        records: chain.records,
        hash: chain.hash,
        broken_at: chain.broken.map(crate::audit::place),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        let record = AuditRecord {
            number: 1,
            at: Timestamp(2),
            actor: None,
            action: AuditAction::SignIn,
            dossier: None,
            subject: None,
            detail: String::new(),
            hash: "ab".into(),
            name: "=1+\"1\"".into(),
            code: String::new(),
        };
        assert_eq!(line(&record), "1,2,,\"'=1+\"\"1\"\"\",sign-in,,,,,ab\r\n");
    }
}
