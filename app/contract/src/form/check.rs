//! Whether answers are right: one rule for page and server, and what is wrong with enough detail for a sentence.

use super::shown::{Shown, shown, text};
use super::{ADDRESS_PARTS, FieldDefinition, FieldKind, Format, NO, YES};
use crate::date::Date;
use crate::value::{CitizenId, Phone, ValueError};
use std::collections::BTreeMap;

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was written.
    Required,
    /// Nothing was chosen.
    NotChosen,
    /// Fewer characters than this.
    TooShort(u16),
    /// More characters than this.
    TooLong(u16),
    /// Characters that are not seen (control characters).
    Unreadable,
    /// It does not look like this.
    Format(Format),
    /// No number; so many digits may follow the comma.
    NotANumber(u8),
    /// Outside smallest and largest.
    OutOfRange(i64, i64),
    /// No day of the calendar.
    NotADate,
    /// Before this day.
    Before(Date),
    /// Before today.
    BeforeToday,
    /// After this day.
    After(Date),
    /// After today.
    AfterToday,
    /// Younger than so many years.
    TooYoung(u8),
    /// Older than so many years.
    TooOld(u8),
    /// None of the choices.
    NotAnOption,
    /// Fewer than so many choices.
    TooFew(u8),
    /// More than so many choices.
    TooMany(u8),
}

impl From<Fault> for ValueError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Required | Fault::NotChosen => Self::Required,
            Fault::TooLong(_) => Self::TooLong,
            _ => Self::Malformed,
        }
    }
}

/// Checks all answers to the fields that stand on the form; keys and faults in the form's order, empty when all is right.
#[must_use]
pub fn check(
    fields: &[FieldDefinition],
    detail: &BTreeMap<String, String>,
    today: Date,
) -> Vec<(String, Fault)> {
    let mut wrong = Vec::new();
    for field in shown(fields, detail) {
        if matches!(field.definition.kind, FieldKind::Address) {
            address(field, detail, &mut wrong);
        } else if let Err(fault) = answer(field.definition, field.answer(detail), today) {
            wrong.push((field.key(), fault));
        }
    }
    wrong
}

fn address(field: Shown<'_>, detail: &BTreeMap<String, String>, wrong: &mut Vec<(String, Fault)>) {
    let parts = ADDRESS_PARTS.map(|part| {
        let key = format!("{}.{part}", field.key());
        let answer = text(detail, &key);
        (key, answer)
    });
    // An address that was begun has to be whole.
    let asked = field.definition.required || parts.iter().any(|(_, answer)| !answer.is_empty());
    for (key, answer) in parts {
        if let Err(fault) = check_line(answer, asked, 200) {
            wrong.push((key, fault));
        }
    }
}

/// Checks one line of text.
///
/// # Errors
/// The [`Fault`].
pub fn check_line(answer: &str, required: bool, most: u16) -> Result<(), Fault> {
    let answer = answer.trim();
    if answer.is_empty() {
        return if required {
            Err(Fault::Required)
        } else {
            Ok(())
        };
    }
    if answer.chars().any(char::is_control) {
        return Err(Fault::Unreadable);
    }
    no_longer(answer, most)
}

fn no_longer(answer: &str, most: u16) -> Result<(), Fault> {
    if answer.chars().count() > usize::from(most) {
        Err(Fault::TooLong(most))
    } else {
        Ok(())
    }
}

fn answer(field: &FieldDefinition, answer: &str, today: Date) -> Result<(), Fault> {
    let chosen = matches!(
        field.kind,
        FieldKind::Choice { .. } | FieldKind::Choices { .. } | FieldKind::YesNo
    );
    if answer.is_empty() {
        return match (&field.kind, field.required) {
            // How many rows there are was settled by then.
            (FieldKind::Repeat { .. }, _) | (_, false) => Ok(()),
            (_, true) if chosen => Err(Fault::NotChosen),
            (_, true) => Err(Fault::Required),
        };
    }
    match &field.kind {
        FieldKind::Text {
            min_length,
            max_length,
            format,
        } => {
            check_line(answer, true, *max_length)?;
            if let Some(format) = format {
                format.check(answer)?;
            }
            if answer.chars().count() < usize::from(*min_length) {
                return Err(Fault::TooShort(*min_length));
            }
            Ok(())
        }
        FieldKind::LongText { max_length } => {
            if answer
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            {
                return Err(Fault::Unreadable);
            }
            no_longer(answer, *max_length)
        }
        FieldKind::Number {
            min, max, decimals, ..
        } => {
            let value = number(answer, *decimals).ok_or(Fault::NotANumber(*decimals))?;
            let scale = scale(*decimals);
            if value < i128::from(*min) * scale || value > i128::from(*max) * scale {
                return Err(Fault::OutOfRange(*min, *max));
            }
            Ok(())
        }
        FieldKind::Date { .. } => date(&field.kind, answer, today),
        FieldKind::Choice { options } => {
            if options.iter().any(|option| option == answer) {
                Ok(())
            } else {
                Err(Fault::NotAnOption)
            }
        }
        FieldKind::Choices { options, min, max } => choices(options, *min, *max, answer),
        FieldKind::YesNo if answer == YES || answer == NO => Ok(()),
        FieldKind::YesNo => Err(Fault::NotAnOption),
        FieldKind::Phone => Format::Phone.check(answer),
        FieldKind::Email => Format::Email.check(answer),
        FieldKind::CitizenId => Format::CitizenId.check(answer),
        FieldKind::Address | FieldKind::Repeat { .. } => Ok(()),
    }
}

