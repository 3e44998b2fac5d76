//! What an operator asks a database.

use crate::database::{Database, StoreError};
use contract::value::Timestamp;
use sqlx::Connection as _;
use sqlx::Row as _;

/// What waits in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Signing transactions that are looked at again, those that are over and may get late values among them.
    pub signings_open: i64,
    /// Those whose look is more than a minute late: nobody polls, or too slowly.
    pub signings_overdue: i64,
    /// E-mails that are due.
    pub mails_waiting: i64,
    /// Sessions, those among them that ended by themselves and were not swept.
    pub sessions: i64,
}

/// What is found at a database's address, without changing anything there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Changes of the schema that were made; 0 where there is no portal's database yet.
    pub made: usize,
    /// Changes of the schema that a start would make.
    pub pending: usize,
    /// Changes of the schema that this version does not know: a newer one was here.
    pub unknown: usize,
    /// The database's clock; none for SQLite, which has ours.
    pub clock: Option<Timestamp>,
}

impl Database {
    /// How many connections there are, and how many of them nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// What waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM signing WHERE next_poll_at < $1) AS open,
                    (SELECT COUNT(*) FROM signing WHERE next_poll_at < $2) AS overdue,
                    (SELECT COUNT(*) FROM mail WHERE next_at <= $3) AS mails,
                    (SELECT COUNT(*) FROM session) AS sessions",
        )
        .bind(crate::signing::NEVER)
        .bind(now.0 - 60_000)
        .bind(now.0)
        .fetch_one(&self.pool)
        .await?;
        Ok(Backlog {
            signings_open: row.try_get("open")?,
            signings_overdue: row.try_get("overdue")?,
            mails_waiting: row.try_get("mails")?,
            sessions: row.try_get("sessions")?,
        })
    }

    /// Looks at what is at an address, without making or migrating anything.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn probe(url: &str) -> Result<Probe, StoreError> {
        sqlx::any::install_default_drivers();
        let known = &crate::database::MIGRATIONS;
        let sqlite = url.starts_with("sqlite:");
        if sqlite
            && !std::path::Path::new(url.trim_start_matches("sqlite:").trim_start_matches("//"))
                .exists()
        {
            return Ok(Probe {
                made: 0,
                pending: known.iter().count(),
                unknown: 0,
                clock: None,
            });
        }
        let mut connection = sqlx::AnyConnection::connect(url).await?;
        let there = if sqlite {
            "SELECT COUNT(*) AS number FROM sqlite_master WHERE name = '_sqlx_migrations'"
        } else {
            "SELECT COUNT(*) AS number FROM information_schema.tables WHERE table_name = '_sqlx_migrations'"
        };
        let row = sqlx::query(there).fetch_one(&mut connection).await?;
        let mut applied = Vec::new();
        if row.try_get::<i64, _>("number")? > 0 {
            for row in sqlx::query("SELECT version FROM _sqlx_migrations")
                .fetch_all(&mut connection)
                .await?
            {
                applied.push(row.try_get::<i64, _>("version")?);
            }
        }
        let clock = if sqlite {
            None
        } else {
            let row = sqlx::query(
                "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS at",
            )
            .fetch_one(&mut connection)
            .await?;
            Some(Timestamp(row.try_get("at")?))
        };
        let pending = known
            .iter()
            .filter(|migration| !applied.contains(&migration.version))
            .count();
        let unknown = applied
            .iter()
            .filter(|version| !known.iter().any(|migration| migration.version == **version))
            .count();
        connection.close().await?;
        Ok(Probe {
            made: applied.len(),
            pending,
            unknown,
            clock,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};

    #[tokio::test]
    async fn what_waits_is_counted_and_an_open_database_needs_no_change() {
        on_each(|database| async move {
            let id = account(&database).await;
            let now = Timestamp(1_000_000);
            let session = crate::session::tests::new("hash", id);
            let begun = database.begin_session(&session, now).await;
            begun.expect("begun");
            let backlog = database.backlog(now).await.expect("counted");
            assert_eq!(
                backlog,
                Backlog {
                    signings_open: 0,
                    signings_overdue: 0,
                    mails_waiting: 0,
                    sessions: 1
                }
            );
            let probe = Database::probe(&database.address).await.expect("reached");
            assert_eq!((probe.pending, probe.unknown), (0, 0));
            assert!(probe.made > 20);
            assert!(database.connections().0 > 0);
        })
        .await;
        let missing = std::env::temp_dir().join(format!("hoso-none-{}", uuid::Uuid::new_v4()));
        let address = format!("sqlite:{}", missing.display());
        let probe = Database::probe(&address).await.expect("nothing there yet");
        assert!(probe.pending > 20 && (probe.made, probe.unknown) == (0, 0));
        assert!(!missing.exists(), "looking makes nothing");
    }
}
