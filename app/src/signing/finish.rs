//! Finishing: each value is embedded, the file checked and stored, one after the other; then the server is told.
//!
//! Every step can be broken off and done again. One tab does it (a lock), and what is stored is stored once (a transaction), so that a tab
//! closed in between, another tab, or a worker that dies costs time only. A file that cannot be finished does not hold up the others.

use super::evidence::Prover;
use super::pending::{PendingFile, PendingSigning, Proof, StoredFile};
use super::watch::has_values;
use super::watched::{Refused, Stage, Trouble, Unusable, newest};
use super::{Signings, pulse, tabs};
use crate::api;
use crate::draft::{self, DraftError, Stored};
use crate::engine;
use contract::problem::ProblemCode;
use contract::signing::{CompleteSigning, SigningState};
use contract::validation::{Level, ValidationReport};
use contract::value::Base64;
use contract::worker::{Answer, Ask, WorkerProblem};
use leptos::task::spawn_local;
use uuid::Uuid;

/// How often a worker may die of a file before the file is given up.
const DEATHS: u32 = 3;
/// How long the newest trusted roots are waited for, milliseconds, before the kept ones serve.
const ROOTS_PATIENCE: i32 = 5_000;

/// How one file went.
enum Outcome {
    Stored(Vec<StoredFile>),
    Refused(Unusable),
}

impl Signings {
    /// Embeds what came, once at a time.
    pub(super) fn try_to_finish(self, id: Uuid) {
        let ready = self
            .get(id)
            .is_some_and(|watched| watched.stage.is_none() && !(watched.finished && watched.told));
        if !ready {
            return;
        }
        self.change(id, |watched| watched.stage = Some(Stage::Embedding));
        spawn_local(async move {
            let outcome = self.finish(id).await;
            self.change(id, |watched| {
                watched.stage = None;
                watched.trouble = outcome.err();
            });
            tabs::tell(id);
            // Another try, or nothing more to follow.
            pulse::wake();
        });
    }

    /// Another try for what could not be used.
    pub fn try_refused_again(self, id: Uuid) {
        self.change(id, |watched| {
            watched.refused.clear();
            watched.finished = false;
        });
        self.try_to_finish(id);
    }

    async fn finish(self, id: Uuid) -> Result<(), Trouble> {
        let _alone = tabs::lock(&format!("ho-so-ky-so/ky/{id}"), false).await;
        let Some(kept) = draft::find_signing(id).await? else {
            // Another tab finished it and was looked at there.
            self.change(id, |watched| {
                (watched.finished, watched.told) = (true, true)
            });
            return Ok(());
        };
        self.change(id, |watched| watched.stored = kept.progress.stored);
        let pending = kept.pending;
        let known = self.get(id).and_then(|watched| watched.view);
        let Some(view) = newest(known, kept.progress.view).filter(has_values) else {
            return Ok(());
        };
        let mut prover = Prover::new(&pending);
        let mut roots: Option<Vec<Base64>> = None;
        let mut trouble = None;
        for file in &pending.files {
            let value = view
                .items
                .iter()
                .find(|item| item.item.attachment == file.attachment)
                .and_then(|item| item.signature.as_ref());
            let open = self.get(id).is_some_and(|watched| {
                !watched.has_stored(file.attachment)
                    && watched
                        .refused
                        .iter()
                        .all(|known| known.attachment != file.attachment)
            });
            let (true, Some(value)) = (open, value) else {
                continue;
            };
            if roots.is_none() {
                let newest = pulse::within(ROOTS_PATIENCE, api::trust()).await;
                let newest = newest.and_then(Result::ok).map(|trust| trust.roots);
                roots = Some(newest.unwrap_or_else(|| kept.progress.roots.clone()));
            }
            let roots = roots.as_deref().unwrap_or_default();
            match self
                .finish_file(&pending, file, value, roots, &mut prover)
                .await
            {
                Ok(Outcome::Stored(stored)) => {
                    self.change(id, |watched| watched.stored = stored);
                    tabs::tell(id);
                }
                Ok(Outcome::Refused(why)) => self.refuse(id, file.attachment, why),
                // The device is full, say: the next one may be smaller, this one comes again.
                Err(error) => trouble = Some(error),
            }
        }
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        self.change(id, |watched| watched.finished = true);
        self.tell_server(id).await
    }

    fn refuse(self, id: Uuid, attachment: Uuid, why: Unusable) {
        self.change(id, |watched| {
            watched.refused.push(Refused { attachment, why });
        });
    }

