//! Who asked what, what is open, and what to do when a worker dies.

use super::link::{Answered, File, Link, Word};
use super::patience::{self, Deed, memory_bound, verdict};
use super::timer::Timer;
use super::{Asked, Parcels, STATE};
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use futures_channel::oneshot::Sender;
use js_sys::ArrayBuffer;
use std::collections::BTreeMap;

/// So many workers that die one after the other without a single answer are enough.
const DEATHS_MAX: u8 = 3;

/// An ask that waits for its answer.
struct Waiting {
    ask: Ask,
    files: Vec<File>,
    /// Nobody, when it was taken back or when a document is opened again.
    asker: Option<Sender<Asked>>,
    /// Opens a document again.
    again: bool,
    /// Its document was opened again for it already.
    renewed: bool,
    /// Workers that died of it.
    deaths: u8,
}

/// A document that the page has open, whichever worker lives.
struct Kept {
    file: ArrayBuffer,
    password: Option<String>,
    /// Whether the present worker has it open, or is told to.
    standing: bool,
    /// Number of the ask that used it last.
    used: u32,
}

/// How a worker died.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Death {
    /// It trapped, or ran out of memory.
    Crash,
    /// It did not come to an end.
    Hang,
}

#[derive(Default)]
pub(super) struct State {
    link: Option<Link>,
    ready: bool,
    last: u32,
    waiting: BTreeMap<u32, Waiting>,
    documents: BTreeMap<DocumentId, Kept>,
    /// What the worker works on.
    at_work: Option<u32>,
    deaths: BTreeMap<Deed, u8>,
    deaths_in_a_row: u8,
    watch: Option<Timer>,
    rest: Option<Timer>,
    /// Memory of a worker that just opened what is needed.
    least_memory: f64,
}

impl State {
    /// Asks; the ask's number, or nothing when `asker` has the answer already.
    pub(super) fn ask(
        &mut self,
        ask: Ask,
        files: Vec<Vec<u8>>,
        asker: Sender<Asked>,
    ) -> Option<u32> {
        let deed = Deed::of(&ask);
        if deed.is_some_and(|deed| self.deaths.get(&deed).is_some_and(|deaths| *deaths > 1)) {
            let _ = asker.send(Err(verdict(&ask)));
            return None;
        }
        if let Ask::Open { document, .. } | Ask::Close { document } = ask {
            self.deaths.retain(|deed, _| deed.document != document);
        }
        if let Ask::Close { document } = ask {
            let kept = self.documents.remove(&document);
            let coming = self.waiting.values().any(|waiting| {
                matches!(waiting.ask, Ask::Open { document: other, .. } if other == document)
            });
            if self.link.is_none() || !(coming || kept.is_some_and(|kept| kept.standing)) {
                let _ = asker.send(Ok((Answer::Closed, Parcels::default())));
                return None;
            }
        }
        self.rest = None;
        let id = self.number();
        if let Some(kept) = ask
            .document()
            .and_then(|document| self.documents.get_mut(&document))
        {
            kept.used = id;
        }
        let waiting = Waiting {
            ask,
            files: files.into_iter().map(File::Own).collect(),
            asker: Some(asker),
            again: false,
            renewed: false,
            deaths: 0,
        };
        self.waiting.insert(id, waiting);
        if self.link.is_none() {
            self.start();
        }
        self.post(id);
        self.listen();
        Some(id)
    }

    /// Nobody waits for this answer any more.
    pub(super) fn take_back(&mut self, id: u32) {
        let Some(waiting) = self.waiting.get_mut(&id) else {
            return;
        };
        waiting.asker = None;
        if let Some(link) = &self.link {
            link.cancel(id);
        }
    }

