//! Opens the files one after the other and asks for a place in each. Only a few stay open in the engine: a dossier may be large.

use super::candidate::candidates;
use super::files::{Files, SigningFile, Stage, is_signable};
use super::waiting_field::first_choice;
use crate::draft;
use crate::draft::habit::{self, Habit};
use crate::engine;
use crate::part::placement::arrangement::Which;
use crate::part::placement::memory::Remembered;
use crate::part::placement::{MarksRule, Placed, Placement, Sheet};
use crate::signing::Trouble;
use contract::geometry::Size;
use contract::worker::{Answer, Ask, DocumentFacts, WorkerProblem};
use futures_channel::oneshot::{self, Sender};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Size of a fresh box, in points: 60 × 21 mm.
const BOX: Size = Size {
    width: 170.0,
    height: 60.0,
};
/// Files that stay open in the engine at the same time.
const OPEN_MAX: usize = 4;

/// Whose files they are, and of which procedure: what is remembered of a place is remembered for these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The account.
    pub owner: Uuid,
    /// The procedure's code.
    pub procedure: String,
}

/// The files and the engine.
#[derive(Clone)]
pub struct Desk {
    /// The files.
    pub files: Files,
    /// The one whose pages can be shown now.
    pub shown: RwSignal<Option<usize>>,
    form: Form,
    open: StoredValue<Vec<usize>>,
    /// Files that are being opened, with those who wait for it.
    opening: StoredValue<BTreeMap<usize, Vec<Sender<()>>>>,
    /// The round of proposals, and the round each file had its own in.
    round: StoredValue<u32>,
    rounds: StoredValue<Vec<u32>>,
    owner: Owner,
}

impl Desk {
    /// Nothing is open yet; what is opened lives as long as the present owner.
    pub fn new(files: Files, form: Form) -> Self {
        let desk = Self {
            files,
            shown: RwSignal::new(None),
            form,
            open: StoredValue::new(Vec::new()),
            opening: StoredValue::new(BTreeMap::new()),
            round: StoredValue::new(0),
            rounds: StoredValue::new(vec![0; files.count()]),
            owner: Owner::current().unwrap_or_default(),
        };
        desk.follow_current();
        desk
    }

    /// Opens the file that is looked at before anything else.
    fn follow_current(&self) {
        let desk = self.clone();
        Effect::new(move |_| {
            let index = desk.files.current.get();
            let desk = desk.clone();
            spawn_local(async move {
                // What went wrong stands in the file's stage.
                let _ = desk.open(index).await;
                if desk.files.current.try_get_untracked() == Some(index) {
                    let _ = desk.shown.try_set(Some(index));
                }
            });
        });
        let files = self.files;
        on_cleanup(move || {
            for file in files.list() {
                let document = file.document;
                spawn_local(async move {
                    let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
                });
            }
        });
    }

    /// Opens a file, unless it is open; what comes out of it stands in its stage. Who comes while it is being opened waits for it.
    ///
    /// # Errors
    /// Why it cannot be opened now; a file that was open before keeps its boxes all the same.
    pub async fn open(&self, index: usize) -> Result<(), Trouble> {
        let Some(file) = self.files.get(index) else {
            return Ok(());
        };
        let turn = self.opening.try_update_value(|opening| {
            let waiting = opening.get_mut(&index)?;
            let (sender, receiver) = oneshot::channel();
            waiting.push(sender);
            Some(receiver)
        });
        match turn {
            None => return Ok(()),
            Some(Some(receiver)) => {
                let _ = receiver.await;
                return Ok(());
            }
            Some(None) => {}
        }
        let known = self.open.try_update_value(|open| {
            let known = open.contains(&index);
            open.retain(|other| *other != index);
            open.push(index);
            known
        });
        if known != Some(false) {
            return Ok(());
        }
        self.opening.update_value(|opening| {
            opening.insert(index, Vec::new());
        });
        let opened = read(&file).await;
        let outcome = opened.as_ref().map(|_| ()).map_err(Trouble::clone);
        if opened.is_err() {
            let _ = self
                .open
                .try_update_value(|open| open.retain(|other| *other != index));
        }
        let opening = file
            .stage
            .try_with_untracked(|stage| matches!(stage, Stage::Opening | Stage::Failed(_)));
        if opening == Some(true) {
            let stage = match opened {
                Ok(facts) => self.stage(&file, facts),
                Err(trouble) => Stage::Failed(trouble),
            };
            let _ = file.stage.try_set(stage);
        }
        // Dropped senders let those go on who waited.
        let _ = self
            .opening
            .try_update_value(|opening| opening.remove(&index));
        self.close_others(index).await;
        outcome
    }

