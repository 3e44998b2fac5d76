//! What a document has beside its pages: outline, links, attached files, form fields.

use crate::geometry::Rect;
use serde::{Deserialize, Serialize};

/// A place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spot {
    /// Page, from 0.
    pub page: u32,
    /// Distance below the upper edge of the page, in points as seen; 0 where the file names none.
    pub y: f64,
}

/// One line of the outline (ISO 32000-2, 12.3.3), in reading order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutlineEntry {
    /// Its words.
    pub title: String,
    /// Depth, from 0.
    pub level: u8,
    /// Where it leads, when that is a page of this document.
    pub spot: Option<Spot>,
}

/// Where a link leads. Everything else a file may ask for (programs, scripts, other files) is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "to", rename_all = "kebab-case")]
pub enum LinkTarget {
    /// Into this document.
    Spot {
        /// There.
        spot: Spot,
    },
    /// To the web or to a mailbox: `http`, `https` or `mailto` only.
    Address {
        /// The address as the file has it.
        address: String,
    },
}

/// A link on a page (ISO 32000-2, 12.5.6.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// Where it can be touched, in view space.
    pub rect: Rect,
    /// Where it leads.
    pub target: LinkTarget,
}

/// A file inside the document (ISO 32000-2, 7.11.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttachedFile {
    /// Its name, without any folder.
    pub name: String,
    /// Its description, if any.
    pub description: Option<String>,
    /// Length in bytes once unpacked, where the file tells it.
    pub size: Option<u64>,
}

/// What a form field takes (ISO 32000-2, 12.7.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// `/Tx`.
    Text,
    /// `/Btn`: check boxes, radio buttons, push buttons.
    Button,
    /// `/Ch`.
    Choice,
    /// `/Sig`.
    Signature,
    /// None of these.
    Unknown,
}

/// A form field that stands on a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FormField {
    /// Fully qualified name.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Its value as text, if it has one.
    pub value: Option<String>,
    /// Page, from 0, and box in view space, when it is seen.
    pub place: Option<(u32, Rect)>,
}

/// What a document says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentDetails {
    /// PDF version, such as `1.7`.
    pub version: String,
    /// `/Producer`.
    pub producer: Option<String>,
    /// `/Creator`.
    pub creator: Option<String>,
    /// `/Author`.
    pub author: Option<String>,
    /// `/Lang` of the catalog.
    pub language: Option<String>,
    /// Whether it is tagged (`/MarkInfo /Marked true`).
    pub tagged: bool,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// The outline.
    pub outline: Vec<OutlineEntry>,
    /// Attached files.
    pub attachments: Vec<AttachedFile>,
    /// Form fields.
    pub fields: Vec<FormField>,
}
