//! Searching: from the page that is looked at onward, bit by bit, so that the first hit comes at once even in a long document.

use super::viewing::Viewing;
use super::{Target, icon, pause};
use crate::engine;
use crate::text::{fill, t};
use contract::text::Hit;
use contract::worker::{Answer, Ask};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation as spawn;

/// Pages that are searched first, and at a time afterwards.
const PAGES: (u32, u32) = (4, 25);
/// Hits after which the search stops.
const MOST: usize = 5_000;

/// What is searched for, and what was found.
#[derive(Clone, Copy)]
pub struct Find {
    /// Whether the bar is open.
    pub open: RwSignal<bool>,
    /// What is searched for.
    pub query: RwSignal<String>,
    /// What was found, page by page.
    pub hits: RwSignal<Vec<Hit>>,
    /// The hit that is looked at: its page, and its place among the hits of that page.
    pub at: RwSignal<Option<(u32, usize)>>,
    /// Pages with letters nobody can read.
    pub unsure: RwSignal<Vec<u32>>,
    /// Pages that were searched, while it goes on.
    pub going: RwSignal<Option<u32>>,
    pub(super) field: NodeRef<html::Input>,
}

impl Find {
    /// Nothing searched for.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            query: RwSignal::new(String::new()),
            hits: RwSignal::new(Vec::new()),
            at: RwSignal::new(None),
            unsure: RwSignal::new(Vec::new()),
            going: RwSignal::new(None),
            field: NodeRef::new(),
        }
    }

    fn clear(self) {
        self.hits.set(Vec::new());
        self.at.set(None);
        self.unsure.set(Vec::new());
        self.going.set(None);
    }

    /// The number of the hit that is looked at, from 0.
    fn number(self) -> Option<usize> {
        let (page, place) = self.at.get()?;
        Some(
            self.hits
                .with(|hits| hits.partition_point(|hit| hit.page < page))
                + place,
        )
    }

    /// Goes to the next or the previous hit, round the end.
    pub fn step(self, viewing: Viewing, onward: bool) {
        let count = self.hits.with_untracked(Vec::len);
        let Some(now) = untrack(move || self.number()).filter(|_| count > 0) else {
            return;
        };
        let next = if onward {
            (now + 1) % count
        } else {
            (now + count - 1) % count
        };
        self.look_at(viewing, next);
    }

    fn look_at(self, viewing: Viewing, number: usize) {
        let found = self.hits.with_untracked(|hits| {
            let hit = hits.get(number)?;
            let first = hits.partition_point(|other| other.page < hit.page);
            let y = hit.quads.first().map_or(0.0, |quad| quad[3].y);
            Some((hit.page, number - first, y))
        });
        if let Some((page, place, y)) = found {
            self.at.set(Some((page, place)));
            if !viewing.is_seen(page, y) {
                viewing.show(Target { page, y });
            }
        }
    }

    /// Opens the bar and puts the cursor into it.
    pub fn begin(self) {
        if self.open.get_untracked()
            && let Some(field) = self.field.get_untracked()
        {
            let _ = field.focus();
            field.select();
        }
        self.open.set(true);
    }

    /// Closes the bar; the pages have the focus again.
    pub fn end(self, viewing: Viewing) {
        self.open.set(false);
        if let Some(frame) = viewing.frame.get_untracked() {
            let _ = frame.focus();
        }
    }
}

