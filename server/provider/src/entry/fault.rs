//! What can be wrong with an entry, told by the entry's and the key's name.

use reqwest::Url;
use std::fmt;

/// What is wrong with one key of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFault {
    /// The entry's code; empty when the file as a whole cannot be read.
    pub entry: String,
    /// The key; empty when the fault is not about one.
    pub key: String,
    /// What is wrong, in English for an operator. Never a value that may be secret.
    pub reason: String,
}

impl fmt::Display for EntryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.entry.as_str(), self.key.as_str()) {
            ("", "") => write!(f, "provider entries: {}", self.reason),
            (entry, "") => write!(f, "provider {entry}: {}", self.reason),
            (entry, key) => write!(f, "provider {entry}: `{key}` {}", self.reason),
        }
    }
}

/// Why entries were refused: everything at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryError {
    /// At least one.
    pub faults: Vec<EntryFault>,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.faults.iter().enumerate() {
            let between = if position == 0 { "" } else { "; " };
            write!(f, "{between}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for EntryError {}

/// Collects what is wrong with one entry.
pub(super) struct Faults<'a> {
    pub(super) entry: String,
    pub(super) faults: &'a mut Vec<EntryFault>,
}

impl Faults<'_> {
    pub(super) fn add(&mut self, key: &str, reason: impl Into<String>) {
        self.faults.push(EntryFault {
            entry: self.entry.clone(),
            key: key.to_owned(),
            reason: reason.into(),
        });
    }

    /// An address without its slash at the end.
    pub(super) fn address(&mut self, key: &str, address: Option<String>) -> Option<String> {
        let address = address?.trim_end_matches('/').to_owned();
        let sound = Url::parse(&address).is_ok_and(|url| {
            matches!(url.scheme(), "https" | "http")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        if !sound {
            self.add(
                key,
                "is not an https address without user, query and fragment",
            );
        }
        Some(address)
    }

    pub(super) fn path(&mut self, key: &str, path: &str) {
        let plain = path.replace("{transaction}", "");
        let sound = plain.starts_with('/')
            && !plain.contains("..")
            && plain
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'.'));
        if !sound {
            self.add(
                key,
                "is not a path: a slash, then letters, digits, `/`, `_`, `-`, `.` and `{transaction}`",
            );
        }
    }

    /// A number within bounds, or its default.
    pub(super) fn within<T: PartialOrd + fmt::Display + Copy>(
        &mut self,
        key: &str,
        given: Option<T>,
        default: T,
        bounds: (T, T),
    ) -> T {
        let number = given.unwrap_or(default);
        if number < bounds.0 || number > bounds.1 {
            self.add(key, format!("is not between {} and {}", bounds.0, bounds.1));
        }
        number
    }
}
