//! `/api/signings`.

use crate::identity::Citizen;
use crate::problem::Answer;
use crate::signing;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use contract::signing::{CompleteSigning, SigningView, StartSigning};
use futures_util::Stream;
use std::convert::Infallible;
use std::time::Duration;
use uuid::Uuid;

/// Own transactions that are not over.
pub async fn list(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
) -> Answer<Json<Vec<SigningView>>> {
    let open = portal.database.open_signings(account.id).await?;
    Ok(Json(open.into_iter().map(signing::shown).collect()))
}

/// Starts one.
pub async fn start(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    body: Result<Json<StartSigning>, JsonRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(signing::start(&portal, &account, body?.0).await?))
}

/// One of them.
pub async fn show(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(signing::view(&portal, account.id, id?.0).await?))
}

/// `Hủy`.
pub async fn cancel(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(signing::cancel(&portal, &account, id?.0).await?))
}

/// The browser has finished.
pub async fn complete(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
    body: Result<Json<CompleteSigning>, JsonRejection>,
) -> Answer<Json<SigningView>> {
    Ok(Json(
        signing::complete(&portal, &account, id?.0, &body?.0).await?,
    ))
}

/// Pushes the view whenever it changes, until it is final. The browser reconnects by itself; every connection begins with the current view.
pub async fn events(
    State(portal): State<Portal>,
    Citizen(account): Citizen,
    id: Result<Path<Uuid>, PathRejection>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let Path(id) = id?;
    signing::view(&portal, account.id, id).await?;
    let changed = portal.changed.subscribe();
    let watch = Watch {
        portal,
        account: account.id,
        id,
        changed,
        told: 0,
        over: false,
    };
    let stream = futures_util::stream::unfold(watch, next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(10))))
}

struct Watch {
    portal: Portal,
    account: Uuid,
    id: Uuid,
    changed: tokio::sync::broadcast::Receiver<Uuid>,
    told: i64,
    over: bool,
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if watch.over {
        return None;
    }
    loop {
        if let Ok(view) = signing::view(&watch.portal, watch.account, watch.id).await
            && view.version > watch.told
        {
            watch.told = view.version;
            watch.over = view.state.is_final();
            let event = Event::default()
                .id(view.version.to_string())
                .json_data(&view)
                .ok()?;
            return Some((Ok(event), watch));
        }
        // Another instance may have made the change: look by oneself now and then.
        let wake = async {
            loop {
                match watch.changed.recv().await {
                    Ok(id) if id != watch.id => {}
                    _ => break,
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(3), wake).await;
    }
}
