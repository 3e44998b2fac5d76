//! Server-sent events: the state of one transaction, or of all of a person's open ones over one connection, with resume.

use super::hub::{APART_MS, Subscription, Told};
use super::person;
use crate::identity::SignerSession;
use crate::problem::Answer;
use crate::state::Portal;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use contract::value::Timestamp;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Whose end ends the stream; a session that an older release began has no name.
fn name_of(SignerSession(session): &SignerSession) -> Option<Uuid> {
    (!session.id.is_nil()).then_some(session.id)
}

/// One transaction. `last` is the version the browser saw last; an end it saw already is answered with 204, which tells browsers not
/// to connect again.
pub async fn events(
    portal: &Portal,
    citizen: &SignerSession,
    id: Uuid,
    last: Option<i64>,
) -> Answer<Response> {
    let changes = portal
        .hub
        .subscribe(citizen.0.account.id, Some(id), name_of(citizen));
    let stored = portal.database.signing(citizen.0.account.id, id).await?;
    let seen = last.unwrap_or(0);
    if stored.state.is_final() && stored.version <= seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let told = person::told(stored);
    let first = (told.version > seen).then_some(told).into_iter();
    Ok(stream(portal, changes, first.map(Arc::new).collect(), true))
}

/// All open ones; with `last` (when the change happened that the browser saw last, in milliseconds) also what ended since.
pub async fn all_events(
    portal: &Portal,
    citizen: &SignerSession,
    last: Option<i64>,
) -> Answer<Response> {
    let account = citizen.0.account.id;
    let changes = portal.hub.subscribe(account, None, name_of(citizen));
    let mut list = portal.database.open_signings(account).await?;
    if let Some(last) = last {
        let since = Timestamp(last.saturating_sub(APART_MS));
        let changed = portal.database.signings_since(account, since).await?;
        list.retain(|open| {
            changed
                .iter()
                .all(|other| other.request.id != open.request.id)
        });
        list.extend(changed);
    }
    // The newest last, since its number is what the browser repeats.
    list.sort_by_key(|stored| stored.changed_at);
    let first = list.into_iter().map(person::told).map(Arc::new).collect();
    Ok(stream(portal, changes, first, false))
}

struct Watch {
    changes: Subscription,
    first: VecDeque<Arc<Told>>,
    /// What was told at the beginning: changes may be older than that.
    begun: Vec<(Uuid, i64)>,
    one: bool,
    greeted: bool,
    over: bool,
}

fn stream(
    portal: &Portal,
    changes: Subscription,
    first: VecDeque<Arc<Told>>,
    one: bool,
) -> Response {
    let watch = Watch {
        changes,
        begun: first.iter().map(|told| (told.id, told.version)).collect(),
        first,
        one,
        greeted: false,
        over: false,
    };
    let alive = KeepAlive::new().interval(portal.config.pace.heartbeat);
    let stream = Sse::new(futures_util::stream::unfold(watch, next)).keep_alive(alive);
    // Proxies must not collect events.
    ([("x-accel-buffering", "no")], stream).into_response()
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if !watch.greeted {
        watch.greeted = true;
        // After a restart of the server not everybody reconnects in the same moment.
        let retry = Duration::from_millis(1000 + u64::from(rand::random::<u16>() % 2000));
        return Some((Ok(Event::default().retry(retry).comment("")), watch));
    }
    if watch.over {
        return None;
    }
    let told = match watch.first.pop_front() {
        Some(told) => told,
        None => loop {
            let told = watch.changes.next().await?;
            let known = watch
                .begun
                .iter()
                .any(|(id, version)| *id == told.id && *version >= told.version);
            if !known {
                break told;
            }
        },
    };
    watch.over = watch.one && told.over;
    let number = if watch.one { told.version } else { told.at.0 };
    let event = Event::default().id(number.to_string()).data(&told.json);
    Some((Ok(event), watch))
}
