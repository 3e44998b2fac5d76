//! Working days: Monday to Friday in Vietnam without public holidays, and the days that are worked in exchange. Data, from a file.

use crate::data::{Fault, parse};
use anyhow::{Context as _, Result};
use contract::date::Date;
use contract::edition::CalendarDays;
use contract::value::{Timestamp, VietnamTime};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The built-in days: what the law fixes, and what had been announced.
const BUILT_IN: &str = include_str!("../../data/holidays.toml");
/// How the file names the days whose number and place are decided every year.
const TET: &str = "Tết Âm lịch";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Longest stretch without a working day that is believed, in days: a file that leaves none must not hang the server.
const STRETCH: i64 = 60;

/// Which days are worked. Clones share their days, which an administrator may replace while the portal runs.
#[derive(Debug, Clone, Default)]
pub struct Calendar(Arc<RwLock<Arc<Days>>>);

/// See [`Calendar`]. Days are numbered from 1970-01-01 in Vietnam.
#[derive(Debug, Clone, Default)]
pub struct Days {
    off: BTreeSet<i64>,
    on: BTreeSet<i64>,
    /// Years whose Tết is in it.
    tet: BTreeSet<u16>,
}

/// Days since 1970 in Vietnam.
const fn day(at: Timestamp) -> i64 {
    (at.0 + 7 * HOUR_MS).div_euclid(DAY_MS)
}

impl Days {
    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(text: &str) -> Result<(Self, CalendarDays), Vec<Fault>> {
        let days: CalendarDays = parse(text).map_err(|fault| vec![fault])?;
        let mut calendar = Self::default();
        let mut wrong = Vec::new();
        for (list, worked) in [(&days.off, false), (&days.on, true)] {
            for named in list {
                let Ok(date) = named.day.parse::<Date>() else {
                    let what = format!("{} is no date (YYYY-MM-DD)", named.day);
                    wrong.push(Fault::at(text, &named.day, what));
                    continue;
                };
                if named.name.starts_with(TET) {
                    calendar.tet.insert(date.year());
                }
                let number = day(date.noon());
                if worked {
                    calendar.on.insert(number);
                } else {
                    calendar.off.insert(number);
                }
            }
        }
        for both in calendar.on.intersection(&calendar.off) {
            let date = Date::in_vietnam(Timestamp(both * DAY_MS)).to_string();
            let what = format!("{date} is off and on");
            wrong.push(Fault::at(text, &date, what));
        }
        if wrong.is_empty() {
            Ok((calendar, days))
        } else {
            Err(wrong)
        }
    }

    /// Whether a day is worked; 1970-01-01 was a Thursday.
    fn is_working(&self, day: i64) -> bool {
        self.on.contains(&day) || ((day + 3).rem_euclid(7) < 5 && !self.off.contains(&day))
    }
}

impl From<Days> for Calendar {
    fn from(days: Days) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(days))))
    }
}

/// The text of a file, or of the built-in days, with its name.
///
/// # Errors
/// When the file cannot be read.
pub fn text(file: Option<&Path>) -> Result<(String, String)> {
    match file {
        None => Ok(("holidays.toml".to_owned(), BUILT_IN.to_owned())),
        Some(file) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
            Ok((name, text))
        }
    }
}

impl Calendar {
    /// Reads a file, or the built-in days.
    ///
    /// # Errors
    /// When the file cannot be read, or everything that is wrong in it.
    pub fn open(file: Option<&Path>) -> Result<Self> {
        let (name, text) = text(file)?;
        match Days::read(&text) {
            Ok((days, _)) => Ok(days.into()),
            Err(wrong) => {
                let told: Vec<String> = wrong
                    .iter()
                    .map(|fault| format!("{name}:{fault}"))
                    .collect();
                anyhow::bail!(told.join("\n"))
            }
        }
    }

