//! `Ký số NEAC`: look at the document, place the box, choose the certificate, wait for the phone.

mod candidate;
mod choose;
mod locked;
mod look;
mod place;
mod seen;
mod waiting;

use crate::api;
use crate::draft::{self, Draft, DraftAttachment};
use crate::engine;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::session;
use crate::signing::pending::PendingSigning;
use crate::signing::{Trouble, signings};
use contract::profile::SignatureProfile;
use contract::provider::ProviderInfo;
use contract::worker::{Answer, Ask, DocumentFacts, DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use locked::Locked;
use place::PlaceBox;
use uuid::Uuid;
use waiting::Waiting;

/// The document this screen has open.
const DOCUMENT: DocumentId = DocumentId(1);

/// Everything the screen needs before it can be used.
#[derive(Clone)]
struct Ready {
    draft: Draft,
    attachment: DraftAttachment,
    facts: DocumentFacts,
    profiles: Vec<SignatureProfile>,
    providers: Vec<ProviderInfo>,
}

async fn open(account: Uuid, draft_id: Uuid, attachment_id: Uuid) -> Result<Ready, Trouble> {
    let draft = draft::load(account, draft_id).await?;
    let attachment = draft
        .attachments
        .iter()
        .find(|attachment| attachment.id == attachment_id)
        .cloned()
        .ok_or(draft::DraftError::Missing)?;
    let bytes = draft::attachment_bytes(attachment_id).await?;
    let (answer, _) = engine::ask(
        Ask::Open {
            document: DOCUMENT,
            password: None,
        },
        vec![bytes],
    )
    .await?;
    let Answer::Opened { facts } = answer else {
        return Err(WorkerProblem::Damaged.into());
    };
    Ok(Ready {
        draft,
        attachment,
        facts,
        profiles: api::profiles().await?,
        providers: api::providers().await?,
    })
}

/// The screen.
#[component]
pub fn Sign() -> impl IntoView {
    title("Ký số");
    let params = use_params_map();
    let state = session();
    let ids = move || {
        let read = |name: &str| {
            params.with_untracked(|params| {
                params.get(name).and_then(|text| text.parse::<Uuid>().ok())
            })
        };
        Some((read("draft")?, read("attachment")?))
    };
    let ready: RwSignal<Option<Result<Ready, Trouble>>> = RwSignal::new(None);
    Effect::new(move |_| {
        let (Some(account), Some((draft, attachment))) = (state.account(), ids()) else {
            return;
        };
        if ready.with_untracked(Option::is_none) {
            spawn_local(async move {
                let opened = open(account.id, draft, attachment).await;
                let _ = ready.try_set(Some(opened));
            });
        }
    });
    let signings = signings();
    // The newest signing of this attachment that was not put away.
    let current = Memo::new(move |_| {
        let (_, attachment) = ids()?;
        Some(signings.of(attachment)?.pending.start.id)
    });
    let again: RwSignal<Option<PendingSigning>> = RwSignal::new(None);
    let on_again = Callback::new(move |pending: PendingSigning| {
        let id = pending.start.id;
        again.set(Some(pending));
        signings.dismiss(id);
    });
    view! {
        {move || {
            if let Some(id) = current.get() {
                return view! { <Waiting id on_again/> }.into_any();
            }
            match ready.get() {
                None => view! { <div class="wrap"><h1>"Đang mở tài liệu…"</h1><Loading/></div> }.into_any(),
                Some(Err(trouble)) => {
                    let back = ids().map_or("/quan-ly-ho-so".to_owned(), |(draft, _)| format!("/ho-so/{draft}/thanh-phan"));
                    let locked = trouble == Trouble::Engine(WorkerProblem::PasswordRequired);
                    view! {
                        <div class="wrap">
                            <h1>"Chưa mở được tài liệu để ký"</h1>
                            <Notice tone=Tone::Bad>{trouble.sentence()}</Notice>
                            {locked.then(|| ids().map(|(_, attachment)| view! { <Locked attachment/> }))}
                            <p><A href=back attr:class="button">"Quay lại thành phần hồ sơ"</A></p>
                        </div>
                    }
                        .into_any()
                }
                Some(Ok(ready)) => view! { <PlaceBox ready again=again.get_untracked()/> }.into_any(),
            }
        }}
    }
}
