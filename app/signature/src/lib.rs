//! PAdES signatures: revisions, incremental update, appearance, CMS, X.509, validation; no browser, no clock, no network.

pub mod certificate;
mod error;
pub mod key;
pub(crate) mod tlv;
mod value;

pub use error::SignError;
pub use value::{VerifyError, normalize_value, verify_value};
