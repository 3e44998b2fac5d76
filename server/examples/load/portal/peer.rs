//! What the same database does when nothing stands before it.

use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// The database's own measure.
#[derive(Debug, Clone)]
pub enum Peer {
    /// `pgbench --skip-some-updates` (its built-in `simple-update`): PostgreSQL's programs, the address of the cluster.
    Postgres(PathBuf, String),
    /// One row a transaction, from a loop that does nothing else: the folder for its file.
    Sqlite(PathBuf),
}

/// pgbench's tables hold so many times 100,000 accounts, so that callers seldom meet at one.
const SCALE: &str = "10";

/// The library of the portal through Python's own module, with the pragmas that the portal sets.
const LOOP: &str = r"
import sqlite3, sys, time
file, seconds = sys.argv[1], float(sys.argv[2])
base = sqlite3.connect(file, isolation_level=None)
for pragma in ('journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000', 'foreign_keys = ON'):
    base.execute('PRAGMA ' + pragma).fetchall()
base.execute('CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL)')
made, since = 0, time.monotonic()
while time.monotonic() - since < seconds:
    base.execute('BEGIN IMMEDIATE')
    base.execute('INSERT INTO line (at, text) VALUES (?, ?)', (made, 'x' * 100))
    base.execute('COMMIT')
    made += 1
print(made / (time.monotonic() - since))
";

impl Peer {
    /// Makes its tables.
    pub async fn prepare(&self) -> Result<()> {
        match self {
            Self::Postgres(programs, url) => {
                said(Command::new(programs.join("psql")).arg(url).args([
                    "--quiet",
                    "--command",
                    "CREATE DATABASE pgbench",
                ]))
                .await?;
                let mut made = Command::new(programs.join("pgbench"));
                made.args(["--initialize", "--quiet", "--scale", SCALE]);
                said(made.arg(other(url))).await.map(|_| ())
            }
            Self::Sqlite(folder) => Ok(std::fs::create_dir_all(folder)?),
        }
    }

    /// Has the portal's tables looked through as `prepare` had its own, and as a database does by itself within minutes: until then it
    /// plans for tables that are empty.
    pub async fn look_through(&self) -> Result<()> {
        if let Self::Postgres(programs, url) = self {
            let psql = programs.join("psql");
            let words = ["--quiet", "--command", "VACUUM ANALYZE"];
            said(Command::new(psql).arg(url).args(words)).await?;
        }
        Ok(())
    }

    /// Its transactions a second, with so many callers (SQLite has one writer in any case).
    pub async fn rate(&self, callers: usize, time: Duration) -> Result<f64> {
        match self {
            Self::Postgres(programs, url) => {
                let text = said(
                    Command::new(programs.join("pgbench"))
                        .args(["--no-vacuum", "--skip-some-updates", "--jobs", "2"])
                        .args(["--client", &callers.to_string()])
                        .args(["--time", &time.as_secs().to_string()])
                        .arg(other(url)),
                )
                .await?;
                let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
                let number = line.and_then(|rest| rest.split(' ').next());
                Ok(number.context("no tps")?.parse()?)
            }
            Self::Sqlite(folder) => python(&folder.join("peer.sqlite"), time).await,
        }
    }
}

async fn python(file: &Path, time: Duration) -> Result<f64> {
    let mut python = Command::new("python3");
    python
        .args(["-c", LOOP])
        .arg(file)
        .arg(time.as_secs().to_string());
    Ok(said(&mut python).await?.trim().parse()?)
}

/// The address of its own database of the same cluster.
fn other(url: &str) -> String {
    let cluster = url.rsplit_once('/').map_or(url, |(cluster, _)| cluster);
    format!("{cluster}/pgbench")
}

/// What a program prints, when it ends well.
pub async fn said(command: &mut Command) -> Result<String> {
    let shown = format!("{:?}", command.as_std());
    let output = command.output().await.with_context(|| shown.clone())?;
    let (text, wrong) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr),
    );
    ensure!(output.status.success(), "{shown}: {text}{wrong}");
    Ok(text)
}
