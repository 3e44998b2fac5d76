//! `/api/officer/inbox`. What is searched for travels in bodies, never in addresses.

use super::{Answer, Body, get, put, send};
use contract::inbox::{
    ActOnMany, ActedOnMany, AskInbox, InboxCounts, InboxPage, SaveFilter, SavedFilter,
};
use contract::work::{Colleague, HandOver};
use gloo_net::http::Method;
use uuid::Uuid;

/// A page of the list.
pub async fn list(asked: &AskInbox) -> Answer<InboxPage> {
    put(Method::POST, "/officer/inbox", asked).await
}

/// The numbers beside the filters.
pub async fn counts() -> Answer<InboxCounts> {
    get("/officer/inbox/counts").await
}

/// One act on many.
pub async fn act(asked: &ActOnMany) -> Answer<ActedOnMany> {
    put(Method::POST, "/officer/inbox/acts", asked).await
}

/// Gives dossiers to somebody else.
pub async fn hand_over(asked: &HandOver) -> Answer<ActedOnMany> {
    put(Method::POST, "/officer/inbox/handover", asked).await
}

/// Whom work can be given to.
pub async fn colleagues() -> Answer<Vec<Colleague>> {
    get("/officer/colleagues").await
}

/// Saved filters.
pub async fn filters() -> Answer<Vec<SavedFilter>> {
    get("/officer/inbox/filters").await
}

/// Saves one.
pub async fn save_filter(filter: &SaveFilter) -> Answer<SavedFilter> {
    put(Method::POST, "/officer/inbox/filters", filter).await
}

/// Forgets one.
pub async fn remove_filter(id: Uuid) -> Answer<()> {
    let path = format!("/officer/inbox/filters/{id}");
    send(Method::DELETE, &path, Body::Nothing).await.map(|_| ())
}
