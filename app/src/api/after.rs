//! What comes after submission: withdrawal, supplements, results, messages, notices, reminders.

use super::{Answer, Body, get, put, read, send};
use contract::dossier::{Dossier, ManifestAccepted};
use contract::life::WithdrawDossier;
use contract::message::{SendMessage, Thread};
use contract::notice::{AddReminder, MailChoices, MarkRead, Notices, Reminders, Unread};
use contract::problem::ProblemCode;
use contract::supplement::{AskSupplement, SupplementAnswer};
use gloo_net::http::Method;
use uuid::Uuid;

/// Whose address a dossier has.
const fn side(officer: bool) -> &'static str {
    if officer { "/officer" } else { "" }
}

async fn post<T: serde::de::DeserializeOwned>(path: &str) -> Answer<T> {
    read(send(Method::POST, path, Body::Nothing).await?).await
}

/// Takes one's own dossier back.
pub async fn withdraw(id: Uuid, withdraw: &WithdrawDossier) -> Answer<Dossier> {
    put(
        Method::POST,
        &format!("/dossiers/{id}/withdrawal"),
        withdraw,
    )
    .await
}

/// Announces the answer to a supplement request.
pub async fn announce_supplement(id: Uuid, answer: &SupplementAnswer) -> Answer<ManifestAccepted> {
    put(Method::PUT, &format!("/dossiers/{id}/supplement"), answer).await
}

/// Sends the announced answer off.
pub async fn submit_supplement(id: Uuid) -> Answer<Dossier> {
    post(&format!("/dossiers/{id}/supplement/submission")).await
}

/// Asks for a supplement.
pub async fn ask_supplement(id: Uuid, ask: &AskSupplement) -> Answer<Dossier> {
    put(
        Method::POST,
        &format!("/officer/dossiers/{id}/supplement"),
        ask,
    )
    .await
}

/// Adds a file to the result.
pub async fn add_result(
    dossier: Uuid,
    result: Uuid,
    name: String,
    bytes: &[u8],
) -> Answer<Dossier> {
    let body = Body::Pdf(name, js_sys::Uint8Array::from(bytes));
    let path = format!("/officer/dossiers/{dossier}/results/{result}");
    read(send(Method::PUT, &path, body).await?).await
}

/// Takes a file out of the result.
pub async fn remove_result(dossier: Uuid, result: Uuid) -> Answer<Dossier> {
    let path = format!("/officer/dossiers/{dossier}/results/{result}");
    read(send(Method::DELETE, &path, Body::Nothing).await?).await
}

/// A file of the result.
pub async fn result(officer: bool, dossier: Uuid, result: Uuid) -> Answer<Vec<u8>> {
    let path = format!("{}/dossiers/{dossier}/results/{result}", side(officer));
    let response = send(Method::GET, &path, Body::Nothing).await?;
    response
        .binary()
        .await
        .map_err(|_| ProblemCode::Offline.into())
}

/// The thread of a dossier.
pub async fn thread(officer: bool, dossier: Uuid) -> Answer<Thread> {
    get(&format!("{}/dossiers/{dossier}/messages", side(officer))).await
}

/// Writes a message.
pub async fn write(officer: bool, dossier: Uuid, message: &SendMessage) -> Answer<Thread> {
    put(
        Method::POST,
        &format!("{}/dossiers/{dossier}/messages", side(officer)),
        message,
    )
    .await
}

/// The thread was read.
pub async fn mark_thread(officer: bool, dossier: Uuid) -> Answer<Thread> {
    post(&format!(
        "{}/dossiers/{dossier}/messages/read",
        side(officer)
    ))
    .await
}

/// Notices.
pub async fn notices() -> Answer<Notices> {
    get("/notices").await
}

/// How many notices are not read.
pub async fn unread() -> Answer<Unread> {
    get("/notices/unread").await
}

/// A notice was read, or all.
pub async fn mark_notices(notice: Option<Uuid>) -> Answer<Unread> {
    put(Method::POST, "/notices/read", &MarkRead { notice }).await
}

/// Which notices come by e-mail too.
pub async fn mail_choices() -> Answer<MailChoices> {
    get("/mail-choices").await
}

/// Keeps the choice.
pub async fn choose_mail(choices: &MailChoices) -> Answer<MailChoices> {
    put(Method::PUT, "/mail-choices", choices).await
}

/// Reminders.
pub async fn reminders() -> Answer<Reminders> {
    get("/reminders").await
}

/// Adds a reminder.
pub async fn add_reminder(new: &AddReminder) -> Answer<Reminders> {
    put(Method::POST, "/reminders", new).await
}

/// Deletes a reminder.
pub async fn remove_reminder(id: Uuid) -> Answer<Reminders> {
    read(send(Method::DELETE, &format!("/reminders/{id}"), Body::Nothing).await?).await
}
