//! `Ký số NEAC`: look at the documents, place the boxes, choose the certificate once, wait for the phone. One file or a whole dossier.

mod action;
mod candidate;
mod cautions;
mod certificate;
mod choose;
mod desk;
mod files;
pub mod kept;
mod keys;
mod list;
mod locked;
pub mod look;
mod offers;
mod place;
mod seen;
mod send;
mod sheet;
mod told;
mod unseen;
mod waiting;
mod waiting_field;

use crate::api;
use crate::draft::{self, DraftAttachment};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::officer::result_signing::Delivered;
use crate::session::session;
use crate::signing::pending::PendingSigning;
use crate::signing::{Trouble, signings};
use crate::text::{fill, t};
use contract::profile::SignatureProfile;
use contract::provider::ProviderInfo;
use kept::{Gathered, KeptBox, Shelf};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use place::PlaceBox;
use uuid::Uuid;
use waiting::Waiting;

/// Everything the screen needs before it can be used.
#[derive(Clone)]
struct Ready {
    shelf: Shelf,
    /// The dossier whose paper it is, for officers.
    paper: Option<Uuid>,
    gathered: Gathered,
    /// Those that are not signed yet.
    attachments: Vec<DraftAttachment>,
    procedure: String,
    profiles: Vec<SignatureProfile>,
    providers: Vec<ProviderInfo>,
    timestamped: bool,
}

async fn open(shelf: Shelf) -> Result<Ready, Trouble> {
    let draft = draft::load(shelf.account, shelf.draft).await?;
    let gathered = shelf.read().await.unwrap_or_default();
    let chosen = |file: &DraftAttachment| match shelf.attachment {
        Some(attachment) => file.id == attachment,
        // Without a choice, which is kept on this device, it is about all of them.
        None => {
            file.signings.is_empty()
                && (gathered.files.is_empty()
                    || gathered.files.iter().any(|kept| kept.attachment == file.id))
        }
    };
    let attachments: Vec<DraftAttachment> = draft
        .attachments
        .iter()
        .filter(|file| chosen(file))
        .cloned()
        .collect();
    if attachments.is_empty() && shelf.attachment.is_some() {
        return Err(draft::DraftError::Missing.into());
    }
    Ok(Ready {
        shelf,
        paper: draft.desk.map(|desk| desk.dossier),
        attachments,
        procedure: draft.procedure.summary.code.to_string(),
        gathered,
        profiles: crate::signing::known::profiles().await?,
        providers: api::providers().await?,
        // Without an answer the files are signed all the same, without room for a timestamp.
        timestamped: api::evidence_offer().await.unwrap_or_default().timestamps,
    })
}

/// The screen for one file of the address, or for all that were gathered.
#[component]
pub fn Sign() -> impl IntoView {
    let params = use_params_map();
    let read = move |name: &str| {
        params.with(|params| params.get(name).and_then(|text| text.parse::<Uuid>().ok()))
    };
    // Another file is another screen, though the route is the same.
    let about = Memo::new(move |_| (read("draft"), read("attachment")));
    move || {
        let (draft, attachment) = about.get();
        view! { <Signing draft attachment/> }
    }
}

#[component]
fn Signing(draft: Option<Uuid>, attachment: Option<Uuid>) -> impl IntoView {
    title(t("Ký số"));
    let (state, signings, navigate) = (session(), signings(), use_navigate());
    let ready: RwSignal<Option<Result<Ready, Trouble>>> = RwSignal::new(None);
    // The files the screen is about, signed or not.
    let about: RwSignal<Vec<Uuid>> = RwSignal::new(attachment.into_iter().collect());
    let shelf = move || {
        Some(Shelf {
            account: state.account_now()?.id,
            draft: draft?,
            attachment,
        })
    };
    let load = Callback::new(move |()| {
        let Some(shelf) = shelf() else { return };
        ready.set(None);
        spawn_local(async move {
            let opened = open(shelf).await;
            if let (Ok(opened), None) = (&opened, shelf.attachment) {
                let kept = opened.gathered.files.iter().map(|file| file.attachment);
                let open = opened.attachments.iter().map(|file| file.id);
                let _ = about.try_set(kept.chain(open).collect());
            }
            let _ = ready.try_set(Some(opened));
        });
    });
    Effect::new(move |_| {
        if state.account().is_some() && ready.with_untracked(Option::is_none) {
            load.run(());
        }
    });
    // The newest signing of these files that was not put away.
    let current = Memo::new(move |_| {
        about.with(|about| {
            about
                .iter()
                .filter_map(|attachment| signings.of(*attachment))
                .max_by_key(crate::signing::Watched::sent_at)
                .map(|watched| watched.pending.start.id)
        })
    });
    let on_again = Callback::new(move |pending: PendingSigning| {
        let id = pending.start.id;
        let navigate = navigate.clone();
        spawn_local(async move {
            let shelf = begin_again(&pending).await;
            signings.dismiss(id);
            if shelf.attachment == attachment {
                // The screen may be gone by now.
                let _ = load.try_run(());
            } else {
                navigate(&address(shelf), leptos_router::NavigateOptions::default());
            }
        });
    });
    let back = move || {
        if state.is_officer_now() {
            return "/can-bo".to_owned();
        }
        draft.map_or("/quan-ly-ho-so".to_owned(), |draft| back_to(draft, None))
    };
    view! {
        {move || {
            if let Some(id) = current.get() {
                return view! { <Waiting id on_again/> <Rest id load/> }.into_any();
            }
            match ready.get() {
                None => view! { <div class="wrap"><h1>{t("Đang mở tài liệu…")}</h1><Loading/></div> }.into_any(),
                Some(Err(trouble)) => view! {
                    <div class="wrap">
                        <h1>{t("Chưa mở được tài liệu để ký")}</h1>
                        <Notice tone=Tone::Bad>{trouble.sentence()}</Notice>
                        <p><A href=back() attr:class="button">{back_button(&back())}</A></p>
                    </div>
                }
                    .into_any(),
                Some(Ok(ready)) if ready.attachments.is_empty() => view! {
                    <div class="wrap">
                        <h1>{t("Không còn tệp nào cần ký")}</h1>
                        <p>{t("Các tệp đã chọn đều đã ký số.")}</p>
                        <p><A href=back() attr:class="button primary">{t("Tiếp tục hồ sơ")}</A></p>
                    </div>
                }
                    .into_any(),
                Some(Ok(Ready { paper: Some(dossier), shelf, attachments, .. })) if attachments.iter().all(|file| !file.signings.is_empty()) => view! {
                    <div class="wrap waiting">
                        <h1>{t("Không còn tệp nào cần ký")}</h1>
                        <Delivered draft=shelf.draft dossier/>
                    </div>
                }
                    .into_any(),
                Some(Ok(ready)) => view! { <PlaceBox ready/> }.into_any(),
            }
        }}
    }
}

