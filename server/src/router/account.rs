//! A person's own account: session, password, profiles, notices, reminders.

use super::JSON;
use crate::api::{Routes, delete, get, post, put};
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route(
            "/session",
            get(route::session::show)
                .post(route::session::sign_in)
                .delete(route::session::sign_out),
        )
        .route("/demo", get(route::session::demo))
        .route("/account", put(route::session::save_person))
        .route("/account/password", put(route::session::change_password))
        .route(
            "/profiles",
            get(route::profile::list).post(route::profile::add),
        )
        .route(
            "/profiles/{id}",
            put(route::profile::replace).delete(route::profile::remove),
        )
        .route("/device-key", get(route::device::show))
        .route("/notices", get(route::notice::list))
        .route("/notices/unread", get(route::notice::unread))
        .route("/notices/read", post(route::notice::mark))
        .route(
            "/mail-choices",
            get(route::notice::choices).put(route::notice::choose),
        )
        .route(
            "/reminders",
            get(route::reminder::list).post(route::reminder::add),
        )
        .route("/reminders/{id}", delete(route::reminder::remove))
        .within(JSON)
}
