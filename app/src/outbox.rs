//! Handing in without a network: dossiers and answers to supplement requests wait on the device and are sent once, by whichever
//! window can.
//!
//! [`Door`] is all the first download has of it: what the bar says. The rest is fetched when somebody is signed in.

mod bar;
mod run;
mod send;

pub use send::send_whole;

use crate::chunk;
use crate::door;
use crate::draft::outbox::{self as store, Parcel, Posted, Standing};
use crate::draft::{Draft, DraftAttachment, DraftError};
use crate::session::SessionState;
use crate::text::{fill, n, t};
use contract::dossier::{DossierManifest, Receipt};
use contract::supplement::SupplementAnswer;
use leptos::prelude::*;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the first download knows of the outbox.
pub type Door = door::Door<Outbox>;

/// Makes the door.
pub fn provide() {
    Door::provide(|| Box::pin(chunk::outbox()));
}

/// How far the sending came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is being sent now.
    Rest(Rest),
    /// The form is being sent.
    Announcing,
    /// Files are being sent.
    Files {
        /// The one that is, from 1.
        number: usize,
        /// How many.
        of: usize,
        /// Bytes that the portal has, of all files.
        sent: u64,
        /// Bytes of all files.
        total: u64,
    },
    /// Everything is there; it is being submitted.
    Submitting,
}

/// Why nothing is being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It is about to be.
    Soon,
    /// The portal cannot be reached.
    Network,
    /// The person has to sign in again.
    SignIn,
    /// The portal is busy; it is tried again by itself.
    Busy,
}

/// One parcel of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What lies on the device.
    pub posted: Posted,
    /// How far it came.
    pub step: Step,
}

impl Entry {
    /// What a list or a screen says of it.
    pub fn sentence(&self) -> String {
        let supplement = self.posted.parcel.added_to().is_some();
        // A new dossier is said so, an answer to a request otherwise.
        let either = |dossier, answer| t(if supplement { answer } else { dossier }).to_owned();
        match (&self.posted.standing, self.step) {
            (Standing::Done { receipt }, _) => fill("Đã nộp. Mã hồ sơ: {}", &[&receipt.code]),
            (Standing::Supplied, _) => t("Đã gửi phần bổ sung.").to_owned(),
            (Standing::Refused { code, .. }, _) => crate::text::api(&(*code).into()),
            (Standing::Changed, _) => either(
                n(
                    "Hồ sơ đã được sửa sau khi bấm nộp nên chưa được gửi. Vui lòng xem lại rồi nộp lại.",
                ),
                n(
                    "Phần bổ sung đã được sửa sau khi bấm gửi nên chưa được gửi. Vui lòng xem lại rồi gửi lại.",
                ),
            ),
            (Standing::Paused, _) => t("Đã tạm dừng gửi.").to_owned(),
            (Standing::Queued, Step::Rest(Rest::Soon)) => t("Đang chờ gửi…").to_owned(),
            (Standing::Queued, Step::Rest(Rest::Network)) => either(
                n("Sẽ nộp khi có mạng"),
                n("Sẽ gửi phần bổ sung khi có mạng"),
            ),
            (Standing::Queued, Step::Rest(Rest::SignIn)) => either(
                n("Sẽ nộp sau khi bạn đăng nhập lại"),
                n("Sẽ gửi phần bổ sung sau khi bạn đăng nhập lại"),
            ),
            (Standing::Queued, Step::Rest(Rest::Busy)) => {
                t("Cổng đang bận, sẽ tự gửi lại sau ít giây").to_owned()
            }
            (Standing::Queued, Step::Announcing) => {
                either(n("Đang gửi thông tin hồ sơ…"), n("Đang gửi phần bổ sung…"))
            }
            (
                Standing::Queued,
                Step::Files {
                    number,
                    of,
                    sent,
                    total,
                },
            ) => fill(
                "Đang gửi tệp {}/{}: {} trong {} ({}%)",
                &[
                    &number,
                    &of,
                    &crate::format::size(sent),
                    &crate::format::size(total),
                    &percent(sent, total),
                ],
            ),
            (Standing::Queued, Step::Submitting) => {
                either(n("Đang nộp hồ sơ…"), n("Đang gửi phần bổ sung…"))
            }
        }
    }

    /// The share that is sent, for a progress bar: 0 to 100; none when it is not known.
    pub fn percent(&self) -> Option<u64> {
        match self.step {
            Step::Files { sent, total, .. } => Some(percent(sent, total)),
            _ => None,
        }
    }

    /// The receipt, once the portal has it.
    pub fn receipt(&self) -> Option<Receipt> {
        match &self.posted.standing {
            Standing::Done { receipt } => Some((**receipt).clone()),
            _ => None,
        }
    }

    /// Whether it waits or is being sent.
    pub fn is_queued(&self) -> bool {
        self.posted.standing == Standing::Queued
    }
}

