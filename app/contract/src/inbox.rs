//! The officers' inbox: what is asked for, what comes back, and the words a dossier is found by.
//!
//! What is searched for may be personal and so travels in bodies, never in addresses: `POST /api/officer/inbox` gives a page,
//! `GET /api/officer/inbox/counts` the numbers beside the filters, `POST /api/officer/inbox/acts` does one act to many.

mod word;

pub use word::{Found, query_words};

use crate::date::Date;
use crate::dossier::{DossierStatus, DossierSummary};
use crate::life::Act;
use crate::problem::ProblemCode;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Dossiers of one page.
pub const PAGE: usize = 50;
/// Most dossiers one bulk request may name.
pub const BULK_MAX: usize = 200;
/// Saved filters of one officer.
pub const SAVED_MAX: usize = 30;
/// Longest name of a saved filter, in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Counts end here: more is said as "1.000+".
pub const COUNT_MAX: u64 = 1000;
/// Longest text that is searched for, in characters.
pub const SEARCH_CHARS_MAX: usize = 200;

/// The states in which somebody still has to do something, in the order of the work.
pub const ON_DESK: [DossierStatus; 6] = [
    DossierStatus::New,
    DossierStatus::Received,
    DossierStatus::Processing,
    DossierStatus::SupplementRequested,
    DossierStatus::PaymentRequested,
    DossierStatus::Done,
];

/// Which part of the desk is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind", content = "status")]
pub enum Shelf {
    /// `Đang mở`: everything that is not over.
    #[default]
    Open,
    /// One state.
    Only(DossierStatus),
    /// `Tất cả`.
    All,
}

impl Shelf {
    /// Whether it only holds what is not over.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Open => true,
            Self::Only(status) => ON_DESK.contains(&status),
            Self::All => false,
        }
    }
}

/// How a dossier stands to the day its result is promised for. Time in which the citizen is waited for does not count: what waits for a
/// supplement is none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Deadline {
    /// `Trễ hẹn`: past it.
    Late,
    /// `Đến hạn hôm nay`.
    Today,
    /// `Sắp đến hạn`: within the next three days after today.
    Soon,
}

/// Days after today that are soon.
const SOON_DAYS: i32 = 3;
const DAY_MS: i64 = 24 * 3600 * 1000;

impl Deadline {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Late, Self::Today, Self::Soon];

    /// The due dates it means, from the first millisecond to before the second one.
    #[must_use]
    pub fn bounds(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let midnight = start_of(Date::in_vietnam(now));
        let after = |days: i32| Timestamp(midnight.0 + i64::from(days) * DAY_MS);
        match self {
            Self::Late => (Timestamp(i64::MIN), now),
            Self::Today => (now, after(1)),
            Self::Soon => (after(1), after(1 + SOON_DAYS)),
        }
    }

    /// How a due date stands now; none when there is time.
    #[must_use]
    pub fn of(due: Timestamp, now: Timestamp) -> Option<Self> {
        Self::ALL.into_iter().find(|class| {
            let (from, before) = class.bounds(now);
            from <= due && due < before
        })
    }
}

/// The first moment of a day in Vietnam.
#[must_use]
pub fn start_of(day: Date) -> Timestamp {
    Timestamp(day.noon().0 - DAY_MS / 2)
}

/// Whether the agency's clock runs in a state: only then a due date makes a dossier late.
#[must_use]
pub const fn clock_runs(status: DossierStatus) -> bool {
    matches!(status, DossierStatus::Received | DossierStatus::Processing)
}

/// How a dossier came in (`Kênh`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// `Trực tiếp`.
    Counter,
    /// `Trực tuyến`.
    #[default]
    Online,
    /// `Bưu chính công ích`.
    Post,
}

impl Channel {
    /// All of them, in the order of their national numbers.
    pub const ALL: [Self; 3] = [Self::Counter, Self::Online, Self::Post];
}

/// Whose a dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The officer who asks.
    Mine,
    /// Nobody's yet.
    Nobody,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// The nearest due date first; what has none, or whose clock stands, behind it, the oldest first.
    #[default]
    Due,
    /// The last submitted first.
    Newest,
    /// The first submitted first.
    Oldest,
    /// By the applicant's given name, as Vietnamese lists are.
    Name,
}

impl Sort {
    /// All of them, in the order the screen offers them.
    pub const ALL: [Self; 4] = [Self::Due, Self::Newest, Self::Oldest, Self::Name];

    /// The order in which a shelf is shown: where nothing is due any more, the newest first.
    #[must_use]
    pub fn on(self, shelf: Shelf) -> Self {
        if self == Self::Due && !shelf.is_open() {
            Self::Newest
        } else {
            self
        }
    }
}

