//! One's own dossier: how it stands and what is next, what is to be supplied, results, files, messages, its history.

mod files;
mod overview;
mod results;
mod saving;
mod steps;
mod supplement;
mod thread;
mod withdraw;

pub use saving::{blob, blob_as, download, save_blob};
pub use steps::{Events, Steps};
pub use thread::Talk;

use crate::draft::outbox::Parcel;
use crate::draft::{self, DraftError};
use crate::outbox::outbox;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::seen::{Old, Seen, kept_at, seen, take, value, when_reached};
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
pub type Shown = RwSignal<Option<Result<Seen<Dossier>, api::ApiError>>>;

/// The screen.
#[component]
pub fn MyDossier() -> impl IntoView {
    title(t("Hồ sơ"));
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: Shown = RwSignal::new(None);
    let ask = move || {
        let Some(id) = id else { return };
        spawn_local(async move {
            let what = format!("dossier/{id}");
            take(found, seen(state, &what, api::dossier(id)).await);
        });
    };
    when_reached(state, ask);
    // An answer to a supplement request arrived, sent by whichever window could: it is looked at here.
    let outbox = outbox();
    Effect::new(move |_| {
        let arrived = id
            .and_then(|id| outbox.added_to(id))
            .filter(|entry| entry.posted.standing.is_over());
        if let Some(entry) = arrived {
            ask();
            spawn_local(async move {
                let _ = outbox.take_out(entry.posted.draft).await;
            });
        }
    });
    let kept_at = kept_at(found);
    // What is typed on the page stays when the same is heard again.
    let dossier = value(found);
    view! {
        <div class="wrap dossier">
            <p><A href="/quan-ly-ho-so">{t("‹ Quản lý hồ sơ")}</A></p>
            <Old kept_at/>
            {move || match (state.who.get(), dossier.get()) {
                (Who::Nobody, _) => view! { <h1>{t("Hồ sơ")}</h1><super::dossier::SignInFirst/> }.into_any(),
                (_, None) => view! { <h1>{t("Hồ sơ")}</h1><Loading/> }.into_any(),
                (_, Some(Err(error))) => view! { <h1>{t("Hồ sơ")}</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                (_, Some(Ok(dossier))) => view! { <Whole dossier found/> }.into_any(),
            }}
        </div>
    }
}

/// An answer that was handed in here and waits, to a request that is not open any more: nobody has to send it.
#[component]
fn Unneeded(id: Uuid, open: Option<Uuid>) -> impl IntoView {
    let outbox = outbox();
    let trouble: RwSignal<Option<DraftError>> = RwSignal::new(None);
    let left = Memo::new(move |_| {
        let posted = outbox.added_to(id)?.posted;
        let unneeded = match &posted.parcel {
            Parcel::Supplement { answer, .. } => open != Some(answer.request),
            Parcel::Dossier(_) => false,
        };
        (unneeded && !posted.standing.is_over()).then_some((posted.account, posted.draft))
    });
    let put_away = move |(account, answer): (Uuid, Uuid)| {
        spawn_local(async move {
            let gone = async {
                outbox.take_out(answer).await?;
                draft::delete(account, answer).await
            };
            let _ = trouble.try_set(gone.await.err());
        });
    };
    view! {
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
        {move || left.get().map(|answer| view! {
            <Notice tone=Tone::Attention>
                <p>{t("Cơ quan không còn chờ bổ sung, nên phần bổ sung bạn đã chuẩn bị trên thiết bị này không được gửi.")}</p>
                <p><button type="button" class="button small" on:click=move |_| put_away(answer)>{t("Xóa phần bổ sung này")}</button></p>
            </Notice>
        })}
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
        <h1 id="dossier-title" tabindex="-1">{dossier.summary.procedure_name.clone()}</h1>
        // What is to be done stands first.
        <Unneeded id open=open.as_ref().map(|request| request.id)/>
        {open.map(|request| view! { <Supply dossier=dossier.clone() request/> })}
        <Overview dossier=dossier.clone()/>
        {returned.then(|| view! { <Results dossier=dossier.clone()/> })}
        <crate::screen::officer::paper::Slips dossier=dossier.clone() officer=false/>
        <Files dossier=dossier.clone()/>
        <Talk dossier=id officer=false supplied=supplied.clone()/>
        <Events events supplied/>
        <Withdraw id status version=dossier.version found/>
    }
}