/// Where the files belong: a dossier that is prepared, or for officers one that was submitted.
pub(crate) fn back_to(draft: Uuid, paper: Option<Uuid>) -> String {
    match paper {
        Some(dossier) => format!("/can-bo/ho-so/{dossier}"),
        None => format!("/ho-so/{draft}/thanh-phan"),
    }
}

/// What the way there is called.
fn back_words(address: &str) -> &'static str {
    if address.starts_with("/can-bo") {
        t("‹ Hồ sơ")
    } else {
        t("‹ Thành phần hồ sơ")
    }
}

/// The same on a button.
fn back_button(address: &str) -> &'static str {
    if address.starts_with("/can-bo") {
        t("Về hồ sơ")
    } else {
        t("Quay lại thành phần hồ sơ")
    }
}

/// Where the files of a shelf are signed.
fn address(shelf: Shelf) -> String {
    match shelf.attachment {
        Some(attachment) => format!("/ho-so/{}/ky/{attachment}", shelf.draft),
        None => format!("/ho-so/{}/ky", shelf.draft),
    }
}

/// Another try: the boxes stand where they stood, and files that came back signed are not asked for again.
async fn begin_again(pending: &PendingSigning) -> Shelf {
    let signed: Vec<Uuid> = draft::load(pending.account, pending.draft)
        .await
        .map(|draft| {
            let done = |file: &&DraftAttachment| file.signings.contains(&pending.start.id);
            draft
                .attachments
                .iter()
                .filter(done)
                .map(|file| file.id)
                .collect()
        })
        .unwrap_or_default();
    let mut gathered = Gathered::again(pending, |attachment| signed.contains(&attachment));
    let together = Shelf {
        account: pending.account,
        draft: pending.draft,
        attachment: None,
    };
    let shelf = match gathered.files.as_slice() {
        [only] if pending.files.len() == 1 => Shelf {
            attachment: Some(only.attachment),
            ..together
        },
        _ => together,
    };
    if shelf.attachment.is_none() {
        // Files of a later confirmation, or left out, stay in the list.
        let before = shelf.read().await.unwrap_or_default().files;
        let others = |kept: &KeptBox| pending.file(kept.attachment).is_none();
        gathered.files.extend(before.into_iter().filter(others));
    }
    // A device that cannot keep it proposes the places anew.
    let _ = shelf.write(&gathered).await;
    shelf
}

/// After a confirmation of several: the files that wait for the next one.
#[component]
fn Rest(id: Uuid, load: Callback<()>) -> impl IntoView {
    let signings = signings();
    let finished = Memo::new(move |_| {
        signings.all.with(|all| {
            all.get(&id)
                .filter(|watched| watched.finished)
                .map(|watched| watched.pending.clone())
        })
    });
    let rest: RwSignal<Option<(usize, u32)>> = RwSignal::new(None);
    Effect::new(move |_| {
        let Some(pending) = finished.get() else {
            return;
        };
        let shelf = Shelf {
            account: pending.account,
            draft: pending.draft,
            attachment: None,
        };
        spawn_local(async move {
            let Some(gathered) = shelf.read().await else {
                return;
            };
            let open = |kept: &&KeptBox| !kept.skipped && pending.file(kept.attachment).is_none();
            let mine = gathered
                .files
                .iter()
                .any(|kept| pending.file(kept.attachment).is_some());
            let unsigned = draft::load(pending.account, pending.draft)
                .await
                .map(|draft| draft.attachments)
                .unwrap_or_default();
            let count = gathered
                .files
                .iter()
                .filter(open)
                .filter(|kept| {
                    unsigned
                        .iter()
                        .any(|file| file.id == kept.attachment && file.signings.is_empty())
                })
                .count();
            if mine && count > 0 && gathered.rounds > 0 {
                let _ = rest.try_set(Some((count, gathered.rounds + 1)));
            }
        });
    });
    view! {
        {move || rest.get().map(|(count, round)| view! {
            <div class="wrap waiting rest" role="status">
                <p>{fill("Còn {} tệp cho lần xác nhận tiếp theo.", &[&count])}</p>
                <button type="button" class="button seal" on:click=move |_| {
                    signings.dismiss(id);
                    load.run(());
                }>{fill("Ký tiếp {} tệp (lần xác nhận {})", &[&count, &round])}</button>
            </div>
        })}
    }
}
