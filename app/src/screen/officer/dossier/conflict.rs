//! Somebody else was quicker: who, what and when, in place of "it was changed".

use crate::text::{fill, t};
use crate::{api, format, text};
use contract::problem::ProblemCode;
use uuid::Uuid;

/// The sentence for what went wrong with an act on a dossier.
pub async fn sentence(dossier: Uuid, error: &api::ApiError) -> String {
    if error.code != ProblemCode::Conflict {
        return text::api(error);
    }
    let Ok(newest) = api::officer_dossier(dossier).await else {
        return text::api(error);
    };
    let status = newest.events.last();
    let work = api::desk::work(dossier).await.ok();
    let step = work.as_ref().and_then(|work| work.entries.last());
    match (status, step) {
        (Some(status), step) if step.is_none_or(|step| step.at <= status.at) => fill(
            "{} vừa chuyển hồ sơ sang {} lúc {}. Tải lại để xem.",
            &[
                &status.actor,
                &text::status(status.status),
                &format::moment(status.at),
            ],
        ),
        (_, Some(step)) => fill(
            "{} vừa làm “{}” lúc {}. Tải lại để xem.",
            &[
                &step.actor,
                &t(text::desk::done(step.act)),
                &format::moment(step.at),
            ],
        ),
        _ => text::api(error),
    }
}
