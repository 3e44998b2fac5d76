//! A dossier's life after submission: who may do what in which state. One table, used by page and server.

use crate::dossier::{AttachmentManifest, DossierStatus};
use crate::validation::Verdict;
use crate::value::{FileName, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which side acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The person who submitted it.
    Citizen,
    /// The agency.
    Officer,
}

/// What can be done to a submitted dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// `Tiếp nhận`.
    Receive,
    /// `Không tiếp nhận`, with the reason.
    Refuse,
    /// `Yêu cầu bổ sung`: one complete list.
    AskSupplement,
    /// `Rút yêu cầu bổ sung`: the list was a mistake.
    TakeBackSupplement,
    /// The citizen answers the list: `Tôi đã bổ sung xong`.
    Supplement,
    /// `Chuyển xử lý`.
    Process,
    /// `Đã xử lý xong`.
    Finish,
    /// `Trả kết quả`.
    Return,
    /// `Rút hồ sơ`, by the citizen.
    Withdraw,
    /// `Dừng xử lý`, with the reason.
    Stop,
}

impl Act {
    /// All of them, in the order the screen shows them.
    pub const ALL: [Self; 10] = [
        Self::Receive,
        Self::Process,
        Self::Finish,
        Self::Return,
        Self::AskSupplement,
        Self::TakeBackSupplement,
        Self::Supplement,
        Self::Refuse,
        Self::Stop,
        Self::Withdraw,
    ];

    /// Whose act it is.
    #[must_use]
    pub const fn party(self) -> Party {
        match self {
            Self::Supplement | Self::Withdraw => Party::Citizen,
            _ => Party::Officer,
        }
    }

    /// Whether the other side must be told why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Refuse | Self::Stop)
    }
}

/// The states in which a citizen may take a dossier back.
pub const WITHDRAWABLE: [DossierStatus; 5] = [
    DossierStatus::New,
    DossierStatus::Received,
    DossierStatus::Processing,
    DossierStatus::SupplementRequested,
    DossierStatus::PaymentRequested,
];

/// The state an act leads to; none when it is not allowed. `before` is the state in which the open supplement request was made: the
/// dossier goes back there.
#[must_use]
pub fn next(
    status: DossierStatus,
    act: Act,
    before: Option<DossierStatus>,
) -> Option<DossierStatus> {
    use DossierStatus as S;
    let to = match (act, status) {
        (Act::Receive, S::New) => S::Received,
        (Act::Refuse, S::New) => S::Refused,
        // Asked before it was received and never answered.
        (Act::Refuse, S::SupplementRequested) if before == Some(S::New) => S::Refused,
        (Act::AskSupplement, S::New | S::Received | S::Processing) => S::SupplementRequested,
        (Act::TakeBackSupplement | Act::Supplement, S::SupplementRequested) => before?,
        (Act::Process, S::Received | S::PaymentRequested) => S::Processing,
        (Act::Finish, S::Processing) => S::Done,
        (Act::Return, S::Done) => S::Returned,
        (Act::Withdraw, _) if WITHDRAWABLE.contains(&status) => S::Withdrawn,
        (Act::Stop, S::Received | S::Processing | S::PaymentRequested) => S::Stopped,
        (Act::Stop, S::SupplementRequested) if before != Some(S::New) => S::Stopped,
        _ => return None,
    };
    Some(to)
}

/// What a side may do now.
pub fn acts(
    status: DossierStatus,
    party: Party,
    before: Option<DossierStatus>,
) -> impl Iterator<Item = Act> {
    Act::ALL
        .into_iter()
        .filter(move |act| act.party() == party && next(status, *act, before).is_some())
}

/// Whether nothing happens to it any more.
#[must_use]
pub const fn is_over(status: DossierStatus) -> bool {
    matches!(
        status,
        DossierStatus::Refused
            | DossierStatus::Withdrawn
            | DossierStatus::Stopped
            | DossierStatus::Returned
    )
}

/// Most files of a result.
pub const RESULTS_MAX: usize = 10;

/// A file the agency returns; its bytes are at `…/results/{id}` below the dossier's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResultFile {
    /// Chosen by the officer's browser.
    pub id: Uuid,
    /// Its name.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// The server's own verdict when it arrived.
    pub verdict: Verdict,
    /// When it was added.
    pub added_at: Timestamp,
    /// Who signed it on this portal, and whose seal it carries.
    #[serde(default)]
    pub hands: crate::paper::Hands,
}

