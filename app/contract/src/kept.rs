//! `Kho dữ liệu cá nhân`: the files a citizen submitted, or keeps on purpose, to be used again.
//!
//! A file is named by the SHA-256 of its bytes; only who submitted or kept it may read it. `GET /api/kept` lists them,
//! `PUT /api/kept/{sha256}` keeps one (or renames it) and says whether its bytes have to be sent, `GET …/content` reads them,
//! `DELETE` takes the entry away: dossiers keep theirs.
//!
//! Bytes are sent in one request (`PUT …/content`), or in pieces as those of a dossier are ([`crate::upload`]): `PUT` and `PATCH
//! /api/uploads/{sha256}` until the upload is whole, then `POST …/content` without a body makes it the file that was announced. Either
//! goes on where the other broke off; asking again for what is there changes nothing (204).

use crate::validation::Verdict;
use crate::value::{DossierCode, FileName, Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `GET /api/kept`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Kept {
    /// Newest first.
    pub files: Vec<KeptFile>,
    /// Bytes of the files that were kept on purpose; those of dossiers do not count.
    pub used_bytes: u64,
    /// How many bytes there may be.
    pub quota_bytes: u64,
}

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptFile {
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// Its name: the person's own, else that in the dossier.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// When it was kept or submitted, whichever was later.
    pub kept_at: Timestamp,
    /// What the server found when it arrived.
    pub verdict: Verdict,
    /// Until when the paper is worth something, as the person noted it: `YYYY-MM-DD`.
    #[serde(default)]
    pub expires_on: Option<String>,
    /// Whether the person keeps it on purpose; else it is here because a dossier holds it.
    pub on_purpose: bool,
    /// Signings it carries, oldest first.
    #[serde(default)]
    pub signings: Vec<Uuid>,
    /// The attachment's identifier under which they were made.
    #[serde(default)]
    pub signed_as: Option<Uuid>,
    /// Where it was submitted, newest first.
    pub used_in: Vec<KeptUse>,
}

/// A dossier that holds a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptUse {
    /// The dossier.
    pub dossier: Uuid,
    /// Its code.
    pub code: DossierCode,
    /// Its procedure.
    pub procedure_name: String,
    /// When.
    pub submitted_at: Timestamp,
}

/// `PUT /api/kept/{sha256}`: keeps a file, or changes what is noted of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeepFile {
    /// Its name.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// `YYYY-MM-DD`, if the person noted one.
    #[serde(default)]
    pub expires_on: Option<String>,
    /// Signings it carries.
    #[serde(default)]
    pub signings: Vec<Uuid>,
    /// The attachment's identifier under which they were made.
    #[serde(default)]
    pub signed_as: Option<Uuid>,
}

/// Answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeepAccepted {
    /// Whether the bytes have to be sent: the portal does not have them from this person yet.
    pub missing: bool,
}
