//! A validation report that is kept: the verdict together with the file it is about, the time of the check and the circular's ten checks.
//!
//! As JSON it is the document that `server verify --report json` writes and the check screen saves. Fields are only ever added;
//! a change of meaning raises [`VERSION`]. Times are milliseconds since 1970 UTC, digests lower-case hexadecimal, DER Base64.

use crate::circular::Criterion;
use crate::validation::{Headline, ValidationReport};
use crate::value::{Sha256, Timestamp};
use serde::{Deserialize, Serialize};

/// What [`FileReport::format`] says.
pub const FORMAT: &str = "ho-so-ky-so/validation-report";
/// Version of the shape.
pub const VERSION: u32 = 1;

/// The kept report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileReport {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`] here.
    pub version: u32,
    /// The file.
    pub file: ReportedFile,
    /// When it was checked.
    pub checked_at: Timestamp,
    /// The sentence a person reads first.
    pub headline: Headline,
    /// What the validator found.
    pub report: ValidationReport,
    /// The ten checks of Thông tư 15/2025/TT-BKHCN for each of `report.signatures`, in their order; none for document timestamps.
    pub circular: Vec<Vec<Criterion>>,
}

/// The file a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportedFile {
    /// Its name where it was checked.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// Its SHA-256: a report is about this file and no other.
    pub sha256: Sha256,
}

/// In what shape a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// [`FileReport`].
    Json,
    /// ETSI TS 119 102-2.
    Xml,
    /// A page for people.
    Pdf,
}

impl ReportFormat {
    /// Media type.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Pdf => "application/pdf",
        }
    }

    /// Ending of a file name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Pdf => "pdf",
        }
    }
}
