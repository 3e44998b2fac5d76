//! The CMS of a PAdES signature (RFC 5652, EN 319 122-1, EN 319 142-1), assembled around a value that was made elsewhere.

pub(crate) mod algorithm;
pub(crate) mod attributes;
pub(crate) mod signed_data;
