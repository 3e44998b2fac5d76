//! A citizen's dossiers, and the ways of files into them and into the personal store.

use super::{Bounds, FILE, JSON, PIECE};
use crate::api::{Routes, get, patch, post, put};
use crate::route;

/// The routes.
pub fn routes(conversion: Bounds) -> Routes {
    Routes::new()
        .route("/dossiers", get(route::dossier::list))
        .route(
            "/dossiers/{id}",
            get(route::dossier::show).put(route::dossier::announce),
        )
        .route("/dossiers/{id}/submission", post(route::dossier::submit))
        .route(
            "/dossiers/{id}/attachments/{attachment}",
            get(route::dossier::download).post(route::upload::attach),
        )
        .route(
            "/uploads/{sha256}",
            put(route::upload::begin).delete(route::upload::cancel),
        )
        .route("/dossiers/{id}/withdrawal", post(route::life::withdraw))
        .route(
            "/dossiers/{id}/supplement",
            put(route::supplement::announce),
        )
        .route(
            "/dossiers/{id}/supplement/submission",
            post(route::supplement::submit),
        )
        .route(
            "/dossiers/{id}/results/{result}",
            get(route::returned::download),
        )
        .route(
            "/dossiers/{id}/messages",
            get(route::message::show).post(route::message::send),
        )
        .route("/dossiers/{id}/slips", get(route::slip::own_list))
        .route(
            "/dossiers/{id}/slips/{slip}",
            get(route::slip::own_download),
        )
        .route("/dossiers/{id}/messages/read", post(route::message::mark))
        .route("/conversions", get(route::conversion::offer))
        .route("/kept", get(route::kept::list))
        .route(
            "/kept/{sha256}",
            put(route::kept::keep).delete(route::kept::remove),
        )
        .route(
            "/kept/{sha256}/content",
            get(route::kept::read).post(route::kept::arrive),
        )
        .within(JSON)
        .merge(
            Routes::new()
                .route(
                    "/dossiers/{id}/attachments/{attachment}",
                    put(route::upload::attach_whole),
                )
                .route("/kept/{sha256}/content", put(route::kept::write))
                .within(FILE),
        )
        .merge(
            Routes::new()
                .route("/conversions", post(route::conversion::convert))
                .within(conversion),
        )
        .merge(
            Routes::new()
                .route("/uploads/{sha256}", patch(route::upload::append))
                .within(PIECE),
        )
}
