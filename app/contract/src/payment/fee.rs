//! What a fee of a procedure may say beyond its amount: how it is counted, what changes with the count, who pays less.

use crate::value::Dong;
use serde::{Deserialize, Serialize};

/// Largest count anybody may be asked for.
pub const COUNT_MAX: u32 = 10_000;

/// Where a count comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum FeeCount {
    /// There is one.
    #[default]
    Once,
    /// The answer to a number field of the procedure's form.
    Field {
        /// Its key.
        key: String,
    },
    /// Asked in the step `Thông tin phí, lệ phí`.
    Asked {
        /// Label, e.g. `Số trang của một bản`.
        label: String,
        /// Smallest; also what stands there at first.
        min: u32,
        /// Largest, at most [`COUNT_MAX`].
        max: u32,
    },
}

/// Units that cost otherwise from a certain one on (`từ trang thứ ba trở lên`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Further {
    /// The first such unit, counted from 1; at least 2.
    pub from: u32,
    /// What each of them costs.
    pub amount: Dong,
}

/// `Đối tượng miễn, giảm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exemption {
    /// Code; the same people have the same code in all fees of a procedure.
    pub code: String,
    /// Who: `Người thuộc hộ nghèo`.
    pub who: String,
    /// How much less is paid: 100 = nothing.
    pub percent: u8,
    /// What proves it.
    #[serde(default)]
    pub proof: String,
}