/// A file that was replaced when a supplement request was answered; it stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormerFile {
    /// As announced.
    #[serde(flatten)]
    pub manifest: AttachmentManifest,
    /// When it was replaced.
    pub replaced_at: Timestamp,
}

/// What happened to a dossier after it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct After {
    /// Supplement requests, oldest first; the last one may be open.
    #[serde(default)]
    pub supplements: Vec<crate::supplement::Supplement>,
    /// Files that were replaced.
    #[serde(default)]
    pub former: Vec<FormerFile>,
    /// Files of the result: for citizens once it was returned.
    #[serde(default)]
    pub results: Vec<ResultFile>,
}

impl After {
    /// The supplement request that waits for an answer.
    #[must_use]
    pub fn open(&self) -> Option<&crate::supplement::Supplement> {
        self.supplements
            .last()
            .filter(|request| request.state == crate::supplement::SupplementState::Open)
    }

    /// When the last supplement request was made that was not taken back.
    #[must_use]
    pub fn last_request(&self) -> Option<Timestamp> {
        self.supplements
            .iter()
            .filter(|request| request.state != crate::supplement::SupplementState::TakenBack)
            .map(|request| request.asked_at)
            .max()
    }

    /// When supplement requests were answered.
    #[must_use]
    pub fn supplied(&self) -> Vec<Timestamp> {
        self.supplements
            .iter()
            .filter_map(|request| request.answered_at)
            .collect()
    }

    /// More than one supplement request: by the national rule the dossier counts as late.
    #[must_use]
    pub fn counts_as_late(&self) -> bool {
        self.supplements
            .iter()
            .filter(|request| request.state != crate::supplement::SupplementState::TakenBack)
            .count()
            > 1
    }
}

/// `POST /api/dossiers/{id}/withdrawal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithdrawDossier {
    /// Why, if the person wants to say.
    #[serde(default)]
    pub reason: String,
    /// The version the person saw.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use DossierStatus as S;
    use proptest::prelude::*;

    const STATES: [S; 10] = [
        S::New,
        S::Received,
        S::Refused,
        S::Processing,
        S::SupplementRequested,
        S::PaymentRequested,
        S::Withdrawn,
        S::Stopped,
        S::Done,
        S::Returned,
    ];

    #[test]
    fn what_is_over_stays_over_and_everything_else_has_an_end() {
        for status in STATES {
            let open: Vec<Act> = [Party::Citizen, Party::Officer]
                .into_iter()
                .flat_map(|party| acts(status, party, Some(S::New)))
                .collect();
            assert_eq!(open.is_empty(), is_over(status), "{status:?}: {open:?}");
        }
    }

    #[test]
    fn an_officer_cannot_withdraw_and_a_citizen_cannot_decide() {
        for status in STATES {
            for act in acts(status, Party::Citizen, Some(S::Received)) {
                assert!(matches!(act, Act::Supplement | Act::Withdraw));
            }
            assert!(
                acts(status, Party::Officer, Some(S::Received))
                    .all(|act| !matches!(act, Act::Supplement | Act::Withdraw))
            );
        }
    }

    #[test]
    fn a_finished_dossier_is_returned_and_cannot_be_withdrawn() {
        let open: Vec<Act> = acts(S::Done, Party::Officer, None).collect();
        assert_eq!(open, [Act::Return]);
        assert_eq!(acts(S::Done, Party::Citizen, None).count(), 0);
    }

    proptest! {
        /// Whatever is tried in whatever order, a dossier is never received twice, never processed before it was received, and
        /// what waits for a supplement goes back to where it was.
        #[test]
        fn no_order_of_acts_breaks_the_rules(tried in proptest::collection::vec(0_usize..10, 0..40)) {
            let (mut status, mut before) = (S::New, None);
            let (mut received, mut decided) = (0, false);
            for act in tried.into_iter().filter_map(|at| Act::ALL.get(at).copied()) {
                let Some(to) = next(status, act, before) else { continue };
                prop_assert!(!decided, "{act:?} after the end");
                match act {
                    Act::Receive => received += 1,
                    Act::AskSupplement => before = Some(status),
                    Act::Supplement | Act::TakeBackSupplement => {
                        prop_assert_eq!(Some(to), before);
                        before = None;
                    }
                    Act::Process | Act::Finish | Act::Return | Act::Stop => prop_assert_eq!(received, 1),
                    Act::Refuse => prop_assert_eq!(received, 0),
                    Act::Withdraw => {}
                }
                prop_assert!(received <= 1);
                decided = is_over(to);
                status = to;
            }
        }
    }
}
