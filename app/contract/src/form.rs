//! Forms: the fields a procedure asks for (`Thông tin chi tiết`), as an administrator writes them down.
//!
//! Answers are a flat map of text by key ([`crate::dossier::DossierForm::detail`]): `nghe_nghiep`, for a part of an address
//! `noi_o.ward`, for a row of a repeated group `con.0.ho_ten` (rows count from 0, and `con` itself holds how many there are).
//! Dates are kept as `YYYY-MM-DD`, several choices one a line.

mod check;
mod faults;
mod shown;
mod told;

pub use check::{Fault, check, check_line, number};
pub use faults::faults;
pub use shown::{Shown, rows, shown, tidy};
pub use told::{Answer, answers};

use crate::date::Date;
use serde::{Deserialize, Serialize};

/// One field of a procedure's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldDefinition {
    /// Key in [`crate::dossier::DossierForm::detail`]: letters of ASCII, digits, `_` and `-`.
    pub key: String,
    /// Label.
    pub label: String,
    /// Kind and its limits.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// Must be filled (when it is shown).
    #[serde(default)]
    pub required: bool,
    /// What to write here, below the label.
    #[serde(default)]
    pub hint: String,
    /// Shown only then; what is not shown is neither asked for nor sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// `when = { key = "…", is = ["…"] }`: another field, which stands before this one, has one of these answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Key of the other field; in a repeated group first looked for in the same row.
    pub key: String,
    /// Answers that show this field; for several choices one of them is enough, for yes or no `Có` or `Không`.
    pub is: Vec<String>,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line.
    Text {
        /// Fewest characters.
        #[serde(default)]
        min_length: u16,
        /// Most characters; 200 when nothing is said.
        #[serde(default = "line")]
        max_length: u16,
        /// What it has to look like.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<Format>,
    },
    /// Several lines.
    LongText {
        /// Most characters; 2000 when nothing is said.
        #[serde(default = "lines")]
        max_length: u16,
    },
    /// A number within bounds, written as in Vietnam: `1.250` is a thousand, `12,5` a fraction.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// Shown behind the box, e.g. `m²`.
        #[serde(default)]
        unit: String,
        /// Digits allowed after the comma; 0 = whole numbers.
        #[serde(default)]
        decimals: u8,
    },
    /// A date, kept as `YYYY-MM-DD`.
    Date {
        /// Earliest day, e.g. `today`, `today-60d`, `2020-01-01`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Limit>,
        /// Latest day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_after: Option<Limit>,
        /// A date of birth: whole years somebody has to be old today.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        age_min: Option<u8>,
        /// A date of birth: whole years somebody may be old at most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        age_max: Option<u8>,
    },
    /// One of these: round buttons up to five, else a list.
    Choice {
        /// The choices as shown and kept.
        options: Vec<String>,
    },
    /// Any of these.
    Choices {
        /// The choices as shown and kept, one a line.
        options: Vec<String>,
        /// Fewest; a required field takes at least one.
        #[serde(default)]
        min: u8,
        /// Most; none = all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u8>,
    },
    /// [`YES`] or [`NO`].
    YesNo,
    /// Province, ward and street: three answers, `KEY.province`, `KEY.ward`, `KEY.street`.
    Address,
    /// A telephone number of Vietnam.
    Phone,
    /// An e-mail address.
    Email,
    /// The number of an identity card, 9 or 12 digits.
    CitizenId,
    /// A group of fields several times, e.g. children or members of a household; holds no group itself.
    Repeat {
        /// What one row is called, e.g. `Người con`.
        item: String,
        /// The fields of one row.
        fields: Vec<FieldDefinition>,
        /// Fewest rows.
        #[serde(default)]
        min: u8,
        /// Most rows, up to 30.
        max: u8,
    },
}

/// The answer yes.
pub const YES: &str = "Có";
/// The answer no.
pub const NO: &str = "Không";
/// The parts of an address behind its key.
pub const ADDRESS_PARTS: [&str; 3] = ["province", "ward", "street"];
/// Most rows a group may have.
pub const ROWS_MAX: u8 = 30;

const fn line() -> u16 {
    200
}

const fn lines() -> u16 {
    2000
}

/// What a line of text has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Digits only.
    Digits,
    /// An identity card's number: 9 or 12 digits.
    CitizenId,
    /// A telephone number of Vietnam.
    Phone,
    /// An e-mail address.
    Email,
    /// A tax code (mã số thuế): 10 digits, 10 and 3 for a branch, or 12 since the identity number serves as one.
    TaxCode,
    /// A licence plate (biển số xe), e.g. `82A-123.45`, `82B1-123.45`.
    LicencePlate,
}

/// A day, given or counted from today: `2020-01-01`, `today`, `today-60d`, `today+6m`, `today-18y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Limit {
    /// That day.
    On(Date),
    /// So many months and days from today.
    FromToday {
        /// Months, negative for the past.
        months: i16,
        /// Days, negative for the past.
        days: i16,
    },
}

/// A limit that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a limit: write a date YYYY-MM-DD, `today`, or today with a number of d(ays), m(onths) or y(ears) as in `today-60d`"
)]
pub struct NoLimit;

impl Limit {
    /// The day it means.
    #[must_use]
    pub fn day(self, today: Date) -> Date {
        match self {
            Self::On(date) => date,
            Self::FromToday { months, days } => today
                .plus_months(i32::from(months))
                .plus_days(i32::from(days)),
        }
    }
}

impl TryFrom<String> for Limit {
    type Error = NoLimit;
    fn try_from(text: String) -> Result<Self, NoLimit> {
        let text = text.trim();
        let Some(rest) = text.strip_prefix("today") else {
            return text.parse().map(Self::On).map_err(|_| NoLimit);
        };
        if rest.is_empty() {
            return Ok(Self::FromToday { months: 0, days: 0 });
        }
        let unit = rest.chars().last().ok_or(NoLimit)?;
        let count: i16 = rest
            .strip_suffix(unit)
            .filter(|count| count.starts_with(['+', '-']))
            .ok_or(NoLimit)?
            .parse()
            .map_err(|_| NoLimit)?;
        let (months, days) = match unit {
            'd' => (0, count),
            'm' => (count, 0),
            'y' => (count.checked_mul(12).ok_or(NoLimit)?, 0),
            _ => return Err(NoLimit),
        };
        Ok(Self::FromToday { months, days })
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::On(date) => date.to_string(),
            Limit::FromToday { months: 0, days: 0 } => "today".into(),
            Limit::FromToday { months: 0, days } => format!("today{days:+}d"),
            Limit::FromToday { months, .. } => format!("today{months:+}m"),
        }
    }
}

#[cfg(test)]
mod tests;