    const fn number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.last
    }

    fn start(&mut self) {
        self.ready = false;
        self.link = Link::start(
            |word| STATE.with_borrow_mut(|state| state.hear(word)),
            || STATE.with_borrow_mut(|state| state.died(Death::Crash)),
        );
        self.watch(patience::START);
        if self.link.is_none() {
            self.unavailable();
        }
    }

    /// Sends an ask, its document first when this worker does not have it.
    fn post(&mut self, id: u32) {
        let Some(waiting) = self.waiting.get(&id) else {
            return;
        };
        if let Some(document) = waiting.ask.document()
            && !matches!(waiting.ask, Ask::Open { .. } | Ask::Close { .. })
        {
            self.open_again(document);
        }
        let (Some(waiting), Some(link)) = (self.waiting.get(&id), &self.link) else {
            return;
        };
        if !link.ask(id, &waiting.ask, &waiting.files) {
            self.answer(id, Err(WorkerProblem::Crashed));
        }
    }

    fn open_again(&mut self, document: DocumentId) {
        let Some(kept) = self.documents.get_mut(&document) else {
            return;
        };
        if std::mem::replace(&mut kept.standing, true) {
            return;
        }
        let ask = Ask::Open {
            document,
            password: kept.password.clone(),
        };
        let files = vec![File::Kept(kept.file.clone())];
        let id = self.number();
        let waiting = Waiting {
            ask,
            files,
            asker: None,
            again: true,
            renewed: false,
            deaths: 0,
        };
        self.waiting.insert(id, waiting);
        self.post(id);
    }

    fn hear(&mut self, word: Word) {
        match word {
            Word::Ready => {
                self.ready = true;
                self.watch = None;
                self.listen();
            }
            Word::Failed => self.unavailable(),
            Word::Begun(id) => {
                self.at_work = Some(id);
                let limit = self.waiting.get(&id).map_or(patience::SILENCE, |waiting| {
                    let own = waiting.files.iter().map(File::length).sum::<usize>();
                    let kept = waiting
                        .ask
                        .document()
                        .and_then(|document| self.documents.get(&document))
                        .map_or(0, |kept| kept.file.byte_length());
                    let kept = usize::try_from(kept).unwrap_or(usize::MAX);
                    patience::patience(&waiting.ask, own.saturating_add(kept))
                });
                self.watch(limit);
            }
            Word::Fetching(id) => {
                self.at_work = Some(id);
                self.watch(patience::NETWORK);
            }
            Word::Answer(answered) => self.answered(&answered),
        }
    }

    /// While somebody waits, the worker has to say something: it may be gone without a word.
    fn listen(&mut self) {
        if self.watch.is_none() && !self.waiting.is_empty() {
            self.watch(patience::SILENCE);
        }
    }

    /// Ends the worker when it says nothing for so long.
    fn watch(&mut self, milliseconds: u32) {
        self.watch = Timer::start(milliseconds, || {
            STATE.with_borrow_mut(|state| {
                state.watch = Timer::start(patience::GRACE, || {
                    STATE.with_borrow_mut(|state| state.died(Death::Hang));
                });
            });
        });
    }

    fn answered(&mut self, answered: &Answered) {
        let id = answered.id;
        self.deaths_in_a_row = 0;
        if self.at_work == Some(id) {
            self.at_work = None;
            self.watch = None;
        }
        let Some(waiting) = self.waiting.get_mut(&id) else {
            return;
        };
        match (&answered.body, &waiting.ask) {
            (Ok(Answer::Opened { .. }), Ask::Open { .. }) if waiting.again => {
                self.least_memory = answered.memory;
                self.waiting.remove(&id);
            }
            (_, Ask::Open { document, .. }) if waiting.again => {
                let document = *document;
                self.waiting.remove(&id);
                self.documents.remove(&document);
            }
            (Ok(Answer::Opened { .. }), Ask::Open { document, password }) => {
                let (document, password) = (*document, password.clone());
                let closed = self.waiting.range(id..).any(|(_, later)| {
                    matches!(later.ask, Ask::Close { document: other } if other == document)
                });
                if let (Some(file), false) = (answered.file(), closed) {
                    let kept = Kept {
                        file,
                        password,
                        standing: true,
                        used: id,
                    };
                    self.documents.insert(document, kept);
                }
                self.answer_with(answered, Parcels::default());
            }
            // The worker closed it to make room.
            (Err(WorkerProblem::NotOpen), ask) if !waiting.renewed => {
                let kept = ask
                    .document()
                    .and_then(|document| self.documents.get_mut(&document));
                if let Some(kept) = kept {
                    kept.standing = false;
                    waiting.renewed = true;
                    self.post(id);
                } else {
                    self.answer_with(answered, Parcels::default());
                }
            }
            _ => self.answer_with(answered, answered.parcels()),
        }
        self.listen();
        self.rest_if_swollen(answered.memory);
    }

    fn answer_with(&mut self, answered: &Answered, parcels: Parcels) {
        let asked = answered.body.clone().map(|answer| (answer, parcels));
        self.answer(answered.id, asked);
    }

    fn answer(&mut self, id: u32, asked: Asked) {
        if let Some(asker) = self.waiting.remove(&id).and_then(|waiting| waiting.asker) {
            let _ = asker.send(asked);
        }
    }

    /// A worker with much memory and nothing to do is replaced before anybody misses it.
    fn rest_if_swollen(&mut self, memory: f64) {
        let bound = memory_bound().max(2.0 * self.least_memory);
        if memory < bound || !self.waiting.is_empty() {
            return;
        }
        self.rest = Timer::start(patience::REST, || {
            STATE.with_borrow_mut(|state| {
                if state.waiting.is_empty() {
                    state.begin_anew();
                }
            });
        });
    }

    fn died(&mut self, death: Death) {
        if !self.ready {
            return self.unavailable();
        }
        self.deaths_in_a_row = self.deaths_in_a_row.saturating_add(1);
        if let Some(guilty) = self.at_work {
            self.judge(guilty, death);
        } else {
            self.suspect();
        }
        if self.deaths_in_a_row >= DEATHS_MAX {
            for id in self.waiting.keys().copied().collect::<Vec<_>>() {
                self.answer(id, Err(WorkerProblem::Crashed));
            }
        }
        self.begin_anew();
    }

    /// The ask that a worker died of: once more after a crash, because a fresh worker has more memory; never a third time.
    fn judge(&mut self, id: u32, death: Death) {
        let Some(waiting) = self.waiting.get_mut(&id) else {
            return;
        };
        waiting.deaths += 1;
        if let Some(deed) = Deed::of(&waiting.ask) {
            let deaths = self.deaths.entry(deed).or_default();
            *deaths = deaths.saturating_add(1);
        }
        if death == Death::Crash && waiting.deaths < 2 && !waiting.again {
            return;
        }
        if let (true, Some(lost)) = (waiting.again, waiting.ask.document()) {
            self.documents.remove(&lost);
        }
        let problem = verdict(&waiting.ask);
        self.answer(id, Err(problem));
    }

    /// Nobody knows which ask it was: one that saw several workers die is not given to another.
    fn suspect(&mut self) {
        for waiting in self.waiting.values_mut() {
            waiting.deaths += 1;
        }
        let suspects: Vec<_> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.deaths >= DEATHS_MAX)
            .map(|(id, _)| *id)
            .collect();
        for id in suspects {
            self.answer(id, Err(WorkerProblem::Crashed));
        }
    }

    /// A fresh worker, with everything that somebody still waits for.
    fn begin_anew(&mut self) {
        self.forget_worker();
        self.waiting.retain(|_, waiting| waiting.asker.is_some());
        if self.waiting.is_empty() && self.documents.is_empty() {
            return;
        }
        self.start();
        for id in self.waiting.keys().copied().collect::<Vec<_>>() {
            self.post(id);
        }
        // What is looked at is opened before somebody scrolls on.
        let latest = self.documents.iter().max_by_key(|(_, kept)| kept.used);
        if let Some(latest) = latest.map(|(document, _)| *document) {
            self.open_again(latest);
        }
    }

    fn forget_worker(&mut self) {
        self.link = None;
        self.ready = false;
        self.at_work = None;
        self.watch = None;
        self.rest = None;
        for kept in self.documents.values_mut() {
            kept.standing = false;
        }
    }

    /// The engine cannot be loaded: everybody is told, the next ask tries again.
    fn unavailable(&mut self) {
        self.forget_worker();
        for id in self.waiting.keys().copied().collect::<Vec<_>>() {
            self.answer(id, Err(WorkerProblem::Unavailable));
        }
    }
}
