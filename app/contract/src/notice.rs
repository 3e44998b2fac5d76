//! Notices in the app (`Thông báo`), what comes by e-mail too, and reminders (`Nhắc việc`).

use crate::dossier::{DossierStatus, DossierSummary};
use crate::payment::PaymentAct;
use crate::value::{DossierCode, Serial, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a notice tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NoticeAbout {
    /// A dossier has a new state.
    Status {
        /// Which dossier.
        dossier: Uuid,
        /// Its code.
        code: DossierCode,
        /// Its procedure's name.
        procedure_name: String,
        /// The new state.
        status: DossierStatus,
    },
    /// The agency wrote.
    Message {
        /// About which dossier.
        dossier: Uuid,
        /// Its code.
        code: DossierCode,
        /// Its procedure's name.
        procedure_name: String,
    },
    /// Somebody in the agency confirmed, missed or gave back money, or decided on an exemption.
    Payment {
        /// For which dossier.
        dossier: Uuid,
        /// Its code.
        code: DossierCode,
        /// Its procedure's name.
        procedure_name: String,
        /// What happened.
        act: PaymentAct,
    },
    /// A reminder the person ordered.
    Reminder {
        /// What it reminds of.
        about: ReminderAbout,
        /// Its title when it was due.
        title: String,
        /// The day that comes.
        at: Timestamp,
    },
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Identifier; later ones are larger.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What it tells.
    pub about: NoticeAbout,
    /// Whether it was read.
    pub read: bool,
}

/// `GET /api/notices`: the newest 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notices {
    /// Newest first.
    pub notices: Vec<Notice>,
    /// How many are not read.
    pub unread: u64,
}

/// `GET /api/notices/unread`, the bell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unread {
    /// How many are not read.
    pub unread: u64,
}

/// `POST /api/notices/read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MarkRead {
    /// Only this one; without it all.
    #[serde(default)]
    pub notice: Option<Uuid>,
}

/// `GET` and `PUT /api/mail-choices`: which notices come by e-mail too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailChoices {
    /// A dossier has a new state.
    pub status: bool,
    /// The agency wrote.
    pub message: bool,
    /// Reminders.
    pub reminder: bool,
}

impl Default for MailChoices {
    fn default() -> Self {
        Self {
            status: true,
            message: true,
            reminder: true,
        }
    }
}

/// What a reminder is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ReminderAbout {
    /// The day a dossier's result is due; it moves with the dossier.
    Dossier {
        /// Which.
        dossier: Uuid,
    },
    /// The end of a certificate.
    Certificate {
        /// Which.
        serial: Serial,
    },
    /// The person's own note.
    Note {
        /// What to remember.
        text: String,
        /// The day, `YYYY-MM-DD`.
        day: String,
    },
}

/// Most reminders of a person.
pub const REMINDERS_MAX: usize = 100;
/// A reminder comes at most so many days before.
pub const DAYS_BEFORE_MAX: u16 = 90;

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reminder {
    /// Identifier.
    pub id: Uuid,
    /// What it is about.
    pub about: ReminderAbout,
    /// Procedure, owner of the certificate, or the note.
    pub title: String,
    /// How many days before.
    pub days_before: u16,
    /// The day that comes; none while the dossier has no due date.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// When it tells.
    #[serde(default)]
    pub fires_at: Option<Timestamp>,
    /// When it told.
    #[serde(default)]
    pub told_at: Option<Timestamp>,
}

/// `POST /api/reminders`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddReminder {
    /// Chosen by the browser.
    pub id: Uuid,
    /// What it is about.
    pub about: ReminderAbout,
    /// How many days before.
    pub days_before: u16,
}

/// A certificate of the person that the portal knows of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownCertificate {
    /// Serial number.
    pub serial: Serial,
    /// Owner by name.
    pub owner: String,
    /// Issuer by name.
    pub issuer: String,
    /// End of validity.
    pub valid_to: Timestamp,
}

/// `GET /api/reminders`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reminders {
    /// Reminders, next first, those that told last.
    pub reminders: Vec<Reminder>,
    /// Dossiers that may be reminded of.
    pub dossiers: Vec<DossierSummary>,
    /// Certificates that may be reminded of.
    pub certificates: Vec<KnownCertificate>,
}

/// When a reminder tells: seven in the morning in Vietnam, so many days before the day of `at`. Seven there is midnight UTC.
#[must_use]
pub const fn fires_at(at: Timestamp, days_before: u16) -> Timestamp {
    const DAY_MS: i64 = 86_400_000;
    let day = (at.0 + 7 * 3_600_000).div_euclid(DAY_MS) - days_before as i64;
    Timestamp(day * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::VietnamTime;

    #[test]
    fn a_reminder_tells_in_the_morning_of_its_day() {
        // 2026-11-20 17:00 in Vietnam.
        let due = Timestamp(1_795_168_800_000);
        assert_eq!(VietnamTime::from(due).hour, 17);
        for (days, day) in [(0, 20), (1, 19), (3, 17)] {
            let time = VietnamTime::from(fires_at(due, days));
            assert_eq!((time.day, time.hour, time.minute), (day, 7, 0));
        }
        // Just after midnight in Vietnam is the evening before in UTC.
        let early = Timestamp(1_795_168_800_000 - 16 * 3_600_000);
        assert_eq!(VietnamTime::from(fires_at(early, 0)).day, 20);
    }
}
