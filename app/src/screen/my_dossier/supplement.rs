//! `Cần bổ sung`: the complete list, answered in place. Files are prepared and signed on the screens every draft has.

use crate::draft::outbox::Standing;
use crate::draft::{self, Draft};
use crate::outbox::{Entry, outbox};
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::sending::OnItsWay;
use crate::session::session;
use crate::text::{fill, t};
use crate::{format, text};
use contract::dossier::Dossier;
use contract::supplement::{Supplement, SupplementItem, SupplementTarget};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use std::collections::BTreeMap;

/// What is still to be done about a line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Unsigned,
    Ready,
}

impl State {
    /// How a component stands in the draft.
    fn of(draft: Option<&Draft>, code: &str) -> Self {
        let Some(draft) = draft else {
            return Self::Missing;
        };
        let must_sign = draft
            .procedure
            .components
            .iter()
            .any(|component| component.code == code && component.signature_required);
        let mut files = draft
            .attachments
            .iter()
            .filter(|file| file.component == code)
            .peekable();
        if files.peek().is_none() {
            Self::Missing
        } else if must_sign && files.any(|file| file.signings.is_empty()) {
            Self::Unsigned
        } else {
            Self::Ready
        }
    }

    fn chip(self) -> (&'static str, &'static str) {
        match self {
            Self::Missing => ("chip attention", t("Chưa bổ sung")),
            Self::Unsigned => ("chip attention", t("Chưa ký số")),
            Self::Ready => ("chip good", t("Đã sẵn sàng")),
        }
    }
}

/// What a pointer names in the dossier as it was submitted.
fn submitted(dossier: &Dossier, pointer: &str) -> String {
    serde_json::to_value(&dossier.form)
        .ok()
        .and_then(|form| Some(form.pointer(pointer)?.as_str()?.to_owned()))
        .unwrap_or_default()
}

/// Keeps corrected fields in the draft that answers.
async fn correct(
    begun: &Draft,
    fields: BTreeMap<String, String>,
    now: Timestamp,
) -> Result<Draft, draft::DraftError> {
    draft::change(begun.account, begun.id, now, move |draft| {
        if let Some(answering) = &mut draft.supplement {
            answering.fields.extend(fields);
        }
    })
    .await
}

