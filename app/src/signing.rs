//! The signing flow after the box is placed: send, wait, finish, each step resumable.
//!
//! The server's transaction is the truth, the page is a view of it. What waits is kept on the device, so that any page of the
//! same person can finish it; finishing twice gives the same file.

pub mod pending;

use crate::api::{self, ApiError};
use crate::chunk;
use crate::draft::{self, DraftError};
use crate::engine;
use crate::session::{SessionState, session};
use contract::problem::ProblemCode;
use contract::signing::{CompleteSigning, SigningState, SigningView};
use contract::worker::{Answer, Ask, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pending::{Kept, PendingSigning, Progress, Proof, StoredFile};
use std::collections::BTreeMap;
use uuid::Uuid;
use wasm_bindgen::prelude::{Closure, JsCast as _};
use web_sys::{EventSource, MessageEvent};

/// Why a signing could not go on; the person decides what next.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The server or the network.
    Api(ApiError),
    /// The engine.
    Engine(WorkerProblem),
    /// The device's storage.
    Device(DraftError),
}

impl Trouble {
    /// The sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Api(error) => crate::text::api(error),
            Self::Engine(problem) => crate::text::worker(problem).to_owned(),
            Self::Device(error) => crate::text::draft(*error).to_owned(),
        }
    }
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<WorkerProblem> for Trouble {
    fn from(problem: WorkerProblem) -> Self {
        Self::Engine(problem)
    }
}

impl From<DraftError> for Trouble {
    fn from(error: DraftError) -> Self {
        Self::Device(error)
    }
}

/// One signing as the page sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// What the device keeps.
    pub pending: PendingSigning,
    /// The newest view of the server, once there is one.
    pub view: Option<SigningView>,
    /// What went wrong on this side; the wait goes on where it can.
    pub trouble: Option<Trouble>,
    /// The value is being embedded.
    pub finishing: bool,
    /// Embedded, verified, stored.
    pub finished: bool,
}

impl Watched {
    /// Whether the engine looked at the value and did not take it.
    pub fn is_refused(&self) -> bool {
        matches!(&self.trouble, Some(Trouble::Engine(problem)) if !matches!(problem, WorkerProblem::Crashed | WorkerProblem::Unavailable))
    }
}

/// All signings of this page.
#[derive(Clone, Copy)]
pub struct Signings {
    /// By transaction.
    pub all: RwSignal<BTreeMap<Uuid, Watched>>,
    session: SessionState,
}

/// Makes the state and takes up what waits as soon as somebody is signed in.
pub fn provide() {
    let signings = Signings {
        all: RwSignal::new(BTreeMap::new()),
        session: session(),
    };
    provide_context(signings);
    Effect::new(move |_| {
        if let Some(account) = signings.session.account() {
            spawn_local(async move {
                loop {
                    if let Ok(resume) = chunk::resume().await {
                        resume(signings, account.id);
                        break;
                    }
                    wait(10_000).await;
                }
            });
        }
    });
}

/// The state.
pub fn signings() -> Signings {
    expect_context::<Signings>()
}

impl Signings {
    /// Watches everything of an account that waits on this device.
    pub fn resume(self, account: Uuid) {
        spawn_local(async move {
            for kept in draft::list_signings(account).await.unwrap_or_default() {
                self.watch(kept.pending);
            }
        });
    }

    /// Sends a prepared signing (`prepared`: the bytes of each file, in the order of `pending.files`) and watches it. What is kept
    /// first cannot be lost by what comes after. The files are marked as waiting; when nothing was sent, they are free again.
    pub async fn send(
        self,
        pending: PendingSigning,
        prepared: Vec<Vec<u8>>,
    ) -> Result<(), Trouble> {
        let kept = Kept {
            pending,
            progress: Progress::default(),
        };
        draft::begin_signing(&kept, &prepared, self.session.now()).await?;
        let pending = kept.pending;
        let id = pending.start.id;
        match api::start_signing(&pending.start).await {
            Ok(view) => {
                self.watch(pending);
                self.take(id, view);
                Ok(())
            }
            // It may have arrived: the watcher finds out.
            Err(error) if error.code == ProblemCode::Offline => {
                self.watch(pending);
                Ok(())
            }
            Err(error) => {
                draft::forget_signing(&pending, self.session.now()).await?;
                Err(error.into())
            }
        }
    }

