//! The pieces of a stream. Each has a number, a kind and a check: eight bytes of a digest, or the tag of AES-256-GCM where a key is
//! given. Number and kind are part of the check, so that pieces cannot be left out, exchanged or cut off unnoticed.

use super::schema::Column;
use super::{BackupError, Contents, Head, TableSum};
use crate::keys::{self, KeyError, Keys, Wrapped};
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead as _, Payload};
use contract::value::Sha256;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader, BufWriter,
};

const MAGIC: &[u8; 24] = b"HO-SO-KY-SO ARCHIVE 001\n";
/// What archives' keys are sealed for.
const PURPOSE: &str = "archive";
const CHECK_BYTES: usize = 8;
/// No piece is larger.
const PIECE_MAX: usize = 64 * 1024 * 1024;

/// The beginning of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TableHead {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// The beginning of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FileHead {
    /// One that rows name.
    File(Sha256),
    /// A piece of an upload, by its name in the store.
    Part(String),
}

impl std::fmt::Display for FileHead {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(digest) => write!(formatter, "file {digest}"),
            Self::Part(name) => write!(formatter, "piece {name}"),
        }
    }
}

/// A piece.
#[derive(Debug)]
pub(super) enum Piece {
    Head(Head),
    Table(TableHead),
    /// Lines.
    Rows(Vec<u8>),
    TableEnd(TableSum),
    File(FileHead),
    Bytes(Vec<u8>),
    /// Whether it could be read to its end.
    FileEnd(bool),
    End(Contents),
}

impl Piece {
    fn pack(&self) -> Result<(u8, Vec<u8>), BackupError> {
        Ok(match self {
            Self::Head(head) => (b'H', serde_json::to_vec(head)?),
            Self::Table(head) => (b'T', serde_json::to_vec(head)?),
            Self::Rows(lines) => (b'R', lines.clone()),
            Self::TableEnd(sum) => (b't', serde_json::to_vec(sum)?),
            Self::File(head) => (b'F', serde_json::to_vec(head)?),
            Self::Bytes(bytes) => (b'B', bytes.clone()),
            Self::FileEnd(whole) => (b'f', serde_json::to_vec(whole)?),
            Self::End(contents) => (b'E', serde_json::to_vec(contents)?),
        })
    }

    fn unpack(kind: u8, bytes: Vec<u8>) -> Option<Self> {
        Some(match kind {
            b'H' => Self::Head(serde_json::from_slice(&bytes).ok()?),
            b'T' => Self::Table(serde_json::from_slice(&bytes).ok()?),
            b'R' => Self::Rows(bytes),
            b't' => Self::TableEnd(serde_json::from_slice(&bytes).ok()?),
            b'F' => Self::File(serde_json::from_slice(&bytes).ok()?),
            b'B' => Self::Bytes(bytes),
            b'f' => Self::FileEnd(serde_json::from_slice(&bytes).ok()?),
            b'E' => Self::End(serde_json::from_slice(&bytes).ok()?),
            _ => return None,
        })
    }
}

/// How pieces are checked.
enum Check {
    Digest,
    Cipher(Box<Aes256Gcm>),
}

impl Check {
    fn close(&self, number: u64, kind: u8, mut bytes: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Digest => {
                let check = digest(number, kind, &bytes);
                bytes.extend_from_slice(&check);
                Ok(bytes)
            }
            Self::Cipher(cipher) => {
                let payload = Payload {
                    msg: &bytes,
                    aad: &[kind],
                };
                let sealed = cipher.encrypt(&nonce(number).into(), payload);
                sealed.map_err(|_| KeyError::Damaged)
            }
        }
    }

    fn open(&self, number: u64, kind: u8, mut closed: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::Digest => {
                let length = closed.len().checked_sub(CHECK_BYTES)?;
                let check = closed.split_off(length);
                (digest(number, kind, &closed) == check.as_slice()).then_some(closed)
            }
            Self::Cipher(cipher) => {
                let payload = Payload {
                    msg: &closed,
                    aad: &[kind],
                };
                cipher.decrypt(&nonce(number).into(), payload).ok()
            }
        }
    }
}

fn digest(number: u64, kind: u8, bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let mut digest = sha2::Sha256::new();
    digest.update(number.to_be_bytes());
    digest.update([kind]);
    digest.update(bytes);
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(digest.finalize().get(..CHECK_BYTES).unwrap_or(&[0; 8]));
    check
}

/// Each archive has a key of its own, so that its pieces' numbers are nonces.
fn nonce(number: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    nonce
}

/// Which key opens the archive; none for one that is not encrypted.
#[derive(Serialize, Deserialize)]
struct Lock {
    by: Option<String>,
    #[serde(default)]
    sealed: String,
}

