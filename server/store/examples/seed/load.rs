//! Writes many rows at once: COPY on PostgreSQL, with indexes made afterwards; long INSERTs in one transaction on SQLite.

use crate::invent::{Invented, Made};
use anyhow::{Context as _, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};
use std::fmt::Write as _;
use uuid::Uuid;

/// A value.
enum Cell {
    Text(String),
    Number(i64),
    Null,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Number)
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

macro_rules! row {
    ($($value:expr),+ $(,)?) => { vec![$(Cell::from($value)),+] };
}

enum Connection {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection),
}

/// An opened database.
pub struct Loader {
    connection: Connection,
    /// Statements that make the indexes again.
    later: Vec<String>,
}

fn word<T: serde::Serialize>(value: &T) -> Result<String> {
    let value = serde_json::to_value(value)?;
    Ok(value.as_str().context("a word")?.to_owned())
}

impl Loader {
    /// Opens it.
    pub async fn open(url: &str) -> Result<Self> {
        let connection = if url.starts_with("sqlite:") {
            Connection::Sqlite(sqlx::SqliteConnection::connect(url).await?)
        } else {
            Connection::Postgres(sqlx::PgConnection::connect(url).await?)
        };
        Ok(Self {
            connection,
            later: Vec::new(),
        })
    }

