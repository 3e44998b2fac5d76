//! Signature profiles (mẫu chữ ký): `GET/POST /api/profiles`, `PUT/DELETE /api/profiles/{id}`.

use crate::provider::ProviderCode;
use crate::value::{Base64, CitizenId, Keyword, Name, Phone, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Largest image of a profile after the browser re-encoded it, in bytes.
pub const IMAGE_BYTES_MAX: usize = 300 * 1024;
/// Largest side of a profile's image, in pixels.
pub const IMAGE_SIDE_MAX: u32 = 1200;

/// A stored profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignatureProfile {
    /// Identifier.
    pub id: Uuid,
    /// What the person entered.
    #[serde(flatten)]
    pub content: ProfileContent,
    /// Whether it is proposed first; exactly one profile of an account is.
    pub is_default: bool,
    /// Last change.
    pub updated_at: Timestamp,
    /// Grows with every change; `PUT` names the version it edited.
    pub version: i64,
}

/// What a person enters under `THÊM MỚI`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProfileContent {
    /// `Tên chữ ký`.
    pub name: Name,
    /// `Số điện thoại ký số`: the phone registered with the provider.
    pub phone: Phone,
    /// `Từ khóa định vị vị trí`.
    pub keyword: Keyword,
    /// PNG with transparency, re-encoded in the browser: at most [`IMAGE_BYTES_MAX`], no side over [`IMAGE_SIDE_MAX`].
    #[serde(default)]
    pub image: Option<Base64>,
    /// Provider accounts (`+ Thêm thông tin`).
    pub accounts: Vec<ProviderAccount>,
}

/// An account with a provider: `Loại chữ ký số` (always NEAC Sign), `Tài khoản`, `Nhà cung cấp`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderAccount {
    /// The identity number registered with the provider.
    pub citizen_id: CitizenId,
    /// The provider.
    pub provider: ProviderCode,
}

/// `POST` (then `version` is absent) and `PUT`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaveProfile {
    /// What to store.
    #[serde(flatten)]
    pub content: ProfileContent,
    /// Make it the default.
    #[serde(default)]
    pub is_default: bool,
    /// The version that was edited.
    #[serde(default)]
    pub version: Option<i64>,
}
