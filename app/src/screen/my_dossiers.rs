//! `Quản lý hồ sơ`: what waits for the citizen, drafts on this device, and what was submitted.

mod draft_line;
mod older;
mod submitted_line;

use crate::draft::habit::forget_seen;
use crate::draft::{self, Draft};
use crate::part::empty::Empty;
use crate::part::field::TextField;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::seen::{Old, Seen, kept_at, seen, take, value, when_reached};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::t;
use crate::{api, text};
use contract::dossier::{DossierStatus, DossierSummary};
use contract::fold::fold;
use draft_line::DraftLine;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use older::{Older, OlderButton};
use submitted_line::SubmittedLine;
use uuid::Uuid;

/// With fewer than so many lines nobody has to search.
const SEARCH_FROM: usize = 4;

/// The box that searches.
const SEARCH: &str = "find-mine";

/// Whether the citizen is expected to do something.
const fn is_wanted(status: DossierStatus) -> bool {
    matches!(
        status,
        DossierStatus::SupplementRequested | DossierStatus::PaymentRequested
    )
}

/// The screen.
#[component]
pub fn MyDossiers() -> impl IntoView {
    title(t("Quản lý hồ sơ"));
    let state = session();
    view! {
        <div class="wrap">
            <h1>{t("Quản lý hồ sơ")}</h1>
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <super::dossier::SignInFirst/> }.into_any(),
                Who::Somebody(_) => view! { <Lists/> }.into_any(),
            }}
        </div>
    }
}

/// Copies of dossiers that the server does not have any more, and of their threads, go from the device.
async fn forget_the_gone(account: Uuid, dossiers: &[DossierSummary]) {
    for what in ["dossier/", "thread/"] {
        let stays = |rest: &str| dossiers.iter().any(|line| line.id.to_string() == rest);
        let _ = forget_seen(account, what, stays).await;
    }
}

#[component]
fn Lists() -> impl IntoView {
    let state = session();
    let drafts: RwSignal<Option<Vec<Draft>>> = RwSignal::new(None);
    let found: RwSignal<Option<Result<Seen<Vec<DossierSummary>>, api::ApiError>>> =
        RwSignal::new(None);
    let (kept_at, submitted) = (kept_at(found), value(found));
    let older = Older::new();
    let ask = move || {
        spawn_local(async move {
            let list = seen(state, "dossiers", api::dossiers(None)).await;
            if let (
                Some(account),
                Ok(Seen {
                    value,
                    kept_at: None,
                }),
            ) = (state.account_now(), &list)
                && older.begin(value)
            {
                forget_the_gone(account.id, value).await;
            }
            take(found, list);
        });
    };
    when_reached(state, ask);
    if let Some(account) = state.account_now() {
        spawn_local(async move {
            let list = draft::list(account.id).await.unwrap_or_default();
            let _ = drafts.try_set(Some(list));
        });
    }
    let wanted = RwSignal::new(String::new());
    let many = Memo::new(move |_| {
        let drafts = drafts.with(|list| list.as_ref().map_or(0, Vec::len));
        let sent = submitted.with(|list| match list {
            Some(Ok(list)) => list.len(),
            _ => 0,
        });
        drafts + sent >= SEARCH_FROM
    });
    let fits = move |text: &str| {
        let text = fold(text);
        wanted.with(|wanted| {
            fold(wanted)
                .split_whitespace()
                .all(|word| text.contains(word))
        })
    };
    let shown_drafts = Memo::new(move |_| {
        drafts.with(|list| {
            list.iter()
                .flatten()
                .filter(|draft| {
                    fits(&format!(
                        "{} {}",
                        draft.procedure.summary.name, draft.procedure.summary.code
                    ))
                })
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let sent = move |waits: bool| {
        let behind = older.lines.get();
        submitted.with(|list| match list {
            Some(Ok(list)) => list
                .iter()
                .chain(&behind)
                .filter(|line| is_wanted(line.status) == waits)
                .filter(|line| {
                    fits(&format!(
                        "{} {} {} {}",
                        line.procedure_name,
                        line.code,
                        line.applicant,
                        text::status(line.status)
                    ))
                })
                .cloned()
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    };
    let waiting = Memo::new(move |_| sent(true));
    let others = Memo::new(move |_| sent(false));
    let searching = Memo::new(move |_| wanted.with(|wanted| !wanted.trim().is_empty()));
    let nothing_found = Memo::new(move |_| {
        searching.get()
            && shown_drafts.with(Vec::is_empty)
            && waiting.with(Vec::is_empty)
            && others.with(Vec::is_empty)
    });
    let gone = move |id: Uuid| {
        let _ = drafts.try_update(|list| {
            if let Some(list) = list {
                list.retain(|draft| draft.id != id);
            }
        });
    };
    let lines = |list: Vec<DossierSummary>| {
        list.into_iter()
            .map(|line| view! { <SubmittedLine line/> })
            .collect_view()
    };
    view! {
        <Old kept_at/>
        <Show when=move || many.get()>
            <div class="find-mine" role="search">
                <TextField id=SEARCH label=t("Tìm trong hồ sơ của bạn") kind="search" hint=t("Tên thủ tục, mã hồ sơ hoặc trạng thái; không cần dấu.") value=wanted on_input=move |text: String| wanted.set(text)/>
            </div>
        </Show>
        <p class="visually-hidden" role="status">{move || nothing_found.get().then(|| t("Không có hồ sơ nào khớp."))}</p>
        <Show when=move || nothing_found.get()>
            <Empty shape=Shape::Glass title=t("Không có hồ sơ nào khớp.")>
                <button type="button" class="button" on:click=move |_| wanted.set(String::new())>{t("Xem tất cả")}</button>
            </Empty>
        </Show>
        <Show when=move || !waiting.with(Vec::is_empty)>
            <section>
                <h2>{t("Cần bạn bổ sung")}</h2>
                <ul class="mine">{move || lines(waiting.get())}</ul>
            </section>
        </Show>
        <Show when=move || !shown_drafts.with(Vec::is_empty)>
            <section>
                <h2>{t("Bản nháp trên thiết bị này")}</h2>
                <ul class="mine">
                    <For each=move || shown_drafts.get() key=|draft| draft.id children=move |draft| view! { <DraftLine draft gone/> }/>
                </ul>
            </section>
        </Show>
        {move || match submitted.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! {
                <section>
                    <h2>{t("Hồ sơ đã nộp")}</h2>
                    <Notice tone=Tone::Bad>{text::api(&error)}</Notice>
                    <p><button type="button" class="button" on:click=move |_| { found.set(None); ask(); }>{t("Thử lại")}</button></p>
                </section>
            }.into_any(),
            Some(Ok(list)) if list.is_empty() => view! {
                <section>
                    <h2>{t("Hồ sơ đã nộp")}</h2>
                    <Empty shape=Shape::Paper title=t("Bạn chưa nộp hồ sơ nào.")>
                        <p>{t("Chọn thủ tục bạn cần, điền thông tin, ký số và nộp ngay trên trang này.")}</p>
                        <p><A href="/thu-tuc" attr:class="button primary">{t("Chọn thủ tục")}</A></p>
                    </Empty>
                </section>
            }.into_any(),
            Some(Ok(_)) => view! {
                <Show when=move || !others.with(Vec::is_empty)>
                    <section>
                        <h2>{t("Hồ sơ đã nộp")}</h2>
                        <ul class="mine">{move || lines(others.get())}</ul>
                    </section>
                </Show>
                <OlderButton older searching/>
            }.into_any(),
        }}
    }
}
