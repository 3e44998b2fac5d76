//! Values that are valid by construction: parsed once at the edge, believed afterwards.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a value was refused; the sentence a person reads is chosen by the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ValueError {
    /// Nothing was given.
    #[error("required")]
    Required,
    /// More characters than the field holds.
    #[error("too long")]
    TooLong,
    /// The form is wrong (letters in a number, a digit too few).
    #[error("malformed")]
    Malformed,
}

macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ValueError;
            fn try_from(text: String) -> Result<Self, ValueError> {
                let parse: fn(&str) -> Result<String, ValueError> = $parse;
                parse(&text).map(Self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ValueError;
            fn from_str(text: &str) -> Result<Self, ValueError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Most characters of a [`Name`].
pub const NAME_CHARS_MAX: usize = 200;
/// Most characters of a [`Keyword`].
pub const KEYWORD_CHARS_MAX: usize = 100;
/// Most characters of a [`FileName`].
pub const FILE_NAME_CHARS_MAX: usize = 180;

fn bounded(text: &str, most: usize) -> Result<String, ValueError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        Err(ValueError::Required)
    } else if text.chars().count() > most {
        Err(ValueError::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(ValueError::Malformed)
    } else {
        Ok(text)
    }
}

fn digits(text: &str) -> Result<String, ValueError> {
    let kept: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}'))
        .collect();
    if kept.is_empty() {
        Err(ValueError::Required)
    } else if kept.bytes().all(|b| b.is_ascii_digit()) {
        Ok(kept)
    } else {
        Err(ValueError::Malformed)
    }
}

text_value!(
    /// Number of an identity card: 12 digits (CCCD) or 9 digits (CMND). Also the account name at every provider.
    CitizenId,
    |text| {
        let number = digits(text)?;
        if matches!(number.len(), 9 | 12) {
            Ok(number)
        } else {
            Err(ValueError::Malformed)
        }
    }
);

impl CitizenId {
    /// First four and last three digits, the rest dots: what may stand in appearances and lists.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, tail) = (self.0.get(..4), self.0.get(self.0.len() - 3..));
        format!("{}•••{}", head.unwrap_or(""), tail.unwrap_or(""))
    }
}

text_value!(
    /// A Vietnamese telephone number: 10 digits from 0 (mobile) or 11 (some land lines); `+84` is read as 0.
    Phone,
    |text| {
        let plain = text.trim();
        let plain = plain
            .strip_prefix("+84")
            .map_or_else(|| plain.to_owned(), |rest| format!("0{rest}"));
        let number = digits(&plain)?;
        if number.starts_with('0') && matches!(number.len(), 10 | 11) {
            Ok(number)
        } else {
            Err(ValueError::Malformed)
        }
    }
);

text_value!(
    /// A person's or an organisation's name, one line, at most 200 characters.
    Name,
    |text| bounded(text, NAME_CHARS_MAX)
);

text_value!(
    /// An anchor keyword (từ khóa định vị vị trí): one line, at most 100 characters.
    Keyword,
    |text| bounded(text, KEYWORD_CHARS_MAX)
);

text_value!(
    /// The name of a file without any folder, at most 180 characters.
    FileName,
    |text| {
        let last = text.rsplit(['/', '\\']).next().unwrap_or("");
        let name = bounded(last, FILE_NAME_CHARS_MAX)?;
        if name.starts_with('.') {
            Err(ValueError::Malformed)
        } else {
            Ok(name)
        }
    }
);

impl FileName {
    /// `NAME.pdf` → `NAME_signed.pdf`; a name that already ends so keeps it, never `_signed_signed`.
    #[must_use]
    pub fn signed(&self) -> Self {
        let stem = match self.0.rsplit_once('.') {
            Some((stem, extension)) if extension.eq_ignore_ascii_case("pdf") => stem,
            _ => &self.0,
        };
        if stem.ends_with("_signed") {
            Self(format!("{stem}.pdf"))
        } else {
            Self(format!("{stem}_signed.pdf"))
        }
    }
}

