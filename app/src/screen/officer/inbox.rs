//! The officers' inbox: what is on the desk, narrowed, sorted, searched; acts on many; all of it by keyboard too.

mod bulk;
mod column;
mod desk;
mod filters;
mod handover;
mod keys;
mod lines;
mod saved;

use crate::part::notice::{Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{n, t};
use bulk::Bulk;
pub use column::storage;
use contract::dossier::DossierStatus;
use contract::inbox::{Count, Deadline, Shelf};
use contract::right::works_on_dossiers;
use desk::Desk;
pub use desk::neighbour;
use filters::Filters;
use keys::Keys;
use leptos::prelude::*;
use lines::Lines;
use saved::Saved;

/// The desk's parts in the order in which they are worked on.
const SHELVES: [(Shelf, &str); 11] = [
    (Shelf::Open, n("Đang mở")),
    (Shelf::Only(DossierStatus::New), n("Chờ tiếp nhận")),
    (Shelf::Only(DossierStatus::Received), n("Đã tiếp nhận")),
    (Shelf::Only(DossierStatus::Processing), n("Đang xử lý")),
    (
        Shelf::Only(DossierStatus::SupplementRequested),
        n("Chờ bổ sung"),
    ),
    (Shelf::Only(DossierStatus::Done), n("Chờ trả kết quả")),
    (Shelf::Only(DossierStatus::Returned), n("Đã trả kết quả")),
    (
        Shelf::Only(DossierStatus::Refused),
        n("Không được tiếp nhận"),
    ),
    (
        Shelf::Only(DossierStatus::Withdrawn),
        n("Công dân yêu cầu rút"),
    ),
    (Shelf::Only(DossierStatus::Stopped), n("Dừng xử lý")),
    (Shelf::All, n("Tất cả")),
];

/// What a deadline is called.
pub fn deadline(class: Deadline) -> &'static str {
    t(match class {
        Deadline::Late => n("Trễ hẹn"),
        Deadline::Today => n("Đến hạn hôm nay"),
        Deadline::Soon => n("Sắp đến hạn"),
    })
}

/// Class of its mark.
pub const fn mark(class: Deadline) -> &'static str {
    match class {
        Deadline::Late => "late",
        Deadline::Today => "today",
        Deadline::Soon => "soon",
    }
}

/// `7`, or `1.000+` where it is not counted further.
fn shown(count: Count) -> String {
    let number = if count.number >= 1000 {
        "1.000".to_owned()
    } else {
        count.number.to_string()
    };
    if count.more {
        format!("{number}+")
    } else {
        number
    }
}

/// The screen.
#[component]
pub fn Inbox() -> impl IntoView {
    title(t("Hộp hồ sơ"));
    let state = session();
    view! {
        <div class="wrap wide desk">
            {move || match state.who.get() {
                Who::Nobody => view! { <h1>{t("Hộp hồ sơ")}</h1><crate::screen::dossier::SignInFirst/> }.into_any(),
                Who::Asking => view! { <h1>{t("Hộp hồ sơ")}</h1> }.into_any(),
                Who::Somebody(_) if !state.is_officer() => view! {
                    <h1>{t("Hộp hồ sơ")}</h1><Notice tone=Tone::Bad>{t("Trang này dành cho cán bộ.")}</Notice>
                }.into_any(),
                Who::Somebody(account) if !works_on_dossiers(&account.grants) => view! { <NoDossiers account/> }.into_any(),
                Who::Somebody(account) => view! { <Work desk=Desk::open(&account)/> }.into_any(),
            }}
        </div>
    }
}

/// For officers whose duties are about no dossiers, or who have none yet: an empty list would tell them nothing.
#[component]
fn NoDossiers(account: contract::session::Account) -> impl IntoView {
    let home = contract::right::home(&account.grants);
    view! {
        <h1>{t("Hộp hồ sơ")}</h1>
        {if home == "/can-bo" {
            view! { <Notice tone=Tone::Attention>{t("Tài khoản của bạn chưa được giao quyền nào. Hãy liên hệ người quản trị của cổng để được giao quyền.")}</Notice> }.into_any()
        } else {
            view! {
                <Notice tone=Tone::Info>{t("Nhiệm vụ của bạn không xử lý hồ sơ.")}</Notice>
                <p class="row"><leptos_router::components::A href=home attr:class="button primary">{t("Đến trang của bạn")}</leptos_router::components::A></p>
            }.into_any()
        }}
    }
}

#[component]
fn Work(desk: Desk) -> impl IntoView {
    view! {
        <div class="desk-head">
            <h1>{t("Hộp hồ sơ")}</h1>
            <Keys desk/>
        </div>
        <Deadlines desk/>
        <Shelves desk/>
        <Filters desk/>
        <Saved desk/>
        <Lines desk/>
        <Bulk desk/>
    }
}

/// What is late or will be: the first thing to look at in the morning.
#[component]
fn Deadlines(desk: Desk) -> impl IntoView {
    let count = move |class: Deadline| {
        desk.counts.with(|counts| {
            counts
                .as_ref()?
                .deadlines
                .iter()
                .find(|(is, _)| *is == class)
                .map(|(_, count)| *count)
        })
    };
    let is = move |class: Deadline| desk.filter.with(|filter| filter.deadline == Some(class));
    view! {
        <div class="deadlines" role="group" aria-label=t("Lọc theo hạn")>
            {Deadline::ALL.into_iter().map(|class| view! {
                <button type="button" class=format!("deadline {}", mark(class)) aria-pressed=move || is(class).to_string()
                    on:click=move |_| desk.narrow(move |filter| {
                        filter.deadline = if filter.deadline == Some(class) { None } else { Some(class) };
                        if filter.deadline.is_some() && !filter.shelf.is_open() {
                            filter.shelf = Shelf::Open;
                        }
                    })>
                    <strong>{move || count(class).map_or_else(|| "…".to_owned(), shown)}</strong>
                    <span>{deadline(class)}</span>
                </button>
            }).collect_view()}
        </div>
    }
}

#[component]
fn Shelves(desk: Desk) -> impl IntoView {
    let count = move |shelf: Shelf| {
        desk.counts.with(|counts| {
            let counts = counts.as_ref()?;
            match shelf {
                Shelf::Open => Some(counts.open),
                Shelf::Only(status) => counts
                    .states
                    .iter()
                    .find(|(is, _)| *is == status)
                    .map(|(_, count)| *count),
                Shelf::All => None,
            }
        })
    };
    view! {
        <div class="tabs" role="group" aria-label=t("Lọc theo trạng thái")>
            {SHELVES.into_iter().map(|(shelf, label)| view! {
                <button type="button" aria-pressed=move || desk.filter.with(|filter| filter.shelf == shelf).to_string()
                    on:click=move |_| desk.narrow(move |filter| {
                        filter.shelf = shelf;
                        if !shelf.is_open() {
                            filter.deadline = None;
                        }
                    })>
                    {t(label)}
                    {move || count(shelf).map(|count| view! { " "<span class="number">{shown(count)}</span> })}
                </button>
            }).collect_view()}
        </div>
    }
}
