//! `Thống kê`: how many dossiers came, how many were done in time, how many came with digital signatures.

use crate::dossier::DossierStatus;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// Numbers of dossiers submitted within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figures {
    /// Submitted.
    pub received: u64,
    /// Done by the day that was named, with at most one supplement request (the national rule).
    pub on_time: u64,
    /// Done later, or with more than one.
    pub late: u64,
    /// Not done, and the day that was named is over.
    pub overdue: u64,
    /// Refused.
    pub refused: u64,
    /// With at least one supplement request.
    pub supplemented: u64,
    /// With at least one file signed on this portal.
    pub signed: u64,
    /// Submitted online.
    #[serde(default)]
    pub online: u64,
    /// Submitted online, done, and with an electronic result: only these count as online by the national rule.
    #[serde(default)]
    pub whole_online: u64,
}

impl Figures {
    /// Adds others.
    pub const fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.on_time += other.on_time;
        self.late += other.late;
        self.overdue += other.overdue;
        self.refused += other.refused;
        self.supplemented += other.supplemented;
        self.signed += other.signed;
        self.online += other.online;
        self.whole_online += other.whole_online;
    }

    /// Share of a part in a whole, in tenths of a percent; none of nothing.
    #[must_use]
    pub const fn share(part: u64, whole: u64) -> Option<u64> {
        match (part * 1000 + whole / 2).checked_div(whole) {
            Some(tenths) => Some(tenths),
            None => None,
        }
    }
}

/// How long dossiers took that were done, without the time in which citizens were waited for: nearest ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spread {
    /// Half of them took so many minutes or less.
    pub median: u32,
    /// Nine of ten took so many minutes or less.
    pub p90: u32,
}

impl Spread {
    /// Of some, in any order; none of nothing.
    #[must_use]
    pub fn of(mut minutes: Vec<u32>) -> Option<Self> {
        minutes.sort_unstable();
        let rank = |percent: usize| {
            let place = (minutes.len() * percent).div_ceil(100);
            minutes.get(place.checked_sub(1)?).copied()
        };
        Some(Self {
            median: rank(50)?,
            p90: rank(90)?,
        })
    }
}

/// A reason, and how often it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// One of [`REFUSALS`], or [`OTHER`].
    pub name: String,
    /// How often.
    pub number: u64,
}

/// Sentences a refusal may begin with: they are offered to the officer, and counted.
pub const REFUSALS: [&str; 6] = [
    "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan.",
    "Người nộp không thuộc đối tượng thực hiện thủ tục.",
    "Thành phần hồ sơ không đúng quy định.",
    "Tài liệu không hợp lệ hoặc chữ ký số không hợp lệ.",
    "Thông tin khai không đúng với giấy tờ đính kèm.",
    "Hồ sơ trùng với hồ sơ đã nộp trước đó.",
];

/// Reasons in words of the officer's own.
pub const OTHER: &str = "Lý do khác";

/// Under what the reason of a refusal is counted: whatever else stands in it may be personal and is not told.
#[must_use]
pub fn reason(note: &str) -> &'static str {
    let note = note.trim_start();
    REFUSALS
        .into_iter()
        .find(|known| note.starts_with(known))
        .unwrap_or(OTHER)
}

/// The rule by which a dossier is on time: data, since the decree behind it changes.
#[derive(Debug, Clone, Copy)]
pub struct OnTimeRule {
    /// States that end the work; the first group that was ever reached says when.
    pub ends: &'static [&'static [DossierStatus]],
    /// So many supplement requests are borne.
    pub requests_max: u64,
}

/// `NgayKetThucXuLy <= NgayHenTra`: done before returned before stopped or refused, and one supplement request.
pub const ON_TIME: OnTimeRule = OnTimeRule {
    ends: &[
        &[DossierStatus::Done],
        &[DossierStatus::Returned],
        &[DossierStatus::Stopped, DossierStatus::Refused],
    ],
    requests_max: 1,
};

/// What the rule looks at.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The day that was named; waiting for the citizen has moved it (`Calendar::after_pause`), so that this time does not count.
    pub due_at: Option<Timestamp>,
    /// When which state was reached first.
    pub reached: Vec<(DossierStatus, Timestamp)>,
    /// Supplement requests that were not taken back.
    pub requests: u64,
}

/// How a dossier stands to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Ended in time.
    OnTime,
    /// Ended late, or with too many requests.
    Late,
    /// It has not ended, or no day was ever named.
    None,
}