text_value!(
    /// A dossier's code, `000.00.00.H34-yymmdd-nnnn`: the receiving unit's identifier, the day, a number of that day.
    DossierCode,
    |text| {
        let text = text.trim().to_uppercase();
        let parts: Vec<&str> = text.split('-').collect();
        let valid = match parts.as_slice() {
            [unit, day, number] => {
                !unit.is_empty()
                    && unit.len() <= 32
                    && unit.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
                    && day.len() == 6
                    && day.bytes().all(|b| b.is_ascii_digit())
                    && (4..=6).contains(&number.len())
                    && number.bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if text.is_empty() {
            Err(ValueError::Required)
        } else if valid {
            Ok(text)
        } else {
            Err(ValueError::Malformed)
        }
    }
);

text_value!(
    /// A certificate's serial number in upper-case hexadecimal without leading zeros or separators.
    Serial,
    |text| {
        let kept: String = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .collect::<String>()
            .to_uppercase();
        let trimmed = kept.trim_start_matches('0');
        if kept.is_empty() {
            Err(ValueError::Required)
        } else if trimmed.bytes().all(|b| b.is_ascii_hexdigit()) && trimmed.len() <= 64 {
            Ok(if trimmed.is_empty() { "0" } else { trimmed }.to_owned())
        } else {
            Err(ValueError::Malformed)
        }
    }
);

impl Serial {
    /// The serial of a certificate that cannot be read: `0`, which no certificate may have (RFC 5280, 4.1.2.2).
    #[must_use]
    pub fn unknown() -> Self {
        Self("0".to_owned())
    }
}

/// A SHA-256 digest; lower-case hexadecimal on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(pub [u8; 32]);

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| ValueError::Malformed)?;
        Ok(Self(digest))
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.to_string()
    }
}

/// Bytes that travel in JSON as base64 (images, certificates); for files use a body of their own.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl TryFrom<String> for Base64 {
    type Error = ValueError;
    fn try_from(text: String) -> Result<Self, ValueError> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .map(Self)
            .map_err(|_| ValueError::Malformed)
    }
}

impl From<Base64> for String {
    fn from(bytes: Base64) -> Self {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes.0)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// An amount of money in đồng.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Dong(pub i64);

/// A moment as the civil date and time of Vietnam (UTC+7 all year), for appearances, codes and `/M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VietnamTime {
    /// Year, e.g. 2026.
    pub year: i64,
    /// Month, 1-12.
    pub month: u8,
    /// Day of the month, 1-31.
    pub day: u8,
    /// Hour, 0-23.
    pub hour: u8,
    /// Minute, 0-59.
    pub minute: u8,
    /// Second, 0-59.
    pub second: u8,
}

impl From<Timestamp> for VietnamTime {
    #[allow(clippy::cast_possible_truncation)] // every cast is of a value just reduced below 60
    fn from(moment: Timestamp) -> Self {
        let seconds = moment.0.div_euclid(1000) + 7 * 3600;
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days to civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: day as u8,
            hour: (rest / 3600) as u8,
            minute: (rest / 60 % 60) as u8,
            second: (rest % 60) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_have_nine_or_twelve_digits() {
        assert_eq!(
            "062 090 001 234".parse::<CitizenId>().map(|id| id.masked()),
            Ok("0620•••234".into())
        );
        assert_eq!(
            "06209000123".parse::<CitizenId>(),
            Err(ValueError::Malformed)
        );
        assert_eq!("".parse::<CitizenId>(), Err(ValueError::Required));
    }

    #[test]
    fn phones_accept_the_country_code() {
        assert_eq!(
            "+84 912 345 678".parse::<Phone>().map(String::from),
            Ok("0912345678".into())
        );
        assert_eq!("912345678".parse::<Phone>(), Err(ValueError::Malformed));
    }

    #[test]
    fn a_signed_name_is_signed_once() {
        let name: FileName = "Tờ khai.PDF".parse().expect("valid");
        assert_eq!(name.signed().as_str(), "Tờ khai_signed.pdf");
        assert_eq!(name.signed().signed().as_str(), "Tờ khai_signed.pdf");
        assert_eq!(
            "../../etc/passwd".parse::<FileName>().map(String::from),
            Ok("passwd".into())
        );
    }

    #[test]
    fn dossier_codes_have_the_national_shape() {
        assert!("000.00.15.H34-261123-0001".parse::<DossierCode>().is_ok());
        assert!("000.00.15.H34-261123".parse::<DossierCode>().is_err());
    }

    #[test]
    fn serials_compare_without_leading_zeros() {
        assert_eq!(
            "00:54:01".parse::<Serial>().map(String::from),
            Ok("5401".into())
        );
    }

    #[test]
    fn vietnam_is_seven_hours_ahead() {
        let time = VietnamTime::from(Timestamp(1_683_359_592_000)); // 2023-05-06T07:53:12Z
        assert_eq!((time.year, time.month, time.day), (2023, 5, 6));
        assert_eq!((time.hour, time.minute, time.second), (14, 53, 12));
        let leap = VietnamTime::from(Timestamp(1_709_226_000_000)); // 2024-02-29T17:00:00Z
        assert_eq!(
            (leap.year, leap.month, leap.day, leap.hour),
            (2024, 3, 1, 0)
        );
    }
}
