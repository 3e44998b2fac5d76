//! What a signature looks like on the page.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// The selector above the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppearanceMode {
    /// `Chỉ văn bản`.
    #[default]
    TextOnly,
    /// `Chỉ hình ảnh`.
    ImageOnly,
    /// `Hình ảnh và văn bản`.
    ImageAndText,
    /// `Ký không hiện hình`: a field without an appearance, with the rectangle `[0 0 0 0]` (ISO 32000-2, 12.7.5.5).
    Invisible,
}

/// Everything the drawn signature is made of, but for the image, which travels as bytes of its own.
/// The `signature` crate turns it into lines, in the order of the fields here, and drops the last ones whole when the box is small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Appearance {
    /// Mode.
    pub mode: AppearanceMode,
    /// `Ký bởi: …`.
    pub signer: String,
    /// `Ngày ký: dd/MM/yyyy HH:mm:ss +07:00`; the same moment as `/M`.
    pub signed_at: Timestamp,
    /// Whether the line `Ngày ký` is shown; `/M` is written in any case.
    #[serde(default = "shown")]
    pub shows_time: bool,
    /// `Tổ chức cấp: …`.
    #[serde(default)]
    pub issuer: Option<String>,
    /// `Số định danh: …`, already masked.
    #[serde(default)]
    pub masked_id: Option<String>,
    /// `Số chứng thư: …`: the certificate's serial number in hexadecimal.
    #[serde(default)]
    pub serial: Option<String>,
    /// `Lý do: …`; also `/Reason`.
    #[serde(default)]
    pub reason: Option<String>,
    /// `Nơi ký: …`; also `/Location`.
    #[serde(default)]
    pub location: Option<String>,
}

/// Appearances kept before the choice existed showed the time.
const fn shown() -> bool {
    true
}
