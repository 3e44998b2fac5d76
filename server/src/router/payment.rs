//! Money: the bill of a dossier, payments, the gateway's messages.

use super::{HOOK, JSON};
use crate::api::{Routes, get, post};
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/payment-means", get(route::payment::means))
        .route("/payments", get(route::payment::list))
        .route("/payment-status/{code}", get(route::payment::status))
        .route(
            "/dossiers/{id}/payment",
            get(route::payment::show).post(route::payment::act),
        )
        .route(
            "/dossiers/{id}/payment/online",
            post(route::payment::online),
        )
        .route("/dossiers/{id}/receipt", get(route::payment::receipt))
        .route(
            "/officer/dossiers/{id}/payment",
            get(route::payment::officer_show).post(route::payment::officer_act),
        )
        .within(JSON)
        .merge(
            Routes::new()
                .route("/payments/callback", post(route::payment::callback))
                .within(HOOK),
        )
}
