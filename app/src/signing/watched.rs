//! One signing as the page sees it, and where it stands.

use super::pending::{Kept, PendingSigning, StoredFile};
use crate::api::ApiError;
use crate::draft::DraftError;
use contract::signing::{SigningState, SigningView};
use contract::value::Timestamp;
use contract::worker::WorkerProblem;
use uuid::Uuid;

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

/// A file whose value came but could not be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The attachment.
    pub attachment: Uuid,
    /// Why.
    pub why: Unusable,
}

/// Why a value could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// The engine did not take it, or died of it again and again.
    Engine(WorkerProblem),
    /// The file is not what was signed any more.
    Changed,
    /// The prepared bytes are gone from the device.
    Lost,
}

/// What is being done in this tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A timestamp and revocation data are being fetched.
    Proving,
    /// A value is being embedded and the file checked.
    Embedding,
    /// The server is being told.
    Telling,
}

/// One signing.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// What the device keeps.
    pub pending: PendingSigning,
    /// The newest view of the server, once there is one.
    pub view: Option<SigningView>,
    /// Files that are signed and stored.
    pub stored: Vec<StoredFile>,
    /// Files whose value could not be used.
    pub refused: Vec<Refused>,
    /// What went wrong on this side; the wait goes on where it can.
    pub trouble: Option<Trouble>,
    /// What this tab is doing.
    pub stage: Option<Stage>,
    /// Every value that came is embedded, verified and stored, or refused.
    pub finished: bool,
    /// The server knows, or need not.
    pub told: bool,
    /// The request never reached the server.
    pub never_arrived: bool,
    /// Its end was looked at.
    pub seen: bool,
    pub(super) sent_at: Option<Timestamp>,
}

/// Where a signing stands, as its screen shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The request is on its way.
    Sending,
    /// Whether the provider has it is being found out.
    Unknown,
    /// The phone asks for the PIN.
    Waiting,
    /// Values are here and are being embedded.
    Embedding,
    /// Every file is signed.
    Done,
    /// Some files are signed.
    Partial,
    /// Values came, none could be used.
    Refused,
    /// The request never reached the server.
    NeverArrived,
    /// It ended without a signature.
    Ended(SigningState),
}

impl Phase {
    /// Whether nothing changes any more.
    pub const fn is_over(self) -> bool {
        !matches!(
            self,
            Self::Sending | Self::Unknown | Self::Waiting | Self::Embedding
        )
    }

    /// Where it stands by what the server says alone.
    pub(super) const fn of_view(view: &SigningView) -> Self {
        match view.state {
            SigningState::Sending => Self::Sending,
            SigningState::Unknown => Self::Unknown,
            SigningState::Waiting => Self::Waiting,
            SigningState::Confirmed | SigningState::Done | SigningState::Partial => Self::Embedding,
            ended @ (SigningState::Rejected
            | SigningState::Expired
            | SigningState::Cancelled
            | SigningState::Failed
            | SigningState::Mismatch) => Self::Ended(ended),
        }
    }
}

/// The newer of two views: a server that is heard twice at a time, by its push and by an answer, is acted upon before the first of
/// the two is kept.
pub(super) fn newest(known: Option<SigningView>, kept: Option<SigningView>) -> Option<SigningView> {
    known
        .into_iter()
        .chain(kept)
        .max_by_key(|view| view.version)
}

impl From<Kept> for Watched {
    fn from(kept: Kept) -> Self {
        Self {
            pending: kept.pending,
            view: kept.progress.view,
            stored: kept.progress.stored,
            refused: Vec::new(),
            trouble: None,
            stage: None,
            finished: false,
            told: false,
            never_arrived: false,
            seen: kept.progress.seen,
            sent_at: kept.progress.sent_at,
        }
    }
}

impl Watched {
    /// Where it stands.
    pub fn phase(&self) -> Phase {
        if self.never_arrived {
            return Phase::NeverArrived;
        }
        if self.finished {
            return match (self.stored.len(), self.pending.files.len()) {
                (0, _) => Phase::Refused,
                (stored, all) if stored < all => Phase::Partial,
                _ => Phase::Done,
            };
        }
        self.view.as_ref().map_or(Phase::Sending, Phase::of_view)
    }

    /// Whether an attachment is signed and stored.
    pub fn has_stored(&self, attachment: Uuid) -> bool {
        self.stored.iter().any(|file| file.attachment == attachment)
    }

    /// Whether an attachment is signed by it right now: sent, not stored, not given up.
    pub fn holds(&self, attachment: Uuid) -> bool {
        self.pending.file(attachment).is_some()
            && !self.phase().is_over()
            && !self.has_stored(attachment)
    }

    /// What is left to sign, as a request to start again from.
    pub fn rest(&self) -> PendingSigning {
        let pending = self.pending.clone();
        pending.only(|attachment| !self.has_stored(attachment))
    }

    /// When it was sent.
    pub fn sent_at(&self) -> Option<Timestamp> {
        let started = self.view.as_ref().map(|view| view.started_at);
        started.or(self.sent_at)
    }

    /// Whether the page has nothing to do for it any more.
    pub(super) fn is_settled(&self) -> bool {
        self.phase().is_over() && (self.told || !self.finished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::provider::ProviderCode;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn view(version: i64, state: SigningState) -> SigningView {
        SigningView {
            id: Uuid::nil(),
            state,
            failure: None,
            provider: ProviderCode::try_from("vnpt-ca".to_owned()).expect("a code"),
            comparison_code: "0054".into(),
            started_at: Timestamp(0),
            expires_at: Timestamp(300_000),
            server_time: Timestamp(0),
            items: Vec::new(),
            version,
        }
    }

    #[wasm_bindgen_test]
    fn what_was_heard_counts_before_it_is_kept_and_what_another_tab_kept_when_it_is_newer() {
        let waiting = view(2, SigningState::Waiting);
        let confirmed = view(3, SigningState::Confirmed);
        let heard_twice = newest(Some(confirmed.clone()), Some(waiting.clone()));
        assert_eq!(heard_twice.as_ref(), Some(&confirmed));
        let kept_elsewhere = newest(Some(waiting), Some(confirmed.clone()));
        assert_eq!(kept_elsewhere.as_ref(), Some(&confirmed));
        assert_eq!(newest(None, Some(confirmed.clone())), Some(confirmed));
        assert_eq!(newest(None, None), None);
    }
}
