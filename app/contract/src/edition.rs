//! The catalogue as administrators keep it: documents in the format of the data files, each with versions that are in force from a date.
//!
//! Version 0 is the data folder's file. On a day, the published version with the latest date up to that day is in force; of two with
//! one date, the later one.

use crate::date::Date;
use crate::procedure::{LifeEvent, Procedure};
use crate::unit::Units;
use crate::value::Timestamp;
use crate::work::Step;
use serde::{Deserialize, Serialize};

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// A procedure, by its code.
    Procedure,
    /// The events of life under which procedures are found.
    Events,
    /// Administrative units.
    Units,
    /// Days on which agencies do not work, and those worked in exchange.
    Holidays,
    /// The usual steps of work.
    Work,
}

/// The code of a document of which there is one only.
pub const SINGLE: &str = "-";

/// Longest note about a version, in characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// Longest document, in bytes: all communes of the country fit in.
pub const DOCUMENT_BYTES_MAX: usize = 900 * 1024;
/// Largest archive that is read in, in bytes.
pub const ARCHIVE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most documents of an archive, and most that are published together.
pub const DOCUMENTS_MAX: usize = 2000;

impl DocumentKind {
    /// All of them, in the order the screen shows them.
    pub const ALL: [Self; 5] = [
        Self::Procedure,
        Self::Events,
        Self::Units,
        Self::Holidays,
        Self::Work,
    ];

    /// As it stands in addresses.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Events => "events",
            Self::Units => "units",
            Self::Holidays => "holidays",
            Self::Work => "work",
        }
    }

    /// The kind of a tag.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.tag() == tag)
    }

    /// The name of a document's file.
    #[must_use]
    pub fn file_name(self, code: &str) -> String {
        match self {
            Self::Procedure => format!("{code}.toml"),
            _ => format!("{}.toml", self.tag()),
        }
    }

    /// Kind and code by a file's name, without its folders; none for what is no document.
    #[must_use]
    pub fn of_file(name: &str) -> Option<(Self, String)> {
        let stem = name
            .rsplit(['/', '\\'])
            .next()
            .and_then(|last| last.strip_suffix(".toml"))?;
        match Self::of_tag(stem) {
            Some(Self::Procedure) => None,
            Some(kind) => Some((kind, SINGLE.to_owned())),
            None => is_procedure_code(stem).then(|| (Self::Procedure, stem.to_owned())),
        }
    }
}

/// Whether it is a national code: a digit, a dot, six digits.
#[must_use]
pub fn is_procedure_code(code: &str) -> bool {
    code.split_once('.').is_some_and(|(head, tail)| {
        head.len() == 1
            && tail.len() == 6
            && head.bytes().chain(tail.bytes()).all(|b| b.is_ascii_digit())
    })
}

/// How a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EditionState {
    /// `Bản nháp`: being written.
    Draft,
    /// `Đã ban hành`: in force from its date on.
    Published,
    /// `Đã thu hồi`: not in force, or never was.
    Withdrawn,
}

/// A version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditionLine {
    /// Number within the document, from 1.
    pub number: i64,
    /// State.
    pub state: EditionState,
    /// In force from; of a draft what was planned.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// Who wrote it last.
    pub author: String,
    /// What it changes, and why.
    #[serde(default)]
    pub note: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// From its date on there is no such procedure any more.
    #[serde(default)]
    pub ends: bool,
    /// Changes with every change: whoever writes says which one was read.
    pub version: i64,
}

/// A line of `GET /api/admin/documents`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentLine {
    /// Kind.
    pub kind: DocumentKind,
    /// Code; [`SINGLE`] where there is one only.
    pub code: String,
    /// Name of a procedure; empty for others.
    #[serde(default)]
    pub name: String,
    /// Its field.
    #[serde(default)]
    pub field: String,
    /// Its agency.
    #[serde(default)]
    pub agency: String,
    /// The version in force; 0: the file of the data folder; none: not in force (yet, or any more).
    #[serde(default)]
    pub number: Option<i64>,
    /// Since when; none for the file.
    #[serde(default)]
    pub since: Option<Date>,
    /// The draft's version for writing, when there is a draft.
    #[serde(default)]
    pub draft: Option<i64>,
    /// When the next version comes into force.
    #[serde(default)]
    pub next: Option<Date>,
}

/// `GET /api/admin/documents/{kind}/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentView {
    /// Kind.
    pub kind: DocumentKind,
    /// Code.
    pub code: String,
    /// Whether the data folder has a file of it.
    pub base: bool,
    /// The version in force; none: not in force.
    #[serde(default)]
    pub number: Option<i64>,
    /// Today, as the server knows it.
    pub today: Date,
    /// All versions, the newest first.
    pub editions: Vec<EditionLine>,
}

/// A text that was read: in the format of the file, and as values for forms and preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentText {
    /// Number; 0 is the file.
    pub number: i64,
    /// As a file.
    pub text: String,
    /// As values; none for the end of a procedure.
    #[serde(default)]
    pub document: Option<Document>,
    /// Lines beside those of the version in force; empty for that version.
    #[serde(default)]
    pub difference: Vec<crate::difference::Piece>,
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarDay {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Why.
    #[serde(default)]
    pub name: String,
}