/// What the list is narrowed to; all conditions hold together. This is what is saved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct InboxFilter {
    /// State.
    pub shelf: Shelf,
    /// Code of a procedure.
    pub procedure: Option<String>,
    /// Name of an agency.
    pub agency: Option<String>,
    /// Deadline.
    pub deadline: Option<Deadline>,
    /// Submitted on this day or later.
    pub from: Option<Date>,
    /// Submitted on this day or earlier.
    pub to: Option<Date>,
    /// With a file that was signed on this portal, or without.
    pub signed: Option<bool>,
    /// Channel.
    pub channel: Option<Channel>,
    /// Whose.
    pub holder: Option<Holder>,
    /// Code, name, number or content, with or without accents.
    pub search: String,
    /// Order.
    pub sort: Sort,
}

impl InboxFilter {
    /// Whether anything but state and order narrows the list.
    #[must_use]
    pub fn narrows(&self) -> bool {
        *self
            != Self {
                shelf: self.shelf,
                sort: self.sort,
                ..Self::default()
            }
    }
}

/// `POST /api/officer/inbox`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskInbox {
    /// Which.
    pub filter: InboxFilter,
    /// What [`InboxPage::next`] said.
    #[serde(default)]
    pub after: Option<String>,
}

/// One line of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxLine {
    /// The dossier.
    #[serde(flatten)]
    pub summary: DossierSummary,
    /// Whose procedure it is.
    pub agency: String,
    /// How it came in.
    pub channel: Channel,
    /// Who works on it, by name.
    #[serde(default)]
    pub holder: Option<String>,
    /// Bulk acts name the version that was seen.
    pub version: i64,
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxPage {
    /// In the order that was asked for.
    pub lines: Vec<InboxLine>,
    /// Ask again with it for what follows; none at the end. A page may be short, even empty, and not be the last: no question looks
    /// through more dossiers than can be looked through at once.
    #[serde(default)]
    pub next: Option<String>,
}

/// A number that is not counted further than [`COUNT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Count {
    /// So many.
    pub number: u64,
    /// Or more.
    #[serde(default)]
    pub more: bool,
}

/// The numbers beside the filters: of everything the officer sees.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxCounts {
    /// By state.
    pub states: Vec<(DossierStatus, Count)>,
    /// By deadline.
    pub deadlines: Vec<(Deadline, Count)>,
    /// Not over.
    pub open: Count,
}

/// A saved filter (`Bộ lọc của tôi`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavedFilter {
    /// Identifier.
    pub id: Uuid,
    /// The officer's word for it.
    pub name: String,
    /// What it is.
    pub filter: InboxFilter,
}

/// `POST /api/officer/inbox/filters`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaveFilter {
    /// Its name; a filter of the same name is replaced.
    pub name: String,
    /// What it is.
    pub filter: InboxFilter,
}

/// Acts that can be done to many at once: those that need nothing of the single dossier but a look and, where one must be said, a reason.
pub const BULK_ACTS: [Act; 4] = [Act::Receive, Act::Process, Act::Finish, Act::Return];

/// `POST /api/officer/inbox/acts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActOnMany {
    /// One of [`BULK_ACTS`].
    pub act: Act,
    /// A note for the citizens.
    #[serde(default)]
    pub note: String,
    /// Dossiers and the versions that were seen.
    pub dossiers: Vec<(Uuid, i64)>,
}

/// What came of it, dossier by dossier.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActedOnMany {
    /// Done.
    pub done: Vec<Uuid>,
    /// Not done, and why.
    pub refused: Vec<(Uuid, ProblemCode)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-26 10:00 in Vietnam.
    const NOW: Timestamp = Timestamp(1_795_662_000_000);
    const HOUR: i64 = 3600 * 1000;

    #[test]
    fn what_is_due_today_becomes_late_at_its_hour() {
        let due = Timestamp(NOW.0 + 7 * HOUR);
        assert_eq!(Deadline::of(due, NOW), Some(Deadline::Today));
        assert_eq!(
            Deadline::of(due, Timestamp(due.0 + 1)),
            Some(Deadline::Late)
        );
        assert_eq!(
            Deadline::of(Timestamp(NOW.0 + 14 * HOUR), NOW),
            Some(Deadline::Soon),
            "midnight is tomorrow"
        );
        assert_eq!(
            Deadline::of(Timestamp(NOW.0 + (14 + 72) * HOUR), NOW),
            None,
            "the fourth day"
        );
    }

    #[test]
    fn every_state_is_on_the_desk_or_over() {
        for status in ON_DESK {
            assert!(!crate::life::is_over(status));
        }
        assert!(Shelf::Open.is_open() && !Shelf::All.is_open());
        assert!(!Shelf::Only(DossierStatus::Returned).is_open());
        assert_eq!(
            Sort::Due.on(Shelf::Only(DossierStatus::Returned)),
            Sort::Newest
        );
    }

    #[test]
    fn a_filter_travels_as_json_and_missing_parts_are_none() {
        let filter: InboxFilter =
            serde_json::from_str(r#"{"shelf":{"kind":"only","status":"new"},"deadline":"late"}"#)
                .expect("a filter");
        assert_eq!(filter.shelf, Shelf::Only(DossierStatus::New));
        assert!(filter.narrows());
        assert!(!InboxFilter::default().narrows());
    }
}