fn choices(options: &[String], min: u8, max: Option<u8>, answer: &str) -> Result<(), Fault> {
    let chosen: Vec<&str> = answer
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let known = |line: &&str| options.iter().any(|option| option == line);
    if !chosen.iter().all(known) || chosen.len() > options.len() {
        return Err(Fault::NotAnOption);
    }
    if chosen.len() < usize::from(min) {
        return Err(Fault::TooFew(min));
    }
    match max {
        Some(max) if chosen.len() > usize::from(max) => Err(Fault::TooMany(max)),
        _ => Ok(()),
    }
}

fn date(kind: &FieldKind, answer: &str, today: Date) -> Result<(), Fault> {
    let FieldKind::Date {
        not_before,
        not_after,
        age_min,
        age_max,
    } = kind
    else {
        return Ok(());
    };
    let date: Date = answer.parse().map_err(|_| Fault::NotADate)?;
    if let Some(limit) = not_before {
        let day = limit.day(today);
        if date < day {
            return Err(if day == today {
                Fault::BeforeToday
            } else {
                Fault::Before(day)
            });
        }
    }
    if let Some(limit) = not_after {
        let day = limit.day(today);
        if date > day {
            return Err(if day == today {
                Fault::AfterToday
            } else {
                Fault::After(day)
            });
        }
    }
    if (age_min.is_some() || age_max.is_some()) && date > today {
        return Err(Fault::AfterToday);
    }
    let age = date.years_until(today);
    match (age_min, age_max) {
        (Some(least), _) if age < u16::from(*least) => Err(Fault::TooYoung(*least)),
        (_, Some(most)) if age > u16::from(*most) => Err(Fault::TooOld(*most)),
        _ => Ok(()),
    }
}

const fn scale(decimals: u8) -> i128 {
    10_i128.pow(if decimals > 6 { 6 } else { decimals } as u32)
}

/// Reads a number as it is written in Vietnam, times ten to the power of `decimals` (at most 6): points or spaces between
/// thousands, a comma before the fraction. A lone point that cannot stand between thousands is taken for the comma.
#[must_use]
pub fn number(text: &str, decimals: u8) -> Option<i128> {
    let decimals = decimals.min(6);
    let text = text.trim();
    let (negative, text) = text
        .strip_prefix(['-', '−'])
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = match (text.split_once(','), text.split_once('.')) {
        (Some((whole, fraction)), _) => (whole, fraction),
        (None, Some((whole, fraction)))
            if fraction.len() != 3 && !fraction.contains(['.', ' ']) && !whole.contains(' ') =>
        {
            (whole, fraction)
        }
        _ => (text, ""),
    };
    let groups: Vec<&str> = whole.split(['.', ' ', '\u{a0}']).collect();
    let grouped = groups.len() == 1
        || groups.iter().enumerate().all(|(place, group)| {
            if place == 0 {
                (1..=3).contains(&group.len())
            } else {
                group.len() == 3
            }
        });
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let point_without_fraction = fraction.is_empty() && text.len() != whole.len();
    if !grouped
        || point_without_fraction
        || groups
            .iter()
            .any(|group| group.is_empty() || !digits(group))
        || !digits(fraction)
        || fraction.len() > usize::from(decimals)
    {
        return None;
    }
    let mut all = groups.concat();
    all.push_str(fraction);
    all.extend(std::iter::repeat_n(
        '0',
        usize::from(decimals) - fraction.len(),
    ));
    // Nobody writes more digits than this, and it stays far from the end of the type.
    if all.len() > 30 {
        return None;
    }
    let value: i128 = all.parse().ok()?;
    Some(if negative { -value } else { value })
}

impl Format {
    /// Whether text looks like it.
    ///
    /// # Errors
    /// [`Fault::Format`].
    pub fn check(self, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        let fits = match self {
            Self::Digits => text.bytes().all(|b| b.is_ascii_digit()),
            Self::CitizenId => text.parse::<CitizenId>().is_ok(),
            Self::Phone => text.parse::<Phone>().is_ok(),
            Self::Email => is_email(text),
            Self::TaxCode => is_tax_code(text),
            Self::LicencePlate => is_licence_plate(text),
        };
        if fits {
            Ok(())
        } else {
            Err(Fault::Format(self))
        }
    }
}

fn is_email(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.contains('@')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        })
}

fn is_tax_code(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| *c != ' ').collect();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match plain.split_once('-') {
        Some((head, branch)) => {
            head.len() == 10 && branch.len() == 3 && digits(head) && digits(branch)
        }
        None => matches!(plain.len(), 10 | 12 | 13) && digits(&plain),
    }
}

/// Two digits of the province, a series of a letter and up to two more signs, four or five digits.
fn is_licence_plate(text: &str) -> bool {
    let plain: Vec<char> = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.'))
        .flat_map(char::to_uppercase)
        .collect();
    let Some((tail_at, series)) = plain
        .len()
        .checked_sub(4)
        .and_then(|tail_at| Some((tail_at, plain.get(2..tail_at)?)))
    else {
        return false;
    };
    let digit = |c: &char| c.is_ascii_digit();
    plain.iter().take(2).all(digit)
        && plain.iter().skip(tail_at).all(digit)
        && (1..=4).contains(&series.len())
        && series
            .iter()
            .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || *c == 'Đ')
        && series.first().is_some_and(|c| !c.is_ascii_digit())
}
