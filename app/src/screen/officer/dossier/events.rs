//! `Lịch sử`: everything that happened to a dossier in one list, whoever did it, with a filter by kind.

use super::checks::Checks;
use crate::part::notice::{Loading, Notice, Tone};
use crate::text::desk::done;
use crate::text::history::told;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::history::{DossierSignings, words};
use contract::message::{Author, Thread};
use contract::value::Timestamp;
use contract::work::Work;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    Work,
    Signing,
    Talk,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::Status, n("Trạng thái")),
    (Kind::Work, n("Xử lý")),
    (Kind::Signing, n("Ký số")),
    (Kind::Talk, n("Trao đổi")),
];

/// One line.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    at: Timestamp,
    kind: Kind,
    title: String,
    actor: String,
    note: String,
}

/// What is not part of the dossier itself.
type More = (Result<Work, api::ApiError>, Result<Thread, api::ApiError>);

/// The tab.
#[component]
pub fn Everything(dossier: Dossier, checks: Checks) -> impl IntoView {
    let id = dossier.summary.id;
    let more: RwSignal<Option<More>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        let work = api::desk::work(id).await;
        let thread = api::after::thread(true, id).await;
        let _ = more.try_set(Some((work, thread)));
    });
    let only: RwSignal<Option<Kind>> = RwSignal::new(None);
    let dossier = StoredValue::new(dossier);
    view! {
        <section aria-labelledby="everything">
            <h2 id="everything">{t("Lịch sử hồ sơ")}</h2>
            <div class="row kinds" role="group" aria-label=t("Lọc lịch sử theo loại")>
                <button type="button" class="button" aria-pressed=move || only.get().is_none().to_string() on:click=move |_| only.set(None)>{t("Tất cả")}</button>
                {KINDS.into_iter().map(|(kind, label)| view! {
                    <button type="button" class="button" aria-pressed=move || (only.get() == Some(kind)).to_string() on:click=move |_| only.set(Some(kind))>{t(label)}</button>
                }).collect_view()}
            </div>
            {move || {
                let Some((work, thread)) = more.get() else {
                    return view! { <Loading/> }.into_any();
                };
                let mut troubles = Vec::new();
                let mut lines = dossier.with_value(of_dossier);
                match work {
                    Ok(work) => lines.extend(of_work(work)),
                    Err(error) => troubles.push(text::api(&error)),
                }
                match thread {
                    Ok(thread) => lines.extend(of_thread(thread)),
                    Err(error) => troubles.push(text::api(&error)),
                }
                match checks.recorded.get() {
                    Some(Ok(signings)) => lines.extend(of_signings(&signings)),
                    Some(Err(error)) => troubles.push(text::api(&error)),
                    None => {}
                }
                lines.sort_by_key(|line| std::cmp::Reverse(line.at));
                let wanted = only.get();
                let lines: Vec<Line> = lines.into_iter().filter(|line| wanted.is_none_or(|kind| kind == line.kind)).collect();
                let empty = lines.is_empty();
                view! {
                    {troubles.into_iter().map(|sentence| view! { <Notice tone=Tone::Attention>{sentence}</Notice> }).collect_view()}
                    {empty.then(|| view! { <p class="empty">{t("Chưa có gì thuộc loại này.")}</p> })}
                    <ol class="timeline">{lines.into_iter().map(shown).collect_view()}</ol>
                }.into_any()
            }}
        </section>
    }
}

fn shown(line: Line) -> AnyView {
    let kind = KINDS.into_iter().find(|(kind, _)| *kind == line.kind);
    let label = kind.map_or("", |(_, label)| t(label));
    let actor = (!line.actor.is_empty()).then(|| format!(" · {}", line.actor));
    view! {
        <li>
            <strong>{line.title}</strong>
            <span>{format::moment_exact(line.at)}{actor}" "<span class="chip">{label}</span></span>
            {(!line.note.is_empty()).then_some(view! { <p class="words-of">{line.note}</p> })}
        </li>
    }
    .into_any()
}

fn of_dossier(dossier: &Dossier) -> Vec<Line> {
    let supplied = dossier.after.supplied();
    dossier
        .events
        .iter()
        .map(|event| Line {
            at: event.at,
            kind: Kind::Status,
            title: if supplied.contains(&event.at) {
                t("Công dân đã bổ sung hồ sơ").to_owned()
            } else {
                text::status(event.status).to_owned()
            },
            actor: event.actor.clone(),
            note: event.note.clone(),
        })
        .collect()
}

fn of_work(work: Work) -> impl Iterator<Item = Line> {
    work.entries.into_iter().map(|entry| {
        let mut note = Vec::new();
        if !entry.step.is_empty() {
            note.push(fill("Bước: {}", &[&entry.step]));
        }
        if !entry.to.is_empty() {
            note.push(fill("Giao cho: {}", &[&entry.to]));
        }
        if !entry.note.is_empty() {
            note.push(entry.note);
        }
        Line {
            at: entry.at,
            kind: Kind::Work,
            title: t(done(entry.act)).to_owned(),
            actor: entry.actor,
            note: note.join(" · "),
        }
    })
}

/// Automatic notices stand among the states already.
fn of_thread(thread: Thread) -> impl Iterator<Item = Line> {
    let written = thread
        .messages
        .into_iter()
        .filter(|message| message.author != Author::Portal);
    written.map(|message| Line {
        at: message.at,
        kind: Kind::Talk,
        title: match message.author {
            Author::Citizen => t("Công dân nhắn tin"),
            Author::Officer | Author::Portal => t("Cán bộ nhắn tin"),
        }
        .to_owned(),
        actor: message.name,
        note: message.body,
    })
}

/// A transaction of several files stands here once.
fn of_signings(signings: &DossierSignings) -> Vec<Line> {
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for file in &signings.files {
        for signing in &file.signings {
            if !seen.insert(signing.id) {
                continue;
            }
            for event in &signing.events {
                let files = match signing.files {
                    1 => file.file_name.to_string(),
                    more => fill("{} tệp", &[&more]),
                };
                lines.push(Line {
                    at: event.at,
                    kind: Kind::Signing,
                    title: told(words::event(event.what)),
                    actor: event.actor.clone(),
                    note: format!("{} · {files}", signing.provider_name),
                });
            }
        }
    }
    lines
}
