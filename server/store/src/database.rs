//! Opening a database, migrating it, and what can go wrong.

use crate::together::Together;
use sqlx::any::{AnyPoolOptions, AnyQueryResult};
use sqlx::{Any, AnyPool, Connection as _, Executor as _, Transaction};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A connection that nobody used for so long is asked whether it answers before it is used again.
const ASKED_AFTER: Duration = Duration::from_secs(1);

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing is there under this name, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// Somebody changed it first, or it exists already with other content.
    #[error("changed by somebody else")]
    Conflict,
    /// The person did it too often lately.
    #[error("too many")]
    TooMany,
    /// A copy was put into the database and not to its end.
    #[error("a copy was begun to be put into this database and is incomplete: restore it again")]
    Incomplete,
    /// A key that seals stored data.
    #[error("{0}")]
    Key(#[from] crate::keys::KeyError),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value cannot be read back. Only where: what the parser says may quote what somebody wrote.
    #[error("a stored value cannot be read: {:?} at {}:{}", .0.classify(), .0.line(), .0.column())]
    Stored(#[from] serde_json::Error),
    /// A stored identifier or name is not what it should be.
    #[error("a stored {0} cannot be read")]
    Malformed(&'static str),
}

impl StoreError {
    /// Whether the database is not to be had right now: not reached, ending, out of connections or of space, taken by another for
    /// too long. The same request may succeed a little later; whether this one did nobody knows.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            // Somebody hung up in the middle of shaking hands.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // PostgreSQL (appendix A): class 08 connection, 53 resources, 57 ending, 25006 a replica that is read only.
            // SQLite, whose codes carry the kind in their lowest eight bits: 5 busy, 6 locked, 10 I/O, 13 full.
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                let postgres = code.len() == 5
                    && (["08", "53", "57"]
                        .iter()
                        .any(|class| code.starts_with(class))
                        || code == "25006");
                let sqlite = code
                    .parse::<u32>()
                    .is_ok_and(|code| [5, 6, 10, 13].contains(&(code & 0xff)));
                postgres || (code.len() < 5 && sqlite)
            }),
            _ => false,
        }
    }

    /// Whether PostgreSQL refused a text that it cannot hold (U+0000, alone or within JSON). Requests that carry one are refused before;
    /// this is for what comes another way.
    #[must_use]
    pub fn is_unstorable_text(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("22021" | "22P05")))
    }
}

/// Longest wait for a connection: somebody at a page hears that the database is gone before they press again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

/// The changes that make the schema, in order.
pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The same for a database that a newer release may have been at already: while instances are replaced one by one, old and new ones
/// are there together, and an old one may start again. It can, because every step only adds (a test looks).
fn additive() -> sqlx::migrate::Migrator {
    let mut steps = sqlx::migrate::Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    steps.set_ignore_missing(true);
    steps
}

/// A pool of connections to SQLite or PostgreSQL.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) pool: AnyPool,
    sqlite: bool,
    /// Records of the journal that are written together.
    pub(crate) noting: Arc<Together<crate::audit::Noted, ()>>,
    /// Dossiers that are announced together.
    pub(crate) announcing: Arc<Together<crate::dossier::Announcing, Vec<crate::StoredAttachment>>>,
    /// Dossiers that are submitted together.
    pub(crate) submitting: Arc<Together<crate::dossier::Submitting, crate::dossier::Submitted>>,
    /// Sessions that are asked for together.
    pub(crate) recognising: Arc<Together<crate::session::Token, crate::session::Recognised>>,
    /// The same for the catalogue's stamp.
    pub(crate) stamping: Arc<Together<(), i64>>,
    /// Where it is, for tests that open it twice.
    #[cfg(test)]
    pub(crate) address: String,
}

