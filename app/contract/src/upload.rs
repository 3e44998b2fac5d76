//! Files that travel in pieces: `/api/uploads/{sha256}`. What was received stays received, whatever breaks in between.

use serde::{Deserialize, Serialize};

/// Largest piece, in bytes.
pub const PIECE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Smallest piece worth a request, in bytes; the last one may be shorter.
pub const PIECE_BYTES_MIN: u64 = 256 * 1024;
/// Header of a piece: where it begins in the file, in bytes.
pub const OFFSET_HEADER: &str = "upload-offset";

/// `PUT /api/uploads/{sha256}`: begins an upload, or asks how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeginUpload {
    /// Length of the whole file in bytes.
    pub size: u64,
}

/// How far an upload came: the answer to `PUT` and to every piece (`PATCH`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadState {
    /// Bytes that are on the server's disk: where the next piece begins.
    pub received: u64,
    /// Everything is there and its digest is the announced one.
    pub whole: bool,
}
