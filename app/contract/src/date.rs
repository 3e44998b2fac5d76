//! Calendar dates: kept as `YYYY-MM-DD`, read and shown as `dd/mm/yyyy`. No clock: today is an argument.

use crate::value::{Timestamp, VietnamTime};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the Gregorian calendar, 1850 to 9999, valid by construction; `YYYY-MM-DD` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Text or numbers that are no day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no calendar date")]
pub struct NoDate;

/// The first year a form may name.
const FIRST_YEAR: u16 = 1850;

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a month, 0 for a month that does not exist.
const fn length(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl Date {
    /// A day by its numbers.
    ///
    /// # Errors
    /// [`NoDate`] when there is no such day, or the year is before 1850 or after 9999.
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, NoDate> {
        if year < FIRST_YEAR || year > 9999 || day == 0 || day > length(year, month) {
            return Err(NoDate);
        }
        Ok(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1-12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1-31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day in Vietnam at a moment; the first of January 1850 for moments before it.
    #[must_use]
    pub fn in_vietnam(moment: Timestamp) -> Self {
        let time = VietnamTime::from(moment);
        u16::try_from(time.year)
            .ok()
            .and_then(|year| Self::new(year, time.month, time.day).ok())
            .unwrap_or(Self {
                year: FIRST_YEAR,
                month: 1,
                day: 1,
            })
    }

    /// Reads what people write: `5/3/2020`, `05-03-2020`, `5.3.2020`, `05 03 2020`, `05032020`, or the kept form `2020-03-05`.
    /// The day comes first, as everywhere in Vietnam.
    ///
    /// # Errors
    /// [`NoDate`] for anything else; years need four digits.
    pub fn read(text: &str) -> Result<Self, NoDate> {
        let text = text.trim();
        let parts: Vec<&str> = text
            .split(['/', '-', '.', ' ', '\u{a0}'])
            .filter(|part| !part.is_empty())
            .collect();
        if parts
            .iter()
            .any(|part| !part.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(NoDate);
        }
        let (year, month, day) = match parts.as_slice() {
            [year, month, day] if year.len() == 4 => (*year, *month, *day),
            [day, month, year] => (*year, *month, *day),
            [all] => match (all.get(4..8), all.get(2..4), all.get(..2), all.len()) {
                (Some(year), Some(month), Some(day), 8) => (year, month, day),
                _ => return Err(NoDate),
            },
            _ => return Err(NoDate),
        };
        if year.len() != 4 || month.len() > 2 || day.len() > 2 {
            return Err(NoDate);
        }
        Self::new(
            year.parse().map_err(|_| NoDate)?,
            month.parse().map_err(|_| NoDate)?,
            day.parse().map_err(|_| NoDate)?,
        )
    }

    /// As people in Vietnam write it: `05/03/2020`.
    #[must_use]
    pub fn shown(self) -> String {
        format!("{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }

    /// Whole years from this day to another; 0 when the other is earlier.
    #[must_use]
    pub fn years_until(self, later: Self) -> u16 {
        let passed = later.year.saturating_sub(self.year);
        if (later.month, later.day) < (self.month, self.day) {
            passed.saturating_sub(1)
        } else {
            passed
        }
    }

    /// The day so many months later (earlier when negative); the last of the month where it is shorter. Stops at the calendar's ends.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let count = i32::from(self.year) * 12 + i32::from(self.month) - 1 + months;
        let year = u16::try_from(count.div_euclid(12))
            .unwrap_or(FIRST_YEAR)
            .clamp(FIRST_YEAR, 9999);
        let month = u8::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
        Self {
            year,
            month,
            day: self.day.min(length(year, month)),
        }
    }

    /// The day so many days later (earlier when negative). Stops at the calendar's ends.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        const DAY: i64 = 86_400_000;
        // 1970-01-01 in Vietnam begins seven hours before it does in Greenwich; noon keeps clear of both.
        Self::in_vietnam(Timestamp((self.number() + i64::from(days)) * DAY + DAY / 4))
    }

    /// Noon of this day in Vietnam.
    #[must_use]
    pub fn noon(self) -> Timestamp {
        Timestamp(self.number() * 86_400_000 + 5 * 3_600_000)
    }

    /// Days since 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl std::str::FromStr for Date {
    type Err = NoDate;
    /// Only the kept form, `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, NoDate> {
        let bytes = text.as_bytes();
        if bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' {
            Self::read(text)
        } else {
            Err(NoDate)
        }
    }
}

impl TryFrom<String> for Date {
    type Error = NoDate;
    fn try_from(text: String) -> Result<Self, NoDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn what_people_write_is_read_with_the_day_first() {
        for text in [
            "5/3/2020",
            "05/03/2020",
            "05-03-2020",
            " 5.3.2020 ",
            "05 03 2020",
            "05032020",
            "2020-03-05",
        ] {
            assert_eq!(Date::read(text), Ok(date("2020-03-05")), "{text}");
        }
        for text in [
            "",
            "31/04/2020",
            "29/02/2023",
            "5/3/20",
            "5/3",
            "5/3/2020/1",
            "năm 2020",
            "00/01/2020",
            "٠٥/٠٣/٢٠٢٠",
            "1/1/1849",
        ] {
            assert_eq!(Date::read(text), Err(NoDate), "{text}");
        }
        assert!("05/03/2020".parse::<Date>().is_err());
    }

    #[test]
    fn ages_count_whole_years() {
        assert_eq!(date("2008-02-29").years_until(date("2026-02-28")), 17);
        assert_eq!(date("2008-02-29").years_until(date("2026-03-01")), 18);
        assert_eq!(date("2026-03-01").years_until(date("2008-01-01")), 0);
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(date("2024-01-31").plus_months(1), date("2024-02-29"));
        assert_eq!(date("2024-02-29").plus_months(-12), date("2023-02-28"));
    }

    #[test]
    fn the_day_in_vietnam_begins_at_seventeen_in_greenwich() {
        assert_eq!(
            Date::in_vietnam(Timestamp(1_709_226_000_000)),
            date("2024-03-01")
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".{0,24}") {
            let _ = Date::read(&text);
            let _ = text.parse::<Date>();
        }

        #[test]
        fn what_is_shown_is_read_again(days in 0_i32..100_000) {
            let day = date("1900-01-01").plus_days(days);
            prop_assert_eq!(Date::read(&day.shown()), Ok(day));
            prop_assert_eq!(day.to_string().parse(), Ok(day));
        }

        #[test]
        fn days_there_and_back(days in -15_000_i32..100_000, more in 0_i32..4_000) {
            let day = date("1950-01-01").plus_days(days);
            prop_assert_eq!(day.plus_days(more).plus_days(-more), day);
            prop_assert!(more == 0 || day.plus_days(more) > day);
        }
    }
}
