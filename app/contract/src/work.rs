//! How a received dossier is worked on: the steps of its procedure, where it stands, who did what when.

use crate::right::Duty;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One step between "received" and "done", as the procedure's file says (`[[work]]`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is done, e.g. `Thẩm định hồ sơ`.
    pub name: String,
    /// Whose step it is.
    pub duty: Duty,
    /// Working days it may take.
    pub working_days: u16,
}

/// What is done to a dossier within its processing; its national status stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WorkAct {
    /// `Nhận việc`: somebody takes the step on.
    Take,
    /// `Chuyển bước tiếp theo`.
    Advance,
    /// `Trả lại bước trước`, with the reason.
    SendBack,
    /// `Giao cho người khác`.
    Assign,
    /// `Xin lỗi và hẹn lại`: why it is late and the new date. The citizen is told.
    Apologise,
    /// `Cho phép yêu cầu bổ sung lần nữa`: a leader answers for a request that makes the dossier count as late.
    AllowSupplement,
}

impl WorkAct {
    /// All of them, in the order the screen shows them.
    pub const ALL: [Self; 6] = [
        Self::Advance,
        Self::SendBack,
        Self::Take,
        Self::Assign,
        Self::Apologise,
        Self::AllowSupplement,
    ];

    /// Whether the reason must be said.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::SendBack | Self::Apologise | Self::AllowSupplement
        )
    }
}

/// An officer, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Colleague {
    /// Account.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// One line of what officers did. Citizens do not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub act: WorkDone,
    /// Name of the step it stood at afterwards; empty when at none.
    pub step: String,
    /// Whose it is from then on; empty for everybody of the duty.
    #[serde(default)]
    pub to: String,
    /// Note or reason.
    #[serde(default)]
    pub note: String,
    /// When the step, or after an apology the dossier, is due.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// The step before was done after it was due.
    #[serde(default)]
    pub late: bool,
}

/// What a line of work says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind", content = "act")]
pub enum WorkDone {
    /// Within processing.
    Work(WorkAct),
    /// With a change of state.
    Life(crate::life::Act),
}

/// `GET /api/officer/dossiers/{id}/work`: where a dossier stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Work {
    /// All steps.
    pub steps: Vec<Step>,
    /// At which it stands, from 0; none unless it is being processed.
    pub step: Option<usize>,
    /// When that step is due.
    #[serde(default)]
    pub step_due_at: Option<Timestamp>,
    /// Who has it; nobody: all with the step's duty see it as theirs.
    #[serde(default)]
    pub assignee: Option<Colleague>,
    /// What was done, oldest first.
    pub entries: Vec<WorkEntry>,
    /// The acts of [`crate::life`] that who asks may do now.
    pub acts: Vec<crate::life::Act>,
    /// The acts of work that who asks may do now.
    pub work: Vec<WorkAct>,
    /// Whether who asks may add result files.
    pub prepares: bool,
    /// To whom it can be given; empty for who may not.
    #[serde(default)]
    pub colleagues: Vec<Colleague>,
    /// Whether a leader allowed another supplement request since the last one.
    #[serde(default)]
    pub may_ask_again: bool,
    /// Working days up to the day the result is due, today not counted; negative when that day is over. None while no clock runs.
    #[serde(default)]
    pub working_days_left: Option<i32>,
    /// The dossier's version this was read with.
    pub version: i64,
}

/// `POST /api/officer/dossiers/{id}/work`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoWork {
    /// What.
    pub act: WorkAct,
    /// Note, or the reason where one is needed.
    #[serde(default)]
    pub note: String,
    /// To whom, for [`WorkAct::Assign`].
    #[serde(default)]
    pub to: Option<Uuid>,
    /// Working days from now, for [`WorkAct::Apologise`].
    #[serde(default)]
    pub working_days: u16,
    /// The version the officer saw.
    pub version: i64,
}

impl Work {
    /// Whether the step where it stands is past its time: then the reason is said when it is moved on.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.step.is_some() && self.step_due_at.is_some_and(|due| due < now)
    }
}

/// Whether a leader allowed another supplement request since the last one was made. The first request needs nobody.
#[must_use]
pub fn may_ask_again(after: &crate::life::After, lines: &[WorkEntry]) -> bool {
    let allow = WorkDone::Work(WorkAct::AllowSupplement);
    after.last_request().is_none_or(|last| {
        lines
            .iter()
            .any(|line| line.act == allow && line.at >= last)
    })
}

/// `POST /api/officer/inbox/handover`: gives what is chosen to somebody else, e.g. for the days of an absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandOver {
    /// To whom.
    pub to: Uuid,
    /// What they should know.
    #[serde(default)]
    pub note: String,
    /// Dossiers and the versions that were seen; at most [`crate::inbox::BULK_MAX`].
    pub dossiers: Vec<(Uuid, i64)>,
}

/// Most steps of a procedure.
pub const STEPS_MAX: usize = 12;
/// Working days an apology may ask for.
pub const APOLOGY_DAYS: std::ops::RangeInclusive<u16> = 1..=60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::DossierStatus;
    use crate::life::{Act, After};
    use crate::supplement::{Supplement, SupplementState};

    fn request(at: i64, state: SupplementState) -> Supplement {
        Supplement {
            id: Uuid::nil(),
            items: Vec::new(),
            asked_at: Timestamp(at),
            asked_by: String::new(),
            due_at: Timestamp(at),
            state,
            answered_at: None,
            before: DossierStatus::New,
        }
    }

    fn line(at: i64, act: WorkDone) -> WorkEntry {
        WorkEntry {
            at: Timestamp(at),
            actor: String::new(),
            act,
            step: String::new(),
            to: String::new(),
            note: String::new(),
            due_at: None,
            late: false,
        }
    }

    #[test]
    fn each_further_request_needs_a_leader_of_its_own() {
        let allowed = |at| line(at, WorkDone::Work(WorkAct::AllowSupplement));
        let after = |requests: &[Supplement]| After {
            supplements: requests.to_vec(),
            ..After::default()
        };
        let once = after(&[request(5, SupplementState::Answered)]);
        assert!(may_ask_again(&After::default(), &[]), "the first one");
        assert!(!may_ask_again(&once, &[]));
        assert!(!may_ask_again(&once, &[allowed(4)]), "before it");
        assert!(!may_ask_again(
            &once,
            &[line(9, WorkDone::Life(Act::Process))]
        ));
        assert!(may_ask_again(&once, &[allowed(6)]));
        let twice = after(&[
            request(5, SupplementState::Answered),
            request(7, SupplementState::Answered),
        ]);
        assert!(!may_ask_again(&twice, &[allowed(6)]), "used up");
        let mistake = after(&[request(5, SupplementState::TakenBack)]);
        assert!(may_ask_again(&mistake, &[]), "taken back counts as none");
    }
}
