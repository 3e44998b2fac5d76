//! One dossier on the officer's desk: what can be done now, information, components with their signatures, messages, history.

mod checks;
mod conflict;
mod deeds;
mod events;
mod facts;
mod file;
mod glance;
mod head;
mod keys;
mod others;
mod protocol;
mod result;
mod supplement;
mod tabs;
mod timeline;
mod versions;
mod work;

use crate::part::bill::OfficerBill;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::my_dossier::Talk;
use crate::screen::officer::paper::Slips;
use crate::screen::officer::result_signing::Undelivered;
use crate::session::{Who, session};
use crate::text::t;
use crate::{api, text};
use checks::Checks;
use contract::dossier::{Dossier, DossierStatus};
use contract::life::is_over;
use contract::worker::DocumentId;
use deeds::Deeds;
use events::Everything;
use facts::Facts;
use file::File;
use glance::Glance;
use head::Head;
use keys::Keys;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use others::Others;
use result::ResultFiles;
use supplement::Requests;
use tabs::{Tab, TabRow, Tabs, panel_name};
use timeline::SlipHistory;
use uuid::Uuid;
use work::Processing;

/// The dossier on screen; what is done to it puts its newest state here.
pub type Shown = RwSignal<Option<Result<Dossier, api::ApiError>>>;

/// The screen; another number in the address is another dossier.
#[component]
pub fn OfficerDossier() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()))
    });
    move || view! { <One id=id.get()/> }
}

#[component]
fn One(id: Option<Uuid>) -> impl IntoView {
    title(t("Hồ sơ"));
    let state = session();
    let found: Shown = RwSignal::new(None);
    // Above the dossier, so that they stay when the dossier changes.
    let tabs = Tabs::of_address();
    let checks = Checks::of(id.unwrap_or_default());
    checks.follow(found);
    let others = Others::of(id.unwrap_or_default());
    others.follow(found);
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
        <div class="wrap dossier officer-dossier">
            <p class="row crumbs"><A href="/can-bo">{t("‹ Hộp hồ sơ")}</A>{id.map(|id| view! { <Keys id tabs/> })}</p>
            {move || match found.get() {
                None => match state.who.get() {
                    Who::Nobody => view! { <h1>{t("Hồ sơ")}</h1><crate::screen::dossier::SignInFirst/> }.into_any(),
                    Who::Somebody(_) if !state.is_officer() => view! {
                        <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{t("Trang này dành cho cán bộ.")}</Notice>
                    }.into_any(),
                    _ => view! { <h1>{t("Hồ sơ")}</h1><Loading/> }.into_any(),
                },
                Some(Err(error)) => view! { <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(dossier)) => view! { <Whole dossier found tabs checks others/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(
    dossier: Dossier,
    found: Shown,
    tabs: Tabs,
    checks: Checks,
    others: Others,
) -> impl IntoView {
    let stored = StoredValue::new(dossier.clone());
    let status = dossier.summary.status;
    let worked_on = matches!(status, DossierStatus::Processing | DossierStatus::Done);
    let id = dossier.summary.id;
    view! {
        <Head dossier=dossier.clone() others/>
        {dossier.after.counts_as_late().then(|| view! { <p class="hint">{t("Đã yêu cầu bổ sung hơn một lần: hồ sơ được tính là trễ hẹn.")}</p> })}
        <Requests requests=dossier.after.supplements.clone()/>
        <Undelivered dossier=id found/>
        {(!is_over(status)).then(|| view! { <Deeds dossier=dossier.clone() found/> })}
        {(worked_on || !dossier.after.results.is_empty()).then(|| view! { <ResultFiles dossier=dossier.clone() editable=worked_on found checks/> })}
        <TabRow tabs/>
        <div role="tabpanel" id="dossier-panel" tabindex="0" aria-labelledby=move || panel_name(tabs.tab.get())>
        {move || {
            let dossier = stored.get_value();
            match tabs.tab.get() {
                Tab::Information => view! { <Facts dossier/><OfficerBill dossier=id/> }.into_any(),
                Tab::Components => view! { <Glance dossier=dossier.clone() checks/>{files(dossier, checks)} }.into_any(),
                Tab::Talk => view! { <Talk dossier=id officer=true supplied=dossier.after.supplied()/> }.into_any(),
                Tab::Work => view! { <Processing dossier=dossier.clone() found/><Slips history=slip_history(checks, &dossier) dossier officer=true/> }.into_any(),
                Tab::History => view! { <Everything dossier checks/> }.into_any(),
            }
        }}
        </div>
    }
}

/// What a signed slip has below it.
fn slip_history(checks: Checks, dossier: &Dossier) -> Callback<(Uuid, String), AnyView> {
    let code = dossier.summary.code.to_string();
    Callback::new(move |(slip, name)| {
        view! { <SlipHistory checks slip name code=code.clone()/> }.into_any()
    })
}

/// The files, each with those it took the place of.
fn files(dossier: Dossier, checks: Checks) -> AnyView {
    let applicant = dossier.form.applicant.citizen_id.clone();
    let code = dossier.summary.code.to_string();
    let mut former = dossier.after.former;
    // Numbers away from the signing screen's own document.
    (100..)
        .map(DocumentId)
        .zip(dossier.attachments)
        .map(|(document, file)| {
            // Beside the first file of their component that can be compared.
            let (own, rest) = former
                .drain(..)
                .partition(|one| one.manifest.component == file.manifest.component && file.manifest.original_of.is_none());
            former = rest;
            view! { <File checks document file former=own applicant=applicant.clone() code=code.clone()/> }
        })
        .collect_view()
        .into_any()
}
