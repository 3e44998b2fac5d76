//! What stays in sight of a dossier: code, procedure, applicant, national status, due date, and whose it is.

use super::others::{Others, OthersRow};
use super::timeline::Copy;
use crate::screen::officer::inbox::{deadline, mark};
use crate::session::session;
use crate::text::after::tone;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::inbox::{Deadline, clock_runs};
use contract::work::Work;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How many working days there are, in words.
fn left(days: Option<i32>) -> Option<String> {
    Some(match days? {
        0 => t("Hết hạn hôm nay").to_owned(),
        days if days > 0 => fill("Còn {} ngày làm việc", &[&days]),
        days => fill("Quá hạn {} ngày làm việc", &[&days.unsigned_abs()]),
    })
}

/// The head.
#[component]
pub fn Head(dossier: Dossier, others: Others) -> impl IntoView {
    let line = dossier.summary;
    let id = line.id;
    let work: RwSignal<Option<Work>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        // Whose it is is good to know; without, the head is poorer.
        if let Ok(found) = api::desk::work(id).await {
            let _ = work.try_set(Some(found));
        }
    });
    let status = line.status;
    let code = line.code.to_string();
    view! {
        <header class="dossier-head">
            <div class="head-top">
                <p class="meta"><span class="code">{code.clone()}</span>" "<Copy value=code/></p>
                <OthersRow others/>
            </div>
            <h1>{line.procedure_name}</h1>
            <p class="head-facts">
                <span class=tone(status)>{text::status(status)}</span>
                <span>{fill("{} · nộp {}", &[&line.applicant, &format::moment(line.submitted_at)])}</span>
                {line.due_at.map(|due| {
                    let class = clock_runs(status).then(|| Deadline::of(due, session().now())).flatten();
                    view! {
                        <span>{t("Hẹn trả:")}" "<strong>{format::moment(due)}</strong>
                            {class.map(|class| view! { " "<span class=format!("due {}", mark(class))>{move || left(work.get().and_then(|work| work.working_days_left)).unwrap_or_else(|| deadline(class).into())}</span> })}
                        </span>
                    }
                })}
                {move || work.get().map(|work| {
                    let who = work.assignee.map_or_else(|| t("Chưa ai nhận").to_owned(), |one| one.name);
                    view! { <span>{fill("Người xử lý: {}", &[&who])}</span> }
                })}
            </p>
        </header>
    }
}