    /// Other days count from now on, for everybody who holds this calendar.
    pub fn replace(&self, days: Days) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(days);
    }

    fn days(&self) -> Arc<Days> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Years from this one to the next whose Tết is missing: deadlines around it would be too early.
    #[must_use]
    pub fn missing(&self, now: Timestamp) -> Vec<u16> {
        let year = Date::in_vietnam(now).year();
        let days = self.days();
        (year..=year.saturating_add(1))
            .filter(|year| !days.tet.contains(year))
            .collect()
    }

    /// So many working days from now, at its end at 17:00.
    #[must_use]
    pub fn due(&self, now: Timestamp, days: u16) -> Timestamp {
        let mut at = now;
        let known = self.days();
        let (mut left, mut idle) = (days, 0);
        while left > 0 {
            at = Timestamp(at.0 + DAY_MS);
            idle += 1;
            if known.is_working(day(at)) || idle > STRETCH {
                left -= 1;
                idle = 0;
            }
        }
        let time = VietnamTime::from(at);
        let since_midnight =
            (i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second))
                * 1000;
        Timestamp(at.0 - since_midnight + 17 * HOUR_MS)
    }

    /// How many working days there are after the day of `from` up to the day of `to`.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> u16 {
        let known = self.days();
        let days = (day(from) + 1..=day(to)).filter(|day| known.is_working(*day));
        u16::try_from(days.count()).unwrap_or(u16::MAX)
    }

    /// A due date once a supplement is here: the time of waiting is not the agency's. What was left when it was asked is left again.
    #[must_use]
    pub fn after_pause(&self, due: Timestamp, asked: Timestamp, answered: Timestamp) -> Timestamp {
        if asked > due {
            // It was late before: waiting does not make it timely.
            return due;
        }
        self.due(answered, self.between(asked, due)).max(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 is a Friday; 10:00 in Vietnam.
    const FRIDAY: Timestamp = Timestamp(1_795_143_600_000);

    const fn later(days: i64) -> Timestamp {
        Timestamp(FRIDAY.0 + days * DAY_MS)
    }

    fn moment(date: &str) -> Timestamp {
        date.parse::<Date>().expect("a date").noon()
    }

    fn due(calendar: &Calendar, from: &str, days: u16) -> String {
        let due = calendar.due(moment(from), days);
        assert_eq!(VietnamTime::from(due).hour, 17);
        Date::in_vietnam(due).to_string()
    }

    #[test]
    fn deadlines_skip_the_weekend() {
        let plain = Calendar::default();
        assert_eq!(VietnamTime::from(FRIDAY).day, 20);
        let due = VietnamTime::from(plain.due(FRIDAY, 1));
        assert_eq!((due.day, due.hour), (23, 17), "Monday 17:00");
        assert_eq!(VietnamTime::from(plain.due(FRIDAY, 6)).day, 30);
    }

    #[test]
    fn deadlines_skip_holidays_and_count_what_is_worked_in_exchange() {
        let known = Calendar::open(None).expect("sound");
        // From Friday before Tết: the next working day is ten days later.
        assert_eq!(due(&known, "2026-02-13", 1), "2026-02-23");
        assert_eq!(due(&known, "2026-12-31", 1), "2027-01-04");
        assert_eq!(due(&known, "2027-04-29", 1), "2027-05-04");
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("holidays.toml");
        let text = "off = [{ day = '2026-01-02' }]\non = [{ day = '2026-01-10', name = 'Làm bù' }]";
        std::fs::write(&file, text).expect("written");
        let exchanged = Calendar::open(Some(&file)).expect("sound");
        assert_eq!(due(&exchanged, "2026-01-01", 1), "2026-01-05");
        assert_eq!(due(&exchanged, "2026-01-09", 1), "2026-01-10");
    }

    #[test]
    fn a_file_is_told_what_is_wrong_and_a_year_without_tet_is_noticed() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("holidays.toml");
        let text =
            "off = [{ day = '2026-02-30' }, { day = '2026-03-02' }]\non = [{ day = '2026-03-02' }]";
        std::fs::write(&file, text).expect("written");
        let told = Calendar::open(Some(&file))
            .expect_err("refused")
            .to_string();
        assert!(
            told.contains("2026-02-30") && told.contains("off and on"),
            "{told}"
        );
        let known = Calendar::open(None).expect("sound");
        assert_eq!(known.missing(FRIDAY), [2027]);
    }

    #[test]
    fn a_calendar_without_working_days_ends() {
        let never = Calendar::from(Days {
            off: (0..100_000).collect(),
            ..Days::default()
        });
        assert!(never.due(FRIDAY, 3) > FRIDAY);
    }

    #[test]
    fn the_clock_stands_still_while_the_citizen_is_waited_for() {
        let plain = Calendar::default();
        // Due on Friday 27, asked on Monday 23: four working days are left. Answered on Wednesday 2 December: due on Tuesday 8.
        let due = plain.due(FRIDAY, 5);
        let new = VietnamTime::from(plain.after_pause(due, later(3), later(12)));
        assert_eq!((new.month, new.day, new.hour), (12, 8, 17));
        // Answered on the same day: nothing changes.
        assert_eq!(plain.after_pause(due, later(3), later(3)), due);
        // Asked when it was late.
        assert_eq!(plain.after_pause(due, later(10), later(20)), due);
    }
}