    /// What is known now that it is open.
    fn stage(&self, file: &SigningFile, facts: DocumentFacts) -> Stage {
        let facts = Arc::new(facts);
        if !is_signable(&facts) {
            return Stage::Unsignable { facts };
        }
        let sheet = Sheet {
            document: file.document,
            pages: facts.pages.clone(),
            signatures: facts.signature_boxes.clone(),
            marks: if facts.signatures.is_empty() {
                MarksRule::Allowed
            } else {
                MarksRule::Refused
            },
            fresh: BOX,
        };
        let placement = self.owner.with(|| Placement::new(sheet));
        let kept_field = file.kept.with_value(|kept| kept.as_ref()?.field.clone());
        if let Some(field) = first_choice(&facts, kept_field.as_deref()) {
            file.take_field(field, placement);
            return Stage::Open { facts, placement };
        }
        if let Some(kept) = file.kept.get_value()
            && let Some((page, rect)) = kept.placed
        {
            placement.restore(Placed { page, rect }, &kept.copies);
            placement.show(Which::Signature);
        }
        Stage::Open { facts, placement }
    }

    /// Opens a file again with a password; what comes of it stands in its stage.
    pub async fn unlock(&self, index: usize, password: String) {
        let Some(file) = self.files.get(index) else {
            return;
        };
        let _ = self
            .open
            .try_update_value(|open| open.retain(|other| *other != index));
        let document = file.document;
        let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
        let _ = file.password.try_set_value(Some(password));
        let before = file.stage.try_get_untracked();
        let _ = file.stage.try_set(Stage::Opening);
        if self.open(index).await.is_err() {
            let _ = file.password.try_set_value(None);
        }
        // A password that opens no more than before changes nothing.
        if let (Some(Stage::Unsignable { .. }), Some(Stage::Failed(_))) =
            (before, file.stage.try_get_untracked())
        {
            let _ = self.open(index).await;
        }
    }

    /// Closes what was used longest ago, but never what is looked at.
    async fn close_others(&self, index: usize) {
        loop {
            let current = self.files.current.try_get_untracked();
            let oldest = self.open.try_update_value(|open| {
                let spare = open.len() > OPEN_MAX;
                let oldest = open
                    .iter()
                    .position(|other| *other != index && Some(*other) != current)?;
                spare.then(|| open.remove(oldest))
            });
            let Some(file) = oldest.flatten().and_then(|oldest| self.files.get(oldest)) else {
                return;
            };
            let document = file.document;
            let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
        }
    }

    /// Asks for places whenever the keyword changes, in the file that is looked at first; what the person chose stays.
    pub fn follow_keyword(&self, keyword: Memo<Option<String>>) {
        let desk = self.clone();
        Effect::new(move |_| {
            let Some(keyword) = keyword.get() else { return };
            let desk = desk.clone();
            desk.round.update_value(|round| *round += 1);
            let round = desk.round.get_value();
            spawn_local(async move {
                while let Some(index) = desk.next_to_propose(round) {
                    desk.propose(index, &keyword, round).await;
                }
            });
        });
    }

    fn next_to_propose(&self, round: u32) -> Option<usize> {
        if self.round.try_get_value() != Some(round) {
            return None;
        }
        let current = self.files.current.try_get_untracked()?;
        self.rounds
            .try_update_value(|rounds| {
                let waits = |index: usize| rounds.get(index).is_some_and(|had| *had < round);
                let next = if waits(current) {
                    current
                } else {
                    (0..rounds.len()).find(|index| waits(*index))?
                };
                if let Some(had) = rounds.get_mut(next) {
                    *had = round;
                }
                Some(next)
            })
            .flatten()
    }

    async fn propose(&self, index: usize, keyword: &str, round: u32) {
        let _ = self.open(index).await;
        let Some(file) = self.files.get(index) else {
            return;
        };
        let Some(Stage::Open { facts, placement }) = file.stage.try_get_untracked() else {
            return;
        };
        let place = Habit::Place {
            account: self.form.owner,
            procedure: &self.form.procedure,
            component: &file.attachment.component,
        };
        let last: Option<Remembered> = habit::recall(place).await;
        let ask = Ask::Propose {
            document: file.document,
            keyword: keyword.to_owned(),
            size: BOX,
            taken: Vec::new(),
        };
        let answer = engine::ask(ask, Vec::new()).await;
        // The screen may be gone, or the keyword another.
        if self.round.try_get_value() != Some(round) {
            return;
        }
        if let Ok((Answer::Proposed { proposal }, _)) = answer {
            let all = candidates(&proposal, keyword, last.as_ref(), &facts.pages);
            placement.places.set(proposal.places);
            file.offered.at.set(0);
            if let Some(first) = all.first()
                && !placement.is_chosen()
            {
                placement.propose(first.placed);
                placement.show(Which::Signature);
            }
            file.offered.list.set(all);
        }
        file.offered.tried.set(true);
    }

    /// Remembers where a file of this form was signed. A device that cannot keep it offers nothing next time, and that is all.
    pub async fn remember(&self, component: &str, placed: &Placed, pages: u32) {
        let place = Habit::Place {
            account: self.form.owner,
            procedure: &self.form.procedure,
            component,
        };
        let _ = habit::remember(place, &Remembered::of(placed, pages)).await;
    }
}

async fn read(file: &SigningFile) -> Result<DocumentFacts, Trouble> {
    let bytes = draft::attachment_bytes(file.attachment.id).await?;
    let ask = Ask::Open {
        document: file.document,
        // The screen may be gone by now.
        password: file.password.try_get_value().flatten(),
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Opened { facts }, _) => Ok(facts),
        _ => Err(WorkerProblem::Damaged.into()),
    }
}