/// Searches whenever the query changes; an older search is given up.
pub fn follow(viewing: Viewing) {
    let find = viewing.find;
    // As soon as the field is there it takes what is typed: no letter is lost.
    Effect::new(move |_| {
        if let Some(field) = find.field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    Effect::new(move |_| {
        let (open, query) = (find.open.get(), find.query.get());
        untrack(move || find.clear());
        if open && !query.trim().is_empty() {
            find.going.set(Some(0));
            spawn(search(viewing, query));
        }
    });
}

async fn search(viewing: Viewing, query: String) {
    let find = viewing.find;
    pause(180).await;
    let (start, count) = (viewing.current.get_untracked(), viewing.count());
    let (mut first, mut done) = (start, 0);
    while done < count {
        let end = if first < start { start } else { count };
        let pages = if done == 0 { PAGES.0 } else { PAGES.1 }.min(end - first);
        let ask = Ask::Find {
            document: viewing.document,
            query: query.clone(),
            first,
            count: pages,
        };
        if let Ok((Answer::Found { hits, unsure }, _)) = engine::ask(ask, Vec::new()).await {
            let fresh = !hits.is_empty() && find.at.with_untracked(Option::is_none);
            let place = find
                .hits
                .with_untracked(|all| all.partition_point(|hit| hit.page < first));
            if !hits.is_empty() {
                find.hits.update(|all| {
                    all.splice(place..place, hits);
                });
            }
            if !unsure.is_empty() {
                find.unsure.update(|all| all.extend(unsure));
            }
            if fresh {
                find.look_at(viewing, place);
            }
        }
        done += pages;
        first = if first + pages >= count {
            0
        } else {
            first + pages
        };
        find.going.set(Some(done));
        if find.hits.with_untracked(Vec::len) > MOST {
            break;
        }
    }
    find.going.set(None);
}

/// What is told aloud, once it is known.
fn told(find: Find) -> String {
    if find.query.with(|query| query.trim().is_empty()) || find.going.with(Option::is_some) {
        return String::new();
    }
    let count = find.hits.with(Vec::len);
    match (find.number(), find.at.get()) {
        (Some(number), Some((page, _))) => fill(
            "Chỗ {} trên {}, trang {}",
            &[&(number + 1), &count, &(page + 1)],
        ),
        _ => t("Không tìm thấy.").to_owned(),
    }
}

/// The pages that could not be read wholly, in words.
fn doubt(pages: &[u32]) -> String {
    let mut pages = pages.to_vec();
    pages.sort_unstable();
    let named: Vec<String> = pages
        .iter()
        .take(6)
        .map(|page| (page + 1).to_string())
        .collect();
    let more = if pages.len() > 6 { " …" } else { "" };
    fill(
        "Trang {}{} có phông chữ cũ không đọc được hết, nên có thể còn chỗ chưa tìm thấy.",
        &[&named.join(", "), &more],
    )
}

/// The bar.
pub fn bar(viewing: Viewing) -> AnyView {
    let find = viewing.find;
    let key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            find.step(viewing, !event.shift_key());
        }
    };
    let count = move || {
        let (count, going) = (find.hits.with(Vec::len), find.going.get());
        let more = if going.is_some() { "…" } else { "" };
        if find.query.with(|query| query.trim().is_empty()) {
            String::new()
        } else if let Some(number) = find.number() {
            (number + 1).to_string() + "/" + &count.to_string() + more
        } else if let Some(done) = going {
            fill("Đã tìm {}/{} trang", &[&done, &viewing.count()])
        } else {
            t("Không tìm thấy").to_owned()
        }
    };
    view! {
        <Show when=move || find.open.get()>
            <div class="finder" role="search" aria-label=t("Tìm trong tài liệu")>
                <input
                    node_ref=find.field
                    type="search"
                    aria-label=t("Tìm trong tài liệu")
                    placeholder=t("Tìm, không cần gõ dấu")
                    autocomplete="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    prop:value=move || find.query.get()
                    on:input=move |event| find.query.set(event_target_value(&event))
                    on:keydown=key
                />
                <span class="count" aria-hidden="true">{count}</span>
                <button type="button" aria-label=t("Chỗ trước") title=t("Chỗ trước (Shift+F3)") on:click=move |_| find.step(viewing, false)>{icon("M6 15l6-6 6 6")}</button>
                <button type="button" aria-label=t("Chỗ sau") title=t("Chỗ sau (F3)") on:click=move |_| find.step(viewing, true)>{icon("M6 9l6 6 6-6")}</button>
                <button type="button" aria-label=t("Đóng tìm kiếm") title=t("Đóng (Esc)") on:click=move |_| find.end(viewing)>{icon("M6 6l12 12M18 6L6 18")}</button>
                <span class="visually-hidden" role="status">{move || told(find)}</span>
                <Show when=move || find.unsure.with(|pages| !pages.is_empty())>
                    <p class="doubt">{move || find.unsure.with(|pages| doubt(pages))}</p>
                </Show>
            </div>
        </Show>
    }
    .into_any()
}
