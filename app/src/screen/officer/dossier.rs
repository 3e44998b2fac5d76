//! One dossier on the officer's desk: what can be done now, information, components with their signatures, messages, history.

mod deeds;
mod facts;
mod file;
mod result;
mod supplement;
mod work;

use crate::part::bill::OfficerBill;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::my_dossier::{Events, Talk};
use crate::screen::officer::inbox::{deadline, mark};
use crate::session::{Who, session};
use crate::text::after::tone;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::dossier::{Dossier, DossierStatus};
use contract::inbox::{Deadline, clock_runs};
use contract::life::is_over;
use contract::worker::DocumentId;
use deeds::Deeds;
use facts::Facts;
use file::File;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use result::ResultFiles;
use supplement::Requests;
use uuid::Uuid;
use work::Processing;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Information,
    Components,
    Talk,
    Work,
    History,
}

const TABS: [(Tab, &str); 5] = [
    (Tab::Information, n("Thông tin hồ sơ")),
    (Tab::Components, n("Thành phần hồ sơ")),
    (Tab::Talk, n("Trao đổi")),
    (Tab::Work, n("Xử lý")),
    (Tab::History, n("Lịch sử")),
];

/// The dossier on screen; what is done to it puts its newest state here.
pub type Shown = RwSignal<Option<Result<Dossier, api::ApiError>>>;

/// The screen.
#[component]
pub fn OfficerDossier() -> impl IntoView {
    title(t("Hồ sơ"));
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: Shown = RwSignal::new(None);
    // Above the dossier, so that it stays when the dossier changes.
    let tab = RwSignal::new(Tab::Information);
    Effect::new(move |_| {
        let (true, Some(id)) = (state.is_officer(), id) else {
            return;
        };
        spawn_local(async move {
            let dossier = api::officer_dossier(id).await;
            let _ = found.try_set(Some(dossier));
        });
    });
    view! {
        <div class="wrap dossier">
            <p><A href="/can-bo">{t("‹ Hộp hồ sơ")}</A></p>
            {move || match found.get() {
                None => match state.who.get() {
                    Who::Nobody => view! { <h1>{t("Hồ sơ")}</h1><crate::screen::dossier::SignInFirst/> }.into_any(),
                    Who::Somebody(_) if !state.is_officer() => view! {
                        <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{t("Trang này dành cho cán bộ.")}</Notice>
                    }.into_any(),
                    _ => view! { <h1>{t("Hồ sơ")}</h1><Loading/> }.into_any(),
                },
                Some(Err(error)) => view! { <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(dossier)) => view! { <Whole dossier found tab/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(dossier: Dossier, found: Shown, tab: RwSignal<Tab>) -> impl IntoView {
    let stored = StoredValue::new(dossier.clone());
    let status = dossier.summary.status;
    let worked_on = matches!(status, DossierStatus::Processing | DossierStatus::Done);
    let id = dossier.summary.id;
    view! {
        <p class="meta code">{dossier.summary.code.to_string()}</p>
        <h1>{dossier.summary.procedure_name.clone()}</h1>
        <p><span class=tone(status)>{text::status(status)}</span>" "{fill("{} · nộp {}", &[&dossier.summary.applicant, &format::moment(dossier.summary.submitted_at)])}</p>
        {dossier.summary.due_at.map(|due| {
            let class = clock_runs(status).then(|| Deadline::of(due, session().now())).flatten();
            view! {
                <p>{t("Hẹn trả:")}" "<strong>{format::moment(due)}</strong>
                    {class.map(|class| view! { " "<span class=format!("due {}", mark(class))>{deadline(class)}</span> })}
                </p>
            }
        })}
        {dossier.after.counts_as_late().then(|| view! { <p class="hint">{t("Đã yêu cầu bổ sung hơn một lần: hồ sơ được tính là trễ hẹn.")}</p> })}
        <Requests requests=dossier.after.supplements.clone()/>
        {(!is_over(status)).then(|| view! { <Deeds dossier=dossier.clone() found/> })}
        {(worked_on || !dossier.after.results.is_empty()).then(|| view! { <ResultFiles dossier=dossier.clone() editable=worked_on found/> })}
        <div class="tabs sliding" role="group" aria-label=t("Nội dung hồ sơ")>
            {TABS.into_iter().map(|(this, label)| view! {
                <button type="button" aria-pressed=move || (tab.get() == this).to_string() on:click=move |_| tab.set(this)>{t(label)}</button>
            }).collect_view()}
        </div>
        {move || {
            let dossier = stored.get_value();
            match tab.get() {
                Tab::Information => view! { <Facts dossier/><OfficerBill dossier=id/> }.into_any(),
                Tab::Components => {
                    let applicant = dossier.form.applicant.citizen_id.clone();
                    // Numbers away from the signing screen's own document.
                    (100..).map(DocumentId).zip(dossier.attachments)
                        .map(|(document, file)| view! { <File dossier=id document file applicant=applicant.clone()/> })
                        .collect_view()
                        .into_any()
                }
                Tab::Talk => view! { <Talk dossier=id officer=true supplied=dossier.after.supplied()/> }.into_any(),
                Tab::Work => view! { <Processing dossier found/> }.into_any(),
                Tab::History => view! { <Events supplied=dossier.after.supplied() events=dossier.events/> }.into_any(),
            }
        }}
    }
}
