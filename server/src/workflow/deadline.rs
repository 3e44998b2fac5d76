//! Working days: Monday to Friday, in Vietnam. Public holidays are not known yet.

use contract::value::{Timestamp, VietnamTime};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Days since 1970 in Vietnam.
const fn day(at: Timestamp) -> i64 {
    (at.0 + 7 * HOUR_MS).div_euclid(DAY_MS)
}

/// Whether a day since 1970 is one; 1970-01-01 was a Thursday.
const fn is_working(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// So many working days from now, at its end at 17:00.
#[must_use]
pub fn working_days_from(now: Timestamp, days: u16) -> Timestamp {
    let mut at = now;
    let mut left = days;
    while left > 0 {
        at = Timestamp(at.0 + DAY_MS);
        if is_working(day(at)) {
            left -= 1;
        }
    }
    let time = VietnamTime::from(at);
    let since_midnight =
        (i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second)) * 1000;
    Timestamp(at.0 - since_midnight + 17 * HOUR_MS)
}

/// How many working days there are after the day of `from` up to the day of `to`.
fn working_days_between(from: Timestamp, to: Timestamp) -> u16 {
    let days = (day(from) + 1..=day(to)).filter(|day| is_working(*day));
    u16::try_from(days.count()).unwrap_or(u16::MAX)
}

/// The due date once a supplement is here: the time of waiting is not the agency's. What was left when it was asked is left again.
#[must_use]
pub fn after_pause(due: Timestamp, asked: Timestamp, answered: Timestamp) -> Timestamp {
    if asked > due {
        // It was late before: waiting does not make it timely.
        return due;
    }
    working_days_from(answered, working_days_between(asked, due)).max(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 is a Friday; 10:00 in Vietnam.
    const FRIDAY: Timestamp = Timestamp(1_795_143_600_000);

    const fn later(days: i64) -> Timestamp {
        Timestamp(FRIDAY.0 + days * DAY_MS)
    }

    #[test]
    fn deadlines_skip_the_weekend() {
        assert_eq!(VietnamTime::from(FRIDAY).day, 20);
        let due = VietnamTime::from(working_days_from(FRIDAY, 1));
        assert_eq!((due.day, due.hour), (23, 17), "Monday 17:00");
        let due = VietnamTime::from(working_days_from(FRIDAY, 6));
        assert_eq!(due.day, 30);
    }

    #[test]
    fn the_clock_stands_still_while_the_citizen_is_waited_for() {
        // Due on Friday 27, asked on Monday 23: four working days are left. Answered on Wednesday 2 December: due on Tuesday 8.
        let due = working_days_from(FRIDAY, 5);
        let new = VietnamTime::from(after_pause(due, later(3), later(12)));
        assert_eq!((new.month, new.day, new.hour), (12, 8, 17));
        // Answered on the same day: nothing changes.
        assert_eq!(after_pause(due, later(3), later(3)), due);
        // Asked when it was late.
        assert_eq!(after_pause(due, later(10), later(20)), due);
    }
}
