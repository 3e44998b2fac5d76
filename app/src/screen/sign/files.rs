//! The files that are signed with one PIN: how far each is, where its box stands, and which one is looked at.

use super::kept::KeptBox;
use super::offers::Offered;
use crate::draft::DraftAttachment;
use crate::part::placement::{Placed, Placement};
use crate::signing::Trouble;
use contract::caution::Caution;
use contract::geometry::Rect;
use contract::worker::{DocumentFacts, DocumentId, Signability};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far a file is.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // a handful of files, and nearly all of them become the large one
pub enum Stage {
    /// The engine has not opened it yet.
    Opening,
    /// It is open, or can be again, and has a place for the box.
    Open {
        /// What is known of it.
        facts: Arc<DocumentFacts>,
        /// Its boxes.
        placement: Placement,
    },
    /// It can be read but not signed.
    Unsignable {
        /// What is known of it.
        facts: Arc<DocumentFacts>,
    },
    /// It cannot be opened.
    Failed(Trouble),
}

/// How a file stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is being opened, or a place is being looked for.
    Opening,
    /// `Đã đặt ô ký`.
    Placed,
    /// `Cần xem`: a person has to say where the box belongs.
    NeedsLook,
    /// `Không ký`: the person left it out.
    Skipped,
    /// `Không ký được`.
    Refused,
}

/// One file.
#[derive(Clone)]
pub struct SigningFile {
    /// The attachment.
    pub attachment: DraftAttachment,
    /// Its name at the engine.
    pub document: DocumentId,
    /// How far it is.
    pub stage: RwSignal<Stage>,
    /// The person left it out.
    pub skipped: RwSignal<bool>,
    /// The person looked at the place and took it.
    pub confirmed: RwSignal<bool>,
    /// The engine could not draw the signature into the box: too small for the name, or no readable image.
    pub undrawn: RwSignal<bool>,
    /// Pages that were looked at, from 0.
    pub seen: RwSignal<BTreeSet<u32>>,
    /// Places for the box.
    pub offered: Offered,
    /// Name of the document's own field that is signed instead of a new box.
    pub field: RwSignal<Option<String>>,
    /// The reason that the field's author asks for.
    pub reason: RwSignal<Option<String>>,
    /// What it holds that its signer may not see, as far as it was looked through.
    pub cautions: RwSignal<Vec<Caution>>,
    /// Pages that were looked through.
    pub looked: StoredValue<u32>,
    /// Its place in the list.
    pub index: usize,
    /// A password was tried already.
    pub tried: StoredValue<bool>,
    /// The password it was opened with; it stays in this page.
    pub password: StoredValue<Option<String>>,
    /// What an earlier try or a reload left.
    pub kept: StoredValue<Option<KeptBox>>,
}

impl SigningFile {
    fn new(
        index: usize,
        attachment: DraftAttachment,
        document: DocumentId,
        kept: Option<KeptBox>,
    ) -> Self {
        Self {
            attachment,
            document,
            stage: RwSignal::new(Stage::Opening),
            skipped: RwSignal::new(kept.as_ref().is_some_and(|kept| kept.skipped)),
            confirmed: RwSignal::new(kept.as_ref().is_some_and(|kept| kept.confirmed)),
            undrawn: RwSignal::new(false),
            seen: RwSignal::new(BTreeSet::new()),
            offered: Offered::new(),
            field: RwSignal::new(None),
            reason: RwSignal::new(None),
            cautions: RwSignal::new(Vec::new()),
            looked: StoredValue::new(0),
            index,
            tried: StoredValue::new(false),
            password: StoredValue::new(None),
            kept: StoredValue::new(kept),
        }
    }

    /// Its boxes, once it is open and can be signed.
    pub fn placement(&self) -> Option<Placement> {
        self.stage.with(placement_of)
    }

    /// The same without following it.
    pub fn placement_now(&self) -> Option<Placement> {
        self.stage.with_untracked(placement_of)
    }

    /// How many pages it has; 0 while nobody knows.
    pub fn pages(&self) -> u32 {
        self.stage.with(|stage| match stage {
            Stage::Open { facts, .. } | Stage::Unsignable { facts } => {
                u32::try_from(facts.pages.len()).unwrap_or(u32::MAX)
            }
            Stage::Opening | Stage::Failed(_) => 0,
        })
    }

    /// The same without following it.
    pub fn pages_now(&self) -> u32 {
        untrack(|| self.pages())
    }