/// The list and its answer.
#[component]
pub fn Supply(dossier: Dossier, request: Supplement) -> impl IntoView {
    let state = session();
    let navigate = use_navigate();
    let draft: RwSignal<Option<Draft>> = RwSignal::new(None);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let keeping = RwSignal::new(false);
    let outbox = outbox();
    let entry = Memo::new(move |_| {
        draft.with(|draft| draft.as_ref().and_then(|draft| outbox.of(draft.id)))
    });
    let standing = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().map(|entry| entry.posted.standing.clone()))
    });
    let queued =
        Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(Entry::is_queued)));
    let busy = move || keeping.get() || queued.get();
    let (items, asked) = (request.items.clone(), request.clone());
    let whole = StoredValue::new((dossier, request));
    if let Some(account) = state.account_now() {
        let id = asked.id;
        spawn_local(async move {
            if let Ok(known) = draft::supplement::find(account.id, id).await {
                let _ = draft.try_set(known);
            }
        });
    }
    let begun = move || async move {
        if let Some(known) = draft.try_get_untracked().flatten() {
            return Ok(known);
        }
        let account = state.account_now().ok_or(draft::DraftError::Missing)?;
        let (dossier, request) = whole.try_get_value().ok_or(draft::DraftError::Missing)?;
        let new = draft::supplement::begin(account.id, &dossier, &request, state.now()).await?;
        let _ = draft.try_set(Some(new.clone()));
        Ok::<_, draft::DraftError>(new)
    };
    let go = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match begun().await {
                Ok(draft) => navigate(
                    &format!("/ho-so/{}/thanh-phan", draft.id),
                    leptos_router::NavigateOptions::default(),
                ),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::draft(error).to_owned()));
                }
            }
        });
    };
    // Letters come quicker than a device writes: what is typed stands here until it is kept.
    let typed: RwSignal<BTreeMap<String, String>> = RwSignal::new(BTreeMap::new());
    let writing = StoredValue::new(false);
    let keep = move || async move {
        while let Some(wanted) = typed.try_get_untracked().filter(|typed| !typed.is_empty()) {
            let begun = begun().await?;
            let newest = correct(&begun, wanted.clone(), state.now()).await?;
            let _ = draft.try_set(Some(newest));
            let _ = typed
                .try_update(|typed| typed.retain(|key, value| wanted.get(key) != Some(&*value)));
        }
        Ok::<_, draft::DraftError>(())
    };
    let write = move |pointer: String, value: String| {
        typed.update(|typed| {
            typed.insert(pointer, value);
        });
        if writing.get_value() {
            return;
        }
        writing.set_value(true);
        spawn_local(async move {
            let kept = keep().await;
            writing.set_value(false);
            if let Err(error) = kept {
                trouble.set(Some(text::draft(error).to_owned()));
            }
        });
    };
    on_cleanup(move || {
        let left = typed.try_get_untracked().unwrap_or_default();
        let (Some(account), Some((dossier, request))) =
            (state.account_now(), whole.try_get_value())
        else {
            return;
        };
        if left.is_empty() {
            return;
        }
        let now = state.now();
        spawn_local(async move {
            let begun = draft::supplement::begin(account.id, &dossier, &request, now).await;
            if let Ok(begun) = begun {
                let _ = correct(&begun, left, now).await;
            }
        });
    });
    let ready = move |item: &SupplementItem| match &item.target {
        SupplementTarget::Component { code } => {
            draft.with(|draft| State::of(draft.as_ref(), code)) == State::Ready
        }
        SupplementTarget::Field { pointer } => {
            typed.with(|typed| typed.contains_key(pointer))
                || draft.with(|draft| {
                    draft
                        .as_ref()
                        .and_then(|draft| draft.supplement.as_ref())
                        .is_some_and(|answering| answering.fields.contains_key(pointer))
                })
        }
    };
    // The button that comes next is the main one.
    let complete =
        Memo::new(move |_| whole.with_value(|(_, request)| request.items.iter().all(ready)));
    let off = move |_| {
        let waiting: Vec<String> = untrack(|| {
            whole.with_value(|(_, request)| {
                request
                    .items
                    .iter()
                    .filter(|item| !ready(item))
                    .map(|item| item.label.clone())
                    .collect()
            })
        });
        if !waiting.is_empty() {
            trouble.set(Some(fill(
                "Còn mục chưa bổ sung: {}.",
                &[&waiting.join("; ")],
            )));
            return;
        }
        keeping.set(true);
        trouble.set(None);
        spawn_local(async move {
            let handed = async {
                keep().await?;
                let answer = draft.try_get_untracked().flatten();
                outbox
                    .hand_in(&answer.ok_or(draft::DraftError::Missing)?)
                    .await
            };
            if let Err(error) = handed.await {
                let _ = trouble.try_set(Some(text::draft(error).to_owned()));
            }
            let _ = keeping.try_set(false);
        });
    };
    // Whoever sent it by key goes on at the dossier's title: the list that had the focus goes away.
    on_cleanup(|| {
        let lost = document().active_element().is_none_or(|node| {
            node.tag_name() == "BODY" || node.closest(".supply").is_ok_and(|list| list.is_some())
        });
        if lost {
            crate::part::focus("dossier-title");
        }
    });
    let files = items
        .iter()
        .any(|item| matches!(item.target, SupplementTarget::Component { .. }));
    view! {
        <section class="card supply" aria-labelledby="supply">
            <h2 id="supply">{t("Cần bổ sung")}</h2>
            <p>{fill("{} yêu cầu ngày {}. Vui lòng bổ sung trước {}.", &[&asked.asked_by, &format::day(asked.asked_at), &format::moment(asked.due_at)])}</p>
            <p class="hint">{t("Đây là danh sách đầy đủ. Các phần khác của hồ sơ được giữ nguyên.")}</p>
            <ol class="checklist">
                {items.into_iter().map(|item| {
                    match item.target {
                        SupplementTarget::Component { code } => {
                            let chip = move || {
                                let (class, word) = draft.with(|draft| State::of(draft.as_ref(), &code)).chip();
                                view! { <span class=class>{word}</span> }
                            };
                            view! { <li><p class="name">{item.label}" "{chip}</p><p class="words-of">{item.reason}</p></li> }.into_any()
                        }
                        SupplementTarget::Field { pointer } => {
                            let (shown, key) = (pointer.clone(), pointer.clone());
                            let value = move || typed.with(|typed| typed.get(&shown).cloned())
                                .or_else(|| draft.with(|draft| draft.as_ref()
                                    .and_then(|draft| draft.supplement.as_ref()?.fields.get(&shown).cloned())))
                                .unwrap_or_else(|| whole.with_value(|(dossier, _)| submitted(dossier, &shown)));
                            let id = format!("correct{}", pointer.replace('/', "-"));
                            view! {
                                <li>
                                    <p class="words-of">{item.reason}</p>
                                    <TextField id label=item.label value=Signal::derive(value) on_input=move |text: String| write(key.clone(), text) required=true/>
                                </li>
                            }.into_any()
                        }
                    }
                }).collect_view()}
            </ol>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || match standing.get() {
                None | Some(Standing::Done { .. } | Standing::Supplied) => ().into_any(),
                Some(Standing::Refused { .. } | Standing::Changed) => view! {
                    <Notice tone=Tone::Bad>{move || entry.get().map(|entry| entry.sentence())}</Notice>
                }.into_any(),
                Some(Standing::Queued | Standing::Paused) => draft.with_untracked(|draft| draft.as_ref().map(|draft| draft.id))
                    .map(|id| view! { <OnItsWay id entry/> }).into_any(),
            }}
            <p class="row">
                {files.then(|| view! { <button type="button" class="button" class:primary=move || !complete.get() disabled=busy on:click=go>{t("Bổ sung tệp")}</button> })}
                <button type="button" class="button" class:primary=move || complete.get() || !files aria-busy=move || busy().to_string() disabled=busy on:click=off>{t("Tôi đã bổ sung xong")}</button>
            </p>
        </section>
    }
}
