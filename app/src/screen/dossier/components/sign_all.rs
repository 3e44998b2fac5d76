//! `Ký số tất cả`: the files of the dossier that are not signed yet, chosen together and signed with one PIN.

use super::board::{Board, Looked};
use crate::draft;
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::screen::sign::kept::{Gathered, KeptBox, Shelf};
use crate::signing::{Trouble, signings};
use crate::text::{self, fill, t};
use contract::worker::{Answer, Ask, DocumentId, Signability, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The engine's name for a file that is only looked into, away from those of other screens.
fn document_of(id: Uuid) -> DocumentId {
    let (head, ..) = id.as_fields();
    DocumentId((head & 0x3fff_ffff) | 0x4000_0000)
}

/// What the engine finds in a file.
async fn look_at(id: Uuid) -> Result<Looked, Trouble> {
    let document = document_of(id);
    let bytes = draft::attachment_bytes(id).await?;
    let ask = Ask::Open {
        document,
        password: None,
    };
    let answer = engine::ask(ask, vec![bytes]).await;
    let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
    Ok(match answer {
        Ok((Answer::Opened { facts }, _)) => Looked {
            pages: Some(facts.pages.len()),
            refusal: (facts.signability != Signability::Ready)
                .then(|| text::signability(facts.signability).to_owned()),
        },
        // The engine is not there now: the signing screen asks again.
        Ok(_)
        | Err(WorkerProblem::Crashed | WorkerProblem::Unavailable | WorkerProblem::Cancelled) => {
            Looked::default()
        }
        Err(problem) => Looked {
            pages: None,
            refusal: Some(text::worker(&problem).to_owned()),
        },
    })
}

/// Offered as soon as there are two files to sign.
#[component]
pub fn SignAll(board: Board) -> impl IntoView {
    let open = board.open;
    let (signings, navigate) = (signings(), use_navigate());
    let left_out: RwSignal<BTreeSet<Uuid>> = RwSignal::new(BTreeSet::new());
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let under_way = move |id: Uuid| signings.of(id).is_some_and(|watched| watched.holds(id));
    let files = Memo::new(move |_| {
        open.draft.with(|draft| {
            draft
                .attachments
                .iter()
                .filter(|file| file.signings.is_empty() && !under_way(file.id))
                .map(|file| (file.id, file.file_name.to_string()))
                .collect::<Vec<_>>()
        })
    });
    look_into(board);
    let refused = move |id: Uuid| {
        board
            .looked
            .with(|looked| looked.get(&id).and_then(|looked| looked.refusal.clone()))
    };
    let signable = Memo::new(move |_| {
        let mut ids: Vec<Uuid> = files.with(|files| files.iter().map(|(id, _)| *id).collect());
        ids.retain(|id| refused(*id).is_none());
        ids
    });
    let chosen = Memo::new(move |_| {
        let mut ids = signable.get();
        left_out.with(|left_out| ids.retain(|id| !left_out.contains(id)));
        ids
    });
    let label = move || match (chosen.with(Vec::len), signable.with(Vec::len)) {
        (count, all) if count == all => fill("Ký số tất cả ({} tệp)", &[&count]),
        (count, _) => fill("Ký số {} tệp đã chọn", &[&count]),
    };
    let go = move |_| {
        let navigate = navigate.clone();
        let ids = chosen.get_untracked();
        trouble.set(None);
        spawn_local(async move {
            open.save().await;
            let Some((account, draft)) = open
                .draft
                .try_with_untracked(|draft| (draft.account, draft.id))
            else {
                return;
            };
            match keep(account, draft, ids).await {
                Ok(()) => navigate(
                    &format!("/ho-so/{draft}/ky"),
                    leptos_router::NavigateOptions::default(),
                ),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let go = StoredValue::new_local(go);
    view! {
        <Show when=move || signable.with(|ids| ids.len() > 1)>
            <section class="card sign-all" aria-labelledby="sign-all">
                <h2 id="sign-all">{t("Ký số nhiều tệp bằng 1 lần xác nhận")}</h2>
                <p class="hint">{t("Ô ký được đặt sẵn ở từng tệp, bạn xem lại rồi nhập mã PIN một lần cho tất cả.")}</p>
                <ul class="choose-files">
                    <For each=move || files.get() key=|(id, _)| *id children=move |(id, name)| view! {
                        <li>
                            {move || match refused(id) {
                                Some(why) => view! {
                                    <p class="refused"><strong class="file">{name.clone()}</strong><span>{why}</span></p>
                                }.into_any(),
                                None => view! {
                                    <label>
                                        <input type="checkbox" prop:checked=move || !left_out.with(|left_out| left_out.contains(&id)) on:change=move |event| {
                                            let taken = event_target_checked(&event);
                                            left_out.update(|left_out| if taken { left_out.remove(&id); } else { left_out.insert(id); });
                                        }/>
                                        <span class="file">{name.clone()}</span>
                                    </label>
                                }.into_any(),
                            }}
                        </li>
                    }/>
                </ul>
                {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> })}
                <button type="button" class="button seal" disabled=move || chosen.with(Vec::is_empty) on:click=move |event| go.with_value(|go| go(event))>{label}</button>
            </section>
        </Show>
    }
}

/// Looks into every file once, so that what cannot be signed is said before anybody begins.
fn look_into(board: Board) {
    let busy = StoredValue::new(false);
    let files = Memo::new(move |_| {
        board.open.draft.with(|draft| {
            let files = draft.attachments.iter();
            files.map(|file| file.id).collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        if files.with(Vec::is_empty) || busy.get_value() {
            return;
        }
        busy.set_value(true);
        spawn_local(async move {
            loop {
                let next = files.try_with_untracked(|files| {
                    files.iter().copied().find(|id| {
                        board
                            .looked
                            .with_untracked(|looked| !looked.contains_key(id))
                    })
                });
                let Some(Some(id)) = next else { break };
                let found = look_at(id).await.unwrap_or_default();
                let _ = board.looked.try_update(|looked| looked.insert(id, found));
            }
            let _ = busy.try_update_value(|busy| *busy = false);
        });
    });
}

/// Keeps what is chosen for the signing screen; boxes that were placed before stay.
async fn keep(account: Uuid, draft: Uuid, ids: Vec<Uuid>) -> Result<(), Trouble> {
    let shelf = Shelf {
        account,
        draft,
        attachment: None,
    };
    let mut gathered = Gathered::of(ids);
    if let Some(before) = shelf.read().await {
        for file in &mut gathered.files {
            let known = before
                .files
                .iter()
                .find(|kept| kept.attachment == file.attachment);
            if let Some(known) = known {
                *file = KeptBox {
                    skipped: false,
                    ..known.clone()
                };
            }
        }
    }
    shelf.write(&gathered).await?;
    Ok(())
}