    /// The newest signing of an attachment that was not put away. Tracked.
    pub fn of(self, attachment: Uuid) -> Option<Watched> {
        self.all.with(|all| {
            all.values()
                .filter(|watched| watched.pending.file(attachment).is_some())
                .max_by_key(|watched| watched.view.as_ref().map(|view| view.started_at))
                .cloned()
        })
    }

    /// Follows a signing until it is over; once only.
    pub fn watch(self, pending: PendingSigning) {
        let id = pending.start.id;
        if self.all.with_untracked(|all| all.contains_key(&id)) {
            return;
        }
        self.all.update(|all| {
            all.insert(
                id,
                Watched {
                    pending,
                    view: None,
                    trouble: None,
                    finishing: false,
                    finished: false,
                },
            );
        });
        self.listen(id);
        spawn_local(async move {
            loop {
                if self.is_over(id) {
                    break;
                }
                self.look(id).await;
                if self.is_over(id) {
                    break;
                }
                wait(4000).await;
            }
        });
    }

    fn is_over(self, id: Uuid) -> bool {
        self.all.with_untracked(|all| {
            all.get(&id).is_none_or(|watched| {
                watched.finished
                    || watched.view.as_ref().is_some_and(|view| {
                        view.state.is_final() && view.state != SigningState::Done
                    })
            })
        })
    }

    /// Asks the server once; sends the request again when it never arrived (the same id is the same transaction).
    async fn look(self, id: Uuid) {
        let Some(pending) = self
            .all
            .with_untracked(|all| all.get(&id).map(|watched| watched.pending.clone()))
        else {
            return;
        };
        let view = match api::signing(id).await {
            Err(ApiError {
                code: ProblemCode::NotFound,
                ..
            }) => api::start_signing(&pending.start).await,
            other => other,
        };
        match view {
            Ok(view) => self.take(id, view),
            Err(error) => self.trouble(id, Some(error.into())),
        }
    }

    fn trouble(self, id: Uuid, trouble: Option<Trouble>) {
        self.change(id, |watched| watched.trouble = trouble);
    }

    /// Takes a view; an older one never replaces a newer one. What is finished needs no other: the screen that says so would be
    /// drawn again and, leaving, put the signing away.
    fn take(self, id: Uuid, view: SigningView) {
        let newer = self.all.with_untracked(|all| {
            all.get(&id).is_some_and(|watched| {
                !watched.finished
                    && watched
                        .view
                        .as_ref()
                        .is_none_or(|known| known.version < view.version)
            })
        });
        let state = view.state;
        if newer {
            self.change(id, |watched| {
                watched.view = Some(view);
                watched.trouble = None;
            });
        } else {
            // The server answers again.
            self.change(id, |watched| {
                watched.trouble = watched
                    .trouble
                    .take()
                    .filter(|trouble| !matches!(trouble, Trouble::Api(_)));
            });
        }
        if matches!(state, SigningState::Confirmed | SigningState::Done) {
            self.try_to_finish(id);
        } else if newer && state.is_final() {
            spawn_local(async move { self.forget(id).await });
        }
    }

    fn change(self, id: Uuid, edit: impl FnOnce(&mut Watched)) {
        self.all.update(|all| {
            if let Some(watched) = all.get_mut(&id) {
                edit(watched);
            }
        });
    }

    /// Embeds the value, once at a time. What the engine refused is refused again; everything else is worth another try.
    fn try_to_finish(self, id: Uuid) {
        let ready = self.all.with_untracked(|all| {
            all.get(&id).is_some_and(|watched| {
                !watched.finishing && !watched.finished && !watched.is_refused()
            })
        });
        if !ready {
            return;
        }
        self.change(id, |watched| watched.finishing = true);
        spawn_local(async move {
            let outcome = self.finish(id).await;
            self.change(id, |watched| {
                watched.finishing = false;
                watched.trouble = outcome.err();
            });
        });
    }