    async fn finish_file(
        self,
        pending: &PendingSigning,
        file: &PendingFile,
        value: &Base64,
        roots: &[Base64],
        prover: &mut Prover,
    ) -> Result<Outcome, Trouble> {
        let id = pending.start.id;
        if prover.is_wanted() {
            self.change(id, |watched| watched.stage = Some(Stage::Proving));
        }
        let mut evidence = prover.prove(pending, value).await;
        self.change(id, |watched| watched.stage = Some(Stage::Embedding));
        let mut deaths = 0;
        loop {
            let prepared = match draft::prepared_bytes(id, file.attachment).await {
                Ok(bytes) => bytes,
                Err(DraftError::Missing) => return Ok(Outcome::Refused(Unusable::Lost)),
                Err(error) => return Err(error.into()),
            };
            let ask = Ask::Finish {
                prepared: file.prepared.clone(),
                certificate: pending.certificate.clone(),
                chain: pending.chain.clone(),
                value: value.clone(),
                evidence: evidence.clone(),
                roots: roots.to_vec(),
                now: self.session.now(),
            };
            let problem = match engine::ask(ask, vec![prepared]).await {
                Ok((Answer::Finished { sha256, report }, mut parcels)) => {
                    let Some(bytes) = parcels.files.pop() else {
                        return Ok(Outcome::Refused(Unusable::Engine(
                            WorkerProblem::SelfCheckFailed,
                        )));
                    };
                    let stored = StoredFile {
                        attachment: file.attachment,
                        sha256,
                        proof: proof(pending, file, &report),
                    };
                    let now = self.session.now();
                    return Ok(
                        match draft::store_signed(pending, stored, &bytes, now).await? {
                            Stored::Yes(progress) => Outcome::Stored(progress.stored),
                            Stored::Changed => Outcome::Refused(Unusable::Changed),
                        },
                    );
                }
                Ok(_) => WorkerProblem::SelfCheckFailed,
                Err(problem) => problem,
            };
            match problem {
                // It has nothing to do with the file: another try later.
                WorkerProblem::Unavailable | WorkerProblem::Cancelled => return Err(problem.into()),
                // The signature is worth more than the proof beside it.
                _ if evidence.take().is_some() => {}
                WorkerProblem::Crashed if deaths < DEATHS => deaths += 1,
                problem => return Ok(Outcome::Refused(Unusable::Engine(problem))),
            }
        }
    }

    /// Tells the server what was embedded. Without a network it is told later.
    async fn tell_server(self, id: Uuid) -> Result<(), Trouble> {
        let Some(watched) = self.get(id) else {
            return Ok(());
        };
        let view = watched.view.as_ref();
        let values = view.map_or(0, |view| {
            view.items
                .iter()
                .filter(|item| item.signature.is_some())
                .count()
        });
        let files = watched.pending.files.iter();
        let signed: Vec<_> = files
            .filter_map(|file| {
                watched
                    .stored
                    .iter()
                    .find(|stored| stored.attachment == file.attachment)
            })
            .map(|stored| stored.sha256)
            .collect();
        let waits = view.is_some_and(|view| view.state == SigningState::Confirmed);
        // What was refused here leaves the transaction as it is: the value may be wanted for another look.
        if watched.told || !waits || signed.len() != values {
            self.change(id, |watched| watched.told = true);
            return Ok(());
        }
        self.change(id, |watched| watched.stage = Some(Stage::Telling));
        match api::complete_signing(id, &CompleteSigning { signed }).await {
            Ok(view) => {
                self.change(id, |watched| watched.told = true);
                self.take(id, view);
            }
            Err(error)
                if matches!(
                    error.code,
                    ProblemCode::Offline | ProblemCode::Internal | ProblemCode::SignInRequired
                ) =>
            {
                return Err(error.into());
            }
            // The file is signed and stored; submission checks it again.
            Err(_) => self.change(id, |watched| watched.told = true),
        }
        if watched.seen {
            self.dismiss(id);
        }
        Ok(())
    }
}

/// What the finished file carries, by the validator's word.
fn proof(pending: &PendingSigning, file: &PendingFile, report: &ValidationReport) -> Proof {
    let level = report
        .signatures
        .iter()
        .find(|signature| signature.field == file.prepared.field)
        .map(|signature| signature.level);
    match level {
        Some(Level::BT) => Proof::Timestamp,
        Some(Level::BLt | Level::BLta) => Proof::TimestampAndRevocation,
        Some(Level::BB | Level::None) | None if pending.timestamped => Proof::Unavailable,
        Some(Level::BB | Level::None) | None => Proof::NotOffered,
    }
}
