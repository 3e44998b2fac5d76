//! Word files to PDF on the portal's server: `GET` and `POST /api/conversions`.
//!
//! The one thing for which a document leaves the browser before submission; the person is asked first. `POST` carries the file's
//! bytes as they are and answers the PDF; nothing of either is kept.

use serde::{Deserialize, Serialize};

/// Largest Word file that is converted, in bytes, unless the portal says less.
pub const CONVERSION_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// `GET /api/conversions`: whether this portal converts, so that the page offers nothing that does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversionOffer {
    /// Whether LibreOffice is there.
    pub offered: bool,
    /// Largest file, in bytes.
    pub bytes_max: u64,
}