    async fn run(&mut self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql).await.map(|_| ())?,
            Connection::Postgres(connection) => connection.execute(sql).await.map(|_| ())?,
        }
        Ok(())
    }

    async fn one<T>(&mut self, sql: &'static str) -> Result<Option<T>>
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Sqlite>
            + sqlx::Type<sqlx::Sqlite>
            + for<'r> sqlx::Decode<'r, sqlx::Postgres>
            + sqlx::Type<sqlx::Postgres>
            + Send
            + Unpin,
    {
        Ok(match &mut self.connection {
            Connection::Sqlite(connection) => sqlx::query(sql)
                .fetch_optional(connection)
                .await?
                .map(|row| row.try_get(0))
                .transpose()?,
            Connection::Postgres(connection) => sqlx::query(sql)
                .fetch_optional(connection)
                .await?
                .map(|row| row.try_get(0))
                .transpose()?,
        })
    }

    /// An account that is there.
    pub async fn account(&mut self, _: &str) -> Result<Option<Uuid>> {
        let found: Option<String> = self
            .one("SELECT id FROM account WHERE user_name = 'canbo.kiem'")
            .await?;
        Ok(found.map(|id| id.parse()).transpose()?)
    }

    /// The last number of the inbox.
    pub async fn last_number(&mut self) -> Result<i64> {
        let found: Option<i64> = self
            .one("SELECT last FROM code_counter WHERE unit = '' AND day = 'inbox'")
            .await?;
        found.context("the counter of the inbox")
    }

    /// Makes room for many rows.
    pub async fn begin(&mut self) -> Result<()> {
        match &mut self.connection {
            Connection::Sqlite(_) => {
                self.run("PRAGMA synchronous = OFF").await?;
                self.run("PRAGMA cache_size = -262144").await?;
                self.run("BEGIN IMMEDIATE").await?;
            }
            Connection::Postgres(connection) => {
                let rows = sqlx::query(
                    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%'
                     AND tablename IN ('inbox', 'dossier', 'dossier_event', 'attachment')",
                )
                .fetch_all(connection)
                .await?;
                for row in rows {
                    self.later.push(row.try_get("indexdef")?);
                    let name: String = row.try_get("indexname")?;
                    self.run(&format!("DROP INDEX {name}")).await?;
                }
                self.later
                    .push("ALTER TABLE inbox_word ADD PRIMARY KEY (word, number)".into());
                self.run("ALTER TABLE inbox_word DROP CONSTRAINT inbox_word_pkey")
                    .await?;
                self.run("SET maintenance_work_mem = '256MB'").await?;
                self.run("SET synchronous_commit = off").await?;
                // Looking up every parent would take most of the time; a user who may not has it done.
                let _ = self.run("SET session_replication_role = replica").await;
            }
        }
        Ok(())
    }

    async fn rows(&mut self, table: &str, columns: &str, rows: Vec<Vec<Cell>>) -> Result<()> {
        match &mut self.connection {
            Connection::Postgres(connection) => {
                let mut copy = connection
                    .copy_in_raw(&format!("COPY {table} ({columns}) FROM STDIN"))
                    .await?;
                let mut text = String::new();
                for row in rows {
                    for (at, cell) in row.into_iter().enumerate() {
                        if at > 0 {
                            text.push('\t');
                        }
                        match cell {
                            Cell::Null => text.push_str("\\N"),
                            Cell::Number(number) => write!(text, "{number}")?,
                            Cell::Text(value) => {
                                for letter in value.chars() {
                                    match letter {
                                        '\\' => text.push_str("\\\\"),
                                        '\t' => text.push_str("\\t"),
                                        '\n' => text.push_str("\\n"),
                                        '\r' => text.push_str("\\r"),
                                        other => text.push(other),
                                    }
                                }
                            }
                        }
                    }
                    text.push('\n');
                    if text.len() > 1 << 20 {
                        copy.send(std::mem::take(&mut text).into_bytes()).await?;
                    }
                }
                copy.send(text.into_bytes()).await?;
                copy.finish().await?;
            }
            Connection::Sqlite(connection) => {
                let width = rows.first().map_or(1, Vec::len);
                let most = (20_000 / width).max(1);
                let mut rows = rows.into_iter().peekable();
                while rows.peek().is_some() {
                    let part: Vec<_> = rows.by_ref().take(most).collect();
                    let one = format!("({})", vec!["?"; width].join(", "));
                    let all = vec![one.as_str(); part.len()].join(", ");
                    let sql = format!("INSERT INTO {table} ({columns}) VALUES {all}");
                    let mut query = sqlx::query(AssertSqlSafe(sql));
                    for cell in part.into_iter().flatten() {
                        query = match cell {
                            Cell::Null => query.bind(None::<String>),
                            Cell::Number(number) => query.bind(number),
                            Cell::Text(text) => query.bind(text),
                        };
                    }
                    query.execute(&mut *connection).await?;
                }
            }
        }
        Ok(())
    }

    /// Writes people. Nobody can sign in as one: the password is no hash.
    pub async fn accounts(&mut self, people: Vec<Invented>) -> Result<()> {
        let rows = people
            .into_iter()
            .map(|one| {
                row![
                    one.id.to_string(),
                    format!("seed-{}", one.number),
                    "",
                    "citizen",
                    one.name,
                    "{}"
                ]
            })
            .collect();
        self.rows(
            "account",
            "id, user_name, password, role, name, person",
            rows,
        )
        .await
    }

    /// Writes dossiers with everything that belongs to them.
    pub async fn dossiers(&mut self, first: i64, from: usize, made: &[Made]) -> Result<()> {
        let (mut dossiers, mut inbox, mut words, mut events, mut files) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, one) in made.iter().enumerate() {
            let number = first + 1 + i64::try_from(from + at)?;
            let id = one.id.to_string();
            let entry = &one.entry;
            let status = word(&entry.status)?;
            let channel = word(&entry.channel)?;
            let assignee = one.assignee.map(|id| id.to_string());
            dossiers.push(row![
                id.as_str(),
                one.account.to_string(),
                one.manifest.as_str(),
                one.definition.as_str(),
                one.code.as_str(),
                status.as_str(),
                one.applicant.as_str(),
                one.procedure.code.as_str(),
                one.procedure.name.as_str(),
                one.procedure.agency.as_str(),
                "",
                0_i64,
                one.files.1,
                one.files.0,
                entry.submitted_at.0,
                entry.due_at.map(|due| due.0),
                1_i64,
                channel.as_str(),
                assignee.clone(),
            ]);
            inbox.push(row![
                number,
                id.as_str(),
                one.procedure.agency.as_str(),
                one.procedure.code.as_str(),
                status.as_str(),
                entry.on_desk(),
                entry.submitted_at.0,
                entry.due_key(),
                entry.found.name_key.as_str(),
                i64::from(one.files.1 > 0),
                channel.as_str(),
                assignee,
                entry.found.text.as_str(),
            ]);
            words.extend(
                entry
                    .found
                    .index
                    .iter()
                    .map(|word| row![word.as_str(), number]),
            );
            for (place, status) in ["new", status.as_str()].into_iter().enumerate() {
                if place == 0 || status != "new" {
                    events.push(row![
                        format!("{id}-{place}"),
                        id.as_str(),
                        entry.submitted_at.0 + i64::try_from(place)?,
                        one.applicant.as_str(),
                        status,
                        "",
                    ]);
                }
            }
            files.push(row![
                id.as_str(),
                one.attachment.to_string(),
                "00".repeat(32),
                120_000_i64,
                "unsigned"
            ]);
        }
        self.rows(
            "dossier",
            "id, account_id, manifest, definition, code, status, applicant, procedure, procedure_name, agency, search, fee_total, signed_files, \
             files, submitted_at, due_at, version, channel, assignee",
            dossiers,
        )
        .await?;
        self.rows(
            "inbox",
            "number, dossier_id, agency, procedure, status, on_desk, submitted_at, due_key, name_key, signed, channel, assignee, search",
            inbox,
        )
        .await?;
        self.rows("inbox_word", "word, number", words).await?;
        self.rows(
            "dossier_event",
            "id, dossier_id, at, actor, status, note",
            events,
        )
        .await?;
        self.rows("attachment", "dossier_id, id, sha256, size, verdict", files)
            .await
    }

    /// Makes the indexes again and tells the database what it holds.
    pub async fn finish(
        &mut self,
        first: i64,
        count: usize,
        procedures: Vec<(String, String)>,
    ) -> Result<()> {
        for statement in std::mem::take(&mut self.later) {
            self.run(&statement).await?;
        }
        self.run("DELETE FROM inbox_procedure").await?;
        let rows = procedures
            .into_iter()
            .map(|(code, name)| row![code, name])
            .collect();
        self.rows("inbox_procedure", "procedure, name", rows)
            .await?;
        let last = first + i64::try_from(count)?;
        self.run(&format!(
            "UPDATE code_counter SET last = {last} WHERE unit = '' AND day = 'inbox'"
        ))
        .await?;
        match self.connection {
            Connection::Sqlite(_) => {
                self.run("COMMIT").await?;
                self.run("ANALYZE").await?;
                self.run("PRAGMA wal_checkpoint(TRUNCATE)").await
            }
            Connection::Postgres(_) => self.run("VACUUM ANALYZE").await,
        }
    }
}
