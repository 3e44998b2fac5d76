//! What the inbox shows and asks: the filter, the lines so far, the numbers, what is chosen.

use super::column::{self, Column};
use crate::api;
use crate::session::session;
use contract::inbox::{AskInbox, BULK_MAX, InboxCounts, InboxFilter, InboxLine, PAGE};
use contract::procedure::ProcedureSummary;
use contract::session::Account;
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

/// Questions that follow each other while pages come back short, before the officer is asked whether to go on.
const QUESTIONS: u8 = 12;
/// How long nobody types before a search is asked.
const REST: Duration = Duration::from_millis(220);

thread_local! {
    /// Where the officer was, for coming back from a dossier. In memory only: a search is personal data.
    static LAST: RefCell<Option<(Uuid, InboxFilter, Option<Uuid>)>> = const { RefCell::new(None) };
    /// The lines that were on screen then, in their order.
    static ORDER: RefCell<Vec<Uuid>> = const { RefCell::new(Vec::new()) };
}

/// The dossier before or after one in the list the officer came from; going back leads to that one's line then.
pub fn neighbour(of: Uuid, forward: bool) -> Option<Uuid> {
    let to = ORDER.with_borrow(|order| {
        let here = order.iter().position(|id| *id == of)?;
        let to = if forward {
            here.checked_add(1)?
        } else {
            here.checked_sub(1)?
        };
        order.get(to).copied()
    })?;
    LAST.with_borrow_mut(|last| {
        if let Some((.., at)) = last {
            *at = Some(to);
        }
    });
    Some(to)
}

/// How far down a line was when the list was left, counted from 1.
fn place(line: Uuid) -> usize {
    ORDER
        .with_borrow(|order| order.iter().position(|id| *id == line))
        .map_or(1, |before| before + 1)
}

/// How the list stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Asked, with nothing to show yet.
    Asking,
    /// Here.
    Here,
    /// It could not be asked.
    Failed(api::ApiError),
}

/// The inbox's state, shared by its parts.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Whose.
    pub account: Uuid,
    /// What the list is narrowed to.
    pub filter: RwSignal<InboxFilter>,
    /// Lines so far.
    pub lines: RwSignal<Vec<InboxLine>>,
    /// How it stands.
    pub standing: RwSignal<Standing>,
    /// Something is on its way.
    pub busy: RwSignal<bool>,
    /// Where to go on.
    pub next: RwSignal<Option<String>>,
    /// Numbers beside the filters.
    pub counts: RwSignal<Option<InboxCounts>>,
    /// Dossiers that are chosen.
    pub chosen: RwSignal<BTreeSet<Uuid>>,
    /// The line the keyboard is at.
    pub at: RwSignal<Option<Uuid>>,
    /// Columns that are shown.
    pub columns: RwSignal<Vec<Column>>,
    /// The catalogue, for names of procedures and agencies.
    pub procedures: RwSignal<Vec<ProcedureSummary>>,
    question: StoredValue<u32>,
    /// The officer comes back to a line, which was so far down, counted from 1; 0: they do not.
    returning: StoredValue<usize>,
}

impl Desk {
    /// Opens it where the officer left it.
    pub fn open(account: &Account) -> Self {
        let last =
            LAST.with_borrow(|last| last.clone().filter(|(whose, _, _)| *whose == account.id));
        let (filter, at) = last.map_or_else(Default::default, |(_, filter, at)| (filter, at));
        let desk = Self {
            account: account.id,
            filter: RwSignal::new(filter),
            lines: RwSignal::new(Vec::new()),
            standing: RwSignal::new(Standing::Asking),
            busy: RwSignal::new(false),
            next: RwSignal::new(None),
            counts: RwSignal::new(None),
            chosen: RwSignal::new(BTreeSet::new()),
            at: RwSignal::new(at),
            columns: RwSignal::new(column::kept()),
            procedures: RwSignal::new(Vec::new()),
            question: StoredValue::new(0),
            returning: StoredValue::new(at.map_or(0, place)),
        };
        spawn_local(async move {
            if let Ok(list) = api::procedures().await {
                let _ = desk.procedures.try_set(list);
            }
        });
        desk.again();
        desk
    }

    /// The server's clock.
    pub fn now(self) -> Timestamp {
        session().now()
    }

    /// Changes the filter and asks.
    pub fn narrow(self, change: impl FnOnce(&mut InboxFilter)) {
        self.filter.update(change);
        self.chosen.update(BTreeSet::clear);
        self.at.set(None);
        self.ask();
    }

