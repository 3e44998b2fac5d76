//! Addresses about how people prove who they are, and where they are signed in.

use super::JSON;
use crate::api::{Routes, delete, get, post};
use crate::route;

/// All of them.
pub fn routes() -> Routes {
    Routes::new()
        .route("/session/code", post(route::access::give_code))
        .route("/session/confirmation", post(route::access::confirm))
        .route(
            "/sessions",
            get(route::access::sessions).delete(route::access::end_others),
        )
        .route("/sessions/{id}", delete(route::access::end_one))
        .route(
            "/account/second-factor",
            get(route::access::second_factor)
                .post(route::access::offer_second_factor)
                .put(route::access::confirm_second_factor)
                .delete(route::access::remove_second_factor),
        )
        .route(
            "/officer/rights/{account}/second-factor",
            delete(route::access::remove_second_factor_of),
        )
        .route(
            "/password-reset",
            get(route::access::reset_offer)
                .post(route::access::ask_reset)
                .put(route::access::reset_password),
        )
        .within(JSON)
}
