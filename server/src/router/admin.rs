//! Rights, the journal, statistics, and the catalogue as administrators edit it.

use super::{IMPORT, JSON};
use crate::api::{Routes, get, post, put};
use crate::route;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/officer/audit/search", post(route::audit::search))
        .route("/officer/audit/export", post(route::audit::export))
        .route("/officer/audit/state", get(route::audit::state))
        .route("/officer/statistics", get(route::statistics::show))
        .route("/officer/rights", post(route::rights::list))
        .route("/officer/rights/{account}", put(route::rights::give))
        .route("/admin/documents", get(route::edition::list))
        .route("/admin/documents/{kind}/{code}", get(route::edition::show))
        .route(
            "/admin/documents/{kind}/{code}/check",
            post(route::edition::check),
        )
        .route(
            "/admin/documents/{kind}/{code}/draft",
            put(route::edition::save),
        )
        .route(
            "/admin/documents/{kind}/{code}/editions/{number}",
            get(route::edition::text),
        )
        .route(
            "/admin/documents/{kind}/{code}/editions/{number}/withdrawal",
            post(route::edition::withdraw),
        )
        .route("/admin/publications", post(route::edition::publish))
        .route("/admin/export", get(route::edition::export_all))
        .route("/admin/export/{kind}/{code}", get(route::edition::export))
        .within(JSON)
        .merge(
            Routes::new()
                .route("/admin/import", post(route::edition::import))
                .within(IMPORT),
        )
}
