//! Text of a page with positions, and what searching and proposing give. All in view space (see [`crate::geometry`]).

use crate::geometry::{Point, Rect};
use serde::{Deserialize, Serialize};

/// Four corners of a piece of text: lower left, lower right, upper right, upper left in reading direction, in view space.
pub type Quad = [Point; 4];

/// The text of one page in reading order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageText {
    /// Lines, top to bottom.
    pub lines: Vec<TextLine>,
    /// Letters that no table of the file explains.
    pub unknown_letters: u32,
}

/// A line, assembled geometrically.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextLine {
    /// Its text, NFC as far as the file has it.
    pub text: String,
    /// Where it stands.
    pub quad: Quad,
    /// For each `char` of `text`: where it begins and ends along the line, in points from the quad's lower left corner.
    pub advances: Vec<(f32, f32)>,
}

/// A place where a text was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hit {
    /// Page, from 0.
    pub page: u32,
    /// One quad per line the hit spans.
    pub quads: Vec<Quad>,
    /// The text as the file has it.
    pub text: String,
}

/// Where the signature box should stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// Candidates, best first: the last signature block of the document leads.
    pub places: Vec<Place>,
    /// Why the first one stands where it does.
    pub reason: ProposalReason,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// Page, from 0.
    pub page: u32,
    /// Box in view space.
    pub rect: Rect,
    /// The anchor it belongs to.
    #[serde(default)]
    pub anchor: Option<Hit>,
}

/// Why a place was proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProposalReason {
    /// White space beside the keyword.
    Keyword,
    /// The keyword is there, but without white space around: it stands as near as it can.
    KeywordCrowded,
    /// The keyword does not occur: lower right of the last page.
    KeywordNotFound,
    /// The document has no text that can be searched (a scan): lower right of the last page.
    NoText,
}
