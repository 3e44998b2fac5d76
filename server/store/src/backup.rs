//! A database and its files as one stream: taken while the portal runs, put into an empty place, checked on the way.
//!
//! The stream has every table of one moment and then every file that those rows name. Files are claimed before that moment, so that
//! none is swept until it is copied. Each table tells how many rows it has and what they add up to ([`rows::Sum`]); each file has its
//! digest; the last piece tells all of it once more, so that a stream that ends early is noticed. The same stream goes into a file
//! (`server backup`) or straight into another database (`server migrate`).

mod piece;
mod restore;
mod rows;
pub(crate) mod schema;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub use restore::{Target, restore};
pub use verify::verify;
pub use write::{Source, write};

pub(crate) use restore::refuse_incomplete;

use crate::database::{Database, StoreError};
use crate::files::{FileError, Files};
use crate::keys::{KeyError, Keys};
use contract::value::{Sha256, Timestamp};
use serde::{Deserialize, Serialize};

/// The shape of archives that this program writes and reads.
const FORMAT: u32 = 1;
/// Rows and files go in pieces of about so many bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// Why a copy could not be made, read or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("file {0}: {1}")]
    File(String, FileError),
    /// The archive could not be read or written.
    #[error("archive: {0}")]
    Archive(#[from] std::io::Error),
    /// The archive's key.
    #[error("archive: {0}")]
    Key(#[from] KeyError),
    /// The archive is encrypted and no key was given.
    #[error("the archive is encrypted with the key {0}, and no key was given")]
    Sealed(String),
    /// Not an archive, or one of another format.
    #[error("this is no archive of the portal, or one of a format that this program does not know")]
    Unknown,
    /// The archive ends before its end.
    #[error("the archive ends early: {0}")]
    Ends(String),
    /// The archive is not as it was written.
    #[error("the archive is damaged at byte {at}: {what}")]
    Damaged {
        /// Where the piece begins that is damaged.
        at: u64,
        /// Of what it is a part.
        what: String,
    },
    /// A newer portal made the archive.
    #[error("a newer portal made this archive: it has migration {0}")]
    Newer(i64),
    /// Something is there already.
    #[error("{0} is not empty; a copy is put into an empty place only")]
    NotEmpty(&'static str),
    /// What was written is not what was read.
    #[error("{0} is not what the archive has")]
    Differs(String),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for BackupError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What stands at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Shape of the archive.
    pub format: u32,
    /// When the copy was begun.
    pub made_at: Timestamp,
    /// Migrations the database had.
    pub migrations: Vec<i64>,
    /// Whether it was SQLite; else PostgreSQL.
    pub sqlite: bool,
    /// Whether files follow the rows.
    pub with_files: bool,
}

/// A table's rows, counted and added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Name.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Sum of their digests, hexadecimal.
    pub sum: String,
}

/// Everything a copy has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contents {
    /// Tables in their order.
    pub tables: Vec<TableSum>,
    /// Files.
    pub files: u64,
    /// Bytes of files.
    pub file_bytes: u64,
    /// Pieces of uploads that were under way.
    pub parts: u64,
    /// Files that rows name and that were missing or damaged already when the copy was made.
    pub lost: Vec<Sha256>,
}

/// Copies one database into another, empty one, and its files from one store into another where both are given. `keys` encrypt the
/// files there.
///
/// # Errors
/// See [`write`] and [`restore`].
pub async fn migrate(
    from: &Database,
    files: Option<(&Files, &Files)>,
    to_url: &str,
    keys: Option<&Keys>,
    now: Timestamp,
) -> Result<Contents, BackupError> {
    let source = Source {
        database: from,
        files: files.map(|(from, _)| from),
        keys: None,
        now,
    };
    let target = Target {
        database_url: to_url,
        files: files.map(|(_, to)| to),
        keys,
    };
    let (into, out) = tokio::io::duplex(4 * PIECE_BYTES);
    let (_, contents) = tokio::try_join!(write(source, into), restore(target, out))?;
    Ok(contents)
}

impl Contents {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}
