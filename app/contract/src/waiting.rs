//! Signature fields that wait for a signature, and what their author asks for (ISO 32000-2, 12.7.5.5).

use crate::geometry::Rect;
use crate::worker::FieldRefusal;
use serde::{Deserialize, Serialize};

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitingField {
    /// Fully qualified name.
    pub name: String,
    /// Where it shows: page from 0, box in view space. A field that shows nowhere takes a signature nobody sees.
    pub place: Option<(u32, Rect)>,
    /// What signing it locks.
    pub lock: Option<Locked>,
    /// What its author asks of the signature.
    pub asks: Asked,
    /// Why it cannot be signed here, whoever signs.
    pub refusal: Option<FieldRefusal>,
}

/// Fields that a signature locks, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "fields", content = "names", rename_all = "kebab-case")]
pub enum Locked {
    /// All.
    All,
    /// These.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

/// Required of the signature (seed values, table 237). What is merely recommended is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// One of these reasons; any, also none, when empty.
    pub reasons: Vec<String>,
    /// No reason at all.
    pub no_reason: bool,
    /// A timestamp.
    pub timestamp: bool,
    /// Certain certificates: whether the signer's is one of them is known when it is chosen.
    pub certificate: bool,
    /// The signature certifies the document, permitting so much: `/P`, 1 to 3.
    pub certifies: Option<u8>,
}