    /// Changes what is searched for; asked when nobody types for a moment.
    pub fn search(self, text: String) {
        self.filter.update(|filter| filter.search = text);
        self.chosen.update(BTreeSet::clear);
        self.at.set(None);
        let this = self.begin();
        set_timeout(
            move || {
                if self.question.try_get_value() == Some(this) {
                    self.ask();
                }
            },
            REST,
        );
    }

    /// Asks from the beginning, numbers too.
    pub fn again(self) {
        // Asked for after an answer: the screen may be gone by now.
        if self.question.try_get_value().is_none() {
            return;
        }
        spawn_local(async move {
            if let Ok(counts) = api::inbox::counts().await {
                let _ = self.counts.try_set(Some(counts));
            }
        });
        self.ask();
    }

    /// Asks from the beginning.
    pub fn ask(self) {
        self.remember();
        self.fetch(None);
    }

    /// Asks for what follows.
    pub fn more(self) {
        if let (Some(next), false) = (self.next.get_untracked(), self.busy.get_untracked()) {
            self.fetch(Some(next));
        }
    }

    /// Keeps where the officer is.
    pub fn remember(self) {
        let place = (
            self.account,
            self.filter.get_untracked(),
            self.at.get_untracked(),
        );
        LAST.with_borrow_mut(|last| *last = Some(place));
        let order = self.lines.with_untracked(|lines| {
            let ids = lines.iter().map(|line| line.summary.id);
            ids.collect()
        });
        // Before the first answer there is nothing to keep, and the order that was left is still needed.
        if !Vec::is_empty(&order) {
            ORDER.with_borrow_mut(|kept| *kept = order);
        }
    }

    fn begin(self) -> u32 {
        self.question
            .update_value(|question| *question = question.wrapping_add(1));
        self.question.get_value()
    }

    /// Answers may overtake each other: only those to the newest question are shown. Short pages are followed by the next question.
    fn fetch(self, after: Option<String>) {
        let this = self.begin();
        let is_newest = move || self.question.try_get_value() == Some(this);
        let filter = self.filter.get_untracked();
        let fresh = after.is_none();
        self.busy.set(true);
        spawn_local(async move {
            let (mut after, mut fresh, mut found) = (after, fresh, 0);
            let back = self.returning.try_get_value().unwrap_or(0);
            // As many pages as it takes to come back to where the officer was.
            let most = QUESTIONS.max(u8::try_from(back / (PAGE / 2) + 1).unwrap_or(u8::MAX));
            for question in 1..=most {
                let asked = AskInbox {
                    filter: filter.clone(),
                    after: after.clone(),
                };
                let answer = api::inbox::list(&asked).await;
                if !is_newest() {
                    return;
                }
                match answer {
                    Err(error) => {
                        let _ = self.standing.try_set(Standing::Failed(error));
                        break;
                    }
                    Ok(page) => {
                        found += page.lines.len();
                        let begins = std::mem::take(&mut fresh);
                        let enough = found >= (PAGE / 2).max(back);
                        let done = enough || page.next.is_none() || question == most;
                        self.lines.update(|lines| {
                            if begins {
                                lines.clear();
                            }
                            lines.extend(page.lines);
                        });
                        after = page.next;
                        self.next.set(after.clone());
                        if found > 0 || done {
                            self.standing.set(Standing::Here);
                        }
                        if done && back > 0 {
                            self.returning.set_value(0);
                            self.come_back();
                        }
                        if done {
                            break;
                        }
                    }
                }
            }
            let _ = self.busy.try_set(false);
        });
    }

    /// Chooses a line, or leaves it; at most as many as one act takes.
    pub fn choose(self, id: Uuid) {
        self.chosen.update(|chosen| {
            if !chosen.remove(&id) && chosen.len() < BULK_MAX {
                chosen.insert(id);
            }
        });
    }

    /// Chooses all lines that are shown, or none.
    pub fn choose_all(self) {
        let all: BTreeSet<Uuid> = self.lines.with_untracked(|lines| {
            lines
                .iter()
                .take(BULK_MAX)
                .map(|line| line.summary.id)
                .collect()
        });
        self.chosen.update(|chosen| {
            if chosen.len() >= all.len() {
                chosen.clear();
            } else {
                *chosen = all;
            }
        });
    }
}