/// `holidays.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CalendarDays {
    /// Mondays to Fridays that are not worked.
    #[serde(default)]
    pub off: Vec<CalendarDay>,
    /// Saturdays and Sundays that are.
    #[serde(default)]
    pub on: Vec<CalendarDay>,
}

/// `work.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsualWork {
    /// The steps.
    pub work: Vec<Step>,
}

/// `events.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LifeEvents {
    /// The events, in the order they are shown.
    pub event: Vec<LifeEvent>,
}

/// A document as values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum Document {
    /// A procedure.
    Procedure(Box<Procedure>),
    /// Events of life.
    Events(LifeEvents),
    /// Units.
    Units(Units),
    /// Holidays.
    Holidays(CalendarDays),
    /// Usual steps.
    Work(UsualWork),
}

impl Document {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::Procedure(_) => DocumentKind::Procedure,
            Self::Events(_) => DocumentKind::Events,
            Self::Units(_) => DocumentKind::Units,
            Self::Holidays(_) => DocumentKind::Holidays,
            Self::Work(_) => DocumentKind::Work,
        }
    }
}

/// What an administrator wrote: a text, or values of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The text of a file.
    Text(String),
    /// Values; the server writes the file.
    Document(Document),
    /// The procedure ends.
    End,
}

/// What is wrong with a document, for people who read it: the line, and a sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentFault {
    /// The document's file, where several are looked at.
    #[serde(default)]
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// `POST /api/admin/documents/{kind}/{code}/check` answers this to a [`Source`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checked {
    /// What is wrong; empty when it is sound.
    pub faults: Vec<DocumentFault>,
    /// As a file.
    pub text: String,
    /// As values, when it can be read.
    #[serde(default)]
    pub document: Option<Document>,
    /// Lines beside those of the version in force.
    #[serde(default)]
    pub difference: Vec<crate::difference::Piece>,
}

/// `PUT /api/admin/documents/{kind}/{code}/draft`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaveDraft {
    /// What it says.
    pub source: Source,
    /// What it changes, and why.
    #[serde(default)]
    pub note: String,
    /// Planned day of coming into force.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// The draft's version as it was read; 0 when there was none.
    pub version: i64,
}

/// What came of something that is checked before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Done(Box<DocumentView>),
    /// Nothing was changed.
    Refused(Vec<DocumentFault>),
}

/// A draft by name, and the version that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DraftName {
    /// Kind.
    pub kind: DocumentKind,
    /// Code.
    pub code: String,
    /// Version.
    pub version: i64,
}

/// `POST /api/admin/publications`: these drafts come into force together, all of them or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Publish {
    /// Which.
    pub drafts: Vec<DraftName>,
    /// From which day; not before today.
    pub effective_from: Date,
}

/// Answer to [`Publish`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Published {
    /// What is wrong; empty when all of them were published.
    pub faults: Vec<DocumentFault>,
}

/// `POST /api/admin/documents/{kind}/{code}/editions/{number}/withdrawal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Withdraw {
    /// The version as it was read.
    pub version: i64,
}

/// What came of one file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Imported {
    /// It says what is in force.
    Same,
    /// It became a draft, which has this version.
    Draft(i64),
    /// There is a draft already, which was left alone.
    Taken,
    /// It is no document of the catalogue.
    Unknown,
    /// It is wrong.
    Wrong(Vec<DocumentFault>),
}

/// A line of the answer to `POST /api/admin/import`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportLine {
    /// Name of the file.
    pub file: String,
    /// Kind and code, where it is a document.
    #[serde(default)]
    pub document: Option<(DocumentKind, String)>,
    /// What came of it.
    pub result: Imported,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_which_document_it_is() {
        let read = |name: &str| DocumentKind::of_file(name);
        let birth = Some((DocumentKind::Procedure, "1.001193".to_owned()));
        assert_eq!(read("danh-muc/1.001193.toml"), birth);
        assert_eq!(
            read("units.toml"),
            Some((DocumentKind::Units, SINGLE.to_owned()))
        );
        for other in [
            "README.md",
            "procedure.toml",
            "1.1.toml",
            "x/.toml",
            "1.001193",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        for kind in DocumentKind::ALL {
            let code = if kind == DocumentKind::Procedure {
                "2.000033"
            } else {
                SINGLE
            };
            assert_eq!(read(&kind.file_name(code)), Some((kind, code.to_owned())));
        }
    }

    #[test]
    fn a_code_is_a_digit_a_dot_and_six_digits() {
        assert!(is_procedure_code("1.001193"));
        for wrong in [
            "",
            "1.00119",
            "11.001193",
            "1.00119x",
            "1,001193",
            "１.001193",
        ] {
            assert!(!is_procedure_code(wrong), "{wrong}");
        }
    }
}
