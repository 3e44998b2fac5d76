//! Reading a copy from its beginning to its end without putting it anywhere.

use super::piece::{FileHead, Piece, Reader};
use super::rows::Sum;
use super::{BackupError, Contents, FORMAT, Head, TableSum};
use crate::keys::Keys;
use contract::value::Sha256;
use sha2::Digest as _;
use tokio::io::AsyncRead;

/// Checks every piece, table and file of an archive.
///
/// # Errors
/// What is damaged, and where.
pub async fn verify<R: AsyncRead + Unpin + Send>(
    input: R,
    keys: Option<&Keys>,
) -> Result<(Head, Contents), BackupError> {
    let mut input = Reader::begin(input, keys).await?;
    let head = head(&mut input).await?;
    let mut found = Contents::default();
    let mut counting: Option<Counted> = None;
    let mut hashing: Option<(FileHead, sha2::Sha256, u64)> = None;
    loop {
        match input.piece().await? {
            Piece::Table(head) => counting = Some(Counted::of(head.name)),
            Piece::Rows(lines) => {
                let counted = counting.as_mut().ok_or_else(|| input.damaged())?;
                for line in lines_of(&lines) {
                    counted.add(line);
                }
            }
            Piece::TableEnd(told) => {
                let counted = counting.take().map(Counted::sum);
                if counted.as_ref() != Some(&told) {
                    return Err(input.damaged());
                }
                found.tables.push(told);
            }
            Piece::File(head) => hashing = Some((head, sha2::Sha256::new(), 0)),
            Piece::Bytes(bytes) => {
                let (_, digest, size) = hashing.as_mut().ok_or_else(|| input.damaged())?;
                digest.update(&bytes);
                *size += u64::try_from(bytes.len()).unwrap_or_default();
            }
            Piece::FileEnd(whole) => {
                let (head, digest, size) = hashing.take().ok_or_else(|| input.damaged())?;
                match head {
                    FileHead::Part(_) => found.parts += 1,
                    FileHead::File(name) if whole => {
                        if Sha256(digest.finalize().into()) != name {
                            return Err(input.damaged());
                        }
                        found.files += 1;
                        found.file_bytes += size;
                    }
                    FileHead::File(_) => {}
                }
            }
            Piece::End(told) => {
                agree(&told, &found).map_err(|()| input.damaged())?;
                input.end().await?;
                return Ok((head, told));
            }
            Piece::Head(_) => return Err(input.damaged()),
        }
    }
}

/// The first piece.
pub(super) async fn head<R: AsyncRead + Unpin>(input: &mut Reader<R>) -> Result<Head, BackupError> {
    match input.piece().await? {
        Piece::Head(head) if head.format == FORMAT => Ok(head),
        Piece::Head(_) => Err(BackupError::Unknown),
        _ => Err(input.damaged()),
    }
}

/// Whether what was found is what the last piece tells.
pub(super) fn agree(told: &Contents, found: &Contents) -> Result<(), ()> {
    let found = Contents {
        lost: told.lost.clone(),
        ..found.clone()
    };
    if *told == found { Ok(()) } else { Err(()) }
}

/// The lines of a piece.
pub(super) fn lines_of(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
}

/// A table that is read.
pub(super) struct Counted {
    name: String,
    rows: u64,
    sum: Sum,
}

impl Counted {
    pub(super) fn of(name: String) -> Self {
        Self {
            name,
            rows: 0,
            sum: Sum::default(),
        }
    }

    pub(super) fn add(&mut self, line: &[u8]) {
        self.rows += 1;
        self.sum.add(line);
    }

    pub(super) fn sum(self) -> TableSum {
        TableSum {
            name: self.name,
            rows: self.rows,
            sum: self.sum.to_string(),
        }
    }
}
