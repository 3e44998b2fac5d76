//! `/api/reminders`: `Đăng ký nhắc việc`.

use crate::identity::Citizen;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use contract::date::Date;
use contract::life::is_over;
use contract::notice::{
    AddReminder, DAYS_BEFORE_MAX, Reminder, ReminderAbout, Reminders, fires_at,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::session::Account;
use contract::value::{Timestamp, ValueError};
use uuid::Uuid;

/// Longest own note, in characters.
const NOTE_CHARS_MAX: usize = 200;

fn wrong(pointer: &str, error: ValueError) -> Failure {
    Failure::invalid(vec![FieldProblem {
        pointer: pointer.to_owned(),
        error,
    }])
}

async fn all(portal: &Portal, account: &Account) -> Answer<Json<Reminders>> {
    let database = &portal.database;
    let now = now();
    let dossiers = database.dossiers_of(account.id, None).await?;
    let certificates = database.known_certificates(account.id).await?;
    Ok(Json(Reminders {
        reminders: database.reminders(account.id).await?,
        dossiers: dossiers
            .into_iter()
            .filter(|line| !is_over(line.status))
            .collect(),
        certificates: certificates
            .into_iter()
            .filter(|known| known.valid_to > now)
            .collect(),
    }))
}

/// Reminders, and what one may be reminded of.
pub async fn list(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
) -> Answer<Json<Reminders>> {
    all(&portal, &account).await
}

/// Adds one.
pub async fn add(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    body: Result<Json<AddReminder>, JsonRejection>,
) -> Answer<Json<Reminders>> {
    let Json(new) = body?;
    if new.days_before > DAYS_BEFORE_MAX {
        return Err(wrong("/days_before", ValueError::Malformed));
    }
    let (title, at) = named(&portal, &account, &new.about).await?;
    let reminder = Reminder {
        id: new.id,
        about: new.about,
        title,
        days_before: new.days_before,
        at,
        fires_at: at.map(|at| fires_at(at, new.days_before)),
        told_at: None,
    };
    portal.database.add_reminder(account.id, &reminder).await?;
    all(&portal, &account).await
}

/// What something is called, and the day that comes; only one's own.
async fn named(
    portal: &Portal,
    account: &Account,
    about: &ReminderAbout,
) -> Answer<(String, Option<Timestamp>)> {
    match about {
        ReminderAbout::Dossier { dossier } => {
            let stored = portal.database.dossier(Some(account.id), *dossier).await?;
            let line = stored.summary.ok_or(ProblemCode::NotFound)?;
            if is_over(line.status) {
                return Err(ProblemCode::Conflict.into());
            }
            Ok((line.procedure_name, line.due_at))
        }
        ReminderAbout::Certificate { serial } => {
            let known = portal.database.known_certificates(account.id).await?;
            let known = known.into_iter().find(|known| known.serial == *serial);
            let known = known.ok_or(ProblemCode::NotFound)?;
            Ok((known.issuer, Some(known.valid_to)))
        }
        ReminderAbout::Note { text, day } => {
            let text = text.trim();
            if text.is_empty() {
                return Err(wrong("/about/text", ValueError::Required));
            }
            if text.chars().count() > NOTE_CHARS_MAX {
                return Err(wrong("/about/text", ValueError::TooLong));
            }
            let day: Date = day
                .parse()
                .map_err(|_| wrong("/about/day", ValueError::Malformed))?;
            if day < Date::in_vietnam(now()) {
                return Err(wrong("/about/day", ValueError::Malformed));
            }
            Ok((text.to_owned(), Some(day.noon())))
        }
    }
}

/// Deletes one.
pub async fn remove(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<Reminders>> {
    portal.database.remove_reminder(account.id, id?.0).await?;
    all(&portal, &account).await
}
