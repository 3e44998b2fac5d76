//! The officers' desk.

use super::{FILE, JSON};
use crate::api::{Routes, delete, get, post, put};
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/officer/inbox", post(route::inbox::list))
        .route("/officer/inbox/counts", get(route::inbox::counts))
        .route("/officer/inbox/acts", post(route::inbox::act))
        .route("/officer/inbox/handover", post(route::inbox::hand_over))
        .route("/officer/colleagues", get(route::inbox::colleagues))
        .route(
            "/officer/inbox/filters",
            get(route::inbox::filters).post(route::inbox::save_filter),
        )
        .route(
            "/officer/inbox/filters/{id}",
            delete(route::inbox::remove_filter),
        )
        .route(
            "/officer/dossiers/{id}/work",
            get(route::work::show).post(route::work::act),
        )
        .route(
            "/officer/dossiers/{id}/presence",
            post(route::presence::beat).delete(route::presence::leave),
        )
        .route("/officer/dossiers/{id}", get(route::officer::show))
        .route("/officer/dossiers/{id}/decision", post(route::life::decide))
        .route(
            "/officer/dossiers/{id}/supplement",
            post(route::life::ask_supplement),
        )
        .route(
            "/officer/dossiers/{id}/results/{result}",
            get(route::returned::officer_download).delete(route::returned::remove),
        )
        .route(
            "/officer/dossiers/{id}/results/{result}/seal",
            post(route::returned::seal),
        )
        .route("/officer/dossiers/{id}/slips", get(route::slip::list))
        .route(
            "/officer/dossiers/{id}/slips/preview",
            post(route::slip::preview),
        )
        .route(
            "/officer/dossiers/{id}/slips/control",
            get(route::slip::control),
        )
        .route(
            "/officer/dossiers/{id}/slips/{slip}",
            get(route::slip::download),
        )
        .route(
            "/officer/dossiers/{id}/slips/{slip}/unsealed",
            get(route::slip::unsealed),
        )
        .route(
            "/officer/dossiers/{id}/messages",
            get(route::message::officer_show).post(route::message::officer_send),
        )
        .route(
            "/officer/dossiers/{id}/messages/read",
            post(route::message::officer_mark),
        )
        .route(
            "/officer/dossiers/{id}/attachments/{attachment}",
            get(route::officer::download),
        )
        .route("/officer/dossiers/{id}/signings", get(route::history::show))
        .route(
            "/officer/dossiers/{id}/signings/protocol",
            get(route::history::paper),
        )
        .route(
            "/officer/dossiers/{id}/signings/evidence",
            get(route::history::evidence),
        )
        .route("/officer/feedback", get(route::feedback::list))
        .route(
            "/officer/feedback/{code}/answer",
            post(route::feedback::answer),
        )
        .route("/officer/surveys", get(route::feedback::survey_comments))
        .within(JSON)
        .merge(
            Routes::new()
                .route(
                    "/officer/dossiers/{id}/results/{result}",
                    put(route::returned::add),
                )
                .route(
                    "/officer/dossiers/{id}/results/{result}/signed",
                    put(route::returned::sign),
                )
                .route(
                    "/officer/dossiers/{id}/slips/{slip}/signed",
                    put(route::slip::sign),
                )
                .within(FILE),
        )
}