    /// A signing that ended without a signature: the attachment is free again.
    pub async fn forget(self, id: Uuid) {
        let pending = self
            .all
            .with_untracked(|all| all.get(&id).map(|watched| watched.pending.clone()));
        if let Some(pending) = pending {
            let _ = draft::forget_signing(&pending, self.session.now()).await;
        }
    }

    /// Embeds the value, verifies the file, stores it, tells the server.
    async fn finish(self, id: Uuid) -> Result<(), Trouble> {
        let Some(watched) = self.all.with_untracked(|all| all.get(&id).cloned()) else {
            return Ok(());
        };
        let pending = watched.pending;
        let trust = api::trust().await?;
        let mut signed = Vec::new();
        for item in watched.view.iter().flat_map(|view| &view.items) {
            let (Some(value), Some(file)) =
                (item.signature.clone(), pending.file(item.item.attachment))
            else {
                continue;
            };
            let prepared = match draft::prepared_bytes(id, file.attachment).await {
                Ok(bytes) => bytes,
                // Another tab finished it.
                Err(DraftError::Missing) => continue,
                Err(error) => return Err(error.into()),
            };
            let ask = Ask::Finish {
                prepared: file.prepared.clone(),
                certificate: pending.certificate.clone(),
                chain: pending.chain.clone(),
                value,
                evidence: None,
                roots: trust.roots.clone(),
                now: self.session.now(),
            };
            let (answer, mut parcels) = engine::ask(ask, vec![prepared]).await?;
            let (Answer::Finished { sha256, .. }, Some(bytes)) = (answer, parcels.files.pop())
            else {
                return Err(WorkerProblem::SelfCheckFailed.into());
            };
            let stored = StoredFile {
                attachment: file.attachment,
                sha256,
                proof: Proof::NotOffered,
            };
            draft::store_signed(&pending, stored, &bytes, self.session.now()).await?;
            signed.push(sha256);
        }
        let _ = api::complete_signing(id, &CompleteSigning { signed }).await;
        draft::forget_signing(&pending, self.session.now()).await?;
        self.done(id);
        Ok(())
    }

    fn done(self, id: Uuid) {
        self.change(id, |watched| {
            watched.finished = true;
            watched.trouble = None;
        });
    }

    /// `Hủy`.
    pub async fn cancel(self, id: Uuid) {
        match api::cancel_signing(id).await {
            Ok(view) => self.take(id, view),
            Err(error) => self.trouble(id, Some(error.into())),
        }
    }

    /// Forgets a signing that was looked at to its end.
    pub fn dismiss(self, id: Uuid) {
        self.all.update(|all| {
            all.remove(&id);
        });
    }

    /// Lets the server push; polling goes on beside it.
    fn listen(self, id: Uuid) {
        let Ok(source) = EventSource::new(&api::signing_events(id)) else {
            return;
        };
        let own = source.clone();
        let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let view = event
                .data()
                .as_string()
                .and_then(|text| serde_json::from_str::<SigningView>(&text).ok());
            if let Some(view) = view {
                let over = view.state.is_final();
                self.take(id, view);
                if over {
                    own.close();
                }
            }
        });
        source.set_onmessage(Some(receive.as_ref().unchecked_ref()));
        // Lives as long as the page listens.
        receive.forget();
    }
}

/// Waits some milliseconds; a page that becomes visible again does not wait longer.
pub async fn wait(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            if let Some(document) = window.document() {
                let options = js_sys::Object::new();
                let _ = js_sys::Reflect::set(&options, &"once".into(), &true.into());
                let add =
                    js_sys::Reflect::get(&document, &"addEventListener".into()).unwrap_or_default();
                if let Ok(add) = add.dyn_into::<js_sys::Function>() {
                    let _ = add.call3(&document, &"visibilitychange".into(), &resolve, &options);
                }
            }
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
