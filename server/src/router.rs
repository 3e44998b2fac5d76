//! All addresses, and what surrounds every one of them.

mod access;
mod oidc;

use crate::evidence::QUERY_BYTES_MAX;
use crate::headers;
use crate::route;
use crate::state::Portal;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{delete, get, patch, post, put};
use contract::conversion::CONVERSION_BYTES_MAX;
use contract::dossier::ATTACHMENT_BYTES_MAX;
use contract::edition::ARCHIVE_BYTES_MAX;
use contract::upload::PIECE_BYTES_MAX;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

/// Largest JSON body, in bytes: a profile with its image in base64.
const JSON_BYTES_MAX: usize = 1024 * 1024;
/// Largest message of a provider, in bytes: twenty values with their names.
const WEBHOOK_BYTES_MAX: usize = 128 * 1024;

/// Longest that a piece of an upload may take: the smallest at 2 KB a second.
const PIECE_TIME: Duration = Duration::from_secs(120);
/// Longest that a whole file in one request may take: the largest at 30 KB a second.
const FILE_TIME: Duration = Duration::from_secs(30 * 60);

/// The portal as a service.
pub fn router(portal: Portal) -> Router {
    let json = Router::new()
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
        .route("/providers", get(route::provider::list))
        .route(
            "/providers/{code}/certificates",
            post(route::provider::certificates),
        )
        .route("/trust", get(route::provider::trust))
        .route(
            "/evidence",
            get(route::evidence::offer).post(route::evidence::collect),
        )
        .route(
            "/timestamps",
            post(route::evidence::stamp).layer(RequestBodyLimitLayer::new(QUERY_BYTES_MAX)),
        )
        .route("/procedures", get(route::procedure::list))
        .route("/procedures/{code}", get(route::procedure::show))
        .route(
            "/procedures/{code}/forms/{name}",
            get(route::procedure::form),
        )
        .route("/units", get(route::unit::units))
        .route("/events", get(route::unit::events))
        .route(
            "/signings",
            get(route::signing::list).post(route::signing::start),
        )
        .route("/signings/{id}", get(route::signing::show))
        .route("/signings/{id}/cancellation", post(route::signing::cancel))
        .route("/signings/{id}/completion", post(route::signing::complete))
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
        .route("/device-key", get(route::device::show))
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
        .route("/officer/audit/search", post(route::audit::search))
        .route("/officer/audit/export", post(route::audit::export))
        .route("/officer/audit/state", get(route::audit::state))
        .route("/statistics", get(route::statistics::everybody))
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
        .route("/news", get(route::news::list))
        .route("/news/{slug}", get(route::news::show))
        .route("/feedback", post(route::feedback::send))
        .route("/feedback/{code}", get(route::feedback::show))
        .route("/officer/feedback", get(route::feedback::list))
        .route(
            "/officer/feedback/{code}/answer",
            post(route::feedback::answer),
        )
        .route(
            "/surveys",
            get(route::feedback::survey_totals).post(route::feedback::send_survey),
        )
        .route("/officer/surveys", get(route::feedback::survey_comments))
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
        .route("/tracking/{code}", get(route::tracking::show))
        .route("/health", get(route::session::health))
        .route("/health/ready", get(route::session::ready))
        .merge(access::routes())
        .layer(RequestBodyLimitLayer::new(JSON_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(60),
        ));
    let upload = Router::new()
        .route(
            "/dossiers/{id}/attachments/{attachment}",
            put(route::upload::attach_whole),
        )
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(
            usize::try_from(ATTACHMENT_BYTES_MAX).unwrap_or(usize::MAX),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            FILE_TIME,
        ));
    let conversion = Router::new()
        .route("/conversions", post(route::conversion::convert))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(
            usize::try_from(CONVERSION_BYTES_MAX).unwrap_or(usize::MAX),
        ))
        // The wait for a turn, and the conversion itself.
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(2 * portal.config.conversion.seconds + 30),
        ));
    let kept = Router::new()
        .route("/kept/{sha256}/content", put(route::kept::write))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(
            usize::try_from(ATTACHMENT_BYTES_MAX).unwrap_or(usize::MAX),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            FILE_TIME,
        ));
    let import = Router::new()
        .route("/admin/import", post(route::edition::import))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(ARCHIVE_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PIECE_TIME,
        ));
    let pieces = Router::new()
        .route("/uploads/{sha256}", patch(route::upload::append))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(
            usize::try_from(PIECE_BYTES_MAX).unwrap_or(usize::MAX),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PIECE_TIME,
        ));
    let results = Router::new()
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
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(
            usize::try_from(ATTACHMENT_BYTES_MAX).unwrap_or(usize::MAX),
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            FILE_TIME,
        ));
    // Open for as long as the page listens.
    let events = Router::new()
        .route("/signings/events", get(route::signing::all_events))
        .route("/signings/{id}/events", get(route::signing::events));
    let webhooks = Router::new()
        .route("/webhooks/{provider}", post(route::signing::webhook))
        .route(
            "/webhooks/{provider}/token",
            post(route::signing::webhook_token),
        )
        .route("/payments/callback", post(route::payment::callback))
        .layer(RequestBodyLimitLayer::new(WEBHOOK_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            Duration::from_secs(20),
        ));
    let api = Router::new()
        .merge(json)
        .merge(upload)
        .merge(results)
        .merge(pieces)
        .merge(import)
        .merge(conversion)
        .merge(kept)
        .merge(events)
        .merge(webhooks)
        .merge(oidc::routes())
        .fallback(route::session::nothing)
        .layer(axum::middleware::from_fn(crate::plain::refuse))
        .layer(CsrfLayer::new())
        .layer(axum::middleware::from_fn_with_state(
            portal.clone(),
            crate::limit::each,
        ));
    let site = &portal.config.site;
    let pages = ServeDir::new(site)
        .precompressed_br()
        .append_index_html_on_directories(false)
        .fallback(get(crate::page::show).with_state(portal.clone()));
    Router::new()
        .nest("/api", api)
        .route("/", get(crate::page::show))
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