impl OnTimeRule {
    /// When the work ended.
    #[must_use]
    pub fn ended(&self, course: &Course) -> Option<Timestamp> {
        self.ends.iter().find_map(|group| {
            let mut times = course.reached.iter();
            times
                .by_ref()
                .filter(|(status, _)| group.contains(status))
                .map(|(_, at)| *at)
                .min()
        })
    }

    /// How it stands.
    #[must_use]
    pub fn outcome(&self, course: &Course) -> Outcome {
        match (self.ended(course), course.due_at) {
            (Some(end), Some(due)) if end <= due && course.requests <= self.requests_max => {
                Outcome::OnTime
            }
            (Some(_), Some(_)) => Outcome::Late,
            _ => Outcome::None,
        }
    }
}

/// Figures of one agency, field or month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FiguresOf {
    /// Its name; a month as `YYYY-MM`.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
    /// How long they took.
    #[serde(default)]
    pub spread: Option<Spread>,
}

/// `GET /api/officer/statistics`: the last twelve months, for the agencies of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statistics {
    /// When they were counted.
    pub at: Timestamp,
    /// All together.
    pub total: Figures,
    /// How long they took.
    #[serde(default)]
    pub spread: Option<Spread>,
    /// Why dossiers were refused, the most frequent reason first.
    #[serde(default)]
    pub refusals: Vec<Reason>,
    /// By agency, the most dossiers first.
    pub agencies: Vec<FiguresOf>,
    /// By field.
    pub fields: Vec<FiguresOf>,
    /// By month of submission, oldest first.
    pub months: Vec<FiguresOf>,
}

/// `GET /api/statistics`: what everybody may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicStatistics {
    /// When they were counted.
    pub at: Timestamp,
    /// Of the last twelve months.
    pub total: Figures,
    /// How long they took.
    #[serde(default)]
    pub spread: Option<Spread>,
    /// By month of submission, oldest first.
    pub months: Vec<FiguresOf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    use DossierStatus as S;

    fn course(due: Option<i64>, reached: &[(S, i64)], requests: u64) -> Course {
        Course {
            due_at: due.map(Timestamp),
            reached: reached.iter().map(|(s, at)| (*s, Timestamp(*at))).collect(),
            requests,
        }
    }

    #[test]
    fn the_end_is_when_it_was_done_not_when_somebody_came_for_it() {
        let done = [(S::Returned, 30), (S::Done, 10)];
        assert_eq!(ON_TIME.ended(&course(None, &done, 0)), Some(Timestamp(10)));
        assert_eq!(
            ON_TIME.outcome(&course(Some(10), &done, 1)),
            Outcome::OnTime
        );
        assert_eq!(ON_TIME.outcome(&course(Some(9), &done, 0)), Outcome::Late);
        let returned = [(S::Stopped, 5), (S::Returned, 30)];
        assert_eq!(
            ON_TIME.ended(&course(None, &returned, 0)),
            Some(Timestamp(30))
        );
        let stopped = [(S::Received, 1), (S::Stopped, 5)];
        assert_eq!(
            ON_TIME.outcome(&course(Some(5), &stopped, 0)),
            Outcome::OnTime
        );
    }

    #[test]
    fn a_second_request_is_late_whatever_the_day() {
        let done = [(S::Done, 10)];
        assert_eq!(ON_TIME.outcome(&course(Some(99), &done, 2)), Outcome::Late);
    }

    #[test]
    fn what_goes_on_or_had_no_day_is_neither() {
        assert_eq!(ON_TIME.outcome(&course(Some(1), &[], 0)), Outcome::None);
        let refused = [(S::Refused, 3)];
        assert_eq!(ON_TIME.outcome(&course(None, &refused, 0)), Outcome::None);
    }

    #[test]
    fn ranks_are_of_what_was_there() {
        assert_eq!(Spread::of(Vec::new()), None);
        let one = Spread::of(vec![7]).expect("one");
        assert_eq!((one.median, one.p90), (7, 7));
        let ten = Spread::of((1..=10).rev().collect()).expect("ten");
        assert_eq!((ten.median, ten.p90), (5, 9));
    }

    #[test]
    fn what_officers_write_themselves_is_not_told() {
        assert_eq!(
            reason(" Hồ sơ trùng với hồ sơ đã nộp trước đó. Mã 12"),
            REFUSALS[5]
        );
        assert_eq!(reason("Ông Mẫu đã mất"), OTHER);
    }

    #[test]
    fn shares_are_rounded_and_nothing_has_none() {
        assert_eq!(Figures::share(1, 3), Some(333));
        assert_eq!(Figures::share(2, 3), Some(667));
        assert_eq!(Figures::share(3, 3), Some(1000));
        assert_eq!(Figures::share(0, 0), None);
    }
}
