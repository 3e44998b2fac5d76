//! All signatures of a dossier, checked here in the background: one file after the other while the dossier is open, each file once a session.

use crate::api;
use crate::part::validation::{Kept, validate};
use crate::screen::dossier::components::sha256;
use crate::session::{SessionState, session};
use crate::signing::Trouble;
use contract::dossier::{Attachment, Dossier};
use contract::history::{DossierSignings, History, PaperKind, RecordedFile, merge};
use contract::paper::Hands;
use contract::validation::ValidationReport;
use contract::value::Sha256;
use futures_util::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the check of one file found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The validator's report.
    pub report: ValidationReport,
    /// SHA-256 of the bytes that were checked.
    pub sha256: Option<Sha256>,
}

/// How the check of one file stands.
#[derive(Clone)]
pub enum Standing {
    /// Its turn has not come.
    Waiting,
    /// It is being fetched and checked.
    Checking,
    /// Done.
    Done(Found),
    /// It could not be checked.
    Failed(Trouble),
}

/// What was found, by whose session it was and by the digest the dossier names: the same bytes need no second look.
type Remembered = (Option<Uuid>, BTreeMap<Sha256, Found>);

thread_local! {
    static REMEMBERED: RefCell<Remembered> = const { RefCell::new((None, BTreeMap::new())) };
}

/// What the portal recorded, once it answered.
pub type Recorded = Result<DossierSignings, api::ApiError>;

/// The checks of one dossier.
#[derive(Clone, Copy)]
pub struct Checks {
    /// The dossier.
    pub dossier: Uuid,
    /// How each file stands.
    pub files: RwSignal<BTreeMap<Uuid, Standing>, LocalStorage>,
    /// The portal's side.
    pub recorded: RwSignal<Option<Recorded>, LocalStorage>,
    kept: StoredValue<BTreeMap<Uuid, Kept>, LocalStorage>,
    /// Whose session it is, and the server's clock.
    session: SessionState,
}

/// Files that can carry signatures; what a PDF was converted from goes along only.
pub fn signable(dossier: &Dossier) -> impl Iterator<Item = &Attachment> {
    dossier
        .attachments
        .iter()
        .filter(|file| file.manifest.original_of.is_none())
}

impl Checks {
    /// Of a dossier that is not here yet; it begins with [`Self::follow`].
    pub fn of(dossier: Uuid) -> Self {
        Self {
            dossier,
            files: RwSignal::new_local(BTreeMap::new()),
            recorded: RwSignal::new_local(None),
            kept: StoredValue::new_local(BTreeMap::new()),
            session: session(),
        }
    }

    /// Checks the files once they are known, and again when others took their place; leaving the screen ends it.
    pub fn follow(self, shown: super::Shown) {
        let files = Memo::new(move |_| {
            shown.with(|shown| {
                let dossier = shown.as_ref()?.as_ref().ok()?;
                // Somebody signed or sealed one: the portal recorded more, and the bytes are others.
                let results: Vec<(Uuid, Hands)> = dossier
                    .after
                    .results
                    .iter()
                    .map(|one| (one.id, one.hands.clone()))
                    .collect();
                let all = signable(dossier).map(|file| {
                    let manifest = &file.manifest;
                    (manifest.id, manifest.file_name.to_string(), manifest.sha256)
                });
                Some((all.collect::<Vec<_>>(), results))
            })
        });
        Effect::new(move |_| {
            if let Some((files, _)) = files.get() {
                let account = self.session.account_now().map(|account| account.id);
                self.run(account, files);
            }
        });
    }

    fn run(self, account: Option<Uuid>, files: Vec<(Uuid, String, Sha256)>) {
        let begun = files
            .iter()
            .map(|(id, _, digest)| {
                let standing = recall(account, digest).map_or(Standing::Waiting, Standing::Done);
                (*id, standing)
            })
            .collect();
        self.files.set(begun);
        let still = |id: &Uuid| files.iter().any(|(file, ..)| file == id);
        self.kept.update_value(|all| all.retain(|id, _| still(id)));
        let work = async move {
            let recorded = api::history::signings(self.dossier).await;
            let _ = self.recorded.try_set(Some(recorded));
            for (id, name, digest) in files {
                let waits = self
                    .files
                    .with_untracked(|files| matches!(files.get(&id), Some(Standing::Waiting)));
                if !waits {
                    continue;
                }
                self.put(id, Standing::Checking);
                let standing = match self.check(id, name, PaperKind::Component).await {
                    Ok(found) => {
                        remember(account, digest, found.clone());
                        Standing::Done(found)
                    }
                    Err(trouble) => Standing::Failed(trouble),
                };
                self.put(id, standing);
            }
        };
        // Dropping an ask takes it back from the worker.
        let (work, handle) = abortable(work);
        on_cleanup(move || handle.abort());
        spawn_local(async move {
            let _ = work.await;
        });
    }

    fn put(self, id: Uuid, standing: Standing) {
        let _ = self.files.try_update(|files| files.insert(id, standing));
    }

    async fn check(self, id: Uuid, name: String, kind: PaperKind) -> Result<Found, Trouble> {
        let bytes = match kind {
            PaperKind::Component => api::file(true, self.dossier, id).await?,
            PaperKind::Result => api::after::result(true, self.dossier, id).await?,
            PaperKind::Slip => api::paper::slip(true, self.dossier, id).await?,
        };
        let digest = sha256(&bytes).await;
        let (report, kept) = validate(name, bytes, self.session.now()).await?;
        let _ = self.kept.try_update_value(|all| all.insert(id, kept));
        Ok(Found {
            report,
            sha256: digest,
        })
    }

    /// The very file that was checked, for reports and pictures; fetched when it was checked earlier in the session.
    pub async fn file(self, id: Uuid, name: String, kind: PaperKind) -> Result<Kept, Trouble> {
        if let Some(kept) = self
            .kept
            .try_with_value(|all| all.get(&id).cloned())
            .flatten()
        {
            return Ok(kept);
        }
        let found = self.check(id, name, kind).await?;
        self.put(id, Standing::Done(found));
        let kept = self
            .kept
            .try_with_value(|all| all.get(&id).cloned())
            .flatten();
        kept.ok_or_else(|| contract::worker::WorkerProblem::NotOpen.into())
    }

    /// What was found of a file.
    pub fn found(self, id: Uuid) -> Option<Found> {
        self.files.with(|files| match files.get(&id) {
            Some(Standing::Done(found)) => Some(found.clone()),
            _ => None,
        })
    }

    /// What the portal recorded of a file.
    pub fn record(self, id: Uuid) -> Option<RecordedFile> {
        self.recorded.with(|recorded| {
            let files = &recorded.as_ref()?.as_ref().ok()?.files;
            files.iter().find(|file| file.attachment == id).cloned()
        })
    }

    /// Record and proof of a file together, once both are here.
    pub fn history(self, id: Uuid) -> Option<(History, ValidationReport, RecordedFile)> {
        let (found, record) = (self.found(id)?, self.record(id)?);
        let history = merge(&found.report, found.sha256, &record);
        Some((history, found.report, record))
    }
}

fn recall(account: Option<Uuid>, digest: &Sha256) -> Option<Found> {
    REMEMBERED.with_borrow(|(whose, all)| {
        (*whose == account)
            .then(|| all.get(digest).cloned())
            .flatten()
    })
}

fn remember(account: Option<Uuid>, digest: Sha256, found: Found) {
    REMEMBERED.with_borrow_mut(|(whose, all)| {
        if *whose != account {
            *whose = account;
            all.clear();
        }
        all.insert(digest, found);
    });
}