impl Database {
    /// Opens `sqlite:FILE` (made when missing, with its folder, WAL) or `postgres://…` and migrates it.
    ///
    /// # Errors
    /// When it cannot be reached or migrated, or when a copy was put into it and not to its end ([`StoreError::Incomplete`]).
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let database = Self::connect(url, true).await?;
        crate::backup::refuse_incomplete(&database).await?;
        additive().run(&database.pool).await?;
        crate::inbox::fill(&database).await?;
        Ok(database)
    }

    /// Opens one that is there as it is: not migrated, nothing filled in. For copies.
    ///
    /// # Errors
    /// When it is not there or cannot be reached.
    pub async fn open_as_is(url: &str) -> Result<Self, StoreError> {
        Self::connect(url, false).await
    }

    /// Connects; SQLite's file may be made.
    pub(crate) async fn connect(url: &str, make: bool) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        if make
            && let Some(file) = url.strip_prefix("sqlite:")
            && let Some(folder) = Path::new(file).parent()
        {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(sqlx::Error::Io)?;
        }
        let address = if sqlite {
            format!("{url}?mode={}", if make { "rwc" } else { "rw" })
        } else {
            url.to_owned()
        };
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(PATIENCE)
            // One that was used a moment ago is there still: asking first whether it answers would double the way of every question.
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for >= ASKED_AFTER {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        for pragma in [
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA synchronous = FULL",
                            "PRAGMA busy_timeout = 5000",
                            "PRAGMA foreign_keys = ON",
                        ] {
                            connection.execute(pragma).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect(&address)
            .await?;
        // It has one writer.
        let turns = if sqlite { 1 } else { 2 };
        Ok(Self {
            pool,
            sqlite,
            noting: Arc::default(),
            announcing: Arc::new(Together::turns(turns)),
            submitting: Arc::new(Together::turns(turns)),
            recognising: Arc::new(Together::turns(2)),
            stamping: Arc::default(),
            #[cfg(test)]
            address: url.to_owned(),
        })
    }

    /// The same for a file of SQLite.
    ///
    /// # Errors
    /// See [`Database::open`].
    pub async fn open_file(file: &Path) -> Result<Self, StoreError> {
        Self::open(&format!("sqlite:{}", file.display())).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Whether it is SQLite.
    pub(crate) const fn is_sqlite(&self) -> bool {
        self.sqlite
    }

    /// A transaction that will write.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(if self.sqlite {
            self.pool.begin_with("BEGIN IMMEDIATE").await?
        } else {
            self.pool.begin().await?
        })
    }
}

/// Exactly one row was changed, or the named error.
pub(crate) fn one(result: &AnyQueryResult, otherwise: StoreError) -> Result<(), StoreError> {
    if result.rows_affected() == 1 {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// Reads a value that serde wrote as a plain JSON string, e.g. a kebab-case enum.
pub(crate) fn word<T: serde::de::DeserializeOwned>(text: String) -> Result<T, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::String(text))?)
}

/// Writes an enum as its kebab-case word.
pub(crate) fn as_word<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(text) => Ok(text),
        _ => Err(StoreError::Malformed("word")),
    }
}

/// Reads a uuid.
pub(crate) fn uuid(text: &str) -> Result<uuid::Uuid, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Malformed("identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_each;

    #[test]
    fn no_step_takes_anything_away_that_the_release_before_it_needs() {
        for step in MIGRATIONS.iter() {
            let text: String = step
                .sql
                .as_str()
                .lines()
                .filter(|line| !line.trim_start().starts_with("--"))
                .map(|line| format!("{} ", line.trim().to_uppercase()))
                .collect();
            for statement in text.split(';').map(str::trim) {
                let takes = [
                    "DROP TABLE",
                    "DROP COLUMN",
                    "RENAME",
                    "ALTER COLUMN",
                    "DELETE FROM",
                ]
                .iter()
                .any(|word| statement.contains(word));
                // Rows that the old release writes have none.
                let wants = statement.contains("ADD COLUMN")
                    && statement.contains("NOT NULL")
                    && !statement.contains("DEFAULT");
                assert!(!takes && !wants, "{}: {statement}", step.version);
            }
        }
    }

    #[tokio::test]
    async fn a_release_starts_again_where_a_newer_one_has_been() {
        on_each(|database| async move {
            sqlx::query("INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) SELECT 9999, 'newer', installed_on, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1")
                .execute(&database.pool)
                .await
                .expect("a newer step");
            let again = Database::open(&database.address).await.expect("opened");
            again.ping().await.expect("it answers");
            again.pool.close().await;
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_busy_or_gone_is_told_from_what_is_wrong() {
        on_each(|database| async move {
            let wrong = sqlx::query("SELECT nothing FROM nowhere").execute(&database.pool);
            let wrong = StoreError::from(wrong.await.expect_err("refused"));
            assert!(!wrong.is_unavailable(), "{wrong}");
            database.pool.close().await;
            let gone = database.ping().await.expect_err("closed");
            assert!(gone.is_unavailable(), "{gone}");
        })
        .await;
        let nobody = Database::open("postgres://nobody@127.0.0.1:1/none").await;
        let nobody = nobody.expect_err("nobody listens");
        assert!(nobody.is_unavailable(), "{nobody}");
    }
}
