//! One's own dossier: how it stands and what is next, what is to be supplied, results, files, messages, its history.

mod files;
mod overview;
mod results;
mod saving;
mod sending;
mod steps;
mod supplement;
mod thread;
mod withdraw;

pub use saving::{blob, blob_as, download, save_blob};
pub use steps::{Events, Steps};
pub use thread::Talk;

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::t;
use crate::{api, text};
use contract::dossier::{Dossier, DossierStatus};
use files::Files;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use overview::Overview;
use results::Results;
use supplement::Supply;
use uuid::Uuid;
use withdraw::Withdraw;

/// A dossier on screen; whoever changes it on the server puts the newest state here.
pub type Shown = RwSignal<Option<Result<Dossier, api::ApiError>>>;

/// The screen.
#[component]
pub fn MyDossier() -> impl IntoView {
    title(t("Hồ sơ"));
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: Shown = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(_), Some(id)) = (state.account(), id) else {
            return;
        };
        spawn_local(async move {
            let dossier = api::dossier(id).await;
            let _ = found.try_set(Some(dossier));
        });
    });
    view! {
        <div class="wrap dossier">
            <p><A href="/quan-ly-ho-so">{t("‹ Quản lý hồ sơ")}</A></p>
            {move || match (state.who.get(), found.get()) {
                (Who::Nobody, _) => view! { <h1>{t("Hồ sơ")}</h1><super::dossier::SignInFirst/> }.into_any(),
                (_, None) => view! { <h1>{t("Hồ sơ")}</h1><Loading/> }.into_any(),
                (_, Some(Err(error))) => view! { <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                (_, Some(Ok(dossier))) => view! { <Whole dossier found/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(dossier: Dossier, found: Shown) -> impl IntoView {
    let id = dossier.summary.id;
    let open = dossier.after.open().cloned();
    let returned = dossier.summary.status == DossierStatus::Returned;
    let supplied = dossier.after.supplied();
    let (events, status) = (dossier.events.clone(), dossier.summary.status);
    view! {
        <p class="meta code">{dossier.summary.code.to_string()}</p>
        <h1>{dossier.summary.procedure_name.clone()}</h1>
        // What is to be done stands first.
        {open.map(|request| view! { <Supply dossier=dossier.clone() request found/> })}
        <Overview dossier=dossier.clone()/>
        {returned.then(|| view! { <Results dossier=dossier.clone()/> })}
        <Files dossier=dossier.clone()/>
        <Talk dossier=id officer=false supplied=supplied.clone()/>
        <Events events supplied/>
        <Withdraw id status version=dossier.version found/>
    }
}
