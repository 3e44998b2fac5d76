//! Writing a copy.

use super::piece::{FileHead, Piece, TableHead, Writer};
use super::rows::{self, Sum};
use super::schema::{self, Table};
use super::{BackupError, Contents, FORMAT, Head, PIECE_BYTES, TableSum};
use crate::database::{Database, StoreError};
use crate::files::{FileError, Files};
use crate::keys::Keys;
use contract::value::{Sha256, Timestamp};
use futures_util::{Stream, TryStreamExt as _};
use sqlx::{Any, Row as _, Transaction};
use tokio::io::AsyncWrite;

/// What is copied.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The database.
    pub database: &'a Database,
    /// The files; without them the copy is of the database alone.
    pub files: Option<&'a Files>,
    /// Encrypts the copy.
    pub keys: Option<&'a Keys>,
    /// When.
    pub now: Timestamp,
}

/// Writes a copy of one moment. The portal may run meanwhile.
///
/// # Errors
/// When the database, the file store or the writing fails. A single file that is missing or damaged is no error:
/// [`Contents::lost`] names it.
pub async fn write<W: AsyncWrite + Unpin + Send>(
    source: Source<'_>,
    out: W,
) -> Result<Contents, BackupError> {
    if source.files.is_some() {
        source.database.claim_all(source.now).await?;
    }
    let mut out = Writer::begin(out, source.keys).await?;
    let mut contents = Contents::default();
    let mut moment = source.database.moment().await?;
    let sqlite = source.database.is_sqlite();
    let tables = schema::tables(&mut moment, sqlite).await?;
    let migrations = schema::migrations(&mut moment).await?;
    out.piece(&Piece::Head(Head {
        format: FORMAT,
        made_at: source.now,
        migrations,
        sqlite,
        with_files: source.files.is_some(),
    }))
    .await?;
    for table in &tables {
        let sum = copy_table(&mut moment, table, &mut out).await?;
        contents.tables.push(sum);
    }
    if let Some(files) = source.files {
        // 32 bytes a file: the moment is not held until all are copied.
        let digests = Database::named_files(&mut moment, &tables).await?;
        drop(moment);
        copy_files(files, &digests, &mut out, &mut contents).await?;
    }
    out.piece(&Piece::End(contents.clone())).await?;
    out.end().await?;
    Ok(contents)
}

async fn copy_table<W: AsyncWrite + Unpin>(
    moment: &mut Transaction<'static, Any>,
    table: &Table,
    out: &mut Writer<W>,
) -> Result<TableSum, BackupError> {
    out.piece(&Piece::Table(TableHead {
        name: table.name.clone(),
        columns: table.columns.clone(),
    }))
    .await?;
    let select = sqlx::AssertSqlSafe(rows::select(table));
    let mut rows = sqlx::query(select).fetch(&mut **moment);
    let (mut count, mut sum) = (0_u64, Sum::default());
    let mut lines = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let line = rows::encode(&row, &table.columns)?;
        sum.add(&line);
        count += 1;
        lines.extend_from_slice(&line);
        lines.push(b'\n');
        if lines.len() >= PIECE_BYTES {
            out.piece(&Piece::Rows(std::mem::take(&mut lines))).await?;
        }
    }
    if !lines.is_empty() {
        out.piece(&Piece::Rows(lines)).await?;
    }
    let sum = TableSum {
        name: table.name.clone(),
        rows: count,
        sum: sum.to_string(),
    };
    out.piece(&Piece::TableEnd(sum.clone())).await?;
    Ok(sum)
}

async fn copy_files<W: AsyncWrite + Unpin>(
    files: &Files,
    digests: &[Sha256],
    out: &mut Writer<W>,
    contents: &mut Contents,
) -> Result<(), BackupError> {
    for digest in digests {
        let head = FileHead::File(*digest);
        let whole = match files.open(digest).await {
            Ok((size, _, bytes)) => {
                let whole = copy_file(head, bytes, out).await?;
                contents.file_bytes += if whole { size } else { 0 };
                whole
            }
            Err(FileError::NotFound | FileError::Damaged) => false,
            Err(error) => return Err(BackupError::File(digest.to_string(), error)),
        };
        if whole {
            contents.files += 1;
        } else {
            contents.lost.push(*digest);
        }
    }
    let mut names = std::pin::pin!(files.upload_objects());
    while let Some(name) = next(&mut names).await? {
        match files.open_upload_object(&name).await {
            Ok(bytes) => {
                copy_file(FileHead::Part(name), bytes, out).await?;
                contents.parts += 1;
            }
            // Joined or swept meanwhile.
            Err(FileError::NotFound) => {}
            Err(error) => return Err(BackupError::File(name, error)),
        }
    }
    Ok(())
}

async fn next<S>(names: &mut S) -> Result<Option<String>, BackupError>
where
    S: Stream<Item = Result<String, FileError>> + Unpin,
{
    names
        .try_next()
        .await
        .map_err(|error| BackupError::File("upload".to_owned(), error))
}

/// Whether the file could be read to its end and is the one that was written.
async fn copy_file<W: AsyncWrite + Unpin>(
    head: FileHead,
    bytes: impl Stream<Item = Result<Vec<u8>, FileError>>,
    out: &mut Writer<W>,
) -> Result<bool, BackupError> {
    let name = head.to_string();
    out.piece(&Piece::File(head)).await?;
    let mut bytes = std::pin::pin!(bytes);
    let whole = loop {
        match bytes.try_next().await {
            Ok(Some(block)) => {
                for part in block.chunks(4 * PIECE_BYTES) {
                    out.piece(&Piece::Bytes(part.to_vec())).await?;
                }
            }
            Ok(None) => break true,
            Err(FileError::Damaged | FileError::NotFound) => break false,
            Err(error) => return Err(BackupError::File(name, error)),
        }
    };
    out.piece(&Piece::FileEnd(whole)).await?;
    Ok(whole)
}

impl Database {
    /// One moment of the database, for as long as this lives.
    async fn moment(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(if self.is_sqlite() {
            // Its moment is that of the first reading; writers go on beside it.
            self.pool.begin_with("BEGIN").await?
        } else {
            self.pool
                .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await?
        })
    }

    /// Digests of all files that rows name.
    async fn named_files(
        moment: &mut Transaction<'static, Any>,
        tables: &[Table],
    ) -> Result<Vec<Sha256>, StoreError> {
        let asked = sqlx::AssertSqlSafe(crate::unused::named_files(tables));
        let mut rows = sqlx::query(asked).fetch(&mut **moment);
        let mut digests = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let digest = Sha256::try_from(row.try_get::<String, _>("sha256")?);
            digests.push(digest.map_err(|_| StoreError::Malformed("digest"))?);
        }
        Ok(digests)
    }
}
