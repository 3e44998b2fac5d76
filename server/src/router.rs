//! All addresses, and what surrounds every one of them.
//!
//! A new route is a handler with a doc comment in `route/`, and one line `.route("/address", get(route::resource::handler))` in the
//! file below `router/` that fits, within the bounds that fit. A new file below `router/` is merged in [`routes`].

mod access;
mod account;
mod admin;
mod desk;
mod dossier;
mod oidc;
mod payment;
mod public;
mod signing;

use crate::api::{Bounds, Operation, Routes};
use crate::headers;
use crate::route;
use crate::state::Portal;
use axum::Router;
use contract::conversion::CONVERSION_BYTES_MAX;
use contract::dossier::ATTACHMENT_BYTES_MAX;
use contract::edition::ARCHIVE_BYTES_MAX;
use contract::upload::PIECE_BYTES_MAX;
use std::time::Duration;
use tower::Layer as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::services::ServeDir;

/// Longest that a piece of an upload may take: the smallest at 2 KB a second.
const PIECE_TIME: Duration = Duration::from_secs(120);

/// JSON: at most a profile with its image in base64.
const JSON: Bounds = Bounds {
    bytes: 1024 * 1024,
    time: Some(Duration::from_secs(60)),
};
/// A whole file in one request: the largest at 30 KB a second.
const FILE: Bounds = Bounds {
    bytes: ATTACHMENT_BYTES_MAX,
    time: Some(Duration::from_secs(30 * 60)),
};
/// A piece of a file.
const PIECE: Bounds = Bounds {
    bytes: PIECE_BYTES_MAX,
    time: Some(PIECE_TIME),
};
/// A catalogue that is taken in.
const IMPORT: Bounds = Bounds {
    bytes: ARCHIVE_BYTES_MAX as u64,
    time: Some(PIECE_TIME),
};
/// An event stream, open for as long as the page listens.
const STREAM: Bounds = Bounds {
    bytes: 0,
    time: None,
};
/// A message of a provider or a gateway: twenty values with their names.
const HOOK: Bounds = Bounds {
    bytes: 128 * 1024,
    time: Some(Duration::from_secs(20)),
};

/// A Word file: the wait for a turn, and the conversion itself.
fn conversion(seconds: u64) -> Bounds {
    Bounds {
        bytes: CONVERSION_BYTES_MAX,
        time: Some(Duration::from_secs(2 * seconds + 30)),
    }
}

/// Every route below `/api`; a conversion may take so many seconds.
fn routes(conversion_seconds: u64) -> Routes {
    Routes::new()
        .merge(access::routes())
        .merge(oidc::routes())
        .merge(account::routes())
        .merge(public::routes())
        .merge(signing::routes())
        .merge(dossier::routes(conversion(conversion_seconds)))
        .merge(payment::routes())
        .merge(desk::routes())
        .merge(admin::routes())
}

/// What can be asked of the portal below `/api`.
#[must_use]
pub fn operations() -> Vec<Operation> {
    routes(0).into_parts().1
}

/// The portal as a service.
pub fn router(portal: Portal) -> Router {
    let (api, _) = routes(portal.config.conversion.seconds).into_parts();
    let api = api
        .fallback(route::session::nothing)
        .layer(axum::middleware::from_fn(crate::plain::refuse))
        .layer(CsrfLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            portal.clone(),
            crate::limit::each,
        ))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(crate::problem::told));
    let site = &portal.config.site;
    let pages = ServeDir::new(site)
        .precompressed_br()
        .append_index_html_on_directories(false)
        .fallback(axum::routing::get(crate::page::show).with_state(portal.clone()));
    let kept = crate::site::Site::new(site);
    let pages = tower::ServiceBuilder::new()
        .layer(axum::middleware::from_fn_with_state(
            kept,
            crate::site::serve,
        ))
        .service(pages);
    let pages =
        axum::middleware::from_fn_with_state(portal.clone(), crate::brand::instead).layer(pages);
    Router::new()
        // The page's own way, which goes with its release; what others are told is the version.
        .nest("/api", api.clone())
        .nest("/api/v1", api)
        .route("/", axum::routing::get(crate::page::show))
        .fallback_service(pages)
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            portal.clone(),
            headers::add,
        ))
        .layer(axum::middleware::from_fn_with_state(
            portal.clone(),
            crate::operate::observe,
        ))
        .with_state(portal)
}