    /// How it stands; an invisible signature needs no box.
    pub fn standing(&self, invisible: bool) -> Standing {
        let placement = match self.stage.get() {
            Stage::Failed(_) | Stage::Unsignable { .. } => return Standing::Refused,
            Stage::Opening => None,
            Stage::Open { placement, .. } => Some(placement),
        };
        if self.skipped.get() {
            return Standing::Skipped;
        }
        let Some(placement) = placement else {
            return Standing::Opening;
        };
        if invisible || self.hides() || placement.fixed.get() {
            return if self.undrawn.get() && !invisible && !self.hides() {
                Standing::NeedsLook
            } else {
                Standing::Placed
            };
        }
        let chosen = placement.can_undo();
        if placement.placed().is_none() {
            return if chosen || self.offered.tried.get() {
                Standing::NeedsLook
            } else {
                Standing::Opening
            };
        }
        let refused =
            self.undrawn.get() || placement.warnings().iter().any(|warning| warning.blocks());
        if !refused && (self.confirmed.get() || chosen || self.offered.is_sure()) {
            Standing::Placed
        } else {
            Standing::NeedsLook
        }
    }

    /// What a reload has to find again: only what the person did, because the rest is proposed again the same way.
    pub fn keep(&self) -> KeptBox {
        let boxes = self
            .placement()
            .filter(|placement| !placement.fixed.get())
            .filter(|placement| placement.can_undo() || self.confirmed.get());
        let placed = boxes.and_then(Placement::placed);
        let before = self.kept.get_value();
        // A file that is not open yet keeps what it had.
        let waiting = matches!(self.stage.get(), Stage::Opening);
        match before {
            Some(before) if waiting => KeptBox {
                skipped: self.skipped.get(),
                ..before
            },
            _ => KeptBox {
                attachment: self.attachment.id,
                placed: placed.map(|placed| (placed.page, placed.rect)),
                copies: boxes.map_or_else(Vec::new, followed_copies),
                skipped: self.skipped.get(),
                confirmed: self.confirmed.get(),
                field: self.field.get(),
            },
        }
    }
}

fn placement_of(stage: &Stage) -> Option<Placement> {
    match stage {
        Stage::Open { placement, .. } => Some(*placement),
        _ => None,
    }
}

fn followed_copies(placement: Placement) -> Vec<(u32, Rect)> {
    placement.arrangement.track();
    placement.copies()
}

/// All files of one request.
#[derive(Clone, Copy)]
pub struct Files {
    all: StoredValue<Vec<SigningFile>>,
    /// The one that is looked at.
    pub current: RwSignal<usize>,
}

impl Files {
    /// Files in the order of the dossier.
    pub fn new(attachments: Vec<DraftAttachment>, kept: &[KeptBox]) -> Self {
        let all = (1..)
            .zip(attachments)
            .enumerate()
            .map(|(index, (number, attachment))| {
                let kept = kept
                    .iter()
                    .find(|kept| kept.attachment == attachment.id)
                    .cloned();
                SigningFile::new(index, attachment, DocumentId(number), kept)
            })
            .collect();
        Self {
            all: StoredValue::new(all),
            current: RwSignal::new(0),
        }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.all.with_value(Vec::len)
    }

    /// Whether the screen is about several files.
    pub fn are_several(self) -> bool {
        self.count() > 1
    }

    /// One by its place in the list.
    pub fn get(self, index: usize) -> Option<SigningFile> {
        self.all
            .try_with_value(|all| all.get(index).cloned())
            .flatten()
    }

    /// All of them.
    pub fn list(self) -> Vec<SigningFile> {
        self.all.get_value()
    }

    /// The one that is looked at.
    pub fn shown(self) -> Option<SigningFile> {
        self.get(self.current.get())
    }

    /// The same without following it.
    pub fn shown_now(self) -> Option<SigningFile> {
        self.get(self.current.get_untracked())
    }

    /// Those that are signed as things stand.
    pub fn taken(self) -> Vec<SigningFile> {
        self.list()
            .into_iter()
            .filter(|file| !file.skipped.get() && file.placement().is_some())
            .collect()
    }

    /// Looks at the next or the previous file.
    pub fn turn(self, forward: bool) {
        let now = self.current.get_untracked();
        let next = if forward {
            now.saturating_add(1).min(self.count().saturating_sub(1))
        } else {
            now.saturating_sub(1)
        };
        if next != now {
            self.current.set(next);
        }
    }

    /// The next file that somebody has to look at, from the shown one on and round.
    pub fn next_to_look_at(self, invisible: bool) -> Option<usize> {
        let (now, count) = (self.current.get(), self.count());
        (0..count)
            .map(|step| (now + step) % count.max(1))
            .find(|index| {
                self.get(*index)
                    .is_some_and(|file| file.standing(invisible) == Standing::NeedsLook)
            })
    }
}

/// Where the boxes of one file go.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The signature.
    pub placed: Placed,
    /// Marks.
    pub copies: Vec<(u32, Rect)>,
}

/// Whether a document can be signed as it is.
pub fn is_signable(facts: &DocumentFacts) -> bool {
    facts.signability == Signability::Ready
}