/// Writes pieces.
pub(super) struct Writer<W> {
    out: BufWriter<W>,
    check: Check,
    number: u64,
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    pub(super) async fn begin(out: W, keys: Option<&Keys>) -> Result<Self, BackupError> {
        let mut out = BufWriter::new(out);
        let (check, lock) = match keys {
            None => (
                Check::Digest,
                Lock {
                    by: None,
                    sealed: String::new(),
                },
            ),
            Some(keys) => {
                let key = keys::fresh();
                let wrapped = keys.wrap(PURPOSE, &key)?;
                let lock = Lock {
                    by: Some(wrapped.by),
                    sealed: wrapped.sealed,
                };
                (Check::Cipher(Box::new(keys::cipher(&key))), lock)
            }
        };
        let lock = serde_json::to_vec(&lock)?;
        out.write_all(MAGIC).await?;
        out.write_u32(u32::try_from(lock.len()).unwrap_or(u32::MAX))
            .await?;
        out.write_all(&lock).await?;
        Ok(Self {
            out,
            check,
            number: 0,
        })
    }

    pub(super) async fn piece(&mut self, piece: &Piece) -> Result<(), BackupError> {
        let (kind, bytes) = piece.pack()?;
        let closed = self.check.close(self.number, kind, bytes)?;
        self.number += 1;
        let length = u32::try_from(closed.len())
            .ok()
            .filter(|_| closed.len() <= PIECE_MAX)
            .ok_or(StoreTooLarge)?;
        self.out.write_u8(kind).await?;
        self.out.write_u32(length).await?;
        self.out.write_all(&closed).await?;
        Ok(())
    }

    pub(super) async fn end(mut self) -> Result<(), BackupError> {
        self.out.flush().await?;
        Ok(self.out.shutdown().await?)
    }
}

/// One row is larger than a piece may be.
struct StoreTooLarge;

impl From<StoreTooLarge> for BackupError {
    fn from(_: StoreTooLarge) -> Self {
        crate::database::StoreError::Malformed("row: too large").into()
    }
}

/// Reads pieces.
pub(super) struct Reader<R> {
    input: BufReader<R>,
    check: Check,
    number: u64,
    at: u64,
    /// Of what the next piece is a part; for people.
    pub(super) within: String,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub(super) async fn begin(input: R, keys: Option<&Keys>) -> Result<Self, BackupError> {
        let mut input = BufReader::new(input);
        let mut magic = [0; MAGIC.len()];
        input
            .read_exact(&mut magic)
            .await
            .map_err(|_| BackupError::Unknown)?;
        if magic != *MAGIC {
            return Err(BackupError::Unknown);
        }
        let damaged = || BackupError::Damaged {
            at: 0,
            what: "its beginning".to_owned(),
        };
        let length = input.read_u32().await.map_err(|_| damaged())?;
        let mut lock = vec![0; usize::try_from(length.min(64 * 1024)).unwrap_or_default()];
        input.read_exact(&mut lock).await.map_err(|_| damaged())?;
        let at = u64::from(length) + u64::try_from(MAGIC.len() + 4).unwrap_or_default();
        let lock: Lock = serde_json::from_slice(&lock).map_err(|_| damaged())?;
        let check = match (lock.by, keys) {
            (None, _) => Check::Digest,
            (Some(by), None) => return Err(BackupError::Sealed(by)),
            (Some(by), Some(keys)) => {
                let sealed = lock.sealed;
                let key = keys.unwrap(PURPOSE, &Wrapped { by, sealed })?;
                Check::Cipher(Box::new(keys::cipher(&key)))
            }
        };
        Ok(Self {
            input,
            check,
            number: 0,
            at,
            within: "its beginning".to_owned(),
        })
    }

    /// The archive is damaged in the piece that begins at a byte.
    pub(super) fn damaged(&self) -> BackupError {
        BackupError::Damaged {
            at: self.at,
            what: self.within.clone(),
        }
    }

    pub(super) async fn piece(&mut self) -> Result<Piece, BackupError> {
        let ends = |error: std::io::Error, within: &str| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => BackupError::Ends(within.to_owned()),
            _ => error.into(),
        };
        let kind = self.input.read_u8().await;
        let kind = kind.map_err(|error| ends(error, &self.within))?;
        let length = self.input.read_u32().await;
        let length = length.map_err(|error| ends(error, &self.within))?;
        let size = usize::try_from(length)
            .ok()
            .filter(|size| *size <= PIECE_MAX)
            .ok_or_else(|| self.damaged())?;
        // As it comes: a damaged length must not take the memory it tells.
        let mut closed = Vec::new();
        let read = (&mut self.input)
            .take(u64::from(length))
            .read_to_end(&mut closed)
            .await?;
        if read < size {
            return Err(BackupError::Ends(self.within.clone()));
        }
        let piece = self
            .check
            .open(self.number, kind, closed)
            .and_then(|bytes| Piece::unpack(kind, bytes))
            .ok_or_else(|| self.damaged())?;
        self.number += 1;
        self.at += 5 + u64::from(length);
        match &piece {
            Piece::Table(head) => self.within = format!("table {}", head.name),
            Piece::File(head) => self.within = head.to_string(),
            Piece::TableEnd(_) | Piece::FileEnd(_) => {
                self.within = format!("after {}", self.within);
            }
            _ => {}
        }
        Ok(piece)
    }

    /// Nothing follows the last piece.
    pub(super) async fn end(mut self) -> Result<(), BackupError> {
        let mut rest = [0; 1];
        if self.input.read(&mut rest).await? == 0 {
            Ok(())
        } else {
            self.within = "something follows its end".to_owned();
            Err(self.damaged())
        }
    }
}
