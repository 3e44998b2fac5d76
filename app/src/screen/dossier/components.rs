//! Step 2: `Thành phần hồ sơ`.

mod attached;
mod board;
mod filled;
mod from_store;
mod intake;
mod keeping;
mod office;
mod one;
mod photo;
mod photos;
mod sign_all;
mod wanting;

pub use board::sha256;
pub use wanting::{Want, wanting};

use super::{Open, Step};
use crate::api;
use crate::draft::Draft;
use crate::part::toast::Toast;
use crate::text::{n, t};
use board::Board;
use from_store::{FromStore, Store};
use keeping::Keeping;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use office::{Desk, Office};
use one::{Inputs, One, Sources};
use photos::{Photos, Sheet};
use sign_all::SignAll;
use std::sync::Arc;
use wanting::{Wanting, anchor};
use web_sys::{File, FileList};

/// The screen.
#[component]
pub fn Components() -> impl IntoView {
    view! { <Step current=1 heading=n("Thành phần hồ sơ") body=Arc::new(|open| view! { <List open/> }.into_any())/> }
}

/// The files of an input or a drop.
fn files_of(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else {
        return Vec::new();
    };
    (0..files.length())
        .filter_map(|position| files.get(position))
        .collect()
}

#[component]
fn List(open: Open) -> impl IntoView {
    let navigate = use_navigate();
    let board = Board::new(open);
    spawn_local(async move {
        let offer = api::conversion::offer().await.ok();
        let _ = board.offer.try_set(offer);
    });
    let sources = Sources {
        sheet: Sheet::new(board),
        desk: Desk::new(board),
        store: Store::new(board),
        asked: StoredValue::new(None),
    };
    let components = open
        .draft
        .with_untracked(|draft| draft.procedure.components.clone());
    let left = Memo::new(move |_| open.draft.with(wanting));
    // What is missing is said calmly all the time, and loudly when somebody wants to go on.
    let loud = RwSignal::new(false);
    let next = move |_| {
        if left.with_untracked(Vec::is_empty) {
            let (_, on) = open.draft.with_untracked(ways);
            navigate(&on, leptos_router::NavigateOptions::default());
        } else {
            loud.set(true);
            crate::part::focus("missing");
        }
    };
    let (back, _) = open.draft.with_untracked(ways);
    view! {
        <Show when=move || loud.get() && left.with(|left| !left.is_empty())>
            <div class="notice bad" role="alert" id="missing" tabindex="-1">
                <h2>{t("Hồ sơ chưa đủ")}</h2>
                <Left left/>
            </div>
        </Show>
        <p class="hint privacy">
            {t("Tệp chỉ ở trên thiết bị này cho đến khi bạn nộp hồ sơ.")}" "
            {move || if board.offer.get().is_some_and(|offer| offer.offered) {
                t("Nhận PDF, DOC, DOCX và ảnh JPEG, PNG; tối đa 50 MB mỗi tệp.")
            } else {
                t("Nhận PDF và ảnh JPEG, PNG; tối đa 50 MB mỗi tệp.")
            }}
            <span class="drop-hint">" "{t("Có thể kéo thả tệp vào từng thành phần.")}</span>
        </p>
        {components.into_iter().map(|component| view! { <One board sources component/> }).collect_view()}
        <SignAll board/>
        <Show when=move || !loud.get() && left.with(|left| !left.is_empty())>
            <section class="card left-over" aria-labelledby="left-over">
                <h2 id="left-over">{t("Còn thiếu")}</h2>
                <Left left/>
            </section>
        </Show>
        <div class="row between">
            <A href=back attr:class="button">{t("Quay lại")}</A>
            <button type="button" class="button primary" on:click=next>{t("Tiếp tục")}</button>
        </div>
        <p class="visually-hidden" role="status">{move || board.said.get()}</p>
        <Undo board/>
        <Inputs board sources/>
        <Photos sheet=sources.sheet/>
        <Office desk=sources.desk/>
        <FromStore store=sources.store/>
        <Keeping board/>
    }
}

/// The ways back and on: between the other steps, or to the dossier whose supplement request this answers.
fn ways(draft: &Draft) -> (String, String) {
    match &draft.supplement {
        Some(answering) => {
            let dossier = format!("/quan-ly-ho-so/{}", answering.dossier);
            (dossier.clone(), dossier)
        }
        None => {
            let id = draft.id;
            (format!("/ho-so/{id}/thong-tin"), format!("/ho-so/{id}/phi"))
        }
    }
}

/// What is missing, each line a link to its component.
#[component]
fn Left(left: Memo<Vec<Wanting>>) -> impl IntoView {
    view! {
        <ul>
            {move || left.get().into_iter().map(|wanting| {
                let address = format!("#{}", anchor(&wanting.component));
                view! { <li><a href=address rel="external">{wanting.name}</a>": "{wanting.what.sentence()}"."</li> }
            }).collect_view()}
        </ul>
    }
}

/// What was taken away last, for as long as it can be brought back.
#[component]
fn Undo(board: Board) -> impl IntoView {
    let said = Signal::derive(move || {
        let there = board.removed.with(|removed| removed.is_some());
        there.then(|| board.said.get())
    });
    // The bar goes; the focus stays with the component the file belongs to.
    let done = move |act: fn(Board)| {
        let component = board
            .removed
            .with_untracked(|removed| Some(anchor(&removed.as_ref()?.file.component)));
        act(board);
        if let Some(component) = component {
            crate::part::focus(component);
        }
    };
    view! {
        <Toast said heard=true>
            <button type="button" id="undo-removal" on:click=move |_| done(Board::undo)>{t("Hoàn tác")}</button>
            <button type="button" on:click=move |_| done(Board::let_go)>{t("Đóng")}</button>
        </Toast>
    }
}