fn percent(sent: u64, total: u64) -> u64 {
    (sent * 100).checked_div(total).unwrap_or(100)
}

/// What is handed in of a draft.
pub fn parcel(draft: &Draft) -> Parcel {
    let attachments = draft
        .attachments
        .iter()
        .flat_map(DraftAttachment::announced)
        .collect();
    if let Some(answering) = &draft.supplement {
        return Parcel::Supplement {
            to: answering.dossier,
            answer: SupplementAnswer {
                request: answering.request,
                attachments,
                fields: answering.fields.clone(),
            },
        };
    }
    let mut form = draft.form.clone();
    // What is hidden is not sent.
    form.detail = contract::form::tidy(&draft.procedure.fields, &form.detail);
    Parcel::Dossier(Box::new(DossierManifest {
        procedure: draft.procedure.summary.code.clone(),
        form,
        attachments,
        payment: draft.payment,
        fees: draft.fees.clone(),
        declared: draft.declared,
    }))
}

/// The outbox of this page.
#[derive(Clone, Copy)]
pub struct Outbox {
    /// By draft.
    pub all: RwSignal<BTreeMap<Uuid, Entry>>,
    session: SessionState,
}

thread_local! {
    static OUTBOX: OnceCell<Outbox> = const { OnceCell::new() };
}

/// The outbox.
pub fn outbox() -> Outbox {
    Outbox::of_door(&expect_context::<Door>())
}

/// Takes up what waits in an account's outbox.
pub fn resume(door: Door, account: Uuid) {
    Outbox::of_door(&door).resume(account);
}

impl Outbox {
    fn of_door(door: &Door) -> Self {
        OUTBOX.with(|cell| {
            *cell.get_or_init(|| {
                door.make(|| {
                    let outbox = Self {
                        all: RwSignal::new(BTreeMap::new()),
                        session: door.session,
                    };
                    bar::keep_told(outbox, door.note);
                    run::listen(outbox);
                    outbox
                })
            })
        })
    }

    /// How a draft stands in the outbox; none when it was not handed in. Tracked.
    pub fn of(self, draft: Uuid) -> Option<Entry> {
        self.all.with(|all| all.get(&draft).cloned())
    }

    /// The answer to a supplement request of a dossier, when one was handed in. Tracked.
    pub fn added_to(self, dossier: Uuid) -> Option<Entry> {
        self.all.with(|all| {
            all.values()
                .find(|entry| entry.posted.parcel.added_to() == Some(dossier))
                .cloned()
        })
    }

    /// Hands a draft in: it is sent at once when that is possible, else when it is.
    ///
    /// # Errors
    /// When the device cannot keep it: then nothing was handed in.
    pub async fn hand_in(self, draft: &Draft) -> Result<(), DraftError> {
        let posted = Posted {
            account: draft.account,
            draft: draft.id,
            name: draft.procedure.summary.name.clone(),
            parcel: parcel(draft),
            at: self.session.now(),
            standing: Standing::Queued,
        };
        store::post(&posted).await?;
        self.put(posted);
        run::tell();
        self.work();
        Ok(())
    }

    /// Stops the sending; what arrived stays at the portal for a day.
    ///
    /// # Errors
    /// When the device cannot note it: then it goes on.
    pub async fn pause(self, draft: Uuid) -> Result<(), DraftError> {
        self.note(draft, Standing::Paused).await
    }

    /// Goes on.
    ///
    /// # Errors
    /// When the device cannot note it: then it stands still.
    pub async fn go_on(self, draft: Uuid) -> Result<(), DraftError> {
        self.note(draft, Standing::Queued).await?;
        self.work();
        Ok(())
    }

    /// Takes a parcel out: it is a draft like any other again. Also puts away one that is done.
    ///
    /// # Errors
    /// When the device does not do it: then it is where it was, and may be sent.
    pub async fn take_out(self, draft: Uuid) -> Result<(), DraftError> {
        let entry = self.all.with_untracked(|all| all.get(&draft).cloned());
        store::take_out(draft).await?;
        self.all.update(|all| {
            all.remove(&draft);
        });
        run::tell();
        if let Some(entry) = entry
            && !entry.posted.standing.is_over()
        {
            send::forget(&entry.posted).await;
        }
        Ok(())
    }

    async fn note(self, draft: Uuid, standing: Standing) -> Result<(), DraftError> {
        store::note(draft, standing).await?;
        if let Some(posted) = store::find(draft).await? {
            self.put(posted);
        }
        run::tell();
        Ok(())
    }

    fn put(self, posted: Posted) {
        self.all.update(|all| {
            let step = all
                .get(&posted.draft)
                .map_or(Step::Rest(Rest::Soon), |entry| entry.step);
            all.insert(posted.draft, Entry { posted, step });
        });
    }

    fn step(self, draft: Uuid, step: Step) {
        self.all.update(|all| {
            if let Some(entry) = all.get_mut(&draft) {
                entry.step = step;
            }
        });
    }
}
