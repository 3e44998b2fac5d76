//! The way of a dossier as steps, and what happened to it so far.

use crate::text::t;
use crate::{format, text};
use contract::dossier::{DossierEvent, DossierStatus};
use contract::value::Timestamp;
use leptos::prelude::*;

/// How many of the four steps a state has behind it; none when it ended otherwise.
const fn reached(status: DossierStatus) -> Option<usize> {
    match status {
        DossierStatus::New => Some(0),
        DossierStatus::Received | DossierStatus::SupplementRequested => Some(1),
        DossierStatus::Processing | DossierStatus::PaymentRequested => Some(2),
        DossierStatus::Done => Some(3),
        DossierStatus::Returned => Some(4),
        DossierStatus::Refused | DossierStatus::Withdrawn | DossierStatus::Stopped => None,
    }
}

/// Four steps from submission to result; nothing for a dossier that ended on the way.
#[component]
pub fn Steps(status: DossierStatus) -> impl IntoView {
    let names = [
        t("Đã nộp"),
        t("Tiếp nhận"),
        t("Giải quyết"),
        t("Trả kết quả"),
    ];
    reached(status).map(|reached| {
        view! {
            <ol class="course" aria-label=t("Các bước của hồ sơ")>
                {names.into_iter().enumerate().map(|(position, name)| {
                    let done = position < reached.max(1);
                    let now = position == reached.min(3) && reached < 4;
                    let class = if done { "done" } else if now { "now" } else { "" };
                    let told = if done { t("xong") } else if now { t("đang ở bước này") } else { t("chưa tới") };
                    view! {
                        <li class=class aria-current=(now && !done).then_some("step")>
                            <span>{name}</span><span class="visually-hidden">" ("{told}")"</span>
                        </li>
                    }
                }).collect_view()}
            </ol>
        }
    })
}

/// What happened to a dossier.
#[component]
pub fn Events(
    events: Vec<DossierEvent>,
    /// When supplement requests were answered: the state went back then.
    supplied: Vec<Timestamp>,
) -> impl IntoView {
    view! {
        <section aria-labelledby="events">
            <h2 id="events">{t("Quá trình xử lý")}</h2>
            <ol class="timeline">
                {events.into_iter().map(|event| view! {
                    <li>
                        <strong>{if supplied.contains(&event.at) { t("Công dân đã bổ sung hồ sơ") } else { text::status(event.status) }}</strong>
                        <span>{format::moment_exact(event.at)}" · "{event.actor}</span>
                        {(!event.note.is_empty()).then_some(view! { <p class="words-of">{event.note}</p> })}
                    </li>
                }).collect_view()}
            </ol>
        </section>
    }
}
