//! Looking for malware in what arrives, before anybody opens it: ClamAV's daemon, asked by its socket (clamd(8), `INSTREAM`).
//!
//! Without `[scan]` nothing is scanned; the portal itself runs nothing of a file. With it a file that cannot be scanned is not taken:
//! it stays where the upload left it, and the person is told to try again.

use crate::problem::Answer;
use contract::problem::ProblemCode;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// Bytes that are sent in one block.
const BLOCK: usize = 64 * 1024;
/// Longest answer that is read, in bytes: a name of what was found.
const ANSWER_BYTES_MAX: u64 = 1024;

/// `[scan]` of the settings file: where clamd listens, by one of the two.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanSettings {
    /// Its local socket, e.g. `/run/clamav/clamd.ctl`.
    #[serde(default)]
    pub socket: Option<PathBuf>,
    /// Its address, e.g. `127.0.0.1:3310`. What is sent there is not encrypted.
    #[serde(default)]
    pub address: Option<SocketAddr>,
    /// Longest scan, in seconds [default: 60]. clamd's own `StreamMaxLength` has to be as large as the largest file (50 MB).
    #[serde(default = "seconds")]
    pub seconds: u64,
}

const fn seconds() -> u64 {
    60
}

impl ScanSettings {
    /// Tells what is wrong.
    pub fn check(&self, wrong: &mut Vec<String>) {
        if self.socket.is_some() == self.address.is_some() {
            wrong.push("scan: either socket or address says where clamd listens".into());
        }
        if self.seconds == 0 {
            wrong.push("scan.seconds: at least 1".into());
        }
    }
}

/// Why a file was not found clean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// It carries what the scanner knows by this name.
    #[error("found: {0}")]
    Found(String),
    /// The scanner is not there, too slow, or cannot scan it.
    #[error("not scanned: {0}")]
    NotScanned(String),
}

/// The scanner, where one is set up; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Scanner(Option<ScanSettings>);

impl Scanner {
    /// A scanner by its settings; without them everything is clean.
    #[must_use]
    pub const fn new(settings: Option<ScanSettings>) -> Self {
        Self(settings)
    }

    /// Whether anything is scanned.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Scans a file that arrived.
    ///
    /// # Errors
    /// [`ProblemCode::MalwareFound`]; [`ProblemCode::ScannerUnavailable`].
    pub async fn look(&self, bytes: &[u8]) -> Answer<()> {
        match self.scan(bytes).await {
            Ok(()) => Ok(()),
            Err(ScanError::Found(name)) => {
                tracing::warn!(name, "malware was refused");
                Err(ProblemCode::MalwareFound.into())
            }
            Err(error) => {
                tracing::error!(%error, "the scanner");
                Err(ProblemCode::ScannerUnavailable.into())
            }
        }
    }

    /// Scans bytes.
    ///
    /// # Errors
    /// See [`ScanError`].
    pub async fn scan(&self, bytes: &[u8]) -> Result<(), ScanError> {
        let Some(settings) = &self.0 else {
            return Ok(());
        };
        let patience = Duration::from_secs(settings.seconds);
        let asked = async {
            match (&settings.socket, settings.address) {
                (Some(socket), _) => ask(UnixStream::connect(socket).await?, bytes).await,
                (None, Some(address)) => ask(TcpStream::connect(address).await?, bytes).await,
                (None, None) => Err(std::io::ErrorKind::NotFound.into()),
            }
        };
        let answer = tokio::time::timeout(patience, asked)
            .await
            .map_err(|_| ScanError::NotScanned("too slow".into()))?
            .map_err(|error| ScanError::NotScanned(error.to_string()))?;
        read(&answer)
    }
}

/// What clamd's line means: `stream: OK`, `stream: NAME FOUND`, `… ERROR`.
fn read(answer: &str) -> Result<(), ScanError> {
    let line = answer.trim_end_matches(['\0', '\n']);
    if line == "stream: OK" {
        return Ok(());
    }
    let found = line
        .strip_prefix("stream: ")
        .and_then(|rest| rest.strip_suffix(" FOUND"));
    Err(found.map_or_else(
        || ScanError::NotScanned(line.chars().take(200).collect()),
        |name| ScanError::Found(name.to_owned()),
    ))
}

async fn ask(
    mut line: impl AsyncRead + AsyncWrite + Unpin,
    bytes: &[u8],
) -> std::io::Result<String> {
    line.write_all(b"zINSTREAM\0").await?;
    let mut sent = Ok(());
    for block in bytes.chunks(BLOCK) {
        let length = u32::try_from(block.len()).unwrap_or_default();
        sent = async {
            line.write_all(&length.to_be_bytes()).await?;
            line.write_all(block).await
        }
        .await;
        if sent.is_err() {
            // It hangs up on what is too large for it, and says so before: that is the answer to read.
            break;
        }
    }
    if sent.is_ok() {
        line.write_all(&0_u32.to_be_bytes()).await?;
    }
    let mut answer = Vec::new();
    line.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_clean_found_or_no_answer() {
        assert_eq!(read("stream: OK\0"), Ok(()));
        assert_eq!(
            read("stream: Win.Test.EICAR_HDB-1 FOUND\0"),
            Err(ScanError::Found("Win.Test.EICAR_HDB-1".into()))
        );
        for other in [
            "",
            "INSTREAM size limit exceeded. ERROR\0",
            "stream: OK FOUND OK",
        ] {
            assert!(
                matches!(read(other), Err(ScanError::NotScanned(_))),
                "{other}"
            );
        }
    }
}
